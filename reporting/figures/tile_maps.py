"""Municipalities as squares in about their place, with their numbers: plain values to a specification."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from reporting.figures.drawing import GREY, INK, INNER, NORMAL, SMALL, Number, danish, specification
from reporting.rounding import round_half_away

STEP, GAP, CLASSES = 36, 4, 5
WHITE = "#ffffff"
FILLS = ["#dcebf5", "#a9cbe3", "#6ba3cc", "#2f76a8", "#0b3c5d"]  # each clearly darker, in greyscale too
TEXTS = [INK, INK, INK, WHITE, WHITE]  # over 4.5:1 on their fill


@dataclass(frozen=True)
class Tile:
    """A municipality's place in the grid, counted from 0, and its number; None: it has not answered."""

    row: int
    column: int
    name: str
    value: Number | None


def tile_map(
    tiles: Sequence[Tile],
    *,
    title: str,
    unit: str,
    zero: str,
    no_answer: str,
    decimals: int = 0,
    mark: str = "",
) -> dict:
    """The higher the darker, in five classes of about equally many municipalities; amounts not negative.

    0 is white in a solid frame, no answer white in a dashed one; `zero` and `no_answer` are their names in
    the legend. Every number stands in its tile.
    """
    classes = _classes([round_half_away(tile.value, decimals) if tile.value else None for tile in tiles])
    names = _class_names(tiles, classes, decimals)
    groups = [
        names[number] if number is not None else no_answer if tile.value is None else zero
        for tile, number in zip(tiles, classes, strict=True)
    ]
    rows, columns = (
        max((getattr(tile, side) for tile in tiles), default=10) + 1 for side in ("row", "column")
    )
    looks = [(names[number], FILLS[number], [1, 0]) for number in sorted(names)]
    looks += [(zero, WHITE, [1, 0]), (no_answer, WHITE, [3, 3])]
    return specification(
        title=title,
        title_width=max(STEP * columns, INNER),
        mark=mark,
        data={"values": [_row(*known, decimals) for known in zip(tiles, classes, groups, strict=True)]},
        width=STEP * columns,
        height=STEP * rows,
        encoding={"x": _side("column", columns), "y": _side("row", rows)},
        layer=[
            _squares(looks, unit),
            _text("letters", {"value": SMALL - 1}, dy=-7),
            _text("text", _SIZE, dy=9),
        ],
    )


def _classes(values: Sequence[Decimal | None]) -> list[int | None]:
    """0 to 4 for each number, by how many are below it, so that equal numbers are never parted."""
    known = sorted(value for value in values if value is not None)
    return [None if value is None else CLASSES * bisect_left(known, value) // len(known) for value in values]


def _class_names(tiles: Sequence[Tile], classes: Sequence[int | None], decimals: int) -> dict[int, str]:
    """Each class by the lowest and the highest number in it, so none is named for numbers nobody has."""
    members: dict[int, list[Number]] = {}
    for tile, number in zip(tiles, classes, strict=True):
        if number is not None and tile.value is not None:
            members.setdefault(number, []).append(tile.value)
    names = {}
    for number, values in members.items():
        ends = [danish(value, decimals) for value in (min(values), max(values))]
        names[number] = "–".join(dict.fromkeys(ends))
    return names


def _row(tile: Tile, number: int | None, group: str, decimals: int) -> dict:
    text = "" if tile.value is None else danish(tile.value, decimals)
    return {
        "row": tile.row,
        "column": tile.column,
        "letters": tile.name[:4],
        "text": text,
        "size": NORMAL if len(text) < 5 else SMALL - 1,  # 1.234 fits a tile only when it is small
        "ink": INK if number is None else TEXTS[number],
        "group": group,
    }


def _side(field: str, length: int) -> dict:
    """The grid's side with its empty rows or columns."""
    return {
        "field": field,
        "type": "ordinal",
        "axis": None,
        "scale": {"type": "band", "domain": list(range(length)), "padding": 0},
    }


def _squares(looks: list[tuple], unit: str) -> dict:
    names, fills, dashes = zip(*looks, strict=True)
    legend = {"title": unit, "columns": 4, "symbolType": "square", "symbolSize": 400, "titleFontSize": NORMAL,
              "titleFontWeight": "normal", "titleColor": GREY, "columnPadding": 20, "rowPadding": 6,
              "labelFontSize": NORMAL, "symbolStrokeColor": INK, "titleLimit": 600}  # fmt: skip
    group = {"field": "group", "type": "nominal", "legend": legend}
    return {
        "mark": {"type": "point", "shape": "square", "size": (STEP - GAP) ** 2, "stroke": INK, "opacity": 1},
        "encoding": {
            "fill": group | {"scale": {"domain": names, "range": fills}},
            "strokeDash": group | {"scale": {"domain": names, "range": dashes}},
        },
    }


def _text(field: str, size: dict, *, dy: int) -> dict:
    return {
        "mark": {"type": "text", "dy": dy},
        "encoding": {
            "text": {"field": field, "type": "nominal"},
            "color": {"field": "ink", "type": "nominal", "scale": None},
            "size": size,
        },
    }


_SIZE = {"field": "size", "type": "quantitative", "scale": None}
