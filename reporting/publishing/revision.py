"""Why two sets of figures of a round differ: step by step from one inputs document to the other.

The steps are taken one after the other, so that they add up: first the answers, then the rates and the
price level, then all the rest. Amounts are gross expenditure in 1,000 kr., as exact fractions of the
floats that the estimator gives: their sum is the difference to the last digit.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from reporting.price_levels import MissingRate
from reporting.publishing import documents
from reporting.strata import EstimateRefused

ANSWERS = (
    "responded",
    "receipt",
    "checksum",
    "submitted_at",
    "nothing_to_report",
    "initiatives",
    "expenditure",
    "income",
    "counts",
)


@dataclass(frozen=True)
class Change:
    """What a municipality changed, in reported gross expenditure at the earlier figures' price level.

    `kind` is "answered", "withdrew", "handed_in_anew" or "adjusted" (by the ministry).
    """

    code: str
    name: str
    kind: str
    amount: Fraction


@dataclass(frozen=True)
class Revision:
    """The parts add exactly to `change`.

    `changes` are the municipalities' own; `for_the_missing` is what they do to the amount that is
    extrapolated for those that have not answered. All but `changes` are None where a step is refused.
    """

    before: float
    after: float
    changes: list[Change]
    for_the_missing: Fraction | None
    rates: Fraction | None
    rest: Fraction | None  # method, population, region and program

    @property
    def change(self) -> Fraction:
        return Fraction(self.after) - Fraction(self.before)

    @property
    def difference(self) -> float:
        """`change` as the page rounds it."""
        return float(self.change)

    @property
    def percent(self) -> float | None:
        return float(100 * self.change / Fraction(self.before)) if self.before else None


def revision(before: dict, total_before: float, after: dict, total_after: float) -> Revision:
    """Of two inputs documents of one round and the totals that were made of them."""
    changes = _changes(before, after)
    parts: tuple[Fraction, Fraction, Fraction] | tuple[None, None, None]
    try:
        again = _total(before)
        answered = _total(with_answers := _with_answers(before, after))
        priced = _total(with_answers | {name: after[name] for name in ("rates", "price_level")})
    except (EstimateRefused, MissingRate):
        parts = (None, None, None)
    else:
        own = sum((change.amount for change in changes), Fraction(0))
        rest = Fraction(total_after) - Fraction(total_before) - (priced - again)
        parts = (answered - again - own, priced - answered, rest)
    return Revision(total_before, total_after, changes, *parts)


def headline(outputs: dict) -> float:
    """The total gross expenditure by the document's own method."""
    return outputs["methods"][outputs["basis"]["method"]]["estimates"]["exp_total"]["total"]


def _total(inputs: dict) -> Fraction:
    return Fraction(documents.total(inputs).total)


def _with_answers(before: dict, after: dict) -> dict:
    """The earlier population, regions and method with the later answers."""
    later = {row["code"]: row for row in after["municipalities"]}
    return before | {
        "municipalities": [
            row | {name: later[row["code"]][name] for name in ANSWERS} if row["code"] in later else row
            for row in before["municipalities"]
        ]
    }


def _changes(before: dict, after: dict) -> list[Change]:
    """Those that answered otherwise, the largest change first; a change of nothing is named too."""
    factor = documents.factor_of(before)
    later = {row["code"]: row for row in after["municipalities"]}
    adjusted_before, adjusted_after = _adjustments(before), _adjustments(after)
    found = []
    for row in before["municipalities"]:
        code = row["code"]
        now = later.get(code, row)
        corrected = adjusted_before.get(code) != adjusted_after.get(code)
        if kind := _kind(row, now, corrected):
            amount = Fraction(_expenditure(now, factor)) - Fraction(_expenditure(row, factor))
            found.append(Change(code, row["name"], kind, amount))
    return sorted(found, key=lambda change: (-abs(change.amount), change.code))


def _kind(row: dict, now: dict, corrected: bool) -> str:
    if row["responded"] != now["responded"]:
        return "answered" if now["responded"] else "withdrew"
    if row["receipt"] != now["receipt"]:
        return "handed_in_anew"
    return "adjusted" if corrected or any(row[name] != now[name] for name in ANSWERS) else ""


def _adjustments(found: dict) -> dict[str, list[int]]:
    by_municipality: dict[str, list[int]] = {}
    for one in found["adjustments"]:
        by_municipality.setdefault(one["municipality"], []).append(one["id"])
    return by_municipality


def _expenditure(row: dict, factor: Decimal) -> Decimal:
    return factor * sum(row["expenditure"].values())
