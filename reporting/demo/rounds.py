"""The demo's two rounds over the real municipalities; every amount in them is made up.

2019 is closed and reproduces the margins that the published report states (initiatives_2019.csv,
returns_2019.csv). 2025 is open, with municipalities at every stage.
"""

import csv
from datetime import date, datetime, timedelta
from pathlib import Path

from django.utils import timezone

from municipalities.models import User
from reporting.demo import review
from reporting.demo.history import done_by
from reporting.demo.workspace import beside, enter, load_dialogue, load_feedback, load_odense, passed_by
from reporting.models import PriceRate
from survey.adjusting import adjust
from survey.copying import AMOUNTS, COPIED
from survey.models import (
    AdjustmentReason,
    Initiative,
    ReportedInitiative,
    RoundEvent,
    ServiceArea,
    Submission,
    SubmissionEvent,
    SurveyRound,
)
from survey.rounds.lifecycle import record, record_opening
from survey.transitions import move, record_hand_in

FOLDER = Path(__file__).parent
RATES = {2020: "1.9", 2021: "1.4", 2022: "1.7", 2023: "2.5", 2024: "2.5", 2025: "2.5", 2026: "2.5"}
NOT_COPIED_YET = 4  # of those that Odense's 2019 goes on with
GROWTH = 115  # pct. of 2019's amounts, for the open round
COMMENT = (
    "Se venligst på de to største indsatser igen: er beløbene i hele 1.000 kr., og er lovbundne "
    "opgaver trukket fra?"
)


def load_rates() -> None:
    PriceRate.objects.bulk_create(
        PriceRate(
            year=year,
            percent=percent,
            published=date(2021, 6, 1),
            is_forecast=year >= 2021,
            source="Illustrativ sats til demoen, ikke KL's",
            recorded_at=_local(2021, 6, 1),
        )
        for year, percent in RATES.items()
    )


def load_closed_round(signers: dict[str, User], cast: dict[str, User]) -> None:
    survey_round = SurveyRound.objects.create(
        accounts_year=2019,
        price_level=2022,
        questionnaire_version=1,
        population_date=date(2021, 1, 1),
        opens_at=_local(2021, 10, 4, 8),
        deadline=_local(2021, 10, 29),
        edit_until=_local(2021, 12, 17),
        is_demo=True,
    )
    record_opening(survey_round, cast["Rikke"], survey_round.opens_at)
    outcomes = {row["municipality_code"]: row["outcome"] for row in _rows("returns_2019.csv")}
    rows_of = _grouped((row["municipality_code"], _fields(row)) for row in _rows("initiatives_2019.csv"))
    moments = _office_hours()
    for submission in _submissions(survey_round):
        code = submission.municipality.code
        if outcomes[code] == "no_response":
            continue
        handed_in_at = next(moments)
        begun_at = handed_in_at - timedelta(days=3)
        initiatives = enter(submission, rows_of.get(code, []), signers[code], begun_at, "imported")
        version = record_hand_in(submission, initiatives, by=signers[code], at=handed_in_at)
        _review(submission, version, *APPROVED, cast, handed_in_at)
    closed_at = survey_round.edit_until + timedelta(hours=2)
    record(survey_round, RoundEvent.Kind.CLOSED, cast["Rikke"], closed_at, state=SurveyRound.State.CLOSED)


def _office_hours():
    """Four answers a working day from 11 October 2021 to the deadline, then one a day."""
    day = _local(2021, 10, 11, 9)
    while True:
        if day.weekday() < 5:
            late = day >= _local(2021, 10, 29)
            for hours in (4,) if late else (0, 2, 4, 6):
                yield day + timedelta(hours=hours, minutes=7 * day.day % 60)
        day += timedelta(days=1)


def load_open_round(signers: dict[str, User], cast: dict[str, User]) -> SurveyRound:
    today = timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0)
    survey_round = SurveyRound.objects.create(
        accounts_year=2025,
        price_level=2026,
        population_date=date(2026, 1, 1),
        opens_at=today - timedelta(days=14),
        deadline=today + timedelta(days=30),
        edit_until=today + timedelta(days=44),
        is_demo=True,
    )
    record_opening(survey_round, cast["Rikke"], survey_round.opens_at)
    earlier = _grouped(_earlier_initiatives())
    for index, submission in enumerate(_submissions(survey_round)):
        code = submission.municipality.code
        stage = {"461": "begun", "751": "returned", "101": "submitted", "851": "submitted"}.get(
            code
        ) or STAGES[index % len(STAGES)]
        rows = review.typed(code, earlier.get(code, []))
        _to_stage(submission, stage, rows, signers[code], cast, today + timedelta(minutes=index))
    _adjust(survey_round, cast)
    submissions = {one.municipality.code: one for one in _submissions(survey_round)}
    load_feedback([one for one in submissions.values() if one.state != Submission.State.DRAFT])
    load_odense(submissions["461"], cast)
    load_dialogue(submissions["751"], cast)
    review.load_review(survey_round, cast)
    return survey_round


APPROVED = (Submission.State.APPROVED, SubmissionEvent.Kind.APPROVED)
RETURNED = (Submission.State.RETURNED, SubmissionEvent.Kind.RETURNED)

# A cycle of ten over the municipalities in Danish order.
STAGES = (
    "submitted",
    "silent",
    "begun",
    "approved",
    "submitted",
    "silent",
    "nil",
    "submitted",
    "returned",
    "begun",
)


def _to_stage(submission, stage, rows, signer, cast, at) -> None:
    at -= timedelta(days=9)
    if stage == "silent" or (not rows and stage != "nil"):
        return
    is_odense = submission.municipality.code == "461"
    by = cast["Anna"] if is_odense else signer
    begun_at = submission.round.opens_at + timedelta(days=1)
    rows = [] if stage == "nil" else rows[:-NOT_COPIED_YET] if is_odense else rows
    initiatives = enter(submission, rows, by, begun_at, "copied")
    if stage == "begun":
        return _leave_unfinished(initiatives[-1], by)
    warnings = passed_by(submission, initiatives, by)
    version = record_hand_in(submission, initiatives, warnings, by=by, at=at)
    if stage == "approved":
        _review(submission, version, *APPROVED, cast, at)
    if stage == "returned":
        _review(submission, version, *RETURNED, cast, at, COMMENT, submission.round.deadline)


def _review(submission, version, state, kind, cast, at, comment="", due_at=None) -> None:
    move(submission, state, version, kind, cast["Mette"], at + timedelta(days=2), comment, due_at)


ADJUSTMENTS = (  # municipality, title, reason, explanation, what counts instead
    (
        "851",
        "Netværksgrupper for enlige mødre",
        AdjustmentReason.KRONER,
        "Kommunen oplyser, at udgiften til kaffe og kage er skrevet i kroner.",
        {"gross_expenditure": 1},
    ),
    (
        "751",
        "Ekstra hjemmebesøg af sundhedsplejersken",
        AdjustmentReason.SERVICE_AREA,
        "Sundhedsplejen hører under sundhedsområdet.",
        {"service_area": ServiceArea.HEALTH_ELDERLY.value},
    ),
    (
        "851",
        "Vejledningsforløb for nyankomne 15-17-årige",
        AdjustmentReason.STATUTORY,
        "Vejledning af 15-17-årige er en lovbunden opgave.",
        {"out_of_scope": True},
    ),
)


def _adjust(survey_round, cast) -> None:
    for code, title, reason, explanation, values in ADJUSTMENTS:
        initiative = ReportedInitiative.objects.reported().get(
            version__submission__round=survey_round,
            version__submission__municipality__code=code,
            title=title,
        )
        adjust(
            initiative_id=initiative.pk,
            by=cast["Mette"],
            seen=None,
            reason=reason,
            explanation=explanation,
            **values,
        )


def _leave_unfinished(last: Initiative, editor: User) -> None:
    """What a caseworker in the middle of it leaves: amounts not found yet, a purpose not written."""
    last.gross_expenditure = last.gross_income = None
    last.expenditure_basis = last.income_basis = last.purpose = ""
    with done_by(editor):
        last.save()


def _submissions(survey_round):
    return survey_round.submissions.select_related("round", "municipality").order_by("municipality__sort_key")


def _grouped(pairs) -> dict[str, list[dict]]:
    """Fields of initiatives by municipality code, from (code, fields)."""
    grouped: dict[str, list[dict]] = {}
    for code, fields in pairs:
        grouped.setdefault(code, []).append(fields)
    return grouped


def _fields(row: dict) -> dict:
    share = row["target_share_pct"]
    texts = ("service_area", "title", "legal_basis", "primary_target_group", "secondary_target_group")
    return {name: row[name] for name in (*texts, "content", "purpose", "time_horizon")} | {
        "gross_expenditure": int(row["gross_expenditure"]),
        "gross_income": int(row["gross_income"]),
        "funding_sources": row["funding_sources"].split(";"),
        "target_share": int(share) if share else None,
        "target_share_unknown": not share,
    }


def _earlier_initiatives():
    """The closed round's initiatives again, some of them, with their identity and this round's amounts."""
    for number, initiative in enumerate(Initiative.objects.select_related("submission__municipality")):
        if number % 7 == 3:
            continue  # ended since
        fields = {name: getattr(initiative, name) for name in ("uuid", *COPIED)}
        for name in AMOUNTS:
            fields[name] = getattr(initiative, name) * (GROWTH + number % 11 - 5) // 100
        yield initiative.submission.municipality.code, fields | beside(number, fields)


def _rows(name: str) -> list[dict]:
    with open(FOLDER / name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _local(year: int, month: int, day: int, hour: int = 12) -> datetime:
    return timezone.make_aware(datetime(year, month, day, hour))
