"""Questions and answers: who may write and read, what is unread, and who is told by mail."""

import uuid
from datetime import timedelta
from threading import Barrier

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from municipalities.models import Membership, OutgoingMail, Role
from survey import dialogue, transitions
from survey.models import DialogueRead, Message, SurveyRound
from survey.transitions import Refused
from tests.builders import build_initiative, build_user, hand_in
from tests.survey.test_races import MANY, at_once, unlocked

PAGE = "/kommune/461/2025/dialog/"
SECRET = "Hvor kommer de 1.250 fra?"


def text(response):
    return " ".join(response.content.decode().split())


def receivers():
    """Who has got a mail since last time."""
    found = sorted(OutgoingMail.objects.values_list("to", flat=True))
    OutgoingMail.objects.all().delete()
    return [address.partition("@")[0] for address in found]


@pytest.fixture
def initiative(odense, cast):
    """Handed in by Odense; the mails about that are out."""
    stored = build_initiative(odense, cast.anna)
    hand_in(odense, cast.carl)
    OutgoingMail.objects.all().delete()
    return stored


@pytest.fixture
def ask(odense, initiative, cast):
    """The ministry's question at the expenditure, or what `said` says."""

    def write(**said):
        question = {"by": cast.mette, "from_ministry": True, "text": SECRET, "seen": 0}
        place = {"uuid": initiative.uuid, "field": "gross_expenditure"}
        return dialogue.post(submission_id=odense.pk, **question | place | said)

    return write


@pytest.fixture
def answer(odense, cast):
    def write(first, **said):
        reply = {"by": cast.anna, "from_ministry": False, "text": "Fra regnskabet.", "seen": first.pk}
        return dialogue.post(submission_id=odense.pk, reply_to=first.pk, **reply | said)

    return write


def sent(**fields):
    return {"text": "Hvad er fristen?", "uuid": "", "field": "", "seen": ""} | fields


def test_a_question_and_its_answer_are_one_thread_at_its_field(odense, initiative, ask, answer):
    first = ask()
    answer(first)
    by_field = dialogue.messages_by_field(odense, initiative.uuid)
    [thread] = by_field.pop("gross_expenditure")
    assert not by_field
    assert [m.text for m in thread.messages] == [SECRET, "Fra regnskabet."]
    assert {(m.uuid, m.field) for m in thread.messages} == {(initiative.uuid, "gross_expenditure")}
    assert (thread.label, thread.anchor) == ("2. Bruttoudgifter", "#id_gross_expenditure")


def test_the_thread_with_the_newest_message_comes_first(odense, ask, answer):
    first, second = ask(), ask(text="Og indtægten?", field="gross_income")
    assert [t.first for t in dialogue.threads_of(odense.messages.all())] == [second, first]
    answer(first)
    assert [t.first for t in dialogue.threads_of(odense.messages.all())] == [first, second]


def test_the_municipalitys_editors_and_approvers_are_told_without_the_content(odense, ask, cast):
    build_user("Rejst", Role.EDITOR, odense.municipality)
    type(cast.anna).objects.filter(name="Rejst").update(is_active=False)
    ask()
    mail = OutgoingMail.objects.first()
    assert mail.subject == "Ny besked om Odense Kommunes besvarelse"
    assert "/kommune/461/2025/dialog/" in mail.text and "Log ind" in mail.text
    assert "1.250" not in mail.text and "Mentorer" not in mail.text and "DEMO" not in mail.text
    assert receivers() == ["anna", "carl"]


def test_who_wrote_in_the_thread_is_told_of_the_answer_and_otherwise_all_who_review(
    odense, ask, answer, cast
):
    first = ask()
    receivers()
    answer(first)
    mail = OutgoingMail.objects.get()
    assert "/ministerium/2025/461/dialog/" in mail.text and "regnskabet." not in mail.text
    assert receivers() == ["mette"]
    ask(by=cast.anna, from_ministry=False, uuid=None, field="")
    assert receivers() == ["mette", "rikke"]
    dialogue.post(
        submission_id=odense.pk, by=cast.rikke, from_ministry=True, text="Tak.", seen=0, reply_to=first.pk
    )
    receivers()
    answer(first, text="Selv tak.", by=cast.carl)
    assert receivers() == ["mette", "rikke"]
    Membership.objects.filter(user__in=[cast.mette, cast.rikke]).update(role=Role.ADMIN)
    build_user("Ny", Role.REVIEWER)
    answer(first, text="Er I der?")
    assert receivers() == ["ny"]


def test_nobody_is_told_of_what_they_wrote_themselves(odense, ask, cast):
    Membership.objects.create(user=cast.mette, municipality=odense.municipality, role=Role.EDITOR)
    ask()
    assert receivers() == ["anna", "carl"]


def test_mails_of_a_demo_round_say_so(odense, ask):
    SurveyRound.objects.update(is_demo=True)
    ask()
    assert OutgoingMail.objects.first().subject.startswith("DEMO - opdigtede tal: ")


def test_a_return_and_an_approval_are_told_without_the_comment(odense, initiative, cast):
    due = timezone.now() + timedelta(days=7)
    returned = {"submission_id": odense.pk, "by": cast.mette, "version_seen": 1}
    transitions.send_back(**returned, comment="Beløbet er i kroner.", due_at=due)
    mail = OutgoingMail.objects.first()
    assert "sendt tilbage" in mail.subject and "i kroner" not in mail.text
    assert "/kommune/461/2025/" in mail.text and "kl. " in mail.text
    assert receivers() == ["anna", "carl"]
    hand_in(odense, cast.carl)
    receivers()
    transitions.approve(**returned | {"version_seen": 2})
    assert "er godkendt" in OutgoingMail.objects.first().subject
    assert receivers() == ["anna", "carl"]


def test_a_refused_return_tells_nobody(odense, initiative, cast):
    with pytest.raises(Refused):
        transitions.send_back(
            submission_id=odense.pk, by=cast.mette, version_seen=1, comment="x", due_at=timezone.now()
        )
    assert receivers() == []


def test_pressing_twice_posts_once_and_tells_once(ask, answer):
    first = ask()
    assert ask() == first
    assert receivers() == ["anna", "carl"]
    reply = answer(first)
    assert answer(first) == reply and Message.objects.count() == 2
    assert ask(text="Noget andet") != first and ask(field="gross_income") != first
    assert answer(first, seen=reply.pk) != reply  # the same words, meant again


@pytest.mark.django_db(transaction=True)
def test_twenty_presses_at_once_post_once(ask):
    assert len({message.pk for message in at_once(lambda _i: ask())}) == 1
    assert receivers() == ["anna", "carl"]


@pytest.mark.django_db(transaction=True)
def test_the_race_above_can_be_lost(ask, monkeypatch):
    """Without the lock everybody finds nothing before anybody has written."""
    everybody, save = Barrier(MANY), Message.save

    def save_after_all_have_looked(self, **kwargs):
        everybody.wait(30)
        save(self, **kwargs)

    monkeypatch.setattr(dialogue, "locked", unlocked)
    monkeypatch.setattr(Message, "save", save_after_all_have_looked)
    assert len({message.pk for message in at_once(lambda _i: ask())}) == MANY


def test_only_editors_and_approvers_write_for_the_municipality_and_reviewers_for_the_ministry(
    odense, ask, cast
):
    for person, from_ministry in (
        (cast.lis, False),
        (cast.bo, False),
        (cast.mette, False),
        (cast.admin, True),
        (cast.anna, True),
    ):
        with pytest.raises(PermissionDenied):
            ask(by=person, from_ministry=from_ministry)
    assert not Message.objects.exists()


def test_nothing_is_written_about_a_locked_round(odense, initiative, ask, client_of, cast):
    first = ask()
    SurveyRound.objects.update(state=SurveyRound.State.LOCKED)
    with pytest.raises(Refused):
        ask(text="Endnu et")
    response = client_of(cast.anna).post(
        PAGE, {"reply_to": first.pk, "seen": first.pk, "text": "Nåede det ikke"}
    )
    assert response.status_code == 409 and "Nåede det ikke" in text(response)
    page = text(client_of(cast.anna).get(PAGE))
    assert "Kortlægningen er låst" in page and "<textarea" not in page and SECRET in page


def test_an_answer_in_a_thread_of_another_submission_is_not_possible(aarhus, ask, client_of, cast):
    first = ask()
    with pytest.raises(Message.DoesNotExist):
        dialogue.post(
            submission_id=aarhus.pk, by=cast.bo, from_ministry=False, text="?", seen=0, reply_to=first.pk
        )
    response = client_of(cast.bo).post("/kommune/751/2025/dialog/", {"reply_to": first.pk, "text": "?"})
    assert response.status_code == 404


def test_another_municipality_sees_nothing(ask, client_of, cast):
    ask()
    assert not Message.objects.visible_to(cast.bo).exists()
    assert Message.objects.visible_to(cast.lis).exists() and Message.objects.visible_to(cast.admin).exists()
    assert client_of(cast.bo).get(PAGE).status_code == 404
    assert SECRET not in text(client_of(cast.bo).get("/kommune/751/2025/dialog/"))


def test_what_is_unread_is_each_persons_own_and_never_ones_own_sides(odense, ask, answer, client_of, cast):
    first = ask()
    assert [dialogue.unread(odense, user) for user in (cast.anna, cast.carl, cast.lis)] == [1, 1, 1]
    page = text(client_of(cast.anna).get(PAGE))
    assert '<span class="badge badge-info">Ny</span>' in page and SECRET in page
    assert [dialogue.unread(odense, user) for user in (cast.anna, cast.carl)] == [0, 1]
    assert "badge-info" not in text(client_of(cast.anna).get(PAGE))
    answer(first)
    assert dialogue.unread(odense, cast.carl) == 1  # Anna's answer is his own side's
    assert odense.messages.unread_by(cast.mette, from_ministry=False).count() == 1
    ask(text="Og hvem har bogført det?", seen=first.pk)
    assert [dialogue.unread(odense, user) for user in (cast.anna, cast.carl)] == [1, 2]
    assert DialogueRead.objects.get(user=cast.anna).message == first


def test_a_mark_is_not_of_another_submission(odense, aarhus, ask, cast):
    message = dialogue.post(submission_id=aarhus.pk, by=cast.mette, from_ministry=True, text="Hej", seen=0)
    dialogue.mark_read(odense, cast.bo, ask().pk)
    assert list(aarhus.messages.unread_by(cast.bo, from_ministry=True)) == [message]


def test_the_municipality_asks_about_a_draft_and_the_ministry_does_not_learn_its_title(
    odense, initiative, client_of, cast
):
    draft = build_initiative(odense, cast.anna, title="Hemmeligt navn")
    anna, mette = client_of(cast.anna), client_of(cast.mette)
    for about in (draft, initiative):
        fields = {"uuid": str(about.uuid), "field": "content", "text": f"Hører den med? {about.pk}"}
        assert anna.post(PAGE, sent(**fields)).status_code == 302
    assert "Hemmeligt navn: 8. Indhold" in text(anna.get(PAGE))
    page = text(mette.get("/ministerium/2025/461/dialog/"))
    assert "En indsats i kladden: 8. Indhold" in page and "Hemmeligt" not in page
    assert "Mentorer til kvinder: 8. Indhold" in page
    url = reverse("reporting:initiative", args=[2025, "461", draft.uuid])
    assert url not in page and mette.get(url).status_code == 404


def test_the_ministry_sees_the_title_as_handed_in_and_the_municipality_its_own(
    odense, initiative, ask, client_of, cast
):
    ask()
    type(initiative).objects.filter(pk=initiative.pk).update(title="Nyt navn i kladden")
    assert "Nyt navn i kladden: 2. Brutto" in text(client_of(cast.anna).get(PAGE))
    assert "Nyt navn" not in text(client_of(cast.mette).get("/ministerium/2025/461/dialog/"))
    initiative.delete()
    page = text(client_of(cast.anna).get(PAGE))
    assert "Mentorer til kvinder: 2. Brutto" in page  # what it was called when it was handed in
    assert "Gå til feltet" not in page


def test_a_deleted_initiative_that_was_never_handed_in_is_called_so(odense, ask, client_of, cast):
    ask(uuid=uuid.uuid4(), by=cast.anna, from_ministry=False)
    assert "En indsats, der er slettet: 2. Brutto" in text(client_of(cast.anna).get(PAGE))


@pytest.mark.parametrize(
    ("fields", "status", "message"),
    [
        ({"text": ""}, 422, "Skriv en besked."),
        ({"text": " \r\n\t"}, 422, "Skriv en besked."),
        ({"text": "Barnet 010190-1234"}, 422, "Der står noget, der ligner et CPR-nummer"),
        ({"text": "x" * 5_001}, 422, "Beskeden må højst være 5.000 tegn. Den er nu 5001."),
        ({"text": "x" * 100_000}, 422, "Beskeden må højst være 5.000 tegn. Den er nu 100000."),
        ({"text": "a\x00b"}, 422, ""),
        ({"field": "content"}, 422, "Vælg den indsats, som feltet hører til."),
        ({"field": "roads"}, 422, "Vælg et af spørgeskemaets felter på listen."),
        ({"uuid": str(uuid.uuid4())}, 422, "Vælg hele besvarelsen eller en af indsatserne på listen."),
        ({"uuid": "\x00"}, 422, "Vælg hele besvarelsen eller en af indsatserne på listen."),
        ({"seen": "x"}, 422, "Siden er for gammel. Åbn den igen."),
        ({"seen": "9" * 40}, 302, ""),
        ({"seen": "-1"}, 302, ""),
        ({"text": "\n".join(["x"] * 2_500)}, 302, ""),
        ({"text": "😀 e\u0301 \u202eabc <script>alert(1)</script> =1+1"}, 302, ""),
    ],
)
def test_bad_input_gets_its_message_and_no_text_is_lost(initiative, client_of, cast, fields, status, message):
    anna = client_of(cast.anna)
    response = anna.post(PAGE, sent(**fields))
    assert response.status_code == status
    if status == 422:
        assert message in text(response) and not Message.objects.exists()
        assert fields.get("text", "Hvad er fristen?").strip()[:50].replace("\x00", "") in (
            text(response).replace("\x00", "")
        )
    else:
        assert Message.objects.get().text == fields.get("text", "Hvad er fristen?")
        assert "<script>alert" not in anna.get(PAGE).content.decode()


def test_line_breaks_are_one_character_and_shown(initiative, client_of, cast):
    anna = client_of(cast.anna)
    anna.post(PAGE, sent(text="Første linje\r\nanden"))
    assert Message.objects.get().text == "Første linje\nanden"
    assert "Første linje<br>anden" in text(anna.get(PAGE))


@pytest.mark.parametrize("reply_to", ["", "x", "0", "9" * 30, "-1", "\x00"])
def test_an_answer_to_nothing_is_not_found(initiative, client_of, cast, reply_to):
    assert client_of(cast.anna).post(PAGE, {"reply_to": reply_to, "text": "x"}).status_code == 404


def test_an_answer_to_an_answer_is_not_found(ask, answer, client_of, cast):
    reply = answer(ask())
    assert client_of(cast.anna).post(PAGE, {"reply_to": reply.pk, "text": "x"}).status_code == 404


def test_a_refused_answer_is_shown_in_its_own_thread(ask, client_of, cast):
    first, second = ask(), ask(field="gross_income", text="Og den?")
    response = client_of(cast.anna).post(PAGE, {"reply_to": first.pk, "seen": second.pk, "text": "x" * 5_001})
    assert response.status_code == 422
    forms = {thread.first.pk: form for thread, form in response.context["threads"]}
    assert forms[first.pk].errors and not forms[second.pk].errors
    assert f'href="#svar-{first.pk}_text"' in text(response)


def test_what_was_written_when_the_session_had_ended_is_there_after_login(ask, client_of, cast):
    first, anna = ask(), client_of(cast.anna)
    anna.session.flush()
    to_login = anna.post(PAGE, {"reply_to": first.pk, "seen": first.pk, "text": "Skrevet for sent"})
    anna.post(to_login.url, {"login": cast.anna.email, "password": "correct horse battery"})
    page = text(anna.get(PAGE))
    assert "Skrevet for sent</textarea>" in page and "er ikke sendt endnu" in page
    assert "Skrevet for sent" not in text(anna.get(PAGE)) and Message.objects.count() == 1


def test_a_link_says_what_a_question_is_about_and_nonsense_in_it_is_ignored(initiative, client_of, cast):
    anna = client_of(cast.anna)
    page = text(anna.get(PAGE, {"indsats": str(initiative.uuid), "felt": "content"}))
    assert f'<option value="{initiative.uuid}" selected>' in page
    assert '<option value="content" selected>' in page
    for nonsense in ("x", "\x00", "<b>"):
        assert anna.get(PAGE, {"indsats": nonsense, "felt": nonsense}).status_code == 200


def test_a_reader_and_an_administrator_read_and_have_no_form(ask, client_of, cast):
    ask()
    for person, url in ((cast.lis, PAGE), (cast.admin, "/ministerium/2025/461/dialog/")):
        page = text(client_of(person).get(url))
        assert SECRET in page and "<textarea" not in page


def test_the_page_takes_the_same_queries_however_long_the_dialogue_is(
    ask, answer, client_of, cast, django_assert_num_queries
):
    anna = client_of(cast.anna)
    first = ask()
    anna.get(PAGE)
    with django_assert_num_queries(7):  # session, user, roles, submission, initiatives, messages, what is new
        anna.get(PAGE)
    for number in range(10):
        answer(first, text=f"Nr. {number}")
        ask(text=f"Nr. {number}", field="content")
    with django_assert_num_queries(8):  # and the mark
        anna.get(PAGE)


def test_a_returned_answer_lists_what_the_ministry_has_written_since_it_was_handed_in(
    odense, initiative, ask, answer, cast
):
    other = build_initiative(odense, cast.anna, title="Netværk")
    old = ask(uuid=None, field="", text="Velkommen.")
    returned = {"submission_id": odense.pk, "by": cast.mette, "comment": "Se felterne."}
    due = timezone.now() + timedelta(days=7)
    transitions.send_back(**returned, version_seen=1, due_at=due)
    hand_in(odense, cast.carl)
    answer(old, text="Tak.")
    ask(text="Ny", uuid=other.uuid, field="content")
    whole = ask(text="Hvornår?", uuid=None, field="")
    money = ask()
    answer(money)
    transitions.send_back(**returned, version_seen=2, due_at=due)
    event = odense.events.last()
    initiatives = list(odense.initiatives.order_by("pk"))
    listed = dialogue.comments(odense, initiatives, event)
    assert [(t.title, t.label, t.asked.text) for t in listed] == [
        ("", "", whole.text),
        ("Mentorer til kvinder", "2. Bruttoudgifter", SECRET),
        ("Netværk", "8. Indhold", "Ny"),
    ]
    assert listed[1].url + listed[1].anchor == initiative.get_absolute_url() + "#id_gross_expenditure"


def test_a_group_of_choices_is_reached_by_its_first_one(odense, initiative, ask):
    ask(field="funding_sources")
    [thread] = dialogue.messages_by_field(odense, initiative.uuid)["funding_sources"]
    assert thread.anchor == "#id_funding_sources_0"


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"text": ""}, "a_message_is_written"),
        ({"text": " \n"}, "a_message_is_written"),
        ({"field": "content", "uuid": None}, "a_field_is_of_an_initiative"),
        ({"field": "roads"}, "message_field_is_known"),
    ],
)
def test_the_database_refuses_a_message_that_says_nothing_or_of_an_unknown_field(
    odense, cast, fields, constraint
):
    message = {"text": "x", "uuid": uuid.uuid4(), "by": cast.mette, "from_ministry": True}
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        odense.messages.create(**message | fields)


def test_a_message_is_never_changed_or_deleted(ask):
    first = ask()
    for change in (lambda m: m.update(text="Andet"), lambda m: m.delete()):
        with pytest.raises(IntegrityError, match="survey_message"), transaction.atomic():
            change(Message.objects.filter(pk=first.pk))
