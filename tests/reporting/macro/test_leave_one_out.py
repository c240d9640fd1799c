"""The estimate without each municipality: against R's jackknife, a second implementation and the database."""

import time
from dataclasses import replace

import pytest
from django.db import transaction
from django.urls import reverse

from reporting.macro.leave_one_out import leave_one_out
from reporting.national import national_estimate
from reporting.returns import amounts, frame_of
from reporting.strata import METHODS, EstimateRefused, strata_of
from survey import transitions
from tests.builders import build_approver, build_initiative, hand_in
from tests.reporting.test_estimation_against_r import EXPECTED, IN_R, returns_of

PAGE = reverse("macro:leave_one_out", args=[2025])


def of_file(name, method):
    returns = returns_of(name)
    column = amounts(returns, ["exp_total"])["exp_total"]
    return returns, column, *leave_one_out(method, frame_of(returns), column)


@pytest.mark.parametrize("method", IN_R)
def test_the_spread_of_the_differences_is_the_jackknife_error_of_r(method):
    returns, column, _whole, found = of_file("P", method)
    difference_at = {one.place: one.difference for one in found}
    variance = 0.0
    for stratum in strata_of(method, frame_of(returns), {"y": column}):
        if not stratum.is_complete:
            squares = sum(difference_at[row] ** 2 for row in stratum.rows)
            variance += stratum.missing * (stratum.n - 1) / stratum.n * squares
    assert variance**0.5 == pytest.approx(EXPECTED["P"][IN_R[method]]["exp_total"]["se_jk"], rel=1e-9)


def test_by_method_a_it_is_the_others_ratio_times_all_inhabitants():
    returns, column, _whole, found = of_file("P", "a")
    everybody = sum(row.inhabitants for row in returns)
    for one in found:
        others = [n for n, row in enumerate(returns) if row.responded and n != one.place]
        rate = float(sum(column[n] for n in others)) / sum(returns[n].inhabitants for n in others)
        assert one.estimate.total == pytest.approx(everybody * rate, rel=1e-9)
    assert len(found) == sum(row.responded for row in returns)


def test_the_largest_difference_comes_first_and_what_is_refused_last():
    _returns, _column, _whole, found = of_file("P", "e")
    sizes = [abs(one.difference) for one in found if one.estimate]
    assert sizes == sorted(sizes, reverse=True)
    refused = [one.refused.code for one in found[len(sizes) :]]
    assert refused == ["certainty_missing"] * 5


def test_a_municipality_that_leaves_one_answer_in_its_region_is_refused_alone():
    _returns, _column, _whole, found = of_file("M", "b")
    assert {one.refused.code for one in found} == {"single_respondent"}


def test_without_an_estimate_there_is_nothing_to_differ_from():
    returns = [replace(row, responded=False) for row in returns_of("M")]
    with pytest.raises(EstimateRefused, match="no_respondent"):
        leave_one_out("a", frame_of(returns), [0] * len(returns))


def test_every_method_takes_a_moment_for_a_whole_country():
    returns = [replace(row, code=f"{row.code}{copy}") for copy in "ab" for row in returns_of("P")][:98]
    column = amounts(returns, ["exp_total"])["exp_total"]
    for method in METHODS:
        begun = time.process_time()
        leave_one_out(method, frame_of(returns), column)
        assert time.process_time() - begun < 0.5, method


@pytest.fixture
def mette(cast, client_of):
    return client_of(cast.mette)


def test_each_row_is_the_estimate_of_a_database_where_the_answer_is_withdrawn(answered, cast, mette):
    rows = {row.name: without for row, _amount, without, *_rest in mette.get(PAGE).context["rows"]}
    assert set(rows) == {"Odense", "Aarhus", "Langeland"}
    approvers = {"Odense": cast.carl, "Aarhus": cast.bo, "Langeland": answered.lone}
    for name, without in rows.items():
        with transaction.atomic():
            transitions.withdraw(submission_id=answered.submissions[name].pk, by=approvers[name])
            again = national_estimate(answered.round).lines["exp_total"].estimate
            transaction.set_rollback(True)
        assert without.estimate == again


def test_the_page_shows_totals_differences_and_what_they_rest_on(answered, mette):
    page = " ".join(mette.get(PAGE).content.decode().split())
    without_aarhus = '<td class="align-text-right">5.000</td> <td class="align-text-right">5.175 *</td>'
    assert without_aarhus in page and '<td class="align-text-right">-1.891</td>' in page
    assert "Med alle 3 svar (af 4 kommuner) er de opregnede bruttoudgifter 7.066" in page
    assert "færre end fem svar tilbage" in page and "2025-pris- og lønniveau" in page
    assert "folketal pr. 1. januar 2026" in page


def test_what_is_refused_stands_in_words_in_its_row(answered, cast, mette):
    lemvig = answered.submissions["Lemvig"]
    build_initiative(lemvig, cast.bo)
    hand_in(lemvig, build_approver(lemvig))
    response = mette.get(PAGE, {"method": "f"})
    page = " ".join(response.content.decode().split())
    assert [row[2].estimate for row in response.context["rows"]] == [None] * 4
    assert page.count("Kun én af de 2 kommuner (under 50.000 indbyggere) har svaret") == 2


def test_an_estimate_that_is_refused_is_told_instead_of_the_table(answered, mette):
    page = mette.get(PAGE, {"method": "b"}).content.decode()
    assert "Kun én af de 2 kommuner (Region Midtjylland) har svaret" in page and 'id="without"' not in page


@pytest.mark.parametrize(
    ("query", "field"),
    [({"method": "z"}, "method"), ({"price_level": "x"}, "price_level"), ({"as_at": "i morgen"}, "as_at")],
)
def test_a_choice_that_is_none_is_told_at_its_field(answered, mette, query, field):
    response = mette.get(PAGE, query)
    assert response.status_code == 422 and field in response.context["form"].errors


def test_a_level_without_its_rate_is_refused_with_the_way_to_add_it(answered, mette):
    response = mette.get(PAGE, {"price_level": "2030"})
    assert response.status_code == 200 and "2026 mangler" in response.content.decode()


def test_it_takes_the_same_few_queries_however_many_have_answered(answered, mette, django_assert_num_queries):
    mette.get(PAGE)
    with django_assert_num_queries(10):
        mette.get(PAGE)
