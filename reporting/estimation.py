"""From the municipalities that answered to all of them: estimators, their errors and their intervals.

Pure numpy and scipy. It is a census with non-response: the n that answered are treated as drawn at
random without replacement from the N of their group, so 1 - f with f = n/N stays in every variance.
Source: Särndal, Swensson & Wretman (1992), Model Assisted Survey Sampling, 5.6, 7.3 and 11.5;
docs/statistics.md gives the formulas; the tests compare with R's package survey 4.1-1.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import cast

import numpy as np
from scipy import stats

CONFIDENCE = 0.95
CV_CAUTION, CV_TOO_UNCERTAIN = 16.5, 33.0  # per cent

Amount = int | Decimal | float


class EstimateRefused(Exception):
    """No figure, and why: a machine-readable `code` with its `parameters`; never a NaN.

    Codes: no_respondent (size), single_respondent (size), no_inhabitants (count),
    below_reported (total, reported).
    """

    def __init__(self, code: str, **parameters):
        super().__init__(code)
        self.code = code
        self.parameters = parameters


@dataclass(frozen=True)
class Frame:
    """All N municipalities, in any order: inhabitants (persons, > 0) and whether each has answered."""

    inhabitants: tuple[int, ...]
    responded: tuple[bool, ...]


@dataclass(frozen=True)
class Estimate:
    """A national (or regional) total, in the unit of the amounts that it was made from.

    `se` is linearized, `se_jackknife` by deleting one municipality at a time; both are exactly 0 when
    all have answered. `interval` is the 95 per cent t interval. Without `se_is_informative` (nobody
    reported anything but 0) an SE of 0 says nothing about the missing.
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
class _Group:
    """A stratum: its respondents' amounts y and inhabitants x, and its N and X over all its members."""

    y: np.ndarray
    x: np.ndarray
    size: int
    inhabitants: float

    @property
    def is_complete(self) -> bool:
        return len(self.y) == self.size


def ratio(frame: Frame, amounts: Sequence[Amount | None], *, may_be_negative: bool = False) -> Estimate:
    """Method a, the report's own: X * sum_r y / sum_r x over the whole frame (SSW 7.3).

    `amounts` is as long as the frame; what stands for a municipality that has not answered is not
    read. With `may_be_negative` (net expenditure) the reported total is no floor under the interval.
    Raises EstimateRefused. Sums are exact (fsum), so the order of the rows never shows in a result.
    """
    group = _group(frame, amounts)
    total, variance, jackknife = _ratio_of_group(group)
    return _estimate([group], total, variance, jackknife, may_be_negative)


METHODS: dict[str, Callable[..., Estimate]] = {"a": ratio}


def _group(frame: Frame, amounts: Sequence[Amount | None]) -> _Group:
    rows = list(zip(frame.inhabitants, frame.responded, amounts, strict=True))
    answered = [(float(cast(Amount, y)), float(x)) for x, responded, y in rows if responded]
    without_inhabitants = sum(x <= 0 for x in frame.inhabitants)
    if without_inhabitants:
        raise EstimateRefused("no_inhabitants", count=without_inhabitants)
    if not answered:
        raise EstimateRefused("no_respondent", size=len(rows))
    if len(answered) == 1 < len(rows):
        raise EstimateRefused("single_respondent", size=len(rows))
    y, x = np.array(answered).T
    return _Group(y, x, len(rows), math.fsum(frame.inhabitants))


def _ratio_of_group(group: _Group) -> tuple[float, float, float]:
    """Total, linearized variance and jackknife variance of X * sum y / sum x.

    V = (X/X^)^2 * N^2 (1-f)/n * s^2_e with e = y - R x, X^ = N/n sum x (SSW 7.3.5, the g-weighted
    form); V_jk = (1-f) (n-1)/n * sum (t_(-i) - t)^2, about the full estimate (R's JK1 with mse=TRUE).
    """
    sum_y, sum_x = math.fsum(group.y), math.fsum(group.x)
    if group.is_complete:
        return sum_y, 0.0, 0.0
    n, size, inhabitants = len(group.y), group.size, group.inhabitants
    total = inhabitants * sum_y / sum_x
    missing = 1 - n / size
    residuals = group.y - sum_y / sum_x * group.x
    g = inhabitants / (size / n * sum_x)
    variance = g**2 * size**2 * missing / n * math.fsum(residuals**2) / (n - 1)
    left_out = inhabitants * (sum_y - group.y) / (sum_x - group.x)
    jackknife = missing * (n - 1) / n * math.fsum((left_out - total) ** 2)
    return total, variance, jackknife


@cache
def _quantile(df: int) -> float:
    return float(stats.t.ppf((1 + CONFIDENCE) / 2, df))


def _estimate(groups: list[_Group], total, variance, jackknife, may_be_negative: bool) -> Estimate:
    reported = math.fsum(amount for group in groups for amount in group.y)
    if not may_be_negative and total < reported * (1 - 1e-9):
        raise EstimateRefused("below_reported", total=total, reported=reported)
    se = math.sqrt(variance)
    df = sum(len(group.y) - 1 for group in groups if not group.is_complete)
    low = high = total
    if se > 0:
        reach = _quantile(df) * se
        low, high = total - reach, total + reach
    if not may_be_negative:
        low = max(low, reported)
    return Estimate(
        reported=reported,
        total=total,
        se=se,
        se_jackknife=math.sqrt(jackknife),
        df=df,
        interval=(low, high),
        se_is_informative=all(group.is_complete or group.y.any() for group in groups),
    )
