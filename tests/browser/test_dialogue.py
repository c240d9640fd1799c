"""A question at a field, its answer, the return, and what the next version has changed."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from municipalities.models import OutgoingMail
from survey import dialogue, transitions
from survey.models import Initiative
from tests.browser.conftest import log_in, violations
from tests.browser.test_journey import look
from tests.builders import build_initiative, hand_in

QUESTION = "Er beløbet i kroner? Det ligner 1.000 gange for meget."


@pytest.fixture
def handed_in(world):
    cast, survey_round = world
    odense = survey_round.submissions.get(municipality__code="461")
    initiative = build_initiative(odense, cast.anna, gross_expenditure=125_000)
    hand_in(odense, cast.carl)
    OutgoingMail.objects.all().delete()
    return cast, initiative


@pytest.mark.parametrize(("javascript", "width"), [(True, 320), (False, 1280)])
def test_from_a_question_at_a_field_to_the_difference_that_it_made(visitor, handed_in, javascript, width):
    cast, initiative = handed_in
    mette, anna, carl = (visitor(javascript, width) for _person in range(3))

    log_in(mette, cast.mette)
    mette.goto(f"/ministerium/2025/461/indsats/{initiative.uuid}/")
    mette.get_by_text("Spørg kommunen").click()
    mette.get_by_label("Felt", exact=True).select_option(label="2. Bruttoudgifter")
    look(mette, javascript)
    mette.get_by_role("button", name="Send besked").click()
    expect(mette.get_by_role("link", name="Skriv en besked.")).to_be_visible()
    look(mette, javascript)
    mette.get_by_role("link", name="Skriv en besked.").click()
    expect(mette.get_by_role("textbox", name="Besked")).to_be_focused()
    mette.get_by_role("textbox", name="Besked").fill(QUESTION)
    mette.get_by_role("button", name="Send besked").click()
    expect(mette.get_by_text(QUESTION)).to_be_visible()
    assert sorted(OutgoingMail.objects.values_list("to", flat=True)) == [cast.anna.email, cast.carl.email]
    assert not OutgoingMail.objects.filter(text__contains="kroner").exists()

    log_in(anna, cast.anna)
    look(anna, javascript)
    anna.get_by_role("link", name="Du har 1 ulæst besked").click()
    expect(anna.get_by_text("Ny", exact=True)).to_be_visible()
    expect(anna.get_by_text(QUESTION)).to_be_visible()
    look(anna, javascript)
    anna.get_by_label("Dit svar").focus()
    anna.keyboard.type("Ja, vi retter det, hvis I sender den tilbage.")
    anna.keyboard.press("Tab")
    anna.keyboard.press("Enter")
    expect(anna.get_by_text("Beskeden er sendt.")).to_be_visible()
    look(anna, javascript)

    mette.goto("/ministerium/2025/")
    expect(mette.get_by_text("1 ulæst besked")).to_be_visible()
    look(mette, javascript)
    mette.get_by_role("listitem").filter(has_text="ulæst").get_by_role("link", name="Odense").click()
    expect(mette.get_by_text("Ja, vi retter det")).to_be_visible()
    look(mette, javascript)
    mette.get_by_role("link", name="Tilbage til Odense Kommunes besvarelse").click()
    mette.get_by_label("Hvad skal kommunen se på?").fill("Se beskeden ved beløbet.")
    due = timezone.localdate() + timedelta(days=7)
    mette.get_by_label("Skal være rettet senest").fill(due.strftime("%d.%m.%Y"))
    mette.get_by_role("button", name="Send tilbage").click()
    expect(mette.get_by_text("Besvarelsen er sendt tilbage til kommunen.")).to_be_visible()

    anna.goto("/")
    expect(anna.get_by_text("Se beskeden ved beløbet.").first).to_be_visible()
    look(anna, javascript)
    anna.get_by_role("link", name="Mentorer til kvinder: 2. Bruttoudgifter").click()
    expect(anna.get_by_role("group", name="Dialog om 2. Bruttoudgifter")).to_contain_text(QUESTION)
    expect(anna.get_by_label("2. Bruttoudgifter", exact=True)).to_be_in_viewport()
    look(anna, javascript)
    anna.get_by_label("2. Bruttoudgifter", exact=True).fill("125")
    anna.get_by_label("8. Indhold").fill("Frivillige mentorer mødes med kvinder hver måned.")
    anna.get_by_role("button", name="Gem og luk").click()
    expect(anna.get_by_text("Gemt. Indsatsen er udfyldt.")).to_be_visible()
    anna.goto("/kommune/461/2025/versioner/")
    expect(anna.get_by_role("row", name="2. Bruttoudgifter")).to_contain_text("125.000")
    look(anna, javascript)

    hand_in(initiative.submission, cast.carl)
    log_in(carl, cast.carl)
    carl.goto("/kommune/461/2025/versioner/")
    mette.goto("/ministerium/2025/461/")
    look(mette, javascript)
    mette.get_by_role("link", name="Se, hvad der er ændret i version 2").click()
    for page in (carl, mette):
        expect(page.get_by_role("row", name="2. Bruttoudgifter")).to_contain_text("125.000")
        expect(page.locator("ins")).to_contain_text("måned.")
        expect(page.locator("del")).to_contain_text("uge.")
        look(page, javascript)


def test_keyboard_alone_asks_the_ministry(visitor, world):
    cast, _ = world
    page = visitor(width=320)
    log_in(page, cast.anna)
    page.goto("/kommune/461/2025/dialog/")
    assert violations(page) == []
    page.get_by_role("link", name="Skriv en ny besked").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Hvad drejer det sig om?")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("Tæller lektiehjælp med?")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Hele besvarelsen")).to_be_visible()
    expect(page.get_by_text("Tæller lektiehjælp med?")).to_be_visible()


def test_any_text_and_a_locked_round_are_shown_within_a_phone(visitor, handed_in):
    cast, initiative = handed_in
    place = {"uuid": initiative.uuid, "field": "target_share"}
    for words in ("x" * 5_000, "\u202eabc 😀 e\u0301", "<b>fed</b>"):
        dialogue.post(
            submission_id=initiative.submission_id,
            by=cast.mette,
            from_ministry=True,
            text=words,
            seen=0,
            **place,
        )
    transitions.send_back(
        submission_id=initiative.submission_id,
        by=cast.mette,
        version_seen=1,
        comment="x" * 300,
        due_at=timezone.now() + timedelta(days=7),
    )
    Initiative.objects.update(content="y" * 9_000, title="z" * 200)
    page = visitor(width=320)
    log_in(page, cast.lis)
    for path in ("", "dialog/", "versioner/"):
        page.goto(f"/kommune/461/2025/{path}")
        assert violations(page) == []
    initiative.submission.round.__class__.objects.update(state="locked")
    page.goto("/kommune/461/2025/dialog/")
    expect(page.get_by_text("Kortlægningen er låst")).to_be_visible()
    assert violations(page) == []
