"""All that the ministry knows of one municipality on one page, and the list of them all."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from municipalities.models import Contact, Municipality, OutgoingMail, User
from survey.models import ChaseNote, Message, RoundMail
from survey.rounds.extensions import extend
from tests.builders import build_initiative, build_round, change_basis, hand_in


@pytest.fixture
def known(survey_round, odense, cast):
    """Odense with something of each kind."""
    place = odense.municipality
    Contact.objects.create(
        municipality=place, name="Kirsten", email="k@odense.example", title="Chef", phone="66 13 13 72"
    )
    Contact.objects.create(
        municipality=place,
        name="Ole",
        email="o@odense.example",
        bounced_at=timezone.now(),
        bounce_note="Ukendt modtager",
    )
    User.objects.filter(pk=cast.carl.pk).update(last_login=timezone.now())
    mail = OutgoingMail.objects.create(
        to="k@odense.example", subject="Husk at svare", text="x", state="failed"
    )
    sent = {"mail": mail, "at": timezone.now(), "by": cast.rikke}
    RoundMail.objects.create(round=survey_round, municipality=place, to="k@odense.example", **sent)
    until = timezone.now() + timedelta(days=40)
    extend(submission_id=odense.pk, by=cast.rikke, until=until, reason="Nyt økonomisystem")
    note = {"outcome": "promised", "text": "Ringede; svarer <fredag>", "by": cast.mette}
    ChaseNote.objects.create(round=survey_round, municipality=place, **note)
    build_initiative(odense, cast.carl, title="Hemmelig titel")
    hand_in(odense, cast.carl)
    Message.objects.create(submission=odense, by=cast.carl, from_ministry=False, text="Hvad mener I?")
    return place


def test_all_that_is_known_of_a_municipality(known, mette, text_of):
    found = text_of(mette, "response:municipality", "461")
    assert "<h1>Odense Kommune</h1>" in found and "Kommunekode 461" in found
    assert "Kirsten" in found and "66 13 13 72" in found and "Ukendt modtager" in found
    assert "Carl" in found and "godkender" in found and "aldrig" in found
    assert "1: 1 indsats" in found and "Nyt økonomisystem" in found and "1 ulæst" in found
    assert "Husk at svare (invitation)" in found and "kunne ikke sendes" in found
    assert "Har lovet at svare" in found and "svarer &lt;fredag&gt;" in found
    links = ("reporting:submission", "reporting:dialogue", "chase:notes")
    assert all(reverse(name, args=[2025, "461"]) in found for name in links)
    assert "Hemmelig titel" not in found


def test_nothing_of_another_municipality_is_shown(known, mette, text_of):
    aarhus = text_of(mette, "response:municipality", "751")
    for theirs in ("Kirsten", "Carl", "Husk at svare", "lovet", "økonomisystem", "ulæst"):
        assert theirs not in aarhus
    assert "Der er ingen kontakter." in aarhus and "Der er ingen notater." in aarhus and ">Bo</th>" in aarhus


def test_predecessors_and_successor_with_their_days(survey_round, mette, text_of):
    odense, lemvig = Municipality.objects.get(code="461"), Municipality.objects.get(code="665")
    ended = {"valid_until": date(2027, 1, 1), "successor": odense}
    Municipality.objects.filter(pk=lemvig.pk).update(**ended)
    Municipality.objects.filter(pk=odense.pk).update(valid_from=date(2007, 1, 1))
    assert "en del af denne kommune fra 1. januar 2027" in text_of(mette, "response:municipality", "461")
    assert "Kommune fra 1. januar 2007" in text_of(mette, "response:municipality", "461")
    gone = text_of(mette, "response:municipality", "665")
    assert "Fra 1. januar 2027 en del af" in gone and reverse("response:municipality", args=["461"]) in gone
    assert "fra 1. januar 2027 en del af Odense" in text_of(mette, "response:municipalities")


def test_a_plan_or_a_trial_is_no_round_of_a_municipality(known, survey_round, mette, text_of):
    change_basis(state="draft")
    assert "Kommunen er ikke blevet spurgt endnu" in text_of(mette, "response:municipality", "461")


def test_one_query_for_each_kind(known, odense, cast, mette, survey_round):
    def count():
        with CaptureQueriesContext(connection) as queries:
            mette.get(reverse("response:municipality", args=["461"]))
        return len(queries)

    before = count()
    build_round(accounts_year=2024)
    for number in range(4):
        about = {"round": survey_round, "municipality": known}
        Contact.objects.create(municipality=known, name=f"N{number}", email=f"n{number}@odense.example")
        mail = OutgoingMail.objects.create(to=f"n{number}@odense.example", subject="x")
        RoundMail.objects.create(**about, to=mail.to, mail=mail, at=timezone.now())
        ChaseNote.objects.create(**about, text="x", by=cast.rikke)
    assert count() == before <= 18


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ("", ["Langeland", "Lemvig", "Odense", "Aarhus"]),
        ("LANG", ["Langeland"]),
        ("århus", ["Aarhus"]),
        (" 665 ", ["Lemvig"]),
        ("xyz", []),
        ("\x00", []),
    ],
)
def test_the_list_is_searched_by_name_or_code(survey_round, mette, wanted, names):
    response = mette.get(reverse("response:municipalities"), {"q": wanted})
    assert response.status_code == 200
    assert [one.name for one in response.context["rows"]] == names


def test_the_list_counts_contacts_and_people_once(known, mette, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        response = mette.get(reverse("response:municipalities"))
    odense = next(one for one in response.context["rows"] if one.code == "461")
    assert (odense.contacts_known, odense.contacts_bounced, odense.people) == (2, 1, 3)
    assert odense.last_login is not None


def test_an_unknown_municipality_is_not_found(survey_round, mette, text_of):
    text_of(mette, "response:municipality", "999", status=404)
