"""What the pages around a round say about what comes next, and where they lead."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from municipalities.models import Contact
from survey.models import Submission, SubmissionArea, SurveyRound
from tests.builders import change_basis
from tests.reporting.test_estimate_page import text

PLAN = "/ministerium/2025/plan/"


@pytest.fixture
def rikke(cast, client_of):
    return client_of(cast.rikke)


@pytest.mark.parametrize(
    ("state", "button", "done"),
    [
        ("closed", "Genåbn kortlægningen", "Se efter, om fristerne og påmindelserne skal ændres."),
        ("locked", "Tilbage til lukket", "Kortlægningen er lukket igen."),
        ("archived", "Tilbage til låst", "Kortlægningen er låst igen."),
    ],
)
def test_one_step_back_says_where_to(survey_round, rikke, state, button, done):
    SurveyRound.objects.update(state=state)
    page = text(rikke.get(PLAN))
    assert f"{button}</button>" in page
    assert ("forbliver stoppet" in page) == (state == "closed")
    assert done in text(rikke.post(f"{PLAN}genaabn/", {"reason": "Fejl."}, follow=True))


def test_a_year_that_is_taken_leads_to_its_plan(survey_round, rikke):
    page = text(rikke.post(reverse("rounds:new_round"), {"accounts_year": "2025"}))
    assert f'<a href="{PLAN}">Ret Kortlægning af regnskab 2025 i stedet</a>' in page
    assert "i stedet" not in text(rikke.post(reverse("rounds:new_round"), {"accounts_year": "2031"}))


def test_new_dates_tell_that_nobody_gets_a_mail(survey_round, rikke):
    page = text(rikke.get(f"{PLAN}frister/"))
    assert "Ingen får det at vide med mail af sig selv" in page
    assert reverse("reminders:reminders", args=[2025]) in page


def test_what_is_missing_for_the_figures_leads_to_where_it_is_added(survey_round, rikke):
    change_basis(population_date="2020-01-01")
    for name in ("chase:chase", "reporting:overview", "reporting:estimate", "reporting:figures"):
        page = text(rikke.get(reverse(name, args=[2025])))
        assert f'<a href="{reverse("reference:populations")}">Til grunddata</a>' in page


@pytest.mark.parametrize(
    ("name", "args", "current"),
    [
        ("rounds:plan", [2025], "Overblik"),
        ("contacts:invitations", [2025], "Overblik"),
        ("reminders:reminders", [2025], "Overblik"),
        ("chase:chase", [2025], "Overblik"),
        ("response:response", [2025], "Overblik"),
        ("rounds:rounds", [], "Kortlægninger"),
        ("rounds:new_round", [], "Kortlægninger"),
        ("contacts:contacts", [], "Kontakter"),
        ("response:municipality", ["461"], "Kommuner"),
        ("publications:publish", [2025], "Offentliggørelser"),
    ],
)
def test_the_pages_of_a_round_belong_to_the_overview_in_the_menu(survey_round, rikke, name, args, current):
    page = text(rikke.get(reverse(name, args=args)))
    assert re.findall(r'aria-current="true"><span>([^<]*)</span>', page) == [current]


def test_a_draft_that_is_begun_is_told_in_the_same_words_everywhere(survey_round, odense, rikke):
    SubmissionArea.objects.create(submission=odense, service_area="social")
    for name, args in (
        ("chase:notes", [2025, "461"]),
        ("chase:chase", [2025]),
        ("response:response", [2025]),
        ("reporting:submission", [2025, "461"]),
    ):
        assert "begyndt, ikke indsendt" in text(rikke.get(reverse(name, args=args)))


def test_the_notes_have_what_a_call_needs(survey_round, odense, rikke):
    Contact.objects.create(
        municipality=odense.municipality, name="K", email="k@odense.example", phone="66 13 13 72"
    )
    page = text(rikke.get(reverse("chase:notes", args=[2025, "461"])))
    assert "66 13 13 72" in page and "mailto:k@odense.example" in page and "Kommunens frist: " in page
    assert "Senest logget ind" in page and "Senest skrevet til" in page
    assert reverse("reminders:extension", args=[2025, "461"]) in page
    assert reverse("response:municipality", args=["461"]) in page


def test_the_municipalitys_page_leads_to_each_rounds_pages(survey_round, rikke):
    page = text(rikke.get(reverse("response:municipality", args=["461"])))
    for name in ("reminders:extension", "reporting:versions", "reporting:dialogue", "chase:notes"):
        assert reverse(name, args=[2025, "461"]) in page


def test_after_its_own_time_a_municipality_is_told_so_and_whom_to_ask(odense, cast, client_of):
    ago = timezone.now() - timedelta(hours=1)
    SurveyRound.objects.update(deadline=ago - timedelta(hours=1), edit_until=ago)
    assert Submission.objects.get(pk=odense.pk).state == "draft"
    for user in (cast.anna, cast.lis):
        page = text(client_of(user).get(odense.get_absolute_url()))
        assert "Kommunens frist udløb" in page and "Kortlægningen er ikke åben" not in page
        assert "Skriv til ministeriet, hvis fristen skal forlænges" in page
    assert "hvad kan I gøre?" in text(client_of(cast.carl).get(odense.get_absolute_url()))
    SurveyRound.objects.update(state="closed")
    assert "Kortlægningen er ikke åben" in text(client_of(cast.anna).get(odense.get_absolute_url()))
