"""How unequally an amount is spread over municipalities. Pure, and exact until the last step.

`pairs` are (inhabitants, amount), one a municipality: inhabitants above 0 (or 1 each, to count
municipalities instead of people), amounts not negative, in any unit.
"""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

Number = int | float | Decimal | Fraction
Pair = tuple[Number, Number]


class TopShare(NamedTuple):
    """Shares of the whole, 0 to 1."""

    amount: float
    inhabitants: float


def lorenz_points(pairs: Iterable[Pair]) -> list[tuple[float, float]]:
    """(share of inhabitants, share of amount), cumulated from the least per inhabitant: (0, 0) to (1, 1).

    Nothing to share, or nobody: the diagonal.
    """
    return [(float(x), float(y)) for x, y in _curve(pairs)]


def gini(pairs: Iterable[Pair]) -> float:
    """Twice the area between the diagonal and the Lorenz curve: 0 when all have the same per inhabitant."""
    area = sum(((x2 - x1) * (y1 + y2) for (x1, y1), (x2, y2) in pairwise(_curve(pairs))), Fraction())
    return float(1 - area)


def top_share(pairs: Iterable[Pair], k: int) -> TopShare:
    """What the k with the largest amounts have together; of equal amounts those that stand first."""
    exact = _exact(pairs)
    people, amount = sum(x for x, _ in exact), sum(y for _, y in exact)
    top = sorted(exact, key=lambda pair: -pair[1])[:k]
    return TopShare(
        amount=float(sum(y for _, y in top) / amount) if amount else 0.0,
        inhabitants=float(sum(x for x, _ in top) / people) if people else 0.0,
    )


def _curve(pairs: Iterable[Pair]) -> list[tuple[Fraction, Fraction]]:
    exact = _exact(pairs)
    people, amount = sum(x for x, _ in exact), sum(y for _, y in exact)
    points = [(Fraction(0), Fraction(0))]
    if not amount:
        return [*points, (Fraction(1), Fraction(1))]
    for x, y in sorted(exact, key=lambda pair: pair[1] / pair[0]):
        points.append((points[-1][0] + x / people, points[-1][1] + y / amount))
    return points


def _exact(pairs: Iterable[Pair]) -> list[tuple[Fraction, Fraction]]:
    exact = [(Fraction(inhabitants), Fraction(amount)) for inhabitants, amount in pairs]
    if any(inhabitants <= 0 or amount < 0 for inhabitants, amount in exact):
        raise ValueError("shares need inhabitants above 0 and amounts that are not negative")
    return exact
