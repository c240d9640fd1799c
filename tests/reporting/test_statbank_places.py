"""FOLK1A and FOLK1E as StatBank writes them: names, codes or both, as a list and as a matrix.

Columns and texts are those of StatBank's API (OMRÅDE, KØN, ALDER, CIVILSTAND, HERKOMST, TID; "Alder i alt");
the populations of 1 January 2021 are Statistics Denmark's.
"""

import csv
from datetime import date

import pytest
from django.conf import settings

from reporting.files import statbank, statbank_places
from reporting.files.statbank import BadTable
from reporting.files.statbank_wording import bad_table

NAMES = {"461": ("Odense", "Odense Kommune"), "751": ("Aarhus", "Aarhus Kommune")}
HEADING = "OMRÅDE;KØN;ALDER;CIVILSTAND;TID;INDHOLD\n"
ANCESTRY = "OMRÅDE;KØN;ALDER;HERKOMST;TID;INDHOLD\n"
FOUR = ("24", "25", "34", "35")


def row(place, persons, period="2026K1", rest="I alt;Alder i alt;I alt"):
    return f"{place};{rest};{period};{persons}\n"


def inhabitants(text, names=NAMES, period="2026K1"):
    return statbank_places.inhabitants(statbank.parse(text.encode()), period, names)


def immigrants(text, names=NAMES):
    table = statbank.parse(text.encode())
    return statbank_places.immigrants_and_descendants(table, "2026K1", names)


def refused(code):
    return pytest.raises(BadTable, match=f"^{code}$")


@pytest.mark.parametrize(
    ("day", "quarter"),
    [
        (date(2026, 1, 1), "2026K1"),
        (date(2026, 4, 1), "2026K2"),
        (date(2026, 7, 1), "2026K3"),
        (date(2026, 10, 1), "2026K4"),
        (date(2026, 12, 1), None),
        (date(2026, 1, 2), None),
    ],
)
def test_a_quarter_is_of_its_first_day(day, quarter):
    assert statbank_places.quarter_of(day) == quarter


@pytest.mark.parametrize("places", [("Odense", "Aarhus"), ("461", "751"), ("461 Odense", "751 Aarhus")])
@pytest.mark.parametrize("country", ["Hele landet", "000", "000 Hele landet", None])
def test_a_place_is_a_name_a_code_or_both(places, country):
    rows = [row(country, 600)] if country else []
    counts = inhabitants(HEADING + "".join([*rows, row(places[0], 210), row(places[1], 380)]))
    assert counts.municipalities == {"461": 210, "751": 380}
    assert counts.country == (600 if country else None) and counts.christiansoe is None


@pytest.mark.parametrize("place", ["Århus", "AARHUS", "Aarhus Kommune", "Århus  kommune"])
def test_a_name_may_be_written_in_the_usual_ways(place):
    assert inhabitants(HEADING + row("Odense", 210) + row(place, 380)).municipalities["751"] == 380


@pytest.mark.parametrize(
    "place", ["Region Syddanmark", "083 Region Syddanmark", "083", "Landsdel Fyn", "08 Fyn"]
)
def test_regions_and_their_parts_are_left_out(place):
    text = HEADING + row(place, 1_000) + row("Odense", 210) + row("Aarhus", 380)
    assert inhabitants(text).sum == 590


def test_christiansoe_is_in_the_country_and_in_no_municipality():
    text = HEADING + row("Odense", 210) + row("411 Christiansø", 90) + row("Aarhus", 380)
    counts = inhabitants(text)
    assert counts.christiansoe == 90 and counts.sum == 680 and "411" not in counts.municipalities


def test_the_matrix_names_no_dimension():
    text = (
        '"Folketal den 1. i kvartalet efter område"\n\n'
        '" ";" ";" ";" ";"2025K4";"2026K1"\n'
        '"I alt";"Alder i alt";"I alt";"Hele landet";580;590\n'
        '" ";" ";" ";"Odense";205;210\n'
        '" ";" ";" ";"Aarhus";375;380\n'
    )
    counts = inhabitants(text)
    assert counts.municipalities == {"461": 210, "751": 380} and counts.country == 590
    assert counts.other_periods == ["2025K4"]
    assert inhabitants(text, period="2025K4").municipalities == {"461": 205, "751": 375}
    coded = text.replace("Odense", "461 Odense").replace("Aarhus", "751 Aarhus")
    assert inhabitants(coded.replace("Hele landet", "000 Hele landet")) == counts


def test_rows_of_each_sex_are_left_out_beside_their_total():
    text = HEADING + "".join(
        row(place, persons, rest=f"{sex};Alder i alt;I alt")
        for place in ("Odense", "Aarhus")
        for sex, persons in (("Mænd", 1), ("Kvinder", 2), ("I alt", 3))
    )
    assert inhabitants(text).municipalities == {"461": 3, "751": 3}


def test_a_file_of_men_alone_is_refused():
    rest = "Mænd;Alder i alt;I alt"
    with refused("not_a_total") as error:
        inhabitants(HEADING + row("Odense", 1, rest=rest) + row("Aarhus", 2, rest=rest))
    assert bad_table(error.value).startswith("Kolonne KØN har kun ”Mænd” og ikke alle.")


@pytest.mark.parametrize(
    ("rows", "code", "said"),
    [
        (row("Odense", 1), "places_missing", "Filen mangler Aarhus."),
        (row("Odense", 1) * 2 + row("Aarhus", 1), "place_twice", "Odense står to gange."),
        (row("Odense", 1) + row("461", 1) + row("Aarhus", 1), "place_twice", "461 står to gange."),
        (row("Fyn", 7) + row("Odense", 1) + row("Aarhus", 1), "unknown_place", "”Fyn” var ikke en kommune"),
        (row("999", 7) + row("Odense", 1) + row("Aarhus", 1), "unknown_place", "”999” var ikke en kommune"),
        (row("Odense", "..") + row("Aarhus", 1), "place_without_value", "Odense har intet tal."),
        (row("Odense", 1, "2025K4") + row("Aarhus", 1, "2025K4"), "no_such_period", "har ikke 2026K1."),
    ],
)
def test_what_does_not_fit_is_refused_in_words(rows, code, said):
    with refused(code) as error:
        inhabitants(HEADING + rows)
    assert said in bad_table(error.value)


def test_a_municipality_of_another_time_is_left_out_where_it_has_nothing():
    text = HEADING + row("Ribe", "..") + row("Odense", 210) + row("Aarhus", 380)
    assert inhabitants(text).sum == 590


def test_a_file_without_municipalities_is_refused():
    with refused("no_places"):
        inhabitants(";2026K1\nMænd;1\n")


def of_ancestries(kinds, place="Odense"):
    return "".join(row(place, 10 + n, rest=f"I alt;Alder i alt;{kind}") for n, kind in enumerate(kinds))


@pytest.mark.parametrize(
    "kinds",
    [
        ("TOT", "10", *FOUR),
        ("1", *FOUR),
        ("I alt", "Personer med dansk oprindelse", *statbank_places.ANCESTRIES.values()),
        ("x", *(f"{code} {name}" for code, name in statbank_places.ANCESTRIES.items())),
    ],
)
def test_immigrants_and_descendants_are_the_four_together(kinds):
    counts = immigrants(ANCESTRY + of_ancestries(kinds) + of_ancestries(kinds, "Aarhus"))
    expected = sum(10 + n for n in range(len(kinds))[-4:])
    assert counts.municipalities == {"461": expected, "751": expected}


def test_a_matrix_of_ancestries_is_known_by_its_texts_and_an_age_of_24_is_not_one():
    lines = "".join(
        f'"24 år";"{name.capitalize()}";"{place}";{n}\n'
        for n, name in enumerate(statbank_places.ANCESTRIES.values())
        for place in ("Odense", "Aarhus")
    )
    with refused("not_a_total"):
        immigrants(f'" ";" ";" ";"2026K1"\n{lines}')
    counts = immigrants(f'" ";" ";" ";"2026K1"\n{lines}'.replace("24 år", "Alder i alt"))
    assert counts.municipalities == {"461": 6, "751": 6}


def test_without_one_of_the_four_the_sum_is_refused():
    three = [code for code in FOUR if code != "34"]
    with refused("ancestry_missing") as error:
        immigrants(ANCESTRY + of_ancestries(three) + of_ancestries(three, "Aarhus"))
    assert bad_table(error.value).startswith("Efterkommere fra vestlige lande mangler.")
    with refused("no_ancestry"):
        immigrants(HEADING + row("Odense", 1) + row("Aarhus", 1))


def reference(name):
    with open(settings.BASE_DIR / "municipalities" / "reference" / name, encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_the_98_and_christiansoe_are_the_country_as_published():
    """1 January 2021: 5,839,955 and 90 are the published 5,840,045."""
    names = {one["code"]: (one["name"], one["official_name"]) for one in reference("municipalities.csv")}
    persons = {
        one["code"]: one["population"] for one in reference("population.csv") if one["date"] == "2021-01-01"
    }
    rows = [row("Hele landet", 5_840_045, "2021K1"), row("Christiansø", 90, "2021K1")]
    rows += [row(names[code][0], number, "2021K1") for code, number in persons.items()]
    counts = inhabitants(HEADING + "".join(rows), names, "2021K1")
    assert len(counts.municipalities) == 98 and counts.sum == counts.country == 5_840_045
    official = [row(names[code][1], number, "2021K1") for code, number in persons.items()]
    assert inhabitants(HEADING + "".join(official), names, "2021K1").municipalities == counts.municipalities


def test_the_english_site_s_file_is_read():
    names = NAMES | {"101": ("København", "Københavns Kommune")}
    kinds = {
        "Persons of Danish origin": 5,
        "Immigrants from western countries": 1,
        "Immigrants from non-western countries": 2,
        "Descendant from western countries": 3,
        "Descendants from non-western countries": 4,
    }
    text = "".join(
        row(place, number, "2026Q1", f"Total;Age, total;{kind}")
        for place in ("All Denmark", "Copenhagen", "Odense", "Aarhus")
        for kind, number in kinds.items()
    )
    counts = immigrants(ANCESTRY + text, names)
    assert set(counts.municipalities.values()) == {10} and counts.municipalities["101"] == 10
    assert set(counts.everybody.values()) == {15} and counts.country == 10
