"""Price and wage rates in a CSV file: bytes -> rows of texts. Pure; what a text means, the form judges.

A heading with year, percent, published, is_forecast and source, or the Danish words, in any order; then a
line for each year.
"""

import csv
from dataclasses import dataclass
from io import StringIO

MAX_BYTES, MAX_ROWS = 100_000, 200
COLUMNS = {
    "year": ("year", "år"),
    "percent": ("percent", "procent"),
    "published": ("published", "offentliggjort"),
    "is_forecast": ("is_forecast", "skøn"),
    "source": ("source", "kilde"),
}
FORECAST = {"1": True, "ja": True, "true": True, "0": False, "nej": False, "false": False, "": False}


class BadRates(Exception):
    """The file is no such list: a `code`, with line and value where they are known.

    Codes: empty, too_large, too_many_rows, not_text, no_heading, wrong_length, no_rows, year_twice.
    """

    def __init__(self, code: str, *, line: int | None = None, value: str = ""):
        super().__init__(code)
        self.code, self.line, self.value = code, line, value


@dataclass(frozen=True)
class RateLine:
    """`texts` by the name of the column as in COLUMNS."""

    line: int
    texts: dict[str, str]


def read(data: bytes) -> list[RateLine]:
    """The lines with anything in them. Raises BadRates."""
    lines = _lines(data)
    if not lines:
        raise BadRates("empty")
    places = _heading(lines[0][1])
    found: list[RateLine] = []
    for line, cells in lines[1:]:
        if len(cells) != len(lines[0][1]):
            raise BadRates("wrong_length", line=line, value=str(len(cells)))
        found.append(RateLine(line, {name: cells[place] for name, place in places.items()}))
    if not found:
        raise BadRates("no_rows")
    if len(found) > MAX_ROWS:
        raise BadRates("too_many_rows", value=str(len(found)))
    _refuse_twice(found)
    return found


def _lines(data: bytes) -> list[tuple[int, list[str]]]:
    if len(data) > MAX_BYTES:
        raise BadRates("too_large")
    if b"\x00" in data or data.startswith((b"PK\x03\x04", b"%PDF")):
        raise BadRates("not_text")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    reader = csv.reader(StringIO(text, newline=""), delimiter=";")
    try:
        lines = [(reader.line_num, [cell.strip() for cell in row]) for row in reader]
    except csv.Error as error:
        raise BadRates("not_text", line=reader.line_num) from error
    return [(line, cells) for line, cells in lines if any(cells)]


def _heading(cells: list[str]) -> dict[str, int]:
    lowered = [cell.casefold() for cell in cells]
    places = {
        name: next((lowered.index(word) for word in words if word in lowered), -1)
        for name, words in COLUMNS.items()
    }
    missing = [COLUMNS[name][1] for name, place in places.items() if place < 0]
    if missing:
        raise BadRates("no_heading", value=", ".join(missing))
    return places


def _refuse_twice(lines: list[RateLine]) -> None:
    """Two rates of one year would leave the first of them without a moment in force."""
    years: set[str] = set()
    for one in lines:
        year = one.texts["year"]
        if year in years:
            raise BadRates("year_twice", line=one.line, value=year)
        years.add(year)
