"""No figure, but the reason: every refusal of every method, and what is none."""

import pytest

from reporting import estimation
from reporting.strata import METHODS, EstimateRefused, Frame
from tests.reporting.rows import Row, columns_of, frame_of_rows

every_method = pytest.mark.parametrize("method", METHODS)


def row(inhabitants, responded, amount=0, region="N", immigrants=100):
    return Row(inhabitants, immigrants, region, responded, (amount,))


def estimate(method, rows, may_be_negative=()):
    return estimation.estimate(method, frame_of_rows(rows), columns_of(rows), may_be_negative)["y0"]


def refused(method, rows):
    with pytest.raises(EstimateRefused) as found:
        estimate(method, rows)
    return found.value


ANSWERED = [row(10_000, True, 5), row(20_000, True, 7)]
SILENT = row(30_000, False)


@every_method
def test_nobody_has_answered(method):
    refusal = refused(method, [SILENT] * 3)
    assert (refusal.code, refusal.parameters["size"]) == ("no_respondent", 3)


@every_method
def test_one_of_several_has_answered(method):
    refusal = refused(method, [ANSWERED[0], SILENT])
    assert (refusal.code, refusal.parameters["size"]) == ("single_respondent", 2)


@pytest.mark.parametrize(
    ("method", "silent", "stratum"),
    [
        ("b", row(30_000, False, region="S"), "S"),
        ("c", row(30_000, False, region="S"), "S"),
        ("f", row(60_000, False), "medium"),
        ("f", row(160_000, False), "large"),
    ],
)
def test_a_stratum_without_enough_answers_is_named(method, silent, stratum):
    others = [*ANSWERED, SILENT]
    none = refused(method, [*others, silent, silent])
    assert (none.code, none.parameters) == ("no_respondent", {"stratum": stratum, "size": 2})
    one = refused(method, [*others, silent, silent._replace(responded=True)])
    assert (one.code, one.parameters) == ("single_respondent", {"stratum": stratum, "size": 2})
    for alone in ([silent._replace(responded=True)], [silent._replace(responded=True)] * 2):
        assert estimate(method, [*others, *alone]).df == 1  # a complete stratum, also of one, adds nothing


@every_method
def test_one_of_one_is_a_census(method):
    e = estimate(method, [row(10_000, True, 4)])
    assert (e.total, e.se, e.se_jackknife, e.df, e.interval) == (4, 0, 0, 0, (4, 4))
    assert e.se_is_informative


def test_a_certainty_municipality_that_is_missing_is_named():
    rows = [*ANSWERED, SILENT, row(100_000, True, 9), row(99_999, False), row(100_000, False)]
    frame = frame_of_rows(rows)
    named = Frame(frame.inhabitants, frame.responded, names=tuple("ABCDEF"))
    with pytest.raises(EstimateRefused) as found:
        estimation.estimate("e", named, columns_of(rows))
    assert (found.value.code, found.value.parameters) == ("certainty_missing", {"names": ["F"]})
    assert estimate("a", rows).df == 2  # the others do without


def test_immigrants_that_are_not_known_stop_d_alone():
    rows = [*ANSWERED, SILENT._replace(immigrants=None)]
    frame = frame_of_rows(rows)
    named = Frame(frame.inhabitants, frame.responded, frame.regions, frame.immigrants, tuple("ABC"))
    with pytest.raises(EstimateRefused) as found:
        estimation.estimate("d", named, columns_of(rows))
    assert (found.value.code, found.value.parameters) == ("no_immigrants", {"names": ["C"]})
    for method in "abcef":
        assert estimate(method, rows).total > 12
    left_out = Frame(frame.inhabitants, frame.responded)
    with pytest.raises(EstimateRefused, match="no_immigrants"):
        estimation.estimate("d", left_out, columns_of(rows))


def test_d_refuses_when_one_answer_holds_all_that_it_scales_by():
    rows = [row(10_000, True, 5, immigrants=0), row(20_000, True, 7), SILENT]
    assert refused("d", rows).code == "no_scale"
    census = [row(10_000, True, 5, immigrants=0)] * 2
    assert (estimate("d", census).total, estimate("d", census).se) == (10, 0)  # it scales nothing


@pytest.mark.parametrize("method", "bc")
def test_without_regions_there_is_nothing_by_region(method):
    assert refused(method, [*ANSWERED, SILENT._replace(region="")]).code == "no_regions"
    left_out = Frame((10_000, 20_000, 30_000), (True, True, False))
    with pytest.raises(EstimateRefused, match="no_regions"):
        estimation.estimate(method, left_out, {"y": [5, 7, None]})


@every_method
def test_a_municipality_without_inhabitants(method):
    refusal = refused(method, [*ANSWERED, SILENT, row(0, True, 5), row(0, False)])
    assert (refusal.code, refusal.parameters) == ("no_inhabitants", {"count": 2})


def test_c_refuses_a_total_below_what_is_reported():
    """North is complete and spends all; the two largest of East answer 0 and shrink what North stands for."""
    north = [row(100_000, True, 1000)] * 2
    east = [row(90_000, True, 0, "E")] * 2 + [row(10_000, False, region="E")] * 18
    refusal = refused("c", north + east)
    total = 560_000 * 2000 / (200_000 + 20 / 2 * 180_000)
    assert refusal.code == "below_reported"
    assert refusal.parameters == {"variable": "y0", "total": pytest.approx(total), "reported": 2000}
    assert estimate("c", north + east, may_be_negative={"y0"}).total == pytest.approx(total)
    assert estimate("b", north + east).total == 2000


@every_method
def test_a_stratum_of_zeros_is_0_and_says_that_the_se_says_nothing(method):
    e = estimate(method, [row(10_000, True), row(20_000, True), SILENT])
    assert (e.total, e.se, e.se_jackknife, e.interval, e.cv) == (0, 0, 0, (0, 0), None)
    assert e.note == "uninformative"
    assert estimate(method, [row(10_000, True), row(20_000, True)]).note is None  # a census of zeros is known


@pytest.mark.parametrize("method", "bf")
def test_also_when_another_stratum_has_amounts(method):
    zeros = [row(60_000, True, region="S"), row(70_000, True, region="S"), row(80_000, False, region="S")]
    e = estimate(method, [*ANSWERED, SILENT, *zeros])
    assert e.total == pytest.approx(12 * 60_000 / 30_000) and e.note == "uninformative"


def test_ratios_counts_and_quartiles_refuse_too():
    frame = frame_of_rows([*ANSWERED, SILENT])
    with pytest.raises(EstimateRefused, match="no_scale"):
        estimation.ratio(frame, [5, 7, None], [0, 0, None])
    with pytest.raises(EstimateRefused, match="single_respondent"):
        estimation.count(frame_of_rows([ANSWERED[0], SILENT]), [True, False])
    with pytest.raises(EstimateRefused, match="no_respondent"):
        estimation.sensitivity(frame_of_rows([SILENT]), [None])


def test_a_region_that_is_refused_leaves_the_others():
    rows = [*ANSWERED, SILENT, row(10_000, False, region="S")]
    found = estimation.by_region(frame_of_rows(rows), columns_of(rows))
    assert found["N"]["y0"].total == pytest.approx(24)
    assert found["S"].code == "no_respondent"
