"""What a row says of why it is on the list: its figures, the municipality's own words, the correction."""

import re
from math import nan

import pytest
from django.urls import reverse

from reporting.review.reasons import Facts, reasons_of
from survey.models import ReportedInitiative
from tests.builders import build_adjustment


def facts(**changed):
    about = {
        "amount": 12_000.0,
        "inhabitants": 10_000,
        "median": 0.003,
        "before": nan,
        "price_level": 2026,
        "before_year": None,
        "peers": "small",
    }
    return Facts(**about | changed)


def reason(rule, **changed):
    return reasons_of([rule], facts(**changed))[0]


def test_an_amount_that_may_be_in_kroner_is_held_against_the_median_with_its_price_level():
    assert reason("expenditure_in_kroner") == (
        "Udgiften kan være skrevet i kroner: 12.000 (1.000 kr., 2026-priser), 400 gange medianen pr. "
        "indbygger for indsatser i kommuner under 50.000 indbyggere. Kommunen har begrundet det."
    )


def test_a_corrected_amount_below_the_median_is_not_said_to_be_in_kroner_with_figures():
    assert reason("expenditure_in_kroner", amount=12.0) == (
        "Udgiften kan være skrevet i kroner. Kommunen har begrundet det."
    )


def test_what_the_municipality_wrote_is_shortened():
    said = reason("expenditure_zero", passed={"expenditure_zero": "Frivillige. " * 30})
    assert said.startswith("Udgiften er 0 kr. Kommunen: ”Frivillige.") and said.endswith("…”")
    assert len(said) <= len("Udgiften er 0 kr. Kommunen: ””") + 120


def test_kroner_per_inhabitant_name_their_price_level():
    assert "1.200 kr. pr. indbygger (2026-pris- og lønniveau), 400 gange" in reason("unlike_peers")


@pytest.mark.parametrize("without", [True, False])
def test_a_sum_without_the_most_doubtful_initiative_says_so(without):
    said = reason("answer_changed", is_answer=True, without=without, before=67_886.0, before_year=2024)
    assert said.startswith("Når den mest tvivlsomme indsats regnes med") == without
    assert "fra 67.886 til 12.000 siden 2024 (1.000 kr., 2026-priser)." in said


def page(client, **query):
    content = client.get(reverse("review:hits", args=[2025]), query).content.decode()
    return re.sub(r"\s+", " ", content)


def test_a_corrected_row_says_from_what_to_what_and_what_was_typed(answered, client_of, cast):
    network = ReportedInitiative.objects.get(title="Netværk")
    build_adjustment(network, cast.mette, gross_expenditure=7, service_area="general")
    body = page(client_of(cast.mette), tilstand="rettet")
    old = f"{network.gross_expenditure:,}".replace(",", ".")
    assert f"Rettet fra {old} til 7 (1.000 kr., 2025-priser)." in body and f"(indberettet {old})" in body
    assert "Område rettet fra ”" in body
    reason = network.passed_warnings.get(rule="income_without_source").reason
    assert f"Kommunen: ”{reason}”" in body


def test_rules_out_of_use_are_said_and_marked_in_the_filter(answered, client_of, cast):
    assert "ud af brug" not in page(client_of(cast.mette))
    answered.round.retired_rules = ["expenditure_zero"]
    answered.round.save(update_fields=["retired_rules"])
    body = page(client_of(cast.mette))
    assert "1 regel er sat ud af brug" in body and reverse("rules:rules", args=[2025]) in body
    assert "Udgiften er 0 kr. (ude af brug)" in body


@pytest.mark.parametrize(("query", "is_open"), [({}, False), ({"tilstand": "alle"}, True)])
def test_the_filter_is_open_when_it_is_used(answered, client_of, cast, query, is_open):
    assert (
        '<details class="filter mt-5 d-print-none" open>' in page(client_of(cast.mette), **query)
    ) == is_open
