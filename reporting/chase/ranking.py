"""What the answer of each municipality that is missing would do to coverage and to the interval. Pure.

Method a's linearized variance with n answers that have X_r of the X inhabitants is
V = (X/X_r)^2 n (1 - n/N) s^2, with s^2 of the residuals y - R x (reporting/estimation.py). What the answer
will be is not known; it is expected to vary about the ratio's line as the others do, which leaves s^2 as it
is, while n becomes n + 1, X_r becomes X_r + x_k and t has one degree of freedom more (docs/statistics.md).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

from reporting.estimation import quantile
from reporting.strata import Amount, EstimateRefused, Frame, strata_of

ROUNDING = 1e-24  # residuals of float64 are some 1e-16 of the amounts


@dataclass(frozen=True)
class Effect:
    """Of one municipality, by its place in the frame, if it answered and nobody else.

    `coverage`: percentage points of the inhabitants. `reach`: half the 95 per cent interval's width then, in
    the amounts' unit; None where too few have answered to tell, or all alike.
    """

    place: int
    coverage: float
    reach: float | None


@dataclass(frozen=True)
class Ranking:
    """`reach` is half the interval's width as it is now; the effects begin with the largest municipality.

    By method a the order is that of the inhabitants, for coverage and interval alike.
    """

    reach: float | None
    effects: tuple[Effect, ...]


def ranking(frame: Frame, amounts: Sequence[Amount | None]) -> Ranking:
    """Of all that have not answered; `amounts` is the headline's, as long as the frame."""
    x = np.array(frame.inhabitants, dtype=float)
    answered = np.array(frame.responded, dtype=bool)
    spread = _spread(frame, amounts)
    if spread == 0 and not answered.all():
        spread = None  # the others' variation tells nothing of those that are missing
    everybody, size, n = float(x.sum()), len(x), int(answered.sum())
    so_far = float(x[answered].sum())

    def reach(n: int, inhabitants: float) -> float | None:
        if spread is None:
            return None
        return quantile(n - 1) * everybody / inhabitants * sqrt(n * (1 - n / size) * spread)

    missing = sorted(np.flatnonzero(~answered).tolist(), key=lambda place: (-x[place], place))
    effects = [
        Effect(place, 100 * float(x[place]) / everybody, reach(n + 1, so_far + float(x[place])))
        for place in missing
    ]
    return Ranking(reach(n, so_far) if n > 1 else None, tuple(effects))


def _spread(frame: Frame, amounts: Sequence[Amount | None]) -> float | None:
    """s^2 = sum (y - R x)^2 / (n - 1) over those that answered, 0 when it is rounding error; None of fewer
    than two."""
    try:
        (stratum,) = strata_of("a", frame, {"y": amounts})
    except EstimateRefused:
        return None
    if stratum.n < 2:
        return None
    y, x = stratum.y[:, 0], stratum.x
    square = float(((y - x * (y.sum() / x.sum())) ** 2).sum())
    return 0.0 if square <= ROUNDING * float((y**2).sum()) else square / (stratum.n - 1)
