"""What a municipality gets back: from the page that promises it to the note, with and without JavaScript."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import log_in, violations
from tests.builders import hand_in
from tests.conftest import build_cast
from tests.reporting.peer_world import build_peers


@pytest.mark.parametrize(("javascript", "width"), [(True, 1280), (False, 320)])
def test_from_before_handing_in_to_the_note(visitor, transactional_db, javascript, width):
    cast = build_cast()
    peers = build_peers(cast)
    page = visitor(javascript, width)
    log_in(page, cast.lis)
    page.goto("/kommune/461/2025/sammenligning/")
    expect(page.get_by_text("når I har indsendt besvarelsen")).to_be_visible()
    assert not javascript or violations(page) == []

    hand_in(peers.odense, cast.carl)
    page.reload()
    expect(page.get_by_text("100 kr. pr. indbygger")).to_be_visible()
    picture = page.get_by_role("img")
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("complete", True)
    assert not javascript or picture.evaluate("image => image.naturalWidth") > 300
    expect(page.get_by_role("row", name="Socialområdet").get_by_role("cell").first).to_have_text("20")
    assert not javascript or violations(page) == []

    table = page.get_by_role("region", name="Kr. pr. indbygger")
    table.focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Hent notatet som PDF")).to_be_focused()
    for kind in ("PDF", "Word"):
        with page.expect_download() as download:
            page.get_by_role("link", name=f"Hent notatet som {kind}").press("Enter")
        assert download.value.suggested_filename.startswith("notat-461-2025.")
    page.get_by_role("link", name="2025-461-1").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("2025-461-1")
