"""Developments over time and the Lorenz curve: plain values to a specification."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from reporting.figures.bar_charts import COLOURS
from reporting.figures.drawing import (
    GREY,
    INK,
    INNER,
    NORMAL,
    Number,
    danish,
    lines_of,
    specification,
    unit_over,
)

HEIGHT, LINE, AXIS, SIGN, SIDE = 240, 18, 54, 24, 356
LOOKS = [  # told apart by dash and shape, in greyscale too
    {"color": COLOURS["exp"], "strokeDash": [1, 0], "shape": "circle"},
    {"color": COLOURS["inc"], "strokeDash": [7, 4], "shape": "square"},
    {"color": "#5b3a8c", "strokeDash": [2, 3], "shape": "triangle-up"},
    {"color": "#2c5c22", "strokeDash": [10, 3, 2, 3], "shape": "diamond"},
]
ONCE: dict = {"data": {"values": [{}]}}  # for a mark that stands for no row
POINT = {"type": "point", "filled": True, "size": 50, "opacity": 1}
PERCENT = {"labelExpr": "round(100 * datum.value)", "tickCount": 5, "grid": True}


@dataclass(frozen=True)
class Series:
    """A number for each period of the figure; None is a gap in the line."""

    name: str
    values: Sequence[Number | None]


def lines(
    series: Sequence[Series],
    *,
    periods: Sequence[str],
    title: str,
    unit: str,
    decimals: int = 0,
    mark: str = "",
) -> dict:
    """One to four series; sign, name and last number stand at the end of each, instead of a legend."""
    known = [float(value) for one in series for value in one.values if value is not None]
    low, high = min([0, *known]), max([0, *known])
    high = high + 0.06 * (high - low) if high > low else 1
    labels = end_labels(series, decimals, lambda value: HEIGHT * (high - value) / (high - low))
    widest = max((len(line) for _, text in labels for line in text), default=0)
    width = INNER - AXIS - SIGN - widest * NORMAL // 2
    drawn = [
        layer
        for one, look, (middle, text) in zip(series, LOOKS[: len(series)], labels, strict=True)
        for layer in [_line(one, periods, look), *end_name(text, middle, width, look)]
    ]
    points = {"type": "point", "domain": list(periods), "padding": 0.2}
    x_axis = {"title": None, "labelAngle": 0, "labelOverlap": "parity", "labelSeparation": 6}
    y_axis = {"format": ",~f", "tickCount": 5, "grid": True, "minExtent": AXIS, "maxExtent": AXIS}
    return specification(
        title=title,
        mark=mark,
        width=width,
        height=HEIGHT,
        encoding={
            "x": {"type": "ordinal", "scale": points, "axis": x_axis},
            "y": {
                "type": "quantitative",
                "scale": {"domain": [low, high]},
                "axis": y_axis | unit_over(unit, AXIS),
            },
        },
        layer=[FLOOR, *drawn],
    )


def lorenz(
    points: Sequence[tuple[float, float]],
    *,
    title: str,
    x_title: str,
    y_title: str,
    equality: str,
    note: tuple[float, float, str] | None = None,
    mark: str = "",
) -> dict:
    """The curve through `points` (shares 0 to 1, as `shares.lorenz_points` gives them) and the diagonal.

    The axes count 0 to 100, so their titles say "pct."; `equality` names the diagonal. `note` is a point
    (x, y) and its text. It need not lie on the curve: the municipalities with the largest amounts are
    seldom quite those with the largest amounts per inhabitant.
    """
    share = {"type": "quantitative", "scale": {"domain": [0, 1]}}
    return specification(
        title=title,
        mark=mark,
        width=SIDE,
        height=SIDE,
        encoding={
            "x": share | {"axis": PERCENT | {"title": lines_of(x_title, SIDE)}},
            "y": share | {"axis": PERCENT | unit_over(y_title, 36)},
        },
        layer=[
            *_diagonal(equality),
            {
                "data": {"values": [{"x": x, "y": y} for x, y in points]},
                "mark": {"type": "line", "color": COLOURS["exp"], "strokeWidth": 3},
                "encoding": {"x": {"field": "x"}, "y": {"field": "y"}},
            },
            *(_note(*note) if note else []),
        ],
    )


def _line(one: Series, periods: Sequence[str], look: dict) -> dict:
    rows = [
        {"period": period, "value": None if value is None else float(value)}
        for period, value in zip(periods, one.values, strict=True)
    ]
    point = POINT | {"shape": look["shape"], "color": look["color"]}
    return {
        "data": {"values": rows},
        "mark": {"type": "line", "color": look["color"], "strokeDash": look["strokeDash"], "strokeWidth": 2.5,
                 "point": point, "invalid": "break-paths-show-domains"},
        "encoding": {"x": {"field": "period"}, "y": {"field": "value"}},
    }  # fmt: skip


def end_labels(
    series: Sequence[Series], decimals: int, pixel: Callable[[float], float]
) -> list[tuple[float, list[str]]]:
    """(middle in pixels from the top, lines of text) of each series: beside its last number, or as near to it
    as the others and the periods' names under the drawing let it."""
    known = [[float(value) for value in one.values if value is not None] for one in series]
    goals = [pixel(values[-1]) if values else HEIGHT for values in known]
    texts = [
        (lines_of(one.name, 100) if one.name else []) + [danish(value, decimals) for value in values[-1:]]
        for one, values in zip(series, known, strict=True)
    ]
    middles, free = list(goals), -LINE / 2.0
    downwards = sorted(range(len(series)), key=goals.__getitem__)
    for place in downwards:
        half = LINE * len(texts[place]) / 2
        middles[place] = max(goals[place], free + half)
        free = middles[place] + half
    floor = HEIGHT + LINE / 2.0
    for place in reversed(downwards):
        half = LINE * len(texts[place]) / 2
        middles[place] = min(middles[place], floor - half)
        floor = middles[place] - half
    return list(zip(middles, texts, strict=True))


def end_name(text: list[str], middle: float, width: int, look: dict) -> list[dict]:
    place = {"y": {"value": middle}}
    sign = POINT | {"shape": look["shape"], "color": look["color"]}
    name = {"type": "text", "text": text, "align": "left", "baseline": "middle", "lineHeight": LINE,
            "color": look["color"], "dy": -LINE * (len(text) - 1) / 2}  # fmt: skip
    return [
        ONCE | {"mark": sign, "encoding": place | {"x": {"value": width + 10}}},
        ONCE | {"mark": name, "encoding": place | {"x": {"value": width + SIGN - 4}}},
    ]


def _diagonal(name: str) -> list[dict]:
    ends = {"x": {"datum": 0}, "y": {"datum": 0}, "x2": {"datum": 1}, "y2": {"datum": 1}}
    text = {"type": "text", "text": name, "angle": -45, "dy": -10, "color": GREY}
    return [
        ONCE | {"mark": {"type": "rule", "color": GREY, "strokeDash": [5, 4]}, "encoding": ends},
        ONCE | {"mark": text, "encoding": {"x": {"datum": 0.3}, "y": {"datum": 0.3}}},
    ]


def _note(x: float, y: float, words: str) -> list[dict]:
    """The point, and its words in the corner above the diagonal, which no curve reaches."""
    text = lines_of(words, SIDE // 2)
    here = {"x": {"datum": x}, "y": {"datum": y}}
    below = LINE * len(text) + 6
    leader = here | {"x2": {"value": SIDE // 4}, "y2": {"value": below}}
    point = POINT | {"shape": "diamond", "size": 160, "color": INK}
    name = {"type": "text", "text": text, "align": "left", "baseline": "top", "lineHeight": LINE}
    return [
        ONCE | {"mark": {"type": "rule", "color": INK}, "encoding": leader},
        ONCE | {"mark": point, "encoding": here},
        ONCE | {"mark": name | {"fontWeight": 600}, "encoding": {"x": {"value": 8}, "y": {"value": 4}}},
    ]


FLOOR = ONCE | {
    "mark": {"type": "rule", "color": INK},
    "encoding": {"y": {"datum": 0}, "x": {"value": 0}, "x2": {"value": "width"}},
}
