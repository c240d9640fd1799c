"""A pilot at work while the trial is ended, on real PostgreSQL, with a twin that can fail."""

import uuid
from threading import Event

import pytest
from django.db import IntegrityError

from survey import dialogue, entering
from survey.models import DialogueRead, Initiative, Submission
from survey.rounds import trial
from tests.conftest import build_cast
from tests.survey.test_races import at_once, unlocked
from tests.survey.test_trial import build_trial, counted, pilot

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast():
    return build_cast()


@pytest.fixture
def tried(cast):
    return build_trial(cast.rikke)


@pytest.fixture
def saved_while_it_ends(tried, cast, monkeypatch):
    """A pilot's save that has been judged and is written while the trial is ended: what came of the two."""
    judged, over, save = Event(), Event(), Initiative.save

    def save_as_it_ends(self, **kwargs):
        judged.set()
        over.wait(0.5)
        save(self, **kwargs)

    def enter():
        one = Submission.objects.filter(round=tried)
        new = Initiative(uuid=uuid.uuid4(), title="Mentorer")
        entering.save_initiative(submissions=one, initiative=new, by=cast.anna, revision=0)

    def end():
        judged.wait(30)
        trial.end(round_id=tried.pk, by=cast.rikke)
        over.set()

    monkeypatch.setattr(Initiative, "save", save_as_it_ends)
    return lambda: at_once(lambda i: (enter, end)[i](), count=2)


def test_what_is_saved_as_the_trial_ends_is_deleted_with_it(saved_while_it_ends, tried):
    mine = pilot(tried).pk
    assert saved_while_it_ends() == [None, None]
    assert set(counted(mine).values()) == {0} and not tried.submissions.exists()


def test_the_race_above_can_be_lost(saved_while_it_ends, monkeypatch):
    monkeypatch.setattr(entering, "locked", unlocked)
    assert IntegrityError in map(type, saved_while_it_ends())


def test_what_is_read_as_the_trial_ends_is_no_error(tried, cast):
    mine = pilot(tried)
    trial.end(round_id=tried.pk, by=cast.rikke)
    dialogue.mark_read(mine, cast.anna, 1)
    assert not DialogueRead.objects.exists()
