"""All six estimators beside one bare formula six times: what strata, refusals and a fixed order cost."""

from functools import partial

import numpy as np

from bench.harness import Result, compare, milliseconds
from reporting.estimation import estimate
from reporting.strata import METHODS, Frame

MUNICIPALITIES, ANSWERED, VARIABLES = 98, 80, 16
TIMES = 20


def run() -> list[Result]:
    """No bound on the ratio: ours does more. Its milliseconds are to stay far under 50."""
    rng = np.random.default_rng(1)
    x = rng.integers(2_000, 95_000, MUNICIPALITIES)
    amounts = rng.integers(0, 20_000, (VARIABLES, MUNICIPALITIES))
    frame = Frame(
        inhabitants=tuple(x.tolist()),
        responded=(True,) * ANSWERED + (False,) * (MUNICIPALITIES - ANSWERED),
        regions=tuple("NESW"[place % 4] for place in range(MUNICIPALITIES)),
        immigrants=tuple((x // 8).tolist()),
    )
    columns = {str(number): column.tolist() for number, column in enumerate(amounts)}
    return [
        compare(
            "six methods of 16 variables, beside one in numpy six times",
            milliseconds(partial(_all_methods, frame, columns), TIMES),
            milliseconds(partial(_bare, frame.inhabitants, columns), TIMES),
            unit="ms",
            rounds=9,
        )
    ]


def _all_methods(frame: Frame, columns: dict[str, list[int]]) -> None:
    for method in METHODS:
        estimate(method, frame, columns)


def _bare(inhabitants: tuple[int, ...], columns: dict[str, list[int]]) -> None:
    for _ in METHODS:
        _method_a(inhabitants, columns)


def _method_a(inhabitants: tuple[int, ...], columns: dict[str, list[int]]) -> None:
    """Total, linearized SE and jackknife of all variables at once; the first municipalities have answered."""
    y = np.array([column[:ANSWERED] for column in columns.values()], dtype=float).T
    x, everybody = np.array(inhabitants[:ANSWERED], dtype=float), float(sum(inhabitants))
    n, f = ANSWERED, ANSWERED / MUNICIPALITIES
    ratio = y.sum(0) / x.sum()
    residuals = y - x[:, None] * ratio
    g = everybody / (MUNICIPALITIES / n * x.sum())
    np.sqrt(g**2 * MUNICIPALITIES**2 * (1 - f) / n * (residuals**2).sum(0) / (n - 1))
    left_out = everybody * (y.sum(0) - y) / (x.sum() - x)[:, None]
    np.sqrt((1 - f) * (n - 1) / n * ((left_out - everybody * ratio) ** 2).sum(0))
