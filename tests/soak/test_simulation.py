"""Longer than a test should be, so run by `make soak` alone."""

from pathlib import Path

import pytest

from tests.soak.simulation import SCENARIOS, simulate, table

pytestmark = pytest.mark.soak

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "statistics.md"
AT_RANDOM, LARGE_PRESENT, SMALL, LARGER, _, LITTLE = SCENARIOS


@pytest.fixture(scope="module")
def results():
    return simulate()


def test_the_document_shows_what_the_simulation_gives(results):
    assert table(results) in DOCUMENT.read_text()


def test_a_and_c_have_next_to_no_bias_when_silence_is_random(results):
    for method in "ac":
        found = results[AT_RANDOM][method]
        assert abs(found.bias) < 4 * found.bias_se + 1  # the bias of a ratio is of the order 1/n


def test_e_is_never_less_right_than_a_and_narrower_where_the_large_have_answered(results):
    for scenario in (LARGE_PRESENT, SMALL, LARGER, LITTLE):
        a, e = results[scenario]["a"], results[scenario]["e"]
        assert e.half_width < 0.7 * a.half_width and abs(e.bias) < abs(a.bias) and e.refused == 0


def test_intervals_hold_the_truth_about_as_often_as_the_document_says(results):
    assert 85 < results[AT_RANDOM]["a"].coverage < 95
    for method in "abcef":
        assert results[LARGE_PRESENT][method].coverage > 90
    for method in "aef":
        assert results[LARGER][method].coverage > 80


def test_no_method_mends_a_silence_that_follows_the_spending(results):
    for method, found in results[LITTLE].items():
        if method != "d":
            assert found.bias > results[LARGE_PRESENT][method].bias + 2


def test_the_same_seed_gives_the_same_table_and_another_seed_another():
    assert table(simulate(20)) == table(simulate(20)) != table(simulate(20, seed=1))
