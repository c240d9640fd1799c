"""Who carries the figures: the largest initiatives and municipalities, and what the five largest have."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from reporting.behind import initiatives_behind
from reporting.breakdowns import SERVICE_AREA
from reporting.national import NationalEstimate
from reporting.returns import MunicipalReturn
from reporting.totals import RoundTotals
from survey.models import Adjustment, ReportedInitiative, SurveyRound

FIRST = 10  # initiatives that are shown
FIVE = 5


def of_area(totals: RoundTotals, area: str) -> RoundTotals:
    """The same with every return cut down to one area, and the adjustments to those in, out of or into it."""

    def cut(row: MunicipalReturn) -> MunicipalReturn:
        count = row.counts.get(area, 0)
        return replace(
            row,
            expenditure={area: row.expenditure.get(area, 0)},
            income={area: row.income.get(area, 0)},
            counts={area: count},
            initiatives=count,
        )

    def touches(one: Adjustment) -> bool:
        return area in (one.initiative.service_area, one.adjusted(one.initiative).service_area)

    adjustments = tuple(one for one in totals.adjustments if touches(one))
    return replace(totals, returns=tuple(cut(row) for row in totals.returns), adjustments=adjustments)


@dataclass(frozen=True)
class LargeInitiative:
    """As it counts; 1,000 kr. at the price level, and per cent of what is reported in the same part."""

    initiative: ReportedInitiative
    adjustment: Adjustment | None
    amount: Decimal
    share: float


def largest_initiatives(
    survey_round: SurveyRound, national: NationalEstimate, area: str, initiatives
) -> list[LargeInitiative]:
    """Of the part of the round that `national` is of: its region, and the area that it was cut down to."""
    behind = initiatives_behind(
        survey_round,
        national.totals.as_at,
        initiatives=initiatives,
        region=national.region,
        group=(SERVICE_AREA, area) if area else None,
    )
    reported = Decimal(national.lines["exp_total"].reported.value)
    found = []
    for initiative, adjustment in behind.counting(list(behind.initiatives[:FIRST])):
        amount = initiative.gross_expenditure * national.factor
        share = float(100 * amount / reported) if reported else 0.0
        found.append(LargeInitiative(initiative, adjustment, amount, share))
    return found


@dataclass(frozen=True)
class Share:
    """What some municipalities reported themselves, 1,000 kr. at the price level, in per cent of what all
    reported and of what is extrapolated to all (None: nothing to divide by), and of all inhabitants."""

    rows: tuple[MunicipalReturn, ...]
    amount: Decimal
    of_reported: float | None
    of_total: float | None
    of_inhabitants: float

    @property
    def silent(self) -> list[str]:
        return [row.name for row in self.rows if not row.responded]


def five_by_inhabitants(national: NationalEstimate) -> Share:
    """Of all that were asked; one that has not answered counts with nothing."""
    returns = national.totals.returns
    return _share(
        national, sorted(range(len(returns)), key=lambda n: (-returns[n].inhabitants, returns[n].code))
    )


def five_by_expenditure(national: NationalEstimate) -> Share:
    returns, amounts = national.totals.returns, national.columns["exp_total"]
    answered = [n for n, row in enumerate(returns) if row.responded]
    return _share(national, sorted(answered, key=lambda n: (-amounts[n], returns[n].code)))


def _share(national: NationalEstimate, places: Sequence[int]) -> Share:
    returns, line = national.totals.returns, national.lines["exp_total"]
    mine = places[:FIVE]
    amount = Decimal(sum(national.columns["exp_total"][n] for n in mine))
    reported, total = Decimal(line.reported.value), line.estimate.total if line.estimate else 0.0
    return Share(
        rows=tuple(returns[n] for n in mine),
        amount=amount,
        of_reported=float(100 * amount / reported) if reported else None,
        of_total=100 * float(amount) / total if total else None,
        of_inhabitants=100 * sum(returns[n].inhabitants for n in mine) / national.coverage.inhabitants,
    )
