"""Rounds that move, and a deadline that passes, while others wait for the row, on real PostgreSQL; each with
a twin that shows that the test can fail. 200 hand-ins at a deadline: tests/survey/test_deadline_race.py."""

from contextlib import contextmanager
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import transaction
from django.db.models import F

from municipalities.models import Role
from survey import transitions
from survey.models import Submission, SubmissionVersion, SurveyRound
from survey.rounds import extensions, lifecycle
from survey.transitions import Refused, database_now
from tests.builders import POPULATION_DATE, build_round, build_user, hand_in
from tests.conftest import build_cast
from tests.survey.round_replay import DATES, read_tables, replay_round
from tests.survey.test_deadline_race import nil_return
from tests.survey.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
SECOND = timedelta(seconds=1)


@pytest.fixture
def cast():
    return build_cast()


@pytest.fixture
def odense(cast):
    return build_round().submissions.select_related("round", "municipality").get(municipality__code="461")


# A round moves while others wait for it


@contextmanager
def read_before_the_lock(submissions):
    """transitions.locked with round and time as they were before the wait."""
    with transaction.atomic():
        before, now = submissions.select_related("round").get(), database_now()
        submission = submissions.select_for_update(of=("self",)).get()
        submission.round = before.round
        yield submission, now


def meanwhile(act, first, *, hold=0.4):
    """What `act` came to that began while `first` was done and not yet committed."""
    outcome: list = []
    thread = Thread(target=lambda: outcome.extend(at_once(lambda i: act(), count=1)))
    with transaction.atomic():
        first()
        thread.start()
        thread.join(hold)
    thread.join(30)
    return outcome[0]


def closed(survey_round, by):
    SurveyRound.objects.update(
        opens_at=F("opens_at") - 60 * 86400 * SECOND,
        deadline=F("opens_at") + SECOND,
        edit_until=F("opens_at") + 2 * SECOND,
    )
    lifecycle.close(round_id=survey_round.pk, by=by)


@pytest.fixture
def to_be_locked(odense, cast):
    """A closed round whose answers are approved, and which Rikke has asked to lock."""
    hand_in(odense, cast.carl)
    transitions.approve(submission_id=odense.pk, by=cast.mette, version_seen=1)
    closed(odense.round, cast.rikke)
    lifecycle.ask_to_lock(round_id=odense.round_id, by=cast.rikke)
    return odense


def send_back_while_it_is_locked(odense, cast):
    def send_back():
        due = database_now() + 60 * SECOND
        transitions.send_back(
            submission_id=odense.pk, by=cast.rikke, version_seen=1, comment="Se her.", due_at=due
        )

    outcome = meanwhile(send_back, lambda: lifecycle.lock(round_id=odense.round_id, by=cast.mette))
    odense.refresh_from_db()
    assert odense.round.state == "locked"
    return outcome


def test_an_answer_is_not_sent_back_out_of_a_round_that_is_being_locked(to_be_locked, cast):
    assert isinstance(send_back_while_it_is_locked(to_be_locked, cast), Refused)
    assert to_be_locked.state == "approved"


def test_judged_by_a_round_read_before_the_lock_it_is_sent_back(to_be_locked, cast, monkeypatch):
    monkeypatch.setattr(transitions, "locked", read_before_the_lock)
    assert send_back_while_it_is_locked(to_be_locked, cast) is None
    assert to_be_locked.state == "returned"


def extend_while_it_is_closed(odense, cast):
    def extend():
        until = database_now() + 60 * SECOND
        extensions.extend(submission_id=odense.pk, by=cast.rikke, until=until, reason="Ferie.")

    return meanwhile(extend, lambda: closed(odense.round, cast.rikke))


def test_nobody_gets_more_time_in_a_round_that_is_being_closed(odense, cast):
    assert isinstance(extend_while_it_is_closed(odense, cast), Refused)
    assert not odense.extensions.exists()


def test_judged_by_a_round_read_before_the_lock_more_time_is_given(odense, cast, monkeypatch):
    monkeypatch.setattr(extensions, "locked", read_before_the_lock)
    SurveyRound.objects.update(deadline=database_now() + 10 * SECOND)
    assert extend_while_it_is_closed(odense, cast) is None
    assert odense.extensions.count() == 1


def hand_in_while_the_dates_are_moved(odense, cast):
    """The time was up, and the round manager is giving everybody more."""
    past = {"opens_at": F("opens_at") - 60 * 86400 * SECOND, "deadline": F("opens_at") + SECOND}
    SurveyRound.objects.update(**past, edit_until=F("opens_at") + SECOND)

    def move():
        later = database_now() + 60 * SECOND
        lifecycle.change_dates(
            round_id=odense.round_id, by=cast.rikke, reason="Storm.", deadline=later, edit_until=later
        )

    return meanwhile(
        lambda: transitions.hand_in(submission_id=odense.pk, by=cast.carl, seen=nil_return(odense)), move
    )


def test_a_hand_in_that_waits_for_new_dates_is_judged_by_them(odense, cast):
    assert isinstance(hand_in_while_the_dates_are_moved(odense, cast), SubmissionVersion)


def test_judged_by_a_round_read_before_the_lock_it_is_refused(odense, cast, monkeypatch):
    monkeypatch.setattr(transitions, "locked", read_before_the_lock)
    assert isinstance(hand_in_while_the_dates_are_moved(odense, cast), Refused)


def wait_past_the_deadline(odense, cast):
    """Another has the row until the deadline is over; the hand-in began before it."""
    SurveyRound.objects.update(deadline=database_now() + SECOND, edit_until=database_now() + SECOND)

    def hold():
        Submission.objects.select_for_update().get(pk=odense.pk)

    def act():
        return transitions.hand_in(submission_id=odense.pk, by=cast.carl, seen=nil_return(odense))

    return meanwhile(act, hold, hold=1.2)


def test_a_hand_in_that_waits_until_the_deadline_is_over_is_refused(odense, cast):
    assert isinstance(wait_past_the_deadline(odense, cast), Refused)
    assert not SubmissionVersion.objects.exists()


def test_judged_by_the_time_before_the_wait_it_would_be_in_after_the_deadline(odense, cast, monkeypatch):
    monkeypatch.setattr(transitions, "locked", read_before_the_lock)
    assert isinstance(wait_past_the_deadline(odense, cast), SubmissionVersion)


# Two move a round at once


def replayed(survey_round):
    """The round's state as its events tell, each of which was possible after the one before."""
    dates = {name: getattr(survey_round, name) for name in DATES}
    events = [row for row in read_tables()["survey_roundevent"] if row["round_id"] == survey_round.pk]
    return replay_round(events, dates)["state"]


def together(survey_round, *acts):
    """Each act twice at once: the exceptions; events and state agree, with an event for each that passed."""
    before = survey_round.events.count()
    results = at_once(lambda i: acts[i % len(acts)](), count=2 * len(acts))
    refused = [result for result in results if isinstance(result, Exception)]
    assert all(isinstance(error, Refused) for error in refused), refused
    assert survey_round.events.count() - before == len(results) - len(refused)
    survey_round.refresh_from_db()
    assert survey_round.state == replayed(survey_round)
    return refused


def test_of_two_who_open_at_once_one_does(cast):
    survey_round = build_round()
    draft = SurveyRound.objects.create(
        accounts_year=2026,
        price_level=2026,
        population_date=POPULATION_DATE,
        **{name: getattr(survey_round, name) for name in DATES},
    )
    assert len(together(draft, lambda: lifecycle.open_round(round_id=draft.pk, by=cast.rikke))) == 1
    assert draft.submissions.count() == 4


def test_of_two_who_ask_and_two_who_lock_at_once_one_each_does(to_be_locked, cast):
    ruth = build_user("Ruth", Role.ROUND_MANAGER)
    survey_round = to_be_locked.round
    lifecycle.reopen(round_id=survey_round.pk, by=ruth, reason="For tidligt.")
    lifecycle.close(round_id=survey_round.pk, by=ruth)
    asking = [
        lambda by=by: lifecycle.ask_to_lock(round_id=survey_round.pk, by=by) for by in (ruth, cast.rikke)
    ]
    assert len(together(survey_round, *asking)) == 3
    assert len(together(survey_round, lambda: lifecycle.lock(round_id=survey_round.pk, by=cast.mette))) == 1
    assert survey_round.state == "locked"


def test_reopening_and_archiving_at_once_is_one_after_the_other(to_be_locked, cast):
    survey_round = to_be_locked.round
    lifecycle.lock(round_id=survey_round.pk, by=cast.mette)
    together(
        survey_round,
        lambda: lifecycle.archive(round_id=survey_round.pk, by=cast.rikke),
        lambda: lifecycle.reopen(round_id=survey_round.pk, by=cast.rikke, reason="Der mangler én."),
    )
    assert survey_round.state in ("open", "closed", "locked")


def test_without_the_rounds_lock_both_of_two_lock(to_be_locked, cast, monkeypatch):
    both_have_judged, asked_by = Barrier(2), lifecycle.lock_asked_by

    @contextmanager
    def unlocked(round_id, by, roles):
        with transaction.atomic():
            yield SurveyRound.objects.get(pk=round_id), database_now()

    def wait_for_the_other(survey_round):
        asked = asked_by(survey_round)
        both_have_judged.wait(30)
        return asked

    monkeypatch.setattr(lifecycle, "managed", unlocked)
    monkeypatch.setattr(lifecycle, "lock_asked_by", wait_for_the_other)
    results = at_once(lambda i: lifecycle.lock(round_id=to_be_locked.round_id, by=cast.mette), count=2)
    assert not [result for result in results if isinstance(result, Exception)]
    assert to_be_locked.round.events.filter(kind="locked").count() == 2
