"""What can happen to a round after its figures were published, step by step."""

from datetime import timedelta

from django.utils import timezone

from survey import adjusting, transitions
from survey.transitions import database_now
from tests.builders import build_approver, build_initiative, hand_in
from tests.reporting.conftest import build_rate


def take_back_and_hand_in(answered, cast):
    transitions.withdraw(submission_id=answered.submissions["Odense"].pk, by=cast.carl)
    answered.submissions["Odense"].initiatives.filter(title="Netværk").update(gross_expenditure=800)
    return hand_in(answered.submissions["Odense"], cast.carl)


def send_back(answered, cast):
    transitions.send_back(
        submission_id=answered.submissions["Aarhus"].pk,
        by=cast.mette,
        version_seen=1,
        comment="Se på beløbet",
        due_at=timezone.now() + timedelta(days=3),
    )


def hand_in_again(answered, cast):
    answered.submissions["Aarhus"].initiatives.update(gross_expenditure=4100)
    hand_in(answered.submissions["Aarhus"], cast.bo)


def adjust(answered, cast):
    version = answered.submissions["Odense"].latest_version
    adjusting.adjust(
        initiative_id=version.initiatives.get(title="Netværk").pk,
        by=cast.mette,
        seen=None,
        reason="kroner",
        explanation="Aftalt",
        gross_expenditure=8,
    )


def new_vintage(answered, cast):
    build_rate(2026, "4.25", recorded_at=database_now())


def somebody_else_answers(answered, cast):
    lemvig = answered.submissions["Lemvig"]
    approver = build_approver(lemvig)
    build_initiative(lemvig, approver, gross_expenditure=333)
    hand_in(lemvig, approver)


STORY = (take_back_and_hand_in, send_back, hand_in_again, adjust, new_vintage, somebody_else_answers)
