"""A colleague comes, works and goes: invited, account made, area done; removed, and the work stays."""

import pytest
from playwright.sync_api import expect

from municipalities.models import User
from tests.browser.conftest import log_in, violations
from tests.browser.test_journey import look
from tests.builders import build_initiative

PASSWORD = "en lang adgangskode"


@pytest.mark.parametrize(("javascript", "width"), [(True, 320), (False, 1280)])
def test_from_the_invitation_to_the_farewell(visitor, world, javascript, width):
    cast, survey_round = world
    odense = survey_round.submissions.get(municipality__code="461")
    carl, nina = visitor(javascript, width), visitor(javascript, width)
    log_in(carl, cast.carl)
    carl.get_by_role("link", name="Invitér kolleger").click()
    look(carl, javascript)

    carl.get_by_label("Kollegaens e-mail").fill("ikke en adresse")
    carl.get_by_role("button", name="Send invitationen").click()
    expect(carl.get_by_role("link", name="Skriv kollegaens e-mailadresse")).to_be_visible()
    look(carl, javascript)
    carl.get_by_label("Kollegaens e-mail").fill("nina@example.test")
    carl.get_by_label("Område, som kollegaen").select_option(label="Socialområdet")
    carl.get_by_role("button", name="Send invitationen").click()
    expect(carl.get_by_text("er på vej med mail")).to_be_visible()
    expect(carl.get_by_role("button", name="Send igen til nina@example.test")).to_be_visible()
    look(carl, javascript)

    nina.goto("/kontakt/")
    nina.get_by_role("link", name="Mails, som ikke er sendt til nogen").click()
    look(nina, javascript)
    address = nina.get_by_role("link", name="/invitation/").get_attribute("href")
    nina.goto(address[address.index("/invitation/") :])
    expect(nina.get_by_text("Dit område bliver: Socialområdet")).to_be_visible()
    look(nina, javascript)
    nina.get_by_label("Dit navn").fill("Nina Ny")
    nina.get_by_label("Adgangskode", exact=True).fill("kort")
    nina.get_by_role("button", name="Opret og log ind").click()
    expect(nina.get_by_role("heading", name="Der er fejl i formularen")).to_be_visible()
    look(nina, javascript)
    expect(nina.get_by_label("Dit navn")).to_have_value("Nina Ny")
    nina.get_by_label("Adgangskode", exact=True).fill(PASSWORD)
    nina.get_by_label("Adgangskode igen").fill(PASSWORD)
    nina.get_by_role("button", name="Opret og log ind").click()
    expect(nina.get_by_role("heading", level=1)).to_have_text("Odense Kommune")

    build_initiative(odense, User.objects.get(email="nina@example.test"), service_area="social")
    nina.reload()
    nina.get_by_role("button", name="Færdig med Socialområdet").click()
    expect(nina.get_by_text("Socialområdet er meldt færdigt.")).to_be_visible()
    nina.get_by_text("Er der områder uden indsatser?").click()
    nina.get_by_label("Kultur- og fritidsområdet").check()
    look(nina, javascript)
    nina.get_by_role("button", name="Underskriv").click()
    expect(nina.get_by_text("Erklæret af Nina Ny")).to_be_visible()
    look(nina, javascript)

    carl.reload()
    look(carl, javascript)
    carl.get_by_role("link", name="Nina Ny").click()
    look(carl, javascript)
    carl.get_by_text("Fjern kollegaen").click()
    look(carl, javascript)
    carl.get_by_role("button", name="Fjern Nina Ny").click()
    expect(carl.get_by_text("Nina Ny er ikke længere kollega her.")).to_be_visible()
    nina.reload()
    expect(nina.get_by_role("heading", level=1)).to_have_text("Siden findes ikke")
    carl.goto("/kommune/461/2025/")
    expect(carl.get_by_role("link", name="Mentorer til kvinder")).to_be_visible()
    expect(carl.get_by_text("Erklæret af Nina Ny")).to_be_visible()
    look(carl, javascript)


def test_keyboard_alone_gives_an_area_and_a_used_link_explains_itself(visitor, world):
    cast, _ = world
    page = visitor()
    log_in(page, cast.carl)
    page.get_by_role("link", name="Invitér kolleger").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Sundheds- og ældreområdet", exact=True).focus()
    page.keyboard.type("Anna")
    page.get_by_role("button", name="Gem fordelingen").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Fordelingen af områder er gemt.")).to_be_visible()
    expect(page.get_by_role("row", name="Anna").get_by_text("Sundheds- og ældreområdet")).to_be_visible()
    page.goto("/invitation/forkert/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Invitationen virker ikke")
    assert violations(page) == []
