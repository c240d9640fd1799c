"""A file's rows as initiatives, and everything that is wrong with them, by place."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from survey.workbook import delimited, guarding, spreadsheet
from survey.workbook.cells import BLANK, BadCell, read_cell, read_identity
from survey.workbook.columns import Stamp
from survey.workbook.layout import CellError, Layout, find_layout
from survey.workbook.table import MAX_ROWS, BadFile, Row, Sheet, column_number

ZIP = b"PK\x03\x04"
MAX_ERRORS = 1_000  # more are not looked for: nobody mends them one by one
OTHER_FILES = (b"PK", b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"{\\rtf", b"GIF8", b"\x1f\x8b", b"7z\xbc\xaf")


@dataclass(slots=True)
class FileRow:
    """One initiative of the file. Without uuid it is new; `base` is the digest of what was downloaded."""

    number: int
    uuid: UUID | None
    base: str
    values: dict[str, Any]


@dataclass(frozen=True)
class Contents:
    """`downloaded` is {uuid: digest} of what the download gave, None where the file does not tell.

    With MAX_ERRORS errors the rows after them are not there.
    """

    layout: Layout
    rows: list[FileRow]
    errors: list[CellError]
    downloaded: dict[UUID, str] | None


def read(data: bytes, stamp: Stamp) -> Contents:
    """What the file holds for that municipality and round. Raises BadFile if it is not for it, or unsafe."""
    guarding.check_size(len(data))
    sheet = _sheet(data)
    layout = find_layout(sheet, stamp)
    rows = [row for row in sheet.rows if row[0] > layout.heading]
    if len(rows) > MAX_ROWS:
        raise BadFile("too_many_rows")
    errors = list(islice(_shape(sheet, rows, layout), MAX_ERRORS))
    found = []
    for row in rows:
        if len(errors) >= MAX_ERRORS:
            break
        filled = _row(row, layout, errors)
        if filled:
            found.append(filled)
    errors.extend(_repeated(found, layout))
    return Contents(layout, found, errors, _downloaded(sheet))


def _sheet(data: bytes) -> Sheet:
    if data.startswith((ZIP, guarding.OLE)):
        return spreadsheet.read(guarding.Package(data))
    if data.startswith(OTHER_FILES):
        raise BadFile("not_a_workbook")
    return delimited.read(data)


def _downloaded(sheet: Sheet) -> dict[UUID, str] | None:
    if sheet.downloaded is None:
        return None
    try:
        return dict(map(read_identity, sheet.downloaded))
    except BadCell as error:
        raise BadFile("no_headings") from error


def _row(row: Row, layout: Layout, errors: list[CellError]) -> FileRow | None:
    """None for a row without text, and for one with errors, which are added to the others."""
    number, cells = row
    values, before = dict(BLANK), len(errors)
    uuid, base, answered = None, "", False
    for place, cell in cells.items():
        column = layout.columns.get(place)
        try:
            if column is not None and (known := column.exact.get(cell)) is not None:  # chosen on the list
                values[column.name], answered = known, True
            elif isinstance(cell, str) and not cell.strip():
                continue
            elif column is not None:
                answered = True
                value = read_cell(column, cell)
                if column.kind == "share":
                    values["target_share"], values["target_share_unknown"] = value
                else:
                    values[column.name] = value
            elif place == layout.id_column:
                uuid, base = read_identity(cell)
            else:
                raise BadCell(_("Cellen står uden for skemaet. Flyt indholdet, eller slet det."))
        except BadCell as error:
            errors.append(layout.error(number, place, str(error)))
            if len(errors) >= MAX_ERRORS:
                break
    if uuid and not answered:
        text = _("Rækken er tom, men har et id. Slet hele rækken, hvis indsatsen skal fjernes.")
        errors.append(layout.error(number, layout.id_column, text))
    return FileRow(number, uuid, base, values) if answered and len(errors) == before else None


def _repeated(rows: list[FileRow], layout: Layout) -> Iterator[CellError]:
    first: dict[UUID, int] = {}
    for row in rows:
        if row.uuid and first.setdefault(row.uuid, row.number) != row.number:
            text = _(
                "Id'et står også i række %(row)d. Ryd cellen, hvis indsatsen er ny, eller slet rækken."
            ) % {"row": first[row.uuid]}
            yield layout.error(row.number, layout.id_column, text)


def _shape(sheet: Sheet, rows: list[Row], layout: Layout) -> Iterator[CellError]:
    """Hidden and merged places: what is not seen would be imported, or be thought to be."""
    for name, hidden in sheet.other_sheets.items():
        text = _("Arket læses ikke. Flyt indholdet til arket %s, eller slet arket.") % spreadsheet.SHEET
        if hidden:
            text = _("Arket er skjult og har indhold. %s") % text
        yield CellError(name, text)
    if sheet.is_hidden:
        yield CellError(sheet.name, _("Arket er skjult. Vis det, se det igennem, og gem igen."))
    unseen = sheet.hidden_columns - {layout.id_column}
    for place in sorted(place for place in unseen if any(place in cells for _number, cells in rows)):
        text = _("Kolonnen er skjult og har indhold. Vis den, se den igennem, og gem igen.")
        yield layout.error(None, place, text)
    for number, _cells in rows:
        if number in sheet.hidden_rows:
            text = _("Rækken er skjult. Vis den, eller fjern filteret, se den igennem, og gem igen.")
            yield layout.error(number, None, text)
    for merged in sheet.merged:
        found = re.match(r"([A-Z]+)([0-9]+)", merged)
        if found and int(found[2]) > layout.heading:
            text = _("Cellerne %s er flettet. Ophæv fletningen, og skriv i hver sin celle.") % merged
            yield layout.error(int(found[2]), column_number(found[1]), text)
