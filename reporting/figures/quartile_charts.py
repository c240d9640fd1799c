"""One's own number beside the quartiles of groups: plain values to a specification.

Each row has its name and own number over it, and a line a group: a bar between the quartiles, a tick at the
median, and a dot at one's own, the same in all lines of the row. They differ by shape, not by colour alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from reporting.figures.bar_charts import COLOURS
from reporting.figures.drawing import (
    GREY,
    INK,
    INNER,
    LIGHT,
    Number,
    danish,
    specification,
    unit_over,
)

HEAD, LINE, GAP = 26, 20, 12  # pixels: a row's name, a group's line, and what is between two rows
NAMES, ROOM = 132, 16  # for the groups' names, and to the right for the last number of the axis


@dataclass(frozen=True)
class GroupRange:
    """A group's lower quartile, median and upper quartile; None: too few to show."""

    label: str
    quartiles: tuple[Number, Number, Number] | None


@dataclass(frozen=True)
class OwnAndGroups:
    label: str
    own: Number
    groups: Sequence[GroupRange]


def quartile_ranges(
    items: Sequence[OwnAndGroups], *, title: str, unit: str, few: str, mark: str = ""
) -> dict:
    """Amounts not negative, shown whole. `few` stands where a group has no quartiles."""
    heads, lines, height = _rows(items, few)
    values = [line[key] for line in lines for key in ("own", "upper") if key in line]
    axis = {"orient": "top", "grid": True, "tickCount": 4, "tickMinStep": 1, "format": ",.0f",
            "labelFlush": False, **unit_over(unit, NAMES), "titleY": -30}  # fmt: skip
    return specification(
        title=title,
        mark=mark,
        data={"values": lines},
        width=INNER - NAMES - ROOM,
        height=height,
        encoding={
            "x": {
                "type": "quantitative",
                "scale": {"domain": [0, max(values, default=0) or 1], "nice": True},
                "axis": axis,
            },
            "y": {
                "field": "y",
                "type": "quantitative",
                "scale": {"domain": [0, height], "range": [0, height], "nice": False},
                "axis": None,
            },
        },
        layer=[
            {
                "data": {"values": heads},
                **_text("head", -NAMES, fontWeight=600, stroke="white", strokeWidth=5),
            },
            {"data": {"values": heads}, **_text("head", -NAMES, fontWeight=600)},
            _text("label", -NAMES),
            _text("few", 4, color=GREY),
            *_MARKS,
        ],
    )


def _rows(items: Sequence[OwnAndGroups], few: str) -> tuple[list[dict], list[dict], int]:
    """(names, lines, the height of all), each at its middle in pixels from the top."""
    heads, lines, top = [], [], 0
    for item in items:
        heads.append({"y": top + HEAD / 2, "head": f"{item.label}: {danish(item.own)}"})
        top += HEAD
        for group in item.groups:
            line = {"y": top + LINE / 2, "label": group.label, "own": float(item.own)}
            lines.append(line | _range(group, few))
            top += LINE
        top += GAP
    return heads, lines, max(top, LINE)


def _range(group: GroupRange, few: str) -> dict:
    if group.quartiles is None:
        return {"few": few}
    lower, median, upper = (float(value) for value in group.quartiles)
    return {"lower": lower, "median": median, "upper": upper}


def _text(field: str, x: int, **look) -> dict:
    return {
        "transform": [{"filter": f"isValid(datum.{field})"}],
        "mark": {"type": "text", "align": "left", **look},
        "encoding": {"x": {"value": x}, "text": {"field": field}},
    }


def _mark(x: str, look: dict, x2: str = "") -> dict:
    """Of the groups that have quartiles."""
    ends = {"x": {"field": x, "title": None}} | ({"x2": {"field": x2}} if x2 else {})
    return {"transform": [{"filter": "isValid(datum.lower)"}], "mark": look, "encoding": ends}


_MARKS = [
    _mark("lower", {"type": "rule", "strokeWidth": 10, "color": LIGHT}, "upper"),
    _mark(
        "own",
        {"type": "point", "shape": "circle", "size": 90, "filled": True, "opacity": 1,
         "color": COLOURS["exp"], "stroke": "white", "strokeWidth": 1.5},
    ),
    _mark(
        "median",
        {"type": "tick", "orient": "vertical", "size": 16, "thickness": 3, "opacity": 1, "color": INK},
    ),
]  # fmt: skip
