"""Each rule that is always true, broken in the database itself, past all forms."""

import hashlib
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import DataError, IntegrityError, connection, models, transaction
from django.utils import timezone

from survey.models import Initiative, Job, ReportedInitiative, Submission, SubmissionEvent, SurveyRound
from tests.builders import answers, build_initiative, hand_in

OURS = ("municipalities", "survey", "reporting")


def breaks(constraint):
    return pytest.raises(IntegrityError, match=constraint)


def update(obj, **fields):
    with transaction.atomic():
        type(obj).objects.filter(pk=obj.pk).update(**fields)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"service_area": "roads"}, "initiative_service_area_is_a_choice"),
        ({"primary_target_group": "all"}, "initiative_primary_target_group_is_a_choice"),
        ({"secondary_target_group": "all"}, "initiative_secondary_target_group_is_a_choice"),
        ({"time_horizon": "soon"}, "initiative_time_horizon_is_a_choice"),
        ({"gross_expenditure": -1}, "initiative_gross_expenditure_in_range"),
        ({"gross_expenditure": 100_000_000}, "initiative_gross_expenditure_in_range"),
        ({"gross_income": -1}, "initiative_gross_income_in_range"),
        ({"funding_sources": ["lottery"]}, "initiative_funding_sources_are_choices"),
        ({"funding_sources": ["own", "own"]}, "initiative_funding_sources_are_choices"),
        ({"funding_sources": ["own", "state"]}, "initiative_funding_sources_are_choices"),
        ({"target_share": 101}, "initiative_target_share_is_a_percentage"),
        ({"target_share": -1}, "initiative_target_share_is_a_percentage"),
        ({"target_share": 50, "target_share_unknown": True}, "initiative_target_share_is_a_percentage"),
    ],
)
def test_an_initiative_holds_only_what_the_questionnaire_allows(odense, cast, fields, constraint):
    initiative = build_initiative(odense, cast.anna)
    with breaks(constraint):
        update(initiative, **fields)


def test_an_initiative_stands_once_in_a_submission(odense, cast):
    initiative = build_initiative(odense, cast.anna)
    with breaks("one_initiative_a_uuid_and_submission"), transaction.atomic():
        build_initiative(odense, cast.anna, uuid=initiative.uuid)


def with_free_places(version):
    """Another version of the same, of two initiatives, none of which is written yet."""
    fields = version_fields(version, is_nil=False, initiative_count=2)
    return type(version).objects.create(**fields)


INCOMPLETE = [
    {"service_area": ""},
    {"title": ""},
    {"gross_expenditure": None},
    {"gross_income": None},
    {"funding_sources": []},
    {"legal_basis": ""},
    {"primary_target_group": ""},
    {"secondary_target_group": ""},
    {"content": ""},
    {"purpose": ""},
    {"time_horizon": ""},
    {"target_share": None},
]


@pytest.mark.parametrize("lack", INCOMPLETE, ids=lambda lack: next(iter(lack)))
def test_a_reported_initiative_is_complete(odense, cast, lack):
    version = with_free_places(hand_in(odense, cast.carl))
    with breaks("a_reported_initiative_is_complete"), transaction.atomic():
        ReportedInitiative.objects.create(
            version=version, uuid=Initiative().uuid, position=1, **answers(**lack)
        )


def test_a_reported_initiative_stands_once_in_a_version(odense, cast):
    initiative = build_initiative(odense, cast.anna)
    version = with_free_places(hand_in(odense, cast.carl))
    ReportedInitiative.objects.create(version=version, uuid=initiative.uuid, position=1, **answers())
    with breaks("one_reported_initiative_a_uuid_and_version"), transaction.atomic():
        ReportedInitiative.objects.create(version=version, uuid=initiative.uuid, position=2, **answers())


@pytest.mark.parametrize("position", [0, 2])
def test_nothing_is_added_to_what_was_handed_in(odense, cast, position):
    build_initiative(odense, cast.anna)
    version = hand_in(odense, cast.carl)
    with breaks("føjes"), transaction.atomic():
        ReportedInitiative.objects.create(version=version, position=position, **answers())


def test_nothing_is_added_to_a_nil_return(odense, cast):
    version = hand_in(odense, cast.carl)
    with breaks("føjes"), transaction.atomic():
        ReportedInitiative.objects.create(version=version, position=1, **answers())


def test_two_reported_initiatives_do_not_share_a_position(odense, cast):
    build_initiative(odense, cast.anna)
    version = hand_in(odense, cast.carl)
    with breaks("one_reported_initiative_a_position"), transaction.atomic():
        ReportedInitiative.objects.create(version=version, position=1, **answers())


@pytest.mark.parametrize("table", ["submissionversion", "reportedinitiative", "submissionevent"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_what_was_handed_in_cannot_be_changed_even_in_sql(odense, cast, table, statement):
    build_initiative(odense, cast.anna)
    hand_in(odense, cast.carl)
    with breaks("kan ikke ændres"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(f"survey_{table}"))


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"state": "lost"}, "round_state_is_known"),
        ({"deadline": timezone.now() - timedelta(days=400)}, "round_dates_are_in_order"),
        ({"edit_until": timezone.now() - timedelta(days=400)}, "round_dates_are_in_order"),
        ({"accounts_year": 25}, "accounts_year_is_a_year"),
        ({"price_level": 2024}, "price_level_is_not_before_the_accounts"),
    ],
)
def test_a_round_is_in_order(survey_round, fields, constraint):
    survey_round = SurveyRound.objects.create(
        accounts_year=2026,
        price_level=2026,
        **{
            name: getattr(survey_round, name)
            for name in ("population_date", "opens_at", "deadline", "edit_until")
        },
    )
    with breaks(constraint):
        update(survey_round, **fields)


def test_an_accounts_year_has_one_round(survey_round):
    survey_round.pk = None
    with breaks("accounts_year"), transaction.atomic():
        survey_round.save(force_insert=True)


def test_a_municipality_answers_a_round_once(odense):
    with breaks("one_submission_a_round_and_municipality"), transaction.atomic():
        Submission.objects.create(round=odense.round, municipality=odense.municipality, region=odense.region)


@pytest.mark.parametrize(
    "fields",
    [{"state": "returned"}, {"return_due_at": timezone.now()}, {"state": "lost"}],
)
def test_only_a_returned_submission_has_a_due_date(odense, fields):
    with breaks("only_a_returned_submission_has_a_due_date"):
        update(odense, **fields)


def version_fields(version, **fields):
    kept = ("submission", "submitted_at", "submitted_by", "is_nil", "initiative_count", "checksum")
    return {name: getattr(version, name) for name in kept} | {"number": 2, "receipt_number": "x"} | fields


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"number": 1}, "one_version_a_number"),
        ({"number": 0}, "versions_count_from_one"),
        ({"checksum": ""}, "version_is_sealed"),
        ({"checksum": hashlib.sha256().hexdigest().upper()}, "version_is_sealed"),
        ({"receipt_number": "2025-461-1"}, "receipt_number"),
        ({"is_nil": False}, "a_nil_return_has_no_initiatives"),
        ({"initiative_count": 1}, "a_nil_return_has_no_initiatives"),
    ],
)
def test_a_version_is_numbered_and_sealed(odense, cast, fields, constraint):
    version = hand_in(odense, cast.carl)
    with breaks(constraint), transaction.atomic():
        type(version).objects.create(**version_fields(version, **fields))


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"kind": "lost"}, "event_kind_is_known"),
        ({"kind": "returned", "due_at": timezone.now()}, "a_return_has_a_comment"),
        ({"kind": "returned", "comment": "Se her."}, "a_return_has_a_due_date"),
    ],
)
def test_an_event_says_what_happened(odense, cast, fields, constraint):
    version = hand_in(odense, cast.carl)
    with breaks(constraint), transaction.atomic():
        SubmissionEvent.objects.create(
            submission=odense, version=version, at=timezone.now(), by=cast.carl, **fields
        )


@pytest.mark.parametrize(
    "fields", [{"accounts_year": 2024}, {"price_level": 2026}, {"population_date": "2025-01-01"}]
)
def test_what_a_round_is_about_is_frozen_when_it_opens(survey_round, fields):
    with breaks("En åbnet kortlægning hviler på dette"):
        update(survey_round, **fields)


def test_a_municipality_code_never_changes(odense):
    with breaks("En åbnet kortlægning hviler på dette"):
        update(odense.municipality, code="999")


def test_a_population_that_an_opened_round_rests_on_stays(odense):
    used = odense.municipality.population_counts.get()
    with breaks("hviler på dette folketal"):
        update(used, inhabitants=1)
    with breaks("hviler på dette folketal"), transaction.atomic():
        used.delete()
    free = odense.municipality.population_counts.create(date="2024-01-01", inhabitants=5, source="test")
    update(free, inhabitants=6)
    free.delete()


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [({"state": "lost"}, "job_state_is_known"), ({"done": 2, "total": 1}, "job_does_no_more_than_its_total")],
)
def test_a_job_is_in_a_known_state(cast, fields, constraint):
    with breaks(constraint), transaction.atomic():
        Job.objects.create(task="t", title="t", requested_by=cast.admin, **fields)


CONSTRAINTS = [
    constraint
    for app in OURS
    for model in apps.get_app_config(app).get_models()
    for constraint in model._meta.constraints
]


@pytest.mark.parametrize("constraint", CONSTRAINTS, ids=lambda constraint: constraint.name)
def test_every_constraint_has_a_danish_message(constraint):
    assert constraint.violation_error_message != constraint.default_violation_error_message


def test_no_amount_is_a_float():
    for app in OURS:
        for model in apps.get_app_config(app).get_models():
            assert not [f for f in model._meta.get_fields() if isinstance(f, models.FloatField)]


def test_an_amount_too_big_for_the_column_does_not_get_in(odense, cast):
    initiative = build_initiative(odense, cast.anna)
    with pytest.raises((DataError, IntegrityError)):
        update(initiative, gross_expenditure=2**62)


def test_the_reference_rules_of_a_round_can_be_met(survey_round):
    assert SurveyRound.objects.filter(pk=survey_round.pk, state="open").exists()
