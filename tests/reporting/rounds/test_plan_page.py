"""The plan's page: what happened, the acts of each state with what they do, and who may take them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from survey.models import Reminder, RoundEvent, Submission, SurveyRound
from survey.rounds import lifecycle, plans
from tests.builders import change_basis
from tests.reporting.test_estimate_page import text

PLAN = "/ministerium/2025/plan/"
BUTTONS = {
    "aabn": "Åbn kortlægningen",
    "luk": "Luk kortlægningen",
    "foreslaa-laas": "Foreslå låsning",
    "laas": "Lås kortlægningen",
    "arkiver": "Arkivér kortlægningen",
    "genaabn": "Genåbn kortlægningen",
    "slet": "Slet kladden",
}


@pytest.fixture
def clients(cast, client_of):
    return {name: client_of(getattr(cast, name)) for name in ("rikke", "mette", "admin")}


def to(survey_round, state, **dates):
    change_basis(state=state, **dates)


def offered(client):
    page = text(client.get(PLAN))
    return {act for act in BUTTONS if f'action="{PLAN}{act}/"' in page}


@pytest.mark.parametrize(
    ("state", "rikke", "mette"),
    [
        ("draft", {"aabn", "slet"}, set()),
        ("trial", {"aabn"}, set()),
        ("open", set(), set()),  # somebody has time
        ("closed", {"foreslaa-laas", "genaabn"}, set()),
        ("locked", {"arkiver", "genaabn"}, set()),
        ("archived", {"genaabn"}, set()),
    ],
)
def test_each_state_offers_its_acts_to_those_who_may(survey_round, clients, state, rikke, mette):
    to(survey_round, state)
    assert (offered(clients["rikke"]), offered(clients["mette"])) == (rikke, mette)
    assert offered(clients["admin"]) == set()


def test_a_round_is_opened_by_a_press(survey_round, clients):
    to(survey_round, "draft")
    survey_round.submissions.all().delete()
    page = text(clients["rikke"].get(PLAN))
    assert "En åbnet kortlægning kan ikke blive kladde igen." in page
    response = clients["rikke"].post(f"{PLAN}aabn/", follow=True)
    assert "Kortlægningen er åbnet." in text(response)
    survey_round.refresh_from_db()
    assert survey_round.state == "open"


def test_opening_a_trial_says_that_it_is_thrown_away(survey_round, clients):
    to(survey_round, "trial")
    assert "alt, hvad der er skrevet i den, slettes" in text(clients["rikke"].get(PLAN))


def test_opening_says_why_it_cannot_be_now(survey_round, clients):
    past = {"opens_at": timezone.now() - timedelta(days=9), "deadline": timezone.now() - timedelta(days=1)}
    to(survey_round, "draft", **past)
    assert "Svarfristen er passeret. Ret datoerne." in text(clients["rikke"].get(PLAN))
    response = clients["rikke"].post(f"{PLAN}aabn/")
    assert response.status_code == 409
    assert "Svarfristen er allerede passeret." in text(response)


def test_closing_names_and_links_those_who_have_time(survey_round, clients, odense):
    survey_round.submissions.exclude(pk=odense.pk).update(state=Submission.State.APPROVED)
    to(survey_round, "open", edit_until=datetime(2099, 10, 24, 10, tzinfo=UTC))
    page = text(clients["rikke"].get(PLAN))
    assert "Den kan lukkes fra 24. oktober 2099 kl. 12.00" in page
    assert 'href="/ministerium/2025/461/">Odense</a> (kladde)' in page
    assert 'href="/ministerium/2025/751/"' not in page
    response = clients["rikke"].post(f"{PLAN}luk/")
    assert response.status_code == 409
    assert "har tid til 24. oktober 2099 kl. 12.00. Luk derefter." in text(response)


def test_a_round_that_nobody_has_time_in_is_closed(survey_round, clients):
    ago = timezone.now() - timedelta(hours=1)
    to(survey_round, "open", deadline=ago - timedelta(hours=1), edit_until=ago)
    assert offered(clients["rikke"]) == {"luk"}
    response = clients["rikke"].post(f"{PLAN}luk/", follow=True)
    assert "Kortlægningen er lukket." in text(response)


def test_what_is_not_approved_is_named_before_locking(survey_round, clients, odense):
    to(survey_round, "closed")
    Submission.objects.filter(pk=odense.pk).update(state=Submission.State.SUBMITTED)
    page = text(clients["rikke"].get(PLAN))
    assert "Disse besvarelser skal godkendes først" in page
    assert 'href="/ministerium/2025/461/">Odense</a> (indsendt)' in page
    response = clients["rikke"].post(f"{PLAN}foreslaa-laas/")
    assert response.status_code == 409
    assert "1 besvarelse er ikke færdigbehandlet" in text(response)


def test_two_people_lock_and_the_first_sees_why_not_alone(survey_round, clients):
    to(survey_round, "closed")
    clients["rikke"].post(f"{PLAN}foreslaa-laas/")
    page = text(clients["rikke"].get(PLAN))
    assert "Rikke foreslog låsningen" in page and "Du har selv foreslået det." in page
    assert offered(clients["rikke"]) == {"genaabn"}
    response = clients["rikke"].post(f"{PLAN}laas/")
    assert response.status_code == 409
    assert "En anden skal bekræfte den." in text(response)
    assert offered(clients["mette"]) == {"laas"}
    assert "Kortlægningen er låst." in text(clients["mette"].post(f"{PLAN}laas/", follow=True))
    assert "<td>Mette</td>" in text(clients["mette"].get(PLAN))


def test_pressing_twice_tells_the_second_that_it_is_done(survey_round, clients):
    to(survey_round, "locked")
    assert clients["rikke"].post(f"{PLAN}arkiver/").status_code == 302
    assert clients["rikke"].post(f"{PLAN}arkiver/").status_code == 409
    assert RoundEvent.objects.filter(kind="archived").count() == 1


def test_reopening_needs_a_reason_and_keeps_what_was_typed(survey_round, clients):
    to(survey_round, "closed")
    response = clients["rikke"].post(f"{PLAN}genaabn/", {"reason": "x" * 2001})
    assert response.status_code == 422
    assert "Skriv højst 2.000 tegn" in text(response) and "x" * 2001 in text(response)
    assert clients["rikke"].post(f"{PLAN}genaabn/").status_code == 422
    clients["rikke"].post(f"{PLAN}genaabn/", {"reason": "En kommune mangler."})
    assert "En kommune mangler." in text(clients["rikke"].get(PLAN))
    response = clients["rikke"].post(f"{PLAN}genaabn/", {"reason": "Igen, for en sikkerheds skyld."})
    assert response.status_code == 409
    assert "Igen, for en sikkerheds skyld." in text(response)


def test_a_draft_is_deleted_by_a_press_and_one_that_something_rests_on_is_not(survey_round, clients, cast):
    response = clients["rikke"].post(f"{PLAN}slet/")
    assert response.status_code == 409
    assert "Kun en kladde kan slettes." in text(response)
    to(survey_round, "draft")
    response = clients["rikke"].post(f"{PLAN}slet/")  # it was opened once, and its submissions stand
    assert response.status_code == 409
    assert "Kladden kan ikke slettes" in text(response)
    own = SurveyRound(
        accounts_year=2031,
        price_level=2031,
        population_date=survey_round.population_date,
        opens_at=survey_round.opens_at,
        deadline=survey_round.deadline,
        edit_until=survey_round.edit_until,
    )
    plans.create(survey_round=own, by=cast.rikke)
    response = clients["rikke"].post("/ministerium/2031/plan/slet/", follow=True)
    assert response.redirect_chain == [("/ministerium/kortlaegninger/", 302)]
    assert "Kladden er slettet." in text(response)


def test_reminders_that_nobody_can_use_are_pointed_out(survey_round, clients, cast):
    common = {"round": survey_round, "targets": ["begun"], "text": "x", "created_by": cast.rikke}
    late = survey_round.edit_until
    Reminder.objects.create(number=1, subject="For sent", send_at=late, **common)
    Reminder.objects.create(number=2, subject="I tide", send_at=late - timedelta(minutes=1), **common)
    page = text(clients["mette"].get(PLAN))
    assert "For sent (" in page and "I tide" not in page


def test_what_happened_is_told_in_order_with_reasons_escaped(survey_round, clients, cast):
    until = timezone.now() + timedelta(days=90)
    reason = "<b>Storm</b>"
    lifecycle.change_dates(round_id=survey_round.pk, by=cast.rikke, reason=reason, edit_until=until)
    page = text(clients["admin"].get(PLAN))
    assert "&lt;b&gt;Storm&lt;/b&gt;" in page
    assert page.index("Åbnet</th>") < page.index("Frister ændret</th>")


def test_the_page_asks_no_more_of_a_fuller_plan(survey_round, clients, cast):
    """The submissions that it waits for, phases, reminders and events come by one query each."""

    def queries():
        with CaptureQueriesContext(connection) as asked:
            assert clients["rikke"].get(PLAN).status_code == 200
        return len(asked)

    survey_round.submissions.exclude(municipality__name="Odense").update(state=Submission.State.APPROVED)
    queries()  # what is read once and kept
    few = queries()
    survey_round.submissions.update(state=Submission.State.DRAFT)
    days = {"starts_on": date(2026, 1, 1), "ends_on": date(2026, 1, 2), "responsible": "x"}
    for number, kind in enumerate(("workshop", "answers", "report"), start=1):
        survey_round.phases.create(kind=kind, **days)
        until = survey_round.edit_until + timedelta(days=number)
        lifecycle.change_dates(round_id=survey_round.pk, by=cast.rikke, reason="x", edit_until=until)
        fields = {"targets": ["begun"], "subject": "x", "text": "x", "created_by": cast.rikke}
        Reminder.objects.create(
            round=survey_round, number=number, send_at=until + timedelta(days=99), **fields
        )
    assert queries() == few <= 15


def test_the_picture_is_an_svg_of_the_plan(survey_round, clients):
    survey_round.phases.create(
        kind="report", starts_on=date(2026, 1, 1), ends_on=date(2026, 1, 31), responsible="A & B <c>"
    )
    response = clients["mette"].get(f"{PLAN}tidslinje.svg")
    picture = response.content.decode()
    assert (response.status_code, response["Content-Type"]) == (200, "image/svg+xml")
    for said in ("Tidsplan for kortlægningen af regnskab 2025", "Afrapportering", "A &amp; B &lt;c&gt;"):
        assert said in picture
    assert "DEMO" not in picture
    SurveyRound.objects.update(is_demo=True)
    assert "DEMO - opdigtede tal" in clients["mette"].get(f"{PLAN}tidslinje.svg").content.decode()
