"""From what stands in a cell to what an initiative holds, by the form's rules and in its words."""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from survey.forms.initiative import InitiativeForm
from survey.models import FundingSource
from survey.models.initiatives import MAX_AMOUNT, STORED_FIELDS
from survey.workbook.columns import Column
from survey.workbook.table import Cell, Odd

IDENTITY = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?: ([0-9a-f]{12}))?", re.IGNORECASE)
BLANK: dict[str, Any] = dict.fromkeys(STORED_FIELDS, "") | {
    "gross_expenditure": None,
    "gross_income": None,
    "funding_sources": [],
    "target_share": None,
    "target_share_unknown": False,
}


class BadCell(Exception):
    """The message says what is wrong and what to do, in the user's language."""


def read_cell(column: Column, cell: Cell) -> Any:
    """The value, for a share (percent, unknown). Raises BadCell."""
    return READERS[column.kind](column, cell)


def read_identity(cell: Cell) -> tuple[UUID, str]:
    """(uuid, what the row held when it was downloaded as `digest` gives it, or ""). Raises BadCell."""
    found = IDENTITY.fullmatch(cell.strip()) if isinstance(cell, str) else None
    if not found:
        raise BadCell(
            _("Id'et er ændret. Sæt det oprindelige ind igen, eller ryd cellen, hvis indsatsen er ny.")
        )
    return UUID(found[1]), (found[2] or "").lower()


def identity(uuid: UUID, values: Mapping[str, Any]) -> str:
    return f"{uuid} {digest(values)}"


def digest(values: Mapping[str, Any]) -> str:
    """Twelve characters that tell whether any field has changed."""
    text = json.dumps([values[name] for name in STORED_FIELDS])
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def written(column: Column, values: Mapping[str, Any]) -> str | int:
    """What is written in the cell; read again it is the value."""
    value = values[column.name]
    if column.kind == "sources":
        texts = {source: text for text, source in column.values.items()}
        return "; ".join(texts[source] for source in value)
    if column.kind == "choice":
        return next((text for text, choice in column.values.items() if choice == value), "")
    if column.kind == "share" and values["target_share_unknown"]:
        return "-"
    return "" if value is None else value


def _text(column: Column, cell: Cell) -> str:
    if isinstance(cell, float):
        raise BadCell(_("Cellen er et tal. Formatér den som tekst, og skriv den igen."))
    text = (cell if isinstance(cell, str) else _as_text(column, cell)).strip()
    if len(text) > column.limit or "\x00" in text or "\r" in text:
        return _as_in_the_form(column, text)
    return text


def _amount(column: Column, cell: Cell) -> int | None:
    """A number as it is, a text as the form reads it."""
    if isinstance(cell, int) and 0 <= cell <= MAX_AMOUNT:
        return cell
    return _as_in_the_form(column, _as_text(column, cell))


def _share(column: Column, cell: Cell) -> tuple[int | None, bool]:
    if isinstance(cell, Odd) and cell.value is not None:  # 75 % as a number that is shown as a percentage
        cell = int(cell.value) if cell.value == int(cell.value) else cell.value
    if isinstance(cell, int) and 0 <= cell <= 100:
        return cell, False
    return _as_in_the_form(column, _as_text(column, cell))


def _choice(column: Column, cell: Cell) -> object:
    """`column.exact` has what is written as on the list."""
    known, text = _by_text(column), _as_text(column, cell)
    if _squeezed(text) in known:
        return known[_squeezed(text)]
    several = [part for part in re.split(r"[;\n]", text) if part.strip()]
    if len(several) > 1 and all(_squeezed(part) in known for part in several):
        raise BadCell(_("Vælg kun én: %s.") % "; ".join(column.values))
    raise BadCell(_unknown(column, text))


def _sources(column: Column, cell: Cell) -> list[str]:
    """Each once, in the questionnaire's order."""
    known = _by_text(column)
    parts = [part for part in re.split(r"[;\n]", _as_text(column, cell)) if part.strip()]
    unknown = [part for part in parts if _squeezed(part) not in known]
    if unknown:
        raise BadCell(_unknown(column, unknown[0].strip()))
    chosen = {known[_squeezed(part)] for part in parts}
    return [source for source in FundingSource.values if source in chosen]


READERS: dict[str, Callable[[Column, Cell], Any]] = {
    "text": _text,
    "amount": _amount,
    "share": _share,
    "choice": _choice,
    "sources": _sources,
}


def _as_text(column: Column, cell: Cell) -> str:
    if isinstance(cell, Odd):
        raise BadCell(_odd(column, cell))
    return repr(cell).replace(".", ",") if isinstance(cell, float) else str(cell)


def _as_in_the_form(column: Column, text: str) -> Any:
    try:
        return InitiativeForm.base_fields[column.name].clean(text)
    except ValidationError as error:
        raise BadCell(" ".join(error.messages)) from error


def _by_text(column: Column) -> dict[str, Any]:
    return {_squeezed(text): value for text, value in column.values.items()}


def _squeezed(text: str) -> str:
    return " ".join(text.split()).casefold()


def _unknown(column: Column, text: str) -> str:
    shown = text if len(text) <= 60 else f"{text[:60]}…"
    return _("”%(text)s” er ikke på listen. Vælg: %(options)s.") % {
        "text": shown,
        "options": "; ".join(column.values),
    }


def _odd(column: Column, cell: Odd) -> str:
    if cell.code == "formula":
        return _("Cellen er en formel. Kopiér den, og indsæt den igen som værdi.")
    if cell.code == "error":
        return _("Cellen viser en regnefejl, fx #REF!. Skriv svaret i stedet, eller ryd cellen.")
    if cell.code == "boolean":
        return _("Cellen er SAND eller FALSK. Skriv svaret i stedet, eller ryd cellen.")
    if cell.code == "scaled" and column.kind == "amount":
        return _(
            "Cellen viser tusinder, men indeholder kroner. "
            "Vælg talformatet Standard, og skriv beløbet i hele 1.000 kr., fx 1.250."
        )
    named = {"date": _("en dato"), "percent": _("en procent"), "scaled": _("et tal, der vises i tusinder")}
    what = named[cell.code]
    if column.kind == "amount":
        return _("Cellen er %s. Formatér den som et tal, og skriv beløbet i hele 1.000 kr., fx 1.250.") % what
    if column.kind == "share":
        return _("Cellen er %s. Formatér den som tekst, og skriv andelen i hele procent, fx 75.") % what
    return _("Cellen er %s. Formatér den som tekst, og skriv svaret igen.") % what
