"""The rules that need the others' answers, applied to all units of a kind at once. Pure.

Each gives a degree: 1 at its limit, above it the rule points at the unit, at most CERTAIN.
"""

from dataclasses import dataclass, field

import numpy as np

from reporting.review.scoring import CERTAIN, hidiroglou_berthelot, standing

FEWEST = 5  # municipalities in a size class; with fewer, the peers are all that have answered


@dataclass
class Units:
    """Initiatives, or whole answers: amounts in 1,000 kr. at one price level, `median` in 1,000 kr. per
    inhabitant, `before` and `expected` in 1,000 kr.; `degrees` by rule."""

    amounts: np.ndarray
    inhabitants: np.ndarray
    median: np.ndarray
    before: np.ndarray
    expected: np.ndarray
    degrees: dict[str, np.ndarray] = field(default_factory=dict)

    @property
    def suspicion(self) -> np.ndarray:
        """The largest of the degrees of the rules that point at it; 0 where none does."""
        return np.max([np.zeros(len(self.amounts)), *self.degrees.values()], axis=0)


def too_few(classes: np.ndarray) -> frozenset[int]:
    """The size classes in which too few municipalities have answered; `classes` is a municipality's own."""
    found, counts = np.unique(classes, return_counts=True)
    return frozenset(int(one) for one in found[counts < FEWEST])


def judged(
    amounts: np.ndarray,
    inhabitants: np.ndarray,
    classes: np.ndarray,
    small: frozenset[int],
    before: np.ndarray,
    *,
    unlike: str,
    changed: str,
    is_sum: bool,
) -> Units:
    """By the two rules whose ids are given. An answer is a sum, and is judged by the fence besides."""
    beside = standing(amounts / inhabitants, classes, small)
    expected = np.where(np.isnan(before), inhabitants * beside.median, before)
    units = Units(amounts, inhabitants, beside.median, before, expected)
    units.degrees[unlike] = _over(np.fmax(beside.z, beside.fence) if is_sum else beside.z)
    change = hidiroglou_berthelot(before, amounts)
    degrees = np.zeros(len(amounts)) if change is None else _over(change.degrees)
    # What was something and is nothing has no ratio, and is a question of its own.
    units.degrees[changed] = np.where((before > 0) & (amounts == 0), 1.0, degrees)
    return units


def _over(degrees: np.ndarray) -> np.ndarray:
    """0 unless the rule points: what is within its limit is not suspect."""
    known = np.nan_to_num(degrees)
    return np.where(known > 1, np.minimum(known, CERTAIN), 0.0)
