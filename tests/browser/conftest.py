"""A real Chromium against a real server. Without a browser these tests are skipped, and say so."""

import os
import shutil
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect, sync_playwright

from tests.builders import build_round, session_of
from tests.conftest import build_cast

# No test may fail because the machine was busy.
PATIENCE = 30_000  # ms
expect.set_options(timeout=PATIENCE)

# Playwright's loop runs in the tests' thread, where the builders use the ORM.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

# The shell is the same Chromium without a window to draw, and takes less time.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser")
CHROMIUM = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(scope="session")
def chromium():
    if not CHROMIUM or not AXE.exists():
        pytest.skip("needs Chromium (or CHROMIUM=path) and axe-core from npm")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"],
        )
        yield browser
        browser.close()


@pytest.fixture
def visitor(chromium, live_server):
    """visitor(javascript=True, width=1280) -> a page of a browser of its own, in English as most are."""
    contexts = []

    def make(javascript=True, width=1280) -> Page:
        context = chromium.new_context(
            base_url=live_server.url,
            java_script_enabled=javascript,
            viewport={"width": width, "height": 900},
            locale="en-GB",
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: pytest.fail(f"script error: {error}"))
        return page

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def world(transactional_db):
    """The cast with an open round in which Aarhus and Lemvig have answered."""
    cast = build_cast()
    return cast, build_round()


def log_in(page: Page, user) -> None:
    """On the first page of one who has logged in; the form is tried in test_journey.py."""
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session_of(user)}
    page.context.add_cookies([cookie | {"domain": "localhost", "path": "/"}])
    page.goto("/")


def violations(page: Page) -> list[str]:
    """What axe finds against WCAG 2.2 AA on the page as it stands, and a page wider than its window."""
    page.evaluate(AXE.read_text())
    # Only what is wrong is gathered; the style sheets are there without being asked for anew.
    options = {"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"], "preload": False}
    result = page.evaluate("options => axe.run(document, options)", options)
    found = [f"{v['id']}: {node['html'][:200]}" for v in result["violations"] for node in v["nodes"]]
    too_wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return found + ([f"wider than the window by {too_wide}"] if too_wide > 0 else [])
