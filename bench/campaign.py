"""The overview and the chase list in the twentieth round of 98 municipalities with 200 initiatives each,
beside the very statements that each page asks, run bare one after the other."""

from collections.abc import Callable
from functools import partial

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from bench import rows
from bench.database import bare_connection
from bench.harness import Result, compare, milliseconds
from municipalities.models import Contact, Membership, Municipality, OutgoingMail, Role, User
from reporting.chase.listing import chase_list
from reporting.totals import round_totals
from survey.models import ChaseNote, RoundMail, SurveyRound
from survey.transitions import database_now

ROUNDS, EACH = 20, 200
TIMES = 5


def run() -> list[Result]:
    """The earlier rounds are complete; in the last 80 have answered, so that there is a list."""
    by = rows.build_user("campaign", Role.APPROVER, [])
    manager = rows.build_user("campaign-manager", Role.ROUND_MANAGER, [None])
    municipalities = list(Municipality.objects.all())
    _people(municipalities)
    for number in range(1, ROUNDS + 1):
        answered = rows.ANSWERED if number == ROUNDS else len(municipalities)
        survey_round = rows.build_reported(answered * EACH, by, answered)
        _contacts_with(survey_round, municipalities, manager)
    page = Client(HTTP_HOST="localhost")
    page.force_login(manager, backend="allauth.account.auth_backends.AuthenticationBackend")
    with bare_connection() as bare:
        listed = partial(_list, survey_round, manager)
        return [
            _compare("chase list, computed", listed, bare),
            *[
                _compare(f"{name}, whole page", partial(_get, page, name, survey_round), bare)
                for name in ("chase:chase", "reporting:overview")
            ],
        ]


def _list(survey_round: SurveyRound, user: User) -> None:
    assert chase_list(survey_round, round_totals(survey_round, database_now()), user).rows


def _get(page: Client, name: str, survey_round: SurveyRound) -> None:
    response = page.get(reverse(name, args=[survey_round.accounts_year]))
    assert response.status_code == 200, f"{name} answered {response.status_code}"


def _compare(what: str, work: Callable[[], None], bare) -> Result:
    work()
    with CaptureQueriesContext(connection) as asked:
        work()
    statements = [query["sql"] for query in asked.captured_queries if query["sql"].startswith("SELECT")]
    return compare(
        f"{what} ({len(asked)} queries)",
        milliseconds(work, TIMES),
        milliseconds(partial(_run, bare, statements), TIMES),
        unit="ms",
        rounds=5,
        at_most=2,
    )


def _run(bare, statements: list[str]) -> None:
    for statement in statements:
        bare.execute(statement, prepare=False).fetchall()


def _people(municipalities: list[Municipality]) -> None:
    users = User.objects.bulk_create(
        User(email=f"{one.code}-{number}@bench.example", name="A", last_login=timezone.now())
        for one in municipalities
        for number in range(5)
    )
    places = [one for one in municipalities for _number in range(5)]
    Membership.objects.bulk_create(
        Membership(user=user, municipality=place, role=Role.EDITOR)
        for user, place in zip(users, places, strict=True)
    )
    Contact.objects.bulk_create(
        Contact(municipality=one, name=f"K{number}", email=f"k{number}@{one.code}.example")
        for one in municipalities
        for number in range(2)
    )


def _contacts_with(survey_round: SurveyRound, municipalities: list[Municipality], by: User) -> None:
    """Five mails and three notes each."""
    mails = OutgoingMail.objects.bulk_create(
        OutgoingMail(to=f"k0@{one.code}.example", subject="Husk") for one in municipalities for _ in range(5)
    )
    places = [one for one in municipalities for _ in range(5)]
    RoundMail.objects.bulk_create(
        RoundMail(round=survey_round, municipality=place, to=mail.to, mail=mail, at=timezone.now())
        for place, mail in zip(places, mails, strict=True)
    )
    ChaseNote.objects.bulk_create(
        ChaseNote(round=survey_round, municipality=one, by=by, outcome=outcome, text="Ringet.")
        for one in municipalities
        for outcome in ("", "promised", "")
    )
