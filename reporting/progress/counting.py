"""How much of the review is done, and how long somebody has waited. Pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from statistics import median
from typing import TypeVar

from reporting.review.statuses import ACCEPTED, ADJUSTED, ANSWERED, ASKED, OPEN

Key = TypeVar("Key")


@dataclass(frozen=True)
class Item:
    """An initiative as it counts. `state` is a name of reporting/review/statuses.py, `amount` its
    expenditure in 1,000 kr. at the round's price level. `reviewer` is who it is given to, `decided_by`
    whose decision settled it."""

    state: str
    area: str
    amount: Decimal
    reviewer: int | None
    decided_by: int | None


@dataclass(frozen=True)
class Tally:
    """Initiatives and their expenditure in 1,000 kr., by how far the review of them is. `open` are those
    that wait for the ministry; of them, the municipality has `answered` a question about some."""

    open: int = 0
    answered: int = 0
    asked: int = 0
    accepted: int = 0
    adjusted: int = 0
    open_amount: Decimal = Decimal(0)
    asked_amount: Decimal = Decimal(0)
    settled_amount: Decimal = Decimal(0)

    @property
    def settled(self) -> int:
        return self.accepted + self.adjusted

    @property
    def count(self) -> int:
        return self.open + self.asked + self.settled


def tally(items: Sequence[Item]) -> Tally:
    def count(*states: str) -> int:
        return sum(item.state in states for item in items)

    def amount(*states: str) -> Decimal:
        return sum((item.amount for item in items if item.state in states), Decimal(0))

    return Tally(
        open=count(OPEN, ANSWERED),
        answered=count(ANSWERED),
        asked=count(ASKED),
        accepted=count(ACCEPTED),
        adjusted=count(ADJUSTED),
        open_amount=amount(OPEN, ANSWERED),
        asked_amount=amount(ASKED),
        settled_amount=amount(ACCEPTED, ADJUSTED),
    )


def tallies(items: Iterable[Item], key: Callable[[Item], Key]) -> dict[Key, Tally]:
    """By what the key says of each."""
    groups: dict[Key, list[Item]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return {name: tally(mine) for name, mine in groups.items()}


@dataclass(frozen=True)
class Wait:
    """Somebody waits since that day; `name` and `address` say for what."""

    since: date
    name: str
    address: str


@dataclass(frozen=True)
class Waiting:
    """`median` and `longest` are days up to today, None where nobody waits; `first` has waited longest."""

    count: int
    median: float | None
    longest: int | None
    first: Wait | None


def waiting(waits: Sequence[Wait], today: date) -> Waiting:
    if not waits:
        return Waiting(0, None, None, None)
    first = min(waits, key=lambda wait: wait.since)
    days = [(today - wait.since).days for wait in waits]
    return Waiting(len(waits), float(median(days)), (today - first.since).days, first)
