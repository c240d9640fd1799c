"""The rules of a round at work, and rikke putting one out of use."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from reporting.review.catalogue import DUPLICATE
from reporting.totals import PopulationMissing
from survey import transitions
from survey.models import ReportedInitiative, RuleRetirement
from tests.builders import build_adjustment, build_initiative, change_basis, hand_in

PLACE = {"year": 2025}
ZERO = "expenditure_zero"
RETIRE = {"kind": "retired", "rule": ZERO, "reason": "Alle har nul i år."}


def page(client_of, user):
    return client_of(user).get(reverse("rules:rules", kwargs=PLACE))


def used(response, rule):
    (line,) = [line for line in response.context["lines"] if line.rule == rule]
    return line.use and (line.use.now, line.use.ever, line.use.changed)


def retire(client_of, user, **changed):
    return client_of(user).post(reverse("rules:retire", kwargs=PLACE), RETIRE | changed)


def hand_in_again(submission, carl, mette):
    due = timezone.now() + timedelta(days=5)
    transitions.send_back(submission_id=submission.pk, by=mette, version_seen=1, comment="Se.", due_at=due)
    return lambda: hand_in(submission, carl)


@pytest.fixture
def zeros(odense, aarhus, cast):
    """Two initiatives for nothing in Odense, and one in Aarhus."""
    for submission, by, count in ((odense, cast.carl, 2), (aarhus, cast.bo, 1)):
        for number in range(count):
            build_initiative(submission, by, title=f"Gratis {number} {by}", gross_expenditure=0)
        hand_in(submission, by)
    return ReportedInitiative.objects.order_by("pk")


def test_a_rule_at_entry_counts_what_was_handed_in_with_a_reason(client_of, cast, zeros):
    assert used(page(client_of, cast.mette), ZERO) == (3, 3, 0)


def test_a_number_leads_to_as_many_on_the_hit_list(client_of, cast, zeros):
    address = f"{reverse('review:hits', kwargs=PLACE)}?regel={ZERO}&amp;tilstand=alle"
    assert address in page(client_of, cast.mette).content.decode()
    found = client_of(cast.mette).get(address.replace("&amp;", "&")).content.decode()
    assert found.count("Gratis ") >= 3


def test_a_later_version_that_says_otherwise_or_leaves_it_out_is_a_change(client_of, cast, zeros, odense):
    again = hand_in_again(odense, cast.carl, cast.mette)
    first, last = odense.initiatives.order_by("pk")
    odense.initiatives.filter(pk=first.pk).update(gross_expenditure=100)
    last.delete()
    again()
    assert used(page(client_of, cast.mette), ZERO) == (1, 3, 2)


def test_another_field_that_is_changed_is_no_change_of_the_rule_s(client_of, cast, zeros, odense):
    again = hand_in_again(odense, cast.carl, cast.mette)
    odense.initiatives.update(purpose="Et andet formål.")
    again()
    assert used(page(client_of, cast.mette), ZERO) == (3, 3, 0)


def test_a_correction_of_the_field_or_out_of_scope_is_a_change(client_of, cast, zeros):
    for initiative, correction in zip(
        zeros,
        (
            {"gross_expenditure": 100},
            {"gross_expenditure": None, "out_of_scope": True},
            {"gross_expenditure": None, "service_area": "social"},
        ),
        strict=True,
    ):
        build_adjustment(initiative, cast.mette, **correction)
    assert used(page(client_of, cast.mette), ZERO) == (2, 3, 2)


def test_a_rule_of_the_review_counts_the_first_version_and_the_one_that_counts(client_of, cast, odense):
    for title in ("Mentor for kvinder", "Mentor for kvinderne"):
        build_initiative(odense, cast.carl, title=title)
    hand_in(odense, cast.carl)
    assert used(page(client_of, cast.mette), DUPLICATE) == (1, 1, 0)
    again = hand_in_again(odense, cast.carl, cast.mette)
    odense.initiatives.order_by("pk").last().delete()
    again()
    assert used(page(client_of, cast.mette), DUPLICATE) == (0, 1, 1)


def test_a_duplicate_that_is_corrected_away_has_led_to_a_change(client_of, cast, odense):
    for title in ("Mentor for kvinder", "Mentor for kvinderne"):
        build_initiative(odense, cast.carl, title=title)
    hand_in(odense, cast.carl)
    later = ReportedInitiative.objects.get(title="Mentor for kvinderne")
    build_adjustment(later, cast.mette, gross_expenditure=None, out_of_scope=True, reason="duplicate")
    assert used(page(client_of, cast.mette), DUPLICATE) == (0, 1, 1)


def test_a_rule_is_put_out_of_use_and_in_again_with_who_and_why(client_of, cast, survey_round):
    assert retire(client_of, cast.rikke).status_code == 302
    survey_round.refresh_from_db()
    assert survey_round.retired_rules == [ZERO]
    html = page(client_of, cast.mette).content.decode()
    assert "ude af brug siden" in html and "Alle har nul i år." in html and "af Rikke" in html
    assert retire(client_of, cast.rikke, kind="restored", reason="Det passede ikke.").status_code == 302
    survey_round.refresh_from_db()
    assert survey_round.retired_rules == []
    assert [one.kind for one in RuleRetirement.objects.all()] == ["retired", "restored"]


def test_pressing_twice_puts_it_out_of_use_once(client_of, cast, survey_round):
    for _ in range(2):
        assert retire(client_of, cast.rikke).status_code == 302
    assert RuleRetirement.objects.count() == 1


@pytest.mark.parametrize(
    "wrong, words",
    [
        ({"reason": "  "}, "Skriv en begrundelse."),
        ({"reason": "x" * 2001}, "højst være 2.000 tegn"),
        ({"reason": "Se 010190-1234"}, "ligner et CPR-nummer"),
        ({"rule": "x"}, "Vælg en regel på listen."),
        ({"kind": "x"}, "ud af brug eller i brug"),
    ],
)
def test_what_is_wrong_is_said_in_words_and_nothing_is_lost(client_of, cast, survey_round, wrong, words):
    response = retire(client_of, cast.rikke, **wrong)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert wrong.get("reason", RETIRE["reason"]).strip() in response.content.decode()
    assert RuleRetirement.objects.count() == 0


def test_in_a_locked_round_the_rules_stand(client_of, cast, survey_round):
    change_basis(state="locked")
    response = retire(client_of, cast.rikke)
    assert response.status_code == 409
    assert RETIRE["reason"] in response.content.decode()
    assert "/regler/brug/" not in page(client_of, cast.rikke).content.decode()


def test_only_the_round_manager_steers(client_of, cast, survey_round):
    for user in (cast.mette, cast.admin):
        assert retire(client_of, user).status_code == 403
        assert "/regler/brug/" not in page(client_of, user).content.decode()
    assert retire(client_of, cast.anna).status_code == 404
    assert RuleRetirement.objects.count() == 0


def test_what_is_out_of_use_keeps_the_numbers_of_what_was_handed_in(client_of, cast, zeros):
    retire(client_of, cast.rikke)
    retire(client_of, cast.rikke, rule=DUPLICATE)
    response = page(client_of, cast.mette)
    assert used(response, ZERO) == (3, 3, 0)
    assert used(response, DUPLICATE) is None


def test_without_a_population_the_rules_of_the_review_are_not_counted(client_of, cast, zeros, monkeypatch):
    def missing(survey_round, as_at):
        raise PopulationMissing(["Lemvig"], survey_round.population_date)

    monkeypatch.setattr("reporting.rules.views.round_totals", missing)
    response = page(client_of, cast.mette)
    assert response.status_code == 200
    assert (used(response, ZERO), used(response, DUPLICATE)) == ((3, 3, 0), None)
    assert "Lemvig" in response.content.decode()


def test_the_queries_do_not_follow_the_number_of_rules_or_initiatives(
    client_of, cast, odense, django_assert_max_num_queries
):
    for number in range(12):
        build_initiative(odense, cast.carl, title=f"Gratis {number}", gross_expenditure=0, gross_income=5)
    hand_in(odense, cast.carl)
    hand_in_again(odense, cast.carl, cast.mette)()
    client = client_of(cast.mette)
    with django_assert_max_num_queries(60):
        client.get(reverse("rules:rules", kwargs=PLACE))
