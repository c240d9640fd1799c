"""Before a round is opened nothing shows figures of it: in a trial they would be the pilots' alone."""

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from tests.builders import change_basis
from tests.reporting.conftest import build_rate

YEAR = 2025
PAGES = [
    "reporting:estimate",
    "reporting:rows",
    "reporting:reconciliation",
    "reporting:figures",
    "response:response",
    "chase:chase",
    "publications:publish",
]
FILES = [
    ("reporting:estimate_csv",),
    ("reporting:figure", "6", "svg"),
    ("reporting:figure", "6", "csv"),
    ("reporting:export_csv",),
    ("response:municipalities_csv",),
    ("response:days", "svg"),
    ("chase:workbook",),
]


@pytest.fixture(params=["draft", "trial"])
def not_opened(answered, request):
    change_basis(state=request.param)


def test_its_pages_say_so_and_lead_to_the_plan(not_opened, client_of, cast):
    client = client_of(cast.rikke)
    for name in PAGES:
        response = client.get(reverse(name, args=[YEAR]))
        assert response.status_code == 200, name
        page = response.content.decode()
        assert "Kortlægningen er ikke åbnet, så der er ingen tal." in page, name
        assert reverse("rounds:plan", args=[YEAR]) in page and "<table" not in page, name


def test_its_files_are_not_found(not_opened, client_of, cast):
    client = client_of(cast.admin)
    statuses = {name: client.get(reverse(name, args=[YEAR, *more])).status_code for name, *more in FILES}
    assert set(statuses.values()) == {404}, statuses
    assert client.post(reverse("reporting:export_workbook", args=[YEAR])).status_code == 404


def test_nothing_of_it_is_published(not_opened, client_of, cast):
    response = client_of(cast.rikke).post(reverse("publications:publish", args=[YEAR]), {})
    assert response.status_code == 409 and "ingen tal" in response.content.decode()


def test_the_rates_are_shown_without_what_they_did_to_the_headline(not_opened, client_of, cast):
    build_rate(2026, "2.5")
    response = client_of(cast.mette).get(reverse("reporting:prices", args=[YEAR]), {"price_level": 2026})
    assert response.context["steps"] and not response.context["vintages"]


def test_the_command_refuses(not_opened):
    with pytest.raises(CommandError, match="ikke åbnet, så der er ingen tal") as refused:
        call_command("estimate", str(YEAR))
    assert refused.value.returncode == 2
