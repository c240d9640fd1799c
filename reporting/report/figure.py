"""One of the report's figures: the numbers that its table, its drawing and its CSV all show."""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.formats import number_format

from reporting.figures import to_png, to_svg
from reporting.rounding import round_half_away

Number = int | float | Decimal


@dataclass(frozen=True)
class Column:
    """A heading with its unit; numbers have `places` decimals, texts have none."""

    heading: str
    places: int | None = None


@dataclass(frozen=True)
class ReportFigure:
    """`title` says what is shown, `basis` of whom, at which level and on what; `draw` makes the drawing."""

    title: str
    basis: str
    columns: list[Column]
    rows: list[tuple[str | Number | None, ...]]
    draw: Callable[[], dict]
    has_total: bool = False  # the last row is the sum of the others

    @property
    def shown(self) -> list[tuple]:
        """[(the row's name, its other cells as the page writes them)]"""
        return [
            (
                row[0],
                [_shown(value, column) for value, column in zip(row[1:], self.columns[1:], strict=True)],
            )
            for row in self.rows
        ]

    def svg(self) -> str:
        return to_svg(self.draw(), alt=self.title)

    def png(self) -> bytes:
        return to_png(self.draw())

    def csv(self, mark: str) -> bytes:
        """For Danish Excel: BOM, semicolons, decimal comma; numbers as the table shows them."""
        text = io.StringIO()
        writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
        writer.writerow([*(column.heading for column in self.columns), *([mark] if mark else [])])
        for row in self.rows:
            cells = [_cell(value, column) for value, column in zip(row, self.columns, strict=True)]
            writer.writerow([*cells, *([mark] if mark else [])])
        return b"\xef\xbb\xbf" + text.getvalue().encode()


def _shown(value: str | Number | None, column: Column) -> str:
    if value is None or isinstance(value, str):
        return value or "–"
    places = column.places or 0
    return number_format(round_half_away(value, places), places, force_grouping=True)


def _cell(value: str | Number | None, column: Column) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    return str(round_half_away(value, column.places or 0)).replace(".", ",")
