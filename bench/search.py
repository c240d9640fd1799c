"""Search and likeness over 1,000,000 reported initiatives in 20 rounds, beside the plain statement of each.

The texts are made-up words, drawn as in natural language: the k-th commonest 1/k as often as the commonest,
which is in nearly every text. Initiatives go on from round to round with the same texts.
"""

import random
import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial

from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bench import rows
from bench.database import bare_connection
from bench.harness import Result, compare
from municipalities.models import Role
from reporting.review import search as full_text
from survey.models import ReportedInitiative, SubmissionVersion, SurveyRound

INITIATIVES, ROUNDS = 1_000_000, 20
SEARCHES = 200
WORDS = 20_000
SYLLABLES = [a + b for a in "bdfgklmnprstv" for b in ("a", "e", "ind", "ol", "æn", "ør", "um")][:30]
INDEX = "CREATE INDEX reported_search ON survey_reportedinitiative USING gin (search)"
COLUMNS = rows.TEN_FIELDS.replace("uuid, ", "")
# `n +` makes each row's words its own: PostgreSQL would draw once for all otherwise.
TEXT = f"""(SELECT string_agg(s.a[1 + k %% 30] || s.a[1 + k / 30 %% 30] || s.a[1 + k / 900 %% 30], ' ')
    FROM (SELECT floor(power({WORDS}, random()))::int AS k FROM generate_series(n - n + 1, %s)) AS drawn,
        (SELECT %s::text[] AS a) AS s)"""
PLAIN_SEARCH = """
    SELECT id FROM survey_reportedinitiative
    WHERE version_id = ANY(%s) AND search @@ websearch_to_tsquery('danish', %s)
    ORDER BY ts_rank(search, websearch_to_tsquery('danish', %s)) DESC, gross_expenditure DESC, id LIMIT 50
"""
PLAIN_SIMILAR = """
    SELECT id FROM survey_reportedinitiative
    WHERE version_id = ANY(%s) AND search @@ replace(plainto_tsquery('danish', %s)::text, '&', '|')::tsquery
    ORDER BY ts_rank(search, replace(plainto_tsquery('danish', %s)::text, '&', '|')::tsquery) DESC LIMIT 8
"""


def run() -> list[Result]:
    """The 95th percentile of 200 each. No bound on the ratio: the plain statement ranks all it finds."""
    survey_round, reviewer = _build()
    versions = list(
        SubmissionVersion.objects.filter(submission__round=survey_round).values_list("pk", flat=True)
    )
    chance = random.Random(1)
    queries = [" ".join(_word(chance) for _ in range(1 + n % 3)) for n in range(SEARCHES)]
    reported = list(ReportedInitiative.objects.filter(version__in=versions).values_list("pk", "title"))
    chosen = chance.sample(reported, SEARCHES)
    page = Client(HTTP_HOST="localhost")
    page.force_login(reviewer, backend="allauth.account.auth_backends.AuthenticationBackend")
    with bare_connection() as bare:
        plain = partial(_plain, bare, versions)
        searched = [partial(plain, PLAIN_SEARCH, words) for words in queries]
        alike = [partial(plain, PLAIN_SIMILAR, title) for _pk, title in chosen]
        return [
            _compare(
                "search with snippets", [partial(_search, words, versions) for words in queries], searched
            ),
            _compare("similar", [partial(full_text.similar, pk, versions) for pk, _title in chosen], alike),
            _compare(
                "search, whole page", [partial(_page, page, survey_round, q) for q in queries], searched
            ),
        ]


def _compare(what: str, ours: Sequence[Callable], bare: Sequence[Callable]) -> Result:
    name = f"{what}, p95 of {SEARCHES}"
    return compare(name, partial(_p95, ours), partial(_p95, bare), unit="ms", rounds=3)


def _p95(work: Iterable[Callable[[], object]]) -> float:
    """Milliseconds."""
    taken = []
    for one in work:
        began = time.perf_counter()
        one()
        taken.append(1000 * (time.perf_counter() - began))
    return statistics.quantiles(taken, n=20)[-1]


def _search(words: str, versions: list[int]) -> None:
    full_text.snippets(words, full_text.search(words, versions).ids[:50])


def _plain(bare, versions: list[int], statement: str, words: str) -> None:
    bare.execute(statement, [versions, words, words], prepare=False).fetchall()


def _page(page: Client, survey_round: SurveyRound, words: str) -> None:
    response = page.get(reverse("reporting:search", args=[survey_round.accounts_year]), {"q": words})
    assert response.status_code == 200, f"the search answered {response.status_code}"


def _word(chance: random.Random) -> str:
    k = int(WORDS ** chance.random())
    return SYLLABLES[k % 30] + SYLLABLES[k // 30 % 30] + SYLLABLES[k // 900 % 30]


def _build():
    """(the last of the rounds, a reviewer); the index is made when the rows stand."""
    by = rows.build_user("search", Role.APPROVER, [])
    reviewer = rows.build_user("searcher", Role.REVIEWER, [None])
    rounds = [rows.build_round() for _ in range(ROUNDS)]
    each = INITIATIVES // ROUNDS
    first, *later = [[version.pk for version in _versions(one, each, by)] for one in rounds]
    with connection.cursor() as cursor:
        cursor.execute("SELECT setseed(0.5)")
        cursor.execute("DROP INDEX reported_search")
        cursor.execute(*_insert_of_the_first(first, each))
        for versions in later:
            cursor.execute(
                f"""INSERT INTO survey_reportedinitiative (version_id, position, uuid, {COLUMNS})
                SELECT c.version, position, uuid, {COLUMNS} FROM survey_reportedinitiative
                JOIN unnest(%s::bigint[], %s::bigint[]) AS c (before, version) ON version_id = c.before""",
                [first, versions],
            )
        cursor.execute(INDEX)
        cursor.execute("VACUUM (ANALYZE) survey_reportedinitiative")
        cursor.execute("ANALYZE")
    return rounds[-1], reviewer


def _versions(survey_round: SurveyRound, each: int, by) -> list[SubmissionVersion]:
    return SubmissionVersion.objects.bulk_create(
        SubmissionVersion(
            submission=submission,
            number=1,
            receipt_number=f"{survey_round.accounts_year}-{submission.municipality.code}-1",
            submitted_at=timezone.now(),
            submitted_by=by,
            is_nil=False,
            initiative_count=each,
            checksum="0" * 64,
        )
        for submission in survey_round.submissions.order_by("municipality__code").select_related(
            "municipality"
        )
    )


def _insert_of_the_first(versions: list[int], each: int) -> tuple[str, list]:
    """Like rows.build_reported, with texts of their own: a title of 5 words, 30 of content, 15 of purpose."""
    values = rows.VALUES.replace("%", "%%")
    start, end = values.index("'Mentorer"), values.index("(n::bigint * 7919)")
    values = values[:start] + f"left(initcap({TEXT}), 200),\n    " + values[end:]
    start, end = values.index("'Frivillige"), values.index("(ARRAY['1_year'")
    values = values[:start] + f"{TEXT}, {TEXT},\n    " + values[end:]
    statement = f"""INSERT INTO survey_reportedinitiative (version_id, position, {rows.TEN_FIELDS})
        SELECT (%s::bigint[])[1 + n::bigint * {len(versions)} / %s], n + 1, {values}
        FROM generate_series(0, %s - 1) n"""
    texts = [value for words in (5, 30, 15) for value in (words, SYLLABLES)]
    return statement, [versions, each, *texts, each]
