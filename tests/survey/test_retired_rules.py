"""A rule that is out of use in the round does not speak at entry; what was written stays."""

import pytest
from django.urls import reverse

from survey import checking, reviewing
from survey.models import PassedWarning, WarningReason
from survey.transitions import Refused, hand_in
from tests.builders import build_initiative, seen_by_approver
from tests.builders import hand_in as hand_in_all

ZERO = "expenditure_zero"


@pytest.fixture
def free(odense, cast):
    return build_initiative(odense, cast.carl, gross_expenditure=0)


def steer(act, odense, cast):
    act(round_id=odense.round_id, rule=ZERO, reason="Efter aftale.", by=cast.rikke)
    odense.round.refresh_from_db()


def rules_that_speak(submission):
    found = checking.warnings_of(submission, list(submission.initiatives.all()))
    return [warning.rule for warnings in found.values() for warning in warnings]


def test_a_rule_that_is_out_of_use_is_silent_and_speaks_again_when_it_is_back(odense, cast, free):
    assert rules_that_speak(odense) == [ZERO]
    steer(reviewing.retire_rule, odense, cast)
    assert rules_that_speak(odense) == []
    steer(reviewing.restore_rule, odense, cast)
    assert rules_that_speak(odense) == [ZERO]


def test_what_only_that_rule_asked_about_can_be_handed_in_without_a_reason(odense, cast, free):
    with pytest.raises(Refused, match="begrundet"):
        hand_in(submission_id=odense.pk, by=cast.carl, seen=seen_by_approver(odense))
    steer(reviewing.retire_rule, odense, cast)
    version = hand_in(submission_id=odense.pk, by=cast.carl, seen=seen_by_approver(odense))
    assert PassedWarning.objects.filter(initiative__version=version).count() == 0


def test_a_page_that_was_opened_with_the_warning_is_refused_and_then_goes_through(odense, cast, free):
    checking.keep_reasons(submission=odense, uuid=free.uuid, reasons={ZERO: "Gratis."}, by=cast.carl)
    seen = seen_by_approver(odense)
    steer(reviewing.retire_rule, odense, cast)
    with pytest.raises(Refused, match="ændret, siden du åbnede siden"):
        hand_in(submission_id=odense.pk, by=cast.carl, seen=seen)
    hand_in(submission_id=odense.pk, by=cast.carl, seen=seen_by_approver(odense))


def test_a_reason_outlives_the_rule_s_rest_until_the_answer_is_handed_in(odense, cast, free):
    checking.keep_reasons(submission=odense, uuid=free.uuid, reasons={ZERO: "Gratis."}, by=cast.carl)
    steer(reviewing.retire_rule, odense, cast)
    assert WarningReason.objects.get().reason == "Gratis."
    steer(reviewing.restore_rule, odense, cast)
    (warning,) = checking.warnings_of(odense, [free])[free.uuid]
    assert warning.reason == "Gratis."


def test_what_a_version_says_was_passed_stays_in_it(odense, cast, free):
    version = hand_in_all(odense, cast.carl)
    steer(reviewing.retire_rule, odense, cast)
    assert PassedWarning.objects.get().rule == ZERO
    assert version.checksum == type(version).objects.get(pk=version.pk).checksum
    assert [one["rule"] for one in version.answer()["warnings"]] == [ZERO]


def test_the_municipality_s_page_shows_no_such_warning_the_next_time(odense, cast, free, client_of):
    address = reverse("survey:initiative", args=["461", 2025, free.uuid])
    assert "Bruttoudgiften er 0 kr." in client_of(cast.anna).get(address).content.decode()
    steer(reviewing.retire_rule, odense, cast)
    assert "Bruttoudgiften er 0 kr." not in client_of(cast.anna).get(address).content.decode()
