"""The main job from end to end: enter, err, correct, hand in, receipt; and the ministry's estimate moves."""

import pytest
from playwright.sync_api import expect

from survey.models import SubmissionVersion
from tests.browser.conftest import log_in, violations
from tests.builders import build_initiative, hand_in

PASSWORD = "correct horse battery"


@pytest.fixture
def answered(world):
    """Aarhus has answered, and so has Lemvig, whose user is made for it."""
    cast, survey_round = world
    aarhus = survey_round.submissions.get(municipality__code="751")
    build_initiative(aarhus, cast.bo, gross_expenditure=5000)
    hand_in(aarhus, cast.bo)
    lemvig = survey_round.submissions.get(municipality__code="665")
    cast.bo.memberships.create(municipality=lemvig.municipality, role="approver")
    hand_in(lemvig, type(cast.bo).objects.get(pk=cast.bo.pk))
    return world


def log_in_by_form(page, user):
    page.goto("/")
    page.get_by_label("E-mail").fill(user.email)
    page.get_by_label("Adgangskode").fill(PASSWORD)
    page.get_by_role("button", name="Log ind").click()


def fill_in(page, *, expenditure):
    page.get_by_label("Område").select_option(label="Beskæftigelsesområdet")
    page.get_by_label("1. Initiativ").fill("Mentorer til kvinder")
    page.get_by_label("2. Bruttoudgifter").fill(expenditure)
    page.get_by_label("3. Bruttoindtægter").fill("0")
    page.get_by_label("Kommunen finansierer selv").check()
    page.get_by_label("5. Hjemmelsgrundlag").fill("Kommunalfuldmagten")
    page.get_by_label("b) Bredere integrationsindsats").check()
    page.get_by_label("Kvinder").check()
    page.get_by_label("8. Indhold").fill("Frivillige mentorer mødes med kvinder hver uge.")
    page.get_by_label("9. Formål").fill("Flere kvinder i job.")
    page.get_by_label("Varig").check()
    page.get_by_label("10. Andel").fill("80")


def look(page, javascript):
    if javascript:
        assert violations(page) == []


@pytest.mark.parametrize(("javascript", "width"), [(True, 320), (False, 1280)])
def test_from_an_empty_form_to_the_national_estimate(visitor, answered, javascript, width):
    cast, _ = answered
    carl, mette = visitor(javascript, width), visitor(javascript, width)

    log_in_by_form(mette, cast.mette)
    look(mette, javascript)
    before = estimate(mette, javascript)

    carl.goto("/")
    look(carl, javascript)
    log_in_by_form(carl, cast.carl)
    expect(carl.get_by_role("heading", level=1)).to_have_text("Odense Kommune")
    look(carl, javascript)

    carl.get_by_role("link", name="Ny indsats").click()
    look(carl, javascript)
    fill_in(carl, expenditure="1,250")
    carl.get_by_role("button", name="Gem og luk").click()
    expect(carl.get_by_role("heading", name="Der er fejl i formularen")).to_be_visible()
    look(carl, javascript)
    expect(carl.get_by_label("8. Indhold")).to_have_value("Frivillige mentorer mødes med kvinder hver uge.")
    carl.get_by_role("link", name="Skriv bruttoudgiften i hele 1.000 kr.").click()
    expect(carl.get_by_label("2. Bruttoudgifter")).to_be_focused()
    carl.get_by_label("2. Bruttoudgifter").fill("1.250")
    carl.get_by_role("button", name="Gem og luk").click()
    expect(carl.get_by_text("Gemt. Indsatsen er udfyldt.")).to_be_visible()
    look(carl, javascript)

    carl.get_by_role("link", name="Gå til indsendelse").click()
    look(carl, javascript)
    carl.get_by_role("button", name="Indsend").click()
    expect(carl.get_by_role("link", name="Sæt kryds for at bekræfte")).to_be_visible()
    look(carl, javascript)
    carl.get_by_label("Jeg bekræfter på kommunens vegne").check()
    carl.get_by_role("button", name="Indsend").click()
    expect(carl.get_by_role("heading", level=1)).to_have_text("Kvittering 2025-461-1")
    expect(
        carl.get_by_text(SubmissionVersion.objects.get(receipt_number="2025-461-1").checksum)
    ).to_be_visible()
    look(carl, javascript)
    carl.get_by_role("link", name="Tilbage til").click()
    expect(carl.get_by_role("heading", name="Besvarelsen er indsendt")).to_be_visible()
    look(carl, javascript)

    after = estimate(mette, javascript)
    assert after["reported"] == before["reported"] + 1250
    mette.goto("/ministerium/2025/461/")
    expect(mette.get_by_text("Mentorer til kvinder").first).to_be_visible()
    look(mette, javascript)


def estimate(page, javascript) -> dict:
    """What the estimate page says of total expenditure, in 1,000 kr."""
    page.goto("/ministerium/2025/estimat/")
    look(page, javascript)

    def number(name: str) -> int:
        row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=name)).first
        return int(row.get_by_role("cell").first.inner_text().replace(".", ""))

    return {"reported": number("Indberettet"), "total": number("Opregnet, metode a")}


def test_keyboard_alone_saves_an_initiative(visitor, world):
    cast, _ = world
    page = visitor()
    log_in(page, cast.anna)
    page.get_by_role("link", name="Ny indsats").focus()
    page.keyboard.press("Enter")
    page.get_by_label("1. Initiativ").focus()
    page.keyboard.type("Skrevet med tastaturet")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Gemt. Indsatsen mangler endnu")).to_be_visible()  # the form itself says the rest
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Gå til sidens indhold")).to_be_focused()


@pytest.mark.parametrize("path", ["/kontakt/", "/privatliv/", "/was/", "/konto/login/", "/findes-ikke/"])
def test_the_public_pages_are_accessible(visitor, world, path):
    for width in (1280, 320):
        page = visitor(width=width)
        page.goto(path)
        assert violations(page) == []


def test_both_texts_of_a_conflict_are_accessible(visitor, world):
    cast, survey_round = world
    odense = survey_round.submissions.get(municipality__code="461")
    initiative = build_initiative(odense, cast.carl)
    page = visitor(width=320)
    log_in(page, cast.anna)
    page.get_by_role("link", name=initiative.title).click()
    type(initiative).objects.filter(pk=initiative.pk).update(content="Carls tekst", revision=2)
    page.get_by_label("8. Indhold").fill("Annas tekst")
    page.get_by_role("button", name="Gem og luk").click()
    expect(page.get_by_text("Carls tekst")).to_be_visible()
    expect(page.get_by_role("textbox", name="8. Indhold")).to_have_value("Annas tekst")
    assert violations(page) == []


def test_the_check_finds_a_planted_fault(visitor, world):
    page = visitor()
    page.goto("/kontakt/")
    page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=\"x.png\">')")
    assert any(fault.startswith("image-alt") for fault in violations(page))
    page.evaluate("document.querySelector('main').style.minWidth = '3000px'")
    assert any(fault.startswith("wider than the window") for fault in violations(page))
