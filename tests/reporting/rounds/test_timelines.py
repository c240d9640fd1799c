"""The picture of a plan: where bars, points and today's line stand."""

from datetime import date

import pytest

from reporting.figures.drawing import INNER, to_svg
from reporting.figures.timelines import HEAD, Mark, Span, months, timeline

ITEMS = [
    Span("Besvarelse", date(2027, 10, 4), date(2027, 10, 29), "4.–29. oktober. Kommunerne"),
    Mark("Svarfrist", date(2027, 10, 29), "29. oktober 2027 kl. 12.00"),
    Span("Spørgeskema", date(2027, 9, 1), date(2027, 10, 10), "Ministeriet"),
]


def drawn(items=ITEMS, today=date(2027, 10, 1), **own):
    words = {"title": "Tidsplan", "today_name": "I dag", "name_of": lambda day: f"{day.month}.{day.year}"}
    return timeline(items, today=today, **words | own)


def values(specification, mark):
    """The rows of all layers of that mark."""
    layers = [layer for layer in specification["layer"] if layer["mark"]["type"] == mark]
    return [row for layer in layers for row in layer["data"]["values"]]


def texts(specification):
    return [row["text"] for row in values(specification, "text")]


def test_items_stand_by_their_first_day_and_may_overlap():
    names = [text for text in texts(drawn()) if text in ("Besvarelse", "Svarfrist", "Spørgeskema")]
    assert list(dict.fromkeys(names)) == ["Spørgeskema", "Besvarelse", "Svarfrist"]
    first, second = values(drawn(), "rect")
    assert first["x2"] > second["x"] and first["y2"] < second["y"]


def test_a_bar_reaches_from_its_first_day_to_the_end_of_its_last():
    first, second = values(drawn(), "rect")
    days = 59  # 1 September to the end of 29 October
    assert (first["x"], second["x2"]) == (0, INNER)
    assert first["x2"] == pytest.approx(INNER * 40 / days)
    assert second["x"] == pytest.approx(INNER * 33 / days)


def test_a_moment_is_a_point_with_a_line_through_the_picture():
    specification = drawn()
    (point,) = values(specification, "point")
    assert point["x"] == pytest.approx(INNER * 58 / 59)
    lines = [row for row in values(specification, "rule") if row["x"] == point["x"]]
    assert [row["y"] for row in lines] == [HEAD]


@pytest.mark.parametrize(
    ("today", "shown"),
    [
        (date(2027, 8, 31), False),
        (date(2027, 9, 1), True),
        (date(2027, 10, 29), True),
        (date(2027, 10, 30), False),
    ],
)
def test_today_is_drawn_where_it_is_within_the_plan(today, shown):
    specification = drawn(today=today)
    assert ("I dag" in texts(specification)) == shown
    assert specification["height"] == drawn(today=date(2000, 1, 1))["height"] + (18 if shown else 0)


def test_one_day_is_wide_enough_to_be_seen():
    long_plan = [ITEMS[0], Span("Godkendelse", date(2030, 1, 1), date(2030, 1, 1), "Ministeriet")]
    assert values(drawn(long_plan), "rect")[1]["x2"] - values(drawn(long_plan), "rect")[1]["x"] >= 3


def test_a_long_responsible_is_written_in_full_on_lines_that_fit():
    long_note = "Udlændinge- og Integrationsministeriet " * 3
    specification = drawn([Span("Workshop", date(2027, 9, 1), date(2027, 9, 2), long_note)])
    found = [text for text in texts(specification) if "ministeriet" in text.lower()]
    assert len(set(found)) >= 2 and all(len(line) <= INNER // 7 for line in found)


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (date(2027, 9, 1), date(2027, 10, 30), [date(2027, 9, 1), date(2027, 10, 1)]),
        (date(2027, 9, 2), date(2027, 10, 1), []),
        (date(2027, 1, 15), date(2027, 12, 31), [date(2027, n, 1) for n in (3, 5, 7, 9, 11)]),
        (date(2020, 5, 1), date(2031, 5, 1), [date(year, 1, 1) for year in (2022, 2024, 2026, 2028, 2030)]),
    ],
)
def test_months_are_so_far_apart_that_their_names_fit(first, last, expected):
    assert months(first, last) == expected


@pytest.mark.parametrize("years", [1, 3, 10, 100])
def test_there_are_never_too_many_months(years):
    assert len(months(date(2000, 1, 1), date(2000 + years, 1, 1))) <= 11


def test_the_picture_is_drawn_with_its_words():
    picture = to_svg(drawn(mark="DEMO"), alt="Tidsplan")
    assert all(word in picture for word in ("Besvarelse", "I dag", "10.2027", "DEMO"))
