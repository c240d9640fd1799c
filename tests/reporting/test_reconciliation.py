"""The readings of the published report, by its own arithmetic and on the demo's page."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.urls import reverse

from reporting.national import national_estimate
from reporting.reconciliation.checks import checks
from reporting.reconciliation.facts import Facts, facts_of
from reporting.reconciliation.headlines import headlines
from survey.models import ReportedInitiative
from tests.reporting.test_estimate_page import adjust, text

# The report's own figures, as far as it prints them; the rest is made to fit.
REPORT = Facts(
    accounts_year=2019,
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
    regions=[
        (1_706_677, 1_855_084),
        (696_237, 838_840),
        (1_113_507, 1_223_634),
        (1_212_164, 1_332_048),
        (555_013, 590_439),
    ],
    kroner=[Decimal(0)] * 10 + [Decimal("0.5")] * 23 + [Decimal(20)] * 16 + [Decimal(70)] * 31,
)


def found(facts, name):
    return next(one for one in headlines(facts) if name in str(one.name))


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
        values = [reading.value for reading, _ in found(REPORT, name).rows if reading.is_consistent]
        assert values[0] == pytest.approx(values[1], rel=0.01) and len(values) == 2
    assert found(REPORT, "Udgift pr. indbygger").rows[2][0].is_consistent is False


def test_the_distribution_counts_those_without_expenditure_below_one_krone():
    counts = [one.readings[0].value for one in headlines(REPORT) if one.is_count]
    assert counts == [10, 33, 16, 31, 70]


def test_only_what_rounding_cannot_explain_is_flagged():
    flagged = [str(check.name) for check in checks(REPORT) if check.is_more_than_rounding]
    assert flagged == [
        "Rapportens kr. gange alle indbyggere og opregnet udgift i alt",
        "Rapportens kr. gange alle indsatser og indberettet udgift i alt",
    ]
    wrong = replace(REPORT, expenditure_by_area=REPORT.expenditure_by_area | {"social": Decimal(54_300)})
    assert checks(wrong)[0].is_more_than_rounding


def test_another_year_has_no_published_figures():
    later = replace(REPORT, accounts_year=2025)
    assert all(one.published is None for one in headlines(later))
    assert not any(reproduces for one in headlines(later) for _reading, reproduces in one.rows)
    assert len(checks(later)) == 3


def test_a_round_where_nothing_can_be_extrapolated_has_the_reported_readings(cast, survey_round, client_of):
    response = client_of(cast.mette).get(reverse("reporting:reconciliation", args=[2025]))
    assert response.status_code == 200 and "Ingen af de 4 kommuner har svaret" in text(response)


def test_self_financed_follows_the_adjustments(answered, cast):
    facts = facts_of(answered.round, national_estimate(answered.round))
    assert facts.self_financed_by_area == {"employment": 2, "social": 1}
    adjust(ReportedInitiative.objects.get(gross_expenditure=5000), cast.mette, funding_sources=["state"])
    adjust(ReportedInitiative.objects.get(gross_expenditure=600), cast.mette, service_area="general")
    facts = facts_of(answered.round, national_estimate(answered.round))
    assert +facts.self_financed_by_area == {"employment": 1, "general": 1}
