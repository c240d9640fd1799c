"""How unlike the others an amount is, and what it can move. Pure.

Scores only rank what a reviewer reads; no figure is ever corrected by them. Zeros are kept apart: a zero
has no logarithm and no ratio, and is a question of its own. NaN: nothing is said of the amount.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

NORMAL = 0.6745  # the MAD of a normal distribution in standard deviations
Z_LIMIT = 3.5  # Iglewicz & Hoaglin (1993)
FAR_OUT = 3.0  # Tukey (1977): interquartile ranges above the upper quartile
LEAST_CHANGE = 0.1  # about the others' change: below it nothing has "changed a lot", however alike they are
CERTAIN = 20.0  # the most that is said; docs/statistics.md, "What to look at first"


@dataclass(frozen=True)
class HidiroglouBerthelot:
    """Of each pair its change s about the median ratio and its score E, NaN where a year has a zero."""

    changes: np.ndarray
    scores: np.ndarray
    median: float
    bounds: tuple[float, float]

    @property
    def flagged(self) -> tuple[int, ...]:
        """The places of the scores outside the bounds."""
        low, high = self.bounds
        return tuple(int(n) for n in np.flatnonzero((self.scores < low) | (self.scores > high)))

    @property
    def degrees(self) -> np.ndarray:
        """The score's distance from the median over its bound's, 0 for less than the least change."""
        low, high = self.bounds
        reach = np.where(self.scores < self.median, self.median - low, high - self.median)
        with np.errstate(divide="ignore", invalid="ignore"):
            degrees = np.abs(self.scores - self.median) / reach
        return np.where(np.abs(self.changes) >= LEAST_CHANGE, np.nan_to_num(degrees, posinf=CERTAIN), 0.0)


def hidiroglou_berthelot(
    previous: Sequence[float] | np.ndarray,
    current: Sequence[float] | np.ndarray,
    *,
    u: float = 0.5,
    a: float = 0.05,
    c: float = 4.0,
) -> HidiroglouBerthelot | None:
    """Hidiroglou & Berthelot (1986), Survey Methodology 12. Both years at one price level.

    s is the ratio current/previous about its median, made symmetric; E = s max(previous, current)^u, so that
    a large amount needs a smaller change. Bounds: the median of E less or more c times its distance to the
    quartile (type 7), which is at least a times the median. None: no pair without a zero.
    """
    old, new = np.array(previous, dtype=float), np.array(current, dtype=float)
    has_both = (old > 0) & (new > 0)
    if not has_both.any():
        return None
    changes, scores = np.full(len(old), np.nan), np.full(len(old), np.nan)
    old, new = old[has_both], new[has_both]
    ratios = new / old
    middle = np.median(ratios)
    s = np.where(ratios < middle, 1 - middle / ratios, ratios / middle - 1)
    changes[has_both], scores[has_both] = s, s * np.maximum(old, new) ** u
    low, median, high = (float(value) for value in np.quantile(scores[has_both], [0.25, 0.5, 0.75]))
    least = abs(a * median)
    bounds = (median - c * max(median - low, least), median + c * max(high - median, least))
    return HidiroglouBerthelot(changes, scores, median, bounds)


def robust_z(values: Sequence[float] | np.ndarray, among: np.ndarray | None = None) -> np.ndarray:
    """0.6745 (u - median)/MAD of the logarithms u of the values that are above 0, such as kr. per inhabitant.

    Median and MAD are of those `among` (a mask; all). NaN for a zero, and for all when more than half are
    equal: then there is no spread to measure by.
    """
    amounts = np.array(values, dtype=float)
    found = np.full(len(amounts), np.nan)
    positive = amounts > 0
    basis = positive if among is None else positive & among
    if not basis.any():
        return found
    logs = np.log(amounts[positive])
    peers = np.log(amounts[basis])
    middle = np.median(peers)
    mad = np.median(np.abs(peers - middle))
    if mad > 0:
        found[positive] = NORMAL * (logs - middle) / mad
    return found


def far_out(values: np.ndarray, among: np.ndarray) -> np.ndarray:
    """How far above the upper quartile, 1 at three interquartile ranges; NaN for a zero or without a spread.

    Where answers spread over a factor of a hundred, no logarithm finds twelve times the usual.
    """
    found = np.full(len(values), np.nan)
    basis = among & (values > 0)
    if not basis.any():
        return found
    lower, upper = np.quantile(values[basis], [0.25, 0.75])
    if upper > lower:
        positive = values > 0
        found[positive] = (values[positive] - upper) / (FAR_OUT * (upper - lower))
    return found


def score(weight: float, reported: float, expected: float) -> float:
    """What the answer moves the total by, in the amount's unit, if the expected amount were the right one."""
    return weight * abs(reported - expected)


@dataclass(frozen=True)
class Standing:
    """Of each amount per inhabitant among its peers: the degrees by z and fence, and the peers' median.

    A degree is 1 at its rule's limit. The median is over the zeros too.
    """

    z: np.ndarray
    fence: np.ndarray
    median: np.ndarray


def standing(rates: np.ndarray, groups: np.ndarray, too_few: frozenset[int]) -> Standing:
    """`groups` is each one's own; a group of `too_few` is judged against all."""
    found = Standing(*(np.full(len(rates), np.nan) for _part in range(3)))
    for group in np.unique(groups):
        mine = groups == group
        basis = np.ones(len(rates), dtype=bool) if group in too_few else mine
        found.z[mine] = np.abs(robust_z(rates, basis)[mine]) / Z_LIMIT
        found.fence[mine] = far_out(rates, basis)[mine]
        found.median[mine] = np.median(rates[basis])
    return found


def remaining(influences: np.ndarray, is_open: np.ndarray) -> np.ndarray:
    """By rank: what the open ones below can still move the total by together."""
    left = np.where(is_open, influences, 0.0)
    return np.append(np.cumsum(left[::-1])[::-1][1:], 0.0) if len(left) else left
