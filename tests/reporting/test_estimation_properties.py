"""What must hold of every method on any municipalities, and the naive second implementation beside it."""

import math
import random
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from reporting import estimation
from reporting.strata import METHODS, EstimateRefused
from tests.reporting.naive_estimation import naive, scale
from tests.reporting.rows import columns_of, frame_of_rows, rows_for, strata_of_rows

every_method = pytest.mark.parametrize("method", METHODS)
VARIABLES = ("y0", "y1", "y2")
thousandths = st.integers(0, 10**8).map(lambda number: Decimal(number) / 1000 * Decimal("1.050831522"))


def estimates(method, rows, floor=False):
    """Of the rows' variables; without a floor method c is never refused."""
    columns = columns_of(rows)
    return estimation.estimate(method, frame_of_rows(rows), columns, () if floor else columns)


def floored(method, rows):
    try:
        return estimates(method, rows, floor=True)
    except EstimateRefused as refused:
        assert (method, refused.code) == ("c", "below_reported")
        assume(False)


@every_method
@given(st.data())
def test_it_agrees_with_the_naive_implementation(method, data):
    rows = data.draw(rows_for(method))
    mine = estimates(method, rows)
    for number, variable in enumerate(VARIABLES):
        e = mine[variable]
        total, linear, jackknife, df = naive(method, rows, number)
        assert e.total == pytest.approx(float(total), rel=1e-9)
        # Where the residuals nearly cancel, what is left of them is rounding in the amounts' last digits.
        rounding = 1e-9 * float(total)
        assert e.se == pytest.approx(math.sqrt(linear), rel=1e-9, abs=rounding)
        assert e.se_jackknife == pytest.approx(math.sqrt(jackknife), rel=1e-9, abs=rounding)
        assert e.df == df


@every_method
@given(st.data())
def test_the_weights_reproduce_what_is_known_of_the_scale(method, data):
    rows = data.draw(rows_for(method))
    weight_of = dict(zip(map(id, rows), estimation.weights(method, frame_of_rows(rows)), strict=True))
    groups = [rows] if method == "c" else strata_of_rows(method, rows)
    for members in groups:
        known = sum(scale(method, row) for row in members)
        assert math.fsum(weight_of[id(row)] * scale(method, row) for row in members) == pytest.approx(known)
    assert all(weight_of[id(row)] == 0 for row in rows if not row.responded)


@every_method
@given(st.data())
def test_the_weights_give_the_totals_and_areas_add(method, data):
    rows = data.draw(rows_for(method))
    rows = [row._replace(amounts=(*row.amounts, sum(row.amounts))) for row in rows]
    found = estimates(method, rows)
    weights = estimation.weights(method, frame_of_rows(rows))
    for variable, column in columns_of(rows).items():
        by_weight = math.fsum(w * (y or 0) for w, y in zip(weights, column, strict=True))
        assert found[variable].total == pytest.approx(by_weight, rel=1e-12)
    assert found["y3"].total == pytest.approx(math.fsum(found[v].total for v in VARIABLES), rel=1e-12)


@every_method
@given(st.data())
def test_a_census_has_exactly_no_error(method, data):
    rows = data.draw(rows_for(method, complete=True))
    for number, variable in enumerate(VARIABLES):
        e = estimates(method, rows)[variable]
        known = sum(row.amounts[number] for row in rows)
        assert (e.total, e.se, e.se_jackknife, e.df, e.interval) == (known, 0, 0, 0, (known, known))
        assert e.se_is_informative


@every_method
@given(st.data(), st.integers(2, 1000))
def test_a_factor_on_the_amounts_is_a_factor_on_everything(method, data, factor):
    rows = data.draw(rows_for(method))
    larger = [row._replace(amounts=tuple(factor * y for y in row.amounts)) for row in rows]
    one, many = estimates(method, rows), estimates(method, larger)
    for variable in VARIABLES:
        rounding = 1e-9 * many[variable].total
        assert many[variable].total == pytest.approx(factor * one[variable].total, rel=1e-12)
        assert many[variable].se == pytest.approx(factor * one[variable].se, rel=1e-9, abs=rounding)


@every_method
@given(st.data(), st.randoms())
def test_the_order_of_the_rows_never_shows(method, data, rnd: random.Random):
    rows = data.draw(rows_for(method, amounts=thousandths))
    shuffled = rnd.sample(rows, len(rows))
    assert estimates(method, rows) == estimates(method, shuffled)
    pairs = zip(estimation.weights(method, frame_of_rows(rows)), map(id, rows), strict=True)
    others = zip(estimation.weights(method, frame_of_rows(shuffled)), map(id, shuffled), strict=True)
    assert sorted(pairs, key=lambda pair: pair[1]) == sorted(others, key=lambda pair: pair[1])


@given(rows_for("b", amounts=thousandths), st.randoms())
def test_nor_does_it_in_regions_ratios_counts_and_quartiles(rows, rnd: random.Random):
    def everything(rows):
        frame, columns = frame_of_rows(rows), columns_of(rows)
        return (
            estimation.by_region(frame, columns),
            estimation.count(frame, [bool(row.responded and row.amounts[0]) for row in rows], by="b"),
            estimation.sensitivity(frame, columns["y0"]),
            estimation.ratio(frame, columns["y0"], [row.inhabitants / 3 for row in rows]),
        )

    assume(sum(row.responded for row in rows) > 1)
    assert everything(rows) == everything(rnd.sample(rows, len(rows)))


@every_method
@given(st.data())
def test_a_blank_is_no_zero(method, data):
    """What stands for who has not answered is not read; an answer of 0 makes the total smaller."""
    rows = data.draw(rows_for(method))
    silent = next((number for number, row in enumerate(rows) if not row.responded), None)
    assume(silent is not None)
    frame, columns = frame_of_rows(rows), columns_of(rows)
    before = estimation.estimate(method, frame, columns, VARIABLES)
    columns["y0"][silent] = 10**9
    assert estimation.estimate(method, frame, columns, VARIABLES) == before
    columns["y0"][silent] = 0
    answered = replace(frame, responded=tuple(r or n == silent for n, r in enumerate(frame.responded)))
    after = estimation.estimate(method, answered, columns, VARIABLES)["y0"]
    members = next(
        group for group in strata_of_rows(method, rows) if any(row is rows[silent] for row in group)
    )
    assert after != before["y0"]
    if method != "c" and any(row.responded and row.amounts[0] for row in members):
        assert after.total < before["y0"].total
    assert after.reported == before["y0"].reported


@every_method
@given(st.data())
def test_the_interval_holds_the_total_and_is_not_below_what_is_reported(method, data):
    for e in floored(method, data.draw(rows_for(method))).values():
        assert e.reported <= e.interval[0] <= e.total * (1 + 1e-12)
        assert e.total * (1 - 1e-12) <= e.interval[1]
        assert e.se >= 0 and e.se_jackknife >= 0


@given(rows_for("b"))
def test_regions_add_to_the_national_total_of_b(rows):
    national = estimates("b", rows)
    regions = estimation.by_region(frame_of_rows(rows), columns_of(rows), VARIABLES)
    for variable in VARIABLES:
        parts = [region[variable] for region in regions.values()]
        assert math.fsum(part.total for part in parts) == pytest.approx(national[variable].total, rel=1e-12)
        squares = math.fsum(part.se**2 for part in parts)
        assert math.sqrt(squares) == pytest.approx(national[variable].se, rel=1e-9)
        assert sum(part.df for part in parts) == national[variable].df


@every_method
@given(st.data())
def test_amounts_in_proportion_to_the_scale_have_no_error(method, data):
    rows = [row._replace(amounts=(3 * scale(method, row),)) for row in data.draw(rows_for(method))]
    e = estimates(method, rows)["y0"]
    assert e.total == pytest.approx(3 * sum(scale(method, row) for row in rows), rel=1e-12)
    assert e.se <= 1e-9 * e.total
    assert e.se_jackknife <= 1e-9 * e.total
