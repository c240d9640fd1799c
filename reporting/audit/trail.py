"""All events over their tables, newest first. Each table gives its own newest, by an index."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.apps import apps
from django.db.models import Q, QuerySet, Value
from django.db.models.fields.json import KeyTextTransform

from reporting.audit.kinds import KINDS, Kind

PAGE = 100
SEARCHED = 20_000  # of each kind: the newest are looked through for a text


class Mark(NamedTuple):
    """An event's place in the trail."""

    at: datetime
    kind: int  # its place in KINDS
    id: int


@dataclass(frozen=True)
class Choice:
    """Which events; None and "" choose nothing. From `start` until before `end`, by when it happened."""

    kind: str = ""
    users: tuple[int, ...] | None = None
    municipality: int | None = None
    round: int | None = None
    start: datetime | None = None
    end: datetime | None = None
    text: str = ""
    request: UUID | None = None


def marks(choice: Choice, after: Mark | None = None, size: int = PAGE) -> list[Mark]:
    """The first `size` events, or those that follow `after`."""
    found = []
    for number, kind in enumerate(KINDS):
        events = events_of(kind, choice)
        if events is None:
            continue
        if after is not None:
            events = events.filter(_follows(after, number))
        newest = events.order_by("-pgh_created_at", "-pgh_id")[:size]
        found.append(newest.annotate(place=Value(number)).values_list("pgh_created_at", "place", "pgh_id"))
    if not found:
        return []
    if len(found) > 1:
        together = found[0].union(*found[1:], all=True)
        return [Mark(*row) for row in together.order_by("-pgh_created_at", "place", "-pgh_id")[:size]]
    return [Mark(*row) for row in found[0]]


def pages(choice: Choice, size: int) -> Iterator[list[Mark]]:
    """All of them, some at a time."""
    found = marks(choice, size=size)
    while found:
        yield found
        found = marks(choice, found[-1], size)


def count(choice: Choice) -> int:
    return sum(events.count() for kind in KINDS if (events := events_of(kind, choice)) is not None)


def events_of(kind: Kind, choice: Choice) -> QuerySet | None:
    """None where no event of the kind can be among them."""
    if choice.kind not in ("", kind.slug) or (choice.text and not kind.texts):
        return None
    events = kind.model.objects.all()
    for name in ("municipality", "round"):
        wanted = getattr(choice, name)
        if wanted is None:
            continue
        if kind.submission:
            # By the trail itself: the submissions of a trial are deleted when it ends.
            # As a list: PostgreSQL would not know how few they are.
            changes = apps.get_model("survey.SubmissionChange").objects.filter(**{name: wanted})
            events = events.filter(submission__in=set(changes.values_list("pgh_obj", flat=True)))
        elif getattr(kind, name):
            events = events.filter(**{getattr(kind, name): wanted})
        else:
            return None
    if choice.users is not None:
        by = KeyTextTransform("user", "pgh_context")
        events = events.alias(pgh_user=by).filter(pgh_user__in=[str(one) for one in choice.users])
    if choice.start:
        events = events.filter(pgh_created_at__gte=choice.start)
    if choice.end:
        events = events.filter(pgh_created_at__lt=choice.end)
    if choice.request:
        events = events.filter(pgh_context_id=choice.request)
    return _with_text(kind, events, choice.text) if choice.text else events


def _with_text(kind: Kind, events: QuerySet, text: str) -> QuerySet:
    newest = events.order_by("-pgh_created_at").values("pgh_id")[:SEARCHED]
    says = Q()
    for name in kind.texts:
        says |= Q(**{f"{name}__icontains": text})
    return kind.model.objects.filter(pk__in=newest).filter(says)


def _follows(mark: Mark, number: int) -> Q:
    """Of a kind: what stands after the mark. Newest first; at the same time by kind, then newest first."""
    until = Q(pgh_created_at__lte=mark.at)
    if number > mark.kind:
        return until
    if number < mark.kind:
        return Q(pgh_created_at__lt=mark.at)
    return until & (Q(pgh_created_at__lt=mark.at) | Q(pgh_id__lt=mark.id))
