"""What came of a rule, counted by hand."""

from uuid import uuid4

from reporting.rules.use import Pointed, Use, use_of

RULE = "expenditure_zero"
A, B = (1, uuid4()), (2, uuid4())


def counted(pointed, *, counting, says=(), corrected=(), now=()):
    return use_of(pointed, counting, dict(says), {*corrected}, dict(now))


def test_what_says_the_same_in_the_version_that_counts_is_not_changed():
    pointed = [Pointed(RULE, A, 1, (0,)), Pointed(RULE, A, 2, (0,))]
    found = counted(pointed, counting={1: 2}, says={(RULE, A, 2): (0,)}, now={RULE: 1})
    assert found == {RULE: Use(now=1, ever=1, changed=0)}


def test_a_field_that_says_otherwise_is_a_change_and_so_is_an_initiative_that_is_gone():
    pointed = [Pointed(RULE, A, 1, (0,)), Pointed(RULE, B, 1, (0,))]
    found = counted(pointed, counting={1: 2, 2: 2}, says={(RULE, A, 2): (7,)})
    assert found == {RULE: Use(now=0, ever=2, changed=2)}
    assert found[RULE].share == 100


def test_it_is_judged_from_the_first_version_that_the_rule_pointed_at():
    pointed = [Pointed(RULE, A, 2, (0,)), Pointed(RULE, A, 3, (1,))]
    assert counted(pointed, counting={1: 3}, says={(RULE, A, 3): (0,)})[RULE].changed == 0


def test_what_was_pointed_at_in_a_version_that_was_taken_back_waits_for_the_next():
    pointed = [Pointed(RULE, A, 2, (0,))]
    assert counted(pointed, counting={1: 1}, says={(RULE, A, 1): (7,)})[RULE].changed == 0
    assert counted(pointed, counting={})[RULE].changed == 0


def test_the_ministry_s_correction_is_a_change():
    pointed = [Pointed(RULE, A, 1, (0,)), Pointed(RULE, B, 1, (0,))]
    found = counted(pointed, counting={1: 1, 2: 1}, corrected=[(RULE, A), ("other", B)])
    assert (found[RULE].changed, found[RULE].share) == (1, 50)


def test_of_nothing_there_is_no_share():
    assert counted([], counting={}) == {}
    assert Use().share is None
