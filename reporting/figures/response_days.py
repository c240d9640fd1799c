"""How the answers came in, day by day against the deadline: plain values to a specification."""

from collections.abc import Sequence

from reporting.figures.drawing import GREY, INK, INNER, NORMAL, specification, unit_over
from reporting.figures.line_charts import (
    AXIS,
    FLOOR,
    HEIGHT,
    LINE,
    LOOKS,
    ONCE,
    POINT,
    SIGN,
    Series,
    end_labels,
    end_name,
)

TOP = 100  # per cent


def response_days(
    rounds: Sequence[tuple[str, Sequence[tuple[int, float]]]],
    *,
    title: str,
    x_title: str,
    unit: str,
    rules: Sequence[tuple[int, str]],
    mark: str = "",
) -> dict:
    """A step line a round through (days after the deadline, per cent that have answered by then).

    `rules` are upright lines with their names, the deadline first: its name stands to the left of it, the
    other's to the right.
    """
    labels = end_labels(
        [Series(name, [percent for _day, percent in points]) for name, points in rounds],
        0,
        lambda value: HEIGHT * (TOP - value) / TOP,
    )
    widest = max((len(line) for _, text in labels for line in text), default=0)
    width = INNER - AXIS - SIGN - widest * NORMAL // 2
    days = [day for _name, points in rounds for day, _percent in points] + [day for day, _name in rules]
    lines = zip(rounds, LOOKS[: len(rounds)], labels, strict=True)
    drawn = [
        layer
        for (_name, points), look, (middle, text) in lines
        for layer in [*_steps(points, look), *end_name(text, middle, width, look)]
    ]
    return specification(
        title=title,
        mark=mark,
        width=width,
        height=HEIGHT,
        encoding={
            "x": _days(x_title, [min(days, default=0), max(days, default=1)]),
            "y": _per_cent(unit),
        },
        layer=[FLOOR, *_rules(rules), *drawn],
    )


def _days(title: str, domain: list[int]) -> dict:
    axis = {"title": title, "format": "d", "tickCount": 6, "grid": False}
    return {"type": "quantitative", "scale": {"domain": domain, "nice": False}, "axis": axis}


def _per_cent(unit: str) -> dict:
    axis = {"format": ",~f", "tickCount": 5, "grid": True, "minExtent": AXIS, "maxExtent": AXIS}
    return {
        "type": "quantitative",
        "scale": {"domain": [0, TOP]},
        "axis": axis | unit_over(unit, AXIS) | {"titleY": -14 - LINE},
    }


def _steps(points: Sequence[tuple[int, float]], look: dict) -> list[dict]:
    """The line, and its sign where it ends: the count of a round that is open goes no further than today."""
    rows = [{"day": day, "percent": percent} for day, percent in points]
    place = {"x": {"field": "day"}, "y": {"field": "percent"}}
    line = {"type": "line", "interpolate": "step-after", "color": look["color"],
            "strokeDash": look["strokeDash"], "strokeWidth": 2.5}  # fmt: skip
    sign = POINT | {"shape": look["shape"], "color": look["color"], "size": 80}
    return [
        {"data": {"values": rows}, "mark": line, "encoding": place},
        {"data": {"values": rows[-1:]}, "mark": sign, "encoding": place},
    ]


def _rules(rules: Sequence[tuple[int, str]]) -> list[dict]:
    found = []
    for number, (day, name) in enumerate(rules):
        upright = {"x": {"datum": day}, "y": {"value": -6}, "y2": {"value": "height"}}
        dash = [1, 0] if number == 0 else [4, 4]
        align, dx = ("right", -4) if number == 0 else ("left", 4)
        text = {"type": "text", "text": name, "align": align, "dx": dx, "baseline": "bottom", "color": INK}
        found += [
            ONCE | {"mark": {"type": "rule", "color": GREY, "strokeDash": dash}, "encoding": upright},
            ONCE | {"mark": text, "encoding": {"x": {"datum": day}, "y": {"value": -6}}},
        ]
    return found
