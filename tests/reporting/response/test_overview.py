"""The ministry's home: the open round in short."""

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from survey import transitions
from survey.models import Message, SurveyRound
from tests.builders import build_initiative, build_round, change_basis, hand_in


def home_of(client):
    return client.get(reverse("reporting:home")).headers["Location"]


def test_home_is_the_open_round_else_the_newest_that_is_not_archived(survey_round, mette):
    build_round(accounts_year=2024)
    build_round(accounts_year=2026, price_level=2026)
    SurveyRound.objects.exclude(accounts_year=2024).update(state="closed")
    assert home_of(mette) == reverse("reporting:overview", args=[2024])
    SurveyRound.objects.update(state="closed")
    assert home_of(mette) == reverse("reporting:overview", args=[2026])
    SurveyRound.objects.filter(accounts_year=2026).update(state="archived")
    assert home_of(mette) == reverse("reporting:overview", args=[2025])
    SurveyRound.objects.update(state="archived")
    assert home_of(mette) == reverse("reporting:overview", args=[2026])


def test_home_without_any_round(cast, mette):
    assert reverse("rounds:rounds") in mette.get(reverse("reporting:home")).content.decode()


def test_the_overview_tells_the_round_in_short(answered, cast, mette, text_of):
    odense = answered.submissions["Odense"]
    Message.objects.create(submission=odense, by=cast.carl, from_ministry=False, text="Et spørgsmål")
    found = text_of(mette, "reporting:overview", 2025)
    assert "3 af 4 kommuner har svaret" in found and "96,9 pct. af indbyggerne" in found
    assert "Opregnede bruttoudgifter: <strong>7,1 mio. kr.</strong>" in found
    assert ">Odense</a>: 1 ulæst besked" in found
    assert "Lemvig: ikke begyndt" in found and "Odense: indsendt" in found
    for name in ("response:response", "chase:chase", "rounds:plan", "reporting:estimate"):
        assert reverse(name, args=[2025]) in found
    assert 'id="municipalities-caption"' not in found  # the long table is on a page of its own


def test_who_is_missing_most_stands_on_the_overview(answered, mette, text_of):
    found = text_of(mette, "reporting:overview", 2025)
    assert "1 kommune har ikke svaret" in found
    assert reverse("chase:notes", args=[2025, "665"]) in found
    SurveyRound.objects.update(state="locked")
    assert "Hvem mangler mest" not in text_of(mette, "reporting:overview", 2025)


def test_a_round_that_is_not_opened_has_its_plan_and_no_numbers(answered, mette, text_of):
    for state in ("draft", "trial"):
        change_basis(state=state)
        found = text_of(mette, "reporting:overview", 2025)
        assert reverse("rounds:plan", args=[2025]) in found
        assert "Estimatet nu" not in found and "Odense" not in found


def test_without_population_the_map_stands_and_the_estimate_says_why_not(
    survey_round, odense, mette, text_of
):
    change_basis(population_date="2020-01-01")
    found = text_of(mette, "reporting:overview", 2025)
    assert "Der er ikke noget estimat" in found and "Odense: ikke begyndt" in found


def test_the_number_of_queries_follows_nothing(answered, cast, mette):
    def count():
        with CaptureQueriesContext(connection) as queries:
            mette.get(reverse("reporting:overview", args=[2025]))
        return len(queries)

    build_round(accounts_year=2024)
    before = count()
    odense = answered.submissions["Odense"]
    transitions.withdraw(submission_id=odense.pk, by=cast.carl)
    for number in range(8):
        build_initiative(odense, cast.carl, title=f"Indsats {number}")
    hand_in(odense, cast.carl)
    assert count() <= before + 2 <= 42  # two more follow what was accepted in an earlier version
