"""More time for one municipality: by whom, when, and what follows from it."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from municipalities.models import OutgoingMail
from survey import transitions
from survey.inviting import invite
from survey.models import Extension, RoundMail, SurveyRound
from survey.rounds.extensions import extend
from tests.builders import build_initiative, change_basis, hand_in
from tests.municipalities.test_contacts import build_contact

WHY = "Byrådet mødes først den 10."


def later(days):
    return timezone.now() + timedelta(days=days)


def extended(submission, by, days=40, reason=WHY):
    return extend(submission_id=submission.pk, by=by, until=later(days), reason=reason)


def round_ends(submission, *, deadline, edit_until):
    """In days from now."""
    dates = {"opens_at": later(-99), "deadline": later(deadline), "edit_until": later(edit_until)}
    SurveyRound.objects.filter(pk=submission.round_id).update(**dates)
    submission.round.refresh_from_db()


@pytest.fixture
def ended(odense):
    round_ends(odense, deadline=-5, edit_until=-1)
    return odense


def test_after_the_round_has_ended_the_municipality_with_more_time_hands_in_on_time(cast, ended, aarhus):
    build_initiative(ended, cast.carl)
    with pytest.raises(transitions.Refused, match="udløbet"):
        hand_in(ended, cast.carl)
    extended(ended, cast.rikke, days=3)
    version = hand_in(ended, cast.carl)
    ended.refresh_from_db()
    assert version.submitted_at < ended.deadline == ended.edit_until == ended.extended_until
    with pytest.raises(transitions.Refused, match="udløbet"):
        hand_in(aarhus, cast.bo)  # the round's dates are everybody else's


def test_each_extension_is_a_row_and_the_newest_counts(cast, odense):
    first, second = extended(odense, cast.rikke, days=45), extended(odense, cast.rikke, days=50)
    odense.refresh_from_db()
    assert odense.extended_until == second.until > first.until
    assert list(odense.extensions.values_list("until", "reason", "by")) == [
        (first.until, WHY, cast.rikke.pk),
        (second.until, WHY, cast.rikke.pk),
    ]


@pytest.mark.parametrize("days", [45, 50])
def test_time_that_was_given_and_is_still_ahead_is_not_taken_back(cast, odense, days):
    given = extended(odense, cast.rikke, days=50)
    with pytest.raises(transitions.Refused, match="har allerede frist til"):
        extend(
            submission_id=odense.pk, by=cast.rikke, until=given.until - timedelta(days=50 - days), reason="x"
        )
    assert Extension.objects.get() == given
    type(odense).objects.filter(pk=odense.pk).update(extended_until=later(-1))
    extended(odense, cast.rikke, days=45)  # the time that it had is over


def test_where_nobody_can_enter_yet_the_contacts_that_mail_reaches_are_told(cast, odense):
    build_contact(odense.municipality), build_contact(odense.municipality, "b@x.test", bounced_at=later(-1))
    odense.municipality.memberships.exclude(role="reader").delete()
    extension = extended(odense, cast.rikke)
    row = RoundMail.objects.get()
    assert (row.to, row.extension, row.by) == ("kim@example.test", extension, cast.rikke)
    assert OutgoingMail.objects.get() == row.mail


def test_the_log_has_its_mails_and_they_are_no_invitations(cast, odense):
    build_contact(odense.municipality, cast.carl.email)
    extended(odense, cast.rikke)
    mails = RoundMail.objects.filter(round=odense.round, municipality=odense.municipality)
    assert set(mails.values_list("to", flat=True)) == {cast.anna.email, cast.carl.email}
    assert {one.kind_label for one in mails} == {"ny frist"} and not mails.invitations()
    assert invite(round_id=odense.round_id, by=cast.rikke) == 1


def test_pressing_twice_gives_one_row_and_one_mail(cast, odense):
    until = later(40)
    for _ in range(2):
        extend(submission_id=odense.pk, by=cast.rikke, until=until, reason=WHY)
    assert Extension.objects.count() == 1
    assert OutgoingMail.objects.count() == 2  # to Anna and Carl
    mail = OutgoingMail.objects.get(to=cast.carl.email)
    assert mail.subject == "Odense Kommune har fået en ny frist" and "/kommune/461/2025/" in mail.text
    assert WHY not in mail.text  # it is read after login


@pytest.mark.parametrize("person", ["mette", "admin", "carl"])
def test_only_the_round_manager_gives_more_time(cast, odense, person):
    with pytest.raises(PermissionDenied):
        extended(odense, getattr(cast, person))


@pytest.mark.parametrize("state", ["draft", "trial", "closed", "locked", "archived"])
def test_only_while_the_round_is_open(cast, odense, state):
    change_basis(state=state)
    with pytest.raises(transitions.Refused, match="åben"):
        extended(odense, cast.rikke)


def test_not_to_one_who_has_handed_in_or_was_returned(cast, odense):
    hand_in(odense, cast.carl)
    with pytest.raises(transitions.Refused, match="allerede indsendt"):
        extended(odense, cast.rikke)
    transitions.send_back(
        submission_id=odense.pk, by=cast.mette, version_seen=1, comment="?", due_at=later(9)
    )
    with pytest.raises(transitions.Refused, match="sin egen frist"):
        extended(odense, cast.rikke)


def test_never_into_the_past_and_never_before_the_round_s_own_deadline(cast, odense, ended):
    with pytest.raises(transitions.Refused, match="i fremtiden"):
        extended(ended, cast.rikke, days=-1)
    round_ends(odense, deadline=5, edit_until=9)
    with pytest.raises(transitions.Refused, match="efter kortlægningens svarfrist"):
        extended(odense, cast.rikke, days=4)
    extended(odense, cast.rikke, days=6)
    odense.refresh_from_db()
    assert odense.deadline == odense.extended_until and odense.edit_until == odense.round.edit_until


def test_a_new_date_of_the_round_that_is_later_than_the_extension_counts(cast, odense):
    extended(odense, cast.rikke, days=40)
    round_ends(odense, deadline=60, edit_until=70)
    odense.refresh_from_db()
    assert odense.deadline == odense.round.deadline and odense.edit_until == odense.round.edit_until
