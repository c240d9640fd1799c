"""Gives the tests a database before Django asks for one: plain `pytest` works, and so do two at once."""

import contextlib
import fcntl
import os

import pytest
from django.conf import settings
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

resources = contextlib.ExitStack()

# No test may fail because the machine was busy.
hypothesis_settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("unhurried")


def pytest_configure(config):
    # Imported here: it brings in Celery, which would name the settings before pytest-django does.
    from config import embedded_postgres

    try:
        if "DATABASE_URL" not in os.environ:
            resources.enter_context(embedded_postgres.running(settings.VAR / "postgres"))
        database = settings.DATABASES["default"]
        database.setdefault("TEST", {})["NAME"] = f"test_indsatskort_{free_slot()}"
        # A crash of the machine would end the tests as well, so none waits for the disk; here and not in the
        # settings, which the tests of durability run the product with.
        database.setdefault("OPTIONS", {})["options"] = "-c synchronous_commit=off"
    except embedded_postgres.EmbeddedPostgresError as error:
        pytest.exit(str(error), returncode=3)


def pytest_unconfigure(config):
    resources.close()


def free_slot() -> int:
    """Tests that run at the same time in this folder need a test database each."""
    for slot in range(1, 100):
        file = resources.enter_context(open(settings.VAR / f"test-{slot}.lock", "a"))  # noqa: SIM115 - held
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return slot
    raise RuntimeError("a hundred test runs in one folder")
