"""More time: given after the round's last day, seen by the municipality, and used."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.timezone import localtime
from playwright.sync_api import expect

from survey.models import SurveyRound
from tests.browser.conftest import log_in, violations
from tests.builders import build_initiative


@pytest.mark.parametrize("width", [1280, 320])
def test_a_municipality_that_is_too_late_gets_more_time_and_hands_in(visitor, world, width):
    cast, survey_round = world
    now = timezone.now()
    build_initiative(survey_round.submissions.get(municipality__code="461"), cast.anna)
    SurveyRound.objects.update(deadline=now - timedelta(days=9), edit_until=now - timedelta(days=1))
    carl, rikke = visitor(width=width), visitor(width=width)
    log_in(carl, cast.carl)
    expect(carl.get_by_role("link", name="Fristen er udløbet: hvad kan I gøre?")).to_be_visible()

    log_in(rikke, cast.rikke)
    rikke.goto("/ministerium/2025/461/")
    assert violations(rikke) == []
    rikke.get_by_role("link", name="Kommunens frist").click()
    assert violations(rikke) == []
    rikke.get_by_role("button", name="Forlæng fristen").click()
    expect(rikke.get_by_role("link", name="Skriv den nye frist")).to_be_visible()
    assert violations(rikke) == []
    until = localtime(now + timedelta(days=7)).strftime("%d.%m.%Y 12.00")
    rikke.get_by_label("Ny frist").fill(until)
    rikke.get_by_label("Begrundelse").fill("Byrådet mødes først om fem dage.")
    rikke.get_by_role("button", name="Forlæng fristen").click()
    expect(rikke.get_by_text("Odense Kommune har fået en ny frist.")).to_be_visible()
    expect(rikke.get_by_role("cell", name="Byrådet mødes først om fem dage.")).to_be_visible()
    assert violations(rikke) == []

    carl.reload()
    expect(carl.get_by_text("Der er 7 dage tilbage.")).to_be_visible()
    expect(carl.get_by_text("”Byrådet mødes først om fem dage.”")).to_be_visible()
    assert violations(carl) == []
    carl.get_by_role("link", name="Gå til indsendelse").click()
    carl.get_by_label("Jeg bekræfter på kommunens vegne").check()
    carl.get_by_role("button", name="Indsend").click()
    expect(carl.get_by_role("heading", level=1)).to_have_text("Kvittering 2025-461-1")

    rikke.reload()
    expect(rikke.get_by_text("Kommunen har allerede indsendt sin besvarelse.")).to_be_visible()
    assert violations(rikke) == []
