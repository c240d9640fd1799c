"""The national estimate beside the one grouped query that it rests on, as the database grows."""

from functools import partial

from bench import rows
from bench.database import bare_connection
from bench.harness import Result, compare, milliseconds
from municipalities.models import Role
from reporting.national import national_estimate
from survey.models import SubmissionVersion, SurveyRound

SIZES = (706, 10_000, 100_000, 1_000_000)  # 706 as in the survey of 2022

# The least that any answer must do. Which versions count is given: finding out is part of ours, not of this.
GROUPED = """
SELECT version_id, service_area, sum(gross_expenditure), sum(gross_income), count(*)
FROM survey_reportedinitiative WHERE version_id = ANY(%s::bigint[]) GROUP BY 1, 2
"""


def run() -> list[Result]:
    """Each size is a round of its own in one growing table; the first is measured again at the end."""
    by = rows.build_user("estimate", Role.APPROVER, [])
    with bare_connection() as connection:
        rounds, results = {}, []
        for size in SIZES:
            rounds[size] = rows.build_reported(size, by)
            results.append(_compare(f"estimate of {size:,} initiatives", rounds[size], size, connection))
        among = f"estimate of {SIZES[0]:,} among {sum(SIZES):,}"
        return [*results, _compare(among, rounds[SIZES[0]], SIZES[0], connection)]


def _compare(what: str, survey_round: SurveyRound, size: int, connection) -> Result:
    times = max(1, 20_000 // size)
    versions = list(
        SubmissionVersion.objects.filter(submission__round=survey_round).values_list("pk", flat=True)
    )
    return compare(
        what,
        milliseconds(partial(national_estimate, survey_round), times),
        milliseconds(lambda: connection.execute(GROUPED, [versions], prepare=False).fetchall(), times),
        unit="ms",
        rounds=5,
        at_most=1.5,
    )
