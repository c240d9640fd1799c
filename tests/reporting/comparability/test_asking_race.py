"""Two reviewers ask about the same pair at once: one question, and a twin without the lock."""

import time

import pytest

from reporting.comparability import asking
from survey import dialogue
from survey.models import Message
from tests.builders import build_initiative, build_round, hand_in
from tests.conftest import build_cast
from tests.survey.test_races import at_once, unlocked

pytestmark = pytest.mark.django_db(transaction=True)


def ask_at_once(monkeypatch):
    """How many messages come of it; each writer waits a little between looking and writing."""
    cast = build_cast()
    submissions = build_round().submissions.select_related("round", "municipality")
    odense = submissions.get(municipality__code="461")
    uuid = build_initiative(odense, cast.carl).uuid
    hand_in(odense, cast.carl)
    told = asking.question

    def slowly(*args):
        time.sleep(0.2)
        return told(*args)

    monkeypatch.setattr(asking, "question", slowly)
    pair = {"uuid": uuid, "field": "service_area", "other": "social", "seen": 0}
    reviewers = (cast.mette, cast.rikke)
    found = at_once(lambda i: asking.ask(submission_id=odense.pk, by=reviewers[i], **pair), 2)
    assert all(isinstance(one, Message) for one in found), found
    return Message.objects.count()


def test_two_reviewers_at_once_ask_once(monkeypatch):
    assert ask_at_once(monkeypatch) == 1


def test_without_the_lock_both_ask(monkeypatch):
    monkeypatch.setattr(asking, "locked", unlocked)
    monkeypatch.setattr(dialogue, "locked", unlocked)
    assert ask_at_once(monkeypatch) == 2
