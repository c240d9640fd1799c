"""The life of a round, edge by edge: who may, from which state, when, and what is told of it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from municipalities.models import PopulationCount, Role
from survey.models import Reminder, RoundEvent, Submission, SurveyRound
from survey.rounds import lifecycle
from survey.transitions import Refused, approve, send_back
from tests.builders import POPULATION_DATE, build_adjustment, build_initiative, build_user, hand_in

State, Kind = SurveyRound.State, RoundEvent.Kind
STEPS = {  # each with what it leads to from the only states that it starts in
    "open_round": {"draft": "open", "trial": "open"},
    "change_dates": {"open": "open"},
    "close": {"open": "closed"},
    "ask_to_lock": {"closed": "closed"},
    "archive": {"locked": "archived"},
    "reopen": {"closed": "open", "locked": "closed", "archived": "locked"},
}
KINDS = {
    "open_round": Kind.OPENED,
    "change_dates": Kind.DATES_CHANGED,
    "close": Kind.CLOSED,
    "ask_to_lock": Kind.LOCK_ASKED,
    "archive": Kind.ARCHIVED,
    "reopen": Kind.REOPENED,
}


@pytest.fixture
def draft(cast):
    now = timezone.now()
    return SurveyRound.objects.create(
        accounts_year=2026,
        price_level=2026,
        population_date=POPULATION_DATE,
        opens_at=now + timedelta(days=1),
        deadline=now + timedelta(days=20),
        edit_until=now + timedelta(days=30),
    )


def in_state(survey_round, state):
    """As it is, but in that state, and past all its dates where that matters."""
    SurveyRound.objects.filter(pk=survey_round.pk).update(state=state)


def past(survey_round):
    now = timezone.now()
    dates = {
        "opens_at": now - timedelta(days=9),
        "deadline": now - timedelta(days=2),
        "edit_until": now - timedelta(days=1),
    }
    SurveyRound.objects.filter(pk=survey_round.pk).update(**dates)


def take(name, survey_round, by):
    arguments = {}
    if name in ("change_dates", "reopen"):
        arguments["reason"] = "Aftalt."
    if name == "change_dates":
        arguments["edit_until"] = timezone.now() + timedelta(days=40)
    return getattr(lifecycle, name)(round_id=survey_round.pk, by=by, **arguments)


def last_event(survey_round):
    return survey_round.events.select_related("by").order_by("-pk").first()


@pytest.mark.parametrize("state", State.values)
@pytest.mark.parametrize("name", STEPS)
def test_a_step_leads_where_it_should_and_from_no_other_state(draft, cast, name, state):
    in_state(draft, state)
    if name == "close":
        past(draft)
    if state in STEPS[name]:
        assert take(name, draft, cast.rikke).state == STEPS[name][state]
        event = last_event(draft)
        assert (event.kind, event.state, event.by) == (KINDS[name], STEPS[name][state], cast.rikke)
    else:
        with pytest.raises(Refused):
            take(name, draft, cast.rikke)
        draft.refresh_from_db()
        assert (draft.state, draft.events.count()) == (state, 0)


@pytest.mark.parametrize("person", ["anna", "carl", "lis", "bo", "mette", "admin"])
@pytest.mark.parametrize("name", STEPS)
def test_the_steps_are_the_round_managers(draft, cast, name, person):
    in_state(draft, next(iter(STEPS[name])))
    with pytest.raises(PermissionDenied):
        take(name, draft, getattr(cast, person))
    assert not RoundEvent.objects.exists()


def test_an_event_holds_the_dates_from_then_on_the_reason_and_the_moment(survey_round, cast):
    until = timezone.now() + timedelta(days=60)
    before = timezone.now()
    lifecycle.change_dates(round_id=survey_round.pk, by=cast.rikke, reason="Storm.", edit_until=until)
    event = last_event(survey_round)
    assert (event.edit_until, event.deadline, event.reason) == (until, survey_round.deadline, "Storm.")
    assert before <= event.at <= timezone.now()


def test_opening_gives_every_municipality_of_the_day_its_submission(draft, cast):
    lifecycle.open_round(round_id=draft.pk, by=cast.rikke)
    names = list(draft.submissions.values_list("municipality__name", flat=True))
    assert sorted(names) == ["Aarhus", "Langeland", "Lemvig", "Odense"]


def test_opening_twice_is_refused(draft, cast):
    lifecycle.open_round(round_id=draft.pk, by=cast.rikke)
    with pytest.raises(Refused, match="allerede åbnet"):
        lifecycle.open_round(round_id=draft.pk, by=cast.rikke)
    assert draft.submissions.count() == 4


def test_a_round_without_a_population_is_not_opened(draft, cast):
    PopulationCount.objects.filter(municipality__code="665").delete()
    with pytest.raises(Refused, match=r"01.01.2026 mangler for Lemvig"):
        lifecycle.open_round(round_id=draft.pk, by=cast.rikke)
    draft.refresh_from_db()
    assert draft.state == State.DRAFT
    assert not draft.submissions.exists()


def test_a_round_whose_deadline_has_passed_is_not_opened(draft, cast):
    past(draft)
    with pytest.raises(Refused, match="allerede passeret"):
        lifecycle.open_round(round_id=draft.pk, by=cast.rikke)


@pytest.mark.parametrize("state", ["open", "closed", "locked", "archived"])
@pytest.mark.parametrize(
    "change",
    [
        "accounts_year = 2024",
        "price_level = 2030",
        "population_date = '2020-01-01'",
        "questionnaire_version = 1",
    ],
)
def test_what_an_opened_round_rests_on_is_frozen_in_the_database(survey_round, state, change):
    in_state(survey_round, state)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE survey_surveyround SET {change}")


@pytest.mark.parametrize("back", ["draft", "trial"])
@pytest.mark.parametrize("state", ["open", "closed", "locked", "archived"])
def test_an_opened_round_stays_opened_in_the_database(survey_round, state, back):
    in_state(survey_round, state)
    with pytest.raises(IntegrityError, match="ikke kladde"), transaction.atomic():
        in_state(survey_round, back)


def test_new_dates_lie_in_the_future(survey_round, cast):
    with pytest.raises(Refused, match="i fremtiden"):
        lifecycle.change_dates(
            round_id=survey_round.pk,
            by=cast.rikke,
            reason="x",
            deadline=timezone.now() - timedelta(seconds=1),
        )


def test_new_dates_are_in_order(survey_round, cast):
    early = timezone.now() + timedelta(days=1)
    with pytest.raises(Refused, match="rækkefølge"):
        lifecycle.change_dates(round_id=survey_round.pk, by=cast.rikke, reason="x", edit_until=early)
    assert last_event(survey_round).kind == Kind.OPENED


def test_the_same_dates_are_no_change(survey_round, cast):
    with pytest.raises(Refused, match="de samme"):
        lifecycle.change_dates(
            round_id=survey_round.pk, by=cast.rikke, reason="x", deadline=survey_round.deadline
        )


def test_the_opening_is_moved_only_before_it(survey_round, cast):
    later = timezone.now() + timedelta(days=2)
    with pytest.raises(Refused, match="begyndt"):
        lifecycle.change_dates(round_id=survey_round.pk, by=cast.rikke, reason="x", opens_at=later)
    SurveyRound.objects.update(opens_at=timezone.now() + timedelta(days=1))
    lifecycle.change_dates(round_id=survey_round.pk, by=cast.rikke, reason="x", opens_at=later)
    survey_round.refresh_from_db()
    assert survey_round.opens_at == later


def test_an_act_without_a_reason_is_refused_and_leaves_nothing(survey_round, cast):
    in_state(survey_round, State.CLOSED)
    with pytest.raises(Refused, match="Skriv en begrundelse"):
        lifecycle.reopen(round_id=survey_round.pk, by=cast.rikke, reason=" ")
    survey_round.refresh_from_db()
    assert survey_round.state == State.CLOSED


@pytest.mark.parametrize("kind", ["reopened", "dates_changed"])
def test_an_event_that_needs_a_reason_has_one(survey_round, kind):
    dates = {"opens_at": timezone.now(), "deadline": timezone.now(), "edit_until": timezone.now()}
    with pytest.raises(IntegrityError, match="have_a_reason"), transaction.atomic():
        survey_round.events.create(kind=kind, at=timezone.now(), reason=" ", state="open", **dates)


def test_closing_waits_for_those_who_have_time_in_danish_time(survey_round, cast):
    SurveyRound.objects.update(edit_until=datetime(2099, 10, 25, 11, tzinfo=UTC))
    with pytest.raises(Refused, match=r"har tid til 25. oktober 2099 kl. 12.00"):
        lifecycle.close(round_id=survey_round.pk, by=cast.rikke)


def test_closing_waits_for_one_municipality_with_more_time(survey_round, cast, odense):
    past(survey_round)
    until = timezone.now() + timedelta(days=3)
    Submission.objects.filter(pk=odense.pk).update(extended_until=until)
    with pytest.raises(Refused, match="har tid til"):
        lifecycle.close(round_id=survey_round.pk, by=cast.rikke)
    Submission.objects.filter(pk=odense.pk).update(extended_until=timezone.now())
    lifecycle.close(round_id=survey_round.pk, by=cast.rikke)


def test_closing_does_not_wait_for_those_who_have_handed_in(survey_round, cast):
    survey_round.submissions.update(state=Submission.State.RETURNED, return_due_at=timezone.now())
    assert lifecycle.close(round_id=survey_round.pk, by=cast.rikke).state == State.CLOSED


def test_closing_stops_the_reminders_that_wait(survey_round, cast):
    past(survey_round)
    common = {
        "round": survey_round,
        "targets": ["begun"],
        "subject": "x",
        "text": "x",
        "created_by": cast.rikke,
    }
    later = timezone.now() + timedelta(days=1)
    sent = Reminder.objects.create(number=1, send_at=later, sent_at=timezone.now(), **common)
    waiting = Reminder.objects.create(number=2, send_at=later + timedelta(days=1), **common)
    lifecycle.close(round_id=survey_round.pk, by=cast.rikke)
    sent.refresh_from_db()
    waiting.refresh_from_db()
    assert (sent.stopped_at, waiting.stopped_by) == (None, cast.rikke)


@pytest.fixture
def closed(survey_round):
    in_state(survey_round, State.CLOSED)
    return survey_round


def test_two_people_lock(closed, cast):
    lifecycle.ask_to_lock(round_id=closed.pk, by=cast.rikke)
    with pytest.raises(Refused, match="En anden skal bekræfte"):
        lifecycle.ask_to_lock(round_id=closed.pk, by=cast.rikke)
    with pytest.raises(Refused, match="Du har selv foreslået"):
        lifecycle.lock(round_id=closed.pk, by=cast.rikke)
    assert lifecycle.lock(round_id=closed.pk, by=cast.mette).state == State.LOCKED
    assert [event.kind for event in closed.events.all()][-2:] == [Kind.LOCK_ASKED, Kind.LOCKED]


def test_another_round_manager_may_confirm_but_nobody_else(closed, cast):
    lifecycle.ask_to_lock(round_id=closed.pk, by=cast.rikke)
    for person in (cast.admin, cast.carl):
        with pytest.raises(PermissionDenied):
            lifecycle.lock(round_id=closed.pk, by=person)
    assert lifecycle.lock(round_id=closed.pk, by=build_user("Rune", Role.ROUND_MANAGER)).is_final


def test_locking_needs_a_proposal_and_a_reopening_ends_one(closed, cast):
    with pytest.raises(Refused, match="først foreslås"):
        lifecycle.lock(round_id=closed.pk, by=cast.mette)
    lifecycle.ask_to_lock(round_id=closed.pk, by=cast.rikke)
    lifecycle.reopen(round_id=closed.pk, by=cast.rikke, reason="En kommune mangler.")
    past(closed)
    lifecycle.close(round_id=closed.pk, by=cast.rikke)
    with pytest.raises(Refused, match="først foreslås"):
        lifecycle.lock(round_id=closed.pk, by=cast.mette)


def test_an_answer_that_moves_after_the_proposal_ends_it(odense, cast):
    build_initiative(odense, cast.anna)
    hand_in(odense, cast.carl)
    approve(submission_id=odense.pk, by=cast.mette, version_seen=1)
    in_state(odense.round, State.CLOSED)
    lifecycle.ask_to_lock(round_id=odense.round_id, by=cast.rikke)
    due = timezone.now() + timedelta(days=7)
    send_back(submission_id=odense.pk, by=cast.rikke, version_seen=1, comment="x", due_at=due)
    hand_in(odense, cast.carl)
    approve(submission_id=odense.pk, by=cast.mette, version_seen=2)
    with pytest.raises(Refused, match="først foreslås"):
        lifecycle.lock(round_id=odense.round_id, by=cast.mette)
    lifecycle.ask_to_lock(round_id=odense.round_id, by=cast.rikke)
    assert lifecycle.lock(round_id=odense.round_id, by=cast.mette).is_final


def test_an_adjustment_after_the_proposal_ends_it(odense, cast):
    build_initiative(odense, cast.anna)
    version = hand_in(odense, cast.carl)
    approve(submission_id=odense.pk, by=cast.mette, version_seen=1)
    in_state(odense.round, State.CLOSED)
    lifecycle.ask_to_lock(round_id=odense.round_id, by=cast.rikke)
    assert lifecycle.lock_asked_by(odense.round)
    build_adjustment(version.initiatives.get(), cast.mette)
    assert lifecycle.lock_asked_by(odense.round) is None


@pytest.mark.parametrize(
    ("count", "said"), [(1, "1 besvarelse er ikke"), (3, "3 besvarelser er ikke færdigbehandlet")]
)
@pytest.mark.parametrize("state", ["submitted", "returned"])
def test_what_is_not_approved_keeps_a_round_from_being_locked(closed, cast, state, count, said):
    lifecycle.ask_to_lock(round_id=closed.pk, by=cast.rikke)
    due = timezone.now() if state == "returned" else None
    chosen = closed.submissions.values_list("pk", flat=True)[:count]
    Submission.objects.filter(pk__in=list(chosen)).update(state=state, return_due_at=due)
    with pytest.raises(Refused, match=said):
        lifecycle.lock(round_id=closed.pk, by=cast.mette)
    assert lifecycle.lock_asked_by(closed)


def test_in_a_locked_round_nothing_is_sent_back(odense, cast):
    build_initiative(odense, cast.anna)
    hand_in(odense, cast.carl)
    in_state(odense.round, State.LOCKED)
    due = timezone.now() + timedelta(days=7)
    with pytest.raises(Refused, match="låst"):
        send_back(submission_id=odense.pk, by=cast.rikke, version_seen=1, comment="x", due_at=due)


def test_what_happened_is_never_changed(survey_round):
    for change in ("UPDATE survey_roundevent SET reason = 'x'", "DELETE FROM survey_roundevent"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)
    assert survey_round.population_date == date(2026, 1, 1)
