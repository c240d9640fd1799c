"""The chase list's page, its workbook and the notes, as mette and rikke use them."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from municipalities.models import Contact, OutgoingMail, User
from survey.models import ChaseNote, RoundMail, Submission, SubmissionArea
from tests.builders import build_approver, build_initiative, hand_in

YEAR = 2025


@pytest.fixture
def answered(survey_round, aarhus, cast, monkeypatch):
    """Aarhus and Langeland have answered; Odense (210,000) and Lemvig (19,000) have not. Two are enough."""
    monkeypatch.setattr("reporting.wording.FEW", 2)
    langeland = survey_round.submissions.get(municipality__name="Langeland")
    for submission, by in ((aarhus, cast.bo), (langeland, build_approver(langeland))):
        build_initiative(submission, by)
        hand_in(submission, by)
    return survey_round


def page(client_of, user, **choices):
    return client_of(user).get(reverse("chase:chase", args=[YEAR]), choices)


def names(response):
    return [row.submission.municipality.name for row in response.context["rows"]]


def test_who_has_not_answered_is_listed_and_the_largest_first(client_of, cast, answered):
    response = page(client_of, cast.mette)
    assert names(response) == ["Odense", "Lemvig"]
    first, last = response.context["rows"]
    assert first.effect.coverage == pytest.approx(100 * 210 / 621)
    assert first.coverage_so_far == pytest.approx(100 * (380 + 12 + 210) / 621)
    assert last.coverage_so_far == pytest.approx(100)
    assert first.effect.reach < response.context["list"].reach


def test_a_nil_return_has_answered_and_a_withdrawn_answer_has_not(client_of, cast, answered, odense, aarhus):
    from survey import transitions

    hand_in(odense, cast.carl)
    transitions.withdraw(submission_id=aarhus.pk, by=cast.bo)
    assert names(page(client_of, cast.mette)) == ["Aarhus", "Lemvig"]


def test_what_is_known_of_a_municipality_stands_in_its_row(client_of, cast, answered, odense):
    place = odense.municipality
    Contact.objects.create(municipality=place, name="A", email="a@odense.example", bounced_at=timezone.now())
    Contact.objects.create(municipality=place, name="C", email="c@odense.example")
    Contact.objects.create(municipality=place, name="B", email="b@odense.example", phone="66 13 13 72")
    at = timezone.now() - timedelta(days=2)
    User.objects.filter(pk=cast.carl.pk).update(last_login=at)
    Submission.objects.filter(pk=odense.pk).update(extended_until=at + timedelta(days=90))
    for day in (3, 1):
        mail = OutgoingMail.objects.create(to="b@odense.example", subject="Husk", state="failed")
        RoundMail.objects.create(
            round=answered, municipality=place, to=mail.to, mail=mail, at=at - timedelta(days=day)
        )
    notes = ({"outcome": "board"}, {"text": "Ringer igen."})
    for fields in notes:
        ChaseNote.objects.create(round=answered, municipality=place, by=cast.rikke, **fields)
    SubmissionArea.objects.create(submission=odense, service_area="social")
    response = page(client_of, cast.mette)
    row = response.context["rows"][0]
    assert (row.contact.name, row.last_login, row.submission.has_begun) == ("B", at, True)
    assert row.last_mail.at == at - timedelta(days=1)
    assert (row.outcome.outcome, row.last_note.text) == ("board", "Ringer igen.")
    for text in ("66 13 13 72", "afventer udvalg", "Ringer igen.", "kunne ikke sendes", "egen frist"):
        assert text in response.content.decode()


def test_a_contact_to_whom_mail_comes_back_is_shown_when_there_is_no_other(client_of, cast, answered, odense):
    Contact.objects.create(
        municipality=odense.municipality, name="A", email="a@odense.example", bounced_at=timezone.now()
    )
    assert "mail kommer retur" in page(client_of, cast.mette).content.decode()


@pytest.mark.parametrize(
    "choices, expected",
    [
        ({"region": "1083"}, ["Odense"]),
        ({"tilstand": "begyndt"}, ["Lemvig"]),
        ({"tilstand": "ikke-begyndt"}, ["Odense"]),
        ({"udfald": "declines"}, ["Odense"]),
        ({"udfald": "intet"}, ["Lemvig"]),
        ({"udfald": "board"}, []),
    ],
)
def test_the_list_can_be_narrowed_and_keeps_its_ranks(client_of, cast, answered, odense, choices, expected):
    lemvig = answered.submissions.get(municipality__name="Lemvig")
    build_initiative(lemvig, build_approver(lemvig))
    ChaseNote.objects.create(
        round=answered, municipality=odense.municipality, by=cast.rikke, outcome="declines"
    )
    response = page(client_of, cast.mette, **choices)
    assert names(response) == expected
    ranks = {"Odense": 1, "Lemvig": 2}
    assert [row.rank for row in response.context["rows"]] == [ranks[name] for name in expected]


def test_a_choice_that_is_none_says_so(client_of, cast, answered):
    response = page(client_of, cast.mette, udfald="noget")
    assert response.status_code == 422
    assert "Vælg et udfald på listen." in response.content.decode()


@pytest.mark.parametrize("few, reason", [(5, "Færre end fem kommuner"), (3, "det samme pr. indbygger")])
def test_without_an_interval_coverage_ranks_and_the_page_says_why(
    client_of, cast, survey_round, aarhus, odense, monkeypatch, few, reason
):
    """Three have answered, all with nothing: too few, or too much alike."""
    langeland = survey_round.submissions.get(municipality__name="Langeland")
    for submission, by in ((aarhus, cast.bo), (odense, cast.carl), (langeland, build_approver(langeland))):
        hand_in(submission, by)
    monkeypatch.setattr("reporting.wording.FEW", few)
    response = page(client_of, cast.mette)
    text = response.content.decode()
    assert names(response) == ["Lemvig"] and response.context["list"].reach is None
    assert "Intervallet kan ikke beregnes" in text and reason in text
    assert "Dækningen alene rangerer." in text and "Usikkerhed" not in text


def test_page_and_workbook_tell_the_uncertainty_now_and_after(client_of, cast, answered):
    text = page(client_of, cast.mette).content.decode()
    for words in ("er usikre med ±", "Usikkerhed efter, ± mio. kr.", "hele listen"):
        assert words in text
    assert "beregnet under antagelse af samme spredning for alle kommuner" in text


def test_the_page_asks_a_fixed_number_of_questions(
    client_of, cast, survey_round, aarhus, django_assert_num_queries
):
    client = client_of(cast.mette)
    hand_in(aarhus, cast.bo)
    address = reverse("chase:chase", args=[YEAR])
    client.get(address)
    with django_assert_num_queries(QUERIES):
        client.get(address)
    for submission in survey_round.submissions.exclude(pk=aarhus.pk).select_related("municipality"):
        place, by = submission.municipality, build_approver(submission)
        build_initiative(submission, by)
        Contact.objects.create(municipality=place, name="A", email="a@example.test")
        ChaseNote.objects.create(round=survey_round, municipality=place, by=cast.rikke, text="Ringet.")
    with django_assert_num_queries(QUERIES):
        client.get(address)


QUERIES = 16


def test_the_workbook_has_every_row_and_says_what_it_rests_on(client_of, cast, answered, odense):
    Contact.objects.create(municipality=odense.municipality, name="=1+1", email="a@odense.example")
    Submission.objects.filter(pk=odense.pk).update(extended_until=answered.deadline + timedelta(days=3))
    response = client_of(cast.mette).get(reverse("chase:workbook", args=[YEAR]))
    assert response["Content-Disposition"] == 'attachment; filename="rykkerliste-2025.xlsx"'
    rows = CalamineWorkbook.from_filelike(BytesIO(response.content)).get_sheet_by_index(0).to_python()
    heading = next(number for number, row in enumerate(rows) if row[0] == "Nr.")
    basis = " ".join(str(row[0]) for row in rows[:heading])
    assert "metode a, 2025-pris- og lønniveau" in basis and "samme spredning" in basis
    first, second = (dict(zip(rows[heading], row, strict=True)) for row in rows[heading + 1 :])
    assert (first["Kommune"], first["Indbyggere"], first["Kontakt"]) == ("Odense", 210_000, "=1+1")
    assert (second["Kommune"], second["Tilstand"]) == ("Lemvig", "ikke begyndt")
    assert (first["Egen frist"], second["Egen frist"]) == ("ja", "nej")
    assert first["Frist"] > second["Frist"]
    assert first["Usikkerhed nu, ± 1.000 kr."] > first["Usikkerhed efter, ± 1.000 kr."]


def test_a_note_is_written_and_read_on_its_own_page(client_of, cast, odense):
    client, address = client_of(cast.mette), reverse("chase:notes", args=[YEAR, "461"])
    assert client.get(address).context["form"]
    response = client.post(address, {"outcome": "promised", "text": "Inden fredag."}, follow=True)
    text = response.content.decode()
    assert "Notatet er gemt." in text and "Har lovet at svare" in text and "Inden fredag." in text


@pytest.mark.parametrize(
    "written, message",
    [
        ({}, "Skriv et notat, eller vælg et udfald."),
        ({"outcome": "merged"}, "Vælg, hvilken kommune den er lagt sammen med."),
        ({"outcome": "board", "merged_with": "OTHER"}, "eller vælg ingen."),
        ({"text": "x" * 2001}, "Notatet må højst være 2.000 tegn. Det er nu 2001."),
        ({"text": "Ring til 010190-1234."}, "ligner et CPR-nummer"),
        ({"outcome": "noget"}, "Vælg et udfald på listen."),
    ],
)
def test_a_wrong_note_is_told_at_its_field_and_kept(client_of, cast, odense, aarhus, written, message):
    if written.get("merged_with"):
        written = written | {"merged_with": aarhus.municipality_id}
    response = client_of(cast.mette).post(reverse("chase:notes", args=[YEAR, "461"]), written)
    assert response.status_code == 422
    assert message in response.content.decode()
    assert written.get("text", "") in response.content.decode()
    assert not ChaseNote.objects.exists()


def test_in_a_locked_round_a_note_is_refused_with_its_text(client_of, cast, odense):
    type(odense.round).objects.update(state="locked")
    client, address = client_of(cast.mette), reverse("chase:notes", args=[YEAR, "461"])
    assert client.get(address).context["form"] is None
    response = client.post(address, {"text": "For sent."})
    assert response.status_code == 409
    assert "For sent." in response.content.decode() and "låst" in response.content.decode()
