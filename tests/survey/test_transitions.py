"""The life of a submission, edge by edge: who may, from which state, and when."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone

from config.middleware import GoneMiddleware
from survey import canonical, transitions
from survey.deadlines import is_late, may_enter, may_withdraw
from survey.models import Submission, SubmissionEvent, SubmissionVersion, SurveyRound
from survey.rounds.lifecycle import open_round
from survey.transitions import Gone, Refused, locked
from tests.builders import build_draft, build_initiative, change_basis, hand_in


def reload(submission):
    return Submission.objects.select_related("round", "municipality").get(pk=submission.pk)


def send_back(submission, by, *, version_seen=1, comment="Se på beløbene.", days=7):
    transitions.send_back(
        submission_id=submission.pk,
        by=by,
        version_seen=version_seen,
        comment=comment,
        due_at=timezone.now() + timedelta(days=days),
    )


def approve(submission, by, *, version_seen=1):
    transitions.approve(submission_id=submission.pk, by=by, version_seen=version_seen)


@pytest.fixture
def handed_in(odense, cast):
    build_initiative(odense, cast.anna)
    hand_in(odense, cast.carl)
    return odense


def test_handing_in_seals_a_version_with_receipt_event_and_state(odense, cast):
    initiative = build_initiative(odense, cast.anna)
    version = hand_in(odense, cast.carl)
    assert (version.number, version.receipt_number, version.is_nil) == (1, "2025-461-1", False)
    assert version.checksum == canonical.seal(**version.answer())
    assert [(i.uuid, i.title) for i in version.initiatives.all()] == [(initiative.uuid, initiative.title)]
    assert list(odense.events.values_list("kind", "by", "at")) == [
        ("submitted", cast.carl.pk, version.submitted_at)
    ]
    assert reload(odense).state == Submission.State.SUBMITTED


def test_no_initiatives_is_a_nil_return(odense, cast):
    version = hand_in(odense, cast.carl)
    assert version.is_nil and not version.initiatives.exists()


def test_pressing_again_gives_the_same_receipt(handed_in, cast):
    assert hand_in(handed_in, cast.carl) == SubmissionVersion.objects.get()


@pytest.mark.parametrize("name", ["anna", "lis", "bo", "mette", "rikke", "admin"])
def test_only_the_municipalitys_approver_hands_in_and_withdraws(odense, cast, name):
    build_initiative(odense, cast.anna)
    with pytest.raises(PermissionDenied):
        hand_in(odense, getattr(cast, name))
    hand_in(odense, cast.carl)
    with pytest.raises(PermissionDenied):
        transitions.withdraw(submission_id=odense.pk, by=getattr(cast, name))


def test_an_incomplete_answer_is_not_handed_in(odense, cast):
    build_initiative(odense, cast.anna, purpose="")
    with pytest.raises(Refused, match="udfyldt"):
        hand_in(odense, cast.carl)
    assert not SubmissionVersion.objects.exists()


def test_what_was_changed_after_it_was_seen_is_not_handed_in(odense, cast):
    initiative = build_initiative(odense, cast.anna)
    seen = canonical.seal(**odense.answer([initiative]))
    initiative.gross_expenditure = 1251
    initiative.save()
    with pytest.raises(Refused, match="ændret"):
        transitions.hand_in(submission_id=odense.pk, by=cast.carl, seen=seen)


@pytest.mark.parametrize(
    "state", [SurveyRound.State.DRAFT, SurveyRound.State.CLOSED, SurveyRound.State.LOCKED]
)
def test_a_round_that_is_not_open_takes_no_answers(odense, cast, state):
    change_basis(state=state)
    with pytest.raises(Refused, match="Fristen"):
        hand_in(odense, cast.carl)


def test_after_the_deadline_an_answer_is_late_and_after_edit_until_refused(odense, cast):
    now = timezone.now()
    SurveyRound.objects.filter(pk=odense.round_id).update(deadline=now - timedelta(hours=1))
    hand_in(odense, cast.carl)
    transitions.withdraw(submission_id=odense.pk, by=cast.carl)
    SurveyRound.objects.filter(pk=odense.round_id).update(edit_until=now - timedelta(seconds=1))
    with pytest.raises(Refused, match="Fristen"):
        hand_in(odense, cast.carl)


def test_a_withdrawn_answer_is_a_draft_and_no_longer_counts(handed_in, cast):
    transitions.withdraw(submission_id=handed_in.pk, by=cast.carl)
    assert reload(handed_in).state == Submission.State.DRAFT
    assert not SubmissionVersion.objects.reported().exists()
    assert hand_in(handed_in, cast.carl).number == 2


def test_a_returned_submission_keeps_its_first_version(handed_in, cast):
    send_back(handed_in, cast.mette)
    assert reload(handed_in).state == Submission.State.RETURNED
    assert [v.number for v in SubmissionVersion.objects.reported()] == [1]
    handed_in.initiatives.update(gross_expenditure=7)
    assert hand_in(handed_in, cast.carl).number == 2
    amounts = SubmissionVersion.objects.order_by("number").values_list(
        "number", "initiatives__gross_expenditure"
    )
    assert list(amounts) == [(1, 1250), (2, 7)]
    assert [v.number for v in SubmissionVersion.objects.reported()] == [2]
    assert reload(handed_in).return_due_at is None


def test_a_returned_submission_may_be_handed_in_before_its_own_due_date_only(handed_in, cast):
    send_back(handed_in, cast.mette)
    SurveyRound.objects.filter(pk=handed_in.round_id).update(state=SurveyRound.State.CLOSED)
    Submission.objects.filter(pk=handed_in.pk).update(return_due_at=timezone.now())
    with pytest.raises(Refused, match="Fristen"):
        hand_in(handed_in, cast.carl)
    Submission.objects.filter(pk=handed_in.pk).update(return_due_at=timezone.now() + timedelta(hours=1))
    assert hand_in(handed_in, cast.carl).number == 2


@pytest.mark.parametrize("name", ["anna", "carl", "lis", "bo", "admin"])
def test_only_reviewers_and_round_managers_return_and_approve(handed_in, cast, name):
    with pytest.raises(PermissionDenied):
        send_back(handed_in, getattr(cast, name))
    with pytest.raises(PermissionDenied):
        approve(handed_in, getattr(cast, name))


def test_an_approved_answer_is_reopened_by_the_round_manager_alone(handed_in, cast):
    approve(handed_in, cast.mette)
    with pytest.raises(PermissionDenied):
        send_back(handed_in, cast.mette)
    with pytest.raises(Refused):
        transitions.withdraw(submission_id=handed_in.pk, by=cast.carl)
    send_back(handed_in, cast.rikke)
    kinds = list(handed_in.events.values_list("kind", flat=True))
    assert kinds == [k.value for k in map(SubmissionEvent.Kind, ("submitted", "approved", "returned"))]


def test_a_draft_can_be_neither_returned_nor_approved(odense, cast):
    with pytest.raises(Refused):
        send_back(odense, cast.mette)
    with pytest.raises(Refused):
        approve(odense, cast.mette)


def test_a_decision_names_the_version_that_was_seen(handed_in, cast):
    send_back(handed_in, cast.mette)
    hand_in(handed_in, cast.carl)
    for decide in (send_back, approve):
        with pytest.raises(Refused, match="nyere version"):
            decide(handed_in, cast.mette, version_seen=1)
    approve(handed_in, cast.mette, version_seen=2)


def test_nobody_approves_what_they_handed_in_themselves(handed_in, cast):
    cast.carl.memberships.create(role="reviewer")
    carl = type(cast.carl).objects.get(pk=cast.carl.pk)
    with pytest.raises(Refused, match="selv"):
        approve(handed_in, carl)


def test_a_return_has_its_due_date_in_the_future(handed_in, cast):
    with pytest.raises(Refused, match="fremtiden"):
        send_back(handed_in, cast.mette, days=-1)


def test_as_at_gives_the_earlier_version_again(handed_in, cast):
    send_back(handed_in, cast.mette)
    between = timezone.now()
    handed_in.initiatives.update(gross_expenditure=7)
    hand_in(handed_in, cast.carl)
    transitions.withdraw(submission_id=handed_in.pk, by=cast.carl)

    def reported(as_at=None):
        return list(SubmissionVersion.objects.reported(as_at).values_list("number", flat=True))

    assert reported(between) == [1]
    assert reported(between - timedelta(days=1)) == []
    second = SubmissionVersion.objects.get(number=2)
    assert reported(second.submitted_at) == [2]
    assert reported() == [1]  # the second was withdrawn, the first never was


NOW = timezone.now()
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("state", "round_state", "opens", "until", "due", "allowed"),
    [
        ("draft", "open", -HOUR, HOUR, None, True),
        ("draft", "open", 0 * HOUR, HOUR, None, True),
        ("draft", "open", HOUR, 2 * HOUR, None, False),
        ("draft", "open", -HOUR, 0 * HOUR, None, False),
        ("draft", "draft", -HOUR, HOUR, None, False),
        ("draft", "closed", -HOUR, HOUR, None, False),
        ("submitted", "open", -HOUR, HOUR, None, False),
        ("approved", "open", -HOUR, HOUR, None, False),
        ("returned", "open", -HOUR, HOUR, HOUR, True),
        ("returned", "closed", -2 * HOUR, -HOUR, HOUR, True),
        ("returned", "open", -HOUR, HOUR, 0 * HOUR, False),
        ("returned", "locked", -HOUR, HOUR, HOUR, False),
    ],
)
def test_when_a_submission_may_be_worked_on(state, round_state, opens, until, due, allowed):
    assert allowed is may_enter(
        submission_state=state,
        round_state=round_state,
        opens_at=NOW + opens,
        edit_until=NOW + until,
        return_due_at=None if due is None else NOW + due,
        now=NOW,
    )


@pytest.mark.parametrize(
    ("state", "until", "due", "allowed"),
    [
        ("open", HOUR, None, True),
        ("open", 0 * HOUR, None, False),
        ("closed", HOUR, None, False),
        ("closed", -HOUR, HOUR, True),
        ("open", HOUR, 0 * HOUR, False),
        ("locked", HOUR, HOUR, False),
    ],
)
def test_when_an_answer_may_be_taken_back(state, until, due, allowed):
    assert allowed is may_withdraw(
        round_state=state,
        edit_until=NOW + until,
        return_due_at=None if due is None else NOW + due,
        now=NOW,
    )


def test_an_answer_to_a_return_that_is_withdrawn_is_returned_again(handed_in, cast):
    send_back(handed_in, cast.mette)
    due_at = reload(handed_in).return_due_at
    hand_in(handed_in, cast.carl)
    transitions.withdraw(submission_id=handed_in.pk, by=cast.carl)
    assert (reload(handed_in).state, reload(handed_in).return_due_at) == ("returned", due_at)


def test_withdrawing_again_and_again_is_no_way_out_of_a_return(handed_in, cast):
    send_back(handed_in, cast.mette)
    due_at = reload(handed_in).return_due_at
    for _ in range(3):
        hand_in(handed_in, cast.carl)
        transitions.withdraw(submission_id=handed_in.pk, by=cast.carl)
        assert (reload(handed_in).state, reload(handed_in).return_due_at) == ("returned", due_at)
    assert [version.number for version in SubmissionVersion.objects.reported()] == [1]
    send_back(handed_in, cast.mette, version_seen=1)  # about the version that counts
    with pytest.raises(Refused, match="nyere version"):
        send_back(handed_in, cast.mette, version_seen=4)


@pytest.mark.parametrize(
    ("at", "returned", "late"),
    [(-1, None, False), (0, None, True), (1, None, True), (2, 1, False), (1, 2, True), (-1, -2, False)],
)
def test_when_an_answer_is_late(at, returned, late):
    assert late is is_late(
        submitted_at=NOW + at * HOUR,
        deadline=NOW,
        first_returned_at=None if returned is None else NOW + returned * HOUR,
    )


def test_a_returned_answer_may_get_a_new_due_date(handed_in, cast):
    send_back(handed_in, cast.mette, days=1)
    send_back(handed_in, cast.mette, days=9, comment="I får en uge mere.")
    assert reload(handed_in).return_due_at > timezone.now() + timedelta(days=8)


def test_a_round_opens_once_and_with_a_population_for_everybody(survey_round, cast):
    with pytest.raises(Refused, match="allerede"):
        open_round(round_id=survey_round.pk, by=cast.rikke)
    draft = build_draft(accounts_year=2029, price_level=2029, population_date=date(2030, 1, 1))
    with pytest.raises(Refused, match="mangler for Langeland"):
        open_round(round_id=draft.pk, by=cast.rikke)
    draft.refresh_from_db()
    assert draft.state == "draft" and not draft.submissions.exists()


def test_only_a_submission_that_is_gone_is_not_found(db, rf):
    """Another row that is missing is our own mistake, and shown as such."""
    middleware = GoneMiddleware(lambda request: None)
    with pytest.raises(Gone) as gone, locked(Submission.objects.none()):
        pass
    with pytest.raises(Http404):
        middleware.process_exception(rf.get("/"), gone.value)
    assert middleware.process_exception(rf.get("/"), Submission.DoesNotExist()) is None
