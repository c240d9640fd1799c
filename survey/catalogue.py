"""All rules for what is entered: the one place where they stand, with their words.

A hard rule refuses; a soft one warns, and a written reason passes it. A rule's id is stored with reasons
and sealed with versions: it never changes its meaning. survey/checks.py judges the soft ones.
"""

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from survey.questionnaire import FIELD_NAMES, anchor

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as LazyText

BILAG_1 = 2019  # the accounts year of the first round; its questionnaire is the report's Bilag 1
FIRST_WITH_WARNINGS = 2025  # what was handed in before is not asked about afterwards
TEXT_FIELDS = ("title", "legal_basis", "content", "purpose", "scope_reason")


class Severity(Enum):
    HARD = "hard"
    SOFT = "soft"


@dataclass(frozen=True)
class Rule:
    id: str
    severity: Severity
    fields: tuple[str, ...]  # the first is where it is shown, unless the text says where it was found
    text: "LazyText"  # what is wrong and the remedy; may hold {title} or {where}
    active_from: int  # accounts year of the first round that it holds for

    @property
    def anchor(self) -> str:
        """Where it is shown on the form."""
        return anchor(self.fields[0])


MISSING = {
    "service_area": _("Vælg det område, som indsatsen hører under."),
    "title": _("Skriv indsatsens titel i felt 1."),
    "gross_expenditure": _("Skriv bruttoudgiften i felt 2 i hele 1.000 kr., fx 1.250."),
    "gross_income": _("Skriv bruttoindtægten i felt 3 i hele 1.000 kr., eller 0, hvis der ingen er."),
    "funding_sources": _("Vælg mindst en finansieringskilde i felt 4."),
    "legal_basis": _("Skriv hjemmelsgrundlaget i felt 5, eller ”ukendt”, hvis det ikke kendes."),
    "primary_target_group": _("Vælg a, b eller c som primær målgruppe i felt 6."),
    "secondary_target_group": _("Vælg den sekundære målgruppe i felt 7."),
    "content": _("Skriv i felt 8, hvad indsatsen består af."),
    "purpose": _("Skriv i felt 9, hvad formålet er."),
    "time_horizon": _("Vælg tidshorisonten i felt 9."),
    "target_share": _("Skriv andelen i felt 10 i hele procent, eller -, hvis den ikke kan opgøres."),
}
_NEGATIVE = _("{label} kan ikke være negativ. Skriv beløbet i hele 1.000 kr., fx 1.250.")
_DECIMALS = _(
    "Skriv {name} i hele 1.000 kr. uden decimaler, fx 1.250 eller 1250. "
    "Punktum skiller tusinder, og komma bruges ikke."
)


def _hard(rule_id: str, field: str, text) -> Rule:
    return Rule(rule_id, Severity.HARD, (field,), text, BILAG_1)


HARD = (
    *(_hard(f"{name}_missing", name, MISSING[name]) for name in FIELD_NAMES),
    _hard("expenditure_negative", "gross_expenditure", format_lazy(_NEGATIVE, label=_("Bruttoudgiften"))),
    _hard("income_negative", "gross_income", format_lazy(_NEGATIVE, label=_("Bruttoindtægten"))),
    _hard("expenditure_not_whole", "gross_expenditure", format_lazy(_DECIMALS, name=_("bruttoudgiften"))),
    _hard("income_not_whole", "gross_income", format_lazy(_DECIMALS, name=_("bruttoindtægten"))),
    _hard(
        "share_not_a_percentage",
        "target_share",
        _("Skriv andelen i hele procent fra 0 til 100, fx 75, eller - hvis den ikke kan opgøres."),
    ),
    _hard(
        "area_stated_empty",
        "service_area",
        _(
            "Området er erklæret uden indsatser. Tag den erklæring tilbage på besvarelsens side, "
            "eller vælg et andet område."
        ),
    ),
)


def _soft(rule_id: str, fields: tuple[str, ...], text) -> Rule:
    return Rule(rule_id, Severity.SOFT, fields, text, FIRST_WITH_WARNINGS)


SOFT = (
    _soft(
        "income_above_expenditure",
        ("gross_income", "gross_expenditure"),
        _(
            "Bruttoindtægten er større end bruttoudgiften. Se begge beløb efter. "
            "Er de rigtige, så skriv hvorfor."
        ),
    ),
    _soft(
        "income_without_source",
        ("funding_sources", "gross_income"),
        _(
            "Der er en bruttoindtægt i felt 3, men hverken staten eller private er valgt her. Vælg, hvor "
            "indtægten kommer fra, ret den til 0, eller skriv, hvorfor det er rigtigt."
        ),
    ),
    _soft(
        "source_without_income",
        ("gross_income", "funding_sources"),
        _(
            "I felt 4 er der valgt tilskud fra staten eller private, men bruttoindtægten er 0. Skriv "
            "indtægten, ret felt 4, eller skriv, hvorfor det er rigtigt."
        ),
    ),
    _soft(
        "expenditure_zero",
        ("gross_expenditure",),
        _(
            "Bruttoudgiften er 0 kr. Skriv udgiften i hele 1.000 kr., eller skriv, hvorfor indsatsen "
            "ikke har kostet noget."
        ),
    ),
    _soft(
        "expenditure_in_kroner",
        ("gross_expenditure",),
        _(
            "Bruttoudgiften er meget større end andre kommuners på området. Er den skrevet i kroner? "
            "1.250.000 kr. skrives 1.250. Er beløbet rigtigt, så skriv hvorfor."
        ),
    ),
    _soft(
        "income_in_kroner",
        ("gross_income",),
        _(
            "Bruttoindtægten er meget større end andre kommuners på området. Er den skrevet i kroner? "
            "1.250.000 kr. skrives 1.250. Er beløbet rigtigt, så skriv hvorfor."
        ),
    ),
    _soft(
        "title_repeated",
        ("title",),
        _(
            "Titlen ligner en anden indsats i besvarelsen: ”{title}”. Er det den samme indsats, så slet "
            "den ene. Er det to, så skriv, hvad der skiller dem."
        ),
    ),
    _soft(
        "cpr_number",
        TEXT_FIELDS,
        _(
            "Der står noget, der ligner et CPR-nummer ({where}). Det må ikke stå her: Besvarelsen læses "
            "og gemmes af ministeriet og skal ikke handle om enkeltpersoner. Slet det. Er det et andet "
            "nummer, så skriv, hvad det er, men ikke selve nummeret."
        ),
    ),
    _soft(
        "person_email",
        TEXT_FIELDS,
        _(
            "Der står en e-mailadresse, der kan være en persons ({where}). Besvarelsen læses og gemmes af "
            "ministeriet og skal ikke have personoplysninger. Slet den, eller skriv, hvorfor den ikke er "
            "en persons."
        ),
    ),
    _soft(
        "phone_number",
        TEXT_FIELDS,
        _(
            "Der står noget, der ligner et telefonnummer ({where}). Besvarelsen læses og gemmes af "
            "ministeriet og skal ikke have personoplysninger. Slet det, eller skriv, hvorfor det ikke er "
            "en persons."
        ),
    ),
)

RULES = (*HARD, *SOFT)
BY_ID = {rule.id: rule for rule in RULES}
SOFT_IDS = frozenset(rule.id for rule in SOFT)


def active(rules: tuple[Rule, ...], accounts_year: int) -> frozenset[str]:
    """Ids of those that hold for a round."""
    return frozenset(rule.id for rule in rules if rule.active_from <= accounts_year)
