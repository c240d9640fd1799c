"""What a file holds before anybody knows what it means. Pure."""

from dataclasses import dataclass, field

MAX_BYTES = 5_000_000
MAX_ROWS = 5_000
MAX_CELLS = 250_000  # also empty ones: some fifty columns in every row


class BadFile(Exception):
    """The whole file is refused: a machine `code` (survey/workbook/wording.py has the words)."""

    def __init__(self, code: str, value: str = ""):
        super().__init__(code)
        self.code, self.value = code, value


@dataclass(frozen=True)
class Odd:
    """A cell that is neither text nor a plain number: formula, date, percent, scaled, boolean, error.

    `value` is what a percent cell stands for in percent; nothing for the others.
    """

    code: str
    value: float | None = None


Cell = str | int | float | Odd
Row = tuple[int, dict[int, Cell]]  # its number from 1, and its cells by column from 0; no empty ones


@dataclass(frozen=True)
class Sheet:
    """`name` is empty for CSV, which has one sheet and rows, but no cells with a name."""

    name: str
    rows: list[Row]
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    is_hidden: bool = False
    merged: list[str] = field(default_factory=list)  # "C7:D7"
    other_sheets: dict[str, bool] = field(default_factory=dict)  # with content: name -> hidden
    # The ids that the download gave, of which some may have been removed since; None: not known (CSV).
    downloaded: list[str] | None = None


def letters(column: int) -> str:
    """0 -> A, 26 -> AA."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def column_number(text: str) -> int:
    """A -> 0, AA -> 26."""
    number = 0
    for letter in text:
        number = 26 * number + ord(letter) - 64
    return number - 1
