"""What stands beside an initiative on its page: the last round, its reasons, and similar ones elsewhere."""

import pytest
from django.urls import reverse
from django.utils import timezone

from reporting.models.rates import PriceRateQuerySet
from reporting.review.hits import hit_list
from reporting.review.statuses import statuses
from reporting.totals import round_totals
from survey import adjusting, dialogue, reviewing, transitions
from survey.models import ReportedInitiative, SurveyRound
from tests.builders import build_adjustment, build_approver, build_initiative, build_round, hand_in

YEAR = 2025


def text(response):
    return " ".join(response.content.decode().split())


@pytest.fixture
def mette(cast, client_of):
    return client_of(cast.mette)


@pytest.fixture
def reported(answered):
    """Odense's 1,250 thousand kr. on employment."""
    return answered.versions["Odense"].initiatives.get(gross_expenditure=1250)


def page(initiative, name="initiative", **query):
    code = initiative.version.submission.municipality.code
    return reverse(f"reporting:{name}", args=[YEAR, code, initiative.uuid], query=query)


def shown_fields(response):
    return {field.name: field for field in response.context["fields"]}


def test_last_round_stands_beside_at_this_rounds_prices_and_says_what_changed(earlier, reported, mette):
    response = mette.get(page(reported))
    field = shown_fields(response)
    assert field["gross_expenditure"].last == "1.100 (1.000 i 2024-priser)"
    assert field["gross_expenditure"].changed and not field["title"].changed
    assert "1.100 (1.000 i 2024-priser)<br><strong>ændret siden</strong>" in text(response)
    assert text(response).count("<strong>ændret siden</strong>") == 1
    assert "Forrige kortlægning (regnskab 2024)" in text(response)
    assert "regnet om fra 2024- til 2025-priser" in text(response)


def test_a_made_up_round_does_not_stand_beside_a_real_one(earlier, reported, mette):
    SurveyRound.objects.filter(accounts_year=2024).update(is_demo=True)
    response = mette.get(page(reported))
    assert response.context["last"] is None and response.context["hits"].before_year is None


def test_it_says_since_when_it_stands_as_it_does(answered, reported, cast, mette):
    def since():
        return mette.get(page(reported)).context["since"]

    assert since() is None
    accepted = adjusting.accept(initiative_id=reported.pk, by=cast.mette, seen=None)
    assert since() == accepted.at
    adjusting.reopen(initiative_id=reported.pk, by=cast.mette, seen=accepted.pk)
    assert since() is None
    submission = reported.version.submission
    transitions.approve(submission_id=submission.pk, by=cast.mette, version_seen=1)
    assert since() == submission.events.get(kind="approved").at


def test_equal_at_one_price_level_is_not_changed(earlier, reported, cast, mette):
    build_adjustment(reported, cast.mette, gross_expenditure=1100)
    assert not shown_fields(mette.get(page(reported)))["gross_expenditure"].changed


def test_last_round_is_as_it_counted_then(earlier, reported, cast, mette):
    then = ReportedInitiative.objects.get(uuid=reported.uuid, gross_expenditure=1000)
    build_adjustment(then, cast.mette, gross_expenditure=500, service_area="social")
    response = mette.get(page(reported))
    assert shown_fields(response)["gross_expenditure"].last == "550 (500 i 2024-priser)"
    assert shown_fields(response)["service_area"].changed
    assert "efter ministeriets rettelse dengang" in text(response)
    build_adjustment(then, cast.mette, gross_expenditure=None, out_of_scope=True)
    assert "Dengang afgjorde ministeriet, at indsatsen ikke hørte med" in text(mette.get(page(reported)))


def test_without_a_rate_last_rounds_amounts_stand_in_their_own_prices(earlier, reported, mette, monkeypatch):
    monkeypatch.setattr(PriceRateQuerySet, "in_force", lambda rates, as_at: {})
    response = mette.get(page(reported))
    field = shown_fields(response)["gross_expenditure"]
    assert (field.last, field.changed) == ("1.000 i 2024-priser", False)
    assert "2025" in response.context["last"].refusal and response.context["last"].refusal in text(response)


def test_what_is_new_has_no_last_round(earlier, answered, mette):
    new = answered.versions["Odense"].initiatives.get(gross_expenditure=600)
    response = mette.get(page(new))
    assert response.context["last"] is None and "Forrige kortlægning" not in text(response)


def test_a_round_that_was_not_opened_is_passed_over(answered, reported, cast, mette):
    opened = build_round(accounts_year=2023, price_level=2023)
    build_initiative(opened.submissions.get(municipality__code="461"), cast.carl, uuid=reported.uuid)
    hand_in(opened.submissions.get(municipality__code="461"), cast.carl)
    dates = {
        name: getattr(opened, name) for name in ("opens_at", "deadline", "edit_until", "population_date")
    }
    SurveyRound.objects.create(accounts_year=2024, price_level=2024, **dates)
    assert mette.get(page(reported)).context["last"].round == opened


def similar(response):
    return [(row.municipality.name, row.initiative.gross_expenditure) for row in response.context["similar"]]


def test_similar_ones_are_other_municipalities_and_as_they_count(answered, reported, cast, mette):
    assert similar(mette.get(page(reported))) == [("Aarhus", 5000)]
    theirs = ReportedInitiative.objects.get(gross_expenditure=5000)
    build_adjustment(theirs, cast.mette, gross_expenditure=760)
    response = mette.get(page(reported))
    assert similar(response) == [("Aarhus", 760)] and ">760<br>rettet" in text(response)
    assert ">2,0</td>" in text(response)  # 760,000 kr. over Aarhus's 380,000
    assert "Kommunalfuldmagten</td>" in text(response) and page(theirs) in text(response)
    network = answered.versions["Odense"].initiatives.get(gross_expenditure=600)
    assert similar(mette.get(page(network))) == [("Aarhus", 760)]  # by its text


def test_the_page_costs_the_same_however_many_are_similar(
    answered, reported, cast, mette, django_assert_num_queries
):
    mette.get(page(reported))
    lemvig = answered.submissions["Lemvig"]
    lone = build_approver(lemvig)
    for number in range(12):
        build_initiative(lemvig, lone, title=f"Mentorer {number}")
    hand_in(lemvig, lone)
    for one in ReportedInitiative.objects.filter(title__startswith="Mentorer")[:5]:
        build_adjustment(one, cast.mette)
    with django_assert_num_queries(33):
        response = mette.get(page(reported))
    assert len(similar(response)) == 8


def test_what_counts_is_said_per_inhabitant(answered, reported, cast, mette):
    assert "Bruttoudgifter pr. indbygger 6,0 kr. (folketal 1. januar 2026: 210.000)" in text(
        mette.get(page(reported))
    )
    build_adjustment(reported, cast.mette, gross_expenditure=210)
    assert "Bruttoudgifter 210 og" in text(mette.get(page(reported)))
    assert "pr. indbygger 1,0 kr." in text(mette.get(page(reported)))
    build_adjustment(reported, cast.mette, gross_expenditure=None, out_of_scope=True)
    assert "Intet: indsatsen hører ikke med." in text(mette.get(page(reported)))


def test_where_the_review_stands_and_who_has_it(answered, reported, cast, mette):
    odense = answered.submissions["Odense"]
    reviewing.assign(submission_id=odense.pk, uuids=[reported.uuid], reviewer=cast.rikke, by=cast.mette)
    dialogue.post(
        submission_id=odense.pk,
        by=cast.mette,
        from_ministry=True,
        text="Hvorfor?",
        seen=0,
        uuid=reported.uuid,
    )
    shown = text(mette.get(page(reported)))
    assert "afventer svar, siden" in shown and "Tildelt Rikke." in shown
    assert statuses([reported.version_id])[reported.pk].name == "asked"


def test_a_question_is_asked_at_the_field(answered, reported, cast, client_of, mette):
    address = reverse("reporting:dialogue", args=[YEAR, "461"])
    link = f"{address}?indsats={reported.uuid}&amp;felt=gross_income"
    assert link in text(mette.get(page(reported)))
    assert link not in text(client_of(cast.admin).get(page(reported)))
    asked = mette.get(address, {"indsats": reported.uuid, "felt": "gross_income"}).context["question"]
    assert asked.initial["field"] == "gross_income"


def test_the_municipality_has_no_such_page(answered, reported, cast, client_of):
    for user in (cast.anna, cast.carl, cast.bo):
        assert client_of(user).get(page(reported)).status_code == 404
        assert (
            client_of(user).get(reverse("reporting:search", args=[YEAR]), {"q": "kvinder"}).status_code == 404
        )


@pytest.fixture
def listed(answered, cast):
    """Aarhus's on the hit list, in its order; Odense's, of another region, is among them."""
    aarhus = answered.submissions["Aarhus"]
    transitions.withdraw(submission_id=aarhus.pk, by=cast.bo)
    for title in ("Kor", "Svømning", "Madklub"):
        build_initiative(aarhus, cast.bo, title=title, gross_expenditure=1, gross_income=99)
    hand_in(aarhus, cast.bo)
    totals = round_totals(answered.round, timezone.now())
    hits = [hit for hit in hit_list(answered.round, totals).hits if hit.initiative and hit.code == "751"]
    return [ReportedInitiative.objects.get(pk=hit.initiative) for hit in hits]


def test_the_page_says_why_it_is_on_the_list_and_leads_on_in_it(answered, listed, mette):
    first, second = listed[:2]
    assert "Derfor står den på listen" in text(mette.get(page(second)))
    assert "Næste på listen" not in text(mette.get(page(second)))
    shown = mette.get(page(second, liste="region=1082"))
    around = [page(one, liste="region=1082") for one in (first, listed[2])]
    assert [shown.context[name] for name in ("preceding", "following")] == around
    assert f'href="{reverse("review:hits", args=[YEAR])}?region=1082"' in text(shown)


def test_after_a_decision_one_goes_on_to_the_next_that_is_open(answered, listed, mette):
    first, second, third = listed[:3]
    go_on = {"seen": "", "naeste": "1"}
    address = page(second, "accept", liste="region=1082")
    assert mette.post(address, go_on).url == page(third, liste="region=1082")
    address = page(first, "accept", liste="region=1082")
    assert mette.post(address, go_on).url == page(third, liste="region=1082")
    again = page(third, "accept", version=third.version.number)
    assert mette.post(again, go_on).url == page(third, version=third.version.number)


def test_the_last_of_the_list_leads_back_to_it(answered, listed, mette):
    address = page(listed[-1], "accept", liste="region=1082")
    back = mette.post(address, {"seen": "", "naeste": "1"})
    assert back.url == reverse("review:hits", args=[YEAR]) + "?region=1082"


def test_a_strange_list_in_the_address_breaks_nothing(answered, reported, mette):
    for liste in ("a\x00b", '"><script>', "//example.test/"):
        shown = mette.get(page(reported, liste=liste))
        assert shown.status_code == 200 and "<script>" not in shown.context["list_url"]
        assert shown.context["list_url"].startswith("/ministerium/")
