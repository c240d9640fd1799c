"""Why a rule points at something, in Danish sentences with the numbers."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reporting.review import catalogue
from reporting.templatetags.amounts import formatted

PEERS = {
    "small": gettext_lazy("kommuner under 50.000 indbyggere"),
    "medium": gettext_lazy("kommuner med 50.000 til 100.000 indbyggere"),
    "large": gettext_lazy("kommuner med mindst 100.000 indbyggere"),
    "all": gettext_lazy("alle kommuner (for få af kommunens størrelse har svaret)"),
}


AT_MOST = 120  # characters of the municipality's own words


@dataclass(slots=True)
class Facts:
    """Amounts in 1,000 kr. at `price_level`, `median` in 1,000 kr. per inhabitant; `before` is NaN, and
    `before_year` None, without an earlier round. `repeats` is the title of what a duplicate repeats;
    `passed` by rule what the municipality wrote to pass it at entry, for the rows of a page (shown.py)."""

    amount: float
    inhabitants: int
    median: float
    before: float
    price_level: int
    before_year: int | None
    peers: str
    area_median: float = 0.0  # of the amounts in its area, 1,000 kr.
    is_answer: bool = False
    without: bool = False  # the most doubtful initiative, which is at the expected in `amount`
    repeats: str = ""
    passed: dict[str, str] = field(default_factory=dict)


def reasons_of(rules: Sequence[str], facts: Facts) -> tuple[str, ...]:
    return tuple(_reason(rule, facts) for rule in rules)


def _reason(rule: str, facts: Facts) -> str:
    if rule in (catalogue.PEERS, catalogue.ANSWER_PEERS):
        return _beside_peers(facts)
    if rule in (catalogue.CHANGE, catalogue.ANSWER_CHANGE):
        return _beside_before(facts)
    if rule == catalogue.DUPLICATE:
        return _("Næsten samme titel og samme beløb som ”%(title)s” i samme besvarelse.") % {
            "title": facts.repeats
        }
    if rule == catalogue.LIKE_KRONER:
        return _("%(amount)s (1.000 kr., %(level)s-priser) er %(times)s for indsatser på området.") % {
            "amount": formatted(facts.amount, 0),
            "level": facts.price_level,
            "times": _times(facts.amount, facts.area_median),
        }
    return _at_entry(rule, facts)


def _at_entry(rule: str, facts: Facts) -> str:
    name = str(catalogue.AT_ENTRY.get(rule, rule))
    figures = _beside_the_median(facts) if rule == "expenditure_in_kroner" else ""
    what = f"{name}: {figures}" if figures else name.removesuffix(".")  # "0 kr." has one
    said = facts.passed.get(rule)
    if not said:
        return f"{what}. {_('Kommunen har begrundet det.')}"
    own = _("Kommunen: ”%(reason)s”") % {"reason": Truncator(said).chars(AT_MOST)}
    return f"{what}. {own}"


def _beside_the_median(facts: Facts) -> str:
    """Nothing where the amount is no longer above it, as when it has been corrected."""
    rate = facts.amount / facts.inhabitants
    if not 0 < facts.median < rate:
        return ""
    return _(
        "%(amount)s (1.000 kr., %(level)s-priser), %(times)s pr. indbygger for indsatser i %(peers)s"
    ) % {
        "amount": formatted(facts.amount, 0),
        "level": facts.price_level,
        "times": _times(rate, facts.median),
        "peers": PEERS[facts.peers],
    }


def _beside_peers(facts: Facts) -> str:
    rate = facts.amount / facts.inhabitants
    words = {
        "kroner": _kroner(rate),
        "level": facts.price_level,
        "peers": PEERS[facts.peers],
        "times": _times(rate, facts.median),
    }
    if facts.median <= 0:
        text = _(
            "%(kroner)s kr. pr. indbygger (%(level)s-pris- og lønniveau), "
            "hvor medianen for %(peers)s er 0 kr."
        )
    elif facts.without:
        text = _(
            "%(kroner)s kr. pr. indbygger i alt (%(level)s-pris- og lønniveau), %(times)s for %(peers)s, "
            "selv når den mest tvivlsomme indsats regnes med det forventede beløb."
        )
    elif facts.is_answer:
        text = _(
            "%(kroner)s kr. pr. indbygger i alt (%(level)s-pris- og lønniveau), %(times)s for %(peers)s."
        )
    else:
        text = _(
            "%(kroner)s kr. pr. indbygger (%(level)s-pris- og lønniveau), "
            "%(times)s for indsatser i %(peers)s."
        )
    return text % words


def _beside_before(facts: Facts) -> str:
    words = {
        "old": formatted(facts.before, 0),
        "new": formatted(facts.amount, 0),
        "level": facts.price_level,
        "year": facts.before_year,
    }
    if facts.without:
        text = _(
            "Når den mest tvivlsomme indsats regnes med det forventede beløb, er summen ændret fra %(old)s "
            "til %(new)s siden %(year)s (1.000 kr., %(level)s-priser)."
        )
    elif facts.is_answer:
        text = _("Summen er ændret fra %(old)s til %(new)s siden %(year)s (1.000 kr., %(level)s-priser).")
    else:
        text = _("Ændret fra %(old)s til %(new)s siden %(year)s (1.000 kr., %(level)s-priser).")
    return text % words


def _kroner(thousands: float) -> str:
    """With the decimals that a small amount needs."""
    kroner = 1000 * thousands
    if 0 < kroner < 0.005:
        return _("Under 0,01")
    return formatted(kroner, 0 if kroner >= 10 else 1 if kroner >= 1 else 2)


def _times(rate: float, median: float) -> str:
    if median <= 0:
        return ""
    ratio = rate / median
    if ratio >= 1:
        return _("%(n)s gange medianen") % {"n": formatted(ratio, 0 if ratio >= 10 else 1)}
    return _("1/%(n)s af medianen") % {"n": formatted(1 / ratio, 0 if ratio <= 0.1 else 1)}
