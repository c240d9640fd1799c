"""The economist's journey: from the estimate to its initiatives, figures, prices, and a publication."""

import pytest
from playwright.sync_api import expect

from reporting.models import Publication
from reporting.publishing.verify import differences
from tests.browser.conftest import log_in, violations
from tests.builders import build_initiative, hand_in


@pytest.fixture
def answered(world):
    """Aarhus, Odense and Langeland have answered."""
    cast, survey_round = world
    for code, user, amount in (("751", cast.bo, 5000), ("461", cast.carl, 1250), ("482", cast.carl, 90)):
        submission = survey_round.submissions.get(municipality__code=code)
        if code == "482":
            user.memberships.create(municipality=submission.municipality, role="approver")
            user = type(user).objects.get(pk=user.pk)
        build_initiative(submission, user, gross_expenditure=amount)
        hand_in(submission, user)
    return world


@pytest.mark.parametrize("width", [320])
def test_from_the_estimate_to_a_publication(visitor, answered, width):
    cast, _ = answered
    page = visitor(width=width)
    log_in(page, cast.rikke)
    pages = page.get_by_role("navigation", name="Kortlægningens sider")
    pages.get_by_role("link", name="Estimat").click()
    page.get_by_label("Metode b").check()
    page.get_by_label("Fordelt på").select_option(label="Sekundær målgruppe")
    page.get_by_role("button", name="Beregn").click()
    expect(page.get_by_text("Kun én af de 2 kommuner (Region Midtjylland) har svaret").first).to_be_visible()
    assert violations(page) == []

    page.get_by_role("link", name="Kvinder").first.click()
    expect(page.get_by_text("3 indsatser")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("link", name="Mentorer til kvinder").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mentorer til kvinder")
    assert violations(page) == []

    page.goto("/ministerium/2025/")
    pages.get_by_role("link", name="Figurer").click()
    for image in page.get_by_role("img").all():
        image.scroll_into_view_if_needed()
        expect(image).to_have_js_property("complete", True)
        assert image.evaluate("image => image.naturalWidth") > 300
    page.get_by_text("Tallene bag: Figur 6").click()
    expect(page.get_by_role("cell", name="6,3", exact=True).first).to_be_visible()
    assert violations(page) == []

    pages.get_by_role("link", name="Afstemning").click()
    assert violations(page) == []
    pages.get_by_role("link", name="Priser").click()
    page.get_by_label("År", exact=True).fill("2026")
    page.get_by_role("button", name="Tilføj").click()
    expect(page.get_by_role("link", name="Skriv satsen i procent, fx 1,9.")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("textbox", name="Stigning i procent").fill("2,5")
    page.get_by_label("Offentliggjort").fill("01.06.2025")
    page.get_by_label("Kilde").fill("KL")
    page.get_by_role("button", name="Tilføj").click()
    expect(page.get_by_text("Satsen for 2026 er tilføjet")).to_be_visible()

    pages.get_by_role("link", name="Offentliggør").click()
    assert violations(page) == []
    page.get_by_role("button", name="Offentliggør").click()
    expect(page.get_by_text("Opgørelsen er offentliggjort som nr. 1.")).to_be_visible()
    assert violations(page) == []
    assert differences(Publication.objects.get()) == []
    page.get_by_role("link", name="Kvalitetsdeklaration").first.click()
    expect(page.get_by_role("heading", name="Præcision og pålidelighed")).to_be_visible()
    assert violations(page) == []
