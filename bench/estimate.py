"""The estimate, and the page that shows it, beside the one grouped query that they rest on."""

from functools import partial

from django.test import Client
from django.urls import reverse

from bench import rows
from bench.database import bare_connection
from bench.harness import Result, compare, milliseconds
from municipalities.models import Role
from reporting.national import national_estimate
from reporting.strata import METHODS
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
    page = Client(HTTP_HOST="localhost")
    page.force_login(
        rows.build_user("estimate-reviewer", Role.REVIEWER, [None]),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    with bare_connection() as connection:
        rounds, results = {}, []
        for size in SIZES:
            rounds[size] = rows.build_reported(size, by)
            work = partial(national_estimate, rounds[size])
            what = f"estimate of {size:,} initiatives"
            results.append(_compare(what, work, rounds[size], size, connection))
        largest, first = rounds[SIZES[-1]], rounds[SIZES[0]]
        work = partial(national_estimate, largest, methods=list(METHODS))
        results.append(_compare(f"all methods of {SIZES[-1]:,}", work, largest, SIZES[-1], connection))
        work = partial(_get, page, reverse("reporting:estimate", args=[largest.accounts_year]))
        results.append(_compare(f"estimate page of {SIZES[-1]:,}", work, largest, SIZES[-1], connection))
        among = f"estimate of {SIZES[0]:,} among {sum(SIZES):,}"
        work = partial(national_estimate, first)
        return [*results, _compare(among, work, first, SIZES[0], connection)]


def _get(page: Client, address: str) -> None:
    response = page.get(address)
    assert response.status_code == 200, f"{address} answered {response.status_code}"


def _compare(what: str, work, survey_round: SurveyRound, size: int, connection) -> Result:
    times = max(1, 20_000 // size)
    versions = list(
        SubmissionVersion.objects.filter(submission__round=survey_round).values_list("pk", flat=True)
    )
    return compare(
        what,
        milliseconds(work, times),
        milliseconds(lambda: connection.execute(GROUPED, [versions], prepare=False).fetchall(), times),
        unit="ms",
        rounds=5,
        at_most=1.5,
    )
