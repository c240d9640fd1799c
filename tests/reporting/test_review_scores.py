"""Against the public examples; what they leave open by hand."""

import json
import math

import numpy as np
import pytest

from reporting import estimation
from reporting.returns import amount, amounts, frame_of
from reporting.review_scores import Z_LIMIT, hidiroglou_berthelot, robust_z, score
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
    assert found.scores == close(tuple(example["E"]))
    assert found.bounds == close(tuple(example["bounds"]))
    assert list(found.flagged) == example["flagged_positions"]
    assert found == hidiroglou_berthelot(example["previous"], example["current"])  # the defaults


def test_a_zero_has_no_change_and_moves_nobody_elses():
    example = EXAMPLES["hidiroglou_berthelot"]
    found = hidiroglou_berthelot([0, *example["previous"], 7], [5, *example["current"], 0])
    assert found.scores == (None, *close(tuple(example["E"])).expected, None)
    assert found.flagged == (4, 8)
    assert hidiroglou_berthelot([0, 5], [5, 0]) is None


def test_a_change_that_all_share_flags_nobody_and_a_fall_counts_as_a_rise():
    assert hidiroglou_berthelot([100, 200, 300], [200, 400, 600]).flagged == ()
    twice, half = hidiroglou_berthelot([100, 100, 100], [100, 200, 50]).scores[1:]
    assert twice == pytest.approx(math.sqrt(200)) and half == pytest.approx(-math.sqrt(100))


def test_robust_z():
    example = EXAMPLES["robust_z"]
    scores = dict(zip(SPENT, robust_z(KRONER), strict=True))
    for code, z in example["top5"]:
        assert scores[code] == close(z)
    ranked = sorted(
        (code for code in scores if scores[code] is not None), key=lambda code: -abs(scores[code])
    )
    assert ranked[:5] == [code for code, _ in example["top5"]]
    assert sum(abs(scores[code]) > Z_LIMIT for code in ranked) == example["n_flagged"]
    assert [code for code in SPENT if scores[code] is None] == [code for code in SPENT if not SPENT[code]]


def test_robust_z_says_nothing_where_there_is_no_spread():
    assert robust_z([5, 5, 5, 9]) == (None,) * 4
    assert robust_z([0, 0]) == (None, None)
    assert robust_z([]) == ()


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
