"""Measures two things in turns, so that whatever else the machine does meets both, and prints ratios.

Only a ratio of one run means something: the figures themselves are this machine's, at this moment.
"""

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Result:
    """`ratio` is ours over bare; a `bound` is at least (rates) or at most (times, memory)."""

    what: str
    ours: float
    bare: float
    ratio: float
    unit: str
    at_least: float | None = None
    at_most: float | None = None

    @property
    def bound(self) -> str:
        if self.at_least is not None:
            return f">= {self.at_least:g}"
        return "-" if self.at_most is None else f"<= {self.at_most:g}"

    @property
    def verdict(self) -> str:
        if self.at_least is not None:
            return "met" if self.ratio >= self.at_least else "NOT MET"
        if self.at_most is not None:
            return "met" if self.ratio <= self.at_most else "NOT MET"
        return "-"


def compare(
    what: str,
    ours: Callable[[], float],
    bare: Callable[[], float],
    *,
    unit: str,
    rounds: int,
    warm_up: bool = True,
    at_least: float | None = None,
    at_most: float | None = None,
) -> Result:
    """Medians of `rounds` pairs, and the median of the pairs' own ratios; a pair before them warms up."""
    if warm_up:
        ours(), bare()
    pairs = [(ours(), bare()) for _ in range(rounds)]
    return Result(
        what=what,
        ours=statistics.median(first for first, _ in pairs),
        bare=statistics.median(second for _, second in pairs),
        ratio=statistics.median(first / second for first, second in pairs),
        unit=unit,
        at_least=at_least,
        at_most=at_most,
    )


def milliseconds(work: Callable[[], object], times: int = 1) -> Callable[[], float]:
    """A measurement of the work: the mean of `times` runs in milliseconds, without what earlier work left."""

    def measure() -> float:
        gc.collect()
        began = time.perf_counter()
        for _ in range(times):
            work()
        return 1000 * (time.perf_counter() - began) / times

    return measure


def table(results: list[Result]) -> str:
    head = ("what", "ours", "bare", "unit", "ratio", "wanted", "")
    rows = [
        (r.what, number(r.ours), number(r.bare), r.unit, f"{r.ratio:.2f}", r.bound, r.verdict)
        for r in results
    ]
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]
    right = {1, 2, 4}
    lines = [
        "  ".join(
            cell.rjust(width) if column in right else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in [head, tuple("-" * width for width in widths), *rows]
    ]
    return "\n".join(lines)


def number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
