from survey.models.adjustments import Adjustment, AdjustmentReason
from survey.models.initiatives import (
    FundingSource,
    Initiative,
    PrimaryTargetGroup,
    SecondaryTargetGroup,
    ServiceArea,
    TimeHorizon,
)
from survey.models.jobs import Job
from survey.models.rounds import SurveyRound
from survey.models.submissions import Submission, SubmissionEvent
from survey.models.versions import ReportedInitiative, SubmissionVersion

__all__ = [
    "Adjustment",
    "AdjustmentReason",
    "FundingSource",
    "Initiative",
    "Job",
    "PrimaryTargetGroup",
    "ReportedInitiative",
    "SecondaryTargetGroup",
    "ServiceArea",
    "Submission",
    "SubmissionEvent",
    "SubmissionVersion",
    "SurveyRound",
    "TimeHorizon",
]
