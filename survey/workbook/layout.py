"""Where in a sheet the template's columns stand, whose template it is, and how a place in it is named."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.translation import gettext as _

from survey.workbook.columns import TEMPLATE, Column, Stamp, columns, read_stamp
from survey.workbook.table import BadFile, Sheet, letters

WITHIN = 10  # rows from the top, in which the headings stand
ENOUGH = 3  # headings that make a row of them
ID_LABEL = "Id"


class CellError(NamedTuple):
    place: str  # "Indsatser, række 7, kolonne C (2. Bruttoudgifter), celle C7"
    message: str  # what is wrong and what to do


@dataclass(frozen=True)
class Layout:
    """`heading` is the number of the headings' row, `columns` are by place from 0."""

    sheet: str  # empty for CSV
    heading: int
    columns: dict[int, Column]
    id_column: int

    def error(self, row: int | None, column: int | None, message: str) -> CellError:
        """Without a row it is about the whole column, and the reverse; CSV has no names of cells."""
        parts = [self.sheet] if self.sheet else []
        if row is not None:
            parts.append(_("række %d") % row)
        if column is not None:
            known = self.columns.get(column)
            label = ID_LABEL if column == self.id_column else known.label if known else ""
            text = _("kolonne %s") % letters(column)
            parts.append(f"{text} ({label})" if label else text)
        if self.sheet and row is not None and column is not None:
            parts.append(_("celle %s") % f"{letters(column)}{row}")
        place = ", ".join(parts)
        return CellError(place[:1].upper() + place[1:], message)


def find_layout(sheet: Sheet, stamp: Stamp) -> Layout:
    """Raises BadFile unless the sheet is the template with that stamp, each of its columns there once."""
    expected = {column.heading.casefold(): column for column in columns(stamp.accounts_year)}
    for row in sheet.rows[:WITHIN]:
        texts = {
            place: " ".join(c.split()) for place, c in row[1].items() if isinstance(c, str) and c.strip()
        }
        stamps = [place for place, text in texts.items() if read_stamp(text)]
        if stamps or sum(text.casefold() in expected for text in texts.values()) >= ENOUGH:
            break
    else:
        raise BadFile("no_headings")
    if not stamps:
        raise BadFile("missing_column", ID_LABEL)
    _check(read_stamp(texts[stamps[0]]), stamp)
    named = {place: text.casefold() for place, text in texts.items() if place not in stamps}
    _check_headings([*named.values(), *[ID_LABEL] * len(stamps)], expected, texts.values())
    found = {place: expected[text] for place, text in named.items()}
    return Layout(sheet.name, row[0], found, stamps[0])


def _check(found: Stamp | None, stamp: Stamp) -> None:
    if found is None or found.template != TEMPLATE:
        raise BadFile("other_version")
    if found.accounts_year != stamp.accounts_year:
        raise BadFile("other_round", str(found.accounts_year))
    if found.municipality_code != stamp.municipality_code:
        raise BadFile("other_municipality", found.municipality_code)


def _check_headings(found: list[str], columns: dict[str, Column], written: Iterable[str]) -> None:
    """Each once, and no others."""
    expected = [*columns, ID_LABEL]
    as_written = {
        text.casefold(): text for text in (*written, *(column.heading for column in columns.values()))
    } | {ID_LABEL: ID_LABEL}
    unknown = [as_written[text] for text in found if text not in expected]
    if unknown:
        raise BadFile("unknown_column", unknown[0][:80])
    doubled = [as_written[text] for text in expected if found.count(text) > 1]
    if doubled:
        raise BadFile("doubled_column", doubled[0])
    missing = [text for text in expected if text not in found]
    if missing:
        raise BadFile("missing_column", as_written[missing[0]])
