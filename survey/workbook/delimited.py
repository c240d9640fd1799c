"""CSV that Danish Excel opens by itself: BOM, semicolons, CRLF. Written and read. Pure.

A text that begins with = + - @ TAB CR is a formula to a spreadsheet; an apostrophe before it makes it text,
and is taken off again. So is one before an apostrophe, or a text of one's own would lose its first.
"""

import csv
import io
from collections.abc import Iterable, Sequence

from survey.workbook.table import MAX_CELLS, MAX_ROWS, BadFile, Cell, Row, Sheet

INERT = "=+-@\t\r'"
MAX_CELL = 200_000  # characters; longer than any text that gets a message of its own
UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def read(data: bytes, separator: str = ";") -> Sheet:
    """The rows of a CSV file. Raises BadFile."""
    if data.count(separator.encode()) > MAX_CELLS:
        raise BadFile("too_many_cells")
    reader = csv.reader(io.StringIO(_decoded(data), newline=""), delimiter=separator)
    csv.field_size_limit(MAX_CELL)
    rows: list[Row] = []
    try:
        for number, cells in enumerate(reader, start=1):
            found: dict[int, Cell] = {place: _opened(text) for place, text in enumerate(cells) if text}
            if found:
                rows.append((number, found))
            if len(rows) > MAX_ROWS + 10:  # some headings
                raise BadFile("too_many_rows")
    except csv.Error as error:
        raise BadFile("csv_unreadable", str(reader.line_num)) from error
    return Sheet(name="", rows=rows)


def write(rows: Iterable[Sequence[str]], plain: Sequence[int]) -> bytes:
    """The file; texts in the columns `plain` stay as they are, also a "-"."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    for row in rows:
        writer.writerow([cell if place in plain else _inert(cell) for place, cell in enumerate(row)])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _inert(text: str) -> str:
    return f"'{text}" if text and text[0] in INERT else text


def _opened(text: str) -> str:
    return text[1:] if text[0] == "'" and len(text) > 1 and text[1] in INERT else text


def _decoded(data: bytes) -> str:
    """UTF-8, or what Excel's older "CSV" writes in Denmark."""
    if data.startswith(UTF_16):
        raise BadFile("utf_16")
    if b"\x00" in data:
        raise BadFile("not_a_workbook")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadFile("not_text")
