"""From the file of contacts to the first page: imported, written to, invited, followed, and logged in."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import log_in
from tests.browser.test_journey import look

PASSWORD = "en lang adgangskode"
FILE = "kommunekode;navn;stilling;e-mail;telefon\n461;Nina Ny;Konsulent;nina@example.test;{phone}\n"


def choose_file(page, content):
    page.get_by_label("Fil med kontakter").set_input_files(
        {"name": "kontakter.csv", "mimeType": "text/csv", "buffer": content.encode()}
    )
    page.get_by_role("button", name="Se filen igennem").click()


@pytest.mark.parametrize(("javascript", "width"), [(True, 1280), (False, 320)])
def test_from_the_file_of_contacts_to_the_first_login(visitor, world, javascript, width):
    cast, _survey_round = world
    rikke, nina = visitor(javascript, width), visitor(javascript, width)
    log_in(rikke, cast.rikke)
    rikke.goto("/ministerium/kontakter/")
    look(rikke, javascript)
    rikke.get_by_role("link", name="Indlæs en fil").click()
    look(rikke, javascript)
    choose_file(rikke, FILE.format(phone="1" * 31))
    expect(rikke.get_by_text("Linje 2, kolonne telefon")).to_be_visible()
    look(rikke, javascript)
    choose_file(rikke, FILE.format(phone="12345678"))
    expect(rikke.get_by_text("nye: 1, ændrede: 0, uændrede: 0")).to_be_visible()
    look(rikke, javascript)
    rikke.get_by_role("button", name="Indlæs kontakterne").click()
    rikke.get_by_role("link", name="Nina Ny").click()
    look(rikke, javascript)

    rikke.goto("/ministerium/2025/invitationer/")
    rikke.get_by_role("link", name="Se og ret invitationens tekst").click()
    rikke.get_by_label("Tekst").fill("Kære {kontakt}\n\nSvar for {kommune}: {link}")
    rikke.get_by_role("button", name="Vis brevet").click()
    expect(rikke.get_by_text("Svar for Odense Kommune")).to_be_visible()
    look(rikke, javascript)
    rikke.get_by_role("button", name="Gem teksten").click()
    rikke.get_by_role("link", name="Tilbage til invitationerne").click()
    look(rikke, javascript)
    rikke.get_by_role("button", name="Invitér den ene kontakt, der mangler").click()
    expect(rikke.get_by_text("1 invitation er på vej med mail.")).to_be_visible()
    look(rikke, javascript)

    nina.goto("/mails/")
    expect(nina.get_by_text("Kære Nina Ny")).to_be_visible()
    address = nina.get_by_role("link", name="/invitation/").get_attribute("href")
    nina.goto(address[address.index("/invitation/") :])
    expect(nina.get_by_role("heading", level=1)).to_have_text("Invitation fra ministeriet")
    look(nina, javascript)
    nina.get_by_label("Dit navn").fill("Nina Ny")
    nina.get_by_label("Adgangskode", exact=True).fill(PASSWORD)
    nina.get_by_label("Adgangskode igen").fill(PASSWORD)
    nina.get_by_role("button", name="Opret og log ind").click()
    expect(nina.get_by_role("heading", level=1)).to_have_text("Odense Kommune")
    expect(nina).to_have_url(re.compile("/kommune/461/2025/$"))

    rikke.reload()
    expect(rikke.get_by_text("link åbnet: 1; logget ind siden: 1")).to_be_visible()
    rikke.goto("/ministerium/kontakter/")
    rikke.get_by_role("link", name="Nina Ny").click()
    rikke.get_by_label("Hvorfor kommer mailen retur?").fill("stoppet")
    rikke.get_by_role("button", name="Mail kommer retur").click()
    expect(rikke.get_by_text("Mail kommer retur (siden")).to_be_visible()
    rikke.get_by_role("link", name="Nina Ny").click()
    look(rikke, javascript)
    rikke.goto("/ministerium/2025/invitationer/?show=bounced")
    look(rikke, javascript)
