#!/usr/bin/env python
"""Django's commands. Without DATABASE_URL the embedded database runs for as long as the command does."""

import contextlib
import os
import sys

WITHOUT_DATABASE = {
    "help",
    "version",
    "check",
    "diffsettings",
    "collectstatic",
    "makemessages",
    "compilemessages",
}
RECORDED = {"createsuperuser", "changepassword", "load_reference"}
# A statistician checks the estimators on a file, and no database comes into it.
WITHOUT_DATABASE_OPTIONS = ("-h", "--help", "--version", "--from-csv")


def needs_database(arguments: list[str]) -> bool:
    command = arguments[0] if arguments else "help"
    return command not in WITHOUT_DATABASE and not any(
        argument.split("=")[0] in WITHOUT_DATABASE_OPTIONS for argument in arguments
    )


def database():
    """What a command is to run within."""
    if "DATABASE_URL" in os.environ or not needs_database(sys.argv[1:]):
        return contextlib.nullcontext()
    from django.conf import settings

    from config import embedded_postgres

    return embedded_postgres.running(settings.VAR / "postgres")


def recorded(arguments: list[str]):
    """What the command writes into the trail bears its name."""
    if not arguments or arguments[0] not in RECORDED:
        return contextlib.nullcontext()
    import pghistory

    return pghistory.context(command=arguments[0])


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    from config.embedded_postgres import EmbeddedPostgresError

    try:
        with database(), recorded(sys.argv[1:]):
            execute_from_command_line(sys.argv)
    except (EmbeddedPostgresError, ImproperlyConfigured) as error:
        sys.exit(f"manage.py: {error}")


if __name__ == "__main__":
    main()
