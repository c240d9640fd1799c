"""From the municipalities that answered to all of them: estimators, their errors and their intervals.

Pure numpy and scipy. It is a census with non-response: the n that answered are treated as drawn at
random without replacement from the N of their stratum, so 1 - f with f = n/N stays in every variance.
Source: Särndal, Swensson & Wretman (1992), Model Assisted Survey Sampling, 5.6, 7.3, 7.7 and 11.5;
docs/statistics.md gives the formulas; the tests compare with R's package survey 4.1-1.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy import stats

from reporting.strata import METHODS, Amount, EstimateRefused, Frame, Stratum, strata_of, weights_of

CONFIDENCE = 0.95
CV_CAUTION, CV_TOO_UNCERTAIN = 16.5, 33.0  # per cent


@dataclass(frozen=True)
class Estimate:
    """A total for all municipalities, in the unit of the amounts that it was made from.

    `se` is linearized, `se_jackknife` by deleting one municipality at a time; both are exactly 0 when
    all have answered. `interval` is the 95 per cent t interval. Without `se_is_informative` (nobody in
    an incomplete stratum reported anything but 0) the SE says nothing about those that are missing.
    """

    reported: float
    total: float
    se: float
    se_jackknife: float
    df: int
    interval: tuple[float, float]
    se_is_informative: bool

    @property
    def cv(self) -> float | None:
        """Coefficient of variation in per cent; None for a total of 0."""
        return 100 * self.se / abs(self.total) if self.total else None

    @property
    def note(self) -> str | None:
        """'uninformative', 'too_uncertain', 'caution' or None."""
        if not self.se_is_informative:
            return "uninformative"
        if self.cv is None or self.cv <= CV_CAUTION:
            return None
        return "too_uncertain" if self.cv > CV_TOO_UNCERTAIN else "caution"


@dataclass(frozen=True)
class Ratio:
    """A quotient of two sums over the respondents, in the unit of its amounts, with its linearized SE."""

    value: float
    se: float


@dataclass(frozen=True)
class Sensitivity:
    """The total if those that are missing had 0, or a quartile of the respondents' amount an inhabitant.

    `rates` are those quartiles (amount per inhabitant), `missing` the inhabitants that they stand for.
    """

    zero: float
    lower_quartile: float
    median: float
    upper_quartile: float
    rates: tuple[float, float, float]
    missing: int


def estimate(
    method: str,
    frame: Frame,
    amounts: Mapping[str, Sequence[Amount | None]],
    may_be_negative: Collection[str] = (),
) -> dict[str, Estimate]:
    """Every variable's total by a method of METHODS.

    Each of `amounts` is as long as the frame; what stands for a municipality that has not answered is
    not read. Of the variables that `may_be_negative` (net expenditure) the reported total is no floor
    under the interval. Raises EstimateRefused.
    """
    strata = strata_of(method, frame, amounts)
    pairs = zip(strata, weights_of(strata, METHODS[method].combined), strict=True)
    total = sum(weight * stratum.y.sum(0) for stratum, weight in pairs)
    errors = _combined_errors if METHODS[method].combined else _separate_errors
    variance, jackknife = errors(strata, total)
    df = sum(stratum.n - 1 for stratum in strata if not stratum.is_complete)
    reported = sum(stratum.y.sum(0) for stratum in strata)
    informative = np.all([stratum.y.any(0) | stratum.is_complete for stratum in strata], axis=0)
    found = {}
    for number, variable in enumerate(amounts):
        found[variable] = _estimate(
            float(reported[number]),
            float(total[number]),
            float(variance[number]),
            float(jackknife[number]),
            df,
            bool(informative[number]),
            None if variable in may_be_negative else variable,
        )
    return found


def by_region(
    frame: Frame, amounts: Mapping[str, Sequence[Amount | None]], may_be_negative: Collection[str] = ()
) -> dict[str, dict[str, Estimate] | EstimateRefused]:
    """Each region's totals by its own respondents' ratio: the terms that b's national total adds."""
    found: dict[str, dict[str, Estimate] | EstimateRefused] = {}
    for region in sorted(set(frame.regions)):
        rows = [place for place, label in enumerate(frame.regions) if label == region]
        part = Frame(
            tuple(frame.inhabitants[row] for row in rows), tuple(frame.responded[row] for row in rows)
        )
        mine = {variable: [column[row] for row in rows] for variable, column in amounts.items()}
        try:
            found[region] = estimate("a", part, mine, may_be_negative)
        except EstimateRefused as refusal:
            found[region] = refusal
    return found


def weights(method: str, frame: Frame) -> list[float]:
    """What each municipality's amounts are multiplied by; 0 for those that have not answered."""
    strata = strata_of(method, frame, {})
    found = [0.0] * len(frame.inhabitants)
    for stratum, weight in zip(strata, weights_of(strata, METHODS[method].combined), strict=True):
        for row in stratum.rows:
            found[row] = weight
    return found


def ratio(frame: Frame, numerator: Sequence[Amount | None], denominator: Sequence[Amount | None]) -> Ratio:
    """Of sums over the respondents, such as kr. per initiative: sum y / sum z, SE by SSW 5.6.2."""
    (stratum,) = strata_of("a", frame, {"y": numerator, "z": denominator})
    y, z = stratum.y.T
    if not z.any():
        raise EstimateRefused("no_scale")
    value, n = y.sum() / z.sum(), stratum.n
    if stratum.is_complete:
        return Ratio(float(value), 0.0)
    spread = ((y - value * z) ** 2).sum() / (n - 1)
    return Ratio(float(value), float(np.sqrt(stratum.missing * spread / n) / z.mean()))


def count(frame: Frame, is_so: Sequence[bool], by: str = "a") -> Ratio:
    """How many municipalities, by expansion N/n within the strata of a method (not by inhabitants)."""
    total = variance = 0.0
    for stratum in strata_of(by, frame, {"is_so": is_so}):
        y, n = stratum.y[:, 0], stratum.n
        total += stratum.size / n * y.sum()
        if not stratum.is_complete:
            variance += stratum.size**2 * stratum.missing / n * y.var(ddof=1)
    return Ratio(float(total), float(np.sqrt(variance)))


def sensitivity(frame: Frame, amounts: Sequence[Amount | None]) -> Sensitivity:
    """Quartiles of type 7, those of municipalities and not of inhabitants. Raises EstimateRefused."""
    rows = zip(frame.inhabitants, frame.responded, amounts, strict=True)
    answered = sorted((x, float(y)) for x, responded, y in rows if responded and y is not None)
    if not answered:
        raise EstimateRefused("no_respondent", stratum="", size=len(frame.inhabitants))
    x, y = np.array(answered).T
    missing = sum(frame.inhabitants) - int(x.sum())
    low, middle, high = (float(rate) for rate in np.quantile(y / x, [0.25, 0.5, 0.75]))
    reported = float(y.sum())
    return Sensitivity(
        zero=reported,
        lower_quartile=reported + low * missing,
        median=reported + middle * missing,
        upper_quartile=reported + high * missing,
        rates=(low, middle, high),
        missing=missing,
    )


def _separate_errors(strata: list[Stratum], _total) -> tuple[np.ndarray, np.ndarray]:
    """Linearized and jackknife variance, both sums over the strata (SSW 7.7 and 11.5).

    V_h = (X_h/X^_h)^2 N^2 (1-f)/n s^2_e with e = y - R_h x; V_jk = (1-f) (n-1)/n sum (t_(-i) - t_h)^2,
    about the full estimate (R's JK1 and JKn with mse=TRUE).
    """
    linear = jackknife = np.zeros(strata[0].y.shape[1])
    for s in (s for s in strata if not s.is_complete):
        sum_y, sum_x = s.y.sum(0), s.x.sum()
        residuals = s.y - s.x[:, None] * (sum_y / sum_x)
        g = s.scale / (s.size / s.n * sum_x)
        linear = linear + g**2 * s.size**2 * s.missing / s.n * (residuals**2).sum(0) / (s.n - 1)
        left_out = s.scale * (sum_y - s.y) / (sum_x - s.x)[:, None]
        deviations = left_out - s.scale * sum_y / sum_x
        jackknife = jackknife + s.missing * (s.n - 1) / s.n * (deviations**2).sum(0)
    return linear, jackknife


def _combined_errors(strata: list[Stratum], total) -> tuple[np.ndarray, np.ndarray]:
    """One ratio for all strata (Cochran 1977, 6.11): e = y - R x centred within strata, one (X/X^)^2."""
    expanded = [(s.size / s.n * s.y.sum(0), s.size / s.n * s.x.sum()) for s in strata]
    all_y, all_x = (sum(parts) for parts in zip(*expanded, strict=True))
    scale = sum(s.scale for s in strata)
    linear = jackknife = np.zeros(strata[0].y.shape[1])
    for s, (part_y, part_x) in zip(strata, expanded, strict=True):
        if s.is_complete:
            continue
        residuals = s.y - s.x[:, None] * (all_y / all_x)
        linear = linear + s.size**2 * s.missing / s.n * residuals.var(axis=0, ddof=1)
        again = s.size / (s.n - 1)
        left_y = all_y - part_y + again * (s.y.sum(0) - s.y)
        left_x = all_x - part_x + again * (s.x.sum() - s.x)
        deviations = scale * left_y / left_x[:, None] - total
        jackknife = jackknife + s.missing * (s.n - 1) / s.n * (deviations**2).sum(0)
    return linear * (scale / all_x) ** 2, jackknife


@cache
def quantile(df: int) -> float:
    """Of the t distribution, for the 95 per cent interval."""
    return float(stats.t.ppf((1 + CONFIDENCE) / 2, df))


def _estimate(
    reported: float,
    total: float,
    variance: float,
    jackknife: float,
    df: int,
    informative: bool,
    floor: str | None,
) -> Estimate:
    """`floor` is the variable's name when its total cannot be below what is reported."""
    if floor and total < reported * (1 - 1e-9):
        raise EstimateRefused("below_reported", variable=floor, total=total, reported=reported)
    se = float(np.sqrt(variance))
    low = high = total
    if se > 0:
        reach = quantile(df) * se
        low, high = total - reach, total + reach
    if floor:
        low, high = max(low, reported), max(high, reported)
    return Estimate(reported, total, se, float(np.sqrt(jackknife)), df, (low, high), informative)
