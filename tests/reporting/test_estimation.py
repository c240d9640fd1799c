"""Method a: by hand, against R's package survey, and in its properties."""

import json
import math
import random
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from reporting import municipal_csv
from reporting import estimation
from reporting.national import AREAS, NET, VARIABLES
from reporting.returns import amounts, frame_of
from reporting.strata import EstimateRefused, Frame

REFERENCE = Path(__file__).parent / "reference"

# The hand example M: six municipalities, two of which have not answered.
M = Frame(
    inhabitants=(10_000, 20_000, 30_000, 40_000, 20_000, 10_000),
    responded=(True, True, False, True, True, False),
)
EXPENDITURE = [400, 1400, None, 0, 600, None]


def ratio(frame, column, may_be_negative=False):
    """Method a of one variable."""
    return estimation.estimate("a", frame, {"y": column}, {"y"} if may_be_negative else ())["y"]


def test_m_by_hand():
    e = ratio(M, EXPENDITURE)
    # R = 2,400/90,000; residuals 133.33, 866.67, -1,066.67, 66.67; s2 = 1,911,111.11/3
    assert e.total == pytest.approx(130_000 * 2_400 / 90_000, rel=1e-12)
    s2 = (133.3333333333**2 + 866.6666666667**2 + 1066.6666666667**2 + 66.6666666667**2) / 3
    x_hat = 6 / 4 * 90_000
    variance = (130_000 / x_hat) ** 2 * 6**2 * (1 - 4 / 6) / 4 * s2
    assert e.se == pytest.approx(math.sqrt(variance), rel=1e-9)
    left_out = [130_000 * y / x for y, x in ((2000, 80_000), (1000, 70_000), (2400, 50_000), (1800, 70_000))]
    jackknife = (1 - 4 / 6) * 3 / 4 * sum((t - e.total) ** 2 for t in left_out)
    assert e.se_jackknife == pytest.approx(math.sqrt(jackknife), rel=1e-12)
    assert (e.reported, e.df) == (2400, 3)
    assert e.interval[0] == 2400  # raised to what is reported
    assert e.interval[1] == pytest.approx(e.total + 3.182446305284263 * e.se, rel=1e-9)


def test_net_expenditure_has_no_floor():
    e = ratio(M, [300, -1400, None, 0, 600, None], may_be_negative=True)
    assert e.interval[0] < e.reported < 0
    assert e.total < 0


@pytest.mark.parametrize("name", ["P", "Q", "M"])
def test_every_variable_equals_r(name):
    expected = json.loads((REFERENCE / "expected.json").read_text())[name]["a_ratio_population"]
    with open(REFERENCE / f"{name}.csv", newline="") as file:
        returns = municipal_csv.read(file, AREAS)
    estimates = estimation.estimate("a", frame_of(returns), amounts(returns, VARIABLES), NET)
    assert set(estimates) == set(expected)
    for variable, e in estimates.items():
        r = expected[variable]
        mine = (e.reported, e.total, e.se, e.se_jackknife, e.df, *e.interval)
        theirs = (r["reported"], r["total"], r["se"], r["se_jk"], r["df"], *r["ci95_trunc"])
        assert mine == pytest.approx(theirs, rel=1e-9, abs=0), variable


def test_a_complete_census_has_no_error():
    e = ratio(Frame((3, 7, 11), (True,) * 3), [1, 0, 5])
    assert (e.total, e.se, e.se_jackknife, e.df, e.interval) == (6, 0, 0, 0, (6, 6))
    assert e.se_is_informative and e.note is None
    assert ratio(Frame((5,), (True,)), [4]).se == 0  # also one of one


def test_nothing_but_zeros_says_that_the_se_says_nothing():
    e = ratio(M, [0, 0, None, 0, 0, None])
    assert (e.total, e.se, e.interval, e.cv) == (0, 0, (0, 0), None)
    assert e.note == "uninformative"
    assert ratio(Frame((1, 2), (True, True)), [0, 0]).note is None  # a census of zeros is known


@pytest.mark.parametrize(
    ("frame", "amounts", "code"),
    [
        (Frame((10, 20), (False, False)), [None, None], "no_respondent"),
        (Frame((), ()), [], "no_respondent"),
        (Frame((10, 20), (True, False)), [5, None], "single_respondent"),
        (Frame((10, 0, 20), (True, True, False)), [5, 5, None], "no_inhabitants"),
        (Frame((10, 20, 30), (True, True, False)), [-5, 1, None], "below_reported"),
    ],
)
def test_it_refuses_rather_than_guess(frame, amounts, code):
    with pytest.raises(EstimateRefused) as refused:
        ratio(frame, amounts)
    assert refused.value.code == code


def test_notes_follow_the_coefficient_of_variation():
    frame = Frame((100,) * 6, (True,) * 5 + (False,))
    assert ratio(frame, [100, 101, 99, 100, 100, None]).note is None
    assert ratio(frame, [10, 60, 100, 150, 180, None]).note is None
    assert ratio(frame, [0, 10, 100, 150, 300, None]).note == "caution"
    assert ratio(frame, [0, 0, 0, 0, 300, None]).note == "too_uncertain"


def frames():
    row = st.tuples(st.integers(1_000, 700_000), st.booleans(), st.integers(0, 100_000))
    return st.lists(row, min_size=3, max_size=98).filter(lambda rows: sum(r for _, r, _ in rows) >= 2)


def estimate(rows, scale=1):
    return ratio(
        Frame(tuple(x for x, _, _ in rows), tuple(r for _, r, _ in rows)), [y * scale for *_, y in rows]
    )


@given(frames(), st.randoms())
def test_the_order_of_the_rows_never_shows(rows, rnd: random.Random):
    shuffled = rnd.sample(rows, len(rows))
    assert estimate(rows) == estimate(shuffled)


@given(frames())
def test_the_total_is_never_below_the_reported_and_the_interval_holds_it(rows):
    e = estimate(rows)
    assert e.total >= e.reported * (1 - 1e-12)
    assert e.interval[0] <= e.total * (1 + 1e-12) and e.total <= e.interval[1] * (1 + 1e-12)
    assert e.se >= 0 and e.interval[0] >= e.reported


@given(frames(), st.integers(2, 1000))
def test_a_factor_on_the_amounts_is_a_factor_on_everything(rows, scale):
    one, many = estimate(rows), estimate(rows, scale)
    assume(one.total)
    assert many.total == pytest.approx(scale * one.total, rel=1e-9)
    assert many.se == pytest.approx(scale * one.se, rel=1e-6, abs=1e-6 * many.total)


@given(frames())
def test_amounts_in_proportion_to_inhabitants_have_no_error(rows):
    e = estimate([(x, responded, 3 * x) for x, responded, _ in rows])
    assert e.total == pytest.approx(3 * sum(x for x, _, _ in rows), rel=1e-12)
    assert e.se <= 1e-9 * e.total
