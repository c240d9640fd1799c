"""Many municipalities by rank, and a round's total beside its rate: plain values to a specification."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reporting.figures.bar_charts import COLOURS, Bar
from reporting.figures.drawing import (
    GREY,
    INK,
    NORMAL,
    SMALL,
    Number,
    danish,
    lines_of,
    specification,
    unit_over,
)

STEP, THICKNESS = 15, 10  # one row a municipality: 98 of them are a page of A4
NAMES, RANKED = 112, 340  # pixels for the names and for all; narrow, so that 12 is legible on a phone
PANEL, GAP, PANEL_HEIGHT, COLUMN = 192, 32, 180, 56


@dataclass(frozen=True)
class RoundTotal:
    """A round's total (mio. kr.) and the same money per inhabitant (kr.); None is "–" and no column.

    The label may be of several lines.
    """

    label: str
    total: Number | None
    rate: Number | None


def ranked_columns(
    items: Sequence[Bar],
    *,
    title: str,
    unit: str,
    mean: Number | None,
    mean_label: str,
    decimals: int = 0,
    mark: str = "",
) -> dict:
    """One thin bar a municipality, the largest first, equal ones in the order given; amounts not negative.

    `mean` is the caller's (the mean of rates is not the rate of sums); its dashed line is named
    `mean_label` and the number, e.g. "gennemsnit 54". None: no line.
    """
    ranked = sorted(items, key=lambda item: -item.length)
    rows = _rows([(item.label, item.value) for item in ranked], decimals)
    known = [row["value"] for row in rows] + ([] if mean is None else [float(mean)])
    top = max(known, default=0) or 1
    numbers = 7 * max((len(row["text"]) for row in rows), default=0) + 14
    axis = {
        "orient": "top",
        "labels": False,
        "grid": False,
        **unit_over(unit, NAMES + numbers),
        "titleY": -30,
    }
    line = [] if mean is None else _mean_line(float(mean), f"{mean_label} {danish(mean, decimals)}", top)
    return specification(
        title=title,
        title_width=RANKED,
        mark=mark,
        data={"values": rows},
        width=RANKED - NAMES - numbers,
        height=STEP * max(1, len(rows)),
        encoding={"x": {"type": "quantitative", "scale": {"domain": [0, top]}, "axis": axis}},
        layer=[_RANKED_BARS, _column("label", -numbers), _column("text", -4), *line],
    )


def total_and_rate(
    rounds: Sequence[RoundTotal],
    *,
    title: str,
    units: tuple[str, str],
    decimals: tuple[int, int] = (1, 0),
    mark: str = "",
) -> dict:
    """Two panels with an axis each, a column a round: the total, and the same per inhabitant (not negative).

    `units` name the panels, e.g. ("mio. kr., 22-pl", "kr. pr. indbygger, 22-pl").
    """
    totals = [(item.label, item.total) for item in rounds]
    rates = [(item.label, item.rate) for item in rounds]
    return specification(
        title=title,
        mark=mark,
        hconcat=[
            _panel(totals, units[0], decimals[0], COLOURS["exp"]),
            _panel(rates, units[1], decimals[1], COLOURS["inc"]),
        ],
        spacing=GAP,
    )


def _rows(values: Iterable[tuple[str, Number | None]], decimals: int) -> list[dict]:
    return [
        {"place": place, "label": label, "value": float(value or 0), "text": danish(value, decimals)}
        for place, (label, value) in enumerate(values)
    ]


def _panel(values: Sequence[tuple[str, Number | None]], unit: str, decimals: int, colour: str) -> dict:
    rows = _rows(values, decimals)
    top = max((row["value"] for row in rows), default=0) or 1
    title = {"text": lines_of(unit, PANEL), "fontSize": NORMAL, "fontWeight": "normal", "color": GREY,
             "frame": "group", "anchor": "start"}  # fmt: skip
    axis = {"title": None, "domain": True, "domainColor": INK, "labelAngle": 0,
            "labelLimit": PANEL // max(1, len(rows)), "labelExpr": r"split(datum.label, '\n')"}  # fmt: skip
    columns = {"paddingInner": 0.4, "paddingOuter": 0.2}
    return {
        "title": title,
        "data": {"values": rows},
        "width": PANEL,
        "height": PANEL_HEIGHT,
        "encoding": {
            "x": {"field": "label", "type": "nominal", "sort": None, "scale": columns, "axis": axis},
            "y": {
                "field": "value",
                "type": "quantitative",
                "axis": None,
                "scale": {"domain": [0, 1.12 * top]},
            },
        },
        "layer": [
            {"mark": {"type": "bar", "color": colour, "width": COLUMN if len(rows) < 3 else {"band": 1}}},
            {
                "mark": {"type": "text", "dy": -10, "fontWeight": 600},
                "encoding": {"text": {"field": "text"}},
            },
        ],
    }


def _column(field: str, right: int) -> dict:
    """Texts in a column that ends at `right`; before the bars, where the mean's line crosses none of them."""
    return {
        "mark": {"type": "text", "align": "right", "fontSize": SMALL},
        "encoding": {"y": _Y, "x": {"value": right}, "text": {"field": field}},
    }


def _mean_line(mean: float, text: str, top: float) -> list[dict]:
    """Dashed through all rows, with white beside it upon a bar; its name above, where there is room."""
    once = {"data": {"values": [{"mean": mean}]}}
    through = {"x": {"field": "mean"}, "y": {"value": -8}, "y2": {"value": "height"}}
    side = {"align": "left", "dx": -1} if mean < top / 2 else {"align": "right", "dx": 1}
    name = {"type": "text", "text": text, "fontWeight": 600, "fontSize": SMALL, **side}
    return [
        once | {"mark": {"type": "rule", "color": "white", "strokeWidth": 3}, "encoding": through},
        once
        | {
            "mark": {"type": "rule", "color": INK, "strokeDash": [5, 3], "strokeWidth": 1.5},
            "encoding": through,
        },
        once | {"mark": name, "encoding": {"x": {"field": "mean"}, "y": {"value": -18}}},
    ]


_Y = {"field": "place", "type": "nominal", "axis": None, "scale": {"padding": 0}}
_RANKED_BARS = {
    "mark": {"type": "bar", "height": THICKNESS, "color": COLOURS["exp"]},
    "encoding": {"y": _Y, "x": {"field": "value"}},
}
