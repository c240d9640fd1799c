"""Events as lines to be read: who did what, and which fields went from what to what."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from reporting.audit.kinds import KINDS, LABELS, Kind
from reporting.audit.names import Names
from reporting.audit.trail import Mark
from reporting.audit.values import BLANK, in_words


@dataclass(frozen=True)
class Change:
    """Of one field; a value that stands in a draft and was not handed in is not told."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Line:
    at: datetime
    kind: str
    act: str
    who: str
    email: str
    what: str
    url: str
    municipality: str
    year: str
    changes: tuple[Change, ...]
    page: str  # the name of the view, of the task or of the command
    request: UUID | None
    id: str


def lines(marks: Iterable[Mark]) -> list[Line]:
    """One of each event, in the order given; so many queries a kind, however many events."""
    marks = list(marks)
    wanted: dict[int, list[int]] = defaultdict(list)
    for mark in marks:
        wanted[mark.kind].append(mark.id)
    found = {number: _with_previous(KINDS[number], ids) for number, ids in wanted.items()}
    names = Names((KINDS[number], row) for number, pairs in found.items() for row in _rows(pairs))
    return [_line(KINDS[mark.kind], found[mark.kind][mark.id], names) for mark in marks]


def _rows(pairs: dict) -> list:
    return [row for pair in pairs.values() for row in pair if row is not None]


def _with_previous(kind: Kind, ids: list[int]) -> dict[int, tuple[Any, Any]]:
    """By id: the event, and the one before it of the same row."""
    earlier = kind.model.objects.filter(pgh_obj=OuterRef("pgh_obj"), pgh_id__lt=OuterRef("pgh_id"))
    newest = Subquery(earlier.order_by("-pgh_id").values("pgh_id")[:1])
    events = kind.model.objects.filter(pk__in=ids)
    changed = events.filter(pgh_label="update").annotate(before=newest)
    before = dict.fromkeys(ids) | dict(changed.values_list("pgh_id", "before"))
    rows = kind.model.objects.in_bulk({*before, *before.values()} - {None})
    return {one: (rows[one], rows.get(previous)) for one, previous in before.items()}


def _line(kind: Kind, pair: tuple[Any, Any], names: Names) -> Line:
    event, previous = pair
    context = event.pgh_context or {}
    user = names.user(context.get("user"))
    what, url = names.thing(kind, event)
    municipality, year = names.place(kind, event)
    return Line(
        at=event.pgh_created_at,
        kind=str(kind.name),
        act=str(LABELS.get(event.pgh_label, event.pgh_label)),
        who=user.name if user else _("Systemet"),
        email=user.email if user else "",
        what=what,
        url=url,
        municipality=municipality,
        year=year,
        changes=tuple(_changes(kind, event, previous, names)),
        page=context.get("view") or context.get("task") or context.get("command") or "",
        request=event.pgh_context_id,
        id=f"{kind.slug}-{event.pgh_id}",
    )


def _changes(kind: Kind, event, previous, names: Names) -> Iterable[Change]:
    label = event.pgh_label
    if label not in ("insert", "update", "delete"):
        return
    before = event if label == "delete" else previous if label == "update" else None
    after = None if label == "delete" else event
    for field in kind.fields:
        was = getattr(before, field.attname) if before else None
        now = getattr(after, field.attname) if after else None
        if was != now and not (was in BLANK and now in BLANK):
            yield Change(
                label=kind.label(field),
                before=_told(kind, event, field, was, names),
                after=_told(kind, event, field, now, names),
            )


def _told(kind: Kind, event, field, value, names: Names) -> str:
    if value in BLANK:
        return ""
    if kind.is_draft and not names.was_handed_in(kind, event, field, value):
        return _("(kladde)")
    return in_words(field, value, names)
