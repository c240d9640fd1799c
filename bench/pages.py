"""The initiative's form and its whole save over HTTP, beside a bare ModelForm of ten fields served alike."""

import contextlib
import os
import subprocess
import sys

from django.conf import settings
from django.db import connection

from bench import rows
from bench.harness import Result, compare
from bench.serving import Visitor, log_in, rate, served, visit
from municipalities.models import Municipality, Role, User
from survey.models import Initiative

CLIENTS, SECONDS, ROUNDS = (1, 8), 1.5, 5
BARE_SETTINGS = "bench.bare.settings"
TEXT = "Frivillige mødes med familierne hver uge og følger dem til foreninger, læge og jobcenter. " * 3
COMMON = {
    "title": "Mentorer til kvinder",
    "gross_income": "0",
    "legal_basis": "Kommunalfuldmagten",
    "content": TEXT,
    "purpose": TEXT,
    "target_share": "80",
}
OURS = COMMON | {
    "service_area": "employment",
    "gross_expenditure": "1.250",
    "funding_sources": ["state", "own"],
    "primary_target_group": "broader_integration",
    "secondary_target_group": "women",
    "time_horizon": "permanent",
}
BARE = COMMON | {
    "gross_expenditure": "1250",
    "funding_source": "own",
    "primary_target_group": "b",
    "secondary_target_group": "women",
}


def run() -> list[Result]:
    """Each client is another municipality's editor, so that none waits for another's lock."""
    with contextlib.ExitStack() as stack:
        make_bare_table()
        ours = stack.enter_context(served("config.wsgi", "config.settings"))
        bare = stack.enter_context(served("bench.bare.wsgi", BARE_SETTINGS))
        users = [
            rows.build_user(f"pages{number}", Role.EDITOR, [municipality])
            for number, municipality in enumerate(Municipality.objects.all()[: max(CLIENTS)])
        ]
        ours_and_bare = (ours, _our_visitors(ours, users)), (bare, bare_visitors(bare, users))
        return [_compare(count, posting, *ours_and_bare) for posting in (False, True) for count in CLIENTS]


def _compare(count: int, posting: bool, ours: tuple, bare: tuple) -> Result:
    def rate_of(port: int, visitors: list[Visitor]):
        return lambda: rate(port, visitors[:count], posting=posting, seconds=SECONDS)

    return compare(
        f"{'whole save' if posting else 'form page'}, {count} client{'s' if count > 1 else ''}",
        rate_of(*ours),
        rate_of(*bare),
        unit="/s",
        rounds=ROUNDS,
        at_least=0.7,
    )


def _our_visitors(port: int, users: list[User]) -> list[Visitor]:
    survey_round = rows.build_round()
    rows.build_working_copies(survey_round, 1, users[0])
    visitors = []
    for user in users:
        of_round = Initiative.objects.filter(submission__round=survey_round)
        initiative = of_round.visible_to(user).select_related("submission").get()
        cookie = log_in(user, settings.AUTHENTICATION_BACKENDS[0])
        visitors.append(visit(port, initiative.get_absolute_url(), cookie, OURS))
    return visitors


def make_bare_table() -> None:
    """In a process of its own: its settings are not ours."""
    subprocess.run(
        [sys.executable, "-m", "django", "migrate", "--run-syncdb", "--verbosity", "0"],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": BARE_SETTINGS, "PYTHONPATH": str(settings.BASE_DIR)},
        check=True,
    )


def bare_visitors(port: int, users: list[User]) -> list[Visitor]:
    row = (1250, 0, "own", "Kommunalfuldmagten", "b", "women", TEXT, TEXT, 80, "Mentorer til kvinder")
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO bare_plain (gross_expenditure, gross_income, funding_source, legal_basis,
                primary_target_group, secondary_target_group, content, purpose, target_share, title)
            SELECT %s, %s, %s, %s, %s, %s, %s, %s, %s, %s FROM generate_series(1, %s) RETURNING id""",
            [*row, len(users)],
        )
        keys = [key for (key,) in cursor.fetchall()]
    backend = settings.AUTHENTICATION_BACKENDS[0]
    return [
        visit(port, f"/{key}/", log_in(user, backend), BARE) for key, user in zip(keys, users, strict=True)
    ]
