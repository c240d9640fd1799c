"""A table downloaded from Statistics Denmark's StatBank as CSV: bytes -> rows. Pure.

Two shapes. The API's (and the site's "bulk") has a row for each combination: the dimensions, TID, and the
value in INDHOLD. The site's matrix has a title, a heading with the periods from some column on, and notes
below. The dimensions may be any. `..` (not available) and `.` (cannot occur) are no value, `-` is nil.
"""

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import StringIO

MAX_BYTES = 1_000_000
MAX_ROWS = 2_000
LONGEST_LINE = 100_000
YEAR = "(?:19[89][0-9]|20[0-9]{2}|2100)"
PERIOD = re.compile(rf"{YEAR}(?:H[12]|[KQ][1-4]|M(?:0[1-9]|1[0-2]))?")
NUMBER = re.compile(r"[0-9]{1,9}|[0-9]{1,3}(?:[. \u00a0\u202f][0-9]{3}){1,2}")
NO_VALUE = {"..", ".", "...", "…", "·", "··"}
NIL = {"-", "–"}
TIME, VALUE = "TID", "INDHOLD"  # in the API's heading, in both its languages
# As text, and as the API's codes; the looser ones count only where none of the exact ones is there.
TOTALS = {"i alt", "hele landet", "total", "all denmark", "tot", "ialt", "000"}
LOOSE_TOTAL = re.compile(
    r"(?:(?:000|tot|ialt) .+|(?:i alt|hele landet|total)\b.+|.+ i alt|.+, total)", re.IGNORECASE
)
TOTAL_TESTS: tuple[Callable[[str], object], ...] = (
    lambda text: text.lower() in TOTALS,
    LOOSE_TOTAL.fullmatch,
)
QUOTED = re.compile(r"\A['“”„‘](.*)['“”’]\Z", re.DOTALL)
# How files begin that are no text: workbooks (zip, OLE), PDF.
WORKBOOKS, PDF = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"), b"%PDF"

Row = tuple[dict[str, str], str, int | None]
Line = tuple[int, list[str]]


class BadTable(Exception):
    """The file is no such table: a machine `code`, with line, column and value where they are known.

    Codes: empty, too_large, too_many_rows, workbook, not_text, unreadable, no_heading, duplicate_column,
    duplicate_period, no_rows, wrong_length, not_a_period, not_a_number, no_value, data_after_notes; of one
    series for the country: no_total, several_totals, period_without_total, duplicate_row, mixed_periods,
    no_values; of counts by municipality (statbank_places.py): no_places, no_such_period, unknown_place,
    place_twice, places_missing, place_without_value, not_a_total, no_ancestry, ancestry_missing; and
    never_a_place, which reference/forms.py makes of unknown_place.
    """

    def __init__(self, code: str, *, line: int | None = None, column: str = "", value: str = ""):
        super().__init__(code)
        self.code, self.line, self.column, self.value = code, line, column, value


@dataclass(frozen=True)
class Table:
    """`columns` are the dimensions without time; a row is ({column: text}, period, value or None)."""

    columns: list[str]
    rows: list[Row]


@dataclass(frozen=True)
class Heading:
    """Where in a line what stands: the dimensions' columns, and the values' with the period of each.

    A list has one column of values; its period (here "") stands in the line's column `time`.
    """

    cells: list[str]
    columns: dict[str, int]
    values: dict[int, str]
    time: int | None = None


def parse(data: bytes) -> Table:
    """The table in a file as downloaded, whatever its shape, separator and encoding. Raises BadTable."""
    lines, heading, at = _find_heading(_decode(data))
    rows: list[Row] = []
    above: list[str] = []
    for number, cells in _data_lines(lines[at + 1 :], heading):
        if len(cells) != len(heading.cells):
            raise BadTable("wrong_length", line=number, value=str(len(cells)))
        if heading.time is None:
            above = cells = _filled(cells, above, heading)
        rows.extend(_rows(cells, heading, number))
    if not rows:
        raise BadTable("no_rows")
    return Table(list(heading.columns), rows)


def national_rows(table: Table) -> list[Row]:
    """The one row of each period, in time's order: the total of every dimension that has several values."""
    rows = table.rows
    for column in table.columns:
        rows = total_rows(rows, column)
    counts = Counter(period for _dimensions, period, _value in rows)
    twice = [period for period, count in counts.items() if count > 1]
    if twice:
        raise BadTable("duplicate_row", column=TIME, value=twice[0])
    kinds = {period[4:5]: period for period in sorted(counts, reverse=True)}
    if len(kinds) > 1:  # 2020 is the sum of its quarters: no series has both
        raise BadTable("mixed_periods", column=TIME, value=", ".join(sorted(kinds.values())))
    return sorted(rows, key=lambda row: row[1])


def national_series(national: list[Row]) -> dict[str, int]:
    """{period: value} of national_rows, without the periods that have no value. Raises BadTable."""
    series = {period: value for _dimensions, period, value in national if value is not None}
    if not series:
        raise BadTable("no_values")
    return series


def _decode(data: bytes) -> str:
    if not data.strip():
        raise BadTable("empty")
    if len(data) > MAX_BYTES:
        raise BadTable("too_large")
    if data.startswith(WORKBOOKS):
        raise BadTable("workbook")
    if data.startswith(PDF) or b"\x00" in data:
        raise BadTable("not_text")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(text.splitlines(), start=1):
            if len(line) > LONGEST_LINE:  # csv's own limit is of the whole process, and others set it
                raise BadTable("unreadable", line=number)
        return text
    raise BadTable("unreadable")


def _find_heading(text: str) -> tuple[list[Line], Heading, int]:
    """The file's lines by the first separator under which one of them is a heading."""
    for separator in (";", "\t", ","):
        lines = _lines(text, separator)
        for at, (number, cells) in enumerate(lines):
            heading = _heading(cells, number)
            if heading:
                if len(lines) - at - 1 > MAX_ROWS:
                    raise BadTable("too_many_rows", value=str(len(lines) - at - 1))
                return lines, heading, at
    raise BadTable("no_heading")


def _lines(text: str, separator: str) -> list[Line]:
    """The cells of each line, with the line's number. Other quotes than " are taken off the cells here."""
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator)
    try:
        return [
            (reader.line_num, [QUOTED.sub(r"\1", cell.strip()).strip() for cell in row]) for row in reader
        ]
    except csv.Error as error:
        raise BadTable("unreadable", line=reader.line_num) from error


def _heading(cells: list[str], line: int) -> Heading | None:
    upper = [cell.upper() for cell in cells]
    if TIME in upper and upper[-1] == VALUE:
        time = upper.index(TIME)
        names = {index: name for index, name in enumerate(cells[:-1]) if index != time}
        return Heading(cells, _columns(names, line), {len(cells) - 1: ""}, time)
    periods = {index: _period(cell) for index, cell in enumerate(upper) if PERIOD.fullmatch(cell)}
    first = min(periods, default=0)
    if not first or any(cells[index] for index in range(first, len(cells)) if index not in periods):
        return None
    twice = [period for period, count in Counter(periods.values()).items() if count > 1]
    if twice:
        raise BadTable("duplicate_period", line=line, value=twice[0])
    # The matrix seldom names its dimensions; then they go by their place.
    names = {index: cells[index] or str(index + 1) for index in range(first)}
    return Heading(cells, _columns(names, line), periods)


def _columns(names: dict[int, str], line: int) -> dict[str, int]:
    columns: dict[str, int] = {}
    for index, name in names.items():
        if name in columns:
            raise BadTable("duplicate_column", line=line, column=name)
        columns[name] = index
    return columns


def _data_lines(lines: list[Line], heading: Heading) -> Iterator[Line]:
    """The lines down to the first empty one or note; figures below that are refused, not left out."""
    begun = ended = False
    for number, cells in lines:
        if ended and _is_data(cells, heading):
            raise BadTable("data_after_notes", line=number)
        if not any(cells):
            ended = begun
        elif _is_note(cells, heading):
            ended = True
        elif not ended:
            begun = True
            yield number, cells


def _is_data(cells: list[str], heading: Heading) -> bool:
    return len(cells) == len(heading.cells) and all(_is_value(cells[index]) for index in heading.values)


def _is_note(cells: list[str], heading: Heading) -> bool:
    """Text in the first cell alone, or a sentence that the separator has cut into pieces."""
    rest = cells[1:]
    return not any(rest) or (len(cells) != len(heading.cells) and not any(map(_is_value, rest)))


def _is_value(cell: str) -> bool:
    return cell in NO_VALUE or cell in NIL or bool(NUMBER.fullmatch(cell))


def _filled(cells: list[str], above: list[str], heading: Heading) -> list[str]:
    """A matrix leaves a dimension's text out where it is the same as in the line above."""
    texts = set(heading.columns.values()) if above else set()
    return [above[index] if index in texts and not cell else cell for index, cell in enumerate(cells)]


def _rows(cells: list[str], heading: Heading, line: int) -> Iterator[Row]:
    dimensions = {name: cells[index] for name, index in heading.columns.items()}
    for index, period in heading.values.items():
        if heading.time is not None:
            period = _period(cells[heading.time].upper())
        if not PERIOD.fullmatch(period):
            raise BadTable("not_a_period", line=line, column=TIME, value=period)
        yield dimensions, period, _value(cells[index], line, heading.cells[index])


def _period(text: str) -> str:
    return text.replace("Q", "K")  # the English site's quarters


def _value(cell: str, line: int, column: str) -> int | None:
    if cell in NO_VALUE:
        return None
    if cell in NIL:
        return 0
    if not NUMBER.fullmatch(cell):
        raise BadTable("not_a_number" if cell else "no_value", line=line, column=column, value=cell)
    return int(re.sub(r"[^0-9]", "", cell))


def total_rows(rows: list[Row], column: str) -> list[Row]:
    """The rows with this column's total; all of them where it has only one value."""
    found = {dimensions[column] for dimensions, _period, _value in rows}
    if len(found) == 1:
        return rows
    totals = next(filter(None, ({text for text in found if test(text)} for test in TOTAL_TESTS)), set())
    if len(totals) != 1:
        names = sorted(totals or found)
        code = "several_totals" if totals else "no_total"
        raise BadTable(code, column=column, value=", ".join(names[:3]))
    kept = [row for row in rows if row[0][column] in totals]
    lost = {row[1] for row in rows} - {row[1] for row in kept}
    if lost:
        raise BadTable("period_without_total", column=column, value=min(lost))
    return kept
