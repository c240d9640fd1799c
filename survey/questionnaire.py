"""The questionnaire: ten fields in the order and with the guidance of the report's Bilag 1.

The one place where the fields stand: model columns, form, pages, exports and docs/questionnaire.md
follow it. `names` are the model's columns; Bilag 1 asks for the time horizon under purpose, so field 9
has two. The service area comes first on the form: Bilag 1 had one questionnaire an area.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as LazyText

# A round keeps the one that it was opened with. 1 is Bilag 1 as it was in 2021; 2 also asks what an amount
# rests on and whether the initiative is in scope, and warns.
VERSIONS = ((1, _("1 (Bilag 1, 2021)")), (2, _("2 (med beløbsgrundlag og afgrænsning)")))
LATEST_VERSION = 2


@dataclass(frozen=True)
class Question:
    number: int
    names: tuple[str, ...]
    heading: "LazyText"
    guidance: "LazyText"  # may hold {accounts_year}


QUESTIONS = (
    Question(
        1,
        ("title",),
        _("Initiativ"),
        _("En beskrivende titel på initiativet, eller den titel, som kommunen allerede bruger."),
    ),
    Question(
        2,
        ("gross_expenditure",),
        _("Bruttoudgifter"),
        _(
            "Kommunens bruttoudgifter til initiativet i regnskabet for {accounts_year}. "
            "Kun serviceudgifter, i hele 1.000 kr. 1.250 betyder 1.250.000 kr."
        ),
    ),
    Question(
        3,
        ("gross_income",),
        _("Bruttoindtægter"),
        _(
            "Kommunens bruttoindtægter til initiativet i regnskabet for {accounts_year}. "
            "Kun indtægter under servicerammen, i hele 1.000 kr. Skriv 0, hvis der ingen er. "
            "Se også felt 4."
        ),
    ),
    Question(
        4,
        ("funding_sources",),
        _("Finansieringskilder"),
        _(
            "De primære finansieringskilder. Har kommunen indtægter under servicerammen, så vælg, "
            "hvor de kommer fra. Vælg gerne flere."
        ),
    ),
    Question(
        5,
        ("legal_basis",),
        _("Hjemmelsgrundlag"),
        _(
            "Det primære hjemmelsgrundlag for indsatsen. Skriv ”Kommunalfuldmagten”, hvis indsatsen "
            "udspringer af den, og ”ukendt”, hvis hjemlen ikke umiddelbart kendes."
        ),
    ),
    Question(
        6,
        ("primary_target_group",),
        _("Primær målgruppe"),
        _("Hvem er indsatsen primært målrettet?"),
    ),
    Question(
        7,
        ("secondary_target_group",),
        _("Sekundær målgruppe"),
        _("Hvem er indsatsens sekundære målgruppe?"),
    ),
    Question(
        8,
        ("content",),
        _("Indhold"),
        _("Skriv kort, hvad indsatsen konkret består af. Skriv ikke navne eller andre personoplysninger."),
    ),
    Question(
        9,
        ("purpose", "time_horizon"),
        _("Formål og tidshorisont"),
        _(
            "Skriv kort, hvad formålet er, fx at øge beskæftigelsesmuligheder, fremme medborgerskab, "
            "forebygge negativ social kontrol, fremme sundhed eller give lektiehjælp. "
            "Angiv også, hvad tidshorisonten er."
        ),
    ),
    Question(
        10,
        ("target_share",),
        _("Andel af målgruppen, som er flygtninge, indvandrere eller efterkommere"),
        _(
            "Et skøn i hele procent, hvis målgruppen er bredere, fx 75. "
            "Skriv -, hvis det ikke er relevant eller ikke kan opgøres."
        ),
    ),
)

BY_NAME = {name: question for question in QUESTIONS for name in question.names}
AREA_GUIDANCE = _("Det fagområde, som indsatsen hører under.")


def guidance_of(name: str) -> "LazyText | str":
    """The questionnaire's own guidance at a field; "" where it has none (field 9's is at its first part)."""
    if name == "service_area":
        return AREA_GUIDANCE
    question = BY_NAME[name]
    return question.guidance if name == question.names[0] else ""


# A group of radio buttons or checkboxes has no input of its own id; its first one ends in _0.
GROUPS = ("funding_sources", "primary_target_group", "secondary_target_group", "time_horizon")


def anchor(name: str) -> str:
    """Where the field stands on the initiative's form; "" for none."""
    return f"#id_{name}_0" if name in GROUPS else f"#id_{name}" if name else ""


# What one initiative holds, in the order in which every page, file and checksum gives it.
FIELD_NAMES = ("service_area", *BY_NAME)
