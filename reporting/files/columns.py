"""The columns of the exports: their order, their headings, and where in the database each value stands."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import permutations

from django.utils.translation import gettext as _
from psycopg import sql
from psycopg.sql import Composable

from survey.models import (
    Adjustment,
    AmountBasis,
    FundingSource,
    PrimaryTargetGroup,
    ReportedInitiative,
    Scope,
    SecondaryTargetGroup,
    ServiceArea,
    SubmissionVersion,
    SurveyRound,
    TimeHorizon,
)
from survey.questionnaire import BY_NAME

# How a value stands in the CSV, by the column's kind. A cell that begins with = + - @ TAB or CR (their
# codes here) is a formula to a spreadsheet, an apostrophe makes it text; field 10's "-" stays as it is.
AS_TEXT = {
    "text": "CASE WHEN ascii({0}) IN (61, 43, 45, 64, 9, 13) THEN '''' || {0} ELSE {0} END",
    "plain": "{0}",
    "decimal": "replace(trim_scale({0})::text, '.', ',')",
    "share": "coalesce({0}::text, '-')",
}


@dataclass(frozen=True)
class VersionColumn:
    """The same in all rows of a version, and taken from it once."""

    heading: str
    value: Callable[[SubmissionVersion], str | int | datetime]


@dataclass(frozen=True)
class Column:
    """SQL over the initiative `i`, `w` of its warnings and, where the ministry has adjusted it, `a`."""

    heading: str
    kind: str  # a key of AS_TEXT
    value: Composable


def version_columns(survey_round: SurveyRound) -> list[VersionColumn]:
    """Whose it is and in which version; the first columns."""
    kind = _("DEMO - opdigtede tal") if survey_round.is_demo else _("Indberettet")
    areas = {value: str(label) for value, label in ServiceArea.choices}
    return [
        VersionColumn(_("Datagrundlag"), lambda version: kind),
        VersionColumn(_("Kommunekode"), lambda version: version.submission.municipality.code),
        VersionColumn(_("Kommune"), lambda version: version.submission.municipality.name),
        VersionColumn(_("Region"), lambda version: version.submission.region.name),
        VersionColumn(_("Kvitteringsnummer"), lambda version: version.receipt_number),
        VersionColumn(_("Version"), lambda version: version.number),
        VersionColumn(_("Indsendt"), lambda version: version.submitted_at),
        VersionColumn(
            _("Områder uden indsatser"), lambda version: "; ".join(areas[area] for area in version.nil_areas)
        ),
    ]


def columns(survey_round: SurveyRound, factor: Decimal) -> list[Column]:
    """The service area and the ten fields as reported, what counts in the figures, what the municipality said
    besides the ten fields, and identity."""
    level = {"year": survey_round.price_level}
    expenditure = _("Bruttoudgifter, som de tæller (1.000 kr., %(year)d-pris- og lønniveau)") % level
    income = _("Bruttoindtægter, som de tæller (1.000 kr., %(year)d-pris- og lønniveau)") % level
    return [
        Column(_("Område"), "plain", _label("service_area", ServiceArea)),
        *_ten_fields(survey_round.accounts_year),
        Column(expenditure, "decimal", _converted("gross_expenditure", factor)),
        Column(income, "decimal", _converted("gross_income", factor)),
        Column(_("Rettet til område"), "plain", sql.SQL("a.area")),
        Column(_("Ministeriets rettelse"), "plain", sql.SQL("a.words")),
        Column(_("Bruttoudgiften er"), "plain", _label("expenditure_basis", AmountBasis)),
        Column(_("Bruttoindtægten er"), "plain", _label("income_basis", AmountBasis)),
        Column(_("Afgrænsning, kommunens vurdering"), "plain", _label("scope", Scope)),
        Column(ReportedInitiative.label("scope_reason"), "text", sql.SQL("i.scope_reason")),
        Column(_("Advarsler, som kommunen har begrundet"), "text", sql.SQL("w.words")),
        Column(_("Indsatsens id"), "plain", sql.SQL("i.uuid")),
    ]


def _ten_fields(year: int) -> list[Column]:
    """In the questionnaire's order; what is not text stands here by name."""
    special: dict[str, tuple[str, Composable]] = {
        "gross_expenditure": ("plain", sql.SQL("i.gross_expenditure")),
        "gross_income": ("plain", sql.SQL("i.gross_income")),
        "funding_sources": ("plain", _funding_sources()),
        "primary_target_group": ("plain", _label("primary_target_group", PrimaryTargetGroup)),
        "secondary_target_group": ("plain", _label("secondary_target_group", SecondaryTargetGroup)),
        "time_horizon": ("plain", _label("time_horizon", TimeHorizon)),
        "target_share": ("share", sql.SQL("i.target_share")),
    }
    found = []
    for name in BY_NAME:
        heading = ReportedInitiative.label(name)
        if name in ("gross_expenditure", "gross_income"):
            heading = _("%(field)s (1.000 kr., regnskab %(year)d)") % {"field": heading, "year": year}
        kind, value = special.get(name, ("text", sql.SQL("i.") + sql.Identifier(name)))
        found.append(Column(heading, kind, value))
    return found


def _label(name: str, choices) -> Composable:
    """The choice as the screen gives it."""
    whens = [
        sql.SQL("WHEN {} THEN {}").format(sql.Literal(value), sql.Literal(str(label)))
        for value, label in choices.choices
    ]
    return sql.SQL("CASE i.{} {} END").format(sql.Identifier(name), sql.SQL(" ").join(whens))


def _funding_sources() -> Composable:
    """The labels in the order given; one comparison with each possible list costs half of array_replace."""
    lists = (chosen for size in (1, 2, 3) for chosen in permutations(FundingSource.choices, size))
    whens = [
        sql.SQL("WHEN {} THEN {}").format(
            sql.Literal("{" + ",".join(value for value, _label in chosen) + "}"),
            sql.Literal("; ".join(str(label) for _value, label in chosen)),
        )
        for chosen in lists
    ]
    return sql.SQL("CASE i.funding_sources {} ELSE array_to_string(i.funding_sources, '; ') END").format(
        sql.SQL(" ").join(whens)
    )


def _converted(name: str, factor: Decimal) -> Composable:
    """numeric times numeric is exact in PostgreSQL, and nothing is rounded."""
    return sql.SQL("coalesce(a.{0}, i.{0}) * {1}").format(sql.Identifier(name), sql.Literal(factor))


def passed_warnings(version: int) -> Composable:
    """A table `w` of a version's passed warnings, a text an initiative; both parts are stored in Danish."""
    return sql.SQL(
        "(SELECT r.id, string_agg(p.message || ' Begrundelse: ' || p.reason, '; ' ORDER BY p.id) AS words "
        "FROM survey_passedwarning p JOIN survey_reportedinitiative r ON r.id = p.initiative_id "
        "WHERE r.version_id = {} GROUP BY r.id) AS w"
    ).format(sql.Literal(version))


NO_WARNINGS = sql.SQL("(SELECT NULL::bigint AS id, NULL::text AS words) AS w")


def adjusted(adjustments: Sequence[Adjustment]) -> Composable:
    """A table `a` of what counts instead, and in words what was changed; what is out of scope counts 0."""
    rows = [
        (
            one.initiative_id,
            *((0, 0) if one.out_of_scope else (one.gross_expenditure, one.gross_income)),
            one.get_service_area_display() or None,
            "; ".join(f"{name}: {reported} -> {counts}" for name, reported, counts in one.differences()),
        )
        for one in adjustments
    ]
    ids, spent, earned, areas, words = (sql.Literal([row[place] for row in rows]) for place in range(5))
    return sql.SQL(
        "unnest({}::bigint[], {}::bigint[], {}::bigint[], {}::text[], {}::text[])"
        " AS a(id, gross_expenditure, gross_income, area, words)"
    ).format(ids, spent, earned, areas, words)
