"""Rows to measure on: rounds, users, and as many initiatives as wanted, made by PostgreSQL itself."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from django.db import connection, transaction
from django.utils import timezone

from municipalities.models import Membership, Municipality, Role, User
from reporting.models import PriceRate
from survey.models import SubmissionVersion, SurveyRound
from survey.rounds.lifecycle import record_opening

ANSWERED = 80  # of the 98, as in the survey of 2022: with all of them there would be no error to compute
FIRST_YEAR, PRICE_LEVEL = 2001, 2022
POPULATION_DATE = date(2021, 1, 1)

# Complete rows for the tables of working copies and of reported ones, varied so that no two texts, amounts
# or choices stand in a pattern; a text of 2022's report has some 300 characters.
TEN_FIELDS = """
    service_area, title, gross_expenditure, gross_income, funding_sources, legal_basis,
    primary_target_group, secondary_target_group, content, purpose, time_horizon, target_share,
    target_share_unknown, uuid, expenditure_basis, income_basis, scope, scope_reason
"""
VALUES = """
    (ARRAY['employment','daycare_school','general','social','culture_leisure','health_elderly'])[1 + n % 6],
    'Mentorer og fællesskab nr. ' || n,
    (n::bigint * 7919) % 4001,
    (n::bigint * 6007) % 803,
    CASE WHEN n % 3 = 0 THEN ARRAY['state','own'] ELSE ARRAY['own'] END::varchar(10)[],
    CASE WHEN n % 4 = 0 THEN 'Kommunalfuldmagten' ELSE 'Integrationsloven § ' || n % 60 END,
    (ARRAY['newly_arrived','broader_integration','majority_or_everyone'])[1 + n % 3],
    (ARRAY['men','women','children','other','several'])[1 + n % 5],
    'Frivillige mødes med familierne hver uge; "hold ' || n || '". '
        || repeat('Æøå, fx; ', 5 + (n % 40)::int),
    'Flere i arbejde og i foreninger. ' || repeat('Målet er ', 3 + (n % 20)::int),
    (ARRAY['1_year','2_4_years','permanent'])[1 + n % 3],
    CASE WHEN n % 7 > 0 THEN n % 101 END,
    n % 7 = 0,
    gen_random_uuid(), '', '', '', ''
"""


def build_user(name: str, role: Role, municipalities: Iterable[Municipality]) -> User:
    user = User.objects.create_user(f"{name}@bench.example", name)
    Membership.objects.bulk_create(
        Membership(user=user, role=role, municipality=municipality) for municipality in municipalities
    )
    return user


def build_round() -> SurveyRound:
    """An open round over a year that has none yet, whose prices have to be converted."""
    now = timezone.now()
    newest = SurveyRound.objects.order_by("accounts_year").last()
    survey_round = SurveyRound.objects.create(
        accounts_year=newest.accounts_year + 1 if newest else FIRST_YEAR,
        price_level=PRICE_LEVEL,
        population_date=POPULATION_DATE,
        opens_at=now - timedelta(days=10),
        deadline=now + timedelta(days=20),
        edit_until=now + timedelta(days=30),
    )
    with transaction.atomic():
        record_opening(survey_round, None, now)
    _build_rates()
    return survey_round


def build_working_copies(survey_round: SurveyRound, each: int, by: User) -> None:
    """`each` complete initiatives for every municipality of the round."""
    _execute(
        f"""INSERT INTO survey_initiative
            (submission_id, revision, created_at, updated_at, updated_by_id, {TEN_FIELDS})
        SELECT s.id, 1, now(), now(), %s, {VALUES.replace("%", "%%")}
        FROM survey_submission s, generate_series(1, %s) n WHERE s.round_id = %s""",
        [by.pk, each, survey_round.pk],
    )


def build_reported(count: int, by: User, answered: int = ANSWERED) -> SurveyRound:
    """A round with that many reported initiatives, a municipality's together, as handing in leaves them."""
    survey_round = build_round()
    submissions = survey_round.submissions.order_by("municipality__code")[:answered]
    versions = SubmissionVersion.objects.bulk_create(
        SubmissionVersion(
            submission=submission,
            number=1,
            receipt_number=f"{survey_round.accounts_year}-{submission.municipality.code}-1",
            submitted_at=timezone.now(),
            submitted_by=by,
            is_nil=False,
            initiative_count=count,
            checksum="0" * 64,
        )
        for submission in submissions.select_related("municipality")
    )
    _execute(
        f"""INSERT INTO survey_reportedinitiative (version_id, position, {TEN_FIELDS})
        SELECT (%s::bigint[])[1 + n::bigint * {answered} / %s], n + 1, {VALUES.replace("%", "%%")}
        FROM generate_series(0, %s - 1) n""",
        [[version.pk for version in versions], count, count],
    )
    _execute("VACUUM (ANALYZE) survey_reportedinitiative")  # as autovacuum would leave it
    _execute("ANALYZE")
    return survey_round


def _build_rates() -> None:
    PriceRate.objects.bulk_create(
        PriceRate(year=year, percent=Decimal("1.7"), published=date(2021, 7, 1), source="bench")
        for year in range(FIRST_YEAR, PRICE_LEVEL + 1)
        if not PriceRate.objects.filter(year=year).exists()
    )


def _execute(sql: str, parameters: list | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
