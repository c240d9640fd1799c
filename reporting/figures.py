"""The report's figures as SVG: plain values to a Vega-Lite specification to a picture. Pure.

The picture is shown by <img>, where no style sheet and no font file of the page reaches it, so the
font's Latin part travels inside. Colours are dark enough on white (over 7:1) to stand in greyscale,
and every bar carries its number.
"""

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path

import vl_convert

FONT = "IBM Plex Sans, Helvetica, Arial, sans-serif"
COLOURS = {"exp": "#004d80", "inc": "#5c4a00"}
INK = "#1a1a1a"
WIDTH, STEP = 430, 40


@dataclass(frozen=True)
class Bar:
    """A label and its amount in mio. kr., as the table under the figure shows it."""

    label: str
    value: float


def bar_chart(bars: Sequence[Bar], *, title: str, unit: str, colour: str, mark: str = "") -> dict:
    """Horizontal bars in the order given, a number at the end of each; `mark` stands over demo data."""
    rows = [{"label": bar.label, "value": bar.value} for bar in bars]
    longest = max(bar.value for bar in bars)
    y = {"field": "label", "type": "nominal", "sort": None, "axis": {"title": None, "labelLimit": 260}}
    x = {
        "field": "value",
        "type": "quantitative",
        "scale": {"domain": [0, 1.18 * longest or 1], "nice": False},  # room for the longest bar's number
        "axis": {"title": unit, "grid": True, "format": ",~f", "tickCount": 5, "titleAnchor": "end"},
    }
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "data": {"values": rows},
        "title": {"text": title, "subtitle": mark, "anchor": "start", "frame": "bounds"},
        "width": WIDTH,
        "height": {"step": STEP},
        "background": "white",
        "padding": 12,
        "encoding": {"y": y, "x": x},
        "layer": [
            {"mark": {"type": "bar", "color": colour, "height": 24}},
            {
                "mark": {"type": "text", "align": "left", "dx": 5, "color": INK, "fontSize": 14},
                "encoding": {"text": {"field": "value", "format": ",.1f"}},
            },
        ],
        "config": _config(),
    }


def to_svg(specification: dict, *, alt: str) -> str:
    """The picture; `alt` becomes its title, for who opens it by itself."""
    svg = vl_convert.vegalite_to_svg(specification, vl_version="5.20", format_locale="da-DK")
    head = f"<title>{escape(alt)}</title><defs><style>{_font_faces()}</style></defs>"
    return re.sub(r"(<svg[^>]*>)", lambda match: match[1] + head, svg, count=1)


def _config() -> dict:
    text = {"font": FONT, "color": INK}
    return {
        "font": FONT,
        "view": {"stroke": None},
        "title": {**text, "fontSize": 16, "fontWeight": 600, "subtitleFontSize": 14, "offset": 12,
                  "subtitleColor": "#8a0000", "subtitleFontWeight": 600},
        "axis": {"labelFontSize": 14, "titleFontSize": 13, "titleFontWeight": "normal", "labelColor": INK,
                 "titleColor": INK, "domain": False, "ticks": False, "labelPadding": 6,
                 "gridColor": "#d0d0d0"},
    }  # fmt: skip


@cache
def _font_faces() -> str:
    """Regular and semibold with the Danish letters, from the design system's package; none without it."""
    folder = Path(__file__).parent.parent / "node_modules/dkfds/dist/fonts/IBMPlexSans/split/woff2"
    faces = []
    for weight, name in ((400, "Regular"), (600, "SemiBold")):
        file = folder / f"IBMPlexSans-{name}-Latin1.woff2"
        if file.exists():
            data = base64.b64encode(file.read_bytes()).decode()
            faces.append(
                f"@font-face{{font-family:'IBM Plex Sans';font-weight:{weight};"
                f"src:url(data:font/woff2;base64,{data}) format('woff2')}}"
            )
    return "".join(faces)
