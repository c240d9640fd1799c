"""The counting initiatives of a round compared with each other: a query for each kind of thing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db.models import F, Func, Max, TextField

from reporting.comparability.differences import FIELDS, Kind, Row, kind_of
from reporting.comparability.laws import basis_of
from reporting.comparability.titles import kinds
from reporting.review.catalogue import DUPLICATE
from reporting.review.duplicates import duplicates
from reporting.review.reading import reported
from reporting.totals import adjustments_in
from survey.models import Adjustment, Message, ReportedInitiative, SubmissionVersion, SurveyRound


class Stems(Func):
    """The stems of Danish words, without those that carry no meaning, as the full-text search has them."""

    template = "tsvector_to_array(to_tsvector('danish', %(expressions)s))"
    output_field = ArrayField(TextField())


@dataclass(frozen=True)
class Counting:
    """The round's counting rows after the ministry's adjustments, the dearest first, and their stems; those
    that were adjusted to be out of scope are none. `versions` are those that count."""

    rows: tuple[Row, ...]
    stems: tuple[list[str], ...]
    versions: tuple[int, ...]
    adjustments: tuple[Adjustment, ...]


@dataclass(frozen=True)
class Comparison:
    """What differs, most money at stake first. `compared`: how many of the `initiatives` were."""

    kinds: tuple[Kind, ...]
    duplicates: tuple[tuple[Row, Row], ...]
    initiatives: int
    compared: int
    versions: tuple[int, ...]


def comparison(
    survey_round: SurveyRound, user, as_at: datetime, *, fields: Sequence[str] = FIELDS, area: str = ""
) -> Comparison:
    """`area`: only kinds and pairs that have an initiative in it."""
    counting = counting_rows(survey_round, user, as_at)
    rows = counting.rows
    grouped = kinds([row.title for row in rows], counting.stems)
    found = [kind_of([rows[place] for place in group], fields) for group in grouped.groups]
    retired = DUPLICATE in survey_round.retired_rules
    pairs = [] if retired else likely_duplicates(counting)
    return Comparison(
        kinds=tuple(
            sorted(
                (kind for kind in found if kind and _has(kind.rows, area)),
                key=lambda kind: (-kind.at_stake, kind.rows[0].initiative),
            )
        ),
        duplicates=tuple(pair for pair in pairs if _has(pair, area)),
        initiatives=len(rows),
        compared=grouped.compared,
        versions=counting.versions,
    )


def _has(rows: Sequence[Row], area: str) -> bool:
    return not area or any(row.values["service_area"] == area for row in rows)


def counting_rows(survey_round: SurveyRound, user, as_at: datetime) -> Counting:
    """Three queries."""
    versions = SubmissionVersion.objects.visible_to(user).filter(submission__round=survey_round)
    ids = tuple(version.pk for version in versions.reported(as_at))
    adjustments = adjustments_in(ids, as_at)
    adjusted = {one.initiative_id: one for one in adjustments}
    initiatives = ReportedInitiative.objects.filter(version__in=ids).order_by()
    columns = initiatives.annotate(stems=Stems(F("title"))).values_list(
        *("pk", "version__submission_id", "version__submission__municipality__code"),
        *("version__submission__municipality__name", "uuid", "title", "legal_basis", "service_area"),
        *("primary_target_group", "gross_expenditure", "stems"),
    )
    found = []
    for pk, submission, code, name, uuid, title, basis, area, group, spent, stems in columns:
        adjustment = adjusted.get(pk)
        if adjustment and adjustment.out_of_scope:
            continue
        values = {"service_area": area, "primary_target_group": group, "legal_basis": basis_of(basis)}
        changed = adjustment.changes() if adjustment else {}
        values |= {key: changed[key] for key in values.keys() & changed.keys()}
        spent = changed.get("gross_expenditure", spent)
        found.append((Row(pk, submission, code, name, uuid, title, basis, values, spent), stems))
    found.sort(key=lambda one: (-one[0].expenditure, one[0].initiative))
    rows, stems = zip(*found, strict=True) if found else ((), ())
    return Counting(rows, stems, ids, adjustments)


def likely_duplicates(counting: Counting) -> list[tuple[Row, Row]]:
    """(first, later) by the hit list's own rule, the dearest first. Two queries."""
    now = reported({pk: place for place, pk in enumerate(counting.versions)}, counting.adjustments)
    row_of = {row.initiative: row for row in counting.rows}
    pairs = [
        (row_of[int(now.ids[first])], row_of[int(now.ids[later])]) for later, first in duplicates(now).items()
    ]
    return sorted(pairs, key=lambda pair: (-pair[1].expenditure, pair[1].code, pair[1].initiative))


@dataclass(frozen=True)
class Asked:
    """The ministry's latest question at a field of an initiative."""

    message: int
    at: datetime


def asked_in(survey_round: SurveyRound, user) -> Mapping[tuple[int, UUID, str], Asked]:
    """By submission, initiative and field."""
    asked = Message.objects.visible_to(user).filter(submission__round=survey_round, from_ministry=True)
    rows = asked.filter(reply_to=None, uuid__isnull=False).exclude(field="").order_by("pk")
    return {
        (submission, uuid, name): Asked(pk, at)
        for submission, uuid, name, pk, at in rows.values_list("submission_id", "uuid", "field", "pk", "at")
        if uuid is not None
    }


def latest_messages(survey_round: SurveyRound, user) -> dict[int, int]:
    """The latest message's id by submission: what the page has shown (`seen` of survey/dialogue.py)."""
    messages = Message.objects.visible_to(user).filter(submission__round=survey_round)
    return dict(messages.order_by().values_list("submission").annotate(Max("pk")))
