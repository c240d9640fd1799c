"""What of the review stands on the ministry's home: how far it is, and the first of the hit list."""

import pytest
from django.urls import reverse

from survey import adjusting
from survey.models import SurveyRound


@pytest.fixture
def home(cast, client_of):
    client = client_of(cast.mette)

    def get():
        response = client.get(reverse("reporting:overview", args=[2025]))
        return response.context, " ".join(response.content.decode().split())

    return get


def test_the_first_hits_stand_with_their_reasons_and_how_far_the_review_is(home, initiative_of):
    context, text = home()
    assert "0 af 3 indsatser er gennemgået." in text
    assert context["review"]["left"] == len(context["review"]["first"]) > 0
    for hit in context["review"]["first"]:
        assert hit.reasons and " ".join(hit.reasons) in text
    assert reverse("reporting:initiative", args=[2025, "751", initiative_of(5000).uuid]) in text
    assert reverse("review:hits", args=[2025]) in text and reverse("progress:progress", args=[2025]) in text


def test_what_is_settled_is_counted_and_no_longer_listed(home, initiative_of, cast):
    adjusting.accept(initiative_id=initiative_of(5000).pk, by=cast.mette, seen=None)
    _context, text = home()
    assert "1 af 3 indsatser er gennemgået." in text
    assert reverse("reporting:initiative", args=[2025, "751", initiative_of(5000).uuid]) not in text


def test_a_locked_round_has_nothing_to_review(home, answered):
    SurveyRound.objects.update(state="locked")
    assert home()[0]["review"] is None


def test_before_anybody_has_answered_there_is_nothing_to_look_at(survey_round, home):
    assert "Hvad skal ses på først" not in home()[1]
