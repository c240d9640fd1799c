"""The readings of the published report, by its own arithmetic and on the demo's page."""

import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from municipalities.models import PopulationCount
from reporting.national import Coverage, national_estimate
from reporting.reconciliation.checks import checks
from reporting.reconciliation.facts import Facts, facts_of
from reporting.reconciliation.headlines import sections
from survey.models import ReportedInitiative, SurveyRound
from tests.builders import POPULATION_DATE, build_adjustment, change_basis
from tests.reporting.conftest import build_rate
from tests.reporting.test_estimate_page import adjust, text

# The report's own figures, as far as it prints them; the rest is made to fit.
REPORT = Facts(
    accounts_year=2019,
    price_level=2022,
    reported=Decimal(317_500),
    extrapolated=350_000.0,
    income=Decimal(62_200),
    income_extrapolated=68_400.0,
    initiatives=706,
    initiatives_extrapolated=776.0,
    inhabitants=5_840_045,
    inhabitants_answered=5_314_000,
    answered=80,
    municipalities=98,
    expenditure_by_area={
        "employment": Decimal(100_490),
        "daycare_school": Decimal(98_400),
        "general": Decimal(43_400),
        "social": Decimal(44_300),
        "culture_leisure": Decimal(20_100),
        "health_elderly": Decimal(10_810),
    },
    income_by_area={
        "employment": Decimal(27_900),
        "daycare_school": Decimal(5_800),
        "general": Decimal(10_800),
        "social": Decimal(8_900),
        "culture_leisure": Decimal(2_000),
        "health_elderly": Decimal(6_800),
    },
    initiatives_by_area={"daycare_school": 139, "culture_leisure": 117},
    self_financed_by_area={"daycare_school": 115},
    regions={
        "Region Hovedstaden": Coverage("1084", 24, 29, 1_706_677, 1_855_084),
        "Region Sjælland": Coverage("1085", 13, 17, 696_237, 838_840),
        "Region Syddanmark": Coverage("1083", 18, 22, 1_113_507, 1_223_634),
        "Region Midtjylland": Coverage("1082", 16, 19, 1_212_164, 1_332_048),
        "Region Nordjylland": Coverage("1081", 9, 11, 555_013, 590_439),
    },
    kroner=[Decimal(0)] * 10 + [Decimal("0.5")] * 23 + [Decimal(20)] * 16 + [Decimal(70)] * 31,
    with_initiatives=70,
    immigrants=825_080,
)


def headlines(facts, key=""):
    """Of every table, or of one."""
    return [one for section in sections(facts) if key in ("", section.key) for one in section.headlines]


def found(facts, name, key=""):
    return next(one for one in headlines(facts, key) if name in str(one.name))


def kinds(headline):
    return [reading.kind.value for reading, _reproduces in headline.rows]


def page_of(client, **query):
    return client.get(reverse("reporting:reconciliation", args=[2025]), query)


@pytest.mark.parametrize(
    ("name", "published", "numerator", "denominator"),
    [
        ("Udgift pr. indbygger", 54, "indberettet udgift", "indbyggere i hele landet"),
        ("Udgift pr. indsats", 495, "delt med den afrundede dækning", "indberettede indsatser"),
        ("Indtægter", 68, "opregnede indtægter", None),
        ("Beskæftigelsesområdets andel", 45, "områdets indberettede indtægt", "indberettede indtægter"),
        ("Kommunen betaler selv", 83, "som kommunen betaler alene", "indberettede indsatser"),
        ("Andel af befolkningen", 91, "indbyggere i kommuner med svar", "indbyggere i hele landet"),
    ],
)
def test_the_reading_that_gives_the_published_figure_is_named(name, published, numerator, denominator):
    headline = found(REPORT, name)
    assert headline.published == published
    reproducing = [reading for reading, reproduces in headline.rows if reproduces]
    assert any(
        numerator in str(reading.numerator_name)
        and (not denominator or denominator in str(reading.denominator_name))
        for reading in reproducing
    )


def test_the_consistent_readings_of_one_figure_agree():
    for name in ("Udgift pr. indbygger", "Udgift pr. indsats"):
        values = [reading.value for reading, _ in found(REPORT, name).rows if reading.kind == "same"]
        assert values[0] == pytest.approx(values[1], rel=0.01) and len(values) == 2
    assert kinds(found(REPORT, "Udgift pr. indbygger"))[2] == "mixed"


def test_the_distribution_counts_those_without_expenditure_below_one_krone():
    counts = [one.readings[0].value for one in headlines(REPORT, "distribution")]
    assert counts == [10, 33, 16, 31, 70]


def test_a_reading_says_what_it_is_made_of():
    assert kinds(found(REPORT, "Andel af befolkningen")) == ["same", "rounded", "of_municipalities"]
    assert kinds(found(REPORT, "Indtægter")) == ["reported", "rounded", "extrapolated"]
    assert kinds(found(REPORT, "Beskæftigelse samt")) == ["same", "rounded"]
    assert {kind for one in headlines(REPORT, "distribution") for kind in kinds(one)} == {"reported"}


@pytest.mark.parametrize(
    ("key", "published"),
    [
        ("expenditure", [100, 98, 43, 44, 20, 11]),
        ("shares", [32, 31, 14, 14, 6, 3, 63]),
        ("income", [28, 6, 11, 9, 2, 7, 45]),
    ],
)
def test_the_areas_stand_beside_what_was_published(key, published):
    shown = headlines(REPORT, key)
    assert [one.published for one in shown] == published
    assert all(any(reproduces for _reading, reproduces in one.rows) for one in shown)


def test_the_totals_the_initiatives_and_the_regions_stand_beside_what_was_published():
    names = ["Indberettede udgifter", "Udgifter i hele landet", "Indsatser", "Kommuner, der har svaret"]
    assert [found(REPORT, name).published for name in names] == [318, 350, 706, 80]
    regions = [one for one in headlines(REPORT, "coverage") if "Region" in str(one.name)]
    assert [one.published for one in regions] == [92, 83, 91, 91, 94]
    assert all(one.rows[0][1] for one in regions)
    assert kinds(regions[0]) == ["same", "of_municipalities"]


def test_the_target_group_is_shown_with_the_decimals_of_the_report_when_it_is_known():
    persons, share = headlines(REPORT, "immigrants")
    assert (persons.published_text, share.published_text) == ("825.080", "14,1")
    assert persons.rows[0][1] and share.rows[0][1]
    unknown = replace(REPORT, immigrants=None)
    assert [one.rows for one in headlines(unknown, "immigrants")] == [[], []]


def test_only_what_rounding_cannot_explain_is_flagged():
    flagged = [str(check.name) for check in checks(REPORT) if check.is_more_than_rounding]
    assert flagged == [
        "Rapportens kr. gange alle indbyggere og opregnet udgift i alt",
        "Rapportens kr. gange alle indsatser og indberettet udgift i alt",
    ]
    wrong = replace(REPORT, expenditure_by_area=REPORT.expenditure_by_area | {"social": Decimal(54_300)})
    assert checks(wrong)[0].is_more_than_rounding


@pytest.mark.parametrize("other", [{"accounts_year": 2025}, {"price_level": 2026}])
def test_another_year_or_price_level_has_no_published_figures(other):
    later = replace(REPORT, **other)
    assert all(one.published is None for one in headlines(later))
    assert not any(reproduces for one in headlines(later) for _reading, reproduces in one.rows)
    assert len(checks(later)) == 3


def test_the_reports_own_sums_are_checked_too():
    own = [one for one in checks(REPORT) if "Rapportens områders" in str(one.name)]
    assert [(one.parts, one.total) for one in own] == [(316, 318), (100, 100)]


def test_a_round_where_nothing_can_be_extrapolated_has_the_reported_readings(cast, survey_round, client_of):
    response = client_of(cast.mette).get(reverse("reporting:reconciliation", args=[2025]))
    assert response.status_code == 200 and "Ingen af de 4 kommuner har svaret" in text(response)


@pytest.mark.parametrize(
    "page",
    ["overview", "estimate", "rows", "figures", "prices", "reconciliation"],
)
def test_every_ministry_page_of_a_round_that_is_not_opened_can_be_read(cast, client_of, page):
    """A draft has no submissions, so it asks nobody and has no inhabitants."""
    now = timezone.now()
    days = {"opens_at": now, "deadline": now + timedelta(days=1), "edit_until": now + timedelta(days=1)}
    SurveyRound.objects.create(accounts_year=2025, price_level=2025, population_date=POPULATION_DATE, **days)
    response = client_of(cast.mette).get(reverse(f"reporting:{page}", args=[2025]))
    assert response.status_code == 200


def test_the_page_says_when_the_report_is_at_another_level(answered, cast, client_of):
    change_basis(accounts_year=2019, price_level=2022)
    for year, percent in ((2020, "1.9"), (2021, "1.4"), (2022, "1.7"), (2023, "2.0")):
        build_rate(year, percent)
    client, address = client_of(cast.mette), reverse("reporting:reconciliation", args=[2019])
    own, other = text(client.get(address)), text(client.get(address, {"price_level": "2023"}))
    assert "(rapporten: 54)" in own and "526.692 pr. 1. juli 2021" in own
    assert "rapporten:" not in other and "Rapportens kr." not in other and "526.692" not in other
    assert "Rapportens tal er i 2022-pris- og lønniveau" in other and "udeladt" in other


def test_the_municipalities_of_figures_4_and_5_have_initiatives_that_count(answered, cast):
    reported = ReportedInitiative.objects.get(gross_expenditure=5000)

    def shown():
        return found(facts_of(answered.round, national_estimate(answered.round)), "figur 4 og 5")

    assert shown().readings[0].value == 2  # Odense and Aarhus; Langeland has nothing to report
    build_adjustment(reported, cast.mette, gross_expenditure=0)
    assert shown().readings[0].value == 2
    build_adjustment(reported, cast.mette, gross_expenditure=None, out_of_scope=True)
    assert shown().readings[0].value == 1


def test_the_target_group_is_the_sum_only_when_every_municipality_has_its_own(answered):
    assert facts_of(answered.round, national_estimate(answered.round)).immigrants is None
    change_basis(state="draft")  # past the trigger that keeps a used population
    PopulationCount.objects.update(immigrants_and_descendants=1000)
    assert facts_of(answered.round, national_estimate(answered.round)).immigrants == 4000
    PopulationCount.objects.filter(municipality__code="665").update(immigrants_and_descendants=None)
    assert facts_of(answered.round, national_estimate(answered.round)).immigrants is None


def test_a_headline_leads_to_the_rows_that_it_is_made_of(answered, cast, client_of):
    mette = client_of(cast.mette)
    page = text(page_of(mette))
    table = page.split('id="expenditure"')[1].split("</table>")[0]
    link = re.search(r'href="([^"]*)">Socialområdet</a>', table)[1].replace("&amp;", "&")
    assert "<strong>1 indsats</strong>, bruttoudgifter <strong>600</strong>" in text(mette.get(link))
    links = re.findall(r'rowgroup" colspan="6"><a href="([^"]*)"', page)
    assert len(links) == page.count('scope="rowgroup"') - 2  # the population comes from no answer
    assert {mette.get(one.replace("&amp;", "&")).status_code for one in set(links)} == {200}


def test_a_result_has_the_decimals_that_tell_how_it_is_rounded(answered, cast, client_of):
    """54.45 is 54; as "54,5" it would not look so."""
    table = text(page_of(client_of(cast.mette))).split('id="expenditure"')[1].split("</table>")[0]
    assert ">0,60</td>" in table


def test_the_page_says_that_christiansoe_is_no_municipality(answered, cast, client_of):
    assert "Christiansø" in text(page_of(client_of(cast.mette)))


def test_self_financed_follows_the_adjustments(answered, cast):
    facts = facts_of(answered.round, national_estimate(answered.round))
    assert facts.self_financed_by_area == {"employment": 2, "social": 1}
    adjust(ReportedInitiative.objects.get(gross_expenditure=5000), cast.mette, funding_sources=["state"])
    adjust(ReportedInitiative.objects.get(gross_expenditure=600), cast.mette, service_area="general")
    facts = facts_of(answered.round, national_estimate(answered.round))
    assert +facts.self_financed_by_area == {"employment": 1, "general": 1}
