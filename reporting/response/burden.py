"""What answering took: minutes, as quartiles over the municipalities that told. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reporting.rounding import round_half_away
from reporting.strata import size_class

# Of fewer nothing is shown. Of five the quartiles are still three of the told numbers, so they are rounded.
FEWEST = 5
MINUTES = 5  # quartiles are shown in whole fives
SIZES = ("small", "medium", "large")


@dataclass(frozen=True)
class Burden:
    """`size` is a class of strata.size_class, None for all. `quartiles` (lower, median, upper; type 7; in
    minutes, rounded to MINUTES) and whole `hours` in all are None where fewer than FEWEST told their time."""

    size: str | None
    answered: int  # municipalities with an answer that counts
    told: int
    quartiles: tuple[int, int, int] | None
    hours: int | None


def burdens(answers: Sequence[tuple[int | None, int | None]]) -> list[Burden]:
    """By size and then for all, of (inhabitants, minutes) of each municipality that has answered.

    Minutes are None where they were not told. A class that is left out would be the country less the others,
    so there are either all classes or none; none, too, where the inhabitants of one that told are unknown.
    """
    whole = _burden(None, [minutes for _people, minutes in answers])
    sized = [(size_class(people), minutes) for people, minutes in answers if people is not None]
    found = [_burden(size, [minutes for one, minutes in sized if one == size]) for size in SIZES]
    is_shown = all(one.quartiles for one in found) and sum(one.told for one in found) == whole.told
    return [*found, whole] if is_shown else [whole]


def _burden(size: str | None, answers: Sequence[int | None]) -> Burden:
    told = [minutes for minutes in answers if minutes is not None]
    if len(told) < FEWEST:
        return Burden(size, len(answers), len(told), None, None)
    low, middle, high = (
        MINUTES * int(round_half_away(float(value) / MINUTES))
        for value in np.quantile(told, [0.25, 0.5, 0.75])
    )
    hours = int(round_half_away(sum(told) / 60))
    return Burden(size, len(answers), len(told), (low, middle, high), hours)
