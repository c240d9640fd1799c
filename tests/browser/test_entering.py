"""Entering an initiative while the page saves itself, and what is left when something goes wrong."""

import re
from urllib.request import Request, urlopen

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from survey.models import Initiative, WarningReason
from tests.browser.conftest import log_in, violations
from tests.browser.test_journey import fill_in, log_in_by_form
from tests.builders import build_initiative, hand_in

KEPT = "Object.keys(localStorage).filter(key => key.startsWith('indsatskort:')).length"
NEW = "/kommune/461/2025/indsats/ny/"


@pytest.fixture
def odense(world):
    return world[1].submissions.select_related("round", "municipality").get(municipality__code="461")


@pytest.fixture
def anna(visitor, world):
    page = visitor()
    log_in(page, world[0].anna)
    return page


def status(page: Page):
    return page.locator("#save-status")


def saved(page: Page):
    expect(status(page)).to_have_text(re.compile(r"^\s*Gemt \d\d\.\d\d\s*$"))


def title(page: Page):
    return page.get_by_label("1. Initiativ")


def content(page: Page):
    return page.get_by_role("textbox", name="8. Indhold")


def purpose(page: Page):
    return page.get_by_role("textbox", name="9. Formål")


def expire_login():
    Session.objects.all().delete()


def cut(page: Page):
    """As a stopped server: no answer to a save; the pages still come."""
    page.route("**/kladde/", lambda route: route.abort())


def join(page: Page):
    """A route that is taken away while its handler still runs can bring Playwright's driver down."""
    page.unroute_all(behavior="wait")


@pytest.mark.parametrize("width", [1280, 320])
def test_what_is_typed_is_saved_with_its_errors_and_warnings_at_their_fields(visitor, world, width):
    page = visitor(width=width)
    log_in(page, world[0].anna)
    page.goto(NEW)
    assert violations(page) == []
    page.get_by_text("Hører indsatsen med?").click()
    page.get_by_text("Eksempler fra hvert område").click()
    page.get_by_label("I tvivl").check()
    assert violations(page) == []
    fill_in(page, expenditure="12,5")
    expect(status(page)).to_contain_text("Ikke gemt: 2. Bruttoudgifter")
    expect(page.get_by_label("2. Bruttoudgifter")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#id_gross_expenditure_error")).to_contain_text("uden decimaler")
    expect(page).to_have_url(re.compile(r"/indsats/[0-9a-f-]{36}/$"))
    assert violations(page) == []
    assert Initiative.objects.get().gross_expenditure is None
    page.get_by_role("link", name="2. Bruttoudgifter").click()
    expect(page.get_by_label("2. Bruttoudgifter")).to_be_focused()
    page.get_by_label("2. Bruttoudgifter").fill("0")
    saved(page)
    expect(page.locator("#id_gross_expenditure_error")).to_have_count(0)
    reason = page.get_by_label("Begrundelse, hvis det skal blive stående")
    reason.press_sequentially("Frivillige gør")
    saved(page)
    reason.press_sequentially(" det")  # the field is the same one, with the focus and the text
    saved(page)
    expect(reason).to_have_value("Frivillige gør det")
    expect(reason).to_be_focused()
    assert WarningReason.objects.get().reason == "Frivillige gør det"
    assert violations(page) == []
    page.get_by_label("Hvor kommer udgiften fra?").select_option(label="Skønnet")
    page.get_by_label("2. Bruttoudgifter").fill("1.250")
    saved(page)
    expect(reason).to_have_count(0)
    stored = Initiative.objects.get()
    assert (stored.gross_expenditure, stored.expenditure_basis, stored.scope) == (1250, "estimated", "doubt")
    page.get_by_role("button", name="Gem og luk").click()
    expect(page.get_by_text("Gemt. Indsatsen er udfyldt.")).to_be_visible()


def test_the_field_that_is_written_in_stays_in_place_and_in_sight(visitor, world):
    page = visitor(width=320)
    log_in(page, world[0].anna)
    page.goto(NEW)
    page.get_by_label("2. Bruttoudgifter").fill("x")
    content(page).focus()
    before = content(page).bounding_box()["y"]
    content(page).press_sequentially("Tekst")
    expect(status(page)).to_contain_text("Ikke gemt: 2. Bruttoudgifter")
    assert abs(content(page).bounding_box()["y"] - before) < 3
    for _ in range(30):  # nothing that has the focus is under the bar
        page.keyboard.press("Tab")
        hidden = page.evaluate(
            """() => { const bar = document.getElementById("save-bar"), box = document.activeElement;
            return !bar.contains(box) && document.querySelector("form#initiative").contains(box)
                && box.getBoundingClientRect().top > bar.getBoundingClientRect().top }"""
        )
        assert not hidden, page.evaluate("document.activeElement.outerHTML")


@pytest.mark.parametrize(("width", "height"), [(640, 500), (320, 568)])
def test_in_a_low_window_what_is_said_of_the_saving_stays_in_sight(visitor, world, odense, width, height):
    initiative = build_initiative(odense, world[0].anna, gross_expenditure=None)
    page = visitor(width=width)
    page.set_viewport_size({"width": width, "height": height})
    log_in(page, world[0].anna)
    page.goto(initiative.get_absolute_url())
    title(page).fill("Kort vindue")
    saved(page)
    expect(status(page)).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("button", name="Gem og luk")).not_to_be_in_viewport()
    page.get_by_label("2. Bruttoudgifter").fill("x")
    expect(status(page)).to_contain_text("Ikke gemt: 2. Bruttoudgifter")
    expect(status(page)).to_be_in_viewport(ratio=1)
    assert violations(page) == []
    for key in ["Tab"] * 30 + ["Shift+Tab"] * 30:  # nothing that has the focus is under it
        page.keyboard.press(key)
        hidden = page.evaluate(
            """() => { const bar = document.getElementById("save-status"), box = document.activeElement;
            return !bar.contains(box) && document.querySelector("form#initiative").contains(box)
                && !document.getElementById("save-buttons").contains(box)
                && box.getBoundingClientRect().bottom > bar.getBoundingClientRect().top
                && box.getBoundingClientRect().height < 100 }"""
        )
        assert not hidden, page.evaluate("document.activeElement.outerHTML")
    cut(page)
    page.get_by_label("2. Bruttoudgifter").fill("1")
    expect(status(page)).to_contain_text("Ikke gemt. Vi prøver igen.")
    expect(status(page)).to_be_in_viewport(ratio=1)
    Initiative.objects.update(title="En andens", revision=9)
    join(page)
    expect(status(page)).to_contain_text("Vælg, hvad der skal gælde")
    expect(status(page)).to_be_in_viewport(ratio=1)
    assert violations(page) == []


def test_a_new_initiative_gets_its_name_what_it_lacks_and_its_deletion_once_stored(anna, world, odense):
    odense.areas.create(service_area="social", nil_at=odense.round.opens_at, nil_by=world[0].carl)
    anna.goto(NEW)
    heading, lacks = anna.get_by_role("heading", level=1), anna.locator("#missing")
    delete = anna.get_by_role("group").filter(has_text="Slet indsatsen")
    expect(heading).to_have_text("Ny indsats")
    expect(delete).to_be_hidden()
    title(anna).fill("Sprogcafé $& <b>")
    saved(anna)
    expect(heading).to_have_text("Sprogcafé $& <b>")
    expect(anna).to_have_title("Sprogcafé $& <b> - Indsatskort")
    expect(delete).to_be_visible()
    lacks.get_by_text("Indsatsen mangler endnu 11 felter").click()
    anna.get_by_label("Område").focus()
    anna.get_by_label("Område").select_option(label="Socialområdet")
    expect(anna.locator("#warnings_service_area")).to_contain_text("Området er erklæret uden indsatser.")
    assert violations(anna) == []
    expect(lacks.get_by_text("Indsatsen mangler endnu 10 felter")).to_be_visible()
    lacks.get_by_role("link", name="7. Sekundær målgruppe").click()  # still open
    expect(anna.get_by_label("Mænd")).to_be_focused()
    anna.get_by_label("Område").select_option(label="Den generelle integrationsindsats")
    expect(anna.locator("#warnings_service_area")).to_be_empty()
    anna.get_by_text("Slet indsatsen").first.click()
    anna.get_by_role("button", name="Slet indsatsen").click()
    expect(anna.get_by_text("Indsatsen ”Sprogcafé $& <b>” er slettet.")).to_be_visible()
    assert not Initiative.objects.exists()


def test_pressing_save_while_the_page_saves_is_no_conflict_with_oneself(anna):
    anna.goto(NEW)
    waiting = []
    anna.route("**/kladde/", lambda route: waiting.append(route))
    title(anna).fill("Første")
    anna.wait_for_timeout(700)
    title(anna).fill("Første og sidste")
    anna.get_by_role("button", name="Gem og luk").click()
    assert len(waiting) == 1 and not Initiative.objects.exists()
    waiting[0].continue_()
    join(anna)
    expect(anna.get_by_text("Gemt. Indsatsen mangler endnu")).to_be_visible()
    assert Initiative.objects.get().title == "Første og sidste"
    assert anna.evaluate(KEPT) == 0


def test_a_lost_network_loses_no_text(anna):
    anna.goto(NEW)
    title(anna).fill("Med net")
    saved(anna)
    anna.context.set_offline(True)
    title(anna).fill("Uden net")
    expect(status(anna)).to_contain_text("Ikke gemt. Vi prøver igen.")
    expect(anna.get_by_role("status").filter(has_text="Ikke gemt")).to_have_count(1)
    assert violations(anna) == [] and anna.evaluate(KEPT) == 1
    anna.get_by_role("button", name="Gem og luk").click()  # stays with its text instead of going nowhere
    anna.wait_for_timeout(500)
    expect(title(anna)).to_have_value("Uden net")
    assert Initiative.objects.get().title == "Med net"
    anna.context.set_offline(False)
    saved(anna)
    assert Initiative.objects.get().title == "Uden net" and anna.evaluate(KEPT) == 0


def test_an_answer_that_gets_lost_and_a_server_that_fails_are_tried_again(anna):
    anna.goto(NEW)
    lost = []

    def lose(route):
        request = route.request  # stored, but the page never hears of it
        sent = Request(request.url, data=request.post_data_buffer, headers=request.all_headers())
        with urlopen(sent) as answer:
            lost.append(answer.status)
        route.abort()

    anna.route("**/kladde/", lose)
    title(anna).fill("Gemt uden svar")
    expect(status(anna)).to_contain_text("Ikke gemt. Vi prøver igen.")
    title(anna).fill("Gemt uden svar, og mere")
    assert set(lost) == {200} and Initiative.objects.get().title == "Gemt uden svar"
    join(anna)
    saved(anna)
    anna.wait_for_function(f"{KEPT} === 0")
    assert Initiative.objects.get().title == "Gemt uden svar, og mere"
    anna.route("**/kladde/", lambda route: route.fulfill(status=500, body="<h1>fejl</h1>"))
    title(anna).fill("Efter fejlen")
    expect(status(anna)).to_contain_text("Ikke gemt. Vi prøver igen.")
    expect(anna.get_by_role("heading", name="fejl")).to_have_count(0)
    join(anna)
    saved(anna)
    assert Initiative.objects.get().title == "Efter fejlen"


def test_text_that_was_never_saved_is_offered_when_the_page_is_opened_again(anna, odense, world):
    initiative = build_initiative(odense, world[0].anna)
    anna.goto(initiative.get_absolute_url())
    cut(anna)
    content(anna).fill("Ikke nået frem")
    anna.get_by_label("Mænd").check()
    expect(status(anna)).to_contain_text("Ikke gemt")
    asked = []
    anna.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    anna.close(run_before_unload=True)
    again = anna.context.new_page()
    assert asked == ["beforeunload"]
    again.goto(initiative.get_absolute_url())
    expect(again.get_by_role("heading", name="Der er tekst, som ikke blev gemt")).to_be_visible()
    assert violations(again) == []
    again.get_by_role("button", name="Hent teksten").click()
    expect(content(again)).to_have_value("Ikke nået frem")
    saved(again)
    initiative.refresh_from_db()
    assert (initiative.content, initiative.secondary_target_group) == ("Ikke nået frem", "men")
    again.reload()
    expect(again.locator("#kept")).to_be_hidden()
    assert again.evaluate(KEPT) == 0


def test_a_new_initiative_that_was_never_saved_is_offered_on_the_next_empty_form(anna):
    anna.goto(NEW)
    cut(anna)
    title(anna).fill("Aldrig gemt")
    expect(status(anna)).to_contain_text("Ikke gemt")
    anna.on("dialog", lambda dialog: dialog.accept())
    anna.goto(NEW)
    expect(anna.locator("#kept")).to_contain_text("Aldrig gemt")
    join(anna)
    anna.get_by_role("button", name="Hent teksten").click()
    saved(anna)
    assert Initiative.objects.get().title == "Aldrig gemt" and anna.evaluate(KEPT) == 0


def test_unsaved_text_of_another_user_or_after_a_logout_is_not_shown(anna, world, odense):
    initiative = build_initiative(odense, world[0].anna)
    anna.goto(initiative.get_absolute_url())
    cut(anna)
    content(anna).fill("Annas tekst")
    expect(status(anna)).to_contain_text("Ikke gemt")
    anna.on("dialog", lambda dialog: dialog.accept())
    expire_login()
    log_in_by_form(anna, world[0].carl)
    anna.goto(initiative.get_absolute_url())
    expect(anna.locator("#kept")).to_be_hidden()
    assert anna.evaluate(KEPT) == 1
    anna.get_by_role("button", name="Log ud").click()
    expect(anna.get_by_role("button", name="Log ind", exact=True)).to_be_visible()
    assert anna.evaluate(KEPT) == 0


def test_an_expired_login_is_renewed_in_another_tab_and_the_text_is_saved(anna, world):
    anna.goto(NEW)
    title(anna).fill("Før")
    saved(anna)
    expire_login()
    title(anna).fill("Efter")
    expect(status(anna)).to_contain_text("Dit login er udløbet")
    assert violations(anna) == []
    expect(anna.get_by_role("heading", level=1)).to_have_text("Før")
    anna.get_by_role("button", name="Gem og luk").click()  # the text stays on the screen
    anna.wait_for_timeout(500)
    expect(title(anna)).to_have_value("Efter")
    with anna.context.expect_page() as opened:
        anna.get_by_role("link", name="Log ind i en ny fane").click()
    second = opened.value
    log_in_here(second, world[0].anna)
    expect(second.get_by_role("heading", level=1)).to_have_text("Du er logget ind igen")
    assert violations(second) == []
    second.close()
    anna.bring_to_front()
    anna.evaluate("dispatchEvent(new Event('focus'))")  # a headless tab never loses it
    saved(anna)
    assert Initiative.objects.get().title == "Efter"
    anna.get_by_role("button", name="Gem og luk").click()
    expect(anna.get_by_text("Gemt. Indsatsen mangler endnu")).to_be_visible()


def log_in_here(page, user):
    page.get_by_label("E-mail").fill(user.email)
    page.get_by_label("Adgangskode").fill("correct horse battery")
    page.get_by_role("button", name="Log ind", exact=True).click()


def test_nothing_is_saved_in_the_name_of_another_user(anna, world):
    anna.goto(NEW)
    title(anna).fill("Annas")
    saved(anna)
    other = anna.context.new_page()
    expire_login()
    log_in_by_form(other, world[0].carl)
    title(anna).fill("Annas, videre")
    expect(status(anna)).to_contain_text("En anden bruger er logget ind")
    assert Initiative.objects.get().title == "Annas"
    expect(title(anna)).to_have_value("Annas, videre")


def test_what_may_not_be_saved_any_more_says_why_and_keeps_the_text(anna, world, odense):
    initiative = build_initiative(odense, world[0].anna)
    anna.goto(initiative.get_absolute_url())
    world[0].anna.memberships.update(role="reader")
    content(anna).fill("Uden adgang")
    expect(status(anna)).to_contain_text("Du har ikke længere adgang")
    world[0].anna.memberships.update(role="editor")
    anna.on("dialog", lambda dialog: dialog.accept())
    anna.reload()
    anna.get_by_role("button", name="Kassér den").click()
    hand_in(odense, world[0].carl)
    content(anna).fill("For sent")
    expect(status(anna)).to_contain_text("Besvarelsen er indsendt og kan ikke ændres.")
    assert violations(anna) == [] and anna.evaluate(KEPT) == 1
    anna.get_by_role("button", name="Gem og luk").click()
    expect(content(anna)).to_have_value("For sent")
    initiative.refresh_from_db()
    assert initiative.content == "Frivillige mentorer mødes med kvinder hver uge."


@pytest.mark.parametrize("width", [1280, 320])
def test_of_two_at_once_the_second_sees_both_and_chooses_field_by_field(visitor, world, odense, width):
    cast = world[0]
    initiative = build_initiative(odense, cast.anna)
    anna, carl = visitor(width=width), visitor(width=width)
    for page, user in ((anna, cast.anna), (carl, cast.carl)):
        log_in(page, user)
        page.goto(initiative.get_absolute_url())
    content(anna).fill("Annas indhold")
    purpose(anna).fill("Annas formål")
    saved(anna)
    content(carl).fill("Carls indhold")
    expect(status(carl)).to_contain_text("Anna har gemt indsatsen")
    assert violations(carl) == [] and carl.evaluate(KEPT) == 1
    purpose(carl).fill("Carls formål")  # saved by nobody before the choice
    carl.wait_for_timeout(800)
    initiative.refresh_from_db()
    assert (initiative.content, initiative.revision) == ("Annas indhold", 2)
    carl.get_by_role("link", name="Vælg, hvad der skal gælde").click()
    expect(carl.locator(".comparison tr", has_text="8. Indhold")).to_contain_text("Annas indhold")
    expect(carl.locator(".comparison tr", has_text="8. Indhold")).to_contain_text("Carls indhold")
    carl.get_by_label("Behold den gemte: 9. Formål").check()
    carl.get_by_role("button", name="Gem som valgt i tabellen").click()
    saved(carl)
    expect(purpose(carl)).to_have_value("Annas formål")
    initiative.refresh_from_db()
    assert (initiative.content, initiative.purpose) == ("Carls indhold", "Annas formål")
    assert carl.evaluate(KEPT) == 0
    content(carl).fill("Carl skriver videre")
    saved(carl)
    content(anna).fill("Anna skriver videre")
    expect(status(anna)).to_contain_text("Carl har gemt indsatsen")
    anna.get_by_role("button", name="Behold alt det gemte").click()
    saved(anna)
    expect(content(anna)).to_have_value("Carl skriver videre")


def test_what_was_deleted_meanwhile_can_be_made_again(anna, world, odense):
    initiative = build_initiative(odense, world[0].anna)
    anna.goto(initiative.get_absolute_url())
    Initiative.objects.all().delete()
    content(anna).fill("Min tekst")
    expect(status(anna)).to_contain_text("Indsatsen er slettet")
    assert violations(anna) == []
    anna.get_by_role("button", name="Opret indsatsen igen").click()
    saved(anna)
    assert Initiative.objects.get().content == "Min tekst"


def test_without_javascript_the_buttons_do_the_same(visitor, world, odense):
    cast = world[0]
    initiative = build_initiative(odense, cast.anna)
    page = visitor(javascript=False)
    log_in(page, cast.carl)
    page.goto(initiative.get_absolute_url())
    Initiative.objects.update(content="Annas tekst", revision=2)
    content(page).fill("Carls tekst")
    page.get_by_label("2. Bruttoudgifter").fill("0")
    page.get_by_role("button", name="Gem", exact=True).click()
    expect(page.locator(".comparison tr", has_text="8. Indhold")).to_contain_text("Annas tekst")
    expect(page.get_by_role("button", name="Gem", exact=True)).to_be_hidden()
    page.get_by_label("Behold den gemte: 8. Indhold").check()
    page.get_by_role("button", name="Gem som valgt i tabellen").click()
    expect(content(page)).to_have_value("Annas tekst")
    page.get_by_label("Begrundelse, hvis det skal blive stående").fill("Frivillige")
    page.get_by_role("button", name="Gem", exact=True).click()
    expect(page.get_by_label("Begrundelse, hvis det skal blive stående")).to_have_value("Frivillige")
    page.get_by_role("button", name="Gem og luk").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Odense Kommune")
    initiative.refresh_from_db()
    assert (initiative.content, initiative.gross_expenditure) == ("Annas tekst", 0)


def test_by_keyboard_alone_a_conflict_is_met_and_settled(anna, world, odense):
    initiative = build_initiative(odense, world[0].anna)
    anna.goto(initiative.get_absolute_url())
    Initiative.objects.update(content="En andens", revision=2)
    content(anna).focus()
    anna.keyboard.press("End")
    anna.keyboard.type(" og mere")
    expect(status(anna)).to_contain_text("Vælg, hvad der skal gælde")
    title(anna).focus()
    anna.keyboard.press("Enter")  # chooses nothing by itself
    anna.wait_for_timeout(300)
    assert Initiative.objects.get().content == "En andens"
    link = anna.get_by_role("link", name="Vælg, hvad der skal gælde")
    link.focus()
    anna.keyboard.press("Enter")
    for _ in range(3):
        anna.keyboard.press("Tab")
        if anna.evaluate("document.activeElement.type") == "radio":
            break
    anna.keyboard.press("ArrowRight")
    expect(anna.get_by_label("Behold den gemte: 8. Indhold")).to_be_checked()
    anna.keyboard.press("Tab")
    anna.keyboard.press("Enter")
    saved(anna)
    expect(content(anna)).to_have_value("En andens")


def answering(page: Page, accept: bool) -> list[str]:
    """The questions that the page asks, each answered so."""
    asked: list[str] = []

    def answer(dialog):
        asked.append(dialog.message)
        dialog.accept() if accept else dialog.dismiss()

    page.once("dialog", answer)
    return asked


def test_who_leaves_with_text_that_cannot_be_saved_is_asked_once_and_may_go(anna):
    anna.goto(NEW)
    cut(anna)
    title(anna).fill("Ikke nået frem")
    expect(status(anna)).to_contain_text("Ikke gemt. Vi prøver igen.")
    log_out = anna.get_by_role("button", name="Log ud")
    asked = answering(anna, accept=False)
    log_out.click()
    log_out.click()  # pressed twice
    anna.wait_for_timeout(1000)
    assert len(asked) == 1 and "går tabt" in asked[0]
    expect(title(anna)).to_have_value("Ikke nået frem")
    assert anna.evaluate(KEPT) == 1
    asked = answering(anna, accept=True)
    anna.locator("footer").get_by_role("button", name="English").click()
    expect(anna.locator("html")).to_have_attribute("lang", "en")
    assert len(asked) == 1 and "ligger i denne browser" in asked[0] and anna.evaluate(KEPT) == 1
    expect(anna.locator("#kept")).to_contain_text("Ikke nået frem")
    anna.locator("#id_title").fill("Heller ikke")
    expect(status(anna)).not_to_be_empty()
    asked = answering(anna, accept=True)
    anna.locator('form[action$="/logout/"] button').click()
    expect(anna.locator("[name=login]")).to_be_visible()
    assert len(asked) == 1 and anna.evaluate(KEPT) == 0


def test_a_text_that_is_refused_is_asked_about_by_a_logout_before_it_is_forgotten(anna, world, odense):
    initiative = build_initiative(odense, world[0].anna)
    anna.goto(initiative.get_absolute_url())
    hand_in(odense, world[0].carl)
    content(anna).fill("For sent")
    expect(status(anna)).to_contain_text("Besvarelsen er indsendt og kan ikke ændres.")
    asked = answering(anna, accept=False)
    anna.get_by_role("button", name="Log ud").click()
    anna.wait_for_timeout(500)
    assert len(asked) == 1 and "går tabt" in asked[0] and anna.evaluate(KEPT) == 1
    expect(content(anna)).to_have_value("For sent")
