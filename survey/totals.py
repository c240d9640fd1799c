"""Sums of one answer's initiatives by area. Pure: a few dozen rows that the page shows anyway."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass
class Sums:
    """Whole 1,000 kr. of the accounts year; an amount not answered yet counts as none."""

    count: int = 0
    expenditure: int = 0
    income: int = 0

    @property
    def net(self) -> int:
        return self.expenditure - self.income

    def add(self, initiative) -> None:
        self.count += 1
        self.expenditure += initiative.gross_expenditure or 0
        self.income += initiative.gross_income or 0


def sums_by_area(initiatives: Iterable, areas: Iterable[str]) -> tuple[dict[str, Sums], Sums]:
    """(area -> sums, total); "" holds the initiatives without an area, if there are any."""
    by_area = {area: Sums() for area in areas}
    total = Sums()
    for initiative in initiatives:
        by_area.setdefault(initiative.service_area, Sums()).add(initiative)
        total.add(initiative)
    return by_area, total
