"""The estimators by hand, on an example of six municipalities that can be followed on paper."""

import math

import pytest

from reporting import estimation
from reporting.strata import METHODS, Frame, strata_of

# The hand example M: two regions, one municipality of three is missing in each.
M = Frame(
    inhabitants=(10_000, 20_000, 30_000, 40_000, 20_000, 10_000),
    responded=(True, True, False, True, True, False),
    regions=("I", "I", "I", "II", "II", "II"),
    immigrants=(1000, 2500, 3000, 6000, 1500, 500),
)
EXPENDITURE = [400, 1400, None, 0, 600, None]
T_2 = 0.95 / math.sqrt(2 * 0.975 * 0.025)  # the 97.5 per cent quantile of t with 2 degrees of freedom
T_3 = 3.182446305284263


def of_m(method, column=EXPENDITURE, may_be_negative=()):
    return estimation.estimate(method, M, {"y": column}, may_be_negative)["y"]


def test_a_by_hand():
    e = of_m("a")
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
    assert e.interval == pytest.approx((2400, e.total + T_3 * e.se), rel=1e-12)  # raised to the reported


def test_b_by_hand():
    e = of_m("b")
    # I: 60,000 * 1,800/30,000 = 3,600; II: 70,000 * 600/60,000 = 700
    assert e.total == 4300
    # I: e = -200, 200, s2 = 80,000; II: e = -400, 400, s2 = 320,000; N^2 (1-f)/n = 9 * (1/3)/2 = 1.5
    variance = 1.5 * 80_000 * (60 / 45) ** 2 + 1.5 * 320_000 * (70 / 90) ** 2
    assert e.se == pytest.approx(math.sqrt(variance), rel=1e-12)
    assert e.se == pytest.approx(709.72, abs=0.005)
    # Left with one: I: 60,000 * 0.07 and 0.04; II: 70,000 * 0.03 and 0
    jackknife = (1 / 3) * (1 / 2) * (600**2 + 1200**2 + 1400**2 + 700**2)
    assert e.se_jackknife == pytest.approx(math.sqrt(jackknife), rel=1e-12)
    assert e.df == 2
    assert e.interval == pytest.approx((2400, 7353.7), abs=0.05)


def test_c_by_hand():
    e = of_m("c")
    # Y^ = 3/2 * 2,400 and X^ = 3/2 * 90,000, as both regions have two of three: the total is that of a
    assert e.total == pytest.approx(130_000 * 2_400 / 90_000, rel=1e-12)
    # e = y - R x is 133.33, 866.67 in I and -1,066.67, 66.67 in II; about the mean +-366.67, +-566.67
    s2 = (2 * 366.6666666667**2, 2 * 566.6666666667**2)
    variance = (130_000 / 135_000) ** 2 * 1.5 * sum(s2)
    assert e.se == pytest.approx(math.sqrt(variance), rel=1e-9)
    # Left with one, it stands for all three of its region: 3 * (1,400, 20,000) + 1.5 * (600, 60,000), ...
    left_out = [
        130_000 * y / x for y, x in ((5100, 150_000), (2100, 120_000), (4500, 105_000), (2700, 165_000))
    ]
    jackknife = (1 / 3) * (1 / 2) * sum((t - e.total) ** 2 for t in left_out)
    assert e.se_jackknife == pytest.approx(math.sqrt(jackknife), rel=1e-12)
    assert (e.df, e.interval[0]) == (2, 2400)
    assert e.interval[1] == pytest.approx(e.total + T_2 * e.se, rel=1e-12)


def test_d_scales_by_immigrants_and_e_and_f_are_a_when_all_are_small():
    assert of_m("d").total == pytest.approx(14_500 * 2_400 / 11_000, rel=1e-12)
    assert of_m("e") == of_m("f") == of_m("a")


def test_the_large_count_for_themselves_in_e():
    frame = Frame((200_000, 20_000, 10_000, 30_000), (True, True, True, False))
    e = estimation.estimate("e", frame, {"y": [5000, 100, 80, None]})["y"]
    assert e.total == pytest.approx(5000 + 60_000 * 180 / 30_000, rel=1e-12)
    assert e.df == 1
    assert estimation.weights("e", frame) == [1, 2, 2, 0]


def test_where_the_size_classes_begin():
    frame = Frame((49_999, 50_000, 99_999, 100_000), (True,) * 4)

    def scales(method):
        return {stratum.label: stratum.scale for stratum in strata_of(method, frame, {})}

    assert scales("f") == {"small": 49_999, "medium": 149_999, "large": 100_000}
    assert scales("e") == {"rest": 199_998, "certainty": 100_000}


def test_the_weights_of_m():
    assert estimation.weights("a", M) == pytest.approx([130 / 90] * 2 + [0] + [130 / 90] * 2 + [0])
    assert estimation.weights("b", M) == pytest.approx([2, 2, 0, 70 / 60, 70 / 60, 0])
    assert estimation.weights("c", M) == pytest.approx([130 / 90] * 2 + [0] + [130 / 90] * 2 + [0])


@pytest.mark.parametrize("method", METHODS)
def test_net_expenditure_has_no_floor(method):
    e = of_m(method, [300, -1400, None, 0, 600, None], may_be_negative={"y"})
    assert e.interval[0] < e.reported < 0
    assert e.total < 0


def test_regions_of_m():
    found = estimation.by_region(M, {"y": EXPENDITURE})
    assert (found["I"]["y"].total, found["II"]["y"].total) == (3600, 700)
    assert found["I"]["y"].se == pytest.approx(math.sqrt(1.5 * 80_000) * 60 / 45, rel=1e-12)
    assert found["I"]["y"].df == 1


def test_a_ratio_a_count_and_the_sensitivity_of_m():
    # 2,400 thousand over three initiatives; e = -400, 600, 0, -200
    ratio = estimation.ratio(M, EXPENDITURE, [1, 1, None, 0, 1, None])
    assert ratio.value == 800
    s2 = (400**2 + 600**2 + 200**2) / 3
    assert ratio.se == pytest.approx(math.sqrt((1 - 4 / 6) / 4 * s2) / (3 / 4), rel=1e-12)
    # One of four has nothing: 1.5 of six
    zeros = estimation.count(M, [False, False, False, True, False, False])
    assert zeros.value == 1.5
    assert zeros.se == pytest.approx(math.sqrt(36 * (1 - 4 / 6) / 4 * 0.25), rel=1e-12)
    # 40, 70, 0 and 30 kr. an inhabitant; the missing have 40,000
    s = estimation.sensitivity(M, EXPENDITURE)
    assert s.rates == pytest.approx((0.0225, 0.035, 0.0475))
    assert s.missing == 40_000
    assert (s.zero, s.median) == pytest.approx((2400, 2400 + 40 * 35))


def test_notes_follow_the_coefficient_of_variation():
    frame = Frame((100,) * 6, (True,) * 5 + (False,))

    def note(*column):
        return estimation.estimate("a", frame, {"y": [*column, None]})["y"].note

    assert note(100, 101, 99, 100, 100) is None
    assert note(10, 60, 100, 150, 180) is None
    assert note(0, 10, 100, 150, 300) == "caution"
    assert note(0, 0, 0, 0, 300) == "too_uncertain"
