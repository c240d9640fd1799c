"""Persons by municipality in StatBank's FOLK1A and FOLK1E: a table and a day -> counts. Pure.

FOLK1A has OMRÅDE, KØN, ALDER, CIVILSTAND and TID, FOLK1E has HERKOMST too; both count the first day of each
quarter. An area is written as "Odense", "461" or "461 Odense", as its reader has chosen in StatBank. Every
other dimension has to be its total. A matrix may leave a dimension with one value out, and name it in its
title alone: that a file of men alone looks like a small country is for reference/judging.py to see.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from reporting.files.statbank import TOTAL_TESTS, BadTable, Row, Table, total_rows

AREA, ANCESTRY = "OMRÅDE", "HERKOMST"  # the API's names of the dimensions; a matrix seldom has names
COUNTRY, CHRISTIANSOE = "000", "411"  # Christiansø belongs to no municipality, but to the country
COUNTRY_NAMES = ("hele landet", "all denmark")
ENGLISH_PLACES = (("copenhagen", "københavn"),)  # the only one that the English site translates
WIDER = ("region ", "landsdel ", "province ")
CODED = re.compile(r"([0-9]{1,3})(?: .*)?", re.DOTALL)
# Immigrants and descendants, from Western and from other countries; the rest is of Danish origin (10).
ANCESTRIES = {
    "24": "indvandrere fra vestlige lande",
    "25": "indvandrere fra ikke-vestlige lande",
    "34": "efterkommere fra vestlige lande",
    "35": "efterkommere fra ikke-vestlige lande",
}
DANISH_ORIGIN = "10"
ANCESTRY_NAMES = ANCESTRIES | {DANISH_ORIGIN: "personer med dansk oprindelse"}
IN_ENGLISH = {  # the English site's, which writes 34 and 35 in the singular
    "persons of danish origin": DANISH_ORIGIN,
    "immigrants from western countries": "24",
    "immigrants from non-western countries": "25",
    "descendant from western countries": "34",
    "descendants from western countries": "34",
    "descendant from non-western countries": "35",
    "descendants from non-western countries": "35",
}


@dataclass(frozen=True)
class AreaCounts:
    """Persons by the municipality's code; None where the file has no row of the country or Christiansø."""

    municipalities: dict[str, int]
    christiansoe: int | None
    country: int | None
    other_periods: list[str]  # in the file, and left out
    regions: dict[str, int]  # by the row's text, where the file has regions
    everybody: dict[str, int] | None = None  # with those of Danish origin; None where some place lacks them

    @property
    def sum(self) -> int:
        return sum(self.municipalities.values()) + (self.christiansoe or 0)


def quarter_of(day: date) -> str | None:
    """2026-04-01 -> 2026K2; None of a day that begins no quarter."""
    return f"{day.year}K{day.month // 3 + 1}" if day.day == 1 and day.month % 3 == 1 else None


def inhabitants(table: Table, period: str, names: Mapping[str, Collection[str]]) -> AreaCounts:
    """FOLK1A in a quarter. `names`: {code: what each municipality that existed then may be called}.

    Raises BadTable, also when one of them is missing, unknown or there twice.
    """
    return _counts(table, period, names, by_ancestry=False)


def immigrants_and_descendants(table: Table, period: str, names: Mapping[str, Collection[str]]) -> AreaCounts:
    """FOLK1E in a quarter: of each area the sum of the four ANCESTRIES. Raises BadTable."""
    return _counts(table, period, names, by_ancestry=True)


def _counts(table: Table, period: str, names, *, by_ancestry: bool) -> AreaCounts:
    rows = [row for row in table.rows if row[1] == period]
    if not rows:
        raise BadTable("no_such_period", value=period)
    codes = {_key(name): code for code, called in names.items() for name in called}
    codes |= {english: codes[danish] for english, danish in ENGLISH_PLACES if danish in codes}
    codes |= {"christiansø": CHRISTIANSOE} | dict.fromkeys(COUNTRY_NAMES, COUNTRY)
    area = _area_column(table, codes)
    ancestry = _ancestry_column(table) if by_ancestry else None
    for column in table.columns:
        if column not in (area, ancestry):
            rows = _whole(rows, column)
    found = _by_place(rows, area, ancestry, codes, {*names, CHRISTIANSOE, COUNTRY})
    missing = [sorted(called)[0] for code, called in names.items() if code not in found]
    if missing:
        raise BadTable("places_missing", value=", ".join(missing))
    persons = {code: _sum(parts, ancestry) for code, parts in found.items()}
    return AreaCounts(
        municipalities={code: persons[code] for code in names},
        christiansoe=persons.get(CHRISTIANSOE),
        country=persons.get(COUNTRY),
        other_periods=sorted({row[1] for row in table.rows} - {period}),
        regions=_by_region(rows, area, ancestry),
        everybody=_everybody({code: found[code] for code in names}) if ancestry else None,
    )


def _key(name: str) -> str:
    """One text of the ways to write a name: Århus and Aarhus, Høje-Taastrup and Høje Taastrup Kommune."""
    key = " ".join(name.casefold().replace("aa", "å").replace("-", " ").split())
    return key.removesuffix(" kommune")


def _area_column(table: Table, codes: Mapping[str, str]) -> str:
    """By its name, or else the one that names most municipalities."""
    named = [column for column in table.columns if column.upper() == AREA]
    if named:
        return named[0]
    texts = {column: {row[0][column] for row in table.rows} for column in table.columns}
    hits = {column: sum(_key(text) in codes for text in texts[column]) for column in table.columns}
    best = max(hits, key=lambda column: hits[column], default="")
    if not hits.get(best):
        # A matrix with "461 Odense" or codes alone.
        hits = {column: sum(_code(text) in codes.values() for text in texts[column]) for column in hits}
        best = max(hits, key=lambda column: hits[column], default="")
    if not hits.get(best):
        raise BadTable("no_places")
    return best


def _ancestry_column(table: Table) -> str:
    """By its name, or else by its texts; a bare 24 elsewhere may be an age."""
    for column in table.columns:
        if column.upper() == ANCESTRY:
            return column
    for column in table.columns:
        if any(not row[0][column].isdigit() and _ancestry(row[0][column]) for row in table.rows):
            return column
    raise BadTable("no_ancestry")


def _ancestry(text: str) -> str | None:
    """24, 25, 34, 35 or 10; None of everybody and sums."""
    lowered = text.casefold()
    for code, name in ANCESTRY_NAMES.items():
        if lowered in (code, name, f"{code} {name}"):
            return code
    return IN_ENGLISH.get(lowered) or IN_ENGLISH.get(lowered.partition(" ")[2])


def _whole(rows: list[Row], column: str) -> list[Row]:
    """Those of the column's total; a column without texts says nothing."""
    rows = total_rows(rows, column)
    text = rows[0][0][column]
    if text and not any(test(text) for test in TOTAL_TESTS):
        raise BadTable("not_a_total", column=column, value=text)
    return rows


def _code(text: str) -> str | None:
    coded = CODED.fullmatch(text)
    return coded[1].zfill(3) if coded else None


def _by_place(rows, area: str, ancestry: str | None, codes, expected) -> dict[str, dict[str, int]]:
    """{code: {ancestry, or "" of everybody: persons}}"""
    found: dict[str, dict[str, int]] = {}
    for dimensions, _period, value in rows:
        text = dimensions[area]
        part = _ancestry(dimensions[ancestry]) if ancestry else ""
        code = _code(text) or codes.get(_key(text))
        if part is None or _is_wider(text, code):
            continue
        if code not in expected:
            if not value:  # a municipality of another time, which the table lists all the same
                continue
            raise BadTable("unknown_place", value=text)
        if value is None:
            raise BadTable("place_without_value", value=text)
        if part in found.setdefault(code, {}):
            raise BadTable("place_twice", value=text)
        found[code][part] = value
    return found


def _by_region(rows: list[Row], area: str, ancestry: str | None) -> dict[str, int]:
    found: dict[str, int] = {}
    for dimensions, _period, value in rows:
        text = dimensions[area]
        code = _code(text)
        is_region = "081" <= code <= "085" if code else text.casefold().startswith("region ")
        is_counted = ancestry is None or _ancestry(dimensions[ancestry]) in ANCESTRIES
        if is_region and is_counted and value is not None:
            found[text] = found.get(text, 0) + value
    return found


def _everybody(found: dict[str, dict[str, int]]) -> dict[str, int] | None:
    if any(DANISH_ORIGIN not in parts for parts in found.values()):
        return None
    return {code: sum(parts.values()) for code, parts in found.items()}


def _is_wider(text: str, code: str | None) -> bool:
    """A region or a part of one; as codes they are below all municipalities': 081-085 and 01-11."""
    if code is None:
        return text.casefold().startswith(WIDER)
    return COUNTRY < code < "100"


def _sum(parts: dict[str, int], ancestry: str | None) -> int:
    missing = [name for code, name in ANCESTRIES.items() if code not in parts] if ancestry else []
    if missing:
        raise BadTable("ancestry_missing", value=", ".join(missing).capitalize())
    return sum(value for part, value in parts.items() if part != DANISH_ORIGIN)
