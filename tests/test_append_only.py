"""Nothing that was handed in, decided or recorded is changed: not by a page, not by the admin, not in SQL."""

import psycopg
import pytest
from django.contrib import admin
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from municipalities.models import Membership
from reporting.models import PriceRate
from survey import adjusting, jobs, reviewing, transitions
from survey.models import ReportedInitiative, Submission
from tests.builders import build_initiative, build_publication, hand_in
from tests.reporting.conftest import build_rate
from tests.test_access import MOVED, NO, OK, POST, address, world

__all__ = ["world"]

KEPT = """
SELECT c.relname, EXISTS (
    SELECT 1 FROM pg_trigger u WHERE u.tgrelid = c.oid AND u.tgqual IS NULL AND u.tgtype & 27 = 27
) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE t.tgname = 'never_emptied' ORDER BY 1
"""  # 27: for each row, before, delete and update
REPORTED = ("survey_submissionversion", "survey_reportedinitiative")
HELD = (*REPORTED, "survey_submissionevent", "survey_adjustment")
EVENTS = ("survey_initiativeevent", "survey_submissionchange", "survey_adjustmentevent")
ALL_ROWS = " UNION ALL ".join(f"SELECT '{table}', t::text FROM {table} t" for table in (*HELD, *EVENTS))


def rows():
    with connection.cursor() as cursor:
        cursor.execute(ALL_ROWS)
        return set(cursor.fetchall())


def kept():
    with connection.cursor() as cursor:
        cursor.execute(KEPT)
        return dict(cursor.fetchall())


def refused(statement, match="", params=None):
    with pytest.raises(DatabaseError, match=match), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, params)


@pytest.fixture
def emptying_is_refused(handed_in):
    """As it is outside the tests, which empty all tables when they have committed (tests/conftest.py)."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in kept():
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER never_emptied")


@pytest.fixture
def handed_in(cast, odense):
    """Odense's version, of which one initiative is adjusted."""
    build_initiative(odense, cast.anna)
    version = hand_in(odense, cast.carl)
    change = {"reason": "other", "explanation": "Aftalt.", "gross_expenditure": 125}
    adjusting.adjust(initiative_id=version.initiatives.get().pk, by=cast.mette, seen=None, **change)
    return version


def test_every_table_of_events_and_all_that_was_handed_in_is_kept(db):
    tables = set(connection.introspection.table_names())
    events = {one for one in tables if one.endswith("event")}
    assert {*events, *HELD, *EVENTS, "reporting_publication", "reporting_pricerate"} <= set(kept())
    sometimes = {table for table, always in kept().items() if not always}
    assert sometimes == set()


@pytest.mark.parametrize("table", [*HELD, *EVENTS])
def test_a_row_can_be_neither_changed_nor_deleted(handed_in, table):
    before = rows()
    for statement in (
        f"UPDATE {table} SET id = id",
        f"DELETE FROM {table}",
        f"WITH gone AS (DELETE FROM {table} RETURNING *) SELECT count(*) FROM gone",
        f"MERGE INTO {table} t USING (SELECT 1) s ON true WHEN MATCHED THEN DELETE",
        f"MERGE INTO {table} t USING (SELECT 1) s ON true WHEN MATCHED THEN UPDATE SET id = t.id",
    ):
        refused(statement, "kan ikke|Cannot update or delete")
    assert rows() == before


def test_no_kept_table_can_be_emptied(emptying_is_refused):
    for table in kept():
        refused(f"TRUNCATE {table} CASCADE", "kan ikke tømmes")
    for table in ("survey_surveyround", "survey_submission", "municipalities_user"):  # with what points at it
        refused(f"TRUNCATE {table} CASCADE", "kan ikke tømmes")


def test_nothing_is_added_to_a_version_and_an_upsert_changes_nothing(handed_in):
    columns = [f.column for f in ReportedInitiative._meta.local_concrete_fields if f.column != "id"]
    names = ", ".join(columns)
    row = handed_in.initiatives.get()
    again = [getattr(row, name) for name in columns]
    insert = f"INSERT INTO survey_reportedinitiative ({names}) VALUES ({', '.join(['%s'] * len(columns))})"
    later = [2 if name == "position" else value for name, value in zip(columns, again, strict=True)]
    refused(insert, "føjes mere til", later)
    upsert = f"{insert} ON CONFLICT (version_id, position) DO UPDATE SET title = 'x'"
    refused(upsert, "kan ikke", again)
    with pytest.raises(psycopg.DatabaseError, match="føjes mere til"), transaction.atomic():
        copy = f"COPY survey_reportedinitiative ({names}) FROM STDIN"
        with connection.cursor() as cursor, cursor.copy(copy) as stream:
            stream.write_row(later)


def test_the_application_s_role_cannot_turn_the_triggers_off_for_itself(db):
    refused("SET session_replication_role = replica", "permission denied")
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False,)


def test_the_admin_changes_nothing_that_is_kept(handed_in, cast, client_of):
    build_rate(2026, "2.5")
    before, tables = rows(), kept()
    registered = [model for model in admin.site._registry if model._meta.db_table in tables]
    assert {model.__name__ for model in registered} == {"PriceRate", "PopulationCount"}
    for model in registered:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        pk = model.objects.first().pk
        assert client_of(cast.admin).post(reverse(f"{name}_add")).status_code == NO
        for act in ("change", "delete"):
            assert client_of(cast.admin).post(reverse(f"{name}_{act}", args=[pk])).status_code == NO
        bulk = {"action": "delete_selected", "_selected_action": [pk], "post": "yes"}
        client_of(cast.admin).post(reverse(f"{name}_changelist"), bulk)
        assert model.objects.filter(pk=pk).exists()
        for person in (cast.anna, cast.carl, cast.lis, cast.bo, cast.mette, cast.rikke):
            assert client_of(person).post(reverse(f"{name}_delete", args=[pk])).status_code == 302
    assert rows() == before


def test_no_page_changes_what_stands_whoever_acts(world):
    """Each act as each person who may; what is added is all that differs."""
    before = rows()
    acts = [
        (name, person)
        for name, outcomes in POST.items()
        for person, expected in outcomes.items()
        if expected in (OK, MOVED)  # the others are refused, and change nothing at all
    ]
    for name, person in acts:
        with transaction.atomic():
            data = {"version": 1, "title": "x", "invitation": world.kwargs["invitation"]}
            world.clients[person].post(address(name, world.kwargs), data)
            assert before <= rows(), (name, person)
            transaction.set_rollback(True)
    assert len(acts) > 30


# The role beside the owner (docs/operations.md): who may not touch the triggers either.


@pytest.fixture(scope="module")
def role(django_db_setup):
    """Made by a superuser of the embedded server, as an operator would; gone again afterwards."""
    found = connection.settings_dict
    try:
        server = psycopg.connect(host=found["HOST"], dbname=found["NAME"], user="postgres", autocommit=True)
    except psycopg.OperationalError:
        pytest.skip("needs a server on which a role can be made")
    name = f"{found['NAME']}_app"
    with server:
        server.execute(f"DROP ROLE IF EXISTS {name}")
        server.execute(f"CREATE ROLE {name} NOSUPERUSER")
        server.execute(f"GRANT {name} TO {found['USER']}")
        yield name
        server.execute(f"DROP ROLE {name}")


@pytest.fixture
def as_role(role, handed_in):
    call_command("grants", role, verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {role}")
    yield role
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


def test_the_product_works_as_a_role_that_owns_nothing(as_role, handed_in, odense, aarhus, cast, client_of):
    seen = {"by": cast.mette, "initiative_id": handed_in.initiatives.get().pk}
    latest = handed_in.initiatives.get().adjustments.last().pk
    adjusting.withdraw_adjustment(seen=latest, explanation="Alligevel ikke.", **seen)
    uuids = [handed_in.initiatives.get().uuid]
    reviewing.assign(submission_id=odense.pk, uuids=uuids, reviewer=cast.mette, by=cast.rikke)
    reviewing.retire_rule(round_id=odense.round_id, rule="changed", reason="Ny rute.", by=cast.rikke)
    build_initiative(aarhus, cast.bo)
    hand_in(aarhus, cast.bo)
    odense.initiatives.all().delete()
    PriceRate.objects.add(PriceRate(year=2026, percent="2.5", published="2026-06-01", source="test"))
    build_publication(odense.round, cast.rikke)
    Membership.objects.filter(user=cast.lis).update(role="editor")
    jobs.enqueue(task="t", title="t", arguments={}, by=cast.admin)
    transitions.approve(submission_id=odense.pk, by=cast.mette, version_seen=1)
    assert Submission.objects.get(pk=odense.pk).state == "approved"
    for url in (reverse("audit:trail"), reverse("reporting:overview", args=[2025])):
        assert client_of(cast.admin).get(url).status_code == 200


@pytest.mark.parametrize("table", [*HELD, *EVENTS])
def test_the_role_has_no_right_to_change_what_stands(as_role, table):
    for statement in (
        f"UPDATE {table} SET id = id",
        f"DELETE FROM {table}",
        f"TRUNCATE {table} CASCADE",
        f"MERGE INTO {table} t USING (SELECT 1) s ON true WHEN MATCHED THEN DELETE",
        f"ALTER TABLE {table} DISABLE TRIGGER USER",
        f"DROP TABLE {table} CASCADE",
    ):
        refused(statement, "permission denied|must be owner")


def test_the_role_cannot_get_around_a_trigger(as_role):
    for statement in (
        "SET session_replication_role = replica",
        "DROP TRIGGER never_changes ON survey_submissionversion",
        "CREATE OR REPLACE FUNCTION survey_refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'",
        "CREATE TABLE public.survey_copy (id int)",
        "ALTER TABLE survey_surveyround DISABLE TRIGGER USER",
    ):
        refused(statement, "permission denied|must be owner")


def test_rights_are_refused_to_who_they_would_not_bind(db):
    for name in ("postgres", connection.settings_dict["USER"]):
        with pytest.raises(CommandError, match="no right binds it"):
            call_command("grants", name)
    with pytest.raises(CommandError, match="There is no role"):
        call_command("grants", "nobody_at_all")
