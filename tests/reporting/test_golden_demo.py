"""The demo's closed round reproduces the margins of the published report, from the database to the page.

The figures are those of ../shared/demo/README.md: amounts of 2019 at the 2022 level by the illustrative
rates, inhabitants of 1 January 2021.
"""

import re

import pytest
from django.core.management import call_command
from django.urls import reverse

from municipalities.models import User
from reporting.national import coverage_of, national_estimate
from reporting.price_levels import factor
from reporting.response.standings import regional_counts, standings_of
from reporting.returns import amount
from reporting.rounding import round_half_away
from survey.models import SubmissionVersion, SurveyRound
from survey.transitions import database_now

AREAS = {
    "employment": "100.5",
    "daycare_school": "98.5",
    "general": "43.4",
    "social": "44.4",
    "culture_leisure": "20.4",
    "health_elderly": "10.9",
}


BOX_1 = {  # municipalities, answered, per cent of the inhabitants: the report's own
    "Region Hovedstaden": (29, 24, 92),
    "Region Sjælland": (17, 13, 83),
    "Region Syddanmark": (22, 18, 91),
    "Region Midtjylland": (19, 16, 91),
    "Region Nordjylland": (11, 9, 94),
    "": (98, 80, 91),
}


@pytest.fixture
def demo(db):
    call_command("load_demo", verbosity=0)
    return SurveyRound.objects.get(accounts_year=2019)


def box_1(survey_round):
    """As the page of answers counts it, from other queries than the estimate's."""
    reviewer = User.objects.get(name="Mette")
    counts = regional_counts(standings_of(survey_round, reviewer, database_now()))
    return {one.name: (one.municipalities, one.answered, int(round_half_away(one.percent))) for one in counts}


def millions(value):
    return str(round_half_away(value / 1000, 1))


def test_the_closed_round_has_the_published_margins(demo):
    national = national_estimate(demo)
    lines, coverage = national.lines, national.coverage
    assert millions(lines["exp_total"].reported.value) == "318.0"
    assert millions(lines["inc_total"].reported.value) == "62.2"
    assert millions(lines["exp_total"].estimated.value) == "350.1"
    assert millions(lines["inc_total"].estimated.value) == "68.5"
    assert {area: millions(lines[f"exp_{area}"].reported.value) for area in AREAS} == AREAS
    assert lines["n_initiatives"].reported.value == 706
    assert (coverage.answered, coverage.municipalities) == (80, 98)
    assert str(round_half_away(coverage.percent, 1)) == "90.8"
    regions = {
        code: coverage_of(national.totals.returns, code).percent for code in map(str, range(1081, 1086))
    }
    assert {code: str(round_half_away(percent, 1)) for code, percent in regions.items()} == {
        "1084": "92.5",
        "1085": "83.4",
        "1083": "91.5",
        "1082": "91.5",
        "1081": "93.6",
    }
    versions = SubmissionVersion.objects.filter(submission__round=demo).reported()
    assert sum(version.is_nil for version in versions) == 10
    assert box_1(demo) == BOX_1


def test_the_distribution_over_municipalities(demo):
    national = national_estimate(demo)
    price = float(factor({rate.year: rate.percent for rate in national.rates}, 2019, 2022))
    kroner = [
        1000 * price * amount(row, "exp_total") / row.inhabitants
        for row in national.totals.returns
        if row.responded
    ]
    assert sum(value < 1 for value in kroner) == 33
    assert sum(value > 50 for value in kroner) == 33


def test_the_page_shows_them(demo, client_of):
    client = client_of(User.objects.get(name="Mette"))
    page = client.get(reverse("reporting:estimate", args=[2019])).content.decode()
    page = re.sub(r"\s+", " ", page)
    assert "Opregnede bruttoudgifter: <strong>350,1 mio. kr.</strong> (2022-pris- og lønniveau)" in page
    assert "Indberettede bruttoudgifter: 318,0 mio. kr." in page
    assert "62,2 mio. kr. indberettet, 68,5 mio. kr. opregnet" in page
    assert "80 af 98 kommuner har svaret; de har 90,8 pct. af indbyggerne." in page
    figures = client.get(reverse("reporting:figures", args=[2019])).content.decode()
    for value in AREAS.values():
        assert f'<td class="align-text-right">{value.replace(".", ",")}</td>' in figures
    assert "DEMO - opdigtede tal" in page and "Illustrativ sats til demoen" in page
    overview = client.get(reverse("reporting:overview", args=[2019])).content.decode()
    for percent in ("92,5", "83,4", "91,5", "93,6", "90,8"):
        assert f'<td class="align-text-right">{percent}</td>' in overview
    svg = client.get(reverse("reporting:figure", args=[2019, "6", "svg"])).content.decode()
    assert ">100,5<" in svg and "DEMO - opdigtede tal" in svg
