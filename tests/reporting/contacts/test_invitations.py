"""A round's invitations as the ministry sees them: sending, the text, and what came of each."""

import html
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from municipalities.models import Contact, Invitation, OutgoingMail, User
from survey.models import RoundEvent, RoundMail, SurveyRound
from survey.rounds.locking import record
from tests.builders import change_basis
from tests.municipalities.test_contacts import build_contact

PAGE = "/ministerium/2025/invitationer/"
SEND, LETTER = PAGE + "send/", PAGE + "tekst/"


def text(response):
    return " ".join(html.unescape(response.content.decode()).split())


@pytest.fixture
def rikke(cast, client_of):
    return client_of(cast.rikke)


@pytest.fixture
def kim(odense):
    return build_contact(odense.municipality)


def addresses(client, show="") -> set[str]:
    """Of the rows that the page shows; "-" is a municipality without one."""
    table = client.get(f"{PAGE}?show={show}").content.decode().split("<tbody>")[1]
    return set(re.findall(r"[\w.]+@example\.test", table)) | ({"-"} if "Ingen kontakt" in table else set())


# Sending


def test_all_are_invited_with_one_button_and_a_second_press_sends_nothing(rikke, kim, aarhus):
    build_contact(aarhus.municipality, "aarhus@example.test")
    assert "Invitér alle 2 kontakter, der mangler" in text(rikke.get(PAGE))
    pages = [rikke.post(SEND, {"to": "new", "newest": "0"}, follow=True) for _ in range(2)]
    assert "2 invitationer er på vej med mail." in text(pages[0])
    assert "Ingen ny mail er sendt" in text(pages[1]) and "Invitér alle" not in text(pages[1])
    assert OutgoingMail.objects.count() == 2


def test_one_is_invited_again_and_pressing_twice_sends_once(rikke, kim):
    rikke.post(SEND, {"to": "new"})
    newest = re.search(r'name="newest" value="(\d+)"', rikke.get(PAGE).content.decode())[1]
    posted = {"to": "chosen", "contact": [kim.pk], "newest": newest}
    assert [rikke.post(SEND, posted).status_code for _ in range(2)] == [302, 302]
    assert OutgoingMail.objects.count() == 2 and "2 gange" in text(rikke.get(PAGE))


@pytest.mark.parametrize("contact", [[], ["x"], ["-1"], ["²"]])
def test_choosing_nobody_is_told(rikke, kim, contact):
    response = rikke.post(SEND, {"to": "chosen", "contact": contact})
    assert response.status_code == 422 and "Sæt kryds ved dem" in text(response)
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize("newest", ["", "x", "9" * 5000, "-1"])
def test_without_what_was_seen_nobody_gets_a_second_one(rikke, kim, newest):
    rikke.post(SEND, {"to": "new"})
    rikke.post(SEND, {"to": "chosen", "contact": [kim.pk], "newest": newest})
    assert OutgoingMail.objects.count() == 1


def test_a_contact_of_nobody_is_passed_over(rikke, kim):
    assert rikke.post(SEND, {"to": "chosen", "contact": ["999999999999999999"]}).status_code == 302
    assert not OutgoingMail.objects.exists()


def test_to_a_closed_round_nobody_is_invited(rikke, kim):
    SurveyRound.objects.update(state="closed")
    assert "Invitér" not in rikke.get(PAGE).content.decode().split("<main")[1]
    response = rikke.post(SEND, {"to": "new"})
    assert response.status_code == 409 and "Kortlægningen er lukket" in text(response)


@pytest.mark.parametrize("person", ["mette", "admin"])
def test_the_others_in_the_ministry_follow_and_do_not_send(cast, client_of, kim, person):
    client = client_of(getattr(cast, person))
    assert "kim@example.test" in text(client.get(PAGE)) and SEND not in text(client.get(PAGE))
    assert client.post(SEND, {"to": "new"}).status_code == 403
    assert "Kære Kim Kontakt" in text(client.get(LETTER)) and "Gem teksten" not in text(client.get(LETTER))
    saved = client.post(LETTER, {"subject": "x", "text": "{link}", "contact": kim.pk, "act": "save"})
    assert saved.status_code == 403 and not OutgoingMail.objects.exists()


# What came of it


def test_each_step_is_shown_and_can_be_picked_out(rikke, kim, aarhus, cast, client):
    build_contact(aarhus.municipality, "aarhus@example.test")
    rikke.post(SEND, {"to": "chosen", "contact": [kim.pk]})
    assert addresses(rikke, "uninvited") == {"aarhus@example.test", "-"}
    assert addresses(rikke, "unopened") == addresses(rikke, "idle") == {"kim@example.test"}
    assert addresses(rikke, "none") == {"-"}
    link = re.search(r"/invitation/\S+", OutgoingMail.objects.get().text)[0]
    client.get(link)
    assert addresses(rikke, "unopened") == set() and addresses(rikke, "idle") == {"kim@example.test"}
    new = {"name": "Kim Bruger", "password1": "en lang adgangskode", "password2": "en lang adgangskode"}
    client.post(link, new)
    assert addresses(rikke, "idle") == set() and "Kim Bruger" in text(rikke.get(PAGE))
    page = text(rikke.get(PAGE))
    assert "Kommuner, der er inviteret: 1; link åbnet: 1; logget ind siden: 1." in page
    assert '<a href="?show=uninvited">Ikke inviteret endnu: 3</a>' in page


def test_the_head_counts_municipalities_by_the_rule_of_the_view(rikke, kim, aarhus, cast, client):
    for number in range(3):
        build_contact(kim.municipality, f"{number}@example.test")
    build_contact(aarhus.municipality, "aarhus@example.test", bounced_at=timezone.now())
    rikke.post(SEND, {"to": "new"})
    page = text(rikke.get(PAGE))
    assert "Kommuner, der er inviteret: 1;" in page
    assert '<a href="?show=unreachable">Kan ikke nås: 3</a>' in page
    assert addresses(rikke, "unreachable") == {"aarhus@example.test", "-"}
    assert len(addresses(rikke, "idle")) == 4
    User.objects.create_user(kim.email, "Kim").memberships.create(
        municipality=kim.municipality, role="editor"
    )
    User.objects.filter(email=kim.email).update(last_login=timezone.now())
    assert addresses(rikke, "idle") == set() and "logget ind siden: 1." in text(rikke.get(PAGE))


def test_before_the_opening_the_page_warns_and_afterwards_it_finds_who_never_came(rikke, kim):
    opens = timezone.now() + timedelta(days=20)
    ends = opens + timedelta(days=9)
    change_basis(state="draft", opens_at=opens, deadline=ends, edit_until=ends)
    assert "virker ikke længere, når kortlægningen åbner" in text(rikke.get(PAGE))
    rikke.post(SEND, {"to": "new"})
    assert addresses(rikke, "early") == {kim.email} and "Invitér den ene" not in text(rikke.get(PAGE))
    SurveyRound.objects.update(opens_at=timezone.now() + timedelta(days=2))
    assert "i 14 dage" in text(rikke.get(PAGE)) and "virker ikke længere, når" not in text(rikke.get(PAGE))
    SurveyRound.objects.update(state="open", opens_at=timezone.now())
    survey_round = SurveyRound.objects.get()
    record(survey_round, RoundEvent.Kind.OPENED, None, timezone.now())
    page = text(rikke.get(PAGE))
    assert "Invitér den ene kontakt, der mangler" in page and "i 14 dage" not in page
    assert addresses(rikke, "early") == {kim.email}
    rikke.post(SEND, {"to": "new"})
    assert addresses(rikke, "early") == set() and OutgoingMail.objects.count() == 2


def test_a_login_before_the_invitation_is_of_an_earlier_round(rikke, odense, cast):
    User.objects.filter(pk=cast.carl.pk).update(last_login=timezone.now() - timedelta(days=400))
    build_contact(odense.municipality, cast.carl.email)
    rikke.post(SEND, {"to": "new"})
    assert addresses(rikke, "idle") == addresses(rikke, "unopened") == {cast.carl.email}
    assert "havde en bruger" in text(rikke.get(PAGE))
    User.objects.filter(pk=cast.carl.pk).update(last_login=timezone.now())
    assert addresses(rikke, "idle") == addresses(rikke, "unopened") == set()


def test_a_mail_that_failed_and_one_that_comes_back_are_found(rikke, kim, aarhus):
    build_contact(aarhus.municipality, "aarhus@example.test")
    rikke.post(SEND, {"to": "new"})
    OutgoingMail.objects.filter(to=kim.email).update(state="failed", error="554 <b>nej</b>")
    Contact.objects.filter(email="aarhus@example.test").update(
        bounced_at=timezone.now(), bounce_note="stoppet"
    )
    assert addresses(rikke, "bounced") == {"kim@example.test", "aarhus@example.test"}
    page = rikke.get(PAGE).content.decode()
    assert "554 &lt;b&gt;nej" in page and "stoppet" in page and page.count('name="contact"') == 1


def test_an_invited_who_is_no_contact_any_more_is_still_shown(rikke, kim):
    rikke.post(SEND, {"to": "new"})
    kim.delete()
    page = text(rikke.get(PAGE))
    assert "kim@example.test<br>ikke længere kontakt" in page and RoundMail.objects.count() == 1


def test_a_reminder_is_no_invitation(rikke, kim, survey_round, cast):
    from survey.models import Reminder

    reminder = Reminder.objects.create(
        round=survey_round,
        number=1,
        send_at=timezone.now(),
        targets=["begun"],
        subject="x",
        text="x",
        created_by=cast.rikke,
    )
    mail = OutgoingMail.objects.create(to=kim.email, subject="x", text="x")
    RoundMail.objects.create(
        round=survey_round,
        municipality=kim.municipality,
        reminder=reminder,
        to=kim.email,
        mail=mail,
        at=timezone.now(),
    )
    assert addresses(rikke, "uninvited") == {"kim@example.test", "-"}
    rikke.post(SEND, {"to": "new"})
    assert Invitation.objects.count() == 1


def test_the_page_takes_as_many_queries_for_many_as_for_one(rikke, kim, django_assert_max_num_queries):
    for number in range(30):
        build_contact(kim.municipality, f"{number}@example.test")
    rikke.post(SEND, {"to": "new"})
    with django_assert_max_num_queries(12):
        rikke.get(PAGE)


@pytest.mark.parametrize("show", ["x", "%00"])
def test_a_choice_that_is_none_is_told(rikke, kim, show):
    assert rikke.get(f"{PAGE}?show={show}").status_code == 422


# The text


def test_the_text_is_shown_as_a_contact_would_get_it_without_its_secret(rikke, kim):
    page = text(rikke.get(LETTER))
    assert "Kære Kim Kontakt" in page and "/invitation/personligt-link/" in page
    assert not Invitation.objects.exists() and not OutgoingMail.objects.exists()


def test_a_preview_is_of_the_typed_text_for_the_chosen_and_stores_nothing(rikke, kim, aarhus, cast):
    bo = build_contact(aarhus.municipality, cast.bo.email, name="Bo Kontakt")
    posted = {"subject": "Til {kommune}", "text": "Hej {kontakt}\n{link}", "contact": bo.pk, "act": "show"}
    page = text(rikke.post(LETTER, posted))
    assert "Til Aarhus Kommune" in page and "Hej Bo Kontakt" in page and "/kommune/751/2025/" in page
    assert SurveyRound.objects.get().invitation_text == ""


def test_the_text_is_saved_and_an_empty_one_is_the_standard(rikke, kim):
    posted = {"subject": "Til {kommune}", "text": "Hej\r\n{link}", "contact": kim.pk, "act": "save"}
    assert rikke.post(LETTER, posted).url == LETTER
    survey_round = SurveyRound.objects.get()
    assert (survey_round.invitation_subject, survey_round.invitation_text) == (
        "Til {kommune}",
        "Hej\n{link}\n",
    )
    assert "Til Odense Kommune" in text(rikke.get(LETTER))
    rikke.post(LETTER, {"subject": "", "text": "", "act": "save"})
    survey_round.refresh_from_db()
    assert (survey_round.invitation_subject, survey_round.invitation_text) == ("", "")


def test_saving_the_standard_as_it_is_keeps_it_the_standard(rikke, kim):
    page = rikke.get(LETTER).content.decode()
    typed = html.unescape(re.search(r"<textarea[^>]*>\n(.*?)</textarea>", page, re.DOTALL)[1])
    subject = html.unescape(re.search(r'name="subject" value="([^"]*)"', page)[1])
    rikke.post(LETTER, {"subject": subject, "text": typed.replace("\n", "\r\n"), "act": "save"})
    survey_round = SurveyRound.objects.get()
    assert (survey_round.invitation_subject, survey_round.invitation_text) == ("", "")


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"text": "Hej {Kommune} {link}"}, "{Kommune} kendes ikke. Brug {kommune}"),
        ({"text": "Hej {kommune}"}, "Skriv {link} dér, hvor modtagerens link skal stå."),
        ({"subject": "{by}"}, "{by} kendes ikke."),
        ({"subject": "x" * 201}, "Skriv emnet med højst 200 tegn."),
        ({"text": "{link}" + "x" * 5000}, "Skriv teksten med højst 5.000 tegn."),
        ({"text": "{link}\x00"}, "Skriv teksten med almindelige bogstaver og tegn."),
        ({"contact": "99999999"}, "Vælg en af kontakterne på listen."),
    ],
)
def test_what_is_wrong_with_the_text_is_told_and_it_is_kept(rikke, kim, fields, message):
    posted = {"subject": "Emnet", "text": "Min tekst {link}", "contact": kim.pk, "act": "save"} | fields
    response = rikke.post(LETTER, posted)
    page = text(response)
    assert response.status_code == 422 and page.count(message) == 2 and posted["subject"] in page
    assert SurveyRound.objects.get().invitation_text == ""


def test_the_text_of_a_closed_round_is_kept_and_not_saved(rikke, kim):
    SurveyRound.objects.update(state="closed")
    posted = {"subject": "", "text": "Min tekst {link}", "contact": kim.pk, "act": "save"}
    response = rikke.post(LETTER, posted)
    assert response.status_code == 409 and "Min tekst {link}" in text(response)
    assert SurveyRound.objects.get().invitation_text == ""


def test_without_contacts_there_is_nothing_to_preview(rikke, survey_round):
    page = text(rikke.get(LETTER))
    assert "Tilføj en kontakt for at se brevet." in page
    assert rikke.post(LETTER, {"text": "{link}", "act": "save"}).status_code == 302


def test_in_the_demo_the_preview_is_marked(rikke, kim):
    SurveyRound.objects.update(is_demo=True)
    assert "DEMO - opdigtede tal: Kortlægning af" in text(rikke.get(LETTER))


def test_a_text_that_a_colleague_changed_meanwhile_is_not_overwritten(rikke, kim, survey_round):
    began_with = rikke.get(LETTER).context["form"]["seen"].value()
    posted = {"subject": "Først", "text": "Min tekst {link}", "act": "save", "seen": began_with}
    assert rikke.post(LETTER, posted).status_code == 302
    late = rikke.post(LETTER, posted | {"subject": "Bagefter"})
    assert late.status_code == 409 and "En anden har ændret det" in text(late) and "Bagefter" in text(late)
    survey_round.refresh_from_db()
    assert survey_round.invitation_subject == "Først"
