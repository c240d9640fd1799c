"""The rules of the hit list: those asked at entry (survey/catalogue.py), and those that need the others'
answers. Their ids stand in addresses and in RuleRetirement: they never change their meaning."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from survey.catalogue import SOFT, active

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.utils.functional import _StrPromise as LazyText

PEERS, ANSWER_PEERS = "unlike_peers", "answer_unlike_peers"
CHANGE, ANSWER_CHANGE = "changed", "answer_changed"
DUPLICATE = "duplicate"
LIKE_KRONER = "like_kroner"


@dataclass(frozen=True)
class ReviewRule:
    id: str
    name: "LazyText"


AT_REVIEW = (
    ReviewRule(PEERS, _("Beløbet ligger langt fra andre indsatsers i kommuner af samme størrelse")),
    ReviewRule(ANSWER_PEERS, _("Hele besvarelsen ligger langt fra andre kommuners af samme størrelse")),
    ReviewRule(CHANGE, _("Indsatsens beløb er ændret meget siden den forrige kortlægning")),
    ReviewRule(ANSWER_CHANGE, _("Besvarelsens sum er ændret meget siden den forrige kortlægning")),
    ReviewRule(LIKE_KRONER, _("Beløbet er så langt over områdets, at det kan være skrevet i kroner")),
    ReviewRule(DUPLICATE, _("To indsatser i besvarelsen har næsten samme titel og samme beløb")),
)
# What a soft rule of the questionnaire looks for, in a few words; its text there speaks to the municipality.
AT_ENTRY = {
    "income_above_expenditure": _("Indtægten er større end udgiften"),
    "income_without_source": _("Indtægt uden tilskud fra staten eller private"),
    "source_without_income": _("Tilskud fra staten eller private uden indtægt"),
    "expenditure_zero": _("Udgiften er 0 kr."),
    "expenditure_in_kroner": _("Udgiften kan være skrevet i kroner"),
    "income_in_kroner": _("Indtægten kan være skrevet i kroner"),
    "title_repeated": _("Titlen ligner en anden i besvarelsen"),
    "cpr_number": _("Noget ligner et CPR-nummer"),
    "person_email": _("Noget ligner en persons e-mailadresse"),
    "phone_number": _("Noget ligner et telefonnummer"),
}


def names(accounts_year: int) -> "dict[str, LazyText]":
    """Every rule that can point at something in a round, retired ones too, with its name."""
    asked = active(SOFT, accounts_year)
    return {rule.id: AT_ENTRY[rule.id] for rule in SOFT if rule.id in asked} | {
        rule.id: rule.name for rule in AT_REVIEW
    }


def choices(accounts_year: int, retired: "Collection[str]") -> "list[tuple[str, LazyText]]":
    """The rules to choose among, those out of use marked."""
    mark = _("{rule} (ude af brug)")
    return [
        (rule, format_lazy(mark, rule=name) if rule in retired else name)
        for rule, name in names(accounts_year).items()
    ]
