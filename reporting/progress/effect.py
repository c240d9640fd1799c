"""What the ministry's adjustments have done to the figures: the same answers once without them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from reporting.breakdowns import Breakdown
from reporting.national import NationalEstimate, estimates_or_refusal
from reporting.returns import MunicipalReturn, amounts
from reporting.totals import RoundTotals
from survey.models import Adjustment


@dataclass(frozen=True)
class Effect:
    """A variable as reported by the municipalities and as it counts after the adjustments: amounts in 1,000
    kr. at the estimate's price level, counts as counts. `extrapolated` is None where that is refused."""

    variable: str
    reported: tuple[Decimal, Decimal] | None
    extrapolated: tuple[float, float] | None

    def per(self, answered: int, everybody: int) -> "Effect":
        """Kr. per inhabitant: the reported over those of the municipalities that answered."""
        return Effect(
            self.variable,
            _per(self.reported, answered) if answered else None,
            _per(self.extrapolated, everybody) if self.extrapolated else None,
        )

    @property
    def in_order(self) -> list:
        """Before, after and the change: of the reported, then of the extrapolated; None for what is not."""
        return [*_with_change(self.reported), *_with_change(self.extrapolated)]


def _with_change(pair) -> tuple:
    return (None, None, None) if pair is None else (*pair, pair[1] - pair[0])


def _per(thousands, inhabitants: int):
    return tuple(1000 * value / inhabitants for value in thousands)


@dataclass(frozen=True)
class Share:
    """What one reviewer has adjusted for one reason; the changes are of the reported sums, 1,000 kr. at the
    estimate's price level."""

    by: int
    reason: str
    count: int
    expenditure: Decimal
    income: Decimal


def without(totals: RoundTotals, adjustments: Sequence[Adjustment]) -> RoundTotals:
    """The totals as they would be without these of its adjustments; nothing is asked of the database."""
    undone: dict[int | None, list[Adjustment]] = defaultdict(list)
    for one in adjustments:
        undone[one.initiative.version_id].append(one)
    return replace(
        totals,
        returns=tuple(
            _without(row, undone[row.version], totals.breakdown) if row.version in undone else row
            for row in totals.returns
        ),
        adjustments=tuple(one for one in totals.adjustments if one not in adjustments),
    )


def _without(row: MunicipalReturn, adjustments: Sequence[Adjustment], by: Breakdown) -> MunicipalReturn:
    """What counts instead goes out of its group, and what was reported goes back into its own."""
    expenditure, income, counts = dict(row.expenditure), dict(row.income), dict(row.counts)
    for one in adjustments:
        moves = [(1, one.initiative)]
        if not one.out_of_scope:
            moves.append((-1, one.adjusted(one.initiative)))
        for sign, initiative in moves:
            group = by.group(getattr(initiative, by.field))
            expenditure[group] = expenditure.get(group, 0) + sign * (initiative.gross_expenditure or 0)
            income[group] = income.get(group, 0) + sign * (initiative.gross_income or 0)
            counts[group] = counts.get(group, 0) + sign
    return replace(
        row, expenditure=expenditure, income=income, counts=counts, initiatives=sum(counts.values())
    )


def effects(national: NationalEstimate, variables: Sequence[str]) -> list[Effect]:
    """Of all adjustments together, on each of the variables, by the estimate's own method."""
    before = without(national.totals, national.totals.adjustments)
    columns = amounts(before.returns, list(national.columns), national.factor)
    estimates, _refusal = estimates_or_refusal(before.returns, columns, national.method)
    found = []
    for name in variables:
        line, estimate = national.lines[name], estimates.get(name)
        reported = (Decimal(sum(columns[name])), Decimal(line.reported.value))
        both = (estimate.total, line.estimate.total) if estimate and line.estimate else None
        found.append(Effect(name, reported, both))
    return found


def shares(national: NationalEstimate) -> list[Share]:
    """By reviewer and reason, those with the most adjustments first; together they are the whole change."""
    groups: dict[tuple[int, str], list[Adjustment]] = defaultdict(list)
    for one in national.totals.adjustments:
        groups[one.by_id, one.reason].append(one)
    found = [
        Share(by, reason, len(mine), *(_change(mine, name, national.factor) for name in AMOUNTS))
        for (by, reason), mine in groups.items()
    ]
    return sorted(found, key=lambda share: (-share.count, share.by, share.reason))


AMOUNTS = ("gross_expenditure", "gross_income")


def _change(adjustments: Sequence[Adjustment], name: str, factor: Decimal) -> Decimal:
    return factor * sum(
        (0 if one.out_of_scope else getattr(one.adjusted(one.initiative), name))
        - getattr(one.initiative, name)
        for one in adjustments
    )
