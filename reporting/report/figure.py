"""One of the report's figures: the numbers that its table, its drawing and its CSV all show."""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _

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
    """`title` says what is shown, `basis` of whom, at which level and on what; `draw` makes the drawing.

    `mark` is set when the numbers are made up. `links`, if any, lead from each row to its initiatives.
    """

    title: str
    basis: str
    columns: list[Column]
    rows: list[tuple[str | Number | None, ...]]
    draw: Callable[[], dict]
    mark: str
    links: Sequence[str] = ()
    has_total: bool = False  # the last row is the sum of the others

    @property
    def shown(self) -> list[tuple]:
        """[(the row's name, its address or "", its other cells as the page writes them)]"""
        return [
            (
                row[0],
                link,
                [_shown(value, column) for value, column in zip(row[1:], self.columns[1:], strict=True)],
            )
            for row, link in zip(self.rows, self.links or [""] * len(self.rows), strict=True)
        ]

    def drawing(self) -> str:
        """For the page, where the basis stands under it as a text that can be read on a phone."""
        return to_svg(self.draw(), alt=self.title)

    def svg(self) -> str:
        return to_svg(self.draw(), alt=self.title, foot=self.basis)

    def png(self) -> bytes:
        return to_png(self.draw(), foot=self.basis)

    def csv(self) -> bytes:
        """For Danish Excel: BOM, semicolons, decimal comma; each row says what it is and rests on."""
        text = io.StringIO()
        writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
        beside = [self.title, self.basis, *([self.mark] if self.mark else [])]
        headings = [column.heading for column in self.columns]
        writer.writerow([*headings, _("Figur"), _("Grundlag"), *([_("Datagrundlag")] if self.mark else [])])
        for row in self.rows or [(None,) * len(self.columns)]:
            cells = [_cell(value, column) for value, column in zip(row, self.columns, strict=True)]
            writer.writerow([*cells, *beside])
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
