"""Which answers to look at first: how unlike the others they are, and what they can move. Pure.

Scores only rank what a reviewer reads; no figure is ever corrected by them. Zeros are kept apart: a zero
has no logarithm and no ratio, and is a question of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

NORMAL = 0.6745  # the MAD of a normal distribution in standard deviations
Z_LIMIT = 3.5  # Iglewicz & Hoaglin (1993)


@dataclass(frozen=True)
class HidiroglouBerthelot:
    """Scores of change (None: a zero in one of the years), and the bounds outside which they are flagged."""

    scores: tuple[float | None, ...]
    bounds: tuple[float, float]

    @property
    def flagged(self) -> tuple[int, ...]:
        """The places of the scores outside the bounds."""
        low, high = self.bounds
        return tuple(n for n, e in enumerate(self.scores) if e is not None and not low <= e <= high)


def hidiroglou_berthelot(
    previous: Sequence[float], current: Sequence[float], *, u: float = 0.5, a: float = 0.05, c: float = 4.0
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
    old, new = old[has_both], new[has_both]
    ratios = new / old
    middle = np.median(ratios)
    s = np.where(ratios < middle, 1 - middle / ratios, ratios / middle - 1)
    scores = s * np.maximum(old, new) ** u
    low, median, high = (float(value) for value in np.quantile(scores, [0.25, 0.5, 0.75]))
    least = abs(a * median)
    bounds = (median - c * max(median - low, least), median + c * max(high - median, least))
    return HidiroglouBerthelot(_among(has_both, scores), bounds)


def robust_z(values: Sequence[float]) -> tuple[float | None, ...]:
    """0.6745 (u - median)/MAD of the logarithms u of the values that are above 0, such as kr. per inhabitant.

    None for a zero, and for all when more than half are equal: then there is no spread to measure by.
    """
    amounts = np.array(values, dtype=float)
    positive = amounts > 0
    if not positive.any():
        return (None,) * len(amounts)
    logs = np.log(amounts[positive])
    deviations = logs - np.median(logs)
    mad = np.median(np.abs(deviations))
    if mad == 0:
        return (None,) * len(amounts)
    return _among(positive, NORMAL * deviations / mad)


def score(weight: float, reported: float, expected: float) -> float:
    """What the answer moves the total by, in the amount's unit, if the expected amount were the right one."""
    return weight * abs(reported - expected)


def _among(mask: np.ndarray, values: np.ndarray) -> tuple[float | None, ...]:
    """The values at the places of the mask, None elsewhere."""
    left = iter(values)
    return tuple(float(next(left)) if has else None for has in mask)
