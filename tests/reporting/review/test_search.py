"""Search and likeness over what was reported: what is found, in which order, and what the page says."""

import pytest
from django.db import connection
from django.urls import reverse

from reporting.review import search as full_text
from survey import transitions
from survey.models import ReportedInitiative
from tests.builders import build_adjustment, build_approver, build_initiative, hand_in

PAGE = reverse("reporting:search", args=[2025])


def text(response):
    return " ".join(response.content.decode().split())


@pytest.fixture
def mette(cast, client_of):
    return client_of(cast.mette)


@pytest.fixture
def world(survey_round, odense, aarhus, cast):
    """Odense and Aarhus with mentors, Lemvig with a choir whose purpose names the mentors."""
    build_initiative(odense, cast.carl, title="Mentorer til kvinder", gross_expenditure=1250)
    build_initiative(
        odense,
        cast.carl,
        title="Svømning",
        content="Hold for kvinder.",
        purpose="Sundhed.",
        service_area="social",
    )
    build_initiative(aarhus, cast.bo, title="Mentor og netværk", gross_expenditure=5000)
    lemvig = survey_round.submissions.select_related("municipality").get(municipality__code="665")
    lone = build_approver(lemvig)
    build_initiative(
        lemvig,
        lone,
        title="Kor",
        content="Sang & <b>dans</b>.",
        purpose="At møde mentorer.",
        gross_expenditure=9,
    )
    return [hand_in(odense, cast.carl), hand_in(aarhus, cast.bo), hand_in(lemvig, lone)]


def titles(response):
    return [row.initiative.title for row, _snippet, _is_in_text in response.context["rows"]]


def test_an_inflected_word_is_found_and_the_title_counts_most(world, mette):
    found = mette.get(PAGE, {"q": "mentoren"})
    assert titles(found)[-1] == "Kor" and set(titles(found)[:2]) == {
        "Mentorer til kvinder",
        "Mentor og netværk",
    }
    assert "3 indsatser passer" in text(found)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("kvinder -mentor", ["Svømning"]),
        ("svømning or kor", ["Kor", "Svømning"]),
        ("svømning eller kor", ["Kor", "Svømning"]),
        ('"hold for kvinder"', ["Svømning"]),
        ('"kvinder hold"', []),
        ("elefant", []),
        ("( & | ! <-> ' \\ :* \" kor", ["Kor"]),
    ],
)
def test_the_words_are_read_as_on_the_web_and_never_break(world, mette, words, expected):
    assert sorted(titles(mette.get(PAGE, {"q": words}))) == expected


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"q": ""}, "Skriv et eller flere ord"),
        ({"q": "   "}, "Skriv et eller flere ord"),
        ({"q": "og til"}, "Der er ingen ord at søge efter"),
        ({"q": "?!"}, "Der er ingen ord at søge efter"),
        ({"q": "x" * 201}, "Skriv højst 200 tegn. Der er nu 201."),
        ({"q": "a\x00b"}, "uden skjulte tegn"),
        ({"q": "mentor", "area": "roads"}, "Vælg et af de seks områder"),
        ({"q": "mentor", "region": "x"}, "Vælg en af de fem regioner"),
    ],
)
def test_what_cannot_be_searched_for_is_told(world, mette, query, message):
    response = mette.get(PAGE, query)
    assert response.status_code == 422 and message in text(response)


def test_the_empty_page_asks_for_words_without_an_error(world, mette):
    response = mette.get(PAGE)
    assert response.status_code == 200 and "error-summary" not in text(response)


def test_a_match_in_the_title_alone_says_so(world, mette):
    body = text(mette.get(PAGE, {"q": "svømning"}))
    assert "<td>I titlen</td>" in body and "<mark>" not in body
    assert "I titlen" not in text(mette.get(PAGE, {"q": "sang"}))


def test_a_snippet_shows_the_words_and_escapes_everything_else(world, mette, odense, cast):
    assert "<mark>Sang</mark> &amp; " in text(mette.get(PAGE, {"q": "sang"}))
    assert "At møde <mark>mentorer</mark>" in text(mette.get(PAGE, {"q": "mentor"}))
    transitions.withdraw(submission_id=odense.pk, by=cast.carl)
    tricky = "Krydderi </mark>\x02\x03<script>alert(1)</script> krydderi"
    build_initiative(odense, cast.carl, title="Mad", content=tricky)
    hand_in(odense, cast.carl)
    shown = text(mette.get(PAGE, {"q": "krydderi"}))
    assert shown.count("<mark>") == shown.count("</mark>") == 2
    assert "<script>alert" not in shown
    assert full_text._marked("<i>\x02a\x03</i>") == "&lt;i&gt;<mark>a</mark>&lt;/i&gt;"


def at(title):
    return ReportedInitiative.objects.reported().get(title=title)


def test_only_versions_that_count_are_searched_and_drafts_never(world, mette, odense, cast):
    transitions.withdraw(submission_id=odense.pk, by=cast.carl)
    assert titles(mette.get(PAGE, {"q": "svømning"})) == []
    build_initiative(odense, cast.carl, title="Svømning i kladden")
    assert titles(mette.get(PAGE, {"q": "kladden"})) == []
    hand_in(odense, cast.carl)
    assert titles(mette.get(PAGE, {"q": "kladden"})) == ["Svømning i kladden"]


def test_amounts_and_area_are_those_that_count(world, mette, cast):
    build_adjustment(at("Svømning"), cast.mette, gross_expenditure=77, service_area="culture_leisure")
    build_adjustment(at("Kor"), cast.mette, gross_expenditure=None, out_of_scope=True)
    moved = mette.get(PAGE, {"q": "kvinder", "area": "culture_leisure"})
    assert titles(moved) == ["Svømning"] and ">77<br>rettet" in text(moved)
    assert "Beløb er efter ministeriets rettelser" in text(moved)
    assert titles(mette.get(PAGE, {"q": "kvinder", "area": "social"})) == []
    assert "rettet: tæller ikke med" in text(mette.get(PAGE, {"q": "kor"}))


def test_a_region_narrows(world, mette):
    assert titles(mette.get(PAGE, {"q": "mentor", "region": "1083"})) == ["Mentorer til kvinder"]


def test_more_than_are_ranked_says_so_and_pages_keep_the_words(world, mette, monkeypatch):
    monkeypatch.setattr(full_text, "AT_MOST", 2)
    monkeypatch.setattr("reporting.views.search.ROWS_A_PAGE", 1)
    first = mette.get(PAGE, {"q": "mentor"})
    assert "Mere end 2 indsatser passer" in text(first) and "?q=mentor&amp;page=2" in text(first)
    assert len(titles(mette.get(PAGE, {"q": "mentor", "page": "2"}))) == 1


def test_a_search_costs_the_same_whatever_it_finds(world, mette, django_assert_num_queries):
    for words, found in (("svømning", 1), ("mentor", 3)):
        mette.get(PAGE, {"q": words})
        with django_assert_num_queries(13):
            assert len(titles(mette.get(PAGE, {"q": words}))) == found


def others(title):
    versions = list(ReportedInitiative.objects.reported().values_list("version_id", flat=True).distinct())
    own = at(title)
    found = full_text.similar(own.pk, [pk for pk in versions if pk != own.version_id])
    return [ReportedInitiative.objects.get(pk=pk).title for pk in found]


def test_similar_ones_share_words_with_the_title_before_those_of_the_text(world):
    assert others("Mentorer til kvinder") == ["Mentor og netværk", "Kor"]
    assert {*others("Kor")} == {"Mentor og netværk", "Mentorer til kvinder"}  # by its purpose


def test_rarity_is_the_planners(world):
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE survey_reportedinitiative")
        cursor.execute(full_text.WORDS_OF, [at("Mentorer til kvinder").pk])
        words = {word: (where, rows) for word, where, rows in cursor.fetchall()}
    assert words["ment"] == ("A", 3) if "ment" in words else words["mentor"] == ("A", 3)


@pytest.mark.parametrize(
    ("words", "everything", "rare"),
    [
        ([], [], []),
        ([("2025", "A", 0.0), ("7", "A", 0.0)], [], []),
        ([("2025", "A", 0.0), ("sang", "C", 5.0)], ["sang"], ["sang"]),
        (
            [("alt", "B", 201.0), ("kor", "A", 9.0), ("bas", "C", 200.0)],
            ["kor", "alt", "bas"],
            ["kor", "bas"],
        ),
        ([("sjov", "B", 0.0), ("have", "B", 9.0)], ["have", "sjov"], ["have", "sjov"]),
        ([("og", "A", 1e6), ("kor", "A", 3.0)], ["kor", "og"], ["kor"]),
        ([("alle", "A", 1e6)], ["alle"], ["alle"]),
        (
            [("have", "B", 0.0), *((f"o{n}", "A", float(n)) for n in range(1, 10))],
            [f"o{n}" for n in range(1, 9)],
            [f"o{n}" for n in range(1, 9)],
        ),
    ],
)
def test_the_title_decides_first_and_common_words_do_not_find(words, everything, rare):
    assert full_text.words_to_find_by(words) == (everything, rare)


def test_what_is_alike_in_the_text_alone_is_found_after_the_titles(world, odense, cast):
    transitions.withdraw(submission_id=odense.pk, by=cast.carl)
    build_initiative(odense, cast.carl, title="Fællesskab", content="Dans i haven.", purpose="Mentorer.")
    hand_in(odense, cast.carl)
    assert others("Fællesskab") == ["Mentor og netværk", "Kor"]


def test_a_word_with_quotes_stays_one_word():
    assert full_text.tsquery(["d'or", "a\\b"]) == "'d''or' | 'a\\\\b'"
