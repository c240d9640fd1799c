"""A plan before its round is opened: a new one, a copy, the phases, and a draft that is given up."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from municipalities.models import Municipality, PopulationCount
from survey.models import ChaseNote, GuidanceText, Reminder, RoundEvent, RoundPhase, SurveyRound
from survey.rounds import lifecycle, plans
from survey.transitions import Refused
from tests.builders import POPULATION_DATE, build_round

DENMARK = ZoneInfo("Europe/Copenhagen")


def local(*parts):
    return datetime(*parts, tzinfo=DENMARK)


def unsaved(**fields):
    return SurveyRound(
        **{
            "accounts_year": 2026,
            "price_level": 2027,
            "population_date": date(2027, 1, 1),
            "opens_at": local(2027, 10, 4, 8),
            "deadline": local(2027, 10, 29, 12),
            "edit_until": local(2027, 11, 19, 12),
        }
        | fields
    )


@pytest.fixture
def source(cast):
    """Held in the autumn of 2026, with two phases, a guidance, an invitation and three reminders."""
    survey_round = unsaved(
        accounts_year=2025,
        price_level=2026,
        population_date=POPULATION_DATE,
        opens_at=local(2026, 10, 5, 8),
        deadline=local(2026, 10, 30, 12),
        edit_until=local(2026, 11, 20, 12),
        invitation_subject="Kom med",
        invitation_text="Kære kommune",
    )
    survey_round.save()
    plans.save_phases(
        round_id=survey_round.pk,
        by=cast.rikke,
        phases={
            "workshop": (date(2026, 9, 28), date(2026, 10, 2), "Ministeriet"),
            "answers": (date(2026, 10, 5), date(2026, 10, 30), "Kommunerne"),
        },
    )
    GuidanceText.objects.create(round=survey_round, field="title", text="Skriv titlen.")
    for number, day in enumerate(
        (local(2026, 9, 1, 9), local(2026, 10, 19, 9), local(2026, 10, 26, 9)), start=1
    ):
        Reminder.objects.create(
            round=survey_round,
            number=number,
            send_at=day,
            targets=["begun"],
            subject=f"Husk {number}",
            text="Nu",
            created_by=cast.mette,
        )
    return survey_round


@pytest.fixture
def copy(source, cast, monkeypatch):
    """Of `source`, a year later, made in the summer of 2027."""
    monkeypatch.setattr(plans, "database_now", lambda: local(2027, 6, 1, 9))
    new = unsaved(**plans.suggestion(source))
    new.left_out = plans.create(survey_round=new, by=cast.rikke, source=source)
    return new


def test_a_copy_is_of_the_next_year_on_the_same_weekdays_and_clock_times(copy):
    assert (copy.accounts_year, copy.price_level, copy.population_date) == (2026, 2027, date(2027, 1, 1))
    assert copy.opens_at == local(2027, 10, 4, 8)
    assert copy.deadline == local(2027, 10, 29, 12)
    assert copy.edit_until == local(2027, 11, 19, 12)
    assert copy.state == SurveyRound.State.DRAFT


def test_a_copy_follows_the_newest_round_and_is_moved_as_many_years(source):
    build_round(accounts_year=2030, price_level=2030)
    fields = plans.suggestion(source)
    assert (fields["accounts_year"], fields["price_level"]) == (2031, 2032)
    assert fields["opens_at"].astimezone(DENMARK) == local(2032, 10, 4, 8)


def test_phases_guidance_and_invitation_are_copied(copy):
    assert list(copy.phases.values_list("kind", "starts_on", "ends_on", "responsible")) == [
        ("workshop", date(2027, 9, 27), date(2027, 10, 1), "Ministeriet"),
        ("answers", date(2027, 10, 4), date(2027, 10, 29), "Kommunerne"),
    ]
    assert list(copy.guidance.values_list("field", "text")) == [("title", "Skriv titlen.")]
    copy.refresh_from_db()
    assert (copy.invitation_subject, copy.invitation_text) == ("Kom med", "Kære kommune")


def test_reminders_are_copied_but_for_those_before_the_opening(copy, cast):
    rows = copy.reminders.values_list("number", "send_at", "targets", "subject", "text", "created_by")
    assert list(rows) == [
        (1, local(2027, 10, 18, 9).astimezone(UTC), ["begun"], "Husk 2", "Nu", cast.rikke.pk),
        (2, local(2027, 10, 25, 9).astimezone(UTC), ["begun"], "Husk 3", "Nu", cast.rikke.pk),
    ]
    assert copy.left_out == 1


def test_a_reminder_that_would_be_in_the_past_is_not_copied(source, cast, monkeypatch):
    monkeypatch.setattr(plans, "database_now", lambda: local(2027, 10, 20, 9))
    new = unsaved(**plans.suggestion(source))
    assert plans.create(survey_round=new, by=cast.rikke, source=source) == 2
    assert [one.subject for one in new.reminders.all()] == ["Husk 3"]


def test_phases_and_reminders_follow_the_opening_that_was_chosen(source, cast):
    new = unsaved(
        opens_at=local(2099, 10, 13, 8), deadline=local(2099, 11, 1, 12), edit_until=local(2099, 12, 1)
    )
    plans.create(survey_round=new, by=cast.rikke, source=source)
    assert new.phases.get(kind="answers").starts_on == date(2099, 10, 12)  # a Monday, as it was
    assert new.reminders.get(subject="Husk 2").send_at == local(2099, 10, 26, 9)


def test_an_earlier_round_is_not_changed_by_its_copy(copy, source):
    assert (source.reminders.count(), source.phases.count(), source.guidance.count()) == (3, 2, 1)


def test_a_new_round_is_made_up_when_its_source_or_its_maker_is(source, cast):
    SurveyRound.objects.update(is_demo=True)
    source.refresh_from_db()
    new = unsaved()
    plans.create(survey_round=new, by=cast.rikke, source=source)
    assert new.is_demo
    cast.rikke.is_demo = True
    own = unsaved(accounts_year=2027)
    plans.create(survey_round=own, by=cast.rikke)
    assert own.is_demo


def test_the_same_year_twice_is_refused_in_words(source, cast):
    with pytest.raises(Refused, match="allerede en kortlægning"):
        plans.create(survey_round=unsaved(accounts_year=2025), by=cast.rikke)
    assert SurveyRound.objects.count() == 1


def test_a_year_that_was_taken_while_a_draft_was_judged_is_refused_in_words(source, cast, monkeypatch):
    build_round(accounts_year=2030, price_level=2030)
    monkeypatch.setattr(SurveyRound, "full_clean", lambda self: None)
    with pytest.raises(Refused, match="allerede en kortlægning"):
        plans.edit(round_id=source.pk, by=cast.rikke, fields={"accounts_year": 2030, "price_level": 2030})


@pytest.mark.parametrize("person", ["mette", "admin", "carl"])
def test_only_a_round_manager_plans(source, cast, person):
    by = getattr(cast, person)
    calls = (
        lambda: plans.create(survey_round=unsaved(), by=by),
        lambda: plans.edit(round_id=source.pk, by=by, fields={}),
        lambda: plans.save_phases(round_id=source.pk, by=by, phases={}),
        lambda: plans.delete_draft(round_id=source.pk, by=by),
    )
    for call in calls:
        with pytest.raises(PermissionDenied):
            call()
    assert (SurveyRound.objects.count(), source.phases.count()) == (1, 2)


def test_a_draft_is_edited_and_an_opened_round_is_not(source, cast):
    plans.edit(round_id=source.pk, by=cast.rikke, fields={"price_level": 2028})
    source.refresh_from_db()
    assert source.price_level == 2028
    SurveyRound.objects.filter(pk=source.pk).update(state="open")
    with pytest.raises(Refused, match="ligger fast"):
        plans.edit(round_id=source.pk, by=cast.rikke, fields={"price_level": 2029})


def test_what_breaks_a_rule_is_refused_in_words(source, cast):
    with pytest.raises(Refused, match="rækkefølge"):
        plans.edit(round_id=source.pk, by=cast.rikke, fields={"deadline": local(2026, 1, 1)})


def test_phases_are_saved_as_a_whole_and_may_overlap(source, cast):
    phases = {
        "workshop": (date(2026, 9, 1), date(2026, 10, 30), "Konsulenten"),
        "report": (date(2026, 10, 1), date(2026, 12, 1), "Ministeriet"),
    }
    plans.save_phases(round_id=source.pk, by=cast.rikke, phases=phases)
    assert {p.kind: (p.starts_on, p.ends_on, p.responsible) for p in source.phases.all()} == phases


@pytest.mark.parametrize("state", ["locked", "archived"])
def test_the_phases_of_a_locked_round_are_fixed(source, cast, state):
    SurveyRound.objects.update(state=state)
    with pytest.raises(Refused, match="låst"):
        plans.save_phases(round_id=source.pk, by=cast.rikke, phases={})
    assert source.phases.count() == 2


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"kind": "workshop"}, "one_phase_a_kind_and_round"),
        ({"ends_on": date(2026, 1, 1)}, "a_phase_ends_after_it_starts"),
        ({"responsible": ""}, "a_phase_has_a_responsible"),
    ],
)
def test_the_database_keeps_the_rules_of_a_phase(source, fields, constraint):
    day = date(2026, 12, 1)
    row = {"kind": "report", "starts_on": day, "ends_on": day, "responsible": "Ministeriet"}
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        RoundPhase.objects.create(round=source, **row | fields)


def test_a_draft_is_deleted_with_its_plan(source, cast):
    plans.delete_draft(round_id=source.pk, by=cast.rikke)
    for model in (SurveyRound, RoundPhase, GuidanceText, Reminder):
        assert not model.objects.exists()


def test_a_draft_that_was_tried_or_written_about_stays_whole(source, cast):
    odense = Municipality.objects.get(name="Odense")
    ChaseNote.objects.create(round=source, municipality=odense, text="x", by=cast.rikke)
    with pytest.raises(Refused, match="kan ikke slettes"):
        plans.delete_draft(round_id=source.pk, by=cast.rikke)
    assert (source.reminders.count(), source.phases.count()) == (3, 2)


@pytest.mark.parametrize("state", [state for state in SurveyRound.State.values if state != "draft"])
def test_only_a_draft_is_deleted(source, cast, state):
    SurveyRound.objects.update(state=state)
    with pytest.raises(Refused, match="Kun en kladde"):
        plans.delete_draft(round_id=source.pk, by=cast.rikke)


def test_a_population_date_is_complete_when_all_of_that_day_are_counted(cast, django_assert_num_queries):
    later, odense = date(2027, 1, 1), Municipality.objects.get(name="Odense")
    for one in Municipality.objects.exclude(name="Lemvig"):
        PopulationCount.objects.create(municipality=one, date=later, inhabitants=1, source="x")
    with django_assert_num_queries(3):
        assert plans.complete_population_dates() == [POPULATION_DATE]
    Municipality.objects.filter(name="Lemvig").update(valid_until=later, successor=odense)
    assert plans.complete_population_dates() == [later, POPULATION_DATE]


def test_why_a_round_cannot_be_opened_yet_agrees_with_the_opening(source, cast):
    before = local(2026, 1, 1)
    assert plans.not_yet(source, before) == []
    assert plans.not_yet(source, source.deadline) == ["Svarfristen er passeret. Ret datoerne."]
    PopulationCount.objects.filter(municipality__name="Odense").delete()
    assert plans.not_yet(source, before) == ["Folketallet pr. 01.01.2026 er ikke indlæst for alle kommuner."]
    SurveyRound.objects.update(deadline=local(2099, 1, 1), edit_until=local(2099, 1, 1))
    with pytest.raises(Refused, match="Folketallet"):
        lifecycle.open_round(round_id=source.pk, by=cast.rikke)


def test_a_trial_s_events_keep_its_round(source, cast):
    now = timezone.now()
    dates = {"opens_at": now, "deadline": now + timedelta(1), "edit_until": now + timedelta(1)}
    RoundEvent.objects.create(round=source, kind="trial_started", at=now, state="trial", **dates)
    with pytest.raises(Refused, match="holdt en prøve"):
        plans.delete_draft(round_id=source.pk, by=cast.rikke)
