"""Who looks at what, accepting in bulk, and rules out of use in a round."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from municipalities.models import Membership, Role, User
from survey import adjusting, reviewing, transitions
from survey.models import Adjustment, ReportedInitiative, ReviewAssignment, RuleRetirement, SurveyRound
from tests.builders import build_adjustment, build_initiative, hand_in

FINAL = ["locked", "archived"]


@pytest.fixture
def three(odense, cast):
    for title in ("Mentorer", "Netværk", "Sprog"):
        build_initiative(odense, cast.anna, title=title)
    return list(hand_in(odense, cast.carl).initiatives.all())


def assign(odense, initiatives, reviewer, by):
    uuids = [initiative.uuid for initiative in initiatives]
    return reviewing.assign(submission_id=odense.pk, uuids=uuids, reviewer=reviewer, by=by)


def given(odense):
    return dict(odense.review_assignments.values_list("uuid", "reviewer__name"))


# Assigning


def test_initiatives_are_given_taken_over_and_taken_back(odense, three, cast):
    assert assign(odense, three[:2], cast.mette, cast.rikke) == 2
    assert assign(odense, three, cast.rikke, cast.mette) == 3
    assert set(given(odense).values()) == {"Rikke"}
    assert odense.review_assignments.filter(by=cast.mette).count() == 3
    assert assign(odense, three[:1], None, cast.mette) == 1
    assert set(given(odense)) == {three[1].uuid, three[2].uuid}


def test_giving_what_somebody_has_already_changes_nothing(odense, three, cast):
    assign(odense, three[:1], cast.mette, cast.rikke)
    at = odense.review_assignments.get().at
    assert assign(odense, three[:2], cast.mette, cast.mette) == 1
    assert odense.review_assignments.get(uuid=three[0].uuid).at == at
    assert assign(odense, three[2:], None, cast.mette) == 0


def test_what_is_not_the_answers_own_is_not_given(odense, aarhus, three, cast):
    uuids = [uuid4(), three[0].uuid]
    assert reviewing.assign(submission_id=aarhus.pk, uuids=uuids, reviewer=cast.mette, by=cast.mette) == 0
    assert not ReviewAssignment.objects.exists()


@pytest.mark.parametrize("person", ["admin", "carl", "anna", "bo"])
def test_only_who_reviews_gives_and_is_given(odense, three, cast, person):
    other = getattr(cast, person)
    with pytest.raises(PermissionDenied):
        assign(odense, three, cast.mette, other)
    with pytest.raises(transitions.Refused, match="kan gennemgå"):
        assign(odense, three, other, cast.mette)


def test_who_has_left_is_given_nothing(odense, three, cast):
    User.objects.filter(pk=cast.rikke.pk).update(is_active=False)
    with pytest.raises(transitions.Refused, match="kan gennemgå"):
        assign(odense, three, User.objects.get(pk=cast.rikke.pk), cast.mette)


@pytest.mark.parametrize("state", FINAL)
def test_nothing_is_given_in_a_final_round(odense, three, cast, state):
    SurveyRound.objects.update(state=state)
    for reviewer in (cast.mette, None):
        with pytest.raises(transitions.Refused, match="låst"):
            assign(odense, three, reviewer, cast.mette)


def test_the_reviewer_stays_through_a_new_version(odense, three, cast):
    assign(odense, three[:1], cast.mette, cast.rikke)
    transitions.withdraw(submission_id=odense.pk, by=cast.carl)
    hand_in(odense, cast.carl)
    assert given(odense) == {three[0].uuid: "Mette"}


def test_only_the_ministry_sees_who_looks_at_what(odense, three, cast):
    assign(odense, three, cast.mette, cast.rikke)
    assert ReviewAssignment.objects.visible_to(cast.admin).count() == 3
    assert not ReviewAssignment.objects.visible_to(cast.carl).exists()


def test_giving_many_takes_no_more_queries_than_one(odense, three, cast, django_assert_max_num_queries):
    assert cast.mette.ministry_role and cast.rikke.ministry_role
    with django_assert_max_num_queries(8):
        assign(odense, three, cast.mette, cast.rikke)


# Accepting in bulk


def bulk(odense, initiatives, by):
    ids = [initiative.pk for initiative in initiatives]
    return reviewing.accept_in_bulk(submission_id=odense.pk, initiative_ids=ids, by=by)


def test_those_that_nobody_has_decided_about_are_accepted_and_say_that_it_was_in_bulk(odense, three, cast):
    corrected = build_adjustment(three[0], cast.rikke)
    reopened = adjusting.accept(initiative_id=three[1].pk, by=cast.rikke, seen=None)
    adjusting.reopen(initiative_id=three[1].pk, by=cast.rikke, seen=reopened.pk)
    assert bulk(odense, three, cast.mette) == 1
    row = Adjustment.objects.latest("pk")
    assert (row.initiative, row.kind, row.in_bulk, row.by) == (three[2], "accepted", True, cast.mette)
    assert list(three[0].adjustments.all()) == [corrected]


def test_in_bulk_only_what_is_asked_for_is_accepted_and_only_once(odense, three, cast):
    assert bulk(odense, three[:2], cast.mette) == 2
    assert bulk(odense, three, cast.mette) == 1
    assert bulk(odense, three, cast.rikke) == bulk(odense, [], cast.mette) == 0
    assert Adjustment.objects.count() == 3


def test_in_bulk_another_answers_initiative_is_not_accepted(odense, aarhus, three, cast):
    build_initiative(aarhus, cast.bo)
    hand_in(aarhus, cast.bo)
    assert bulk(aarhus, three, cast.mette) == 0


def test_in_bulk_a_version_that_does_not_count_is_left_alone(odense, three, cast):
    transitions.withdraw(submission_id=odense.pk, by=cast.carl)
    assert bulk(odense, three, cast.mette) == 0
    second = hand_in(odense, cast.carl)
    assert bulk(odense, three, cast.mette) == 0
    assert bulk(odense, second.initiatives.all(), cast.mette) == 3


@pytest.mark.parametrize("state", ["submitted", "returned", "approved"])
def test_in_bulk_whatever_counts_is_accepted(odense, three, cast, state):
    due = timezone.now() + timedelta(days=3)
    if state == "returned":
        transitions.send_back(
            submission_id=odense.pk, by=cast.mette, version_seen=1, comment="Se", due_at=due
        )
    if state == "approved":
        transitions.approve(submission_id=odense.pk, by=cast.mette, version_seen=1)
    assert bulk(odense, three, cast.mette) == 3


@pytest.mark.parametrize("state", FINAL)
def test_in_bulk_nothing_is_accepted_in_a_final_round(odense, three, cast, state):
    SurveyRound.objects.update(state=state)
    with pytest.raises(transitions.Refused, match="låst"):
        bulk(odense, three, cast.mette)


@pytest.mark.parametrize("person", ["admin", "carl", "anna", "bo"])
def test_in_bulk_only_reviewers_and_the_round_manager_accept(odense, three, cast, person):
    with pytest.raises(PermissionDenied):
        bulk(odense, three, getattr(cast, person))


def test_in_bulk_who_handed_in_accepts_nothing(odense, three, cast):
    Membership.objects.create(user=cast.carl, role=Role.REVIEWER)
    assert bulk(odense, three, User.objects.get(pk=cast.carl.pk)) == 0


def test_accepting_many_takes_no_more_queries_than_one(odense, three, cast, django_assert_num_queries):
    assert cast.mette.ministry_role
    with django_assert_num_queries(7):
        bulk(odense, three, cast.mette)


# Rules out of use


def retire(survey_round, by, rule="expenditure_zero", reason="Nul er et svar her."):
    return reviewing.retire_rule(round_id=survey_round.pk, rule=rule, reason=reason, by=by)


def restore(survey_round, by, rule="expenditure_zero"):
    return reviewing.restore_rule(round_id=survey_round.pk, rule=rule, reason="Alligevel.", by=by)


def retired(survey_round):
    survey_round.refresh_from_db()
    return survey_round.retired_rules


def test_a_rule_is_retired_and_restored_with_who_when_and_why(survey_round, cast):
    retire(survey_round, cast.rikke)
    retire(survey_round, cast.rikke, rule="cpr_number")
    assert retired(survey_round) == ["cpr_number", "expenditure_zero"]
    restore(survey_round, cast.rikke)
    assert retired(survey_round) == ["cpr_number"]
    rows = RuleRetirement.objects.values_list("rule", "kind", "reason", "by__name")
    assert list(rows) == [
        ("expenditure_zero", "retired", "Nul er et svar her.", "Rikke"),
        ("cpr_number", "retired", "Nul er et svar her.", "Rikke"),
        ("expenditure_zero", "restored", "Alligevel.", "Rikke"),
    ]


def test_retiring_twice_is_done_once_and_restoring_what_speaks_not_at_all(survey_round, cast):
    restore(survey_round, cast.rikke)
    retire(survey_round, cast.rikke)
    retire(survey_round, cast.rikke, reason="Igen.")
    assert retired(survey_round) == ["expenditure_zero"] and RuleRetirement.objects.count() == 1


def test_a_rule_is_not_retired_without_a_reason(survey_round, cast):
    with pytest.raises(IntegrityError, match="a_retirement_has_a_reason"), transaction.atomic():
        retire(survey_round, cast.rikke, reason=" ")
    assert retired(survey_round) == []


@pytest.mark.parametrize("person", ["mette", "admin", "carl", "bo"])
def test_only_the_round_manager_retires_a_rule(survey_round, cast, person):
    for act in (retire, restore):
        with pytest.raises(PermissionDenied):
            act(survey_round, getattr(cast, person))


@pytest.mark.parametrize("state", FINAL)
def test_the_rules_of_a_final_round_stand(survey_round, cast, state):
    SurveyRound.objects.update(state=state)
    for act in (retire, restore):
        with pytest.raises(transitions.Refused, match="låst"):
            act(survey_round, cast.rikke)


@pytest.mark.parametrize(
    "statement", ["UPDATE survey_ruleretirement SET id = id", "DELETE FROM survey_ruleretirement"]
)
def test_what_was_said_of_a_rule_cannot_be_changed_even_in_sql(survey_round, cast, statement):
    retire(survey_round, cast.rikke)
    refused = pytest.raises(IntegrityError, match="kan ikke ændres")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_only_the_ministry_sees_which_rules_do_not_speak(survey_round, cast):
    retire(survey_round, cast.rikke)
    assert RuleRetirement.objects.visible_to(cast.mette).count() == 1
    assert not RuleRetirement.objects.visible_to(cast.carl).exists()


def test_no_decision_changes_what_was_reported(odense, three, cast):
    before = list(ReportedInitiative.objects.values().order_by("pk"))
    bulk(odense, three[:2], cast.mette)
    assign(odense, three, cast.mette, cast.rikke)
    build_adjustment(three[2], cast.mette)
    assert list(ReportedInitiative.objects.values().order_by("pk")) == before
