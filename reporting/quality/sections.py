"""What a quality declaration is made of: chapters of parts, in text that is ready to be shown."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.utils.formats import date_format

from reporting.templatetags.amounts import formatted


@dataclass(frozen=True)
class Table:
    """The first cell of a row is its heading; all others but those in `texts` are numbers."""

    caption: str
    headings: list[str]
    rows: list[list[str]]
    texts: tuple[int, ...] = ()


@dataclass(frozen=True)
class Part:
    heading: str
    paragraphs: list[str]
    tables: list[Table] = field(default_factory=list)


@dataclass(frozen=True)
class Chapter:
    heading: str
    parts: list[Part]


def amount(value: float | str, less: float | str = 0) -> str:
    """1,000 kr. as they are shown; a decimal comes as its text."""
    if isinstance(value, str):
        return formatted(Decimal(value) - Decimal(less), 0)
    return formatted(value, 0)


def tenths(value: float | Decimal) -> str:
    return formatted(value, 1)


def percent(part: int, whole: int) -> str:
    return tenths(100 * part / whole)


def day(text: str) -> str:
    return date_format(date.fromisoformat(text), "DATE_FORMAT")
