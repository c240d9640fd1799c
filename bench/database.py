"""A database of the benchmarks' own, gone when they are done; never the demo's.

Without DATABASE_URL an embedded PostgreSQL in a temporary folder, otherwise a new database on that server.
"""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import django
import psycopg

from config import embedded_postgres


@contextlib.contextmanager
def temporary() -> Iterator[None]:
    """Django, set up on an empty database with the schema, the reference data and the static files."""
    with tempfile.TemporaryDirectory(prefix="indsatskort-bench-") as folder, contextlib.ExitStack() as stack:
        os.chmod(folder, 0o755)  # root runs PostgreSQL as nobody, who must reach it
        os.environ |= {"VAR_DIR": folder, "DJANGO_SETTINGS_MODULE": "config.settings"}
        if "DATABASE_URL" in os.environ:
            stack.enter_context(_on_server(os.environ["DATABASE_URL"]))
        else:
            stack.enter_context(embedded_postgres.running(Path(folder) / "postgres"))
        django.setup()
        _prepare()
        stack.callback(_close)
        yield


@contextlib.contextmanager
def _on_server(server: str) -> Iterator[None]:
    name = f"indsatskort_bench_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        os.environ["DATABASE_URL"] = urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
        try:
            yield
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
            os.environ["DATABASE_URL"] = server


def _prepare() -> None:
    from django.core.management import call_command

    from municipalities import reference_data

    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("migrate", interactive=False, verbosity=0)
    reference_data.load()


def _close() -> None:
    from django.db import connections

    connections.close_all()


def bare_connection() -> psycopg.Connection:
    """The same database by psycopg alone."""
    from django.db import connection

    parameters = connection.get_connection_params()
    names = ("host", "port", "user", "password", "dbname")
    return psycopg.connect(**{name: parameters[name] for name in names if parameters.get(name)})
