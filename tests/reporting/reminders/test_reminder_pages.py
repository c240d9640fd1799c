"""The ministry plans reminders, looks at who would get them, stops them and reads the log."""

import pytest
from django.utils import timezone
from django.utils.timezone import localtime

from municipalities.models import Contact, OutgoingMail
from reporting.reminders import reminders as pages
from survey import tasks
from survey.models import Reminder, SurveyRound
from tests.builders import change_basis
from tests.survey.test_reminders import TEXT, made_due, planned, soon

LIST = "/ministerium/2025/paamindelser/"
NEW = f"{LIST}ny/"


def page_of(reminder, act="") -> str:
    return f"{LIST}{reminder.pk}/{act}"


def text(response) -> str:
    return " ".join(response.content.decode().split())


def typed(**fields) -> dict:
    moment = localtime(soon(3 * 24 * 60)).strftime("%d.%m.%Y %H.%M")
    return {"send_at": moment, "targets": ["begun"], "subject": "Husk", "text": TEXT} | fields


@pytest.fixture
def rikke(client_of, cast, survey_round):
    return client_of(cast.rikke)


@pytest.fixture
def contact(odense):
    return Contact.objects.create(municipality=odense.municipality, name="Kim", email="kim@odense.example")


def test_from_an_empty_list_to_a_planned_reminder_and_its_recipients(rikke, contact):
    assert "ikke planlagt nogen" in text(rikke.get(LIST))
    assert "Kære {kontakt}" in text(rikke.get(NEW))
    answer = rikke.post(NEW, typed(targets=["not_begun", "begun"]), follow=True)
    page = text(answer)
    assert answer.redirect_chain == [(page_of(Reminder.objects.get()), 302)]
    assert "fik 2 kommuner den, på 2 adresser" in page  # Kim of Odense, and Bo of Aarhus who approves
    assert "Kim, kim@odense.example" in page and "Bo, bo@example.test" in page
    assert "2 kommuner kan ikke nås" in page
    assert '<a href="/ministerium/kommuner/665/">Lemvig</a>.' in page
    assert "Husk" in text(rikke.get(LIST))


def test_the_preview_shows_the_mail_as_the_chosen_one_gets_it(rikke, cast, survey_round, contact):
    reminder = planned(survey_round, cast.rikke, subject="Husk {kommune}")
    assert "Kære Kim" in text(rikke.get(page_of(reminder)))  # Odense comes before Aarhus
    page = text(rikke.get(page_of(reminder), {"kommune": "751"}))
    assert "Kære Bo" in page and "Husk Aarhus Kommune" in page and "/kommune/751/2025/" in page
    wrong = rikke.get(page_of(reminder), {"kommune": "999"})
    assert wrong.status_code == 422 and "Vælg en af modtagerne" in text(wrong)


def test_before_the_round_opens_the_preview_is_of_all_municipalities(rikke, cast, survey_round, contact):
    reminder = planned(survey_round, cast.rikke)
    change_basis(state="draft")
    page = text(rikke.get(page_of(reminder)))
    assert "fik 2 kommuner den" in page and "ingen er begyndt" in page


def test_the_list_is_in_date_order_whoever_was_planned_first(rikke, cast, survey_round):
    for days in (3, 1, 2):
        planned(survey_round, cast.rikke, send_at=soon(days * 24 * 60), subject=f"Dag {days}")
    found = [one.subject for one in rikke.get(LIST).context["reminders"]]
    assert found == ["Dag 1", "Dag 2", "Dag 3"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"send_at": ""}, "Skriv, hvornår påmindelsen skal sendes"),
        ({"send_at": "15.10.2030"}, "Skriv dato og klokkeslæt"),
        ({"send_at": "01.01.2020 09.00"}, "Tidspunktet er passeret"),
        ({"targets": []}, "Vælg, hvem påmindelsen skal til"),
        ({"targets": ["alle"]}, "Vælg blandt de tre grupper"),
        ({"subject": " "}, "Skriv mailens emne"),
        ({"subject": "x" * 201}, "højst 200 tegn"),
        ({"subject": "{komune}"}, "{komune} bliver ikke til noget"),
        ({"text": ""}, "Skriv mailens tekst"),
        ({"text": "uden"}, "Skriv {link} i teksten"),
        ({"text": "{link} {navn}"}, "{navn} bliver ikke til noget"),
        ({"text": "{link}\x00"}, "usynligt tegn"),
    ],
)
def test_what_is_typed_wrong_is_named_and_kept(rikke, fields, said):
    answer = rikke.post(NEW, typed(**fields))
    assert answer.status_code == 422 and said in text(answer) and "Der er fejl i formularen" in text(answer)
    assert "Husk" in text(answer) or "subject" in fields
    assert not Reminder.objects.exists()


def test_a_sixth_is_refused_with_its_text_kept(rikke, cast, survey_round):
    for n in range(1, 6):
        planned(survey_round, cast.rikke, send_at=soon(10 * n))
    assert "Ny påmindelse" not in text(rikke.get(LIST)) and "højst fem" in text(rikke.get(LIST))
    answer = rikke.post(NEW, typed(text="Min tekst {link}"))
    assert answer.status_code == 409 and "højst fem" in text(answer) and "Min tekst {link}" in text(answer)


def test_it_is_changed_stopped_taken_up_again_and_deleted(rikke, cast, survey_round):
    reminder = planned(survey_round, cast.rikke)
    assert "Svar for {kommune}" in text(rikke.get(page_of(reminder, "ret/")))
    rikke.post(page_of(reminder, "ret/"), typed(subject="Ny linje"))
    reminder.refresh_from_db()
    assert reminder.subject == "Ny linje"
    assert "stoppet" in text(rikke.post(page_of(reminder, "stop/"), follow=True))
    assert "Tag stoppet tilbage" in text(rikke.get(page_of(reminder)))
    rikke.post(page_of(reminder, "genoptag/"))
    reminder.refresh_from_db()
    assert reminder.stopped_at is None
    for _ in range(2):  # pressed twice
        answer = rikke.post(page_of(reminder, "slet/"))
        assert (answer.status_code, answer.url) == (302, LIST)
    assert not Reminder.objects.exists()


def test_what_was_sent_meanwhile_is_refused_and_shown(rikke, cast, survey_round, contact):
    reminder = made_due(planned(survey_round, cast.rikke))
    tasks.send_due_reminders()
    for act in ("stop/", "genoptag/", "slet/"):
        answer = rikke.post(page_of(reminder, act))
        assert answer.status_code == 409 and "allerede sendt" in text(answer)
    answer = rikke.post(page_of(reminder, "ret/"), typed(text="Min tekst {link}"))
    assert answer.status_code == 409 and "Min tekst {link}" in text(answer)
    assert "Se, hvem der har fået den" in text(rikke.get(page_of(reminder)))


def test_a_skipped_one_says_so(rikke, cast, survey_round):
    early = made_due(planned(survey_round, cast.rikke), minutes=9)
    made_due(planned(survey_round, cast.rikke, send_at=soon(99)))
    tasks.send_due_reminders()
    assert "sprunget over" in text(rikke.get(LIST))
    assert "sprunget over En senere påmindelse blev sendt i stedet" in text(rikke.get(page_of(early)))


def test_what_is_odd_about_one_is_said_on_list_page_and_form(rikke, cast, survey_round):
    reminder = planned(survey_round, cast.rikke, send_at=survey_round.edit_until)
    for address in (LIST, page_of(reminder), page_of(reminder, "ret/")):
        page = text(rikke.get(address))
        assert "kan rettes længere: af dem" in page and "om teksten passer til begge" in page
    assert "<strong>" not in text(rikke.get(NEW)).split("<form method")[0].split("<h1>")[1]


def test_those_who_were_returned_have_a_standard_text_of_their_own(rikke, survey_round):
    assert "sendt {kommune}s besvarelse" in text(rikke.get(NEW, {"til": "returned"}))
    assert f'href="{NEW}?til=returned"' in text(rikke.get(LIST))
    assert "ikke indsendt sin besvarelse" in text(rikke.get(NEW, {"til": "x"}))


def test_whom_a_sent_one_did_not_reach_is_told_with_a_link(rikke, cast, survey_round, contact):
    reminder = made_due(planned(survey_round, cast.rikke, subject="Husk {regnskabsaar}"))
    tasks.send_due_reminders()
    assert "2 kommuner kunne ikke nås" in text(rikke.get(LIST)) and "1: Husk 2025</a>" in text(
        rikke.get(LIST)
    )
    for address in (page_of(reminder), f"{LIST}log/", f"{LIST}log/?paamindelse={reminder.pk}"):
        page = text(rikke.get(address))
        assert "2 kommuner kunne ikke nås" in page and "”Husk 2025”" in page
        assert '<a href="/ministerium/kommuner/665/">Lemvig</a>' in page


def test_the_log_shows_the_newest(rikke, sent, monkeypatch):
    assert "De nyeste" not in text(rikke.get(f"{LIST}log/"))
    monkeypatch.setattr(pages, "LOGGED", 3)
    answer = rikke.get(f"{LIST}log/")
    assert len(rows(answer)) == 3 and "De nyeste 3 mails" in text(answer)


def test_others_in_the_ministry_look_and_find_no_buttons(client_of, cast, survey_round, contact):
    reminder, mette = planned(survey_round, cast.rikke), client_of(cast.mette)
    assert "Ny påmindelse" not in text(mette.get(LIST))
    page = text(mette.get(page_of(reminder)))
    assert "Kære Kim" in page and "Stop påmindelsen" not in page and "ret/" not in page


def test_in_a_closed_round_nothing_can_be_planned(rikke, cast, survey_round):
    reminder = planned(survey_round, cast.rikke)
    SurveyRound.objects.update(state="closed")
    assert "sendes ikke flere" in text(rikke.get(LIST)) and "Stop" not in text(rikke.get(page_of(reminder)))
    answer = rikke.post(NEW, typed(text="Min tekst {link}"))
    assert answer.status_code == 409 and "Min tekst {link}" in text(answer)


# The log


@pytest.fixture
def sent(cast, survey_round, contact):
    """Two reminders to Kim and Bo; Bo's first came back."""
    both = []
    for subject in ("Første", "Anden"):
        both.append(made_due(planned(survey_round, cast.rikke, subject=subject)))
        tasks.send_due_reminders()
        made_due(both[-1], minutes=100 - len(both))  # the next one is planned for a time of its own
    first = OutgoingMail.objects.filter(subject="Første", to="bo@example.test")
    first.update(state="failed", error="550 no such user")
    OutgoingMail.objects.filter(subject="Anden", to="kim@odense.example").update(
        state="sent", sent_at=timezone.now()
    )
    return both


def rows(response) -> list[tuple]:
    return [(mail.to, mail.mail.subject, mail.mail.state) for mail in response.context["mails"]]


def test_the_log_shows_each_mail_and_what_came_of_it(rikke, sent):
    answer = rikke.get(f"{LIST}log/")
    assert rows(answer) == [
        ("kim@odense.example", "Anden", "sent"),
        ("bo@example.test", "Anden", "queued"),
        ("kim@odense.example", "Første", "queued"),
        ("bo@example.test", "Første", "failed"),
    ]
    assert "kunne ikke sendes: 550 no such user" in text(answer)
    assert "2 kommuner" in text(rikke.get(LIST)) and "1 kunne ikke sendes" in text(rikke.get(LIST))


def test_the_log_is_filtered_by_reminder_and_state(rikke, sent):
    assert len(rows(rikke.get(f"{LIST}log/", {"paamindelse": sent[0].pk}))) == 2
    assert rows(rikke.get(f"{LIST}log/", {"tilstand": "failed"})) == [("bo@example.test", "Første", "failed")]
    wrong = rikke.get(f"{LIST}log/", {"paamindelse": "9" * 30, "tilstand": "x"})
    assert wrong.status_code == 422 and "Vælg en af påmindelserne" in text(wrong)


def test_a_reminder_of_another_year_or_none_is_not_found(rikke, cast, survey_round):
    reminder = planned(survey_round, cast.rikke)
    assert rikke.get(f"/ministerium/1999/paamindelser/{reminder.pk}/").status_code == 404
    assert rikke.get(f"{LIST}{'9' * 30}/").status_code == 404


def test_the_pages_ask_as_much_of_the_database_for_many_as_for_few(
    rikke, cast, survey_round, sent, django_assert_num_queries
):
    waiting = planned(survey_round, cast.rikke, send_at=soon(99))
    addresses = [(LIST, 6), (f"{LIST}log/", 8), (page_of(waiting), 10)]
    for address, count in addresses:
        with django_assert_num_queries(count):
            rikke.get(address)
    for n in range(3):
        Contact.objects.create(
            municipality=survey_round.submissions.first().municipality, name="X", email=f"x{n}@y.example"
        )
    for address, count in addresses:
        with django_assert_num_queries(count):
            rikke.get(address)


def test_what_a_colleague_wrote_meanwhile_is_not_overwritten_and_the_own_text_stays(
    rikke, cast, survey_round
):
    reminder = planned(survey_round, cast.rikke)
    began_with = rikke.get(page_of(reminder, "ret/")).context["form"]["seen"].value()
    assert rikke.post(page_of(reminder, "ret/"), typed(subject="Først")).status_code == 302
    late = rikke.post(page_of(reminder, "ret/"), typed(subject="Bagefter", seen=began_with))
    assert late.status_code == 409 and "En anden har ændret det" in text(late) and "Bagefter" in text(late)
    reminder.refresh_from_db()
    assert reminder.subject == "Først"
