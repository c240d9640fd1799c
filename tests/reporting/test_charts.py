"""Every figure as SVG and PNG: its numbers in Danish, its mark, and a picture even of nothing."""

import re
import struct
from decimal import Decimal
from xml.etree import ElementTree

import pytest

from reporting.figures import (
    Bar,
    GroupRange,
    IntervalBar,
    OwnAndGroups,
    RoundTotal,
    Series,
    Tile,
    bars,
    bars_with_intervals,
    changes,
    lines,
    lorenz,
    quartile_ranges,
    ranked_columns,
    tile_map,
    to_png,
    to_svg,
    total_and_rate,
)
from reporting.figures.drawing import danish

MARK = "DEMO - opdigtede tal"
AREAS = [Bar("Dagtilbud", Decimal("100.5")), Bar("Kultur", 24.25), Bar("Sundhed", 0)]
REGIONS = [IntervalBar("Sjælland", 35.2, 28, 42.4), IntervalBar("Nordjylland", 1052)]
MEAN = {"mean": 53.6, "mean_label": "gennemsnit"}
UNITS = {"units": ("mio. kr.", "kr. pr. indbygger")}
AXES = {"x_title": "andel af indbyggerne, pct.", "y_title": "andel, pct.", "equality": "ligelig fordeling"}
WORDS = {"unit": "kr.", "zero": "ingen indsatser", "no_answer": "har ikke svaret"}
TILES = [Tile(0, 3, "Hjørring", 1234.5), Tile(7, 18, "København", 0), Tile(2, 1, "Morsø", None)]
OWN = OwnAndGroups("Social", 1166, [GroupRange("Region", (3, 64, 93)), GroupRange("Landet", None)])
NOTE = (0.75, 0.5, "fem største: 25 pct. af indbyggerne")
MOVES = [Bar("Ophørte", -62.4), Bar("Nye", 34.1)]
KNOWN = [Series("Flygtninge", [1200, None, 1512]), Series("Familie", [3, 2, 1])]


def drawings(title: str, mark: str = "") -> dict:
    """Each figure: (specification, numbers that it must show)."""
    head = {"title": title, "mark": mark}
    kr = head | {"unit": "mio. kr."}
    before, after = Bar("2019", 318), Bar("2025", 289.7)
    return {
        "bars": (bars(AREAS, **kr), ["100,5", "24,3", "0,0"]),
        "intervals": (bars_with_intervals(REGIONS, interval="95 pct.", **kr), ["35 (28–42)", "1.052"]),
        "changes": (changes(before, MOVES, after, **kr), ["318,0", "−62,4", "+34,1", "289,7"]),
        "ranked": (ranked_columns([Bar("Odense", 1250), Bar("Ærø", 7)], **MEAN, **kr), ["1.250", "7"]),
        "lines": (lines(KNOWN, periods=["2019", "2022", "2025"], **kr), ["1.512", "Familie"]),
        "total": (total_and_rate([RoundTotal("2019", 1318, 54.4)], **UNITS, **head), ["1.318,0", "54"]),
        "lorenz": (lorenz([(0, 0), (0.8, 0.4), (1, 1)], note=NOTE, **AXES, **head), ["ligelig fordeling"]),
        "quartiles": (
            quartile_ranges([OWN], unit="kr.", few="for få svar", **head),
            ["Social: 1.166", "Region", "Landet", "for få svar", "1.000"],
        ),
        "map": (tile_map(TILES, **WORDS, **head), ["1.235", "Hjør", "ingen indsatser", "har ikke svaret"]),
    }


def empty_drawings() -> dict:
    head = {"title": "Ingen"}
    kr = head | {"unit": "mio. kr."}
    nothing = Bar("2019", 0)
    return {
        "bars": bars([], **kr),
        "bars of 0": bars([nothing], **kr),
        "intervals": bars_with_intervals([], interval="95 pct.", **kr),
        "intervals of 0": bars_with_intervals([IntervalBar("Fyn", 0, 0, 0)], interval="95 pct.", **kr),
        "changes": changes(nothing, [], nothing, **kr),
        "ranked": ranked_columns([], mean=None, mean_label="", **kr),
        "ranked of 0": ranked_columns([nothing], mean=0, mean_label="gennemsnit", **kr),
        "lines": lines([], periods=[], **kr),
        "lines without a number": lines([Series("A", [None]), Series("B", [0])], periods=["2019"], **kr),
        "total": total_and_rate([], **UNITS, **head),
        "total of 0": total_and_rate([RoundTotal("2019", 0, 0)], **UNITS, **head),
        "lorenz": lorenz([(0, 0), (1, 1)], **AXES, **head),
        "quartiles": quartile_ranges([], unit="kr.", few="for få svar", **head),
        "quartiles of 0": quartile_ranges(
            [OwnAndGroups("Social", 0, [GroupRange("Region", (0, 0, 0))])], unit="kr.", few="", **head
        ),
        "map": tile_map([], **WORDS, **head),
        "map of 0": tile_map([Tile(0, 0, "Odense", 0), Tile(1, 1, "Faxe", None)], **WORDS, **head),
    }


FIGURES = list(drawings(""))


def texts(svg: str) -> list[str]:
    """All texts of a picture that parses as XML; a text in several lines is several."""
    root = ElementTree.fromstring(svg)
    return ["".join(node.itertext()) for node in root.iter() if node.tag.endswith(("}text", "}tspan"))]


def size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n")
    return struct.unpack(">II", png[16:24])


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_shows_its_numbers_in_danish_and_the_demo_mark(name):
    specification, numbers = drawings("Figur 6. Udgifter", MARK)[name]
    shown = texts(to_svg(specification, alt="x"))
    assert not set(numbers) - set(shown)
    assert MARK in shown and "Figur 6. Udgifter" in shown


@pytest.mark.parametrize("name", FIGURES)
def test_without_a_mark_nothing_says_demo(name):
    assert "DEMO" not in to_svg(drawings("Figur 6")[name][0], alt="x")


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_narrow_enough_to_be_read_on_a_phone(name):
    width, height = size(to_png(drawings("Figur 6")[name][0], scale=1))
    assert 300 < width <= (760 if name == "map" else 445) and height > 100


@pytest.mark.parametrize("name", empty_drawings())
def test_nothing_to_draw_is_still_a_picture(name):
    specification = empty_drawings()[name]
    shown = texts(to_svg(specification, alt="x"))
    assert "Ingen" in shown and not [text for text in shown if re.search("NaN|undefined|null", text)]
    assert size(to_png(specification))


@pytest.mark.parametrize("name", FIGURES)
def test_title_and_alt_are_texts_and_never_markup(name):
    words = '<b>&"Nyt"</b>'
    svg = to_svg(drawings(words)[name][0], alt=words)
    assert words in texts(svg)
    assert ElementTree.fromstring(svg)[0].text == words


def test_the_same_values_give_the_same_specification():
    assert drawings("Figur 6", MARK) == drawings("Figur 6", MARK)


def test_the_font_travels_inside_the_svg_and_scale_is_pixels():
    specification = bars(AREAS, title="Figur 6", unit="mio. kr.")
    svg = to_svg(specification, alt="x")
    assert svg.count("data:font/woff2;base64,") == 2 and "IBM Plex Sans" in svg
    assert size(to_png(specification, scale=3))[0] == 3 * size(to_png(specification, scale=1))[0]


def test_numbers_are_rounded_half_away_from_zero_as_on_the_pages():
    assert [danish(value, 1) for value in (0.25, -0.25, 1234567.85)] == ["0,3", "−0,3", "1.234.567,9"]
    assert [danish(value, signed=True) for value in (2.5, -2.5, 0.4, -0.4)] == ["+3", "−3", "0", "0"]


def test_municipalities_are_ranked_and_equal_ones_keep_their_order():
    items = [Bar("Ærø", 7), Bar("Aarhus", 9), Bar("Billund", 7)]
    rows = ranked_columns(items, title="", unit="", mean=None, mean_label="")["data"]["values"]
    assert [row["label"] for row in rows] == ["Aarhus", "Ærø", "Billund"]


def test_the_mean_is_a_dashed_line_with_its_number():
    svg = to_svg(ranked_columns([Bar("Odense", 90)], title="", unit="", **MEAN), alt="x")
    assert "gennemsnit 54" in texts(svg) and 'stroke-dasharray="5,3"' in svg


def test_a_complete_region_has_no_whisker():
    rows = bars_with_intervals(REGIONS, title="", unit="", interval="")["data"]["values"]
    assert ["low" in row for row in rows] == [True, False]


def test_changes_lead_from_the_earlier_total_to_the_later_one():
    rows = drawings("")["changes"][0]["data"]["values"]
    assert [(row["start"], row["level"]) for row in rows[1:-1]] == [(318, 255.6), (255.6, 289.7)]
    assert [row["kind"] for row in rows] == ["total", "less", "more", "total"]


def test_a_missing_number_breaks_the_line_and_is_not_0():
    one = Series("A", [4, 3, None, 2, 1])
    svg = to_svg(lines([one], periods=["1", "2", "3", "4", "5"], title="", unit=""), alt="x")
    path = next(d for d in re.findall(r' d="([^"]+)"', svg) if d.count("L") == 2)
    assert path.count("M") == 2


def test_a_fifth_line_or_a_number_too_many_is_refused():
    with pytest.raises(ValueError):
        lines([Series(str(number), [1]) for number in range(5)], periods=["2019"], title="", unit="")
    with pytest.raises(ValueError):
        lines([Series("A", [1, 2])], periods=["2019"], title="", unit="")


def test_the_map_tells_zero_from_no_answer_and_has_five_classes():
    tiles = [Tile(0, number, f"K{number}", number) for number in range(1, 11)]
    rows = tile_map([*tiles, *TILES[1:]], title="", **WORDS)["data"]["values"]
    assert [row["group"] for row in rows[:10:2]] == ["1–2", "3–4", "5–6", "7–8", "9–10"]
    assert [(row["group"], row["text"]) for row in rows[10:]] == [
        ("ingen indsatser", "0"),
        ("har ikke svaret", ""),
    ]


def test_equal_numbers_are_of_one_class_even_when_that_leaves_fewer():
    tiles = [Tile(0, number, "K", value) for number, value in enumerate([5, 5, 5, 5, 5, 9])]
    rows = tile_map(tiles, title="", **WORDS)["data"]["values"]
    assert [row["group"] for row in rows] == ["5"] * 5 + ["9"]


@pytest.mark.parametrize("name", FIGURES)
def test_a_foot_stands_under_the_drawing_and_makes_the_picture_no_wider(name):
    specification = drawings("Figur 6")[name][0]
    words = "Indberettet af 42 af 98 kommuner <& flere>. " * 6
    bare, svg = (to_svg(specification, alt="x", foot=foot) for foot in ("", words))
    before, after = (ElementTree.fromstring(one).attrib for one in (bare, svg))
    assert before["width"] == after["width"] and int(after["height"]) > int(before["height"]) + 30
    assert " ".join(texts(svg)[-20:]).count("kommuner <& flere>.") == 6
    last = ElementTree.fromstring(svg)[-1].attrib
    assert int(before["height"]) < int(last["y"]) < int(after["height"])
    assert size(to_png(specification, scale=1, foot=words)) == (int(after["width"]), int(after["height"]))


def test_a_missing_number_is_a_dash_and_no_bar():
    row = bars([Bar("Fyn", None), Bar("Jylland", 3)], title="", unit="")["data"]["values"][0]
    assert (row["start"], row["level"], row["text"]) == (0, 0, "–")
    svg = to_svg(total_and_rate([RoundTotal("2025\n0 svar", None, None)], title="", **UNITS), alt="x")
    assert texts(svg).count("–") == 2 and "0 svar" in texts(svg) and "0,0" not in texts(svg)


def test_a_tile_has_four_letters_so_that_vejle_and_vejen_differ():
    rows = tile_map([Tile(0, 0, "Vejle", 1), Tile(0, 1, "Vejen", 1)], title="", **WORDS)["data"]["values"]
    assert [row["letters"] for row in rows] == ["Vejl", "Veje"]
