"""The hit list of one round among twenty, 1,000,000 reported initiatives in all, beside the statements that
it asks, run bare one after the other, and its numpy on arrays that are there already."""

from functools import partial
from unittest.mock import patch

import numpy as np
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench import rows
from bench.database import bare_connection
from bench.harness import Result, compare, milliseconds
from municipalities.models import Role
from reporting.review import catalogue
from reporting.review.hits import hit_list
from reporting.review.judging import judged, too_few
from reporting.review.pointing import CLASSES
from reporting.review.reading import before, reported
from reporting.review.scoring import remaining
from reporting.strata import size_class
from reporting.totals import RoundTotals, round_totals
from survey.models import SurveyRound
from survey.transitions import database_now

ROUNDS, A_ROUND = 20, 50_000
TIMES = 3
# An initiative goes on from round to round, at an amount some per cent off.
GOING_ON = rows.VALUES.replace("gen_random_uuid()", "md5(n::text)::uuid").replace(
    "(n::bigint * 7919) % 4001", "((n::bigint * 7919) % 4001) * (90 + (random() * 20)::int) / 100"
)


def build() -> SurveyRound:
    """The last round; some 2,500 of its initiatives passed a warning, 10,000 are accepted, 200 adjusted."""
    by = rows.build_user("review", Role.APPROVER, [])
    with patch.object(rows, "VALUES", GOING_ON):
        for _number in range(ROUNDS):
            survey_round = rows.build_reported(A_ROUND, by)
    mine = """FROM survey_reportedinitiative i JOIN survey_submissionversion v ON v.id = i.version_id
        JOIN survey_submission s ON s.id = v.submission_id WHERE s.round_id = %s AND"""
    _execute(
        f"""INSERT INTO survey_passedwarning (initiative_id, rule, message, reason)
        SELECT i.id, 'expenditure_zero', 'Se efter.', 'Efterset.' {mine} i.position %% 20 = 3""",
        survey_round,
    )
    for kind, amount, which in (("accepted", "NULL", "%% 5 = 1"), ("adjusted", "125", "%% 250 = 2")):
        _execute(
            f"""INSERT INTO survey_adjustment (initiative_id, kind, service_area, gross_expenditure,
            primary_target_group, out_of_scope, reason, explanation, in_bulk, at, by_id)
            SELECT i.id, '{kind}', '', {amount}, '', false, {"''" if kind == "accepted" else "'other'"},
            {"''" if kind == "accepted" else "'Aftalt.'"}, false, now(), {by.pk} {mine} i.position {which}""",
            survey_round,
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return survey_round


def run() -> list[Result]:
    survey_round = build()
    totals = round_totals(survey_round, database_now())
    listed = partial(hit_list, survey_round, totals)
    count = len(listed().hits)
    with CaptureQueriesContext(connection) as asked:
        listed()
    statements = [query["sql"] for query in asked.captured_queries if query["sql"].startswith("SELECT")]
    numbers = _numbers(survey_round, totals)
    with bare_connection() as bare:
        return [
            compare(
                f"hit list of {A_ROUND:,} initiatives, {count:,} rows ({len(asked)} queries)",
                milliseconds(listed, TIMES),
                milliseconds(partial(_bare, bare, statements, numbers), TIMES),
                unit="ms",
                rounds=3,
                at_most=2,
            )
        ]


def _bare(bare, statements: list[str], numbers) -> None:
    for statement in statements:
        bare.execute(statement, prepare=False).fetchall()
    numbers()


def _numbers(survey_round: SurveyRound, totals: RoundTotals):
    """What the list computes, on arrays."""
    answered = [row for row in totals.returns if row.version is not None]
    versions = [row.version for row in answered if row.version is not None]
    now = reported({version: place for place, version in enumerate(versions)}, totals.adjustments)
    earlier = before(survey_round, totals, [row.code for row in answered], now, survey_round.price_level)
    inhabitants = np.array([row.inhabitants for row in answered], dtype=float)
    classes = np.array([CLASSES.index(size_class(row.inhabitants)) for row in answered])
    rules = {"unlike": catalogue.PEERS, "changed": catalogue.CHANGE}

    def numbers() -> None:
        units = judged(
            now.expenditure,
            inhabitants[now.places],
            classes[now.places],
            too_few(classes),
            earlier.initiatives,
            is_sum=False,
            **rules,
        )
        suspicion = units.suspicion
        sums = np.bincount(now.places, units.amounts, len(answered))
        judged(sums, inhabitants, classes, too_few(classes), earlier.answers, is_sum=True, **rules)
        influence = np.abs(units.amounts - units.expected)
        order = np.argsort(-suspicion * influence)
        remaining(influence[order], suspicion[order] > 0)

    return numbers


def _execute(sql: str, survey_round: SurveyRound) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, [survey_round.pk])
