"""The ranking beside the estimator itself, run again with an answer that lies where the others' do."""

import random
from math import sqrt

import pytest
from scipy import stats

from reporting import estimation
from reporting.chase.ranking import ranking
from reporting.strata import Frame


def build_world(seed=1, size=98, answered=80):
    """Inhabitants and amounts like Denmark's; what stands for those that are missing is not read."""
    chance = random.Random(seed)
    inhabitants = [int(chance.lognormvariate(10.6, 0.8)) for _ in range(size)]
    responded = [True] * answered + [False] * (size - answered)
    chance.shuffle(responded)
    amounts = [x * chance.gammavariate(2, 0.03) for x in inhabitants]
    return Frame(tuple(inhabitants), tuple(responded)), amounts


def reach_of(frame, amounts):
    """Half the interval's width from the estimator, before it is cut at what is reported."""
    one = estimation.estimate("a", frame, {"y": amounts})["y"]
    return stats.t.ppf(0.975, one.df) * one.se


@pytest.mark.parametrize("seed", range(5))
def test_the_reach_now_is_the_estimators(seed):
    frame, amounts = build_world(seed)
    assert ranking(frame, amounts).reach == pytest.approx(reach_of(frame, amounts), rel=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_each_effect_is_the_estimators_after_an_answer_with_the_others_variation(seed):
    """The naive way: the same estimator on n + 1 answers, its residuals scaled back to today's s."""
    frame, amounts = build_world(seed)
    x, responded = frame.inhabitants, frame.responded
    sum_x = sum(a for a, is_in in zip(x, responded, strict=True) if is_in)
    sum_y = sum(b for b, is_in in zip(amounts, responded, strict=True) if is_in)
    rate, n = sum_y / sum_x, sum(responded)
    square = sum((b - rate * a) ** 2 for a, b, is_in in zip(x, amounts, responded, strict=True) if is_in)
    for effect in ranking(frame, amounts).effects:
        k = effect.place
        on_the_line = [rate * x[k] if place == k else y for place, y in enumerate(amounts)]
        after = Frame(x, tuple(is_in or place == k for place, is_in in enumerate(responded)))
        # On the line exactly, the answer adds nothing to the sum of squares, which is then divided by n.
        assert effect.reach == pytest.approx(
            reach_of(after, on_the_line) * sqrt(square / (n - 1) / (square / n)), rel=1e-9
        )
        assert effect.coverage == pytest.approx(100 * x[k] / sum(x), rel=1e-12)


def test_the_mean_over_many_answers_that_vary_as_the_others_do_is_near_the_effect():
    frame, _amounts = build_world(3)
    chance = random.Random(7)
    amounts = [50 * 1.0 + 0.05 * x + chance.gauss(0, 900) for x in frame.inhabitants]  # even variation
    effect = ranking(frame, amounts).effects[4]
    responded = [r or place == effect.place for place, r in enumerate(frame.responded)]
    after, reaches = Frame(frame.inhabitants, tuple(responded)), []
    for _ in range(400):
        amounts[effect.place] = 50 + 0.05 * frame.inhabitants[effect.place] + chance.gauss(0, 900)
        reaches.append(reach_of(after, amounts) ** 2)
    assert sqrt(sum(reaches) / len(reaches)) == pytest.approx(effect.reach, rel=0.02)


def test_the_largest_comes_first_and_who_has_answered_never():
    frame, amounts = build_world(2)
    effects = ranking(frame, amounts).effects
    assert {effect.place for effect in effects} == {p for p, r in enumerate(frame.responded) if not r}
    people = [frame.inhabitants[effect.place] for effect in effects]
    assert people == sorted(people, reverse=True)
    reaches = [effect.reach for effect in effects]
    assert reaches == sorted(reaches)


def test_the_last_answer_leaves_no_uncertainty():
    frame = Frame((10, 20, 30, 40), (True, True, True, False))
    (effect,) = ranking(frame, [1, 3, 2, None]).effects
    assert (effect.reach, effect.coverage) == (0, 40)


@pytest.mark.parametrize("responded", [(False, False, False), (True, False, False)])
def test_with_fewer_than_two_answers_only_coverage_ranks(responded):
    found = ranking(Frame((10, 30, 60), responded), [5, None, None])
    assert found.reach is None
    assert [effect.reach for effect in found.effects] == [None] * len(found.effects)
    assert [effect.coverage for effect in found.effects][:2] == [60, 30]


@pytest.mark.parametrize("rate", [0, 0.1])
def test_of_those_that_answered_alike_nothing_follows_for_the_others(rate):
    inhabitants = (10_001, 20_003, 30_007, 40_009)
    found = ranking(Frame(inhabitants, (True, True, True, False)), [rate * x for x in inhabitants])
    assert found.reach is None and [effect.reach for effect in found.effects] == [None]


def test_when_all_have_answered_the_list_is_empty():
    found = ranking(Frame((10, 30), (True, True)), [5, 6])
    assert (found.reach, found.effects) == (0, ())
