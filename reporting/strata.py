"""The municipalities of a round in the strata of a method, and what each that answered stands for. Pure.

Rows are put in one order before anything is summed, so that theirs never shows in a digit.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

MEDIUM, LARGE = 50_000, 100_000  # inhabitants: the size classes of f; from LARGE on certain in e

Amount = int | Decimal | float


class EstimateRefused(Exception):
    """No figure, and why: a machine-readable `code` with its `parameters`; never a NaN.

    Codes: no_respondent (stratum, size), single_respondent (stratum, size), certainty_missing (names),
    no_regions, no_immigrants (names: whose number is not known), no_scale (nothing to scale by),
    no_inhabitants (count), below_reported (variable, total, reported).
    """

    def __init__(self, code: str, **parameters):
        super().__init__(code)
        self.code = code
        self.parameters = parameters


@dataclass(frozen=True)
class Frame:
    """All N municipalities, in any order; what a method does not use may be left out.

    `inhabitants` (persons, > 0), whether each has answered, its region, its immigrants and descendants
    (persons; None: not known), and its name, for a refusal.
    """

    inhabitants: tuple[int, ...]
    responded: tuple[bool, ...]
    regions: tuple[str, ...] = ()
    immigrants: tuple[int | None, ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Method:
    """A ratio estimator: by which strata, on which scale, and whether one ratio serves all strata."""

    strata: Callable[[Frame], Sequence[str]]
    on_immigrants: bool = False
    combined: bool = False


@dataclass(frozen=True)
class Stratum:
    """Respondents' amounts y (n x variables) on the scale x (n), N and the scale's sum over all members."""

    label: str
    rows: np.ndarray  # the respondents' places in the frame
    y: np.ndarray
    x: np.ndarray
    size: int
    scale: float

    @property
    def n(self) -> int:
        return len(self.x)

    @property
    def is_complete(self) -> bool:
        return self.n == self.size

    @property
    def missing(self) -> float:
        """1 - f."""
        return 1 - self.n / self.size


def _whole(frame: Frame) -> list[str]:
    return [""] * len(frame.inhabitants)


def size_class(inhabitants: int) -> str:
    return "small" if inhabitants < MEDIUM else "medium" if inhabitants < LARGE else "large"


def _size_class(frame: Frame) -> list[str]:
    return [size_class(x) for x in frame.inhabitants]


def _certainty(frame: Frame) -> list[str]:
    """The large municipalities are taken with certainty: with one of them missing there is no method e."""
    rows = zip(frame.inhabitants, frame.responded, frame.names or _whole(frame), strict=True)
    missing = [name for inhabitants, responded, name in rows if inhabitants >= LARGE and not responded]
    if missing:
        raise EstimateRefused("certainty_missing", names=missing)
    return ["certainty" if x >= LARGE else "rest" for x in frame.inhabitants]


def _region(frame: Frame) -> Sequence[str]:
    if not all(frame.regions or _whole(frame)):
        raise EstimateRefused("no_regions")
    return frame.regions


METHODS = {
    "a": Method(_whole),
    "b": Method(_region),
    "c": Method(_region, combined=True),
    "d": Method(_whole, on_immigrants=True),
    "e": Method(_certainty),
    "f": Method(_size_class),
}


def strata_of(method: str, frame: Frame, amounts: Mapping[str, Sequence[Amount | None]]) -> list[Stratum]:
    """The method's strata by label, the respondents of each in one order whatever the frame's."""
    without = sum(x <= 0 for x in frame.inhabitants)
    if without:
        raise EstimateRefused("no_inhabitants", count=without)
    scale = _scale(method, frame)
    labels = np.array(METHODS[method].strata(frame), dtype=object)
    responded = np.array(frame.responded, dtype=bool)
    columns = [
        [float(value or 0) if answered else 0.0 for value, answered in zip(column, responded, strict=True)]
        for column in amounts.values()
    ]
    y = np.array(columns).T if columns else np.empty((len(labels), 0))
    order = np.lexsort([*y.T, scale])
    found = []
    for label in sorted(set(labels)) or [""]:
        members = order[labels[order] == label]
        rows = members[responded[members]]
        if not len(rows):
            raise EstimateRefused("no_respondent", stratum=label, size=len(members))
        if len(rows) == 1 < len(members):
            raise EstimateRefused("single_respondent", stratum=label, size=len(members))
        found.append(Stratum(label, rows, y[rows], scale[rows], len(members), float(scale[members].sum())))
    return found


def _scale(method: str, frame: Frame) -> np.ndarray:
    if not METHODS[method].on_immigrants:
        return np.array(frame.inhabitants, dtype=float)
    names = frame.names or _whole(frame)
    immigrants = frame.immigrants or [None] * len(names)
    unknown = [name for name, z in zip(names, immigrants, strict=True) if z is None]
    if unknown:
        raise EstimateRefused("no_immigrants", names=unknown)
    scale = np.array(frame.immigrants, dtype=float)
    answered = scale[np.array(frame.responded, dtype=bool)]
    if 1 < len(answered) < len(scale) and np.count_nonzero(answered) < 2:
        raise EstimateRefused("no_scale")  # left without one of them, nothing would be scaled by
    return scale


def weights_of(strata: list[Stratum], combined: bool) -> list[float]:
    """Separate: X_h / sum x; combined: N_h/n_h * X / X^. A complete stratum of the first kind has 1."""
    if not combined:
        return [1.0 if s.is_complete else s.scale / float(s.x.sum()) for s in strata]
    g = _g(strata)
    return [g * s.size / s.n for s in strata]


def _g(strata: list[Stratum]) -> float:
    """X / X^ over all strata; exactly 1 for a census."""
    return sum(s.scale for s in strata) / sum(s.size / s.n * float(s.x.sum()) for s in strata)
