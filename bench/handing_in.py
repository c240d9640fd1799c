"""Handing in (judge, seal, copy every row, write the event, commit) beside one row inserted and committed."""

import time

from bench import rows
from bench.database import bare_connection
from bench.harness import Result, compare
from municipalities.models import Municipality, Role
from survey import canonical, transitions
from survey.models import Submission

EACH = 9  # initiatives in a submission; 706 from 80 municipalities in 2022
ROUNDS = 5


def run() -> list[Result]:
    """All 98 hand in, one after the other, in each round."""
    by = rows.build_user("handing_in", Role.APPROVER, Municipality.objects.all())
    submissions = [_ready_to_hand_in(by) for _ in range(ROUNDS + 1)]
    with bare_connection() as connection:
        connection.autocommit = True
        connection.execute("CREATE TABLE bench_row (id bigserial PRIMARY KEY, text text)")
        return [
            compare(
                f"hand-ins of {EACH} initiatives, beside INSERT and commit",
                lambda: _hand_in(submissions.pop(), by),
                lambda: _insert(connection, 98),
                unit="/s",
                rounds=ROUNDS,
            )
        ]


def _ready_to_hand_in(by) -> list[tuple[int, str]]:
    """Each submission of a new round with the checksum that its page would show."""
    survey_round = rows.build_round()
    rows.build_working_copies(survey_round, EACH, by)
    submissions = Submission.objects.filter(round=survey_round).select_related("round", "municipality")
    return [(s.pk, canonical.seal(**s.answer(list(s.initiatives.order_by("pk"))))) for s in submissions]


def _hand_in(submissions: list[tuple[int, str]], by) -> float:
    began = time.perf_counter()
    for pk, seen in submissions:
        transitions.hand_in(submission_id=pk, by=by, seen=seen)
    return len(submissions) / (time.perf_counter() - began)


def _insert(connection, count: int) -> float:
    began = time.perf_counter()
    for number in range(count):
        connection.execute("INSERT INTO bench_row (text) VALUES (%s)", [f"row {number}"])
    return count / (time.perf_counter() - began)
