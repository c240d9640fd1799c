"""A round from plan to lock: copied, given phases, opened, given more time, closed, and locked by two."""

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import expect

from survey.models import SurveyRound
from tests.browser.conftest import log_in, violations


def faults(page) -> list[str]:
    """On a screen and on a phone."""
    found = violations(page)
    page.set_viewport_size({"width": 320, "height": 900})
    found += violations(page)
    page.set_viewport_size({"width": 1280, "height": 900})
    return found


def test_a_round_is_planned_opened_and_locked_by_two(visitor, world):
    cast, _ = world
    page = visitor()
    log_in(page, cast.rikke)
    page.goto("/ministerium/kortlaegninger/")
    assert faults(page) == []
    page.get_by_role("link", name="Kopiér Kortlægning af regnskab 2025").click()
    expect(page.get_by_label("Regnskabsår")).to_have_value("2026")
    page.get_by_label("Folketal pr.").fill("1. januar")
    page.get_by_role("button", name="Opret kladde").click()
    page.get_by_role("link", name="Skriv datoen som dag, måned og år, fx 29.10.2027.").click()
    expect(page.get_by_label("Folketal pr.")).to_be_focused()
    assert violations(page) == []
    page.get_by_label("Folketal pr.").fill("01.01.2026")
    page.get_by_role("button", name="Opret kladde").click()
    expect(page.get_by_text("Kortlægning af regnskab 2026 er oprettet som kladde.")).to_be_visible()

    page.get_by_role("link", name="Ret faserne").click()
    workshop = page.get_by_role("group", name="Workshop")
    workshop.get_by_label("Første dag").fill("27.09.2027")
    page.get_by_role("button", name="Gem faserne").click()
    expect(page.get_by_role("link", name="Workshop: skriv den sidste dag")).to_be_visible()
    assert faults(page) == []
    workshop.get_by_label("Sidste dag").fill("01.10.2027")
    workshop.get_by_label("Ansvarlig").fill("Ministeriet")
    page.get_by_role("button", name="Gem faserne").click()
    picture = page.get_by_role("img", name="Tidsplan for kortlægningen af regnskab 2026")
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 300
    expect(page.get_by_role("row", name="Workshop")).to_contain_text("1. oktober 2027")
    assert violations(page) == []

    page.get_by_role("button", name="Åbn kortlægningen").click()
    expect(page.get_by_text("Kortlægningen er åbnet.")).to_be_visible()
    expect(page.get_by_text("Ligger fast siden")).to_be_visible()
    page.get_by_role("link", name="Ændr fristerne").click()
    page.get_by_label("Kan rettes indtil").fill("28.03.2099 12.00")
    page.get_by_role("button", name="Gem fristerne").click()
    page.get_by_role("link", name="Skriv en begrundelse.").click()
    assert violations(page) == []
    page.get_by_label("Begrundelse").fill("Nedbrud hos leverandøren.")
    page.get_by_role("button", name="Gem fristerne").click()
    expect(page.get_by_text("Nedbrud hos leverandøren.")).to_be_visible()
    page.get_by_text("4 kommuner", exact=True).click()
    expect(page.get_by_role("link", name="Odense")).to_be_visible()
    assert faults(page) == []

    let_the_time_pass()
    page.reload()
    page.get_by_role("button", name="Luk kortlægningen").click()
    page.get_by_role("button", name="Foreslå låsning").click()
    expect(page.get_by_text("Du har selv foreslået det.")).to_be_visible()
    assert violations(page) == []
    other = visitor()
    log_in(other, cast.mette)
    other.goto("/ministerium/2026/plan/")
    other.get_by_role("button", name="Lås kortlægningen").click()
    expect(other.get_by_text("Kortlægningen er låst.")).to_be_visible()
    assert violations(other) == []


def let_the_time_pass():
    now = timezone.now()
    SurveyRound.objects.filter(accounts_year=2026).update(
        opens_at=now - timedelta(days=9), deadline=now - timedelta(days=2), edit_until=now - timedelta(days=1)
    )
