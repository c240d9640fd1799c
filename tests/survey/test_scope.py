"""The scope helper: it stands before the first field, helps, and never blocks; reviewers read the outcome."""

import uuid

import pytest

from survey import scope
from survey.models import Initiative, ServiceArea
from tests.builders import build_initiative, hand_in, posted
from tests.survey.test_pages import HOME, address, text


@pytest.fixture
def anna(client_of, cast):
    return client_of(cast.anna)


def test_there_are_three_criteria_six_tasks_and_an_example_of_each_area():
    assert (len(scope.CRITERIA), len(scope.STATUTORY)) == (3, 6)
    assert [example.area for example in scope.EXAMPLES] == list(ServiceArea)


def test_the_helper_stands_before_the_first_field_and_is_closed_until_it_is_used(anna, odense, cast):
    page = text(anna.get(HOME + "indsats/ny/"))
    assert page.index("Hører indsatsen med?") < page.index('name="scope"') < page.index('name="service_area"')
    assert '<details class="details scope-helper">' in page
    used = build_initiative(odense, cast.anna, scope="doubt")
    assert '<details class="details scope-helper" open>' in text(anna.get(address(used)))


@pytest.mark.parametrize("judged", ["in", "out", "doubt", ""])
def test_no_judgement_keeps_an_initiative_from_being_saved_or_handed_in(anna, odense, cast, judged):
    anna.post(HOME + f"indsats/{uuid.uuid4()}/", posted(scope=judged))
    assert Initiative.objects.get().missing() == []
    assert hand_in(odense, cast.carl).initiatives.get().scope == judged


def test_a_judgement_can_be_taken_back(anna, odense, cast):
    initiative = build_initiative(odense, cast.anna, scope="out", expenditure_basis="estimated")
    anna.post(address(initiative), posted(scope="", expenditure_basis="", revision=1))
    initiative.refresh_from_db()
    assert (initiative.scope, initiative.expenditure_basis) == ("", "")


def test_judgement_reason_and_basis_are_read_where_the_answers_are_and_only_when_given(
    anna, client_of, odense, cast
):
    said = {
        "scope": "doubt",
        "scope_reason": "Halvdelen er <b>danskere</b>",
        "expenditure_basis": "allocated",
    }
    initiative = build_initiative(odense, cast.anna, **said)
    version = hand_in(odense, cast.carl)
    pages = [
        anna.get(address(initiative)),
        anna.get(version.get_absolute_url()),
        client_of(cast.mette).get(f"/ministerium/2025/461/indsats/{initiative.uuid}/"),
    ]
    for page in map(text, pages):
        assert "I tvivl" in page and "Halvdelen er &lt;b&gt;danskere" in page
        assert page.index("2. Bruttoudgifter") < page.index("Fordelt fra en større konto")
        assert "Indtægten er" not in page


def test_what_is_said_besides_the_ten_fields_is_sealed_only_when_given(odense, cast):
    plain = build_initiative(odense, cast.anna)
    judged = build_initiative(odense, cast.anna, scope="in", income_basis="accounts")
    assert "scope" not in plain.sealed_fields() and "income_basis" not in plain.sealed_fields()
    assert (judged.sealed_fields()["scope"], judged.sealed_fields()["income_basis"]) == ("in", "accounts")
