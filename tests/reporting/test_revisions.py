"""Why figures differ from those that were published: every part by name, and the parts add up exactly."""

from fractions import Fraction

import pytest
from django.db.models import F

from municipalities.models import PopulationCount
from reporting.publishing.now import revised, today
from reporting.strata import EstimateRefused
from survey import transitions
from survey.models import SurveyRound
from tests.builders import build_publication, change_basis
from tests.reporting.conftest import build_rate
from tests.reporting.story import STORY, adjust, new_vintage, somebody_else_answers, take_back_and_hand_in


def parts(revision) -> Fraction:
    """The sum of all parts of a revision."""
    own = sum((change.amount for change in revision.changes), Fraction(0))
    return own + revision.for_the_missing + revision.rates + revision.rest


def test_after_every_step_the_parts_add_up_to_the_last_digit(answered, cast, at_2026):
    for step in STORY:
        step(answered, cast)
        found = today(at_2026).revision
        assert parts(found) == found.change, step
    assert found.change != 0


def test_causes_are_named_with_their_amounts_and_add_up_exactly(answered, cast, at_2026):
    take_back_and_hand_in(answered, cast)  # 600 becomes 800
    adjust(answered, cast)  # and 800 becomes 8
    new_vintage(answered, cast)
    found = today(at_2026).revision
    assert [(change.name, change.kind) for change in found.changes] == [("Odense", "handed_in_anew")]
    assert found.changes[0].amount == Fraction("-606.8")  # -592 at 1.025
    assert found.for_the_missing == pytest.approx(-606.8 * (621 / 602 - 1))
    assert float(found.rates) == pytest.approx(6258 * 621 / 602 * (1.0425 - 1.025))
    assert found.rest == 0 and parts(found) == found.change


def test_each_kind_of_change_is_told_apart(answered, cast, at_2026):
    somebody_else_answers(answered, cast)
    adjust(answered, cast)
    transitions.withdraw(submission_id=answered.submissions["Aarhus"].pk, by=cast.bo)
    found = {change.name: (change.kind, float(change.amount)) for change in today(at_2026).revision.changes}
    assert found == {
        "Lemvig": ("answered", pytest.approx(333 * 1.025)),
        "Odense": ("adjusted", pytest.approx(-592 * 1.025)),
        "Aarhus": ("withdrew", pytest.approx(-5000 * 1.025)),
    }


def test_between_two_publications_the_method_and_the_level_are_causes_too(answered, cast):
    change_basis(state="draft")  # past the trigger that keeps a population in use
    PopulationCount.objects.update(immigrants_and_descendants=F("inhabitants") / 10 + 1000)
    SurveyRound.objects.update(state="open")
    build_rate(2026, "2.5")
    at_2026 = build_publication(answered.round, cast.rikke, price_level=2026)
    later = build_publication(
        answered.round, cast.rikke, method="d", revises=at_2026, revision_reason="Anden metode"
    )
    found = revised(later, at_2026)
    assert found.changes == [] and found.for_the_missing == 0
    assert float(found.rates) == pytest.approx(-6850 * 0.025 * 621 / 602)
    assert found.rest != 0 and parts(found) == found.change


def test_a_step_that_the_method_refuses_is_not_divided(answered, cast):
    somebody_else_answers(answered, cast)
    publication = build_publication(answered.round, cast.rikke, method="e")
    transitions.withdraw(submission_id=answered.submissions["Aarhus"].pk, by=cast.bo)
    later = build_publication(
        answered.round, cast.rikke, revises=publication, revision_reason="Aarhus mangler"
    )
    found = revised(later, publication)
    assert found.for_the_missing is None and found.rest is None
    assert [change.name for change in found.changes] == ["Aarhus"]
    with pytest.raises(EstimateRefused):
        today(publication)


def test_todays_refusal_is_shown_beside_the_frozen_figures(answered, cast, client_of):
    somebody_else_answers(answered, cast)
    publication = build_publication(answered.round, cast.rikke, method="e")
    transitions.withdraw(submission_id=answered.submissions["Aarhus"].pk, by=cast.bo)
    shown = client_of(cast.mette).get(publication.get_absolute_url()).content.decode()
    assert "100.000 indbyggere. Aarhus mangler." in shown and "7,2 mio. kr." in shown
