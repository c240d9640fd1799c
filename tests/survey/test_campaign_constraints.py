"""What a campaign's rows promise, broken in the database itself: one test a constraint, and what is only
added to or fixed once a round is opened."""

from datetime import date, timedelta
from hashlib import sha256

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from municipalities.models import Municipality, OutgoingMail, PopulationCount, PopulationImport
from survey.models import (
    ChaseNote,
    Extension,
    GuidanceText,
    Message,
    Reminder,
    RoundEvent,
    RoundMail,
    SubmissionVersion,
    SurveyRound,
)
from tests.builders import POPULATION_DATE

LATER = timedelta(days=1)


def breaks(constraint):
    return pytest.raises(IntegrityError, match=constraint)


@pytest.fixture
def rows(odense, cast):
    """By model, a row that breaks no rule."""
    now, of_round = timezone.now(), {"round": odense.round}
    place = of_round | {"municipality": odense.municipality}
    dates = {name: getattr(odense.round, name) for name in ("opens_at", "deadline", "edit_until")}
    mail = OutgoingMail.objects.create(to="a@example.test", subject="x")
    texts = {"subject": "Husk", "text": "Kære kommune"}
    imported = {"source": "Danmarks Statistik", "file_name": "folk1a.csv", "sha256": sha256().hexdigest()}
    return {
        RoundEvent: of_round | dates | {"kind": "closed", "at": now, "by": cast.rikke, "state": "closed"},
        Extension: {
            "submission": odense,
            "until": now + LATER,
            "reason": "Ferie",
            "by": cast.rikke,
            "at": now,
        },
        ChaseNote: place | {"outcome": "phone", "text": "Ringet op", "by": cast.rikke},
        GuidanceText: {"field": "title", "text": "Skriv navnet."},
        Reminder: of_round
        | texts
        | {"number": 1, "send_at": now, "targets": ["begun"], "created_by": cast.rikke},
        RoundMail: place | {"to": "a@example.test", "mail": mail, "at": now},
        PopulationImport: imported
        | {"table": "FOLK1A", "date": POPULATION_DATE, "published_total": 5, "fetched_on": POPULATION_DATE}
        | {"recorded_by": cast.admin},
        Message: {"submission": odense, "by": cast.mette, "from_ministry": True, "text": "Hvorfor?"},
    }


@pytest.fixture
def planned(cast):
    """A round that is not opened."""
    now = timezone.now()
    return SurveyRound.objects.create(
        accounts_year=2026,
        price_level=2026,
        population_date=POPULATION_DATE,
        opens_at=now + LATER,
        deadline=now + 2 * LATER,
        edit_until=now + 3 * LATER,
    )


@pytest.mark.parametrize(
    ("model", "fields", "constraint"),
    [
        (RoundEvent, {"kind": "lost"}, "round_event_kind_is_known"),
        (RoundEvent, {"kind": "reopened", "reason": " \n"}, "reopening_and_new_dates_have_a_reason"),
        (RoundEvent, {"kind": "dates_changed", "reason": ""}, "reopening_and_new_dates_have_a_reason"),
        (Extension, {"reason": " "}, "an_extension_has_a_reason"),
        (Extension, {"until": timezone.now() - LATER}, "an_extension_is_in_the_future"),
        (ChaseNote, {"outcome": "lost"}, "note_outcome_is_known"),
        (ChaseNote, {"outcome": "", "text": " "}, "a_note_says_something"),
        (ChaseNote, {"outcome": "merged"}, "only_a_merged_municipality_has_another"),
        (Reminder, {"targets": []}, "a_reminder_has_targets"),
        (Reminder, {"targets": ["approved"]}, "a_reminder_has_targets"),
        (Reminder, {"subject": " "}, "a_reminder_says_something"),
        (Reminder, {"text": ""}, "a_reminder_says_something"),
        (
            Reminder,
            {"sent_at": timezone.now(), "stopped_at": timezone.now()},
            "a_stopped_reminder_is_not_sent",
        ),
        (PopulationImport, {"table": "FOLK2"}, "population_table_is_known"),
        (PopulationImport, {"sha256": "0"}, "population_import_names_its_file"),
        (PopulationImport, {"source": ""}, "population_import_has_a_source"),
        (PopulationImport, {"file_name": ""}, "population_import_has_a_source"),
    ],
)
def test_the_database_refuses_what_breaks_a_rule(rows, model, fields, constraint):
    with breaks(constraint), transaction.atomic():
        model.objects.create(**rows[model] | fields)
    model.objects.create(**rows[model])


def test_a_note_names_another_municipality_only_when_it_is_merged(rows, aarhus):
    note = rows[ChaseNote] | {"merged_with": aarhus.municipality}
    with breaks("only_a_merged_municipality_has_another"), transaction.atomic():
        ChaseNote.objects.create(**note)
    ChaseNote.objects.create(**note | {"outcome": "merged"})


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"field": "colour"}, "guidance_field_is_known"),
        ({"text": "  "}, "guidance_says_something"),
        ({}, "one_guidance_a_field_and_round"),
    ],
)
def test_the_database_refuses_a_guidance_that_breaks_a_rule(rows, planned, fields, constraint):
    row = rows[GuidanceText] | {"round": planned}
    GuidanceText.objects.create(**row)
    with breaks(constraint), transaction.atomic():
        GuidanceText.objects.create(**row | fields)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"cvr": "10000751"}, "municipality_has_its_own_cvr"),
        ({"valid_from": "2027-01-01", "valid_until": "2027-01-01"}, "municipality_ends_after_it_begins"),
        ({"valid_until": "2027-01-01"}, "a_municipality_that_ends_has_a_successor"),
        ({"successor": "itself"}, "a_municipality_that_ends_has_a_successor"),
    ],
)
def test_the_database_refuses_a_municipality_that_breaks_a_rule(odense, aarhus, fields, constraint):
    another = {name: odense.municipality if name == "successor" else value for name, value in fields.items()}
    if "valid_from" in another:
        another["successor"] = aarhus.municipality
    with breaks(constraint), transaction.atomic():
        Municipality.objects.filter(pk=odense.municipality_id).update(**another)


# Only added to


@pytest.mark.parametrize("model", [RoundEvent, Extension, RoundMail, ChaseNote, PopulationImport, Message])
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_a_row_of_a_log_is_never_changed_or_deleted_even_in_sql(rows, model, statement):
    model.objects.create(**rows[model])
    with breaks("kan ikke ændres eller slettes"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(model._meta.db_table))


def test_a_count_out_of_a_file_is_never_changed_or_deleted_and_one_that_was_typed_is(rows, odense):
    file = PopulationImport.objects.create(**rows[PopulationImport])
    row = {"municipality": odense.municipality, "date": date(2024, 1, 1), "inhabitants": 5, "source": "x"}
    typed = PopulationCount.objects.create(**row)
    imported = PopulationCount.objects.create(population_import=file, **row | {"date": date(2023, 1, 1)})
    for act in (
        lambda one: one.delete(),
        lambda one: PopulationCount.objects.filter(pk=one.pk).update(source="y"),
    ):
        with breaks("kan ikke ændres eller slettes"), transaction.atomic():
            act(imported)
    PopulationCount.objects.filter(pk=typed.pk).update(source="y")
    typed.delete()


# Fixed when it is opened


@pytest.mark.parametrize("state", ["open", "closed", "locked", "archived"])
def test_an_opened_rounds_guidance_is_neither_added_changed_nor_deleted(rows, planned, state):
    mine = GuidanceText.objects.create(round=planned, **rows[GuidanceText])
    GuidanceText.objects.filter(pk=mine.pk).update(text="Skriv navnet, som I bruger.")
    SurveyRound.objects.filter(pk=planned.pk).update(state=state)
    for act in (
        lambda: GuidanceText.objects.create(round=planned, field="content", text="x"),
        lambda: GuidanceText.objects.filter(pk=mine.pk).update(text="x"),
        lambda: mine.delete(),
    ):
        with breaks("ligger fast"), transaction.atomic():
            act()


def test_an_opened_rounds_questionnaire_is_fixed_and_a_trials_is_not(planned):
    mine = SurveyRound.objects.filter(pk=planned.pk)
    mine.update(state="trial")
    mine.update(questionnaire_version=1)
    mine.update(state="open")
    with breaks("En åbnet kortlægning hviler på dette"), transaction.atomic():
        mine.update(questionnaire_version=2)


@pytest.mark.parametrize("state", ["draft", "trial"])
def test_no_version_stands_under_a_round_that_is_not_opened(odense, cast, planned, state):
    SurveyRound.objects.filter(pk=planned.pk).update(state=state)
    submission = planned.submissions.create(municipality=odense.municipality, region=odense.region)
    version = {"number": 1, "receipt_number": "2026-461-1", "is_nil": True, "initiative_count": 0}
    with breaks("er ikke åbnet"), transaction.atomic():
        SubmissionVersion.objects.create(
            submission=submission,
            submitted_at=timezone.now(),
            submitted_by=cast.carl,
            checksum=sha256().hexdigest(),
            **version,
        )


def test_a_message_of_a_trial_can_go_but_not_be_changed(rows, odense, planned):
    submission = planned.submissions.create(municipality=odense.municipality, region=odense.region)
    message = Message.objects.create(**rows[Message] | {"submission": submission})
    with breaks("kan ikke ændres eller slettes"), transaction.atomic():
        message.delete()
    SurveyRound.objects.filter(pk=planned.pk).update(state="trial")
    with breaks("kan ikke ændres eller slettes"), transaction.atomic():
        Message.objects.filter(pk=message.pk).update(text="x")
    message.delete()
