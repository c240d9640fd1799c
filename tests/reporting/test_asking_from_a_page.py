"""Asking from an initiative's page, and what its page says of one that repeats it."""

import pytest
from django.urls import reverse
from django.utils import timezone

from reporting.review.hits import hit_list
from reporting.totals import round_totals
from survey import transitions
from survey.models import Message, SurveyRound
from tests.builders import build_initiative, hand_in
from tests.reporting.test_adjustment_pages import page, text


@pytest.fixture
def mette(cast, client_of):
    return client_of(cast.mette)


def question(initiative, **said):
    return {"uuid": str(initiative.uuid), "field": "content", "seen": "", "text": "Hvad er det?"} | said


def test_asking_leads_back_to_the_page_or_on_to_the_next_and_the_list_is_kept(answered, cast, mette):
    odense = answered.submissions["Odense"]
    transitions.withdraw(submission_id=odense.pk, by=cast.carl)
    for title in ("Sprogcafé", "Sprogcaféen", "Sprogcaféer"):
        build_initiative(odense, cast.carl, title=title, gross_expenditure=44)
    hand_in(odense, cast.carl)
    survey_round = SurveyRound.objects.get(pk=odense.round_id)
    found = hit_list(survey_round, round_totals(survey_round, timezone.now())).hits
    one = next(hit for hit in found if hit.initiative and "duplicate" in hit.rules)
    here = reverse("reporting:initiative", args=[2025, one.code, one.uuid], query={"liste": "omraade="})
    shown = mette.get(here)
    to = shown.context["dialogue_url"]
    assert "liste=" in to and "Send og gå til den næste" in text(shown)
    back = mette.post(to, question(one))
    assert back.url.startswith(here.split("?")[0]) and "liste=" in back.url
    onward = mette.post(to, question(one, naeste="1", text="Og hvorfor?"))
    assert onward.url == shown.context["following"] and "liste=" in onward.url
    refused = mette.post(to, question(one, text=""))
    assert refused.status_code == 422 and f'action="{to.replace("&", "&amp;")}"' in text(refused)
    assert Message.objects.count() == 2


def test_what_a_likely_duplicate_repeats_says_so_as_well(answered, cast, mette):
    odense = answered.submissions["Odense"]
    transitions.withdraw(submission_id=odense.pk, by=cast.carl)
    for title, amount in (("Sprogcafé", 44), ("Sprogcaféen", 44), ("Sprogcafé", 91)):
        build_initiative(odense, cast.carl, title=title, gross_expenditure=amount)
    first, later, dear = hand_in(odense, cast.carl).initiatives.order_by("-position")[:3][::-1]
    assert [twin.uuid for twin in mette.get(page(first)).context["repeated_by"]] == [later.uuid]
    assert "som regnes for en gentagelse" in text(mette.get(page(first)))
    for one in (later, dear):
        assert "som regnes for en gentagelse" not in text(mette.get(page(one)))
