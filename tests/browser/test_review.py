"""The reviewer's journey: find what matters most, ask, read the answer, correct, approve."""

import pytest
from playwright.sync_api import expect

from survey.models import Adjustment, Submission
from tests.browser.conftest import log_in
from tests.browser.test_journey import look
from tests.builders import build_initiative, hand_in


@pytest.fixture
def reported_twice(world):
    """Odense has entered one initiative twice; Aarhus has answered."""
    cast, survey_round = world
    odense = survey_round.submissions.get(municipality__code="461")
    aarhus = survey_round.submissions.get(municipality__code="751")
    build_initiative(aarhus, cast.bo, title="Lektiehjælp", gross_expenditure=400)
    hand_in(aarhus, cast.bo)
    for _ in range(2):
        build_initiative(odense, cast.anna, title="Mentorer til kvinder")
    build_initiative(odense, cast.anna, title="Sprogcafé", gross_expenditure=300)
    hand_in(odense, cast.carl)
    return cast, odense


@pytest.mark.parametrize(("javascript", "width"), [(True, 320), (False, 1280)])
def test_find_ask_answer_adjust_approve(visitor, reported_twice, javascript, width):
    cast, odense = reported_twice
    mette, anna = visitor(javascript, width), visitor(javascript, width)
    log_in(mette, cast.mette)
    mette.goto("/ministerium/2025/")
    mette.get_by_role("link", name="Gennemgangsliste", exact=True).click()
    expect(mette.get_by_role("heading", level=1)).to_have_text("Gennemgangsliste")
    look(mette, javascript)
    first = mette.get_by_role("table").get_by_role("row").nth(1)
    expect(first).to_contain_text("Mentorer til kvinder")
    first.get_by_role("link").click()
    look(mette, javascript)

    mette.get_by_text("Spørg kommunen").click()
    mette.get_by_label("Felt", exact=True).select_option(label="1. Initiativ")
    mette.get_by_role("textbox", name="Besked").fill("Er det den samme indsats som den anden?")
    mette.get_by_role("button", name="Send besked").click()
    expect(mette.get_by_text("Er det den samme indsats som den anden?")).to_be_visible()
    mette.goto("/ministerium/2025/gennemgang/")
    expect(mette.get_by_role("row").filter(has_text="afventer svar").first).to_be_visible()

    log_in(anna, cast.anna)
    anna.get_by_role("link", name="Du har 1 ulæst besked").click()
    anna.get_by_label("Dit svar").fill("Ja, den ene skal ikke tælle.")
    anna.get_by_role("button", name="Send svar").click()
    expect(anna.get_by_text("Beskeden er sendt.")).to_be_visible()

    mette.goto("/ministerium/2025/gennemgang/")
    mette.get_by_role("table").get_by_role("link", name="Mentorer til kvinder").first.click()
    expect(mette.get_by_text("Ja, den ene skal ikke tælle.")).to_be_visible()
    mette.get_by_label("Indsatsen hører ikke med i kortlægningen og tæller slet ikke").check()
    mette.get_by_label("Hvorfor rettes indsatsen?").select_option(label="Indberettet to gange")
    mette.get_by_label("Forklaring").first.fill("Efter kommunens svar.")
    mette.get_by_role("button", name="Gem rettelsen", exact=True).click()
    expect(mette.get_by_text("Rettelsen er gemt.").first).to_be_visible()
    look(mette, javascript)
    assert Adjustment.objects.in_force().get().out_of_scope

    mette.goto("/ministerium/2025/gennemgang/godtag-resten/?kommune=461")
    look(mette, javascript)
    mette.get_by_role("button", name="Godtag").click()
    mette.goto("/ministerium/2025/461/")
    look(mette, javascript)
    unreviewed = mette.get_by_role("checkbox", name="Godkend alligevel")
    if unreviewed.count():
        unreviewed.check()
    mette.get_by_role("button", name="Godkend version 1").click()
    expect(mette.get_by_text("Version 1 er godkendt.")).to_be_visible()
    odense.refresh_from_db()
    assert odense.state == Submission.State.APPROVED

    anna.goto("/kommune/461/2025/")
    expect(anna.get_by_text("Efter kommunens svar.").first).to_be_visible()
    look(anna, javascript)


def test_by_keyboard_alone_from_row_to_row_and_into_one(visitor, world):
    cast, survey_round = world
    odense = survey_round.submissions.get(municipality__code="461")
    for title in ("Kor", "Madklub", "Cykelhold"):
        build_initiative(odense, cast.anna, title=title, gross_expenditure=0)
    hand_in(odense, cast.carl)
    mette = visitor()
    log_in(mette, cast.mette)
    mette.goto("/ministerium/2025/gennemgang/")
    rows = mette.get_by_role("table").get_by_role("link")
    expect(rows).to_have_count(3)
    mette.get_by_role("link", name="Til listen").focus()
    mette.keyboard.press("Enter")
    mette.keyboard.press("Tab")
    expect(mette.get_by_role("table").get_by_role("checkbox").first).to_be_focused()
    for key, row in (("j", 1), ("j", 2), ("j", 2), ("k", 1), ("k", 0), ("k", 0), ("j", 1)):
        mette.keyboard.press(key)
        expect(rows.nth(row)).to_be_focused()
    name = rows.nth(1).text_content()
    mette.keyboard.press("o")
    expect(mette.get_by_role("heading", level=1)).to_have_text(name)
