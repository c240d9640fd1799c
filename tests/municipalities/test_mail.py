"""Outgoing mail against a real mail server on a socket: once, and never lost."""

import threading
from datetime import timedelta
from email.header import decode_header, make_header

import pytest
from django.core.mail import EmailMessage
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from municipalities import mail, tasks
from municipalities.models import OutgoingMail, User
from tests.builders import build_municipalities
from tests.municipalities import smtp_server
from tests.municipalities.test_contacts import build_contact

real_database = pytest.mark.django_db(transaction=True)


@pytest.fixture
def server(settings):
    with smtp_server.running() as running:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        settings.DEFAULT_FROM_EMAIL = "Indsatskort <svar@indsatskort.test>"
        yield running


@pytest.fixture
def told(monkeypatch):
    """What the broker was told."""
    messages: list = []
    monkeypatch.setattr(mail.current_app, "send_task", lambda name, args, **options: messages.append(args[0]))
    return messages


def queued(to="anna@example.test", subject="Emne", text="Tekst\n", **fields) -> OutgoingMail:
    return OutgoingMail.objects.create(to=to, subject=subject, text=text, **fields)


def make_due():
    OutgoingMail.objects.update(try_after=timezone.now() - timedelta(seconds=1))


def states():
    return list(OutgoingMail.objects.order_by("queued_at").values_list("state", "attempts"))


# Queueing


def test_a_mail_is_a_row_of_the_transaction_and_told_after_it(db, told, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        mail.queue_text(
            to=["a@example.test", "b@example.test", "a@example.test"], subject="Emne", text="Tekst"
        )
        assert told == []
    rows = OutgoingMail.objects.order_by("to")
    assert [row.to for row in rows] == [
        "a@example.test",
        "b@example.test",
    ]  # each sees only their own address
    assert sorted(told) == sorted(str(row.pk) for row in rows)


@real_database
def test_what_is_rolled_back_is_never_mailed(told):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        mail.queue_text(to=["a@example.test"], subject="Emne", text="Tekst")
        raise ZeroDivisionError
    assert told == [] and not OutgoingMail.objects.exists()


def test_a_broker_that_is_down_is_asked_once_and_the_sweeper_sends(
    db, server, monkeypatch, django_capture_on_commit_callbacks
):
    asked = []

    def down(*args, **options):
        asked.append(args)
        raise ConnectionRefusedError

    monkeypatch.setattr(mail.current_app, "send_task", down)
    with django_capture_on_commit_callbacks(execute=True):
        mail.queue_text(to=["a@example.test", "b@example.test"], subject="Emne", text="Tekst")
    assert len(asked) == 1  # each attempt may cost seconds, and a user waits
    assert states() == [("queued", 0)] * 2
    tasks.send_waiting_mails()
    assert states() == [("sent", 1)] * 2 and len(server.received) == 2


def test_a_template_gives_subject_and_text_unescaped_and_in_danish(db, told, settings):
    invitation = {"municipality": {"official_name": "Odense & O'Hara <Kommune>"}, "invited_by": "Carl"}
    mail.queue(
        to=["a@example.test"], template="invitation", context={"invitation": invitation, "path": "/x/"}
    )
    row = OutgoingMail.objects.get()
    assert row.subject == "Invitation til Indsatskort for Odense & O'Hara <Kommune>"
    assert f"{settings.SITE_URL}/x/" in row.text and "&amp;" not in row.text


# Headers


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r", "\x0b", "\x85", "\u2028"])
def test_a_newline_in_a_subject_adds_no_header(db, server, told, newline):
    mail.queue_text(to=["a@example.test"], subject=f"Hej{newline}Bcc: alle@example.test", text="Tekst")
    tasks.send_mail(str(OutgoingMail.objects.get().pk))
    [message] = server.received
    assert message["Subject"] == "Hej Bcc: alle@example.test" and message["Bcc"] is None
    assert [c for c in server.commands if c.startswith("rcpt")] == ["rcpt TO:<a@example.test>"]


def test_a_newline_in_an_address_is_refused_for_good(db, server):
    row = queued(to="a@example.test\nBcc: alle@example.test")
    tasks.send_mail(str(row.pk))
    assert states() == [("failed", 1)] and server.received == []


def test_letters_of_all_kinds_arrive(db, server):
    row = queued(subject="Kvittering for Ærø 🎉 שלום " + "x" * 150, text="Blåbærgrød 🎉\n.\nslut\n")
    tasks.send_mail(str(row.pk))
    [message] = server.received
    assert str(make_header(decode_header(message["Subject"].replace("\r\n", "")))) == row.subject
    text = message.get_payload(decode=True).decode().replace("\r\n", "\n")
    assert "Blåbærgrød 🎉" in text and text.rstrip().endswith("slut")
    assert message["Message-ID"] == f"<{row.pk}@indsatskort.test>"
    assert message["From"] == "Indsatskort <svar@indsatskort.test>"


# Sending


def test_the_text_is_kept_only_where_it_is_shown(db, server, settings):
    for shown, kept in ((True, "Tekst\n"), (False, "")):
        settings.MAILS_ARE_SHOWN = shown
        row = queued()
        tasks.send_mail(str(row.pk))
        row.refresh_from_db()
        assert (row.state, row.text) == ("sent", kept)


def at_once(count, function):
    start = threading.Barrier(count)

    def run():
        try:
            connection.ensure_connection()
            start.wait(30)
            function()
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)


@real_database
def test_of_many_workers_at_one_row_one_sends(server):
    all_have_tried = threading.Event()
    server.before_accepting = lambda: all_have_tried.wait(1)
    row = queued()
    at_once(8, lambda: tasks.send_mail(str(row.pk)))
    assert states() == [("sent", 1)] and len(server.received) == 1
    tasks.send_mail(str(row.pk))
    assert len(server.received) == 1


@real_database
def test_without_the_lock_they_all_send(server, monkeypatch):
    def unlocked(self, **options):
        return self

    monkeypatch.setattr("django.db.models.query.QuerySet.select_for_update", unlocked)
    all_are_there = threading.Barrier(4)
    server.before_accepting = lambda: all_are_there.wait(30)
    row = queued()
    at_once(4, lambda: tasks.send_mail(str(row.pk)))
    assert len(server.received) == 4


@real_database
def test_sweepers_at_once_send_each_mail_once(server):
    for number in range(10):
        queued(to=f"{number}@example.test")
    at_once(4, tasks.send_waiting_mails)
    assert sorted(message["To"] for message in server.received) == [f"{n}@example.test" for n in range(10)]


def test_a_mail_server_that_refuses_for_now_gets_it_later(db, server):
    row = queued()
    server.answers["RCPT"] = "451 try again later"
    tasks.send_mail(str(row.pk))
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("queued", 1) and "try again later" in row.error
    assert timedelta(seconds=50) < row.try_after - timezone.now() <= timedelta(minutes=1)
    tasks.send_waiting_mails()
    assert states() == [("queued", 1)]  # not yet
    server.answers.clear()
    make_due()
    tasks.send_waiting_mails()
    row.refresh_from_db()
    assert (row.state, row.attempts, row.error) == ("sent", 2, "") and len(server.received) == 1


def test_a_mail_server_that_is_stopped_gets_them_all_when_it_is_back(db, settings):
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = "django.core.mail.backends.smtp.EmailBackend", "127.0.0.1"
    with smtp_server.running() as server:
        settings.EMAIL_PORT = server.port
    for number in range(3):
        queued(to=f"{number}@example.test")
    tasks.send_waiting_mails()
    assert states() == [("queued", 1), ("queued", 0), ("queued", 0)]  # it asked once, and let the others be
    make_due()
    with smtp_server.running(settings.EMAIL_PORT) as server:
        tasks.send_waiting_mails()
        assert len(server.received) == 3


@pytest.mark.parametrize(
    ("command", "answer"),
    [("RCPT", "550 no such user"), ("END", "554 not wanted")],
)
def test_a_final_no_is_not_asked_again(db, server, command, answer):
    row = queued()
    server.answers[command] = answer
    tasks.send_mail(str(row.pk))
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("failed", 1) and answer[4:] in row.error


@pytest.fixture
def contact(db):
    return build_contact(build_municipalities()["Odense"], "anna@example.test")


def test_an_address_that_is_refused_for_good_is_noted_at_its_contact(server, contact):
    server.answers["RCPT"] = "451 later"
    tasks.send_mail(str(queued(to="Anna@example.test").pk))
    contact.refresh_from_db()
    assert contact.bounced_at is None  # it is tried again
    server.answers["RCPT"] = "550 no such user"
    tasks.send_mail(str(queued(to="Anna@example.test").pk))
    contact.refresh_from_db()
    assert contact.bounced_at and contact.bounce_note == "550 no such user"


def test_a_refused_address_that_is_no_contact_is_nothing_to_note(server, contact):
    server.answers["RCPT"] = "550 no such user"
    tasks.send_mail(str(queued(to="anden@example.test").pk))
    contact.refresh_from_db()
    assert contact.bounced_at is None


def test_an_address_that_is_given_up_after_days_is_noted_too(server, contact):
    server.answers["RCPT"] = "452 mailbox full"
    tasks.send_mail(str(queued(attempts=mail.MAX_ATTEMPTS - 1).pk))
    contact.refresh_from_db()
    assert contact.bounce_note == "452 mailbox full"


@pytest.mark.parametrize("command", ["END", "MAIL"])
def test_a_text_or_a_sender_that_is_refused_says_nothing_of_the_address(server, contact, command):
    server.answers[command] = "554 not wanted"
    tasks.send_mail(str(queued(attempts=mail.MAX_ATTEMPTS - 1).pk))
    contact.refresh_from_db()
    assert states() == [("failed", mail.MAX_ATTEMPTS)] and contact.bounced_at is None


def test_many_letters_are_one_insert_and_the_broker_is_told_of_each(
    db, told, django_assert_num_queries, django_capture_on_commit_callbacks
):
    letters = [(f"{n}@example.test", f"Emne {n}", f"Tekst {n}") for n in range(98)]
    with django_capture_on_commit_callbacks(execute=True), django_assert_num_queries(1):
        mails = mail.queue_letters(letters)
    assert [(one.to, one.subject, one.text) for one in mails] == letters
    assert told == [str(one.pk) for one in mails]


@pytest.mark.parametrize(("command", "answer"), [("MAIL", "550 who are you"), ("EHLO", "554 not today")])
def test_a_no_to_us_is_for_an_administrator_to_mend_while_mail_waits(db, server, command, answer):
    server.answers |= {command: answer, "HELO": "554 not today"}
    tasks.send_mail(str(queued().pk))
    assert states() == [("queued", 1)]


def test_after_nearly_three_days_of_attempts_it_is_given_up(db, server):
    row = queued()
    server.answers["RCPT"] = "451 later"
    waited = timedelta()
    while row.state == "queued":
        tasks.send_mail(str(row.pk))
        row.refresh_from_db()
        waited += row.try_after - timezone.now() if row.state == "queued" else timedelta()
    assert (row.state, row.attempts) == ("failed", mail.MAX_ATTEMPTS)
    assert timedelta(days=2.5) < waited < timedelta(days=3)


def test_a_mail_that_breaks_in_an_unforeseen_way_does_not_stop_the_others(db, server, monkeypatch):
    broken, sound = queued(to="broken@example.test"), queued(to="sound@example.test")
    send = EmailMessage.send

    def fragile(self, **options):
        if self.to == [broken.to]:
            raise RuntimeError("unforeseen")
        return send(self, **options)

    monkeypatch.setattr(EmailMessage, "send", fragile)
    tasks.send_waiting_mails()
    tasks.send_waiting_mails()  # the next half minute
    assert dict(OutgoingMail.objects.values_list("to", "state")) == {broken.to: "queued", sound.to: "sent"}


def test_an_unknown_mail_is_left_alone(db):
    tasks.send_mail("00000000-0000-0000-0000-000000000000")


def test_what_is_sent_has_its_time(db):
    with pytest.raises(IntegrityError, match="mail_state_is_known"), transaction.atomic():
        queued(state="sent")


# The password's mail


def reset(client, email):
    return client.post(reverse("account_reset_password"), {"email": email})


def test_the_password_reset_goes_the_same_way(db, client, told, server, django_capture_on_commit_callbacks):
    User.objects.create_user("anna@example.test", "Anna", "correct horse battery")
    with django_capture_on_commit_callbacks(execute=True):
        response = reset(client, "Anna@example.test")
    assert server.commands == []  # the request waits for no mail server
    row = OutgoingMail.objects.get()
    assert response.status_code == 302 and told == [str(row.pk)]
    assert "ny adgangskode" in row.subject and "You" not in row.text
    link = next(line for line in row.text.splitlines() if line.startswith("http"))
    page = client.get(link, follow=True)
    password = {"password1": "en helt ny adgangskode", "password2": "en helt ny adgangskode"}
    client.post(page.request["PATH_INFO"], password)
    assert User.objects.get().check_password("en helt ny adgangskode")


def test_the_password_link_leads_here_whatever_host_was_asked(client, cast, settings):
    settings.ALLOWED_HOSTS, settings.SITE_URL = ["*"], "https://indsatskort.test"
    client.post(
        reverse("account_reset_password"), {"email": cast.anna.email}, headers={"host": "evil.example"}
    )
    text = OutgoingMail.objects.get().text
    assert "https://indsatskort.test/konto/password/reset/key/" in text and "evil" not in text


def test_a_password_reset_does_not_tell_whether_there_is_such_a_user(client, cast, django_assert_num_queries):
    User.objects.filter(pk=cast.bo.pk).update(is_active=False)
    addresses = (cast.anna.email, "nobody@example.test", cast.bo.email)
    responses = [reset(client, address) for address in addresses]
    assert {(r.status_code, r.url) for r in responses} == {(302, reverse("account_reset_password_done"))}
    assert OutgoingMail.objects.count() == 3  # the same work for each
    assert "ingen åben bruger" in OutgoingMail.objects.get(to="nobody@example.test").text


# The pages


def test_the_mails_of_a_local_installation_are_read_without_a_login(db, client, settings):
    queued(subject="<b>Emne</b>", text="Se http://127.0.0.1:8000/invitation/abc/\n")
    page = client.get("/mails/").content.decode()
    assert "&lt;b&gt;Emne" in page and 'href="http://127.0.0.1:8000/invitation/abc/"' in page
    assert 'href="/mails/"' in client.get("/kontakt/").content.decode()
    settings.MAILS_ARE_SHOWN = False
    assert client.get("/mails/").status_code == 404
    assert 'href="/mails/"' not in client.get("/kontakt/").content.decode()


def test_an_administrator_sees_what_failed_but_no_text_and_queues_it_again(cast, client_of, told, server):
    secret = queued(
        text="https://example.test/konto/nulstil/hemmelig/", state="failed", attempts=20, error="nej"
    )
    sent = queued(to="sent@example.test", state="sent", sent_at=timezone.now())
    admin = client_of(cast.admin)
    pages = [admin.get(f"/admin/municipalities/outgoingmail/{path}") for path in ("", f"{secret.pk}/change/")]
    assert all("nej" in page.content.decode() and "hemmelig" not in page.content.decode() for page in pages)
    chosen = {"action": "queue_again", "_selected_action": [str(secret.pk), str(sent.pk)]}
    admin.post("/admin/municipalities/outgoingmail/", chosen)
    assert dict(OutgoingMail.objects.values_list("to", "state")) == {secret.to: "queued", sent.to: "sent"}
    tasks.send_waiting_mails()
    assert [message["To"] for message in server.received] == [secret.to]
    assert admin.post(f"/admin/municipalities/outgoingmail/{sent.pk}/delete/").status_code == 403
