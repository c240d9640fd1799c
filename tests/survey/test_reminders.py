"""Who is reminded, when, and of what; and that nobody else is."""

from datetime import UTC, datetime, timedelta
from time import sleep

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from municipalities.models import Contact, Municipality, OutgoingMail
from survey import tasks, transitions
from survey.models import Reminder, RoundMail, SubmissionArea, SurveyRound
from survey.reminders import planning, sending
from survey.reminders.recipients import letter, recipients
from survey.rounds import lifecycle
from tests.builders import build_approver, build_initiative, build_round, build_user, change_basis, hand_in
from tests.survey.test_races import at_once

TARGETS = ["not_begun", "begun", "returned"]
TEXT = "Kære {kontakt}\nSvar for {kommune} om {regnskabsaar} inden {frist}: {link}"


def soon(minutes=60):
    return timezone.now() + timedelta(minutes=minutes)


def planned(survey_round, by, **fields) -> Reminder:
    values = {"send_at": soon(), "targets": TARGETS, "subject": "Husk {kommune}", "text": TEXT} | fields
    return planning.add(round_id=survey_round.pk, by=by, **values)


def made_due(reminder, minutes=1) -> Reminder:
    """Its time has come: no test waits for it."""
    Reminder.objects.filter(pk=reminder.pk).update(send_at=timezone.now() - timedelta(minutes=minutes))
    return reminder


def state_of(reminder) -> str:
    reminder.refresh_from_db()
    if reminder.sent_at:
        return "sent"
    return "waiting" if not reminder.stopped_at else "stopped" if reminder.stopped_by else "skipped"


def slowly(monkeypatch, module, name):
    """What is called takes so long that everybody else comes meanwhile."""
    called = getattr(module, name)

    def slow(*args, **kwargs):
        result = called(*args, **kwargs)
        sleep(0.3)
        return result

    monkeypatch.setattr(module, name, slow)


@pytest.fixture
def contacts(survey_round):
    return [
        Contact.objects.create(municipality=one, name=f"{one} kontakt", email=f"{one.code}@kommune.example")
        for one in Municipality.objects.all()
    ]


def mailed() -> set[str]:
    return set(OutgoingMail.objects.exclude(subject__startswith="Kvittering").values_list("to", flat=True))


# Planning


def test_the_sixth_reminder_is_refused_and_a_deleted_one_s_number_is_used_again(cast, survey_round):
    five = [planned(survey_round, cast.rikke, send_at=soon(10 * n)) for n in range(1, 6)]
    assert [one.number for one in five] == [1, 2, 3, 4, 5]
    with pytest.raises(transitions.Refused, match="højst fem"):
        planned(survey_round, cast.rikke, send_at=soon(600))
    planning.delete(reminder=five[1], by=cast.rikke)
    assert planned(survey_round, cast.rikke, send_at=soon(600)).number == 2
    assert list(survey_round.reminders.values_list("number", flat=True)) == [1, 3, 4, 5, 2]  # by date


def test_pressing_twice_plans_one_and_another_at_the_same_time_is_refused(cast, survey_round):
    at = soon()
    assert planned(survey_round, cast.rikke, send_at=at) == planned(survey_round, cast.rikke, send_at=at)
    with pytest.raises(transitions.Refused, match="allerede en påmindelse"):
        planned(survey_round, cast.rikke, send_at=at, text="En anden {link}")
    assert Reminder.objects.count() == 1


@pytest.mark.parametrize("minutes", [-1, 0])
def test_a_time_that_has_passed_is_refused(cast, survey_round, minutes):
    with pytest.raises(transitions.Refused, match="passeret"):
        planned(survey_round, cast.rikke, send_at=soon(minutes))


def test_a_time_before_the_round_opens_is_refused_in_danish_time(cast, survey_round):
    opens = datetime(2030, 7, 1, 6, 0, tzinfo=UTC)
    change_basis(
        state="draft",
        opens_at=opens,
        deadline=opens + timedelta(days=9),
        edit_until=opens + timedelta(days=9),
    )
    with pytest.raises(transitions.Refused, match=r"1\. juli 2030 kl\. 08\.00"):
        planned(survey_round, cast.rikke, send_at=opens)
    assert planned(survey_round, cast.rikke, send_at=opens + timedelta(minutes=1))


@pytest.mark.parametrize("person", ["mette", "admin", "carl"])
def test_only_the_round_manager_plans(cast, survey_round, person):
    reminder, by = planned(survey_round, cast.rikke), getattr(cast, person)
    with pytest.raises(PermissionDenied):
        planned(survey_round, by)
    for act in (planning.delete, planning.stop, planning.take_back_stop, planning.change):
        with pytest.raises(PermissionDenied):
            act(reminder=reminder, by=by)


@pytest.mark.parametrize("state", ["closed", "locked", "archived"])
def test_nothing_is_planned_once_the_round_is_closed(cast, survey_round, state):
    reminder = planned(survey_round, cast.rikke)
    change_basis(state=state)
    with pytest.raises(transitions.Refused, match="ikke længere åben"):
        planned(survey_round, cast.rikke, send_at=soon(99))
    with pytest.raises(transitions.Refused):
        planning.delete(reminder=reminder, by=cast.rikke)


def test_a_reminder_is_changed_until_it_is_sent(cast, survey_round, contacts):
    reminder = planned(survey_round, cast.rikke)
    fields = {"send_at": soon(120), "targets": ["begun"], "subject": "Ny", "text": "Ny {link}"}
    changed = planning.change(reminder=reminder, by=cast.rikke, **fields)
    assert {name: getattr(changed, name) for name in fields} == fields and changed.number == 1
    sending.send_due_of(round_id=made_due(reminder).round_id)
    for act in (planning.delete, planning.stop, planning.take_back_stop, planning.change):
        with pytest.raises(transitions.Refused, match="allerede sendt"):
            act(reminder=reminder, by=cast.rikke)


def test_a_deleted_reminder_cannot_be_changed_and_is_deleted_only_once(cast, survey_round):
    reminder = planned(survey_round, cast.rikke)
    planning.delete(reminder=reminder, by=cast.rikke)
    planning.delete(reminder=reminder, by=cast.rikke)
    for act in (planning.change, planning.take_back_stop):
        with pytest.raises(transitions.Refused, match="slettet"):
            act(reminder=reminder, by=cast.rikke)


def test_a_stopped_reminder_is_not_sent_until_the_stop_is_taken_back(cast, survey_round, contacts):
    reminder = planned(survey_round, cast.rikke)
    planning.stop(reminder=reminder, by=cast.rikke)
    reminder.refresh_from_db()
    stopped_at = reminder.stopped_at
    planning.stop(reminder=reminder, by=cast.rikke)
    assert state_of(reminder) == "stopped" and reminder.stopped_at == stopped_at
    made_due(reminder)
    tasks.send_due_reminders()
    assert not mailed()
    with pytest.raises(transitions.Refused, match="passeret"):
        planning.take_back_stop(reminder=reminder, by=cast.rikke)
    planning.change(reminder=reminder, by=cast.rikke, send_at=soon(5))
    planning.take_back_stop(reminder=reminder, by=cast.rikke)
    assert state_of(reminder) == "waiting"
    made_due(reminder)
    tasks.send_due_reminders()
    assert len(mailed()) == 4


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("at_most_five_reminders", {"number": 6}),
        ("one_reminder_a_number_and_round", {"number": 1, "send_at": timezone.now()}),
        ("one_reminder_at_a_time", {"number": 2}),
    ],
)
def test_the_database_refuses_a_sixth_and_two_at_a_time(cast, survey_round, constraint, fields):
    first = planned(survey_round, cast.rikke)
    row = {"round": survey_round, "send_at": first.send_at, "targets": ["begun"], "subject": "S", "text": "T"}
    with pytest.raises(IntegrityError, match=constraint):
        Reminder.objects.create(created_by=cast.rikke, **row | fields)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_plan_the_fifth_at_once_one_is_refused(cast, survey_round, monkeypatch):
    slowly(monkeypatch, Reminder, "full_clean")
    for n in range(1, 5):
        planned(survey_round, cast.rikke, send_at=soon(10 * n))
    at = [soon(100), soon(200)]
    results = at_once(lambda i: planned(survey_round, cast.rikke, send_at=at[i]), count=2)
    assert sorted(type(one).__name__ for one in results) == ["Refused", "Reminder"]
    assert Reminder.objects.count() == 5


# Who


def returned(submission, cast, by):
    build_initiative(submission, by)
    version = hand_in(submission, by)
    transitions.send_back(
        submission_id=submission.pk,
        by=cast.mette,
        version_seen=version.number,
        comment="?",
        due_at=soon(9000),
    )


@pytest.fixture
def four(cast, survey_round, contacts):
    """Aarhus has begun, Lemvig was returned, Langeland has handed in; Odense has done nothing."""
    by_code = {one.municipality.code: one for one in survey_round.submissions.select_related("municipality")}
    build_initiative(by_code["751"], cast.bo, title="")
    returned(by_code["665"], cast, build_approver(by_code["665"]))
    hand_in(by_code["482"], build_approver(by_code["482"]))
    OutgoingMail.objects.all().delete()
    return by_code


@pytest.mark.parametrize(
    ("targets", "codes"),
    [
        (["not_begun"], {"461"}),
        (["begun"], {"751"}),
        (["returned"], {"665"}),
        (["not_begun", "begun"], {"461", "751"}),
        (TARGETS, {"461", "751", "665"}),
    ],
)
def test_those_who_have_not_finished_are_reminded_and_nobody_else(cast, survey_round, four, targets, codes):
    reminder = made_due(planned(survey_round, cast.rikke, targets=targets))
    tasks.send_due_reminders()
    assert mailed() == {f"{code}@kommune.example" for code in codes}
    assert state_of(reminder) == "sent"
    assert set(RoundMail.objects.values_list("municipality__code", "to", "reminder")) == {
        (code, f"{code}@kommune.example", reminder.pk) for code in codes
    }


def test_it_is_judged_when_it_is_sent_and_not_when_it_is_planned(cast, survey_round, four):
    reminder = planned(survey_round, cast.rikke)
    assert {
        one.submission.municipality.code for one in recipients(survey_round, TARGETS, timezone.now())
    } == {
        "461",
        "751",
        "665",
    }
    hand_in(four["461"], cast.carl)
    four["665"].refresh_from_db()
    hand_in(four["665"], four["665"].municipality.memberships.get().user)
    OutgoingMail.objects.all().delete()
    made_due(reminder)
    tasks.send_due_reminders()
    assert mailed() == {"751@kommune.example"}


def test_an_approved_answer_is_finished_and_stating_an_area_empty_is_a_beginning(cast, survey_round, four):
    version = four["482"].latest_version
    transitions.approve(submission_id=four["482"].pk, by=cast.mette, version_seen=version.number)
    SubmissionArea.objects.create(
        submission=four["461"], service_area="social", nil_at=timezone.now(), nil_by=cast.carl
    )
    found = {
        one.submission.municipality.code: one.target
        for one in recipients(survey_round, TARGETS, timezone.now())
    }
    assert found == {"461": "begun", "751": "begun", "665": "returned"}


def test_mail_goes_to_the_contacts_it_reaches_or_else_to_the_approvers(cast, odense, aarhus):
    survey_round = odense.round
    build_user("Dorte", "approver", odense.municipality)
    inactive = build_user("Inger", "approver", odense.municipality)
    type(inactive).objects.filter(pk=inactive.pk).update(is_active=False)

    def people():
        found = {
            one.submission.municipality.name: one.people
            for one in recipients(survey_round, TARGETS, timezone.now())
        }
        return [address for _name, address in found["Odense"]]

    assert people() == [cast.carl.email, "dorte@example.test"]
    one = Contact.objects.create(municipality=odense.municipality, name="En", email="en@odense.example")
    Contact.objects.create(municipality=odense.municipality, name="To", email="to@odense.example")
    assert people() == ["en@odense.example", "to@odense.example"]
    Contact.objects.filter(pk=one.pk).update(bounced_at=timezone.now())
    assert people() == ["to@odense.example"]
    # Mail to Carl comes back, so he is not written to as an approver either.
    Contact.objects.update(bounced_at=timezone.now())
    Contact.objects.filter(pk=one.pk).update(email=cast.carl.email)
    assert people() == ["dorte@example.test"]
    cast.carl.memberships.update(role="reader")
    type(cast.carl).objects.filter(email="dorte@example.test").update(is_active=False)
    assert people() == []


def test_who_can_answer_no_longer_is_not_reminded_unless_it_was_returned(cast, survey_round, four):
    now, more = timezone.now(), soon(9)
    SurveyRound.objects.update(deadline=now - timedelta(days=2), edit_until=now - timedelta(days=1))
    type(four["751"]).objects.filter(pk=four["751"].pk).update(extended_until=more)
    made_due(planned(survey_round, cast.rikke))
    tasks.send_due_reminders()
    assert mailed() == {"751@kommune.example", "665@kommune.example"}


def test_a_sent_reminder_keeps_who_could_not_be_written_to(cast, survey_round, contacts):
    Contact.objects.filter(municipality__code="665").update(bounced_at=timezone.now())
    reminder = made_due(planned(survey_round, cast.rikke))
    tasks.send_due_reminders()
    build_approver(survey_round.submissions.get(municipality__code="665"))
    reminder.refresh_from_db()
    assert reminder.unreached == ["665"] and "665@kommune.example" not in mailed()


def test_its_title_has_the_year_and_it_warns_of_what_is_odd(cast, survey_round):
    ends = survey_round.edit_until
    odd = planned(survey_round, cast.rikke, subject="Om {regnskabsaar}: {kommune}", send_at=ends)
    assert odd.title == "Om 2025: {kommune}" and odd.is_mixed and odd.is_after_the_end
    fine = planned(survey_round, cast.rikke, send_at=ends - timedelta(minutes=1), targets=["begun"])
    assert not fine.is_mixed and not fine.is_after_the_end
    later = planned(survey_round, cast.rikke, send_at=ends + timedelta(minutes=1), targets=["returned"])
    assert not later.is_after_the_end


def test_before_the_round_opens_nobody_has_begun_whatever_was_tried(cast, survey_round, four):
    change_basis(state="trial")
    survey_round.refresh_from_db()
    found = recipients(survey_round, TARGETS, timezone.now())
    assert {one.target for one in found} == {"not_begun"} and len(found) == 4
    assert all(one.people for one in found)


def test_the_recipients_take_three_queries(cast, survey_round, four, django_assert_num_queries):
    Contact.objects.all().delete()
    with django_assert_num_queries(3):
        recipients(survey_round, TARGETS, timezone.now())


# What it says


def test_the_mail_says_the_municipality_s_own_deadline_in_danish_time(cast, odense):
    odense.round.deadline = odense.round.edit_until = datetime(2027, 10, 29, 10, 0, tzinfo=UTC)
    odense.extended_until = datetime(2027, 11, 12, 11, 0, tzinfo=UTC)
    subject, text = letter(odense, "Kim", subject="Husk {kommune}", text=TEXT)
    assert subject == "Husk Odense Kommune"
    assert text == (
        "Kære Kim\nSvar for Odense Kommune om 2025 inden 12. november 2027 kl. 12.00: "
        "http://127.0.0.1:8000/kommune/461/2025/\n"
    )
    odense.return_due_at = datetime(2027, 12, 1, 11, 0, tzinfo=UTC)
    assert "inden 1. december 2027 kl. 12.00" in letter(odense, "Kim", subject="", text=TEXT)[1]


def test_a_demo_mail_says_so_and_a_name_is_never_read_for_places(cast, odense):
    odense.round.is_demo = True
    subject, text = letter(odense, "{link} Kim", subject="Husk", text=TEXT)
    assert subject == "DEMO - opdigtede tal: Husk"
    assert text.startswith("DEMO - opdigtede tal\n\nKære {link} Kim\n")


# When


def test_nothing_is_sent_before_its_time_nor_twice(cast, survey_round, contacts, django_assert_num_queries):
    reminder = planned(survey_round, cast.rikke)
    with django_assert_num_queries(1):
        tasks.send_due_reminders()
    assert state_of(reminder) == "waiting" and not mailed()
    made_due(reminder)
    for _ in range(3):
        tasks.send_due_reminders()
    assert OutgoingMail.objects.count() == RoundMail.objects.count() == 4


def test_of_several_that_are_due_the_latest_is_sent_and_the_earlier_are_skipped(cast, survey_round, contacts):
    old, older = planned(survey_round, cast.rikke), planned(survey_round, cast.rikke, send_at=soon(99))
    waiting = planned(survey_round, cast.rikke, send_at=soon(200))
    made_due(old, 5), made_due(older, 9)
    tasks.send_due_reminders()
    assert [state_of(one) for one in (older, old, waiting)] == ["skipped", "sent", "waiting"]
    assert RoundMail.objects.count() == 4


@pytest.mark.parametrize("state", ["draft", "trial", "closed"])
def test_a_reminder_whose_time_comes_while_the_round_is_not_open_is_skipped(
    cast, survey_round, contacts, state
):
    reminder = made_due(planned(survey_round, cast.rikke))
    change_basis(state=state)
    tasks.send_due_reminders()
    SurveyRound.objects.update(state="open")
    tasks.send_due_reminders()
    assert state_of(reminder) == "skipped" and not mailed()


def test_closing_the_round_stops_what_waits(cast, survey_round, contacts):
    reminder = planned(survey_round, cast.rikke)
    now = timezone.now()
    SurveyRound.objects.update(deadline=now, edit_until=now)
    lifecycle.close(round_id=survey_round.pk, by=cast.rikke)
    assert state_of(reminder) == "stopped"


def test_one_round_s_reminder_says_nothing_to_another_round(cast, survey_round, contacts):
    made_due(planned(survey_round, cast.rikke))
    other = build_round(accounts_year=2024)
    tasks.send_due_reminders()
    assert set(RoundMail.objects.values_list("round", flat=True)) == {survey_round.pk}
    assert other.submissions.count() == 4


def test_sending_takes_as_many_queries_for_four_as_for_one(
    cast, survey_round, contacts, django_assert_num_queries
):
    Contact.objects.filter(municipality__code="665").delete()
    reminder = made_due(planned(survey_round, cast.rikke))
    with django_assert_num_queries(11):
        sending.send_due_of(round_id=survey_round.pk)
    assert state_of(reminder) == "sent"
    Contact.objects.exclude(municipality__code="461").update(bounced_at=timezone.now())
    again = made_due(planned(survey_round, cast.rikke, send_at=soon(300)))
    with django_assert_num_queries(11):
        sending.send_due_of(round_id=survey_round.pk)
    assert state_of(again) == "sent"


def test_one_address_gets_one_mail_of_a_reminder_says_the_database(cast, odense, contacts):
    reminder = made_due(planned(odense.round, cast.rikke))
    tasks.send_due_reminders()
    row = RoundMail.objects.get(municipality=odense.municipality, reminder=reminder)
    mail = OutgoingMail.objects.create(to=row.to, subject="S", text="T")
    row.pk, row.mail = None, mail
    with pytest.raises(IntegrityError, match="one_mail_an_address_and_reminder"), transaction.atomic():
        row.save()


def send_at_once(survey_round) -> list:
    return at_once(lambda i: sending.send_due_of(round_id=survey_round.pk), count=4)


@pytest.mark.django_db(transaction=True)
def test_of_four_that_start_at_once_one_sends(cast, survey_round, contacts, monkeypatch):
    made_due(planned(survey_round, cast.rikke))
    slowly(monkeypatch, sending, "recipients")
    assert send_at_once(survey_round) == [None] * 4
    assert OutgoingMail.objects.count() == RoundMail.objects.count() == 4


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_they_would_all_make_mails(cast, survey_round, contacts, monkeypatch):
    """And the constraint lets one of them through."""
    made_due(planned(survey_round, cast.rikke))
    slowly(monkeypatch, sending, "recipients")
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rounds, **options: rounds)
    results = send_at_once(survey_round)
    assert sorted(type(one).__name__ for one in results) == ["IntegrityError"] * 3 + ["NoneType"]
    assert OutgoingMail.objects.count() == RoundMail.objects.count() == 4


def test_one_round_s_failure_does_not_stop_the_others(cast, survey_round, contacts, monkeypatch):
    other = build_round(accounts_year=2026, price_level=2026)
    broken, whole = (made_due(planned(one, cast.rikke)) for one in (survey_round, other))
    send = sending._send

    def fails(reminder, *args):
        if reminder.round_id == survey_round.pk:
            raise RuntimeError
        send(reminder, *args)

    monkeypatch.setattr(sending, "_send", fails)
    sending.send_due()
    assert (state_of(broken), state_of(whole)) == ("waiting", "sent")
