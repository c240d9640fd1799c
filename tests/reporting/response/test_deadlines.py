"""A new deadline for all changes who was late; wherever that is shown, it is said."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from reporting.response.days import day_figure
from reporting.response.deadlines import deadline_changes
from reporting.response.standings import standings_of
from survey.deadlines import last_day
from survey.models import Submission, SurveyRound
from survey.rounds.lifecycle import change_dates
from tests.builders import hand_in

YEAR = 2025
SAID = "For sent er her efter den nye frist."


@pytest.fixture
def postponed(survey_round, odense, cast):
    hand_in(odense, cast.carl)
    later = survey_round.deadline + timedelta(days=5)
    return change_dates(round_id=survey_round.pk, by=cast.rikke, reason="Sygdom", deadline=later)


def test_a_new_deadline_is_told_wherever_late_is_shown(postponed, mette, text_of):
    told = deadline_changes([postponed])[postponed.pk]
    assert told.startswith("Fristen blev ændret") and told.endswith(SAID)
    assert told in text_of(mette, "reporting:overview", YEAR)
    assert told in text_of(mette, "reporting:submission", YEAR, "461")
    assert told in text_of(mette, "response:municipality", "461")
    assert text_of(mette, "response:response", YEAR).count(told) == 2, "the page and the figure's basis"


def test_other_dates_and_an_unchanged_round_are_not_told(survey_round, odense, cast, mette, text_of):
    later = survey_round.edit_until + timedelta(days=5)
    change_dates(round_id=survey_round.pk, by=cast.rikke, reason="Sygdom", edit_until=later)
    assert deadline_changes([survey_round]) == {}
    assert SAID not in text_of(mette, "response:response", YEAR)


def test_an_extension_that_the_round_has_passed_is_none(survey_round, odense, cast, client_of):
    Submission.objects.filter(pk=odense.pk).update(extended_until=survey_round.deadline)
    assert not any(one.is_extended for one in standings_of(survey_round, cast.mette, timezone.now()))
    page = client_of(cast.mette).get(reverse("chase:chase", args=[YEAR])).content.decode()
    assert "egen frist" not in page


def test_answers_long_before_a_moved_deadline_are_counted_on_the_first_day(survey_round, odense, cast):
    hand_in(odense, cast.carl)
    now = timezone.now()
    for ahead, first in ((110, -120), (300, -300)):
        moved = {"deadline": now + timedelta(days=ahead), "edit_until": now + timedelta(days=400)}
        moved["opens_at"] = now - timedelta(days=40)
        SurveyRound.objects.update(**moved)
        survey_round.refresh_from_db()
        found = standings_of(survey_round, cast.mette, now)
        rows = day_figure(survey_round, found, cast.mette, now).rows
        assert (rows[0][1], rows[-1][3]) == (first, 1)
        assert len(rows) <= 121


def test_that_early_answers_were_gathered_is_said(survey_round, odense, cast):
    hand_in(odense, cast.carl)
    now = timezone.now() + timedelta(days=200)
    deadline = {"deadline": now, "edit_until": now}
    SurveyRound.objects.update(**deadline)
    survey_round.refresh_from_db()
    figure = day_figure(survey_round, standings_of(survey_round, cast.mette, now), cast.mette, now)
    assert "Svar fra mere end 120 dage før svarfristen" in figure.basis
    assert figure.rows[0][1:4] == (-120, 1, 1)


def test_the_last_day_of_a_deadline_at_midnight_is_the_day_before():
    midnight = datetime(2026, 7, 31, 22, tzinfo=UTC)  # 00.00 on 1 August, Danish summer time
    assert last_day(midnight) == date(2026, 7, 31)
    assert last_day(midnight + timedelta(seconds=1)) == date(2026, 8, 1)


def test_the_days_of_a_deadline_at_midnight_are_counted_from_the_day_before(survey_round, cast, mette):
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    deadline = today + timedelta(days=10)
    SurveyRound.objects.update(deadline=deadline, edit_until=deadline)
    survey_round.refresh_from_db()
    now = timezone.now()
    figure = day_figure(survey_round, standings_of(survey_round, cast.mette, now), cast.mette, now)
    assert figure.rows[-1][1] == -9
    assert mette.get(reverse("reporting:overview", args=[YEAR])).context["days_left"] == 9
