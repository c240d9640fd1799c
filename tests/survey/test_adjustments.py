"""The ministry's corrections: beside what was reported, one at a time, never changed."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from municipalities.models import Membership, Role, User
from survey import adjusting, transitions
from survey.models import Adjustment, SurveyRound
from tests.builders import build_adjustment, build_initiative, hand_in


def breaks(constraint):
    return pytest.raises(IntegrityError, match=constraint)


@pytest.fixture
def reported(odense, cast):
    build_initiative(odense, cast.anna, gross_expenditure=1250, gross_income=100, funding_sources=["own"])
    return hand_in(odense, cast.carl).initiatives.get()


def adjust(initiative, by, seen=None, **content):
    content = {"reason": "other", "explanation": "Aftalt i telefonen.", "gross_expenditure": 125} | content
    return adjusting.adjust(initiative_id=initiative.pk, by=by, seen=seen, **content)


def withdraw(initiative, by, seen, explanation="Det var rigtigt alligevel."):
    return adjusting.withdraw_adjustment(
        initiative_id=initiative.pk, by=by, seen=seen and seen.pk, explanation=explanation
    )


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"kind": "lost"}, "adjustment_kind_is_known"),
        ({"service_area": "roads"}, "adjustment_service_area_is_a_choice"),
        ({"primary_target_group": "all"}, "adjustment_primary_target_group_is_a_choice"),
        ({"gross_expenditure": -1}, "adjustment_gross_expenditure_in_range"),
        ({"gross_expenditure": 100_000_000}, "adjustment_gross_expenditure_in_range"),
        ({"gross_income": -1}, "adjustment_gross_income_in_range"),
        ({"gross_income": 100_000_000}, "adjustment_gross_income_in_range"),
        ({"funding_sources": []}, "adjustment_funding_sources_are_choices"),
        ({"funding_sources": ["lottery"]}, "adjustment_funding_sources_are_choices"),
        ({"funding_sources": ["own", "state"]}, "adjustment_funding_sources_are_choices"),
        ({"gross_expenditure": None}, "an_adjustment_changes_something"),
        ({"kind": "withdrawn", "reason": ""}, "only_an_adjustment_changes_something"),
        ({"kind": "accepted", "reason": ""}, "only_an_adjustment_changes_something"),
        ({"kind": "reopened", "reason": ""}, "only_an_adjustment_changes_something"),
        ({"in_bulk": True}, "only_accepting_is_done_in_bulk"),
        (
            {"kind": "withdrawn", "reason": "", "gross_expenditure": None, "out_of_scope": True},
            "only_an_adjustment_changes_something",
        ),
        ({"kind": "withdrawn", "gross_expenditure": None}, "only_an_adjustment_has_a_reason"),
        ({"reason": ""}, "only_an_adjustment_has_a_reason"),
        ({"reason": "mood"}, "only_an_adjustment_has_a_reason"),
        ({"explanation": ""}, "a_correction_is_explained"),
        ({"explanation": " \n"}, "a_correction_is_explained"),
    ],
)
def test_an_adjustment_says_what_and_why(reported, cast, fields, constraint):
    with breaks(constraint), transaction.atomic():
        build_adjustment(reported, cast.mette, **fields)


@pytest.mark.parametrize(
    "fields",
    [
        {"service_area": "social"},
        {"gross_expenditure": 0},
        {"gross_income": 0},
        {"funding_sources": ["state", "own"]},
        {"primary_target_group": "newly_arrived"},
        {"out_of_scope": True},
    ],
)
def test_one_change_is_enough(reported, cast, fields):
    adjustment = build_adjustment(reported, cast.mette, **{"gross_expenditure": None} | fields)
    assert Adjustment.objects.in_force().get() == adjustment and adjustment.differences()


@pytest.mark.parametrize(
    "statement", ["UPDATE survey_adjustment SET id = id", "DELETE FROM survey_adjustment"]
)
def test_an_adjustment_cannot_be_changed_even_in_sql(reported, cast, statement):
    build_adjustment(reported, cast.mette)
    with breaks("kan ikke ændres"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_what_was_reported_stands_and_the_seal_holds(reported, cast):
    adjust(reported, cast.mette, service_area="social")
    reported.refresh_from_db()
    assert (reported.gross_expenditure, reported.service_area) == (1250, "employment")
    assert transitions.canonical.seal(**reported.version.answer()) == reported.version.checksum


def test_only_what_differs_from_the_reported_is_stored(reported, cast):
    adjustment = adjust(
        reported, cast.mette, service_area="employment", gross_income=100, funding_sources=["own"]
    )
    assert adjustment.changes() == {"gross_expenditure": 125}
    counts = adjustment.adjusted(reported)
    assert (counts.gross_expenditure, counts.gross_income, reported.gross_expenditure) == (125, 100, 1250)
    assert adjustment.differences() == [("2. Bruttoudgifter", "1.250", "125")]


def test_out_of_scope_is_told_beside_the_values(reported, cast):
    adjustment = adjust(reported, cast.mette, gross_expenditure=1250, out_of_scope=True)
    assert adjustment.differences() == [("Hører med i kortlægningen", "ja", "nej")]


def test_the_latest_adjustment_is_in_force_and_as_at_gives_the_earlier(reported, cast):
    first = adjust(reported, cast.mette)
    second = adjust(reported, cast.rikke, seen=first.pk, gross_expenditure=130)
    withdrawn = withdraw(reported, cast.mette, second)
    third = adjust(reported, cast.mette, seen=withdrawn.pk, gross_income=0)
    in_force = Adjustment.objects.in_force
    moments = [first.at - timedelta(microseconds=1), first.at, second.at, withdrawn.at, third.at, None]
    assert [list(in_force(at)) for at in moments] == [[], [first], [second], [], [third], [third]]


def test_a_filter_before_does_not_bring_an_older_row_back(reported, cast):
    first = adjust(reported, cast.mette, reason="duplicate")
    adjust(reported, cast.rikke, seen=first.pk, gross_expenditure=130)
    assert not Adjustment.objects.filter(reason="duplicate").in_force().exists()


def test_a_municipality_sees_only_its_own_adjustments(reported, cast, aarhus):
    build_initiative(aarhus, cast.bo)
    theirs = adjust(hand_in(aarhus, cast.bo).initiatives.get(), cast.mette)
    ours = adjust(reported, cast.mette)
    assert set(Adjustment.objects.visible_to(cast.mette)) == {ours, theirs}
    assert list(Adjustment.objects.visible_to(cast.lis)) == [ours]
    assert list(Adjustment.objects.visible_to(cast.bo)) == [theirs]


def test_pressing_twice_gives_one_row(reported, cast):
    assert adjust(reported, cast.mette) == adjust(reported, cast.mette)
    assert Adjustment.objects.count() == 1


def test_the_same_again_after_a_withdrawal_is_a_new_adjustment(reported, cast):
    first = adjust(reported, cast.mette)
    withdrawn = withdraw(reported, cast.mette, first)
    assert adjust(reported, cast.mette, seen=withdrawn.pk) != first
    assert Adjustment.objects.count() == 3


def test_a_colleagues_adjustment_must_have_been_seen(reported, cast):
    first = adjust(reported, cast.mette)
    with pytest.raises(transitions.Refused, match="siden du åbnede siden"):
        adjust(reported, cast.rikke, gross_expenditure=130)
    second = adjust(reported, cast.rikke, seen=first.pk, gross_expenditure=130)
    with pytest.raises(transitions.Refused, match="siden du åbnede siden"):
        withdraw(reported, cast.mette, first)
    assert list(Adjustment.objects.in_force()) == [second]


@pytest.mark.parametrize(
    "fields", [{"explanation": "Skrevet."}, {"reason": "kroner"}, {"out_of_scope": True}, {"gross_income": 0}]
)
def test_whatever_is_said_anew_is_a_new_row(reported, cast, fields):
    first = adjust(reported, cast.mette)
    assert adjust(reported, cast.mette, seen=first.pk, **fields) != first
    assert Adjustment.objects.count() == 2


def test_adjusting_to_what_was_reported_is_refused(reported, cast):
    with pytest.raises(transitions.Refused, match=r"Der er ikke rettet noget: .* de indberettede\.$"):
        adjust(reported, cast.mette, gross_expenditure=1250)
    first = adjust(reported, cast.mette)
    with pytest.raises(transitions.Refused, match=r"Der er ikke rettet noget: .*”Træk rettelsen tilbage”"):
        adjust(reported, cast.mette, seen=first.pk, gross_expenditure=1250)
    withdrawn = withdraw(reported, cast.mette, first)
    with pytest.raises(transitions.Refused, match=r"de indberettede\.$"):
        adjust(reported, cast.mette, seen=withdrawn.pk, gross_expenditure=1250)


def test_withdrawing_what_is_not_in_force_is_refused(reported, cast):
    with pytest.raises(transitions.Refused, match="ikke rettet"):
        withdraw(reported, cast.mette, None)
    withdrawn = withdraw(reported, cast.mette, adjust(reported, cast.mette))
    with pytest.raises(transitions.Refused, match="ikke rettet"):
        withdraw(reported, cast.mette, withdrawn, explanation="En gang til.")
    assert Adjustment.objects.count() == 2


def test_withdrawing_twice_gives_one_row(reported, cast):
    first = adjust(reported, cast.mette)
    assert withdraw(reported, cast.mette, first) == withdraw(reported, cast.rikke, first)
    assert Adjustment.objects.count() == 2


def test_who_handed_in_does_not_adjust_the_answer(reported, cast):
    first = adjust(reported, cast.mette)
    Membership.objects.create(user=cast.carl, role=Role.REVIEWER)
    for act in (lambda by: adjust(reported, by, seen=first.pk), lambda by: withdraw(reported, by, first)):
        with pytest.raises(transitions.Refused, match="kan ikke selv afgøre den"):
            act(User.objects.get(pk=cast.carl.pk))
    assert list(Adjustment.objects.in_force()) == [first]


def test_an_adjustment_is_named_in_danish_time(reported, cast):
    adjustment = build_adjustment(reported, cast.mette, at=datetime(2026, 7, 1, 22, 30, tzinfo=UTC))
    assert str(adjustment) == "Mentorer til kvinder: rettet 02.07.2026 00.30"


def test_each_row_to_read_knows_what_followed_it_and_the_newest_is_first(reported, cast, odense):
    first = adjust(reported, cast.mette)
    second = adjust(reported, cast.mette, seen=first.pk, gross_income=0)
    withdrawn = withdraw(reported, cast.mette, second)
    third = adjust(reported, cast.mette, seen=withdrawn.pk)
    rows = [(row, row.followed_by) for row in Adjustment.objects.to_read([reported.version])]
    assert rows == [(third, None), (withdrawn, "adjusted"), (second, "withdrawn"), (first, "adjusted")]


def test_what_was_corrected_before_is_of_earlier_versions_of_the_same_submission(
    reported, cast, odense, aarhus
):
    adjust(reported, cast.mette)
    build_initiative(aarhus, cast.bo)
    adjust(hand_in(aarhus, cast.bo).initiatives.get(), cast.mette)
    transitions.withdraw(submission_id=odense.pk, by=cast.carl)
    second = hand_in(odense, cast.carl)
    of_second = adjust(second.initiatives.get(), cast.mette)
    transitions.withdraw(submission_id=odense.pk, by=cast.carl)
    third = hand_in(odense, cast.carl)
    assert [row.initiative for row in Adjustment.objects.before(third)] == [of_second.initiative, reported]
    assert [row.initiative for row in Adjustment.objects.before(second)] == [reported]
    assert not Adjustment.objects.before(reported.version).exists()


@pytest.mark.parametrize("person", ["admin", "carl", "anna", "bo"])
def test_only_reviewers_and_the_round_manager_adjust(reported, cast, person):
    first = adjust(reported, cast.mette)
    for act in (lambda by: adjust(reported, by, seen=first.pk), lambda by: withdraw(reported, by, first)):
        with pytest.raises(PermissionDenied):
            act(getattr(cast, person))


def test_a_withdrawn_answer_is_not_adjusted(reported, cast, odense):
    transitions.withdraw(submission_id=odense.pk, by=cast.carl)
    with pytest.raises(transitions.Refused, match="ikke hos ministeriet"):
        adjust(reported, cast.mette)


def test_a_locked_round_is_not_adjusted(reported, cast):
    first = adjust(reported, cast.mette)
    SurveyRound.objects.update(state=SurveyRound.State.LOCKED)
    with pytest.raises(transitions.Refused, match="låst"):
        adjust(reported, cast.mette, seen=first.pk, gross_income=0)
    with pytest.raises(transitions.Refused, match="låst"):
        withdraw(reported, cast.mette, first)


def test_only_the_version_that_counts_is_adjusted(reported, cast, odense):
    due = timezone.now() + timedelta(days=3)
    transitions.send_back(submission_id=odense.pk, by=cast.mette, version_seen=1, comment="Se", due_at=due)
    first = adjust(reported, cast.mette)  # a returned version counts until the next one is in
    second_version = hand_in(odense, cast.carl)
    with pytest.raises(transitions.Refused, match="tæller ikke længere"):
        adjust(reported, cast.mette, seen=first.pk, gross_income=0)
    with pytest.raises(transitions.Refused, match="tæller ikke længere"):
        withdraw(reported, cast.mette, first)
    assert adjust(second_version.initiatives.get(), cast.mette).changes() == {"gross_expenditure": 125}


# Accepting and opening again


def accept(initiative, by, seen=None):
    return adjusting.accept(initiative_id=initiative.pk, by=by, seen=seen and seen.pk)


def reopen(initiative, by, seen):
    return adjusting.reopen(initiative_id=initiative.pk, by=by, seen=seen and seen.pk)


def kinds(initiative):
    return list(initiative.adjustments.values_list("kind", flat=True))


def test_what_is_accepted_counts_as_reported_and_is_reopened_by_a_row_more(reported, cast):
    accepted = accept(reported, cast.mette)
    assert (accepted.kind, accepted.by, accepted.in_bulk, accepted.changes()) == (
        "accepted",
        cast.mette,
        False,
        {},
    )
    reopened = reopen(reported, cast.rikke, accepted)
    again = accept(reported, cast.mette, reopened)
    assert kinds(reported) == ["accepted", "reopened", "accepted"] and again.pk > reopened.pk > accepted.pk
    assert not Adjustment.objects.in_force().exists()


def test_accepting_and_reopening_twice_is_done_once(reported, cast):
    accepted = accept(reported, cast.mette)
    assert accept(reported, cast.rikke) == accepted
    reopened = reopen(reported, cast.mette, accepted)
    assert reopen(reported, cast.rikke, accepted) == reopened
    assert kinds(reported) == ["accepted", "reopened"]


def test_what_is_corrected_is_not_accepted_before_the_correction_is_withdrawn(reported, cast):
    corrected = adjust(reported, cast.mette)
    with pytest.raises(transitions.Refused, match="Træk rettelsen tilbage"):
        accept(reported, cast.rikke, corrected)
    accept(reported, cast.rikke, withdraw(reported, cast.mette, corrected))
    assert kinds(reported) == ["adjusted", "withdrawn", "accepted"]


def test_only_what_is_accepted_is_reopened(reported, cast):
    with pytest.raises(transitions.Refused, match="ikke godtaget"):
        reopen(reported, cast.mette, None)
    with pytest.raises(transitions.Refused, match="ikke godtaget"):
        reopen(reported, cast.mette, adjust(reported, cast.mette))
    assert kinds(reported) == ["adjusted"]


def test_a_colleagues_decision_must_have_been_seen_before_it_is_decided_over(reported, cast):
    accepted = accept(reported, cast.mette)
    with pytest.raises(transitions.Refused, match="siden du åbnede siden"):
        adjust(reported, cast.rikke)
    reopened = reopen(reported, cast.mette, accepted)
    with pytest.raises(transitions.Refused, match="siden du åbnede siden"):
        accept(reported, cast.rikke, accepted)
    with pytest.raises(transitions.Refused, match="siden du åbnede siden"):
        reopen(reported, cast.rikke, accept(reported, cast.mette, reopened) and reopened)
    assert kinds(reported) == ["accepted", "reopened", "accepted"]


@pytest.mark.parametrize("person", ["admin", "carl", "anna", "bo"])
def test_only_reviewers_and_the_round_manager_accept(reported, cast, person):
    accepted = accept(reported, cast.mette)
    for act in (accept, reopen):
        with pytest.raises(PermissionDenied):
            act(reported, getattr(cast, person), accepted)


def test_who_handed_in_does_not_accept_the_answer(reported, cast):
    accepted = accept(reported, cast.mette)
    Membership.objects.create(user=cast.carl, role=Role.REVIEWER)
    carl = User.objects.get(pk=cast.carl.pk)
    for act in (accept, reopen):
        with pytest.raises(transitions.Refused, match="kan ikke selv afgøre den"):
            act(reported, carl, accepted)


@pytest.mark.parametrize("state", ["locked", "archived"])
def test_nothing_is_accepted_in_a_final_round(reported, cast, state):
    accepted = accept(reported, cast.mette)
    SurveyRound.objects.update(state=state)
    for act in (accept, reopen):
        with pytest.raises(transitions.Refused, match="låst"):
            act(reported, cast.mette, accepted)


def test_only_the_version_that_counts_is_accepted(reported, cast, odense):
    transitions.withdraw(submission_id=odense.pk, by=cast.carl)
    with pytest.raises(transitions.Refused, match="ikke hos ministeriet"):
        accept(reported, cast.mette)
    second = hand_in(odense, cast.carl).initiatives.get()
    with pytest.raises(transitions.Refused, match="tæller ikke længere"):
        accept(reported, cast.mette)
    transitions.approve(submission_id=odense.pk, by=cast.mette, version_seen=2)
    reopen(second, cast.mette, accept(second, cast.mette))  # an approved answer is still looked at


def test_a_decision_takes_as_many_queries_as_ever(reported, cast, django_assert_num_queries):
    reviewer = User.objects.get(pk=cast.mette.pk)
    assert reviewer.ministry_role
    with django_assert_num_queries(7):  # savepoint, lock, round, initiative, latest, row, release
        accept(reported, reviewer)


def test_a_municipality_does_not_see_what_was_accepted(reported, cast):
    accept(reported, cast.mette)
    assert not Adjustment.objects.visible_to(cast.carl).exists()
