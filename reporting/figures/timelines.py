"""A plan over time: phases as bars, moments as points, today as a line; plain values to a specification.

All is placed in pixels here, for rows are as high as their texts, which no scale of the library's knows.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from reporting.figures.bar_charts import COLOURS
from reporting.figures.drawing import GRID, INK, INNER, NORMAL, WARNING, lines_of, specification

BAR, LINE, GAP, HEAD = 14, 18, 14, 28
MAX_TICKS = 6
STEPS = (1, 2, 3, 6, 12, 24, 60, 120)  # months between two ticks
FIELDS = ("x", "x2", "y", "y2")


@dataclass(frozen=True)
class Span:
    """A bar from the first to the last day, both in it; `note` stands under the name."""

    name: str
    first: date
    last: date
    note: str


@dataclass(frozen=True)
class Mark:
    """A point on a day, with a dashed line through the whole picture."""

    name: str
    day: date
    note: str

    @property
    def first(self) -> date:
        return self.day

    @property
    def last(self) -> date:
        return self.day


def timeline(
    items: Sequence[Span | Mark],
    *,
    title: str,
    today: date,
    today_name: str,
    name_of: Callable[[date], str],
    mark: str = "",
) -> dict:
    """The items by their first day, from the first to the last day of all; they may overlap.

    `name_of` writes a month under the title; today's line is drawn where today is within.
    """
    ordered = sorted(items, key=lambda item: (item.first, item.last))
    first, last = ordered[0].first, max(item.last for item in ordered) + timedelta(days=1)

    def x(day: date) -> float:
        return INNER * (day - first) / (last - first)

    rows, height = _rows(ordered, x)
    ticks = [{"x": x(day), "y": 0, "y2": height, "text": name_of(day)} for day in months(first, last)]
    marks = [{"x": row["x"], "y": HEAD, "y2": height} for row in rows if row["kind"] == "mark"]
    layers = [
        _rules(ticks, {"color": GRID}),
        _texts([tick | {"y": 6} for tick in ticks], {"dx": 4}),
        _rules(marks, {"color": INK, "strokeDash": [2, 4]}),
    ]
    if first <= today < last:
        height += LINE
        layers += _today(x(today), height, today_name)
    return specification(
        title=title,
        mark=mark,
        width=INNER,
        height=height,
        encoding={"x": _pixels(0, INNER), "y": _pixels(height, 0)},
        layer=[*layers, *_drawn(rows)],
    )


def _pixels(first: int, last: int) -> dict:
    return {"type": "quantitative", "scale": {"domain": [first, last]}, "axis": None}


def months(first: date, last: date) -> list[date]:
    """The firsts of months from `first` and before `last`, so far apart that there are at most six."""
    step = next((step for step in STEPS if (last - first).days / 30.4 / step <= MAX_TICKS), STEPS[-1])
    found = []
    number = 12 * first.year + first.month - 1
    number += -number % step
    while (day := date(number // 12, number % 12 + 1, 1)) < last:
        if day >= first:
            found.append(day)
        number += step
    return found


def _rows(items: Sequence[Span | Mark], x: Callable[[date], float]) -> tuple[list[dict], int]:
    """Where each item's texts and bar stand, and where the last one ends."""
    rows, top = [], HEAD
    for item in items:
        note = lines_of(item.note)
        middle = top + LINE * (1 + len(note)) + BAR // 2
        rows.append(
            {
                "kind": "span" if isinstance(item, Span) else "mark",
                "name": item.name,
                "note": note,
                "top": top,
                "x": x(item.first),
                "x2": max(x(item.last + timedelta(days=1)), x(item.first) + 3),  # one day is seen too
                "y": middle - BAR / 2,
                "y2": middle + BAR / 2,
            }
        )
        top = middle + BAR // 2 + GAP
    return rows, top


def _drawn(rows: list[dict]) -> list[dict]:
    names = [{"x": 0, "y": row["top"] + LINE / 2, "text": row["name"]} for row in rows]
    notes = [
        {"x": 0, "y": row["top"] + LINE * (number + 0.5), "text": line}
        for row in rows
        for number, line in enumerate(row["note"], start=1)
    ]
    spans = [{name: row[name] for name in FIELDS} for row in rows if row["kind"] == "span"]
    points = [{"x": row["x"], "y": (row["y"] + row["y2"]) / 2} for row in rows if row["kind"] == "mark"]
    places = {name: {"field": name} for name in FIELDS}
    return [
        {"data": {"values": spans}, "mark": {"type": "rect", "fill": COLOURS["exp"]}, "encoding": places},
        {
            "data": {"values": points},
            "mark": {
                "type": "point",
                "shape": "diamond",
                "filled": True,
                "size": 130,
                "color": INK,
                "opacity": 1,
            },
            "encoding": {"x": {"field": "x"}, "y": {"field": "y"}},
        },
        *[
            _texts(texts, look)
            for texts, look in ((names, {"fontWeight": 600}), (notes, {}))
            for look in _halo(look)
        ],
    ]


def _halo(look: dict) -> list[dict]:
    """White under each text, so that no line crosses it."""
    return [look | {"stroke": "white", "strokeWidth": 5}, look]


def _today(x: float, height: int, name: str) -> list[dict]:
    """To the left of its line where there is no room to the right."""
    on_the_left = x > INNER / 2
    look = {"align": "right" if on_the_left else "left", "dx": -4 if on_the_left else 4}
    return [
        _rules([{"x": x, "y": HEAD, "y2": height}], {"color": WARNING, "strokeWidth": 2}),
        _texts(
            [{"x": x, "y": height - LINE / 2, "text": name}], look | {"color": WARNING, "fontWeight": 600}
        ),
    ]


def _rules(values: list[dict], look: dict) -> dict:
    places = {name: {"field": name} for name in ("x", "y", "y2")}
    return {"data": {"values": values}, "mark": {"type": "rule", **look}, "encoding": places}


def _texts(values: list[dict], look: dict) -> dict:
    places = {name: {"field": name} for name in ("x", "y", "text")}
    mark = {"type": "text", "align": "left", "baseline": "middle", "fontSize": NORMAL, **look}
    return {"data": {"values": values}, "mark": mark, "encoding": places}
