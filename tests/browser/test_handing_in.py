"""Journey 10: an editor fills in, the approver reasons a warning and hands in; receipt, PDF, withdrawal."""

import subprocess
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from survey.models import Feedback, SubmissionVersion, SurveyRound
from tests.browser.conftest import log_in
from tests.browser.test_journey import fill_in, look
from tests.builders import build_initiative


@pytest.mark.parametrize(("javascript", "width"), [(True, 320), (False, 1280)])
def test_from_a_warning_to_the_receipt_and_back(visitor, world, tmp_path, javascript, width):
    cast, _ = world
    anna, carl = visitor(javascript, width), visitor(javascript, width)
    log_in(anna, cast.anna)
    anna.get_by_role("link", name="Ny indsats").click()
    fill_in(anna, expenditure="0")
    anna.get_by_role("button", name="Gem og luk").click()
    expect(anna.get_by_text("Gemt. Indsatsen er udfyldt.")).to_be_visible()

    log_in(carl, cast.carl)
    carl.get_by_role("link", name="Gå til indsendelse").click()
    expect(carl.get_by_text("Én advarsel mangler en begrundelse")).to_be_visible()
    expect(carl.get_by_label("Jeg bekræfter")).to_have_count(0)
    look(carl, javascript)
    reason = carl.get_by_label("Begrundelse: Mentorer til kvinder, 2. Bruttoudgifter")
    reason.fill("lang " * 500)
    carl.get_by_role("button", name="Gem begrundelser").click()
    carl.get_by_role("link", name="Begrundelsen må højst være 2.000 tegn.").click()
    if javascript:
        expect(reason).to_be_focused()
    look(carl, javascript)
    reason.fill("Frivillige har lavet det hele.")
    carl.get_by_role("button", name="Gem begrundelser").click()
    expect(carl.get_by_text("1 begrundelse er gemt.")).to_be_visible()
    expect(carl.get_by_text("Underskrives og indsendes af Carl.")).to_be_visible()
    look(carl, javascript)
    hand_in(carl)
    look(carl, javascript)

    with carl.expect_download() as download:
        carl.get_by_role("link", name="Hent kvitteringen som PDF").click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    assert b"<pdfuaid:part>1" in path.read_bytes()
    said = subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=True).stdout
    assert "Kvittering 2025-461-1" in said and SubmissionVersion.objects.get().checksum in said

    carl.get_by_label("Hvor mange minutter").fill("halvanden time")
    carl.get_by_role("button", name="Gem tilbagemelding").click()
    expect(carl.get_by_role("link", name="Skriv tidsforbruget som et helt antal minutter")).to_be_visible()
    look(carl, javascript)
    carl.get_by_label("Hvor mange minutter").fill("90")
    carl.get_by_role("button", name="Gem tilbagemelding").click()
    expect(carl.get_by_text("Tilbagemeldingen er gemt.")).to_be_visible()
    assert Feedback.objects.get().minutes == 90

    carl.get_by_role("link", name="Tilbage til").click()
    carl.get_by_text("Træk besvarelsen tilbage for at rette den").click()
    carl.get_by_role("button", name="Træk tilbage").click()
    expect(carl.get_by_text("Besvarelsen er trukket tilbage")).to_be_visible()
    carl.get_by_role("link", name="Gå til indsendelse").click()
    expect(carl.get_by_role("heading", name="Ændret siden version 1")).to_be_visible()
    expect(carl.get_by_text("Frivillige har lavet det hele.")).to_be_visible()  # the reason is still there
    look(carl, javascript)

    now = timezone.now()
    SurveyRound.objects.update(deadline=now - timedelta(hours=2), edit_until=now - timedelta(hours=1))
    carl.get_by_label("Jeg bekræfter på kommunens vegne").check()
    carl.get_by_role("button", name="Indsend").click()
    expect(carl.get_by_role("heading", level=1)).to_have_text("Fristen er udløbet")
    look(carl, javascript)
    assert SubmissionVersion.objects.count() == 1


def hand_in(page):
    page.get_by_label("Jeg bekræfter på kommunens vegne").check()
    page.get_by_role("button", name="Indsend").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kvittering 2025-461-1")


def test_keyboard_alone_reasons_a_warning_and_hands_in(visitor, world):
    cast, survey_round = world
    odense = survey_round.submissions.get(municipality__code="461")
    build_initiative(odense, cast.anna, gross_expenditure=0)
    page = visitor()
    log_in(page, cast.carl)
    page.goto("/kommune/461/2025/indsend/")

    def tab_to(locator):
        for _ in range(60):
            page.keyboard.press("Tab")
            if locator.evaluate("element => element === document.activeElement"):
                return
        raise AssertionError("not reached")

    tab_to(page.get_by_label("Begrundelse: Mentorer"))
    page.keyboard.type("Frivillige.")
    tab_to(page.get_by_role("button", name="Gem begrundelser"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 begrundelse er gemt.")).to_be_visible()
    tab_to(page.get_by_label("Jeg bekræfter på kommunens vegne"))
    page.keyboard.press("Space")
    tab_to(page.get_by_role("button", name="Indsend"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Kvittering 2025-461-1")
