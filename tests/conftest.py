"""One cast for the whole suite, as in docs/questionnaire.md's table of roles.

anna (editor), carl (approver) and lis (reader) are of Odense; bo (approver) is of Aarhus and must see
nothing of Odense; mette reviews, rikke manages rounds, admin administers, in the ministry.
"""

from types import SimpleNamespace

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from municipalities.models import Role
from tests import template_database
from tests.builders import build_municipalities, build_round, build_users, session_of

WITHOUT_AUTOVACUUM = """
DO $$ DECLARE t regclass; BEGIN
    FOR t IN SELECT oid FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace LOOP
        EXECUTE format('ALTER TABLE %s SET (autovacuum_enabled = false)', t);
    END LOOP;
END $$
"""

# Between tests that commit Django empties every table. tests/test_append_only.py turns the triggers on again.
EMPTIED_BETWEEN_TESTS = """
DO $$ DECLARE t regclass; BEGIN
    FOR t IN SELECT tgrelid FROM pg_trigger WHERE tgname = 'never_emptied' LOOP
        EXECUTE format('ALTER TABLE %s DISABLE TRIGGER never_emptied', t);
    END LOOP;
END $$
"""


WAITING = ("tests/durability/", "tests/config/")


def pytest_collection_modifyitems(items):
    """What mostly waits for processes goes first: at the end, where pytest-django puts tests without a
    database, nothing would be left to do meanwhile."""
    items.sort(key=lambda item: not item.nodeid.startswith(WAITING))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, django_db_blocker):
    with django_db_blocker.unblock():
        settings.DATABASES["default"]["TEST"]["TEMPLATE"] = template_database.made()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Autovacuum finds the rows of a test that was rolled back, counts none alive, and the planner, told that
    the tables are empty, takes minutes for the next test's demo."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(WITHOUT_AUTOVACUUM)
        cursor.execute(EMPTIED_BETWEEN_TESTS)


def build_cast() -> SimpleNamespace:
    places = build_municipalities()
    users = build_users(
        ("Anna", Role.EDITOR, places["Odense"]),
        ("Carl", Role.APPROVER, places["Odense"]),
        ("Lis", Role.READER, places["Odense"]),
        ("Bo", Role.APPROVER, places["Aarhus"]),
        ("Mette", Role.REVIEWER, None),
        ("Rikke", Role.ROUND_MANAGER, None),
        ("Admin", Role.ADMIN, None),
    )
    return SimpleNamespace(**{user.name.lower(): user for user in users})


@pytest.fixture
def cast(db):
    return build_cast()


@pytest.fixture
def survey_round(cast):
    return build_round()


@pytest.fixture
def odense(survey_round):
    return survey_round.submissions.select_related("round", "municipality").get(municipality__code="461")


@pytest.fixture
def aarhus(survey_round):
    return survey_round.submissions.select_related("round", "municipality").get(municipality__code="751")


@pytest.fixture
def client_of():
    """A logged-in browser of a user."""

    def make(user):
        client = Client()
        client.cookies[settings.SESSION_COOKIE_NAME] = session_of(user)
        return client

    return make
