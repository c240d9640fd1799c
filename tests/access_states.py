"""Odense's round in each of its states, for tests/test_access_by_state.py."""

from datetime import timedelta

from django.utils import timezone

from survey import transitions
from survey.models import Submission, SurveyRound
from survey.rounds import lifecycle, trial
from tests.builders import POPULATION_DATE, build_initiative
from tests.survey.test_reminders import planned


def draft(world):
    """A round that is planned; nobody has been asked."""
    now = timezone.now()
    survey_round = SurveyRound.objects.create(
        accounts_year=2026,
        price_level=2026,
        population_date=POPULATION_DATE,
        opens_at=now + timedelta(days=1),
        deadline=now + timedelta(days=20),
        edit_until=now + timedelta(days=30),
    )
    reminder = planned(survey_round, world.cast.rikke, send_at=survey_round.deadline)
    world.kwargs |= {"year": 2026, "receipt_number": "2026-461-1", "reminder_id": reminder.pk}
    return survey_round


def in_trial(world):
    """Odense alone takes part."""
    survey_round = draft(world)
    trial.start(round_id=survey_round.pk, by=world.cast.rikke, codes=["461"])
    enter(world, survey_round)


def entering(world):
    """Opened; Odense has begun."""
    survey_round = draft(world)
    SurveyRound.objects.filter(pk=survey_round.pk).update(opens_at=timezone.now())
    lifecycle.open_round(round_id=survey_round.pk, by=world.cast.rikke)
    enter(world, survey_round)


def enter(world, survey_round):
    submission = survey_round.submissions.get(municipality__code="461")
    world.kwargs["uuid"] = build_initiative(submission, world.cast.anna).uuid


def returned(world):
    transitions.send_back(
        submission_id=world.odense.pk,
        by=world.cast.mette,
        version_seen=1,
        comment="Se på beløbene.",
        due_at=timezone.now() + timedelta(days=7),
    )


def approved(world):
    transitions.approve(submission_id=world.odense.pk, by=world.cast.mette, version_seen=1)


def closed(world):
    """After all dates; what was handed in still waits for the ministry."""
    past = timezone.now() - timedelta(days=40)
    dates = {"deadline": past + timedelta(days=1), "edit_until": past + timedelta(days=2)}
    SurveyRound.objects.filter(pk=world.odense.round_id).update(opens_at=past, **dates)
    lifecycle.close(round_id=world.odense.round_id, by=world.cast.rikke)


def locked(world):
    for submission in Submission.objects.filter(state="submitted"):
        transitions.approve(submission_id=submission.pk, by=world.cast.mette, version_seen=1)
    closed(world)
    lifecycle.ask_to_lock(round_id=world.odense.round_id, by=world.cast.rikke)
    lifecycle.lock(round_id=world.odense.round_id, by=world.cast.mette)


def archived(world):
    locked(world)
    lifecycle.archive(round_id=world.odense.round_id, by=world.cast.rikke)
