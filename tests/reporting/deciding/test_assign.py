"""Giving initiatives of the hit list to a reviewer."""

from uuid import uuid4

import pytest
from django.urls import reverse

from survey.models import ReportedInitiative, ReviewAssignment, SurveyRound
from tests.builders import build_initiative, build_round, hand_in
from tests.reporting.test_pages import text

ASSIGN = reverse("deciding:assign", args=[2025])


@pytest.fixture
def mette(cast, client_of):
    return client_of(cast.mette)


@pytest.fixture
def three(odense, aarhus, cast):
    """Two of Odense's, one of Aarhus'."""
    build_initiative(odense, cast.anna, title="Mentorer")
    build_initiative(odense, cast.anna, title="Netværk")
    build_initiative(aarhus, cast.bo, title="Sprog")
    hand_in(odense, cast.carl)
    hand_in(aarhus, cast.bo)
    return list(ReportedInitiative.objects.order_by("pk").values_list("pk", flat=True))


def said(response):
    """The latest message, which the hit list shows; that is another's page."""
    assert response.status_code == 302
    return [str(message) for message in response.wsgi_request._messages][-1]


def test_initiatives_of_several_answers_are_given_at_once(three, cast, mette):
    given = mette.post(ASSIGN, {"initiative": three, "reviewer": cast.rikke.pk, "next": "omr%C3%A5de=social"})
    assert given.url == "../?omr%C3%A5de=social"
    assert said(given) == "3 indsatser er tildelt Rikke."
    assert set(ReviewAssignment.objects.values_list("reviewer__name", "by__name")) == {("Rikke", "Mette")}
    back = mette.post(ASSIGN, {"initiative": three[:1], "reviewer": ""})
    assert back.url == "../" and said(back) == "1 indsats er ikke længere tildelt nogen."
    assert ReviewAssignment.objects.count() == 2


def test_what_was_so_already_is_told(three, cast, mette):
    for expected in ("2 indsatser er tildelt Rikke.", "Det var sådan allerede. Intet er ændret."):
        given = mette.post(ASSIGN, {"initiative": three[:2], "reviewer": cast.rikke.pk})
        assert said(given) == expected


@pytest.mark.parametrize(
    ("posted", "message"),
    [
        ({"initiative": ["x"]}, "ikke i kortlægningen"),
        ({"initiative": [10**30]}, "ikke i kortlægningen"),
        ({"initiative": [-1]}, "ikke i kortlægningen"),
        ({"reviewer": "x"}, "Vælg en, der kan gennemgå besvarelser"),
        ({"reviewer": 10**30}, "Vælg en, der kan gennemgå besvarelser"),
        ({"reviewer": "carl"}, "Vælg en, der kan gennemgå besvarelser"),
        ({"reviewer": "admin"}, "Vælg en, der kan gennemgå besvarelser"),
        ({"reviewer": None}, "Vælg, hvem der skal gennemgå indsatserne"),
    ],
)
def test_what_cannot_be_given_is_told_and_what_was_chosen_stays(three, cast, mette, posted, message):
    data = {"initiative": three[:1], "reviewer": cast.rikke.pk, "next": "side=2"} | posted
    if data["reviewer"] in ("carl", "admin"):
        data["reviewer"] = getattr(cast, data["reviewer"]).pk
    data = {name: value for name, value in data.items() if value is not None}
    refused = mette.post(ASSIGN, data)
    assert refused.status_code == 422 and message in text(refused)
    assert 'href="../?side=2"' in text(refused) and not ReviewAssignment.objects.exists()


def test_nothing_ticked_leads_back_to_the_list_with_a_word_about_it(three, cast, mette):
    refused = mette.post(ASSIGN, {"reviewer": cast.rikke.pk, "next": "side=2"})
    assert refused.url == "../?side=2" and "Sæt kryds ved mindst en indsats" in said(refused)
    assert not ReviewAssignment.objects.exists()


def test_another_rounds_initiative_is_not_given(three, cast, mette):
    other = build_round(accounts_year=2024, price_level=2024)
    submission = other.submissions.get(municipality__code="461")
    build_initiative(submission, cast.anna, uuid=uuid4())
    theirs = hand_in(submission, cast.carl).initiatives.get().pk
    refused = mette.post(ASSIGN, {"initiative": [three[0], theirs], "reviewer": cast.mette.pk})
    assert refused.status_code == 422 and not ReviewAssignment.objects.exists()


def test_in_a_locked_round_nothing_is_given(three, cast, mette):
    SurveyRound.objects.update(state=SurveyRound.State.LOCKED)
    refused = mette.post(ASSIGN, {"initiative": three, "reviewer": cast.rikke.pk})
    assert refused.status_code == 409 and "låst" in text(refused)
    assert f'<option value="{cast.rikke.pk}" selected>Rikke' in text(refused)


def test_the_way_back_does_not_lead_elsewhere(three, cast, mette):
    given = mette.post(
        ASSIGN, {"initiative": three, "reviewer": cast.rikke.pk, "next": "//x.dk/&\r\nSet-Cookie: a=b"}
    )
    assert given.url.startswith("../?") and "\n" not in given.url


def test_many_are_given_with_queries_by_answer(three, cast, mette, django_assert_max_num_queries):
    with django_assert_max_num_queries(35):
        mette.post(ASSIGN, {"initiative": three, "reviewer": cast.rikke.pk})


def test_only_reviewers_give(three, cast, client_of):
    data = {"initiative": three, "reviewer": cast.rikke.pk}
    assert client_of(cast.admin).post(ASSIGN, data).status_code == 403
    assert client_of(cast.carl).post(ASSIGN, data).status_code == 404
    assert client_of(cast.mette).get(ASSIGN).url == "../"
