from survey.models.adjustments import Adjustment, AdjustmentReason
from survey.models.areas import SubmissionArea
from survey.models.dialogue import DialogueRead, Message
from survey.models.feedback import Feedback
from survey.models.initiatives import (
    AmountBasis,
    FundingSource,
    Initiative,
    PrimaryTargetGroup,
    Scope,
    SecondaryTargetGroup,
    ServiceArea,
    TimeHorizon,
)
from survey.models.jobs import Job
from survey.models.rounds import SurveyRound
from survey.models.submissions import Submission, SubmissionEvent
from survey.models.uploads import Upload
from survey.models.versions import ReportedInitiative, SubmissionVersion
from survey.models.warnings import PassedWarning, WarningReason

__all__ = [
    "Adjustment",
    "AdjustmentReason",
    "AmountBasis",
    "DialogueRead",
    "Feedback",
    "FundingSource",
    "Initiative",
    "Job",
    "Message",
    "PassedWarning",
    "PrimaryTargetGroup",
    "ReportedInitiative",
    "Scope",
    "SecondaryTargetGroup",
    "ServiceArea",
    "Submission",
    "SubmissionArea",
    "SubmissionEvent",
    "SubmissionVersion",
    "SurveyRound",
    "TimeHorizon",
    "Upload",
    "WarningReason",
]
