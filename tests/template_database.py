"""The database that each process's test database is a copy of: all migrations run once, not once a process.

Its comment tells which migrations those were; with others it is made anew.
"""

import hashlib

from django.conf import settings
from django.core.management import call_command
from django.db import connection

NAME = "indsatskort_template"
LOCK = 20260115  # any number that nothing else locks by


def made() -> str:
    """Its name. Of several processes the first makes it, and the others wait."""
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        cursor.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [NAME]
        )
        if cursor.fetchone() != (_migrations(),):
            cursor.execute(f"DROP DATABASE IF EXISTS {NAME}")
            cursor.execute(f"CREATE DATABASE {NAME}")
            _migrate()
            cursor.execute(f"COMMENT ON DATABASE {NAME} IS '{_migrations()}'")
    return NAME


def _migrate() -> None:
    name = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = NAME
    try:
        call_command("migrate", verbosity=0)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = name


def _migrations() -> str:
    """Ours by their text, others' by the versions of their packages."""
    files = [settings.BASE_DIR / "requirements.txt", *sorted(settings.BASE_DIR.glob("*/migrations/*.py"))]
    return hashlib.sha256(b"\n".join(file.read_bytes() for file in files)).hexdigest()
