"""Trying a questionnaire out before it is opened, with some municipalities; nothing of it is kept.

A pilot municipality has a submission in the trial, which it and the ministry's reviewers may enter; nothing
can be handed in (transitions.hand_in, and a database trigger), so that no figure ever holds it.
"""

from collections.abc import Collection

import pgtrigger
from django.apps import apps
from django.db.models import Count, Max, QuerySet
from django.utils.translation import gettext as _

from municipalities import mail
from municipalities.models import Municipality
from survey.models import DialogueRead, Initiative, Message, RoundEvent, Submission, SurveyRound, Upload
from survey.models.areas import SubmissionArea
from survey.models.warnings import WarningReason
from survey.notices import working_members
from survey.rounds.locking import managed, record
from survey.transitions import Refused

Kind, State = RoundEvent.Kind, SurveyRound.State

# The history of what is thrown away goes too; it is only ever added to otherwise.
HISTORIES = ("InitiativeEvent", "SubmissionAreaEvent", "WarningReasonEvent")


def start(*, round_id: int, by, codes: Collection[str]) -> SurveyRound:
    """Begins the trial with these municipalities, or lets more of them into one that runs.

    Those that take part already are left as they are; the event's reason names the new ones. Whoever can
    enter an answer there is told by mail; it is the only mail of a trial.
    """
    with managed(round_id, by) as (survey_round, now):
        if survey_round.is_opened:
            raise Refused(_("Kortlægningen er åbnet, så den kan ikke prøves længere."))
        chosen = candidates(survey_round).filter(code__in=codes)
        if not chosen:  # pressed twice, or somebody else was first
            raise Refused(_("Der er ikke valgt nogen kommune, som ikke allerede er med i prøven."))
        submissions = Submission.objects.bulk_create(
            Submission(round=survey_round, municipality=one, region_id=one.region_id) for one in chosen
        )
        _tell(submissions)
        names = f"Prøvekommuner: {', '.join(one.name for one in chosen)}"
        record(survey_round, Kind.TRIAL_STARTED, by, now, state=State.TRIAL, reason=names)
        return survey_round


def _tell(submissions: list[Submission]) -> None:
    """In the caller's transaction."""
    members = working_members([one.municipality_id for one in submissions]).order_by("user")
    people = list(members.values_list("municipality", "user__email"))
    for one in submissions:
        to = [email for place, email in people if place == one.municipality_id]
        mail.queue(to=to, template="trial", context={"submission": one, "path": one.get_absolute_url()})


def candidates(survey_round: SurveyRound) -> QuerySet[Municipality]:
    """Those that the round will ask and that are not in its trial yet, by region."""
    asked = Municipality.objects.at(survey_round.population_date).select_related("region")
    others = asked.exclude(submissions__round=survey_round)
    return others.order_by("region__position", "region__code", "sort_key")


def end(*, round_id: int, by) -> SurveyRound:
    """What was tried out is deleted, and the round is a draft again."""
    with managed(round_id, by) as (survey_round, now):
        if survey_round.state != State.TRIAL:
            raise Refused(_("Der er ingen prøve i gang."))
        throw_away(survey_round)
        record(survey_round, Kind.TRIAL_ENDED, by, now, state=State.DRAFT)
        return survey_round


def pilots(survey_round: SurveyRound) -> QuerySet[Submission]:
    """The submissions of the trial with how much is entered: numbers only, `initiative_count`,
    `message_count` and `saved_at` (None for nothing)."""
    submissions = Submission.objects.filter(round=survey_round).select_related("municipality", "round")
    return submissions.annotate(
        initiative_count=Count("initiatives", distinct=True),
        message_count=Count("messages", distinct=True),
        saved_at=Max("initiatives__updated_at"),
    )


def throw_away(survey_round: SurveyRound) -> None:
    """Deletes what was entered in the trial, in the caller's transaction, which has locked the round.

    The submissions are locked against rows that point to them too: what is not in before is not in after.
    """
    submissions = Submission.objects.filter(round=survey_round).order_by("pk")
    mine = {"submission__in": list(submissions.select_for_update().values_list("pk", flat=True))}
    DialogueRead.objects.filter(**mine).delete()
    Message.objects.filter(**mine).exclude(reply_to=None).delete()
    for model in (Message, Upload, WarningReason, SubmissionArea, Initiative):
        model.objects.filter(**mine).delete()
    histories = [apps.get_model("survey", name) for name in HISTORIES]
    with pgtrigger.ignore(*[f"survey.{name}:append_only" for name in HISTORIES]):
        for history in histories:
            history.objects.filter(**mine).delete()
    submissions.delete()
