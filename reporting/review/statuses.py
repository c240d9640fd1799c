"""Where the review of each initiative stands, from its decisions and its dialogue."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from survey.models import (
    Adjustment,
    Message,
    ReportedInitiative,
    ReviewAssignment,
    Submission,
    SubmissionEvent,
)
from survey.models.initiatives import STORED_FIELDS

OPEN, ASKED, ANSWERED, ACCEPTED, ADJUSTED = "open", "asked", "answered", "accepted", "adjusted"
NAMES = {
    OPEN: _("ikke gennemgået"),
    ASKED: _("afventer svar"),
    ANSWERED: _("har svaret"),
    ACCEPTED: _("godtaget"),
    ADJUSTED: _("rettet"),
}
SETTLED = (ACCEPTED, ADJUSTED)
Key = tuple[int, UUID]  # the submission and the initiative in it
KINDS: dict[str, str] = {Adjustment.Kind.ACCEPTED: ACCEPTED, Adjustment.Kind.ADJUSTED: ADJUSTED}


@dataclass(frozen=True, slots=True)
class Status:
    """Of one initiative in the version that counts. `since`: when it came to stand so, None for an open one
    and for one that its `decision` settles, the latest row (`seen` of survey/adjusting.py), which has its
    own time. A question that is not answered makes it wait, whatever was decided before it was asked; an
    answer that came after the latest decision is to be read before it is settled."""

    name: str
    since: datetime | None
    decision: int | None
    reviewer: int | None

    @property
    def is_settled(self) -> bool:
        return self.name in SETTLED


UNTOUCHED = Status(OPEN, None, None, None)


def statuses(versions: Iterable[int]) -> dict[int, Status]:
    """By the initiative's id, of all that stand in these versions; ten queries at most.

    Who approves an answer settles all in it. What was accepted in an earlier version and has not changed
    since stays accepted: the reviewer has seen these very answers.
    """
    ids = list(versions)
    rows = ReportedInitiative.objects.filter(version__in=ids).order_by()
    # One row with all of them: many times as fast to read as a row for each.
    found = dict.fromkeys(rows.aggregate(ids=ArrayAgg("pk", default=[]))["ids"], UNTOUCHED)
    decided_before = _decided_before(ids)
    for pk, at in _accepted_before(ids, decided_before).items():
        found[pk] = Status(ACCEPTED, at, None, None)
    decided = Adjustment.objects.filter(initiative__version__in=ids).order_by("initiative_id", "-pk")
    # Without their times: those of ten thousand take longer to read than all else.
    latest = decided.distinct("initiative_id").values_list("pk", "initiative_id", "kind")
    for decision, pk, kind in latest:
        found[pk] = Status(KINDS.get(kind, OPEN), None, decision, None)
    said, given = _said(ids), _given(ids)
    talked_of = {
        pk: (submission, uuid)
        for pk, submission, uuid in rows.filter(
            uuid__in={uuid for _submission, uuid in (*said, *given)}
        ).values_list("pk", "version__submission_id", "uuid")
    }
    decided_at = {key: decision.at for key, decision in decided_before.items()}
    seen = [one for pk in talked_of if (one := found[pk].decision)]
    now = Adjustment.objects.filter(pk__in=seen)
    decided_at |= {talked_of[pk]: at for pk, at in now.values_list("initiative_id", "at")}
    for pk, key in talked_of.items():
        found[pk] = _after(said.get(key, []), decided_at.get(key), found[pk], given.get(key))
    for pk, at in _approved(ids).items():
        if not found[pk].is_settled:
            found[pk] = replace(found[pk], name=ACCEPTED, since=at)
    return found


def _after(
    said: list[tuple[datetime, str]], decided_at: datetime | None, decided: Status, reviewer: int | None
) -> Status:
    """What was said last in each thread, if it was after the decision; the oldest of several, as that is how
    long somebody has waited. As long as one question waits, the answers to others do."""
    new = [(at, name) for at, name in said if decided_at is None or at > decided_at]
    for name in (ASKED, ANSWERED):
        moments = [at for at, which in new if which == name]
        if moments:
            return replace(decided, name=name, since=min(moments), reviewer=reviewer)
    return replace(decided, reviewer=reviewer)


def _approved(versions: list[int]) -> dict[int, datetime]:
    """The initiatives of approved answers, and when those were approved."""
    approved = SubmissionEvent.objects.filter(
        submission__versions__in=versions,
        submission__state=Submission.State.APPROVED,
        kind=SubmissionEvent.Kind.APPROVED,
    )
    at = dict(approved.order_by("pk").values_list("submission_id", "at"))
    if not at:
        return {}
    rows = ReportedInitiative.objects.filter(version__in=versions, version__submission__in=at)
    return {pk: at[submission] for pk, submission in rows.order_by().values_list("pk", "version__submission")}


def _given(versions: list[int]) -> dict[Key, int]:
    given = ReviewAssignment.objects.filter(submission__versions__in=versions)
    return {(s, uuid): who for s, uuid, who in given.values_list("submission_id", "uuid", "reviewer_id")}


def _said(versions: list[int]) -> dict[Key, list[tuple[datetime, str]]]:
    """When the last message came in each thread about an initiative that the ministry has written in, and
    what it makes of it: ASKED by the ministry, or ANSWERED by the municipality."""
    replies = Message.objects.filter(reply_to=OuterRef("pk")).order_by("-pk")
    threads = (
        Message.objects.filter(submission__versions__in=versions, reply_to=None, uuid__isnull=False)
        .filter(Q(from_ministry=True) | Exists(replies.filter(from_ministry=True)))
        .annotate(
            ministrys=Coalesce(Subquery(replies.values("from_ministry")[:1]), F("from_ministry")),
            last_at=Coalesce(Subquery(replies.values("at")[:1]), F("at")),
        )
        .order_by("pk")
    )
    said: dict[Key, list[tuple[datetime, str]]] = {}
    for submission, uuid, ministrys, at in threads.values_list(
        "submission_id", "uuid", "ministrys", "last_at"
    ):
        if uuid is not None:
            said.setdefault((submission, uuid), []).append((at, ASKED if ministrys else ANSWERED))
    return said


def _decided_before(versions: list[int]) -> dict[Key, Adjustment]:
    """The latest decision about each initiative in the versions before these."""
    before = (
        Adjustment.objects.filter(
            initiative__version__submission__versions__in=versions,
            initiative__version__submission__versions__number__gt=F("initiative__version__number"),
        )
        .order_by("initiative__version__submission_id", "initiative__uuid", "-pk")
        .distinct("initiative__version__submission_id", "initiative__uuid")
        .select_related("initiative__version")
    )
    return {(one.initiative.version.submission_id, one.initiative.uuid): one for one in before}


def _accepted_before(versions: list[int], decided: dict[Key, Adjustment]) -> dict[int, datetime]:
    """Initiatives whose latest decision in the earlier versions accepted what they still say."""
    accepted = {key: one for key, one in decided.items() if one.kind == Adjustment.Kind.ACCEPTED}
    now = ReportedInitiative.objects.filter(version__in=versions, uuid__in={uuid for _s, uuid in accepted})
    found = {}
    for one in now.select_related("version"):
        decision = accepted.get((one.version.submission_id, one.uuid))
        if decision and all(
            getattr(one, name) == getattr(decision.initiative, name) for name in STORED_FIELDS
        ):
            found[one.pk] = decision.at
    return found
