from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from django.utils import timezone

from municipalities.models import Municipality, Role
from reporting.models import PriceRate
from reporting.report.catalogue import FIGURES, report_context
from survey.models import ReportedInitiative, ServiceArea
from tests.builders import build_initiative, build_publication, build_round, build_user, hand_in
from tests.reporting.peer_world import build_peers


def build_rate(year, percent, recorded_at=datetime(2020, 1, 1, tzinfo=UTC), published=None):
    day = published or recorded_at.date()
    return PriceRate.objects.create(
        year=year, percent=percent, published=day, recorded_at=recorded_at, source="test"
    )


@pytest.fixture
def answered(cast, survey_round):
    """Odense 1,250 and 600 of 100, Aarhus 5,000 of 900, Langeland nothing; Lemvig is silent. 2025 = 2025."""
    submission_of = {s.municipality.name: s for s in survey_round.submissions.select_related("municipality")}
    langeland = build_user("Lone", Role.APPROVER, Municipality.objects.get(name="Langeland"))
    build_initiative(submission_of["Odense"], cast.carl, gross_expenditure=1250, gross_income=0)
    build_initiative(
        submission_of["Odense"],
        cast.carl,
        service_area=ServiceArea.SOCIAL,
        title="Netværk",
        gross_expenditure=600,
        gross_income=100,
        target_share=None,
        target_share_unknown=True,
    )
    build_initiative(submission_of["Aarhus"], cast.bo, gross_expenditure=5000, gross_income=900)
    versions = {
        "Odense": hand_in(submission_of["Odense"], cast.carl),
        "Aarhus": hand_in(submission_of["Aarhus"], cast.bo),
        "Langeland": hand_in(submission_of["Langeland"], langeland),
    }
    return SimpleNamespace(round=survey_round, submissions=submission_of, versions=versions, lone=langeland)


@pytest.fixture
def at_2026(answered, cast):
    """Published at the 2026 level by the first vintage."""
    build_rate(2026, "2.5")
    return build_publication(answered.round, cast.rikke, price_level=2026)


@pytest.fixture
def earlier(answered, cast):
    """2024 at 10 pct. less: Odense 1,000 that goes on and 300 that ended; Aarhus 5,500 that goes on."""
    build_rate(2025, "10")
    before = build_round(accounts_year=2024, price_level=2024)
    submissions = {one.municipality.name: one for one in before.submissions.select_related("municipality")}
    uuids = {one.gross_expenditure: one.uuid for one in ReportedInitiative.objects.all()}
    build_initiative(submissions["Odense"], cast.carl, gross_expenditure=1000, uuid=uuids[1250])
    build_initiative(submissions["Odense"], cast.carl, title="Slut", gross_expenditure=300)
    build_initiative(submissions["Aarhus"], cast.bo, gross_expenditure=5500, uuid=uuids[5000])
    hand_in(submissions["Odense"], cast.carl)
    hand_in(submissions["Aarhus"], cast.bo)
    return before


def made(survey_round, slug, level=2025):
    context = report_context(survey_round, price_level=level, as_at=timezone.now())
    return FIGURES[slug](context)


@pytest.fixture
def peers(cast):
    return build_peers(cast)


@pytest.fixture
def handed_in(peers, cast):
    peers.version = hand_in(peers.odense, cast.carl)
    return peers
