"""The database writes down each change itself: with who and by which page where there is one, without where
there is none."""

from datetime import timedelta

import pghistory
import pytest
from django.apps import apps
from django.db import connection
from django.urls import reverse

from municipalities.models import Membership, Municipality, User
from reporting.audit.kinds import KINDS
from survey import adjusting, jobs, reviewing
from survey.models import Adjustment, Submission, SurveyRound
from tests.builders import build_initiative, hand_in
from tests.reporting.conftest import build_rate


def event(name):
    """The newest."""
    return apps.get_model(name).objects.order_by("-pgh_id").first()


def raw(statement, *params):
    with connection.cursor() as cursor:
        cursor.execute(statement, params)


def test_a_page_says_who_and_its_own_name_never_its_address(odense, cast, client_of):
    initiative = build_initiative(odense, cast.anna)
    address = reverse("survey:delete_initiative", args=["461", 2025, initiative.uuid])
    client_of(cast.anna).post(address, {"revision": 1})
    found = event("survey.InitiativeEvent")
    assert found.pgh_label == "delete"
    assert found.pgh_context == {"user": cast.anna.pk, "view": "survey:delete_initiative"}


def test_what_one_request_does_has_one_id(odense, cast, client_of):
    build_initiative(odense, cast.anna)
    hand_in(odense, cast.carl)
    address = reverse("reporting:approve", args=[2025, "461"])
    client_of(cast.mette).post(address, {"version": 1, "despite": "on"})
    approved = event("survey.SubmissionChange")
    assert (approved.state, approved.pgh_context["view"]) == ("approved", "reporting:approve")
    assert approved.pgh_context_id
    client_of(cast.mette).post(address, {"version": 1, "despite": "on"})
    assert event("survey.SubmissionChange") == approved  # pressing twice changes nothing


@pytest.mark.parametrize(
    ("statement", "name", "label"),
    [
        ("UPDATE survey_submission SET extended_until = now()", "survey.SubmissionChange", "update"),
        ("UPDATE survey_surveyround SET is_demo = true", "survey.SurveyRoundEvent", "update"),
        ("UPDATE municipalities_user SET is_active = false", "municipalities.UserEvent", "update"),
        ("DELETE FROM municipalities_membership", "municipalities.MembershipEvent", "delete"),
        ("UPDATE municipalities_municipality SET name = 'X'", "municipalities.MunicipalityEvent", "update"),
    ],
)
def test_raw_sql_is_seen_row_by_row_and_is_nobody_s(odense, statement, name, label):
    model, table = apps.get_model(name), statement.removeprefix("DELETE FROM ").removeprefix("UPDATE ")
    before = model.objects.count()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table.split()[0]}")
        (rows,) = cursor.fetchone()
        cursor.execute(statement)
    assert rows and model.objects.count() == before + rows
    assert (event(name).pgh_label, event(name).pgh_context) == (label, None)


def test_bulk_operations_are_seen(odense, cast):
    Membership.objects.filter(user=cast.lis).update(role="editor")
    assert event("municipalities.MembershipEvent").role == "editor"
    Submission.objects.update(extended_until=odense.round.edit_until + timedelta(days=3))
    assert apps.get_model("survey.SubmissionChange").objects.filter(pgh_label="update").count() == 4


def test_decisions_rules_rates_and_exports_are_seen(odense, cast):
    build_initiative(odense, cast.anna)
    initiative = hand_in(odense, cast.carl).initiatives.get()
    with pghistory.context(user=cast.mette.pk):
        adjusting.accept(initiative_id=initiative.pk, by=cast.mette, seen=None)
    assert event("survey.AdjustmentEvent").kind == "accepted"
    assert event("survey.AdjustmentEvent").pgh_context == {"user": cast.mette.pk}
    reviewing.retire_rule(round_id=odense.round_id, rule="changed", reason="Ny rute.", by=cast.rikke)
    assert event("survey.RuleRetirementEvent").reason == "Ny rute."
    assert event("survey.SurveyRoundEvent").retired_rules == ["changed"]
    build_rate(2026, "2.5")
    assert event("reporting.PriceRateEvent").year == 2026
    jobs.enqueue(task="t", title="Regneark", arguments={}, by=cast.admin)
    assert event("survey.JobEvent").title == "Regneark"


def test_a_job_s_signs_of_life_are_no_events(cast):
    job = jobs.enqueue(task="t", title="Regneark", arguments={}, by=cast.admin)
    before = apps.get_model("survey.JobEvent").objects.count()
    type(job).objects.filter(pk=job.pk).update(total=10, done=3, attempts=1)
    assert apps.get_model("survey.JobEvent").objects.count() == before


def test_a_password_is_in_no_event(cast):
    cast.anna.set_password("a new and long one")
    cast.anna.save()
    names = {field.name for field in apps.get_model("municipalities.UserEvent")._meta.fields}
    assert not {"password", "last_login"} & names


def test_who_recorded_a_merger_is_in_the_trail(cast, survey_round):
    with pghistory.context(user=cast.rikke.pk, view="reference:places"):
        Municipality.objects.filter(code="665").update(
            valid_until="2027-01-01", successor=Municipality.objects.get(code="751")
        )
    found = event("municipalities.MunicipalityEvent")
    assert (found.code, found.pgh_context["user"]) == ("665", cast.rikke.pk)


def test_a_tracked_row_is_one_query_as_before(odense, cast, django_assert_num_queries):
    with django_assert_num_queries(1):
        Submission.objects.filter(pk=odense.pk).update(state="approved")
    with django_assert_num_queries(1):
        SurveyRound.objects.filter(pk=odense.round_id).update(edit_until=odense.round.edit_until)
    assert Adjustment.objects.count() == 0
    assert User.objects.count() == 7


def test_every_table_of_events_is_of_a_kind(db):
    tracked = {
        model
        for model in apps.get_models()
        if hasattr(model, "pgh_tracked_model") and not model._meta.proxy and model._meta.managed
    }
    assert tracked == {kind.model for kind in KINDS}
