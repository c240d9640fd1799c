"""Who reviews at once, on real PostgreSQL: one legal outcome, one event; each race with a twin without the
lock that shows that the test can fail.
"""

from contextlib import contextmanager
from threading import Barrier

import pytest
from django.db import transaction

from survey import adjusting, reviewing, transitions
from survey.models import Adjustment, SurveyRound
from survey.rounds import locking
from survey.transitions import Refused, database_now
from tests.builders import build_initiative, build_round, hand_in
from tests.conftest import build_cast
from tests.survey.test_races import at_once, unlocked
from tests.survey.test_round_races import meanwhile

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast():
    return build_cast()


@pytest.fixture
def odense(cast):
    return build_round().submissions.select_related("round", "municipality").get(municipality__code="461")


@pytest.fixture
def reported(odense, cast):
    build_initiative(odense, cast.anna)
    return hand_in(odense, cast.carl).initiatives.get()


def approve(odense, by):
    return transitions.approve(submission_id=odense.pk, by=by, version_seen=1)


def withdraw(odense, by):
    return transitions.withdraw(submission_id=odense.pk, by=by)


def accept(initiative, by):
    return adjusting.accept(initiative_id=initiative.pk, by=by, seen=None)


def adjust(initiative, by, amount=125):
    return adjusting.adjust(
        initiative_id=initiative.pk,
        by=by,
        seen=None,
        reason="other",
        explanation="Aftalt.",
        gross_expenditure=amount,
    )


def accept_in_bulk(initiative, by):
    submission = initiative.version.submission_id
    return reviewing.accept_in_bulk(submission_id=submission, initiative_ids=[initiative.pk], by=by)


def kinds(odense):
    return list(odense.events.order_by("pk").values_list("kind", flat=True))


def decisions(initiative):
    return list(initiative.adjustments.values_list("kind", flat=True))


def all_judge_before_anybody_writes(monkeypatch, module, count, manager, method):
    """Takes the lock out of `module`, and makes `count` wait for each other before their first write."""
    all_have_judged, write = Barrier(count), getattr(manager, method)

    def write_after_all(*args, **kwargs):
        all_have_judged.wait(30)
        return write(*args, **kwargs)

    monkeypatch.setattr(module, "locked", unlocked)
    monkeypatch.setattr(manager, method, write_after_all)


# The reviewer approves while the municipality withdraws


def test_what_is_being_withdrawn_is_not_approved(odense, reported, cast):
    outcome = meanwhile(lambda: approve(odense, cast.mette), lambda: withdraw(odense, cast.carl))
    assert isinstance(outcome, Refused) and kinds(odense) == ["submitted", "withdrawn"]
    odense.refresh_from_db()
    assert odense.state == "draft"


def test_what_is_being_approved_is_not_withdrawn(odense, reported, cast):
    outcome = meanwhile(lambda: withdraw(odense, cast.carl), lambda: approve(odense, cast.mette))
    assert isinstance(outcome, Refused) and kinds(odense) == ["submitted", "approved"]
    odense.refresh_from_db()
    assert odense.state == "approved"


def approve_and_withdraw_at_once(odense, cast):
    acts = (lambda: approve(odense, cast.mette), lambda: withdraw(odense, cast.carl))
    return at_once(lambda i: acts[i % 2](), count=10)


def test_of_ten_who_approve_and_withdraw_at_once_one_does(odense, reported, cast):
    results = approve_and_withdraw_at_once(odense, cast)
    assert results.count(None) == 1
    assert sum(isinstance(result, Refused) for result in results) == 9
    assert kinds(odense) in (["submitted", "approved"], ["submitted", "withdrawn"])


def test_without_the_lock_it_is_approved_and_withdrawn(odense, reported, cast, monkeypatch):
    all_judge_before_anybody_writes(monkeypatch, transitions, 10, transitions, "move")
    assert approve_and_withdraw_at_once(odense, cast) == [None] * 10
    assert sorted(kinds(odense)) == ["approved"] * 5 + ["submitted"] + ["withdrawn"] * 5


# Two reviewers decide at once


PAIRS = {
    "accept and adjust": (accept, adjust),
    "adjust to 125 and to 126": (adjust, lambda one, by: adjust(one, by, 126)),
    "accept in bulk and adjust": (accept_in_bulk, adjust),
}


def both_at_once(reported, cast, acts):
    return at_once(lambda i: acts[i % 2](reported, (cast.mette, cast.rikke)[i % 2]), count=10)


@pytest.mark.parametrize("acts", PAIRS.values(), ids=PAIRS)
def test_of_two_reviewers_who_decide_differently_at_once_one_does(reported, cast, acts):
    """Who comes second is told, or gets what the first press of the same button made."""
    results = both_at_once(reported, cast, acts)
    (decision,) = reported.adjustments.all()
    assert {str(r) for r in results if not isinstance(r, (Refused, int))} <= {str(decision)}
    assert all(isinstance(r, (Refused, Adjustment, int)) for r in results)
    told = sum(isinstance(r, Refused) for r in results)
    accepted_in_bulk = [r for r in results if isinstance(r, int)]
    assert told + len(accepted_in_bulk) in (5, 10) and sum(accepted_in_bulk) <= 1


@pytest.mark.parametrize("acts", list(PAIRS.values())[:2], ids=list(PAIRS)[:2])
def test_without_the_lock_each_of_them_decides(reported, cast, acts, monkeypatch):
    all_judge_before_anybody_writes(monkeypatch, adjusting, 10, Adjustment, "save")
    both_at_once(reported, cast, acts)
    assert len(decisions(reported)) == 10


def test_of_ten_who_accept_at_once_one_does_and_all_are_shown_it(reported, cast):
    results = both_at_once(reported, cast, (accept, accept))
    assert results == [reported.adjustments.get()] * 10


def test_without_the_lock_it_is_accepted_ten_times(reported, cast, monkeypatch):
    all_judge_before_anybody_writes(monkeypatch, adjusting, 10, Adjustment, "save")
    both_at_once(reported, cast, (accept, accept))
    assert decisions(reported) == ["accepted"] * 10


def test_what_is_being_adjusted_is_not_accepted_in_bulk(reported, cast):
    outcome = meanwhile(lambda: accept_in_bulk(reported, cast.mette), lambda: adjust(reported, cast.rikke))
    assert outcome == 0 and decisions(reported) == ["adjusted"]


def test_without_the_lock_it_is_accepted_in_bulk_on_top(reported, cast, monkeypatch):
    monkeypatch.setattr(reviewing, "locked", unlocked)
    outcome = meanwhile(lambda: accept_in_bulk(reported, cast.mette), lambda: adjust(reported, cast.rikke))
    assert outcome == 1 and sorted(decisions(reported)) == ["accepted", "adjusted"]


def test_what_is_being_accepted_in_bulk_is_not_adjusted_unseen(reported, cast):
    outcome = meanwhile(lambda: adjust(reported, cast.rikke), lambda: accept_in_bulk(reported, cast.mette))
    assert isinstance(outcome, Refused) and decisions(reported) == ["accepted"]


def test_without_the_lock_it_is_adjusted_unseen(reported, cast, monkeypatch):
    monkeypatch.setattr(adjusting, "locked", unlocked)
    outcome = meanwhile(lambda: adjust(reported, cast.rikke), lambda: accept_in_bulk(reported, cast.mette))
    assert isinstance(outcome, Adjustment) and sorted(decisions(reported)) == ["accepted", "adjusted"]


def test_what_is_being_withdrawn_is_not_accepted(odense, reported, cast):
    outcome = meanwhile(lambda: accept(reported, cast.mette), lambda: withdraw(odense, cast.carl))
    assert isinstance(outcome, Refused) and decisions(reported) == []


def test_without_the_lock_it_is_accepted_while_it_is_withdrawn(odense, reported, cast, monkeypatch):
    monkeypatch.setattr(adjusting, "locked", unlocked)
    outcome = meanwhile(lambda: accept(reported, cast.mette), lambda: withdraw(odense, cast.carl))
    assert isinstance(outcome, Adjustment)


def test_what_is_being_withdrawn_is_not_accepted_in_bulk(odense, reported, cast):
    outcome = meanwhile(lambda: accept_in_bulk(reported, cast.mette), lambda: withdraw(odense, cast.carl))
    assert outcome == 0 and decisions(reported) == []


def test_of_two_who_give_it_to_different_reviewers_at_once_the_last_is_in_force(odense, reported, cast):
    def give(i):
        reviewer = (cast.mette, cast.rikke)[i % 2]
        return reviewing.assign(
            submission_id=odense.pk, uuids=[reported.uuid], reviewer=reviewer, by=cast.mette
        )

    results = at_once(give, count=10)
    assert set(results) <= {0, 1} and odense.review_assignments.count() == 1


# A round moves while its answers are decided about


def final_while_it_is_accepted(reported, cast):
    """A change of state by hand: the round's own lock is tried in tests/survey/test_round_races.py."""

    def lock():
        with locking.managed(reported.version.submission.round_id, cast.rikke) as (survey_round, _now):
            SurveyRound.objects.filter(pk=survey_round.pk).update(state="locked")

    return meanwhile(lambda: accept(reported, cast.mette), lock)


def test_nothing_is_decided_in_a_round_that_is_being_locked(reported, cast):
    assert isinstance(final_while_it_is_accepted(reported, cast), Refused)
    assert decisions(reported) == []


def test_if_the_round_does_not_lock_its_answers_it_is_decided_about(reported, cast, monkeypatch):
    """The twin: `managed` with the round's lock alone, as if its answers were not concerned."""

    @contextmanager
    def the_round_alone(round_id, by, roles=None):
        with transaction.atomic():
            yield SurveyRound.objects.select_for_update(no_key=True).get(pk=round_id), database_now()

    monkeypatch.setattr(locking, "managed", the_round_alone)
    assert isinstance(final_while_it_is_accepted(reported, cast), Adjustment)


def retire(survey_round, by, rule="expenditure_zero"):
    return reviewing.retire_rule(round_id=survey_round.pk, rule=rule, reason="Larm.", by=by)


def test_of_ten_who_retire_a_rule_at_once_one_does(odense, cast):
    assert at_once(lambda i: retire(odense.round, cast.rikke), count=10) == [None] * 10
    assert odense.round.rule_retirements.count() == 1


def test_of_two_rules_retired_at_once_none_is_forgotten(odense, cast):
    rules = ["expenditure_zero", "cpr_number", "phone_number", "title_repeated"]
    at_once(lambda i: retire(odense.round, cast.rikke, rules[i]), count=4)
    odense.round.refresh_from_db()
    assert odense.round.retired_rules == sorted(rules)
