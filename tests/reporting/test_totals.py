from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from municipalities.models import Municipality, PopulationCount
from reporting.models import PriceRate
from reporting.national import coverage_of, estimate_of, national_estimate
from reporting.totals import PopulationMissing, round_totals
from survey import transitions
from survey.transitions import database_now
from tests.builders import build_initiative, build_round, change_basis, hand_in
from tests.reporting.conftest import build_rate


def returns_of(totals):
    return {row.name: row for row in totals.returns}


def test_totals_are_of_what_was_handed_in(answered, cast):
    build_initiative(answered.submissions["Lemvig"], cast.anna, gross_expenditure=99)  # a draft
    rows = returns_of(round_totals(answered.round, database_now()))
    assert rows["Odense"].expenditure == {"employment": 1250, "social": 600}
    assert rows["Odense"].income == {"employment": 0, "social": 100}
    assert rows["Odense"].initiatives == 2 and rows["Odense"].counts == {"employment": 1, "social": 1}
    assert rows["Langeland"].responded and rows["Langeland"].expenditure == {}
    assert not rows["Lemvig"].responded and rows["Lemvig"].initiatives == 0
    assert (rows["Odense"].region, rows["Odense"].region_name) == ("1083", "Region Syddanmark")
    assert rows["Odense"].version == answered.versions["Odense"].pk and rows["Lemvig"].version is None


def test_a_time_gives_the_same_figures_again(answered, cast, survey_round):
    before = database_now()
    odense = answered.submissions["Odense"]
    transitions.withdraw(submission_id=odense.pk, by=cast.carl)
    withdrawn = database_now()
    build_initiative(odense, cast.carl, gross_expenditure=10_000)
    hand_in(odense, cast.carl)
    assert sum(returns_of(round_totals(survey_round, before))["Odense"].expenditure.values()) == 1850
    assert not returns_of(round_totals(survey_round, withdrawn))["Odense"].responded
    now = returns_of(round_totals(survey_round, database_now()))
    assert sum(now["Odense"].expenditure.values()) == 11_850
    earlier = round_totals(survey_round, survey_round.opens_at - timedelta(days=1))
    assert not any(row.responded for row in earlier.returns)


def test_another_rounds_answers_do_not_count(answered):
    PopulationCount.objects.bulk_create(
        PopulationCount(municipality=s.municipality, date=date(2024, 1, 1), inhabitants=10, source="test")
        for s in answered.submissions.values()
    )
    other = build_round(accounts_year=2023, price_level=2025, population_date=date(2024, 1, 1))
    assert not any(row.responded for row in round_totals(other, database_now()).returns)


def test_a_missing_population_is_refused_by_name(answered):
    change_basis(population_date=date(2020, 1, 1))
    answered.round.refresh_from_db()
    for municipality in Municipality.objects.exclude(name="Lemvig"):
        municipality.population_counts.create(date=date(2020, 1, 1), inhabitants=9, source="test")
    with pytest.raises(PopulationMissing) as missing:
        round_totals(answered.round, database_now())
    assert missing.value.names == ["Lemvig"]


def test_queries_do_not_grow_with_initiatives(answered, cast, django_assert_num_queries):
    later = timezone.now() + timedelta(minutes=1)
    with django_assert_num_queries(3):
        round_totals(answered.round, later)
    odense = answered.submissions["Odense"]
    transitions.withdraw(submission_id=odense.pk, by=cast.carl)
    for number in range(30):
        build_initiative(odense, cast.carl, title=f"Indsats {number}")
    hand_in(odense, cast.carl)
    with django_assert_num_queries(3):
        round_totals(answered.round, later)


def test_the_estimate_and_its_basis(answered):
    change_basis(price_level=2026)
    answered.round.refresh_from_db()
    build_rate(2026, "2.5")
    national = national_estimate(answered.round)
    line = national.lines["exp_total"]
    answered_inhabitants, inhabitants = 602_000, 621_000
    assert str(line.reported.value) == "7021.25000"  # 6,850 thousand at 1.025, exact
    assert line.estimated.value == pytest.approx(7021.25 * inhabitants / answered_inhabitants, rel=1e-12)
    assert national.lines["n_initiatives"].reported.value == 3
    assert (line.reported.basis.kind, line.estimated.basis.kind) == ("reported", "extrapolated")
    assert line.estimated.basis.price_level == 2026 and line.estimated.basis.denominator == "inhabitants"
    assert (line.estimated.basis.respondents, line.estimated.basis.municipalities) == (3, 4)
    assert national.lines["n_initiatives"].estimated.basis.price_level is None
    assert [rate.year for rate in national.rates] == [2026]
    areas = sum(national.lines[f"exp_{area}"].estimated.value for area in ("employment", "social"))
    assert areas == pytest.approx(line.estimated.value, rel=1e-12)


def test_a_region_is_estimated_from_its_own_answers(answered):
    totals = round_totals(answered.round, database_now())
    national = estimate_of(totals, price_level=2025, region="1083")  # Odense and Langeland, complete
    line = national.lines["exp_total"]
    assert (line.estimated.value, line.estimate.se) == (1850, 0)
    assert line.estimated.basis.region == "1083"
    assert (national.coverage.answered, national.coverage.municipalities) == (2, 2)


def test_coverage_counts_inhabitants(answered):
    totals = round_totals(answered.round, database_now())
    everyone, midtjylland = coverage_of(totals.returns), coverage_of(totals.returns, "1082")
    assert (everyone.answered, everyone.municipalities) == (3, 4)
    assert everyone.percent == pytest.approx(100 * 602 / 621)
    assert (midtjylland.inhabitants_answered, midtjylland.inhabitants) == (380_000, 399_000)


def test_the_latest_vintage_is_in_force(db):
    def recorded(year, percent, at):
        build_rate(year, percent, recorded_at=at)

    def percents(at):
        return {year: str(rate.percent) for year, rate in PriceRate.objects.in_force(at).items()}

    june_2021, june_2022 = datetime(2021, 6, 1, tzinfo=UTC), datetime(2022, 6, 1, tzinfo=UTC)
    recorded(2022, "1.7", june_2021)
    recorded(2022, "4.3", june_2022)
    recorded(2023, "2.0", june_2022)
    assert percents(june_2022) == {2022: "4.300", 2023: "2.000"}
    assert percents(june_2022 - timedelta(seconds=1)) == {2022: "1.700", 2023: "2.000"}
    assert percents(june_2021 - timedelta(days=1)) == {2022: "1.700", 2023: "2.000"}


def test_rates_are_only_added(db):
    rate = build_rate(2022, "1.7")
    for change in (lambda: PriceRate.objects.update(percent=9), rate.delete):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    with pytest.raises(IntegrityError, match="price_rate_is_plausible"), transaction.atomic():
        build_rate(2023, "-100")


def test_a_municipality_that_came_later_is_not_of_an_older_round(answered):
    other = Municipality.objects.first()
    other.pk, other.code, other.cvr, other.tile_row, other.name = None, "999", "99999999", 99, "Ny"
    other.save()
    assert len(round_totals(answered.round, database_now()).returns) == 4
