"""The template's columns: the service area, the ten fields, what stands beside them, and the row's id.

A file is Danish whatever its user's language: headings and choices are part of its format. The heading
of the last column says which template, round and municipality it is, in a workbook and in CSV alike.
"""

import re
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from typing import Any

from django.conf import settings
from django.utils import translation

from survey.models import (
    AmountBasis,
    FundingSource,
    Initiative,
    PrimaryTargetGroup,
    Scope,
    SecondaryTargetGroup,
    ServiceArea,
    SurveyRound,
    TimeHorizon,
)
from survey.models.initiatives import FUNDING_COMBINATIONS, MAX_AMOUNT
from survey.questionnaire import BY_NAME
from survey.rounds.guidance import own_guidance

TEMPLATE = 1  # a new number refuses the files of the one before
ID = "id"
DEMO, TRIAL = "DEMO - opdigtede tal", "PRØVE - slettes og tæller ikke med"
STAMP = re.compile(r"Id \(lad stå\): skabelon (\d{1,6}), regnskab (\d{4}), kommune (\d{3})")

# name -> (kind, width in characters, choices); an amount's basis stands beside it.
KINDS: dict[str, tuple] = {
    "service_area": ("choice", 24, ServiceArea),
    "title": ("text", 32, None),
    "gross_expenditure": ("amount", 15, None),
    "expenditure_basis": ("choice", 18, AmountBasis),
    "gross_income": ("amount", 15, None),
    "income_basis": ("choice", 18, AmountBasis),
    "funding_sources": ("sources", 28, FundingSource),
    "legal_basis": ("text", 26, None),
    "primary_target_group": ("choice", 30, PrimaryTargetGroup),
    "secondary_target_group": ("choice", 18, SecondaryTargetGroup),
    "content": ("text", 50, None),
    "purpose": ("text", 40, None),
    "time_horizon": ("choice", 18, TimeHorizon),
    "target_share": ("share", 18, None),
    "scope": ("choice", 22, Scope),
    "scope_reason": ("text", 36, None),
}
GUIDANCE = {  # of what is not one of the ten fields
    "service_area": "Det fagområde, som indsatsen hører under. Vælg på listen.",
    "expenditure_basis": "Frivilligt: hvor udgiften kommer fra. Vælg på listen.",
    "income_basis": "Frivilligt: hvor indtægten kommer fra. Vælg på listen.",
    "time_horizon": "Indsatsens tidshorisont. Vælg på listen.",
    "scope": "Frivilligt: om indsatsen efter kommunens vurdering hører med. Vælg på listen.",
    "scope_reason": "Frivilligt: begrundelsen for vurderingen.",
    ID: "Bruges til at genkende indsatsen. Lad cellen stå, og lad den være tom i en ny række.",
}


@dataclass(frozen=True)
class Column:
    """`label` is what an error calls it; `values` are the choices by what stands in the cell."""

    name: str
    label: str
    heading: str
    guidance: str
    kind: str  # text, amount, share, choice, sources or id
    width: int
    limit: int = 0  # characters of a text
    values: dict[str, object] = field(default_factory=dict)

    @cached_property
    def exact(self) -> dict[Any, Any]:
        """What the drop-down list offers, and what it means; of several sources every combination."""
        if self.kind != "sources":
            return self.values
        texts = {value: text for text, value in self.values.items()}
        return {
            "; ".join(map(texts.__getitem__, chosen)): chosen for chosen in FUNDING_COMBINATIONS if chosen
        }


@dataclass(frozen=True)
class Stamp:
    """Whose template it is; `heading` is that of the last column."""

    template: int
    accounts_year: int
    municipality_code: str

    def heading(self, *marks: str) -> str:
        about = (
            f"skabelon {self.template}",
            f"regnskab {self.accounts_year}",
            f"kommune {self.municipality_code}",
        )
        return f"Id (lad stå): {', '.join((*about, *marks))}"


def stamp_of(submission) -> Stamp:
    return Stamp(TEMPLATE, submission.round.accounts_year, submission.municipality.code)


def marks_of(survey_round: SurveyRound) -> list[str]:
    """What a file must say of itself so that it is not taken for a real answer."""
    marks = {DEMO: survey_round.is_demo, TRIAL: survey_round.state == SurveyRound.State.TRIAL}
    return [mark for mark, holds in marks.items() if holds]


def read_stamp(heading: str) -> Stamp | None:
    found = STAMP.match(heading)
    return Stamp(int(found[1]), int(found[2]), found[3]) if found else None


@cache
def columns(accounts_year: int) -> tuple[Column, ...]:
    """All but the id, in the questionnaire's order."""
    with translation.override(settings.LANGUAGE_CODE):
        return tuple(_column(name, accounts_year) for name in KINDS)


def _column(name: str, year: int) -> Column:
    kind, width, choices = KINDS[name]
    label = str(Initiative.label(name))
    question = BY_NAME.get(name)
    guidance = GUIDANCE.get(name) or str(question.guidance if question else "").format(accounts_year=year)
    return Column(
        name=name,
        label=label,
        heading=f"{label} (1.000 kr., regnskab {year})" if kind == "amount" else label,
        guidance=_with_how(guidance, kind),
        kind=kind,
        width=width,
        limit=getattr(Initiative._meta.get_field(name), "max_length", None) or 0,
        values={str(text): value for value, text in choices.choices} if choices else {},
    )


def _with_how(guidance: str, kind: str) -> str:
    """The guidance, and how a cell with a list is answered."""
    if kind == "sources":
        return f"{guidance} Vælg på listen, eller skriv dem med semikolon imellem."
    if kind == "choice" and "på listen" not in guidance:
        return f"{guidance} Vælg på listen."
    return guidance


def columns_of(survey_round: SurveyRound) -> tuple[Column, ...]:
    """Those of the round, with its own guidance where it has some."""
    own = own_guidance(survey_round)
    return tuple(
        replace(column, guidance=_with_how(own[column.name], column.kind)) if column.name in own else column
        for column in columns(survey_round.accounts_year)
    )


def allowed(column: Column) -> str:
    """What may stand in the column, for the sheet of guidance."""
    if column.values:
        return "\n".join(column.values)
    if column.kind == "amount":
        return f"Et helt tal fra 0 til {_grouped(MAX_AMOUNT)}"
    if column.kind == "share":
        return "Et helt tal fra 0 til 100, eller -"
    return f"Tekst, højst {_grouped(column.limit)} tegn"


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", ".")
