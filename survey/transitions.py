"""The life of a submission: each edge of docs/questionnaire.md's table is one function here.

Each runs in one transaction: lock the submission's row, judge state, role, version and time by the
database's clock, write version, event and state. Who comes second finds what the first one did.
"""

from contextlib import contextmanager
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import DateTimeField, Func, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from municipalities.models import REVIEWERS, Role
from survey import canonical
from survey.checking import Warnings, passed, problems_of, warnings_of
from survey.models import (
    PassedWarning,
    ReportedInitiative,
    Submission,
    SubmissionEvent,
    SubmissionVersion,
    SurveyRound,
)
from survey.models.initiatives import STORED_FIELDS
from survey.models.versions import ATTESTATION, NIL_STATEMENT
from survey.notices import tell_municipality
from survey.receipts.mail import mail_receipt


class Refused(Exception):
    """The step is not open now; the message says why, in the user's language."""


class Gone(Submission.DoesNotExist):
    """It is not there, or not the user's to edit: a trial that has ended takes its submissions with it."""


class TrialPassed(Exception):
    """Everything was in order, but the round is a trial: nothing is handed in."""


def database_now() -> datetime:
    """One clock for all web hosts: the database's, at this statement."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


class ClockTimestamp(Func):
    """The database's time at this statement; Now() is that of the transaction's beginning."""

    function = "clock_timestamp"
    output_field = DateTimeField()


@contextmanager
def locked(submissions: QuerySet[Submission]):
    """The one submission, its row locked until the transaction ends, and the time after the wait.

    Its round is read then too: one that was closed, or got new dates, meanwhile is judged as it is now
    (survey/rounds/lifecycle.py locks the same rows before it changes a round). Raises Gone.
    """
    with transaction.atomic():
        try:
            submission = submissions.select_for_update(of=("self",)).get()
        except Submission.DoesNotExist as error:
            raise Gone from error
        submission.round = SurveyRound.objects.annotate(now=ClockTimestamp()).get(pk=submission.round_id)
        yield submission, submission.round.now


def _by_id(submission_id: int) -> QuerySet[Submission]:
    return Submission.objects.filter(pk=submission_id).select_related("municipality")


def hand_in(*, submission_id: int, by, seen: str) -> SubmissionVersion:
    """Seals the working copy as the next version; with no initiatives it is the nil return.

    `seen` is the checksum of what the approver had on the screen. Pressing twice, or two approvers
    at once, gives one receipt: the second call returns the version that the first one made. Raises
    Refused, and TrialPassed where a real answer would have been handed in.
    """
    with locked(_by_id(submission_id)) as (submission, now):
        if not submission.may_hand_in(by):
            raise PermissionDenied
        if submission.is_handed_in:
            return submission.latest_version
        if not submission.accepts_entries(now):
            raise Refused(_("Besvarelsen kan ikke indsendes nu. Fristen er udløbet."))
        initiatives = list(submission.initiatives.order_by("pk"))
        warnings = warnings_of(submission, initiatives)
        answer = submission.answer(initiatives, passed(initiatives, warnings))
        _judge(initiatives, warnings, answer)
        if canonical.seal(**answer) != seen:
            raise Refused(_("Besvarelsen er ændret, siden du åbnede siden. Se den igennem igen."))
        if submission.round.state == SurveyRound.State.TRIAL:
            raise TrialPassed
        version = record_hand_in(submission, initiatives, warnings, by=by, at=now)
        mail_receipt(version)
        return version


def _judge(initiatives, warnings: Warnings, answer: dict) -> None:
    """Refused where a hard rule is broken, or a warning lacks its reason."""
    problems = problems_of(
        initiatives, accounts_year=answer["accounts_year"], nil_areas=answer["nothing_to_report_in"]
    )
    if any(rule.id == "area_stated_empty" for rules in problems.values() for rule in rules):
        raise Refused(
            _("Besvarelsen kan ikke indsendes: Der er indsatser i et område, der er erklæret uden indsatser.")
        )
    if problems:
        raise Refused(_("Besvarelsen kan ikke indsendes, før alle indsatser er udfyldt."))
    if any(warning.is_open for said in warnings.values() for warning in said):
        raise Refused(_("Besvarelsen kan ikke indsendes, før alle advarsler er begrundet."))


def withdraw(*, submission_id: int, by) -> None:
    """The municipality takes its answer back while it is in time and the review has not begun.

    What was handed in after a return is then returned again, with the same due date.
    """
    with locked(_by_id(submission_id)) as (submission, now):
        if not submission.may_hand_in(by):
            raise PermissionDenied
        if submission.state == Submission.State.APPROVED:
            raise Refused(_("Besvarelsen er godkendt og kan ikke trækkes tilbage. Skriv til ministeriet."))
        if submission.state != Submission.State.SUBMITTED:
            raise Refused(_("Besvarelsen kan ikke trækkes tilbage, for den er ikke indsendt."))
        if not submission.accepts_withdrawal(now):
            raise Refused(_("Besvarelsen kan ikke trækkes tilbage længere. Skriv til ministeriet."))
        earlier_return = submission.answered_return
        state = Submission.State.RETURNED if earlier_return else Submission.State.DRAFT
        due_at = earlier_return.due_at if earlier_return else None
        version = submission.latest_version
        move(submission, state, version, SubmissionEvent.Kind.WITHDRAWN, by, now, due_at=due_at)


def send_back(*, submission_id: int, by, version_seen: int, comment: str, due_at: datetime) -> None:
    """A reviewer asks for changes, or gives one that was returned a new due date.

    An approved answer is reopened by the round manager alone.
    """
    with locked(_by_id(submission_id)) as (submission, now):
        if by.ministry_role not in REVIEWERS:
            raise PermissionDenied
        if submission.state == Submission.State.DRAFT:
            raise Refused(_("Besvarelsen er ikke hos ministeriet."))
        _refuse_final(submission)
        if submission.state == Submission.State.APPROVED and by.ministry_role != Role.ROUND_MANAGER:
            raise PermissionDenied
        version = _seen_version(submission, version_seen)
        if due_at <= now:
            raise Refused(_("Fristen skal ligge i fremtiden."))
        kind = SubmissionEvent.Kind.RETURNED
        move(submission, Submission.State.RETURNED, version, kind, by, now, comment, due_at)
        tell_municipality(submission=submission, by=by, template="returned")


def approve(*, submission_id: int, by, version_seen: int) -> None:
    """A reviewer, not the one who handed in, approves the version that he or she has seen."""
    with locked(_by_id(submission_id)) as (submission, now):
        if by.ministry_role not in REVIEWERS:
            raise PermissionDenied
        if submission.state != Submission.State.SUBMITTED:
            raise Refused(_("Kun en indsendt besvarelse kan godkendes."))
        _refuse_final(submission)
        version = _seen_version(submission, version_seen)
        if version.submitted_by_id == by.pk:
            raise Refused(_("Den, der har indsendt en besvarelse, kan ikke selv godkende den."))
        move(submission, Submission.State.APPROVED, version, SubmissionEvent.Kind.APPROVED, by, now)
        tell_municipality(submission=submission, by=by, template="approved")


def _refuse_final(submission: Submission) -> None:
    if submission.round.is_final:
        raise Refused(_("Kortlægningen er låst, så intet i den kan ændres."))


def _seen_version(submission, number):
    version = SubmissionVersion.objects.filter(submission=submission).reported().get()
    if version.number != number:
        raise Refused(_("Kommunen har indsendt en nyere version. Se den igennem først."))
    return version


def record_hand_in(
    submission, initiatives, warnings: Warnings | None = None, *, by, at: datetime
) -> SubmissionVersion:
    """Writes version, event and state, without judging: hand_in does, and the demo writes history.

    Warnings that a reason passes are frozen with it; reasons whose warning is gone are deleted.
    """
    if warnings is None:
        warnings = warnings_of(submission, initiatives)
    answer = submission.answer(initiatives, passed(initiatives, warnings))
    with override("da"):
        attestation = str(NIL_STATEMENT if answer["is_nil"] else ATTESTATION)
    number = answer["version"]
    version = SubmissionVersion.objects.create(
        submission=submission,
        number=number,
        receipt_number=f"{answer['accounts_year']}-{answer['municipality_code']}-{number}",
        submitted_at=at,
        submitted_by=by,
        is_nil=answer["is_nil"],
        initiative_count=len(initiatives),
        checksum=canonical.seal(**answer),
        submitted_by_name=by.name,
        attestation=attestation,
        nil_areas=answer["nothing_to_report_in"],
    )
    reported = ReportedInitiative.objects.bulk_create(
        ReportedInitiative(
            version=version,
            uuid=initiative.uuid,
            position=position,
            **{name: getattr(initiative, name) for name in STORED_FIELDS},
        )
        for position, initiative in enumerate(initiatives, start=1)
    )
    _freeze(submission, reported, warnings)
    move(submission, Submission.State.SUBMITTED, version, SubmissionEvent.Kind.SUBMITTED, by, at)
    return version


def _freeze(submission, reported: list[ReportedInitiative], warnings: Warnings) -> None:
    """The reasons as they were; of the municipality's own rows, those whose warning still shows stay."""
    passed_here = {
        (initiative.uuid, warning.rule): PassedWarning(
            initiative=initiative, rule=warning.rule, message=warning.danish, reason=warning.reason
        )
        for initiative in reported
        for warning in warnings.get(initiative.uuid, ())
        if not warning.is_open
    }
    PassedWarning.objects.bulk_create(passed_here.values())
    rows = submission.warning_reasons.values_list("pk", "uuid", "rule")
    left_over = [pk for pk, uuid, rule in rows if (uuid, rule) not in passed_here]
    if left_over:
        submission.warning_reasons.filter(pk__in=left_over).delete()


def move(submission, state, version, kind, by, at, comment="", due_at=None):
    """The state and the event that tells of it, in the caller's transaction; a returned one is due."""
    submission.state, submission.return_due_at = state, due_at
    submission.save(update_fields=["state", "return_due_at"])
    SubmissionEvent.objects.create(
        submission=submission, version=version, kind=kind, at=at, by=by, comment=comment, due_at=due_at
    )
