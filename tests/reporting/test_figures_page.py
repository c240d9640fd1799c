"""The report's figures from the database to page, SVG, PNG and CSV."""

import csv
import io
import re
from html import unescape
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from reporting.report.catalogue import FIGURES
from survey import transitions
from survey.models import SurveyRound
from tests.builders import build_initiative, hand_in
from tests.reporting.conftest import made
from tests.reporting.test_estimate_page import text


@pytest.fixture
def mette(cast, client_of):
    return client_of(cast.mette)


def test_the_page_has_all_figures_and_the_three_boxes(answered, mette):
    page = text(mette.get(reverse("reporting:figures", args=[2025])))
    for number in range(1, 10):
        assert f"Figur {number}. " in page
    for number in (1, 2, 3):
        assert f"<h2>Boks {number}. " in page
    assert page.count("<figure") == len(FIGURES) == 14
    assert "3 har svaret. De dækker 97 pct. af befolkningen." in page
    assert "I Region Syddanmark har 2 af 2 kommuner svaret. Det dækker 100 pct." in page
    assert "Kommunerne har indberettet bruttoudgifter på 7 mio. kr. og indtægter på 1 mio. kr." in page


@pytest.mark.parametrize("slug", FIGURES)
def test_every_figure_is_svg_png_and_csv(answered, mette, slug):
    def get(kind):
        return mette.get(reverse("reporting:figure", args=[2025, slug, kind]))

    assert b"<svg" in get("svg").content and get("svg").headers["Content-Type"] == "image/svg+xml"
    assert get("png").content.startswith(b"\x89PNG")
    assert get("csv").content.startswith(b"\xef\xbb\xbf")
    assert get("pdf").status_code == 404


def test_a_csv_has_the_numbers_of_the_table_with_decimal_commas(answered, mette):
    content = mette.get(reverse("reporting:figure", args=[2025, "6", "csv"])).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(content), delimiter=";"))
    assert rows[0][:3] == ["Område", "mio. kr., 2025-pris- og lønniveau", "pct. af alle"]
    assert rows[1][:3] == ["Beskæftigelsesområdet", "6,3", "91,2"]  # 6,250 of 6,850
    assert rows[-1][:3] == ["I alt", "6,9", "100,0"]
    assert rows[0][3:] == ["Figur", "Grundlag"] and rows[1][3].startswith("Figur 6. ")
    assert rows[1][4].startswith("Indberettet af 3 af 4 kommuner, opgjort pr. ")


def test_demo_data_are_marked_in_every_file(answered, mette):
    SurveyRound.objects.update(is_demo=True)
    for slug in FIGURES:
        svg, data = (
            mette.get(reverse("reporting:figure", args=[2025, slug, kind])) for kind in ("svg", "csv")
        )
        assert "DEMO - opdigtede tal" in svg.content.decode()
        assert "DEMO - opdigtede tal" in data.content.decode() and "DEMO" in data["Content-Disposition"]


def test_a_figure_that_names_its_moment_may_be_kept(answered, mette):
    address = reverse("reporting:figure", args=[2025, "6", "svg"])
    assert "private" in mette.get(address, {"as_at": timezone.now().isoformat()})["Cache-Control"]
    assert "Cache-Control" not in mette.get(address)


@pytest.mark.parametrize("query", [{"price_level": "x"}, {"as_at": "i går"}, {"price_level": "2030"}])
def test_no_figure_of_a_wrong_choice(answered, mette, query):
    assert mette.get(reverse("reporting:figure", args=[2025, "6", "svg"]), query).status_code == 404
    page = mette.get(reverse("reporting:figures", args=[2025]), query)
    assert page.status_code in (200, 422) and "<figure" not in text(page)
    assert mette.get(reverse("reporting:figure", args=[2025, "10", "svg"])).status_code == 404


def test_queries_do_not_follow_initiatives_or_municipalities(answered, cast, mette):
    def count():
        with CaptureQueriesContext(connection) as queries:
            mette.get(reverse("reporting:figures", args=[2025]))
        return len(queries)

    before = count()
    odense = answered.submissions["Odense"]
    transitions.withdraw(submission_id=odense.pk, by=cast.carl)
    for number in range(30):
        build_initiative(odense, cast.carl, title=f"Indsats {number}")
    hand_in(odense, cast.carl)
    assert count() == before <= 25


@pytest.mark.parametrize("slug", FIGURES)
def test_every_file_carries_its_basis_and_the_pages_drawing_has_it_beneath(answered, mette, slug):
    moment = {"as_at": timezone.now().isoformat()}

    def get(kind):
        response = mette.get(reverse("reporting:figure", args=[2025, slug, kind]), moment)
        return response.content.decode("utf-8-sig")

    basis = made(answered.round, slug).basis.split()[:4]
    drawn = " ".join(re.findall(r"<text[^>]*>([^<]*)</text>", get("svg")))
    assert " ".join(basis) in drawn and " ".join(basis) in get("csv")
    assert " ".join(basis) not in " ".join(re.findall(r"<text[^>]*>([^<]*)</text>", get("drawing")))


def test_rows_of_a_table_lead_to_the_initiatives_that_they_are_made_of(earlier, answered, mette):
    page = mette.get(reverse("reporting:figures", args=[2025])).content.decode()
    found = [unescape(address) for address in re.findall(r'<th scope="row"><a href="([^"]+)"', page)]

    def rows(**choices):
        return [
            mette.get(address) for address in found if "as_at=" in address and urlencode(choices) in address
        ]

    assert {one.context["count"] for one in rows(municipality="461")} == {2}
    assert {one.context["expenditure"] for one in rows(region="1082")} == {5000}
    assert {one.context["count"] for one in rows(group="service_area:social")} == {1}
    before = [one for one in found if one.startswith(reverse("reporting:rows", args=[2024]))]
    assert before and mette.get(before[0]).context["expenditure"] == 7480


def test_a_file_is_danish_whatever_the_readers_language(answered, mette):
    mette.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    address = reverse("reporting:figure", args=[2025, "6", "csv"])
    assert mette.get(address).content.decode("utf-8-sig").startswith("Område;")


def test_the_page_of_a_round_without_answers_has_its_figures_too(survey_round, mette):
    page = mette.get(reverse("reporting:figures", args=[2025]))
    assert page.status_code == 200 and text(page).count("<figure") == 14
    for slug in FIGURES:
        assert b"<svg" in mette.get(reverse("reporting:figure", args=[2025, slug, "svg"])).content
