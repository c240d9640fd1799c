"""What a round lacks, on its plan and its overview; and the lock that waits for a second person."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from municipalities.models import Contact, OutgoingMail
from reporting.rounds.missing import missing_of
from survey.models import Reminder, RoundMail, Submission
from survey.rounds import lifecycle
from tests.builders import change_basis
from tests.reporting.test_estimate_page import text


def texts(survey_round, user):
    survey_round.refresh_from_db()
    return [one.text for one in missing_of(survey_round, user, timezone.now())]


def to(survey_round, state, **fields):
    change_basis(state=state, **fields)
    survey_round.refresh_from_db()


@pytest.fixture
def reached(survey_round, odense):
    """Odense has a contact who is invited; to Aarhus' one mail comes back."""
    place = odense.municipality
    Contact.objects.create(municipality=place, name="K", email="k@odense.example")
    mail = OutgoingMail.objects.create(to="k@odense.example", subject="x", text="x")
    RoundMail.objects.create(round=survey_round, municipality=place, to=mail.to, mail=mail, at=timezone.now())
    return survey_round


def test_an_open_round_lacks_invitations_contacts_and_reminders(reached, aarhus, cast):
    Contact.objects.create(
        municipality=aarhus.municipality, name="B", email="b@aarhus.example", bounced_at=timezone.now()
    )
    assert texts(reached, cast.mette) == [
        "3 kommuner er ikke inviteret.",
        "3 kommuner har ingen kontakt, der kan nås.",
        "Der er ikke planlagt nogen påmindelse.",
    ]


def test_who_has_answered_is_not_missed_and_a_stopped_reminder_is_none(reached, cast):
    reached.submissions.exclude(municipality__name="Odense").update(state=Submission.State.SUBMITTED)
    fields = {"targets": ["begun"], "subject": "x", "text": "x", "created_by": cast.rikke}
    planned = Reminder.objects.create(round=reached, number=1, send_at=timezone.now(), **fields)
    assert texts(reached, cast.mette) == []
    Reminder.objects.filter(pk=planned.pk).update(stopped_at=timezone.now())
    assert texts(reached, cast.mette) == ["Der er ikke planlagt nogen påmindelse."]


def test_a_draft_lacks_its_opening_population_and_phases(reached, cast):
    to(reached, "draft", population_date="2020-01-01")
    found = texts(reached, cast.rikke)
    assert found[0].startswith("Den skulle være åbnet ")
    assert found[1:3] == [
        "Folketallet pr. 01.01.2020 er ikke indlæst for alle kommuner.",
        "7 faser er ikke planlagt.",
    ]
    to(reached, "draft", opens_at=timezone.now() + timedelta(days=1), population_date="2026-01-01")
    assert texts(reached, cast.rikke)[0] == "7 faser er ikke planlagt."


def test_a_round_that_is_over_lacks_nothing(survey_round, cast):
    for state in ("closed", "locked", "archived"):
        to(survey_round, state)
        assert texts(survey_round, cast.rikke) == []


def test_each_line_is_a_link_that_its_reader_may_open(survey_round, cast, client_of):
    to(survey_round, "draft", population_date="2020-01-01")
    for user in (cast.rikke, cast.mette, cast.admin):
        client = client_of(user)
        for page in ("rounds:plan", "reporting:overview"):
            response = client.get(reverse(page, args=[2025]))
            assert len(response.context["undone"]) == 6
            for one in response.context["undone"]:
                assert f'href="{one.address}"' in text(response)
                assert client.get(one.address).status_code == 200


def test_the_queries_are_of_the_lines_not_of_the_municipalities(reached, cast):
    to(reached, "draft", population_date="2020-01-01")
    user, now = cast.rikke, timezone.now()
    missing_of(reached, user, now)
    with CaptureQueriesContext(connection) as asked:
        missing_of(reached, user, now)
    assert len(asked) <= 10


def test_a_proposed_lock_is_shown_to_those_who_may_confirm_it(survey_round, cast, client_of):
    to(survey_round, "closed")
    lifecycle.ask_to_lock(round_id=survey_round.pk, by=cast.rikke)
    said = "Rikke foreslog"
    overview, listed = reverse("reporting:overview", args=[2025]), reverse("rounds:rounds")
    assert said in text(client_of(cast.mette).get(overview))
    assert said not in text(client_of(cast.rikke).get(overview))
    assert said not in text(client_of(cast.admin).get(overview))
    assert "låsning foreslået af Rikke" in text(client_of(cast.mette).get(listed))
    lifecycle.reopen(round_id=survey_round.pk, by=cast.rikke, reason="x")
    assert "låsning foreslået" not in text(client_of(cast.mette).get(listed))
