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
from survey.models.plans import GuidanceText, RoundPhase
from survey.models.reminders import Reminder, RoundMail
from survey.models.response import ChaseNote, Extension
from survey.models.review import ReviewAssignment, RuleRetirement
from survey.models.rounds import RoundEvent, SurveyRound
from survey.models.submissions import Submission, SubmissionEvent
from survey.models.uploads import Upload
from survey.models.versions import ReportedInitiative, SubmissionVersion
from survey.models.warnings import PassedWarning, WarningReason

__all__ = [
    "Adjustment",
    "AdjustmentReason",
    "AmountBasis",
    "ChaseNote",
    "DialogueRead",
    "Extension",
    "Feedback",
    "FundingSource",
    "GuidanceText",
    "Initiative",
    "Job",
    "Message",
    "PassedWarning",
    "PrimaryTargetGroup",
    "Reminder",
    "ReportedInitiative",
    "ReviewAssignment",
    "RoundEvent",
    "RoundMail",
    "RoundPhase",
    "RuleRetirement",
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
