"""What happened on a submission, the newest first, no more of it than tells the lines apart.

Who changed a row stands in its event (config/middleware.py); what no page did was done by nobody.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from operator import attrgetter
from typing import NamedTuple
from uuid import UUID

from django.apps import apps
from django.db.models import BigIntegerField, FloatField, Func, TextField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from survey.history.steps import LONGEST_LINE, Group, Step, grouped
from survey.models import Adjustment, Message, Submission, SubmissionEvent

InitiativeEvent = apps.get_model("survey", "InitiativeEvent")
WarningReasonEvent = apps.get_model("survey", "WarningReasonEvent")
SubmissionAreaEvent = apps.get_model("survey", "SubmissionAreaEvent")
EPOCH = "EXTRACT(EPOCH FROM %(expressions)s)::float8"


@dataclass(frozen=True)
class AreaStep:
    """An area's event and the one before it; users by id, all None before the first and once deleted."""

    service_area: str
    user: int | None
    before: dict
    after: dict


@dataclass(frozen=True)
class ReasonStep:
    """What one person wrote within half an hour of why a warning is passed, and what stood before it."""

    uuid: UUID  # the initiative's
    user: int | None
    before: str
    after: str


class Entry(NamedTuple):
    """One line to be, of what happened from `at` until `until`, in seconds since 1970."""

    at: float
    until: float
    what: Group | AreaStep | ReasonStep | SubmissionEvent | Adjustment | Message


def entries(submission: Submission, user) -> list[Entry]:
    """All there are, in six queries. Drafts are in it: for the municipality's own people."""
    found = [Entry(group.first.at, group.last.at, group) for group in grouped(_steps(submission))]
    found += _of_areas(submission)
    found += _of_reasons(submission)
    events = submission.events.select_related("by", "version")
    messages = Message.objects.visible_to(user).filter(submission=submission)
    adjustments = Adjustment.objects.visible_to(user).filter(initiative__version__submission=submission)
    for rows in (
        events,
        messages.select_related("by").defer("text"),
        adjustments.select_related("by", "initiative__version"),
    ):
        found += [_entry(row.at, row) for row in rows]
    return sorted(found, key=attrgetter("until"), reverse=True)


def _entry(at: datetime, what) -> Entry:
    return Entry(at.timestamp(), at.timestamp(), what)


def _steps(submission: Submission) -> list[Step]:
    """Thousands, so that the database takes the context apart."""
    rows = InitiativeEvent.objects.filter(submission=submission).order_by("pgh_id")
    context = {
        "at": Func("pgh_created_at", template=EPOCH, output_field=FloatField()),
        "user": Cast(KeyTextTransform("user", "pgh_context"), BigIntegerField()),
        "act": KeyTextTransform("act", "pgh_context"),
        "request": Cast("pgh_context_id", TextField()),
    }
    names = ("pgh_id", "at", "pgh_label", "id", "user", "act", "request")
    return [Step(*row) for row in rows.annotate(**context).values_list(*names)]


def _of_reasons(submission: Submission) -> list[Entry]:
    """Saved at each pause in the writing: what one person writes within half an hour is one line."""
    rows = WarningReasonEvent.objects.filter(submission=submission).order_by("pgh_id")
    texts: dict[tuple[UUID, str], str] = {}
    latest: dict[tuple[UUID, str], tuple[float, ReasonStep]] = {}
    found: dict[tuple[UUID, str, float], Entry] = {}
    for row in rows.values("uuid", "rule", "reason", "pgh_created_at", "pgh_label", "pgh_context"):
        key, at = (row["uuid"], row["rule"]), row["pgh_created_at"].timestamp()
        before, after = texts.get(key, ""), row["reason"] if row["pgh_label"] != "delete" else ""
        texts[key] = after
        if row["pgh_label"] == "baseline":
            continue
        step, began = ReasonStep(row["uuid"], (row["pgh_context"] or {}).get("user"), before, after), at
        if key in latest and latest[key][1].user == step.user and at - latest[key][0] <= LONGEST_LINE:
            began, first = latest[key]
            step = replace(step, before=first.before)
        latest[key] = (began, step)
        found[(*key, began)] = Entry(began, at, step)
    return list(found.values())


STATE = ("assignee_id", "done_at", "nil_at", "nil_by_id")
NOTHING: dict = dict.fromkeys(STATE)


def _of_areas(submission: Submission) -> list[Entry]:
    """Few and small, so they are read whole."""
    rows = SubmissionAreaEvent.objects.filter(submission=submission).order_by("pgh_id")
    latest: dict[str, dict] = {}
    found = []
    for row in rows.values("service_area", "pgh_created_at", "pgh_label", "pgh_context", *STATE):
        area, at = row["service_area"], row["pgh_created_at"]
        after = {name: row[name] for name in STATE} if row["pgh_label"] != "delete" else NOTHING
        step = AreaStep(area, (row["pgh_context"] or {}).get("user"), latest.get(area, NOTHING), after)
        found.append(_entry(at, step))
        latest[area] = after
    return found
