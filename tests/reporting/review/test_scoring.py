"""Against the public examples; what they leave open by hand."""

import json
import math

import numpy as np
import pytest

from reporting import estimation
from reporting.returns import amount, amounts, frame_of
from reporting.review.scoring import (
    CERTAIN,
    Z_LIMIT,
    far_out,
    hidiroglou_berthelot,
    remaining,
    robust_z,
    score,
    standing,
)
from tests.reporting.test_estimation_against_r import REFERENCE, returns_of

EXAMPLES = json.loads((REFERENCE / "examples.json").read_text())
P = [row for row in returns_of("P") if row.responded]
SPENT = {int(row.code): float(amount(row, "exp_total")) for row in P}
KRONER = [1000 * y / row.inhabitants for y, row in zip(SPENT.values(), P, strict=True)]


def close(number):
    return pytest.approx(number, rel=1e-9, abs=1e-12)


def test_hidiroglou_berthelot():
    example = EXAMPLES["hidiroglou_berthelot"]
    found = hidiroglou_berthelot(
        example["previous"], example["current"], u=example["U"], a=example["A"], c=example["C"]
    )
    assert found.scores.tolist() == close(example["E"])
    assert found.changes.tolist() == close(example["s"])
    assert found.bounds == close(tuple(example["bounds"]))
    assert list(found.flagged) == example["flagged_positions"]
    again = hidiroglou_berthelot(example["previous"], example["current"])  # the defaults
    assert (again.scores.tolist(), again.bounds) == (found.scores.tolist(), found.bounds)


def test_a_zero_has_no_change_and_moves_nobody_elses():
    example = EXAMPLES["hidiroglou_berthelot"]
    found = hidiroglou_berthelot([0, *example["previous"], 7], [5, *example["current"], 0])
    assert found.scores.tolist() == pytest.approx([math.nan, *example["E"], math.nan], nan_ok=True)
    assert found.flagged == (4, 8)
    assert hidiroglou_berthelot([0, 5], [5, 0]) is None


def test_a_change_that_all_share_flags_nobody_and_a_fall_counts_as_a_rise():
    assert hidiroglou_berthelot([100, 200, 300], [200, 400, 600]).flagged == ()
    twice, half = hidiroglou_berthelot([100, 100, 100], [100, 200, 50]).scores[1:]
    assert twice == pytest.approx(math.sqrt(200)) and half == pytest.approx(-math.sqrt(100))


def test_robust_z():
    example = EXAMPLES["robust_z"]
    scores = dict(zip(SPENT, robust_z(KRONER).tolist(), strict=True))
    for code, z in example["top5"]:
        assert scores[code] == close(z)
    ranked = sorted(
        (code for code in scores if not math.isnan(scores[code])), key=lambda code: -abs(scores[code])
    )
    assert ranked[:5] == [code for code, _ in example["top5"]]
    assert sum(abs(scores[code]) > Z_LIMIT for code in ranked) == example["n_flagged"]
    assert [code for code in SPENT if math.isnan(scores[code])] == [code for code in SPENT if not SPENT[code]]


def test_robust_z_says_nothing_where_there_is_no_spread():
    assert np.isnan(robust_z([5, 5, 5, 9])).all()
    assert np.isnan(robust_z([0, 0])).all()
    assert robust_z([]).tolist() == []


def test_a_degree_of_change_is_1_at_the_bound_and_none_below_a_tenth():
    found = hidiroglou_berthelot([100] * 9, [96, 98, 99, 100, 101, 102, 104, 109, 300])
    high = found.bounds[1]
    assert found.degrees[-1] == pytest.approx((found.scores[-1] - found.median) / (high - found.median))
    assert found.degrees[-2] == 0 and found.degrees[-1] > 1
    assert hidiroglou_berthelot([100] * 5, [100] * 4 + [150]).degrees.tolist() == [0] * 4 + [CERTAIN]


def test_far_out_is_three_interquartile_ranges_above_the_upper_quartile_of_what_is_above_0():
    values = np.array([0, 10, 20, 30, 40, 50, 70.0])
    found = far_out(values, np.ones(7, dtype=bool))
    lower, upper = np.quantile(values[1:], [0.25, 0.75])
    assert math.isnan(found[0]) and found[6] == pytest.approx((70 - upper) / (3 * (upper - lower)))
    assert np.isnan(far_out(np.array([5.0, 5, 5]), np.ones(3, dtype=bool))).all()


def test_a_class_with_too_few_is_judged_against_all():
    rates, groups = np.array([1.0, 2, 3, 4, 100]), np.array([0, 0, 0, 0, 1])
    alone = standing(rates, groups, frozenset())
    together = standing(rates, groups, frozenset({1}))
    assert alone.median.tolist() == [2.5] * 4 + [100] and math.isnan(alone.z[4])
    assert together.median.tolist() == [2.5] * 4 + [3] and together.z[4] > 1


def test_remaining_is_what_the_open_ones_below_add_to():
    assert remaining(np.array([5.0, 3, 2, 1]), np.array([1, 1, 0, 1], dtype=bool)).tolist() == [4, 1, 1, 0]
    assert remaining(np.array([]), np.array([], dtype=bool)).tolist() == []


def test_the_score():
    example = EXAMPLES["selective_editing_score"]
    frame = frame_of(returns_of("P"))
    weight = max(estimation.weights("a", frame))
    assert weight == close(example["w"])
    total = estimation.estimate("a", frame, amounts(returns_of("P"), ["exp_total"]))["exp_total"].total

    def size(row):
        return "S" if row.inhabitants < 50_000 else "M" if row.inhabitants < 100_000 else "L"

    levels = {
        name: np.median([rate for rate, row in zip(KRONER, P, strict=True) if size(row) == name])
        for name in "SML"
    }
    assert levels == close(example["median_level_dkk"])
    scores = {
        int(row.code): score(weight, SPENT[int(row.code)], row.inhabitants * levels[size(row)] / 1000)
        for row in P
    }
    for code, moved, percent in example["top8"]:
        assert (scores[code], 100 * scores[code] / total) == close((moved, percent))
    assert sorted(scores, key=scores.get, reverse=True)[:8] == [code for code, *_ in example["top8"]]
