"""Workbooks and CSV files for tests: the template filled in, and then damaged in one way each."""

import io
import re
import zipfile
from collections.abc import Callable

import xlsxwriter
from python_calamine import CalamineWorkbook

from survey.workbook.columns import TEMPLATE, Stamp, columns
from survey.workbook.spreadsheet import DOWNLOAD, SHEET
from survey.workbook.writing import FIRST, HEADINGS, TEXT_IS_TEXT

YEAR, CODE = 2025, "461"
STAMP = Stamp(TEMPLATE, YEAR, CODE)
NAMES = [column.name for column in columns(YEAR)]
PLACE = {name: place for place, name in enumerate([*NAMES, "id"])}
COMPLETE = {
    "service_area": "Beskæftigelsesområdet",
    "title": "Mentorer til kvinder",
    "gross_expenditure": 1250,
    "gross_income": 0,
    "funding_sources": "Kommunen finansierer selv",
    "legal_basis": "Kommunalfuldmagten",
    "primary_target_group": "b) Bredere integrationsindsats, også efterkommere",
    "secondary_target_group": "Kvinder",
    "content": "Frivillige mentorer mødes med kvinder hver uge.",
    "purpose": "Flere kvinder i job.",
    "time_horizon": "Varig, eller 5 år og mere",
    "target_share": 80,
}


def headings(stamp: Stamp = STAMP) -> list[str]:
    return [*(column.heading for column in columns(stamp.accounts_year)), stamp.heading()]


def workbook(*rows: dict, stamp: Stamp = STAMP, ids=(), alter: Callable | None = None) -> bytes:
    """A workbook in the template's shape. `alter(book, sheet)` adds to it before it is closed."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True} | TEXT_IS_TEXT) as book:
        sheet = book.add_worksheet(SHEET)
        download = book.add_worksheet(DOWNLOAD)
        sheet.write_row(HEADINGS, 0, headings(stamp))
        for number, row in enumerate(rows, start=FIRST):
            for name, cell in row.items():
                sheet.write(number, PLACE[name], cell)
        for number, ident in enumerate(["Hentet", *ids]):
            download.write_string(number, 0, ident)
        if alter:
            alter(book, sheet)
    return file.getvalue()


def repacked(data: bytes, change: dict[str, Callable[[bytes], bytes] | bytes | None]) -> bytes:
    """With parts changed by a function, replaced or added (bytes), or left out (None)."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            to = change.get(name, lambda part: part)
            if to is not None:
                new.writestr(name, to(old.read(name)) if callable(to) else to)
        for name in change.keys() - set(old.namelist()):
            new.writestr(name, change[name])
    return file.getvalue()


def in_cell(data: bytes, name: str, xml: str) -> bytes:
    """The first row's cell of that column replaced by XML, for what XlsxWriter does not write."""
    column = chr(65 + PLACE[name])
    pattern = rf'<c r="{column}{FIRST + 1}"[^>]*>.*?</c>'.encode()

    def change(part: bytes) -> bytes:
        changed = re.sub(pattern, xml.replace("REF", f"{column}{FIRST + 1}").encode(), part, count=1)
        assert changed != part
        return changed

    return repacked(data, {"xl/worksheets/sheet1.xml": change})


def csv_file(*rows: dict, stamp: Stamp = STAMP, separator: str = ";", encoding: str = "utf-8-sig") -> bytes:
    lines = [headings(stamp), *([row.get(name, "") for name in [*NAMES, "id"]] for row in rows)]
    quoted = ('"{}"'.format(str(cell).replace('"', '""')) for line in lines for cell in line)
    cells = list(quoted)
    width = len(NAMES) + 1
    return "\r\n".join(
        separator.join(cells[start : start + width]) for start in range(0, len(cells), width)
    ).encode(encoding)


def edited(data: bytes, change: Callable[[list[list]], None]) -> bytes:
    """A workbook read with one library and written with another, the rows of initiatives changed between."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    sheets = {
        name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names
    }
    change(sheets[SHEET])
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True} | TEXT_IS_TEXT) as new:
        for name, rows in sheets.items():
            sheet = new.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return file.getvalue()
