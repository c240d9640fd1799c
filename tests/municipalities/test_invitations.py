"""Invitations from the approver's form to the colleague's first page, and what can go wrong between."""

import hashlib
import logging
import re
from datetime import timedelta
from threading import Barrier

import pytest
from django.contrib.messages import get_messages
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from municipalities import invitations
from municipalities.members import Refused
from municipalities.models import Invitation, Membership, OutgoingMail, Role, User
from survey import colleagues
from survey.models import SubmissionArea
from tests.builders import build_municipalities, build_user
from tests.survey.test_areas import meanwhile
from tests.survey.test_races import at_once

PAGE = "/kommune/461/2025/kolleger/"
NEW = {"name": "Nina Ny", "password1": "en lang adgangskode", "password2": "en lang adgangskode"}


def text(response):
    return " ".join(response.content.decode().split())


def told(response):
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def posted(**fields):
    return {"email": "nina@example.test", "role": "editor", "service_area": ""} | fields


def invite(by, municipality, **fields) -> str:
    """The link's path, read in the mail."""
    invitations.invite(municipality=municipality, by=by, **posted(**fields))
    return link()


def link() -> str:
    return re.search(r"/invitation/\S+", OutgoingMail.objects.latest("queued_at").text)[0]


def token(path) -> str:
    return path.split("/")[2]


def expire():
    past = timezone.now() - timedelta(days=20)
    Invitation.objects.update(invited_at=past, expires_at=past + invitations.VALID_FOR)


@pytest.fixture
def carl(cast, client_of, odense):
    return client_of(cast.carl)


@pytest.fixture
def path(cast, odense):
    return invite(cast.carl, odense.municipality)


# From the form to the first page


def test_a_colleague_is_invited_makes_an_account_and_has_the_area(carl, client, odense, cast):
    response = carl.post(PAGE, posted(email="Nina@Example.test ", service_area="social"))
    assert response.url == PAGE and "på vej med mail" in told(response)
    mail = OutgoingMail.objects.get()
    assert mail.to == "nina@example.test" and "Carl inviterer dig til at være sagsbehandler" in mail.text
    page = client.get(link())
    assert "Carl inviterer dig til at være sagsbehandler for Odense Kommune" in text(page)
    assert "Dit område bliver: Socialområdet" in text(page)
    response = client.post(link(), NEW)
    assert response.url == "/" and "Odense Kommune" in told(response)
    nina = User.objects.get(email="nina@example.test")
    assert (nina.name, nina.standing) == ("Nina Ny", "sagsbehandler, Odense Kommune")
    assert nina.check_password(NEW["password1"]) and client.get("/").url == "/kommune/461/2025/"
    assert SubmissionArea.objects.get().assignee == nina
    history = text(carl.get("/kommune/461/2025/historik/"))
    assert "Nina Ny" in history and "Systemet" not in history
    assert "nina@example.test" in text(carl.get(PAGE)) and not Invitation.objects.waiting().exists()


def test_the_link_is_secret_and_only_its_hash_is_stored(path, client):
    row = Invitation.objects.get()
    assert row.token_hash == hashlib.sha256(token(path).encode()).hexdigest() and len(token(path)) == 43
    assert row.expires_at - row.invited_at == timedelta(days=14)
    response = client.get(path)
    assert response["Referrer-Policy"] == "strict-origin" and "noindex" in response["X-Robots-Tag"]
    assert "no-store" in response["Cache-Control"]


def test_an_account_that_exists_logs_in_and_says_yes(path, client, cast):
    User.objects.filter(pk=cast.bo.pk).update(email="nina@example.test")  # a colleague of two municipalities
    page = text(client.get(path))
    assert f'href="/konto/login/?next={path}"' in page and "Dit navn" not in page
    assert client.post(path, NEW).status_code == 422 and User.objects.filter(name="Nina Ny").count() == 0
    credentials = {"login": "nina@example.test", "password": "correct horse battery", "next": path}
    bo = Client()
    assert bo.post("/konto/login/", credentials).url == path
    assert "Ja, jeg er med" in text(bo.get(path))
    assert bo.post(path).url == "/"
    roles = dict(Membership.objects.filter(user=cast.bo).values_list("municipality__code", "role"))
    assert roles == {"751": "approver", "461": "editor"}


def test_a_link_of_somebody_else_is_no_use_to_whoever_is_logged_in(path, client_of, cast):
    bo = client_of(cast.bo)
    assert "Du er logget ind som bo@example.test" in text(bo.get(path))
    assert bo.post(path).status_code == 409
    assert not cast.bo.memberships.filter(municipality__code="461").exists()
    assert Invitation.objects.waiting().exists()


def test_the_link_works_once(path, client, client_of):
    client.post(path, NEW)
    assert client.get(path).url == "/"  # to the one who has used it
    page = Client().get(path)
    assert page.status_code == 410 and "allerede brugt" in text(page) and "bed Carl" in text(page)
    assert Client().post(path, NEW | {"name": "En anden"}).status_code == 410
    assert User.objects.filter(email="nina@example.test").count() == 1


def test_an_expired_or_withdrawn_link_says_so_and_whom_to_ask(path, client, cast, carl):
    expire()
    page = client.get(path)
    assert page.status_code == 410 and "er udløbet" in text(page) and "bed Carl" in text(page)
    assert "udløbet" in text(carl.get(PAGE))
    Invitation.objects.update(withdrawn_at=timezone.now())
    assert "trukket tilbage" in text(client.post(path, NEW))
    assert not User.objects.filter(email="nina@example.test").exists()


@pytest.mark.parametrize("wrong", ["x", "%00", "🎉", "a" * 5000, "..", "%F0%9F", "'; DROP TABLE"])
def test_a_wrong_link_is_explained(client, db, wrong):
    response = client.get(f"/invitation/{wrong}/")
    assert response.status_code == 404


def logged(caplog) -> str:
    """As the log has it."""
    (handler,) = (h for h in logging.getLogger().handlers if h.get_name() == "stderr")
    return "\n".join(map(handler.format, caplog.records))


@pytest.mark.parametrize("after", ["", ".", "x", "x/"])
def test_the_log_does_not_hold_the_link(path, client, caplog, after):
    strict = Client(enforce_csrf_checks=True)
    assert client.post(path + after, NEW | {"name": ""}).status_code == (404 if after else 422)
    assert strict.post(path + after).status_code == (404 if after else 403)
    assert ": /invitation/..." in logged(caplog) and token(path) not in logged(caplog)
    client.get("/findes-ikke/")
    assert "/findes-ikke/" in logged(caplog)


def test_nor_does_a_traceback_in_the_log(path, client, caplog, monkeypatch):
    def fail(token):
        raise RuntimeError(f"/invitation/{token}/")

    monkeypatch.setattr(invitations, "find", fail)
    client.raise_request_exception = False
    assert client.get(path).status_code == 500
    assert "RuntimeError" in logged(caplog) and token(path) not in logged(caplog)


def test_nor_does_it_hold_a_link_to_a_new_password(cast, client, caplog):
    client.post("/konto/password/reset/", {"email": cast.anna.email})
    secret = re.search(r"/konto/password/reset/key/(\S+)/", OutgoingMail.objects.get().text)
    assert Client(enforce_csrf_checks=True).post(secret[0]).status_code == 403
    assert "/konto/password/reset/key/..." in logged(caplog) and secret[1] not in logged(caplog)


def test_nothing_is_made_without_a_post(path, client):
    client.get(path, NEW)
    assert not User.objects.filter(email="nina@example.test").exists()


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"name": ""}, "Skriv dit navn, fx Anne Hansen."),
        ({"name": "x" * 100_000}, "Skriv navnet med højst 100 tegn."),
        ({"name": "Nina\x00"}, "Skriv navnet med almindelige bogstaver"),
        ({"name": "Nina \u202egro.evil"}, "Skriv navnet med almindelige bogstaver"),
        ({"password1": "kort", "password2": "kort"}, "12"),
        ({"password1": "nina@example.test", "password2": "nina@example.test"}, "e-mail"),
        ({"password2": "noget andet, og langt"}, "De to adgangskoder er ikke ens."),
        ({"password1": ""}, "Skriv en adgangskode på mindst 12 tegn."),
        ({"password2": ""}, "Skriv adgangskoden igen."),
    ],
)
def test_what_is_wrong_with_the_new_account_is_said(path, client, fields, message):
    response = client.post(path, NEW | fields)
    assert response.status_code == 422 and message in text(response) and "påkrævet" not in text(response)
    assert not User.objects.filter(email="nina@example.test").exists()


def test_a_name_is_one_line_and_may_be_of_any_script(path, client):
    client.post(path, NEW | {"name": " Nína\nÅ.  שלום 李 "})
    assert User.objects.get(email="nina@example.test").name == "Nína Å. שלום 李"


# Who may be invited, and who may not


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"email": ""}, "Skriv kollegaens e-mailadresse, fx navn@kommune.dk."),
        ({"email": "ikke en adresse"}, "Skriv kollegaens e-mailadresse, fx navn@kommune.dk."),
        ({"email": "a@b.dk\nBcc: c@d.dk"}, "Skriv kollegaens e-mailadresse, fx navn@kommune.dk."),
        ({"email": "a" * 100_000 + "@b.dk"}, "Skriv "),
        ({"email": "a@" + "İİİİİİİİ." * 26 + "dk"}, "Skriv en e-mailadresse på højst 254 tegn."),
        ({"role": ""}, "Vælg rollen"),
        ({"role": "admin"}, "Vælg rollen"),
        ({"service_area": "moon"}, "Vælg et af de seks områder"),
        ({"role": "reader", "service_area": "social"}, "En læser kan ikke svare for et område."),
        ({"email": "Anna@example.test"}, "anna@example.test er allerede kollega her."),
    ],
)
def test_what_is_wrong_with_an_invitation_is_said_and_nothing_sent(carl, fields, message):
    response = carl.post(PAGE, posted(**fields))
    assert response.status_code == 422 and message in text(response)
    assert not Invitation.objects.exists() and not OutgoingMail.objects.exists()


def test_inviting_twice_points_to_sending_again(carl, path):
    response = carl.post(PAGE, posted(role="reader"))
    assert response.status_code == 422 and "allerede inviteret" in text(response)
    assert Invitation.objects.count() == OutgoingMail.objects.count() == 1
    expire()
    assert carl.post(PAGE, posted(role="reader")).status_code == 302
    assert Invitation.objects.waiting().get().role == "reader"


def test_inviting_does_not_tell_who_has_an_account_elsewhere(carl, cast):
    for address in (cast.bo.email, cast.mette.email, "nobody@example.test"):
        assert carl.post(PAGE, posted(email=address)).status_code == 302
    assert OutgoingMail.objects.count() == 3


def test_the_ministry_does_not_answer_for_a_municipality(cast, client_of, odense):
    path = invite(cast.carl, odense.municipality, email=cast.mette.email)
    response = client_of(cast.mette).post(path)
    assert response.status_code == 409 and "hører til ministeriet" in text(response)
    assert not cast.mette.memberships.filter(municipality__isnull=False).exists()


def test_a_closed_account_is_told_so(cast, client, odense):
    User.objects.filter(pk=cast.bo.pk).update(is_active=False)
    path = invite(cast.carl, odense.municipality, email=cast.bo.email)
    assert "den er lukket" in text(client.get(path))
    assert client.post(path, NEW).status_code == 422


def test_a_role_given_meanwhile_is_left_as_it_is(path, client_of, odense):
    nina = build_user("Nina", Role.APPROVER, odense.municipality)
    assert client_of(nina).post(path).status_code == 302
    assert nina.memberships.get().role == "approver"


def test_sending_again_makes_a_new_link_and_the_old_one_is_dead(carl, client, path):
    asked = {"invitation": Invitation.objects.get().pk}
    assert "ny invitation" in told(carl.post(PAGE + "send-igen/", asked))
    assert link() != path and client.get(path).status_code == 410 and client.get(link()).status_code == 200
    assert "allerede brugt eller trukket tilbage" in told(carl.post(PAGE + "send-igen/", asked))  # twice
    assert OutgoingMail.objects.count() == 2
    carl.post(PAGE + "traek-tilbage/", {"invitation": Invitation.objects.waiting().get().pk})
    assert client.get(link()).status_code == 410 and not Invitation.objects.waiting().exists()


def test_the_ministry_s_own_invitation_is_sent_again_by_the_ministry(carl, cast, path):
    Invitation.objects.update(invited_by=cast.rikke)
    asked = {"invitation": Invitation.objects.get().pk}
    assert "Bed ministeriet om at sende invitationen igen" in told(carl.post(PAGE + "send-igen/", asked))
    assert Invitation.objects.waiting().count() == 1


@pytest.mark.parametrize("asked", ["", "x", "-1", "99999999999999999999999", "9" * 5000, "1\x00"])
def test_a_wrong_invitation_is_not_found(carl, asked):
    assert carl.post(PAGE + "send-igen/", {"invitation": asked}).status_code == 404


def test_an_invitation_of_another_municipality_is_not_found(carl, cast, aarhus):
    invite(cast.bo, aarhus.municipality)
    asked = {"invitation": Invitation.objects.get().pk}
    assert carl.post(PAGE + "traek-tilbage/", asked).status_code == 404
    assert Invitation.objects.waiting().exists() and "nina@" not in text(carl.get(PAGE))


def test_a_municipality_sends_no_more_than_fifty_a_day(carl, cast, odense, monkeypatch):
    monkeypatch.setattr(invitations, "MOST_A_DAY", 3)
    for number in range(3):
        assert carl.post(PAGE, posted(email=f"{number}@example.test")).status_code == 302
    first = Invitation.objects.order_by("pk").first()
    carl.post(PAGE + "traek-tilbage/", {"invitation": first.pk})
    response = carl.post(PAGE, posted(email="4@example.test"))
    assert response.status_code == 422 and "det seneste døgn" in text(response)
    assert "det seneste døgn" in told(carl.post(PAGE + "send-igen/", {"invitation": first.pk + 1}))
    assert Invitation.objects.waiting().count() == 2 and OutgoingMail.objects.count() == 3


def test_in_the_demo_the_mail_says_so(cast, odense):
    User.objects.filter(pk=cast.carl.pk).update(is_demo=True)
    cast.carl.refresh_from_db()
    invite(cast.carl, odense.municipality)
    mail = OutgoingMail.objects.get()
    assert mail.subject.startswith("DEMO - opdigtede tal: ") and mail.text.count("DEMO - opdigtede tal") == 1
    nina = build_user("Nina", Role.APPROVER, odense.municipality)  # joined by invitation
    invite(nina, odense.municipality, email="next@example.test")
    assert OutgoingMail.objects.get(to="next@example.test").subject.startswith("DEMO - opdigtede tal: ")


# What the database holds


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"role": "reviewer"}, "an_invitation_is_to_a_municipal_role"),
        ({"email": "Nina@example.test"}, "invited_email_is_lower_case"),
        ({"accepted_at": timezone.now()}, "an_invitation_is_accepted_or_withdrawn"),
        ({"expires_at": timezone.now() - timedelta(days=1)}, "an_invitation_lasts"),
    ],
)
def test_an_invitation_is_sound(path, fields, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Invitation.objects.update(**fields)


def test_an_address_waits_for_one_invitation(path):
    row = Invitation.objects.get()
    row.pk, row.token_hash = None, "x"
    with pytest.raises(IntegrityError, match="one_waiting_invitation_an_address"), transaction.atomic():
        row.save()


# At once


@pytest.fixture
def place(transactional_db):
    return build_municipalities()["Odense"]


def join_at_once(path, **fields):
    new = {"name": "Nina", "password": "en lang adgangskode"} | fields
    return at_once(lambda i: colleagues.join(token=token(path), **new), count=8)


@pytest.mark.django_db(transaction=True)
def test_of_many_acceptances_at_once_one_makes_the_account(place):
    path = invite(build_user("Carl", Role.APPROVER, place), place)
    results = join_at_once(path)
    assert sum(isinstance(result, Invitation) for result in results) == 1
    assert sum(isinstance(result, Refused) for result in results) == 7
    assert Membership.objects.filter(user__email="nina@example.test").count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_acceptance_waits_for_another_one_and_is_then_refused(place):
    path = invite(build_user("Carl", Role.APPROVER, place), place)
    user = User.objects.create_user("nina@example.test", "Nina")

    def accept():
        return invitations.accept(token=token(path), user=user)

    assert isinstance(meanwhile(accept, accept), Refused)


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_they_all_accept(place, monkeypatch):
    path = invite(build_user("Carl", Role.APPROVER, place), place)
    user = User.objects.create_user("nina@example.test", "Nina")
    all_have_looked, why_closed = Barrier(8), invitations.why_closed

    def slowly(invitation):
        reason = why_closed(invitation)
        all_have_looked.wait(30)
        return reason

    monkeypatch.setattr(invitations, "why_closed", slowly)
    monkeypatch.setattr("django.db.models.query.QuerySet.select_for_update", lambda self, **options: self)
    results = join_at_once(path, user=user)
    assert sum(isinstance(result, Invitation) for result in results) == 8


@pytest.mark.django_db(transaction=True)
def test_two_municipalities_invitations_to_one_address_make_one_account(place):
    places = [place, *type(place).objects.exclude(pk=place.pk)[:1]]
    approvers = [build_user(f"Godkender-{p.code}", Role.APPROVER, p) for p in places]
    paths = [invite(by, p) for by, p in zip(approvers, places, strict=True)]
    new = {"name": "Nina", "password": "en lang adgangskode"}
    results = at_once(lambda i: colleagues.join(token=token(paths[i]), **new), count=2)
    assert sum(isinstance(result, Invitation) for result in results) == 1
    assert "Log ind." in str(next(result for result in results if isinstance(result, Refused)))
    assert Invitation.objects.waiting().count() == 1  # the other one can still be accepted


@pytest.mark.django_db(transaction=True)
def test_the_same_invitation_at_once_is_sent_once(place):
    carl = build_user("Carl", Role.APPROVER, place)
    results = at_once(lambda i: invitations.invite(municipality=place, by=carl, **posted()), count=8)
    assert sum(isinstance(result, Invitation) for result in results) == 1
    assert OutgoingMail.objects.count() == 1
