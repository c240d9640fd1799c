"""What an amount can move: the headline's weights, and the totals that it is held against."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reporting import estimation, price_levels, wording
from reporting.models import PriceRate
from reporting.national import NationalEstimate, estimate_of
from reporting.returns import MunicipalReturn, frame_of
from reporting.review.pointing import Pointed
from reporting.review.reading import Reported
from reporting.strata import EstimateRefused
from reporting.totals import RoundTotals
from survey.models import ServiceArea, SurveyRound

ALL = ""  # the area of a whole answer


@dataclass(frozen=True)
class Scale:
    """Amounts are times `factor` at `price_level`. Without an estimate there are no weights, and `refusal`
    says why."""

    price_level: int
    factor: float
    national: NationalEstimate | None
    refusal: str
    weights: dict[str, float]  # by municipality

    @property
    def se(self) -> float | None:
        """Of the national total, 1,000 kr.; None without one, and when nobody is missing."""
        estimate = self.national.lines["exp_total"].estimate if self.national else None
        return estimate.se or None if estimate else None


def scale_of(survey_round: SurveyRound, totals: RoundTotals) -> Scale:
    """By the headline's method, a, at the round's price level, or at the accounts' own without its rates."""
    rates = PriceRate.objects.percents(totals.as_at)
    level = survey_round.price_level
    try:
        factor = float(price_levels.factor(rates, totals.accounts_year, level))
        national = estimate_of(totals, price_level=level)
    except price_levels.MissingRate as error:
        return Scale(totals.accounts_year, 1.0, None, wording.refusal(error), {})
    if national.refused:
        return Scale(level, factor, None, wording.refusal(national.refused), {})
    weights = estimation.weights(national.method, frame_of(totals.returns))
    by_code = {row.code: weight for row, weight in zip(totals.returns, weights, strict=True)}
    return Scale(level, factor, national, "", by_code)


@dataclass(frozen=True)
class Sums:
    """Weighted totals with all that is in doubt at the expected: one amount in kroner would otherwise make
    every other in its area and region look small. 1,000 kr."""

    areas: dict[str, float]  # of ALL the national total
    regions: dict[str, float]

    def smallest(self, area: str, region: str) -> tuple[float, str]:
        """Of those that an amount of the area and region is a part of, and which it is."""
        of = (
            (self.areas.get(ALL, 0.0), "country"),
            (self.areas.get(area, 0.0), "area"),
            (self.regions.get(region, 0.0), "region"),
        )
        return min((one for one in of if one[0] > 0), key=lambda one: one[0], default=(np.inf, ""))


def steady_se(found: Pointed, totals: RoundTotals, scale: Scale) -> float | None:
    """The national total's SE, 1,000 kr., or the one with all that is in doubt at the expected if that is
    smaller: errors that are still in the list widen it, and would tell a reviewer to stop above them. None
    where there is none."""
    if scale.national is None or scale.se is None:
        return None
    steady = iter(np.where(found.answers.suspicion > 0, found.answers.expected, found.left).tolist())
    column = [next(steady) if row.version is not None else 0 for row in totals.returns]
    frame = frame_of(totals.returns)
    try:
        made = estimation.estimate(scale.national.method, frame, {"exp_total": column}, ())
    except EstimateRefused:
        return scale.se
    return min(scale.se, made["exp_total"].se) or None


def sums_of(found: Pointed, now: Reported, answered: Sequence[MunicipalReturn], scale: Scale) -> Sums:
    weights = np.array([scale.weights.get(row.code, 0.0) for row in answered], dtype=float)
    whole = weights * np.where(found.answers.suspicion > 0, found.answers.expected, found.left)
    regions: dict[str, float] = defaultdict(float)
    for row, total in zip(answered, whole.tolist(), strict=True):
        regions[row.region] += total
    single = weights[now.places] * (found.initiatives.amounts - found.doubts)
    areas = {area: float(single[now.areas == area].sum()) for area in ServiceArea.values}
    return Sums(areas | {ALL: float(whole.sum())}, dict(regions))
