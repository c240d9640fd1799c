"""Rounds with many answers, handed in without going through the pages."""

import random
import uuid
from datetime import date

from django.utils import timezone

from municipalities import reference_data
from reporting.models import PriceRate
from survey.models import (
    Adjustment,
    PassedWarning,
    ReportedInitiative,
    ServiceArea,
    SubmissionVersion,
    SurveyRound,
)
from tests.builders import answers, build_adjustment, build_round

TITLES = ("Mentorer til kvinder", "Sprogcafe", "Lektiehjælp efter skole", "Familiebesøg i hjemmet")
WARNED = ("expenditure_in_kroner", "phone_number")


def hand_in_rows(survey_round: SurveyRound, by, rows: dict[str, list[dict]]) -> list[ReportedInitiative]:
    """The initiatives of each municipality (by code) as its first version; an empty list is a nil return."""
    versions = []
    for submission in survey_round.submissions.select_related("municipality").order_by("municipality__code"):
        count = len(rows.get(submission.municipality.code, []))
        if submission.municipality.code in rows:
            versions.append(
                SubmissionVersion(
                    submission=submission,
                    number=1,
                    receipt_number=f"{survey_round.accounts_year}-{submission.municipality.code}-1",
                    submitted_at=timezone.now(),
                    submitted_by=by,
                    is_nil=not count,
                    initiative_count=count,
                    checksum="0" * 64,
                )
            )
    return ReportedInitiative.objects.bulk_create(
        ReportedInitiative(version=version, position=position, **answers(**fields))
        for version in SubmissionVersion.objects.bulk_create(versions)
        for position, fields in enumerate(rows[version.submission.municipality.code], start=1)
    )


def build_two_rounds(by, seed: int, answered: int = 60) -> SurveyRound:
    """2025 after 2024, at 2026's prices: half of the initiatives go on, some are zeros, repeated, adjusted
    or passed with a reason, and one municipality has nothing to report."""
    chance = random.Random(seed)
    reference_data.load()
    PriceRate.objects.bulk_create(
        PriceRate(year=year, percent=percent, published=date(2024, 7, 1), source="test")
        for year, percent in ((2025, "3.1"), (2026, "2.7"))
    )
    dates = {"population_date": date(2026, 1, 1), "price_level": 2026}
    before, now = build_round(accounts_year=2024, **dates), build_round(accounts_year=2025, **dates)
    codes = list(now.submissions.order_by("municipality__code").values_list("municipality__code", flat=True))
    then = {code: _answer(chance) for code in chance.sample(codes, answered)}
    rows = {code: _next_year(chance, then.get(code, [])) for code in chance.sample(codes, answered)}
    rows[min(rows)] = []
    old = hand_in_rows(before, by, then)
    new = hand_in_rows(now, by, rows)
    for one in chance.sample(old, 5):
        build_adjustment(one, by, gross_expenditure=chance.randrange(5000))
    for one in chance.sample(new, 8):
        build_adjustment(one, by, **chance.choice(({"gross_expenditure": 40}, {"out_of_scope": True})))
    for one in chance.sample(new, 20):
        Adjustment.objects.create(initiative=one, kind="accepted", at=timezone.now(), by=by)
    PassedWarning.objects.bulk_create(
        PassedWarning(initiative=one, rule=chance.choice(WARNED), message="Se efter.", reason="Efterset.")
        for one in chance.sample(new, 25)
    )
    return now


def _answer(chance: random.Random) -> list[dict]:
    return [_initiative(chance) for _n in range(chance.randint(1, 9))]


def _initiative(chance: random.Random) -> dict:
    spent = int(chance.lognormvariate(5.5, 1.2)) * (chance.random() > 0.05)
    return {
        "uuid": uuid.UUID(int=chance.getrandbits(128)),
        "title": f"{chance.choice(TITLES)} {chance.randint(1, 3)}",
        "service_area": chance.choice(ServiceArea.values),
        "gross_expenditure": spent * 1000 if chance.random() < 0.02 else spent,
        "gross_income": chance.choice((0, 0, 40)),
    }


def _next_year(chance: random.Random, before: list[dict]) -> list[dict]:
    going_on = [
        row | {"gross_expenditure": int(row["gross_expenditure"] * chance.lognormvariate(0.05, 0.3))}
        for row in before
        if chance.random() < 0.7
    ]
    rows = [*going_on, *_answer(chance)]
    if chance.random() < 0.3:
        rows.append(rows[0] | {"uuid": uuid.UUID(int=chance.getrandbits(128))})
    return rows
