"""The same answers without the adjustments, against what stood before they were made."""

from decimal import Decimal

import pytest

from reporting.national import VARIABLES, estimate_of, national_estimate
from reporting.progress.effect import effects, shares, without
from reporting.returns import amount
from reporting.totals import round_totals
from survey import adjusting
from survey.transitions import database_now

EXPLAINED = {"reason": "kroner", "explanation": "Beløbet er skrevet i kroner."}


@pytest.fixture
def adjusted(answered, initiative_of, cast):
    """Odense's 1,250 is 1; its 600 of 100 income is out of scope; Aarhus' 5,000 is 4,000 in another area."""
    before = national_estimate(answered.round, as_at=database_now())
    adjust = adjusting.adjust
    adjust(initiative_id=initiative_of(1250).pk, by=cast.mette, seen=None, gross_expenditure=1, **EXPLAINED)
    statutory = {"reason": "statutory", "explanation": "Lovbunden.", "out_of_scope": True}
    adjust(initiative_id=initiative_of(600).pk, by=cast.rikke, seen=None, **statutory)
    values = {"gross_expenditure": 4000, "service_area": "health_elderly"}
    adjust(initiative_id=initiative_of(5000).pk, by=cast.mette, seen=None, **values, **EXPLAINED)
    return before


def sums(totals):
    return [[amount(row, name) for name in VARIABLES] for row in totals.returns]


def test_without_all_adjustments_the_returns_are_what_was_handed_in(adjusted, answered):
    totals = round_totals(answered.round, database_now())
    undone = without(totals, totals.adjustments)
    assert sums(undone) == sums(adjusted.totals) != sums(totals)
    assert undone.adjustments == ()


def test_one_adjustment_is_taken_out_and_the_others_stay(adjusted, answered):
    totals = round_totals(answered.round, database_now())
    aarhus = next(one for one in totals.adjustments if one.initiative.gross_expenditure == 5000)
    undone = without(totals, [aarhus])
    assert len(undone.adjustments) == 2
    assert sum(amount(row, "exp_total") for row in undone.returns) == 1 + 5000
    assert sum(amount(row, "exp_health_elderly") for row in undone.returns) == 0


def test_the_effect_is_reported_and_extrapolated_before_and_after(adjusted, answered):
    totals = round_totals(answered.round, database_now())
    found = {one.variable: one for one in effects(estimate_of(totals, price_level=2025), VARIABLES)}
    assert found["exp_total"].reported == (6850, 4001)
    assert found["inc_total"].reported == (1000, 900)
    assert found["net_total"].reported == (5850, 3101)
    assert found["n_initiatives"].reported == (3, 2)
    assert found["exp_employment"].reported == (6250, 1)
    assert found["exp_health_elderly"].reported == (0, 4000)
    scale = 621 / 602
    assert found["exp_total"].extrapolated == pytest.approx((6850 * scale, 4001 * scale))
    assert found["exp_total"].extrapolated[0] == adjusted.lines["exp_total"].estimate.total


def test_the_effect_is_at_the_price_level_and_counts_have_none(adjusted, answered, at_2026):
    totals = round_totals(answered.round, database_now())
    found = {one.variable: one for one in effects(estimate_of(totals, price_level=2026), VARIABLES)}
    assert found["exp_total"].reported == (Decimal("7021.25"), Decimal("4101.025"))
    assert found["n_initiatives"].reported == (3, 2)


def test_who_adjusted_and_why_makes_the_whole_change(adjusted, answered, cast):
    national = national_estimate(answered.round)
    found = [(one.by, one.reason, one.count, one.expenditure, one.income) for one in shares(national)]
    assert found == [
        (cast.mette.pk, "kroner", 2, -1249 - 1000, 0),
        (cast.rikke.pk, "statutory", 1, -600, -100),
    ]


def test_a_figure_per_inhabitant_is_over_its_own_inhabitants(adjusted, answered):
    national = national_estimate(answered.round)
    per = effects(national, ["exp_total"])[0].per(602_000, 621_000)
    before, after, change = per.in_order[:3]
    assert (float(before), float(after)) == pytest.approx((6850 / 602, 4001 / 602))
    assert change == after - before
    assert per.extrapolated == pytest.approx((6850 / 602, 4001 / 602))  # a ratio: the same per inhabitant
    assert effects(national, ["exp_total"])[0].per(0, 621_000).in_order[:3] == [None] * 3


def test_nothing_is_asked_twice(adjusted, answered, django_assert_num_queries):
    with django_assert_num_queries(4):
        national = estimate_of(round_totals(answered.round, answered.round.edit_until), price_level=2025)
        effects(national, VARIABLES)
        shares(national)
