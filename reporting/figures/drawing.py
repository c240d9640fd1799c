"""From a Vega-Lite specification to a picture, and what all the figures share. Pure.

A picture shown by <img> is reached by no style sheet and no font file of the page, so the font's Latin
part travels inside the SVG; for measuring texts and for PNG the drawing library reads whole font files.
All colours are at least 4.5:1 on white and tell nothing that a text, place, dash or shape does not tell too.
"""

import base64
import re
from decimal import Decimal
from functools import cache
from html import escape
from pathlib import Path
from textwrap import wrap

import vl_convert

from reporting.rounding import round_half_away

Number = int | float | Decimal
FONTS = Path(__file__).parents[2] / "node_modules/dkfds/dist/fonts/IBMPlexSans"
FONT = "IBM Plex Sans, Helvetica, Arial, sans-serif"
INK, GREY, GRID, WARNING = "#1a1a1a", "#454545", "#d0d0d0", "#8a0000"
LIGHT = "#4a86b8"  # beside the dark colours: 3.9:1 to white, and 4.5:1 to ink upon it
# Narrow, for a picture is scaled to a phone: its text of 14 is then still over 9 pixels.
WIDTH, PADDING = 440, 12
INNER = WIDTH - 2 * PADDING
LARGE, NORMAL, SMALL = 16, 14, 12
FOOT_LINE = 16


def danish(value: Number | None, decimals: int = 0, *, signed: bool = False) -> str:
    """As the pages write it, rounded half away from zero: 1234.56 -> "1.234,6"; -3 -> "−3"; None -> "–"."""
    if value is None:
        return "–"
    rounded = round_half_away(value, decimals)
    sign = "−" if rounded < 0 else "+" if signed and rounded > 0 else ""
    return sign + f"{abs(rounded):,.{decimals}f}".translate(str.maketrans(",.", ".,"))


def lines_of(text: str, width: int = INNER, size: int = NORMAL) -> list[str]:
    """The text in lines of at most `width` pixels; a letter is on average under half its size wide."""
    return wrap(text, int(width / (0.5 * size)), break_long_words=False) or [""]


def unit_over(unit: str, indent: int) -> dict:
    """An axis title over the drawing, read before the numbers; `indent` takes it to the edge."""
    return {"title": lines_of(unit), "titleAngle": 0, "titleAlign": "left", "titleAnchor": "start",
            "titleX": -indent, "titleY": -14, "titleBaseline": "bottom"}  # fmt: skip


def specification(*, title: str, mark: str, title_width: int = INNER, **rest) -> dict:
    """The frame of every figure: its title, under it in red `mark` (for demo data), and the drawing."""
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "title": {
            "text": lines_of(title, title_width, LARGE),
            "subtitle": mark,
            "anchor": "start",
            "frame": "bounds",
        },
        "background": "white",
        "padding": PADDING,
        "config": _config(),
        **rest,
    }


def to_svg(specification: dict, *, alt: str, foot: str = "") -> str:
    """The picture, with `foot` in small letters under it; `alt` becomes its title, for who opens it alone."""
    head = f"<title>{escape(alt)}</title><defs><style>{_font_faces()}</style></defs>"
    svg = _with_foot(specification, foot)
    return re.sub(r"(<svg[^>]*>)", lambda match: match[1] + head, svg, count=1)


def to_png(specification: dict, *, scale: float = 2, foot: str = "") -> bytes:
    """The picture for a document; `scale` pixels for each of the specification's."""
    return vl_convert.svg_to_png(_with_foot(specification, foot), scale=scale, ppi=72)


def _with_foot(specification: dict, foot: str) -> str:
    """Written into the drawn picture: only then is it known how wide that became with names and numbers."""
    _register_fonts()
    svg = vl_convert.vegalite_to_svg(specification, vl_version="5.20", format_locale="da-DK")
    if not foot:
        return svg
    width, height = (int(side) for side in re.findall(r'(?:width|height)="(\d+)"', svg)[:2])
    texts = "".join(
        f'<text x="{PADDING}" y="{height + FOOT_LINE * number}" font-family="{FONT}" font-size="{SMALL}px" '
        f'fill="{GREY}">{escape(line)}</text>'
        for number, line in enumerate(lines_of(foot, width - 2 * PADDING, SMALL), start=1)
    )
    taller = height + FOOT_LINE * texts.count("<text") + PADDING
    svg = svg.replace(f'height="{height}"', f'height="{taller}"', 2)  # of the picture and of its white
    svg = svg.replace(f'viewBox="0 0 {width} {height}"', f'viewBox="0 0 {width} {taller}"', 1)
    return svg.removesuffix("</svg>") + texts + "</svg>"


def _config() -> dict:
    text = {"font": FONT, "color": INK}
    return {
        "font": FONT,
        "view": {"stroke": None},
        "title": {**text, "fontSize": LARGE, "fontWeight": 600, "subtitleFontSize": NORMAL, "offset": 12,
                  "subtitleColor": WARNING, "subtitleFontWeight": 600, "subtitlePadding": 6},
        "axis": {"labelFontSize": NORMAL, "titleFontSize": NORMAL, "titleFontWeight": "normal",
                 "labelColor": INK, "titleColor": GREY, "domain": False, "ticks": False, "labelPadding": 6,
                 "gridColor": GRID, "titlePadding": 8},
        "text": {**text, "fontSize": NORMAL},
        "legend": {"labelFontSize": NORMAL, "labelColor": INK, "labelLimit": 400, "title": None,
                   "orient": "bottom"},
    }  # fmt: skip


@cache
def _register_fonts() -> None:
    """Without the design system's package the drawing library measures and draws with its own font."""
    if (FONTS / "complete/ttf").exists():
        vl_convert.register_font_directory(str(FONTS / "complete/ttf"))


@cache
def _font_faces() -> str:
    """Regular and semibold with the Danish letters, from the design system's package; none without it."""
    faces = []
    for weight, name in ((400, "Regular"), (600, "SemiBold")):
        file = FONTS / f"split/woff2/IBMPlexSans-{name}-Latin1.woff2"
        if file.exists():
            data = base64.b64encode(file.read_bytes()).decode()
            faces.append(
                f"@font-face{{font-family:'IBM Plex Sans';font-weight:{weight};"
                f"src:url(data:font/woff2;base64,{data}) format('woff2')}}"
            )
    return "".join(faces)
