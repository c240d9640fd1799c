"""The municipal file: one row a municipality, as documented in docs/statistics.md. Pure.

A row whose amounts are all blank is a municipality that has not answered; 0 is an answer. Amounts are
1,000 kr. at the level that the file's maker chose; they are not converted.
"""

import csv
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from reporting.returns import MunicipalReturn

NUMBER = re.compile(r"[0-9]{1,15}(\.[0-9]{1,15})?")
WHOLE = re.compile(r"[0-9]{1,15}")


class BadFile(Exception):
    """The file cannot be read: a machine `code`, with line and column where they are known.

    Codes: no_rows, unreadable, missing_columns, duplicate_column, wrong_length, half_blank, not_a_number,
    not_whole, duplicate_code, no_code, bad_responded, contradicts_responded.
    """

    def __init__(self, code: str, *, line: int | None = None, column: str = "", value: str = ""):
        super().__init__(code)
        self.code, self.line, self.column, self.value = code, line, column, value


def read(lines: Iterable[str], areas: Sequence[str]) -> list[MunicipalReturn]:
    """The municipalities of a comma-separated file with a heading. Raises BadFile."""
    reader = csv.reader(lines)
    try:
        heading = [name.strip() for name in next(reader, [])]
        amounts = _amount_columns(heading, areas)
        rows: dict[str, MunicipalReturn] = {}
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(heading):
                raise BadFile("wrong_length", line=reader.line_num, value=str(len(cells)))
            cell = {name: text.strip() for name, text in zip(heading, cells, strict=True)}
            row = _row(cell, amounts, areas, reader.line_num)
            if row.code in rows:
                raise BadFile("duplicate_code", line=reader.line_num, column="code", value=row.code)
            rows[row.code] = row
    except (csv.Error, UnicodeDecodeError) as error:
        raise BadFile("unreadable", line=reader.line_num + 1) from error
    if not rows:
        raise BadFile("no_rows")
    return list(rows.values())


def _amount_columns(heading: list[str], areas: Sequence[str]) -> list[str]:
    """The columns that are blank for who has not answered; refuses a heading without what is needed."""
    for name in heading:
        if name and heading.count(name) > 1:
            raise BadFile("duplicate_column", line=1, column=name)
    required = ["n_initiatives", *(f"{kind}_{area}" for kind in ("exp", "inc") for area in areas)]
    missing = [name for name in ("code", "population", "responded", *required) if name not in heading]
    if missing:
        raise BadFile("missing_columns", line=1, column=", ".join(missing))
    counts = [f"ini_{area}" for area in areas if f"ini_{area}" in heading]
    return required + counts


def _row(cell: dict[str, str], amounts: list[str], areas: Sequence[str], line: int) -> MunicipalReturn:
    if not cell["code"]:
        raise BadFile("no_code", line=line, column="code")
    responded = _responded(cell, amounts, line)
    number = {name: _number(cell, name, line) for name in amounts} if responded else {}
    return MunicipalReturn(
        code=cell["code"],
        name=cell.get("name", ""),
        region=cell.get("region", ""),
        region_name=cell.get("region", ""),
        inhabitants=int(_number(cell, "population", line)),
        immigrants=int(_number(cell, "immigrants", line)) if cell.get("immigrants") else None,
        responded=responded,
        expenditure={area: number[f"exp_{area}"] for area in areas if responded},
        income={area: number[f"inc_{area}"] for area in areas if responded},
        initiatives=int(number.get("n_initiatives", 0)),
        counts={area: int(number.get(f"ini_{area}", 0)) for area in areas if responded},
    )


def _responded(cell: dict[str, str], amounts: list[str], line: int) -> bool:
    """All amounts filled in or none of them, and in agreement with the column that says which."""
    blank = [name for name in amounts if not cell[name]]
    if blank and len(blank) < len(amounts):
        raise BadFile("half_blank", line=line, column=blank[0])
    if cell["responded"] not in ("0", "1"):
        raise BadFile("bad_responded", line=line, column="responded", value=cell["responded"])
    responded = not blank
    if responded != (cell["responded"] == "1"):
        raise BadFile("contradicts_responded", line=line, column="responded", value=cell["responded"])
    return responded


def _number(cell: dict[str, str], name: str, line: int) -> int | Decimal:
    is_count = name in ("population", "immigrants", "n_initiatives") or name.startswith("ini_")
    if not (WHOLE if is_count else NUMBER).fullmatch(cell[name]):
        code = "not_whole" if is_count else "not_a_number"
        raise BadFile(code, line=line, column=name, value=cell[name])
    return int(cell[name]) if WHOLE.fullmatch(cell[name]) else Decimal(cell[name])
