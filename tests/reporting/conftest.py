from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from municipalities.models import Municipality, Role
from reporting.models import PriceRate
from survey.models import ServiceArea
from tests.builders import build_initiative, build_publication, build_user, hand_in


def build_rate(year, percent, recorded_at=datetime(2020, 1, 1, tzinfo=UTC)):
    day = recorded_at.date()
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
