"""The ministry's invitations to a round: who gets one, with which link, that it is sent once."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from municipalities import invitations
from municipalities.models import Contact, Invitation, Municipality, OutgoingMail, Role, User
from survey import inviting
from survey.models import RoundEvent, RoundMail, SurveyRound
from survey.rounds.locking import record
from survey.transitions import Refused
from tests.builders import build_municipalities, build_round, build_user, change_basis
from tests.municipalities.test_contacts import build_contact
from tests.survey.test_areas import meanwhile

NEW = {"name": "Kim Kontakt", "password1": "en lang adgangskode", "password2": "en lang adgangskode"}
State = SurveyRound.State


@pytest.fixture
def kim(odense):
    return build_contact(odense.municipality)


def invite(survey_round, by, **options) -> int:
    return inviting.invite(round_id=survey_round.pk, by=by, **options)


def link(to="kim@example.test") -> str:
    text = OutgoingMail.objects.filter(to=to).latest("queued_at").text
    return re.search(r"/invitation/\S+", text)[0]


def newest() -> int:
    return RoundMail.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def test_a_contact_gets_a_personal_link_as_approver_and_the_log_has_it(kim, survey_round, cast):
    cast.carl.memberships.all().delete()
    assert invite(survey_round, cast.rikke) == 1
    invitation, row, mail = Invitation.objects.get(), RoundMail.objects.get(), OutgoingMail.objects.get()
    assert (invitation.role, invitation.email, invitation.invited_by) == ("approver", kim.email, cast.rikke)
    assert invitation.expires_at - invitation.invited_at == timedelta(days=14)
    assert (row.round, row.municipality, row.to) == (survey_round, kim.municipality, kim.email)
    assert (row.invitation, row.mail, row.reminder, row.by) == (invitation, mail, None, cast.rikke)
    assert mail.to == kim.email and invitations.find(link().split("/")[2]) == invitation
    assert mail.subject == "Kortlægning af integrationsindsatser i regnskab 2025: Odense Kommune"
    assert "Kære Kim Kontakt" in mail.text and "{" not in mail.text and "DEMO" not in mail.text


def test_a_colleague_gets_the_answers_address_and_no_secret(odense, survey_round, cast, settings):
    settings.SITE_URL = "https://indsatskort.test"
    build_contact(odense.municipality, cast.carl.email)
    assert invite(survey_round, cast.rikke) == 1
    assert not Invitation.objects.exists() and RoundMail.objects.get().invitation is None
    text = OutgoingMail.objects.get().text
    assert "https://indsatskort.test/kommune/461/2025/\n" in text and "/invitation/" not in text


def test_where_an_approver_can_log_in_the_invited_become_editors(odense, survey_round, cast):
    build_contact(odense.municipality)
    cast.carl.memberships.all().delete()
    invite(survey_round, cast.rikke)
    assert Invitation.objects.get().role == "approver"
    assert "Du bliver kommunens godkender" in OutgoingMail.objects.get().text
    build_user("Dorte", Role.APPROVER, odense.municipality)
    invite(
        survey_round, cast.rikke, chosen=list(Contact.objects.values_list("pk", flat=True)), after=newest()
    )
    assert Invitation.objects.latest("pk").role == "editor"
    assert "Du bliver sagsbehandler" in OutgoingMail.objects.latest("queued_at").text
    User.objects.filter(email="dorte@example.test").update(is_active=False)
    invite(
        survey_round, cast.rikke, chosen=list(Contact.objects.values_list("pk", flat=True)), after=newest()
    )
    assert Invitation.objects.latest("pk").role == "approver"


def test_the_opening_finds_those_who_were_invited_before_it_and_never_came(kim, aarhus, survey_round, cast):
    build_contact(aarhus.municipality, cast.bo.email)
    soon = timezone.now() + timedelta(days=1)
    change_basis(state=State.DRAFT, opens_at=soon)
    assert [invite(survey_round, cast.rikke) for _ in range(2)] == [2, 0]
    User.objects.filter(pk=cast.bo.pk).update(last_login=timezone.now())
    SurveyRound.objects.update(state=State.OPEN)
    assert invite(survey_round, cast.rikke) == 0  # not before its time
    SurveyRound.objects.update(opens_at=timezone.now() - timedelta(days=9))
    survey_round.refresh_from_db()
    record(survey_round, RoundEvent.Kind.OPENED, None, timezone.now())
    assert [invite(survey_round, cast.rikke) for _ in range(2)] == [1, 0]
    assert OutgoingMail.objects.latest("queued_at").to == kim.email


def test_before_it_opens_nobody_is_told_to_begin(kim, survey_round, cast):
    opens, ends = (timezone.make_aware(timezone.datetime(2031, month, 1, 8)) for month in (7, 8))
    change_basis(state=State.DRAFT, opens_at=opens, deadline=ends, edit_until=ends)
    invite(survey_round, cast.rikke)
    text = OutgoingMail.objects.get().text
    assert "Kortlægningen åbner 1. juli 2031 kl. 08.00." in text and "Begynd her" not in text


def test_an_account_of_another_municipality_is_invited_as_anybody(odense, survey_round, cast):
    build_contact(odense.municipality, cast.bo.email)
    invite(survey_round, cast.rikke)
    assert Invitation.objects.get().email == cast.bo.email


def test_the_deadline_is_the_municipalitys_own_in_danish_time(kim, odense, survey_round, cast):
    at = timezone.make_aware(timezone.datetime(2031, 7, 1, 12, 0))
    type(odense).objects.filter(pk=odense.pk).update(extended_until=at)
    invite(survey_round, cast.rikke)
    assert "Svarfristen er 1. juli 2031 kl. 12.00." in OutgoingMail.objects.get().text


def test_those_whose_mail_comes_back_and_those_of_other_years_are_left_out(kim, survey_round, cast):
    Contact.objects.update(bounced_at=timezone.now())
    gone = Municipality.objects.get(code="665")
    successor = Municipality.objects.get(code="751")
    Municipality.objects.filter(pk=gone.pk).update(
        valid_until=survey_round.population_date, successor=successor
    )
    build_contact(gone, "gone@example.test")
    assert invite(survey_round, cast.rikke) == 0
    assert invite(survey_round, cast.rikke, chosen=[kim.pk]) == 0
    assert not OutgoingMail.objects.exists()


def test_all_not_invited_yet_are_invited_once(kim, aarhus, survey_round, cast):
    assert invite(survey_round, cast.rikke) == 1
    build_contact(aarhus.municipality, "aarhus@example.test")
    assert [invite(survey_round, cast.rikke) for _ in range(2)] == [1, 0]
    assert OutgoingMail.objects.count() == 2


def test_another_round_invites_anew(kim, survey_round, cast):
    invite(survey_round, cast.rikke)
    other = SurveyRound.objects.create(
        accounts_year=2026,
        price_level=2026,
        population_date=survey_round.population_date,
        opens_at=timezone.now(),
        deadline=timezone.now() + timedelta(days=9),
        edit_until=timezone.now() + timedelta(days=9),
    )
    assert invite(other, cast.rikke) == 1


def test_the_chosen_get_a_new_link_and_the_old_one_is_dead(kim, aarhus, survey_round, cast, client):
    build_contact(aarhus.municipality, "aarhus@example.test")
    invite(survey_round, cast.rikke)
    old = link()
    assert invite(survey_round, cast.rikke, chosen=[kim.pk], after=newest()) == 1
    assert link() != old and client.get(old).status_code == 410 and client.get(link()).status_code == 200
    assert client.get(link("aarhus@example.test")).status_code == 200
    assert Invitation.objects.waiting().count() == 2 and RoundMail.objects.count() == 3


def test_choosing_twice_from_one_page_sends_once(kim, survey_round, cast):
    invite(survey_round, cast.rikke)
    seen = newest()
    sent = [invite(survey_round, cast.rikke, chosen=[kim.pk], after=seen) for _ in range(2)]
    assert sent == [1, 0] and OutgoingMail.objects.count() == 2


def test_it_takes_the_place_of_a_colleagues_waiting_invitation(kim, odense, survey_round, cast):
    invitations.invite(
        municipality=odense.municipality, email=kim.email, role=Role.EDITOR, service_area="", by=cast.carl
    )
    invite(survey_round, cast.rikke)
    assert Invitation.objects.waiting().get().invited_by == cast.rikke


@pytest.mark.parametrize("person", ["mette", "admin", "carl"])
def test_only_a_round_manager_invites(kim, survey_round, cast, person):
    letter = inviting.Letter("x", "{link}")
    with pytest.raises(PermissionDenied):
        invite(survey_round, getattr(cast, person))
    with pytest.raises(PermissionDenied):
        inviting.set_letter(round_id=survey_round.pk, by=getattr(cast, person), letter=letter)
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize("state", [State.CLOSED, State.LOCKED, State.ARCHIVED])
def test_nobody_is_invited_to_what_is_over(kim, survey_round, cast, state):
    change_basis(state=state)
    with pytest.raises(Refused, match="lukket"):
        invite(survey_round, cast.rikke)
    with pytest.raises(Refused, match="lukket"):
        inviting.set_letter(round_id=survey_round.pk, by=cast.rikke, letter=inviting.STANDARD)


def test_before_it_opens_a_colleague_is_led_to_the_front_page(odense, survey_round, cast, settings):
    settings.SITE_URL = "https://indsatskort.test"
    build_contact(odense.municipality, cast.carl.email)
    change_basis(state=State.DRAFT)
    survey_round.submissions.all().delete()
    invite(survey_round, cast.rikke)
    assert "https://indsatskort.test/\n" in OutgoingMail.objects.get().text


def test_the_rounds_own_words_are_used_and_the_products_are_not_copied(kim, survey_round, cast):
    own = inviting.Letter("Til {kommune}", "Hej {kontakt}: {link}\n")
    inviting.set_letter(round_id=survey_round.pk, by=cast.rikke, letter=own)
    survey_round.refresh_from_db()
    assert inviting.letter_of(survey_round) == own
    invite(survey_round, cast.rikke)
    mail = OutgoingMail.objects.get()
    assert mail.subject == "Til Odense Kommune" and mail.text.startswith("Hej Kim Kontakt: http")
    inviting.set_letter(round_id=survey_round.pk, by=cast.rikke, letter=inviting.STANDARD)
    survey_round.refresh_from_db()
    assert (survey_round.invitation_subject, survey_round.invitation_text) == ("", "")


def test_in_the_demo_the_mail_says_so(kim, survey_round, cast):
    SurveyRound.objects.update(is_demo=True)
    invite(survey_round, cast.rikke)
    mail = OutgoingMail.objects.get()
    assert mail.subject.startswith("DEMO - opdigtede tal: ") and mail.text.startswith(
        "DEMO - opdigtede tal\n"
    )


def test_many_take_as_many_queries_as_one(kim, aarhus, survey_round, cast, django_assert_max_num_queries):
    for number in range(60):
        build_contact(aarhus.municipality, f"{number}@example.test")
    with django_assert_max_num_queries(18):
        assert invite(survey_round, cast.rikke) == 61


# From the link to the first page


def test_the_first_login_by_link_ends_at_the_answer(kim, survey_round, cast, client):
    invite(survey_round, cast.rikke)
    page = client.get(link()).content.decode()
    assert "<h1>Invitation fra ministeriet</h1>" in page and "Rikke inviterer dig" in page
    assert client.post(link(), NEW).url == "/kommune/461/2025/"
    assert client.get("/kommune/461/2025/").status_code == 200


def test_one_of_several_municipalities_comes_to_the_invited_one(odense, survey_round, cast, client_of):
    build_contact(odense.municipality, cast.bo.email)
    invite(survey_round, cast.rikke)
    assert client_of(cast.bo).post(link(cast.bo.email)).url == "/kommune/461/2025/"


@pytest.mark.parametrize("state", [State.DRAFT, State.TRIAL])
def test_before_the_round_opens_the_page_says_when(kim, survey_round, cast, client, state):
    opens, ends = (timezone.make_aware(timezone.datetime(2031, month, 1, 8)) for month in (7, 8))
    change_basis(state=state, opens_at=opens, deadline=ends, edit_until=ends)
    survey_round.submissions.all().delete()
    invite(survey_round, cast.rikke)
    page = client.post(link(), NEW, follow=True)
    assert page.redirect_chain == [("/", 302)] and page.status_code == 200
    text = page.content.decode()
    assert "regnskab 2025 åbner 1. juli 2031 kl. 08.00" in text and "Der er ingen kortlægning" in text


def test_a_round_that_should_be_open_but_is_not_names_no_time(kim, survey_round, cast, client):
    change_basis(state=State.DRAFT)
    survey_round.submissions.all().delete()
    invite(survey_round, cast.rikke)
    page = client.post(link(), NEW, follow=True).content.decode()
    assert "regnskab 2025 er ikke åbnet endnu. Ministeriet skriver" in page


def test_the_first_opening_of_the_link_is_noted_but_not_the_ministrys(
    kim, survey_round, cast, client, client_of
):
    invite(survey_round, cast.rikke)
    client_of(cast.mette).get(link())
    client.post(link(), {})
    assert Invitation.objects.get().opened_at is None
    client.get(link())
    first = Invitation.objects.get().opened_at
    client.get(link())
    assert first and Invitation.objects.get().opened_at == first


def test_a_dead_link_names_the_ministry(kim, survey_round, cast, client):
    invite(survey_round, cast.rikke)
    Invitation.objects.update(withdrawn_at=timezone.now())
    assert (
        "bed Rikke i ministeriet eller en godkender i Odense Kommune" in client.get(link()).content.decode()
    )


# At once


@pytest.fixture
def world(transactional_db):
    build_contact(build_municipalities()["Odense"])
    return build_user("Rikke", Role.ROUND_MANAGER), build_round()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_invite_at_once_one_sends(world):
    rikke, survey_round = world
    assert meanwhile(lambda: invite(survey_round, rikke), lambda: invite(survey_round, rikke)) == 0
    assert OutgoingMail.objects.count() == Invitation.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_both_try(world, monkeypatch):
    rikke, survey_round = world
    monkeypatch.setattr("django.db.models.query.QuerySet.select_for_update", lambda self, **options: self)
    second = meanwhile(lambda: invite(survey_round, rikke), lambda: invite(survey_round, rikke))
    assert second != 0
