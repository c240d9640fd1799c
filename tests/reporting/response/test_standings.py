"""Where municipalities stand: the state of each, its answer, and whether that was in time."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from municipalities.models import Municipality, PopulationCount, PopulationImport
from reporting.response.standings import days_of, regional_counts, standings_of
from survey import transitions
from survey.models import Submission, SubmissionArea, SubmissionVersion, SurveyRound
from survey.rounds.extensions import extend
from tests.builders import build_initiative, hand_in


@pytest.fixture
def stands(survey_round, cast):
    """{name: standing} as the reviewer sees it now."""

    def make():
        now = timezone.now()
        survey_round.refresh_from_db()
        return {one.name: one for one in standings_of(survey_round, cast.mette, now)}

    return make


def put_deadline(survey_round, moment):
    """The deadline is moved instead of the clock."""
    SurveyRound.objects.filter(pk=survey_round.pk).update(deadline=moment)


def test_whether_anything_is_entered_is_all_that_is_told_of_a_draft(stands, odense, aarhus, cast):
    build_initiative(odense, cast.anna)
    SubmissionArea.objects.create(submission=aarhus, service_area="social", assignee=cast.bo)
    found = stands()
    assert [found[name].state for name in ("Odense", "Aarhus", "Lemvig")] == ["begun", "begun", "not_begun"]
    assert not any(one.responded for one in found.values())


def test_a_nil_return_is_an_answer(stands, odense, cast):
    hand_in(odense, cast.carl)
    mine = stands()["Odense"]
    assert (mine.state, mine.responded, mine.is_nil, mine.version) == ("submitted", True, True, 1)


def test_a_withdrawn_answer_is_none(stands, odense, cast):
    build_initiative(odense, cast.carl)
    hand_in(odense, cast.carl)
    transitions.withdraw(submission_id=odense.pk, by=cast.carl)
    mine = stands()["Odense"]
    assert (mine.state, mine.responded, mine.first_at) == ("begun", False, None)


def test_what_is_sent_back_counts_until_the_next_version_and_keeps_its_first_time(stands, odense, cast):
    build_initiative(odense, cast.carl)
    first = hand_in(odense, cast.carl)
    due = {"comment": "Se igen", "due_at": timezone.now() + timedelta(days=3)}
    transitions.send_back(submission_id=odense.pk, by=cast.mette, version_seen=1, **due)
    returned = stands()["Odense"]
    assert (returned.state, returned.responded, returned.version) == ("returned", True, 1)
    build_initiative(odense, cast.carl, title="Netværk")
    second = hand_in(odense, cast.carl)
    again = stands()["Odense"]
    assert (again.version, again.initiatives) == (2, 2)
    assert (again.first_at, again.counted_at) == (first.submitted_at, second.submitted_at)


def test_the_first_answer_is_held_against_the_municipalitys_own_deadline(
    stands, survey_round, odense, aarhus, cast
):
    extend(submission_id=aarhus.pk, by=cast.rikke, until=timezone.now() + timedelta(days=25), reason="Sygdom")
    hand_in(odense, cast.carl)
    hand_in(aarhus, cast.bo)
    assert not stands()["Odense"].is_late
    put_deadline(survey_round, SubmissionVersion.objects.get(submission=odense).submitted_at)
    found = stands()
    assert found["Odense"].is_late, "the deadline itself is too late"
    assert not found["Aarhus"].is_late and found["Aarhus"].is_extended
    assert found["Aarhus"].deadline > found["Odense"].deadline


def test_an_answer_after_a_return_is_not_late_when_the_first_was_in_time(stands, survey_round, odense, cast):
    first = hand_in(odense, cast.carl)
    due = {"comment": "Se igen", "due_at": timezone.now() + timedelta(days=3)}
    transitions.send_back(submission_id=odense.pk, by=cast.mette, version_seen=1, **due)
    put_deadline(survey_round, first.submitted_at + timedelta(microseconds=1))
    hand_in(odense, cast.carl)
    assert not stands()["Odense"].is_late and stands()["Odense"].version == 2


def test_one_that_was_withdrawn_in_time_and_handed_in_after_is_late(stands, survey_round, odense, cast):
    first = hand_in(odense, cast.carl)
    transitions.withdraw(submission_id=odense.pk, by=cast.carl)
    put_deadline(survey_round, first.submitted_at + timedelta(microseconds=1))
    hand_in(odense, cast.carl)
    assert stands()["Odense"].is_late


def test_the_region_is_the_one_that_the_round_was_opened_with(survey_round, odense, cast):
    aarhus = Municipality.objects.get(name="Aarhus")
    Municipality.objects.filter(name="Odense").update(region=aarhus.region)
    found = {one.name: one.region for one in standings_of(survey_round, cast.mette, timezone.now())}
    assert found["Odense"] == "1083" != aarhus.region.code


def test_the_counts_are_of_what_stands(survey_round, odense, cast):
    hand_in(odense, cast.carl)
    day = survey_round.population_date
    imported = PopulationImport.objects.create(
        table="FOLK1A", date=day, published_total=631_000, source="ny", fetched_on=day, file_name="x.csv",
        sha256="0" * 64, recorded_by=cast.rikke,
    )  # fmt: skip
    newer = {"inhabitants": 220_000, "source": "ny", "population_import": imported}
    PopulationCount.objects.create(municipality=odense.municipality, date=day, **newer)
    found = standings_of(survey_round, cast.mette, timezone.now())
    *_, country = regional_counts(found)
    assert (country.answered, country.inhabitants_answered, country.inhabitants) == (1, 220_000, 631_000)


def test_a_municipality_sees_its_own_alone(survey_round, cast):
    assert [one.name for one in standings_of(survey_round, cast.bo, timezone.now())] == ["Aarhus"]


def test_the_days_end_today_and_begin_when_the_round_opens(survey_round, odense, cast):
    hand_in(odense, cast.carl)
    now = timezone.now()
    found = days_of(survey_round, standings_of(survey_round, cast.mette, now), now)
    today = timezone.localdate(now)
    assert (found[0].day, found[-1].day, found[-1].total) == (today - timedelta(days=10), today, 1)
    assert found[-1].percent == 25 and found[-1].to_deadline == -20
    much_later = now + timedelta(days=365)
    after = days_of(survey_round, standings_of(survey_round, cast.mette, now), much_later)
    assert after[-1].day == timezone.localdate(survey_round.edit_until)
    assert days_of(survey_round, [], survey_round.opens_at - timedelta(days=2)) == []


def test_whoever_answers_just_before_midnight_answered_on_the_danish_day(survey_round, cast):
    from dataclasses import replace
    from datetime import UTC, datetime

    one = standings_of(survey_round, cast.mette, timezone.now())[0]
    late_evening = datetime(2026, 7, 31, 22, 30, tzinfo=UTC)  # 00.30 on 1 August, Danish summer time
    answered = replace(one, version=1, first_at=late_evening)
    survey_round.deadline = late_evening + timedelta(days=100)  # no more than 120 days are shown
    found = days_of(survey_round, [answered], timezone.now())
    assert [day.day for day in found if day.new] == [date(2026, 8, 1)]


def test_two_queries_whatever_was_handed_in(survey_round, odense, aarhus, cast, django_assert_num_queries):
    assert cast.mette.is_ministry  # the roles are read once a request
    with django_assert_num_queries(2):
        standings_of(survey_round, cast.mette, timezone.now())
    for number in range(5):
        build_initiative(odense, cast.carl, title=f"Indsats {number}")
    hand_in(odense, cast.carl)
    hand_in(aarhus, cast.bo)
    with django_assert_num_queries(2):
        standings_of(survey_round, cast.mette, timezone.now())


def test_a_state_of_every_submission_has_a_name(survey_round, cast):
    from reporting.response.counts import STATES
    from reporting.response.standings import STATE_NAMES
    from reporting.tile_map import LOOKS

    assert set(STATES) == set(STATE_NAMES) == set(LOOKS)
    assert set(Submission.State.values) - {"draft"} <= set(STATES)
