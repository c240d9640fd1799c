"""Last round's initiatives again, and the history that tells of it."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import log_in, violations
from tests.browser.test_journey import look
from tests.builders import build_adjustment, build_initiative, build_round, hand_in


@pytest.fixture
def reported(world):
    """Odense reported two initiatives for 2024, one of which the ministry has corrected."""
    cast, _ = world
    earlier = build_round(accounts_year=2024, price_level=2024)
    odense = earlier.submissions.get(municipality__code="461")
    build_initiative(odense, cast.anna, title="Mentorer", gross_expenditure=1000)
    build_initiative(odense, cast.anna, title="Svømning", service_area="culture_leisure")
    version = hand_in(odense, cast.carl)
    build_adjustment(version.initiatives.first(), cast.mette, gross_expenditure=100)
    return world


@pytest.mark.parametrize(("javascript", "width"), [(True, 320), (False, 1280)])
def test_copying_what_was_reported_last_and_reading_who_did(visitor, reported, javascript, width):
    cast, _ = reported
    page = visitor(javascript, width)
    log_in(page, cast.anna)
    page.goto("/kommune/461/2025/fra-sidst/")
    expect(page.get_by_text("2024: udgifter 1.000, indtægter 0")).to_be_visible()
    look(page, javascript)
    page.get_by_role("button", name="Hent de valgte").click()
    page.get_by_role("link", name="Sæt kryds ved mindst én indsats").focus()
    look(page, javascript)
    page.keyboard.press("Enter")
    expect(page.get_by_role("checkbox", name="Mentorer")).to_be_focused()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Hent de valgte").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 indsats er hentet. Beløbene mangler endnu.")).to_be_visible()

    page.goto("/kommune/461/2025/fra-sidst/")
    expect(page.get_by_role("checkbox")).to_have_count(1)
    look(page, javascript)
    page.get_by_role("button", name="Hent den sidste").click()
    page.goto("/kommune/461/2025/fra-sidst/")
    expect(page.get_by_text("Alle indsatserne er hentet.")).to_be_visible()
    expect(page.get_by_text("Siden 2024: ført videre: 2, nye: 0, ikke med: 0.")).to_be_visible()
    look(page, javascript)

    page.goto("/kommune/461/2025/historik/")
    expect(page.get_by_text("Anna hentede ”Svømning” fra sidste kortlægning.")).to_be_visible()
    look(page, javascript)
    page.get_by_role("link", name="Se indsatsen").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Svømning")


def test_the_empty_history_and_nothing_to_copy_are_accessible(visitor, world):
    cast, _ = world
    page = visitor(width=320)
    log_in(page, cast.carl)
    for path, text in (("historik", "Der er ikke sket noget endnu."), ("fra-sidst", "ikke noget at hente")):
        page.goto(f"/kommune/461/2025/{path}/")
        expect(page.get_by_text(text)).to_be_visible()
        assert violations(page) == []
