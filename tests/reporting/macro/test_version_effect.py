"""What the choice of version does to the national figure, for the ministry's eyes alone."""

import pytest
from django.urls import reverse

from reporting.national import national_estimate
from survey import transitions
from survey.models import Initiative
from tests.builders import build_adjustment, change_basis, hand_in
from tests.reporting.conftest import build_rate

PAGE = reverse("reporting:versions", args=[2025, "461"])


@pytest.fixture
def mette(cast, client_of):
    return client_of(cast.mette)


def text(response):
    return " ".join(response.content.decode().split())


def estimate(answered, method):
    return national_estimate(answered.round, methods=(method,)).lines["exp_total"].estimate


@pytest.fixture
def estimates(answered, cast):
    """[by version: {method: the database's estimate while the version counted}]; Odense's 1,250 is corrected
    to 125 in the first, and is 2,500 in the second."""
    corrected = answered.versions["Odense"].initiatives.get(gross_expenditure=1250)
    build_adjustment(corrected, cast.mette, gross_expenditure=125, service_area="general")
    first = {method: estimate(answered, method) for method in "ae"}
    transitions.withdraw(submission_id=answered.submissions["Odense"].pk, by=cast.carl)
    Initiative.objects.filter(uuid=corrected.uuid).update(gross_expenditure=2500)
    hand_in(answered.submissions["Odense"], cast.carl)
    return [first, {method: estimate(answered, method) for method in "ae"}]


def test_each_version_s_total_is_the_estimate_while_it_counted(estimates, mette):
    effects = mette.get(PAGE).context["change"].effects
    assert [effect.method for effect in effects] == ["a", "e"]
    for effect in effects:
        assert (effect.before, effect.after) == tuple(by[effect.method] for by in estimates)
    difference = estimates[1]["a"].total - estimates[0]["a"].total
    assert effects[0].difference == difference
    assert effects[0].percent_of_se == pytest.approx(100 * difference / estimates[1]["a"].se)


def test_the_other_way_round_the_difference_is_the_opposite(estimates, mette):
    there = mette.get(PAGE, {"fra": "1", "til": "2"})
    back = mette.get(PAGE, {"fra": "2", "til": "1"})
    differences = [page.context["change"].effects[0].difference for page in (there, back)]
    assert differences[0] == -differences[1] != 0
    assert 'href="?fra=2&amp;til=1"' in text(there)
    same = mette.get(PAGE, {"fra": "2", "til": "2"})
    assert same.context["change"].effects[0].difference == 0


def test_what_was_corrected_in_each_version_is_said(estimates, mette):
    page = text(mette.get(PAGE))
    assert "Version 1</strong>: ministeriet har rettet 1 indsats." in page
    assert "1.250 rettet til 125" in page
    assert "Version 2</strong> (tæller med): ministeriet har ikke rettet noget." in page


def test_what_is_out_of_scope_counts_as_nothing(estimates, answered, cast, mette):
    second = answered.submissions["Odense"].versions.get(number=2).initiatives.get(gross_expenditure=2500)
    build_adjustment(second, cast.mette, gross_expenditure=None, out_of_scope=True)
    effect = mette.get(PAGE).context["change"].effects[0]
    assert effect.after == estimate(answered, "a")


def test_amounts_are_at_the_round_s_own_level(estimates, answered, mette):
    before = mette.get(PAGE).context["change"].effects[0].difference
    build_rate(2026, "10")
    change_basis(price_level=2026)
    response = mette.get(PAGE)
    assert response.context["change"].effects[0].difference == pytest.approx(1.1 * before)
    assert "2026-pris- og lønniveau" in text(response)


def test_without_its_rate_the_diff_stands_and_the_effect_is_refused(estimates, mette):
    change_basis(price_level=2027)
    page = text(mette.get(PAGE))
    assert "Betydningen for landets tal kan ikke beregnes" in page and "2.500" in page


def test_the_municipality_s_own_page_shows_the_diff_and_not_the_national_effect(estimates, cast, client_of):
    for person in (cast.anna, cast.carl, cast.lis):
        response = client_of(person).get("/kommune/461/2025/versioner/")
        assert "2.500" in text(response) and "change" not in response.context
        assert "landets tal" not in text(response)


def test_in_a_trial_there_is_a_diff_and_no_national_effect(estimates, mette):
    change_basis(state="trial")
    response = mette.get(PAGE)
    assert "2.500" in text(response) and "change" not in response.context
