"""Rows for tests, with all that a test does not care about filled in."""

import hashlib
from datetime import date, timedelta
from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.utils import timezone

from municipalities.models import (
    Invitation,
    Membership,
    Municipality,
    PopulationCount,
    Region,
    Role,
    User,
)
from municipalities.sorting import danish_sort_key
from reporting.models import Publication
from reporting.publishing.freeze import publish
from survey import canonical, checking, transitions
from survey.models import (
    Adjustment,
    Initiative,
    ReportedInitiative,
    ServiceArea,
    Submission,
    SubmissionVersion,
    SurveyRound,
)

PASSWORD = "correct horse battery"
POPULATION_DATE = date(2026, 1, 1)

PLACES = (  # code, name, region code, region, inhabitants, tile
    ("461", "Odense", "1083", "Region Syddanmark", 210_000, (8, 8)),
    ("751", "Aarhus", "1082", "Region Midtjylland", 380_000, (5, 7)),
    ("665", "Lemvig", "1082", "Region Midtjylland", 19_000, (4, 2)),
    ("482", "Langeland", "1083", "Region Syddanmark", 12_000, (10, 10)),
)


def build_municipalities() -> dict[str, Municipality]:
    """Four municipalities in two regions, with a population count."""
    names = {region: name for _code, _name, region, name, _inhabitants, _tile in PLACES}
    regions = {
        region.code: region
        for region in Region.objects.bulk_create(Region(code=code, name=names[code]) for code in names)
    }
    municipalities = Municipality.objects.bulk_create(
        Municipality(
            code=code,
            name=name,
            official_name=f"{name} Kommune",
            region=regions[region],
            cvr=f"10000{code}",
            tile_row=row,
            tile_column=column,
            sort_key=danish_sort_key(name),
        )
        for code, name, region, _region_name, _inhabitants, (row, column) in PLACES
    )
    PopulationCount.objects.bulk_create(
        PopulationCount(municipality=municipality, date=POPULATION_DATE, inhabitants=place[4], source="test")
        for municipality, place in zip(municipalities, PLACES, strict=True)
    )
    return {municipality.name: municipality for municipality in municipalities}


def build_users(*people: tuple[str, Role, Municipality | None]) -> list[User]:
    users = User.objects.bulk_create(
        User(email=f"{name.lower()}@example.test", name=name, password=make_password(PASSWORD))
        for name, _role, _municipality in people
    )
    Membership.objects.bulk_create(
        Membership(user=user, role=role, municipality=municipality)
        for user, (_name, role, municipality) in zip(users, people, strict=True)
    )
    return users


def build_user(name: str, role: Role, municipality: Municipality | None = None) -> User:
    return build_users((name, role, municipality))[0]


def session_of(user: User) -> str:
    """The cookie of one who has logged in, without the rest of a login."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return session.session_key


def build_approver(submission: Submission) -> User:
    """Who hands in for a municipality that has nobody in the cast."""
    return build_user(f"Godkender-{submission.municipality.code}", Role.APPROVER, submission.municipality)


def build_invitation(municipality: Municipality, by: User, token: str, **fields) -> Invitation:
    """An open one whose link ends in `token`; no mail."""
    row = {"email": "ny@example.test", "role": Role.EDITOR, "expires_at": timezone.now() + timedelta(days=14)}
    token_hash = hashlib.sha256(token.encode()).hexdigest()
    return Invitation.objects.create(
        municipality=municipality, invited_by=by, token_hash=token_hash, **row | fields
    )


def build_draft(**fields) -> SurveyRound:
    """A round over accounts 2025 that is not opened."""
    now = timezone.now()
    return SurveyRound.objects.create(
        **{
            "accounts_year": 2025,
            "price_level": 2025,
            "population_date": POPULATION_DATE,
            "opens_at": now - timedelta(days=10),
            "deadline": now + timedelta(days=20),
            "edit_until": now + timedelta(days=30),
        }
        | fields
    )


def build_round(**fields) -> SurveyRound:
    """An open one with a submission for every municipality there is; lifecycle.open_round judges more."""
    survey_round = build_draft(state=SurveyRound.State.OPEN, **fields)
    asked = Municipality.objects.at(survey_round.population_date)
    Submission.objects.bulk_create(
        Submission(round=survey_round, municipality=one, region_id=one.region_id) for one in asked
    )
    dates = {name: getattr(survey_round, name) for name in ("opens_at", "deadline", "edit_until")}
    survey_round.events.create(kind="opened", at=timezone.now(), state=survey_round.state, **dates)
    return survey_round


def change_basis(**fields) -> None:
    """What the opened rounds rest on, or their state, past the triggers that refuse it."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE survey_surveyround DISABLE TRIGGER USER")
        SurveyRound.objects.update(**fields)
        cursor.execute("ALTER TABLE survey_surveyround ENABLE TRIGGER USER")


def answers(**fields) -> dict:
    """All that an initiative must hold to be complete."""
    return {
        "service_area": ServiceArea.EMPLOYMENT,
        "title": "Mentorer til kvinder",
        "gross_expenditure": 1250,
        "gross_income": 0,
        "funding_sources": ["own"],
        "legal_basis": "Kommunalfuldmagten",
        "primary_target_group": "broader_integration",
        "secondary_target_group": "women",
        "content": "Frivillige mentorer mødes med kvinder hver uge.",
        "purpose": "Flere kvinder i job.",
        "time_horizon": "permanent",
        "target_share": 80,
    } | fields


def posted(**fields) -> dict:
    """The form's POST data for a new, complete initiative."""
    return (
        answers()
        | {"gross_expenditure": "1.250", "gross_income": "0", "target_share": "80", "revision": 0}
        | fields
    )


def build_initiative(submission: Submission, by: User, **fields) -> Initiative:
    return Initiative.objects.create(submission=submission, updated_by=by, **answers(**fields))


def seen_by_approver(submission: Submission) -> str:
    """The checksum that the page of the working copy would show."""
    submission = Submission.objects.select_related("round", "municipality").get(pk=submission.pk)
    initiatives = list(submission.initiatives.order_by("pk"))
    warnings = checking.warnings_of(submission, initiatives)
    return canonical.seal(**submission.answer(initiatives, checking.passed(initiatives, warnings)))


def pass_warnings(submission: Submission, by: User) -> None:
    """A reason for every open warning."""
    for uuid, warnings in checking.warnings_of(submission, list(submission.initiatives.all())).items():
        reasons = {warning.rule: "Det er efterset." for warning in warnings if warning.is_open}
        checking.keep_reasons(submission=submission, uuid=uuid, reasons=reasons, by=by)


def hand_in(submission: Submission, by: User) -> SubmissionVersion:
    """Hands in what stands in the working copy, as the page would, whatever warns."""
    submission = Submission.objects.select_related("round", "municipality").get(pk=submission.pk)
    pass_warnings(submission, by)
    seen = seen_by_approver(submission)
    return transitions.hand_in(submission_id=submission.pk, by=by, seen=seen)


def build_adjustment(initiative: ReportedInitiative, by: User, **fields) -> Adjustment:
    """A correction past survey/adjusting.py, which judges it."""
    row = {"kind": "adjusted", "gross_expenditure": 125, "reason": "other", "explanation": "Aftalt."}
    return Adjustment.objects.create(initiative=initiative, by=by, **{"at": timezone.now()} | row | fields)


def build_publication(survey_round: SurveyRound, by: User, **fields) -> Publication:
    """The round's figures as at now by method a, at its own price level."""
    choices = {"title": "Indsatser i 2025", "method": "a", "price_level": survey_round.price_level}
    return publish(round_id=survey_round.pk, by=by, **choices | fields)
