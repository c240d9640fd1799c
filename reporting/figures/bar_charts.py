"""Bars with their numbers: plain values to a specification.

Names stand over the bars, so that the bars have the whole width on a phone too; every bar has its number,
so that there is no axis to read it from.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reporting.figures.drawing import INK, INNER, LIGHT, NORMAL, Number, danish, specification, unit_over

COLOURS = {"exp": "#004d80", "inc": "#5c4a00"}
STEP, HEIGHT = 50, 18
ABOVE = -13  # from the middle of a row, which is the bar's upper edge, to the middle of its name
WHISKER = "M-1,-0.4L-1,0.4M-1,0L1,0M1,-0.4L1,0.4"


@dataclass(frozen=True)
class Bar:
    """A label and its number, in the unit that the figure names; None is "–" and no bar, for it is not 0."""

    label: str
    value: Number | None

    @property
    def length(self) -> float:
        return float(self.value or 0)


@dataclass(frozen=True)
class IntervalBar(Bar):
    """With the limits of its interval; both None where there is nothing to be unsure of."""

    low: Number | None = None
    high: Number | None = None


def bars(
    items: Sequence[Bar],
    *,
    title: str,
    unit: str,
    colour: str = COLOURS["exp"],
    decimals: int = 1,
    mark: str = "",
) -> dict:
    """Horizontal bars in the order given, the number at the end of each."""
    rows = [
        _row(place, bar.label, 0, bar.length, danish(bar.value, decimals)) for place, bar in enumerate(items)
    ]
    scale = _scale(rows, room=_width_of_numbers(rows))
    return _in_rows(
        rows, [_bar({"fill": colour}), _NAMES, _NUMBERS], scale, title=title, unit=unit, mark=mark
    )


def bars_with_intervals(
    items: Sequence[IntervalBar], *, title: str, unit: str, interval: str, decimals: int = 0, mark: str = ""
) -> dict:
    """Bars with whiskers; number and limits stand over the bar, where no whisker crosses them.

    `interval` names the whiskers in the legend, e.g. "95 pct. konfidensinterval".
    """
    rows = []
    for place, item in enumerate(items):
        row = _row(place, item.label, 0, item.length, danish(item.value, decimals))
        if item.low is not None and item.high is not None:
            row["text"] += f" ({danish(item.low, decimals)}–{danish(item.high, decimals)})"
            row |= {"low": float(item.low), "high": float(item.high)}
        rows.append(row)
    number = {
        "mark": {"type": "text", "align": "right", "dy": ABOVE, "fontWeight": 600},
        "encoding": {"y": _Y, "x": {"value": INNER}, "text": {"field": "text"}},
    }
    layers = [_bar({"fill": LIGHT}), _NAMES, number, *_whiskers(interval)]
    return _in_rows(rows, layers, _scale(rows, room=8), title=title, unit=unit, mark=mark)


def changes(
    earlier: Bar,
    steps: Sequence[Bar],
    later: Bar,
    *,
    title: str,
    unit: str,
    decimals: int = 1,
    mark: str = "",
) -> dict:
    """From the earlier total, by what left (below 0) and what came (above 0), to the later total.

    What left is a hollow, dashed bar with "−" before its number; what came is a filled one with "+".
    """
    rows = [_row(0, earlier.label, 0, earlier.length, danish(earlier.value, decimals)) | {"kind": "total"}]
    for place, step in enumerate(steps, start=1):
        level = rows[-1]["level"]
        number = danish(step.value, decimals, signed=True)
        row = _row(place, step.label, level, level + step.length, number)
        rows.append(row | {"kind": "less" if step.length < 0 else "more"})
    total = _row(len(rows), later.label, 0, later.length, danish(later.value, decimals))
    rows.append(total | {"kind": "total"})
    for row in rows[:-1]:
        row["next"] = row["place"] + 1
    layers = [
        _LINKS,
        _bar({"fill": COLOURS["exp"]}, kind="total"),
        _bar({"fill": LIGHT}, kind="more"),
        _bar({"fill": "white", "stroke": INK, "strokeDash": [4, 3], "strokeWidth": 1.5}, kind="less"),
        _HALOS,
        _NAMES,
        _NUMBERS,
    ]
    scale = _scale(rows, room=_width_of_numbers(rows))
    return _in_rows(rows, layers, scale, title=title, unit=unit, mark=mark)


def _row(place: int, label: str, start: Number, level: Number, text: str) -> dict:
    """A bar from `start` to `level`, whose number stands to the right of both."""
    start, level = float(start), float(level)
    return {
        "place": place,
        "label": label,
        "start": start,
        "level": level,
        "end": max(start, level),
        "text": text,
    }


def _in_rows(rows: list[dict], layers: list[dict], scale: dict, *, title: str, unit: str, mark: str) -> dict:
    axis = {"orient": "top", "labels": False, "grid": False, **unit_over(unit, 0)}
    return specification(
        title=title,
        mark=mark,
        data={"values": rows},
        width=INNER,
        height=STEP * max(1, len(rows)),
        encoding={"x": {"type": "quantitative", "scale": scale, "axis": axis}},
        layer=[*layers, _ZEROS],
    )


def _scale(rows: Iterable[dict], *, room: int) -> dict:
    """From the lowest to the highest of all, with 0, and `room` pixels to the right; 0 to 1 without any."""
    values = [row[key] for row in rows for key in ("start", "level", "low", "high") if key in row]
    low, high = min([0, *values]), max([0, *values])
    high += (high - low) * room / (INNER - room)
    return {"domain": [low, high if high > low else 1]}


def _width_of_numbers(rows: Iterable[dict]) -> int:
    return max((len(row["text"]) for row in rows), default=0) * NORMAL * 5 // 8 + 8


def _bar(look: dict, kind: str = "") -> dict:
    layer = {
        "mark": {"type": "bar", "height": HEIGHT, "yOffset": HEIGHT / 2, **look},
        "encoding": {"y": _Y, "x": {"field": "start", "title": None}, "x2": {"field": "level"}},
    }
    return layer | {"transform": [{"filter": f"datum.kind === '{kind}'"}]} if kind else layer


def _whiskers(interval: str) -> list[dict]:
    has_interval = [{"filter": "isValid(datum.low)"}]
    legend = {"symbolType": WHISKER, "symbolStrokeWidth": 1.5, "labelOffset": 6, "symbolSize": 500}
    line = {
        "mark": {"type": "rule", "yOffset": HEIGHT / 2, "strokeWidth": 1.5},
        "encoding": {
            "y": _Y,
            "x": {"field": "low"},
            "x2": {"field": "high"},
            "color": {"datum": interval, "scale": {"range": [INK]}, "legend": legend},
        },
    }
    ends = [
        {
            "mark": {"type": "tick", "yOffset": HEIGHT / 2, "size": 10, "thickness": 1.5, "color": INK},
            "encoding": {"y": _Y, "x": {"field": end}},
        }
        for end in ("low", "high")
    ]
    return [layer | {"transform": has_interval} for layer in (line, *ends)]


_Y = {"field": "place", "type": "nominal", "axis": None, "scale": {"padding": 0}}
_NAMES = {
    "mark": {"type": "text", "align": "left", "dy": ABOVE},
    "encoding": {"y": _Y, "x": {"value": 0}, "text": {"field": "label"}},
}
_NUMBERS = {
    "mark": {"type": "text", "align": "left", "dx": 6, "dy": HEIGHT / 2 + 1, "fontWeight": 600},
    "encoding": {"y": _Y, "x": {"field": "end"}, "text": {"field": "text"}},
}
_HALOS = {**_NAMES, "mark": {**_NAMES["mark"], "stroke": "white", "strokeWidth": 5}}  # over the links
_ZEROS = {
    "mark": {"type": "tick", "yOffset": HEIGHT / 2, "size": HEIGHT + 8, "thickness": 1, "color": INK},
    "encoding": {"y": _Y, "x": {"datum": 0}},
}
_LINKS = {
    "transform": [{"filter": "isValid(datum.next)"}],
    "mark": {"type": "rule", "color": INK, "strokeDash": [1, 2], "yOffset": HEIGHT},
    "encoding": {"y": _Y, "y2": {"field": "next"}, "x": {"field": "level"}},
}
