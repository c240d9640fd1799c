"""Where the review of each initiative stands."""

import pytest

from reporting.review.statuses import Status, statuses
from survey import adjusting, dialogue, reviewing, transitions
from survey.models import Message
from tests.builders import build_adjustment, build_initiative, hand_in


@pytest.fixture
def version(odense, cast):
    build_initiative(odense, cast.anna, title="Mentorer")
    build_initiative(odense, cast.anna, title="Netværk")
    return hand_in(odense, cast.carl)


def stands(version):
    """Name by title."""
    found = statuses([version.pk])
    return {one.title: found[one.pk].name for one in version.initiatives.all()}


def of(version, title="Mentorer") -> Status:
    return statuses([version.pk])[version.initiatives.get(title=title).pk]


def say(version, by, reply_to=None, title="Mentorer", **more):
    uuid = version.initiatives.get(title=title).uuid if reply_to is None else None
    return dialogue.post(
        submission_id=version.submission_id,
        by=by,
        from_ministry=by.is_ministry,
        text="Hvad dækker beløbet?",
        seen=Message.objects.count() and Message.objects.latest("pk").pk,
        uuid=uuid,
        reply_to=reply_to and reply_to.pk,
        **more,
    )


def accept(version, by, title="Mentorer", seen=None):
    return adjusting.accept(initiative_id=version.initiatives.get(title=title).pk, by=by, seen=seen)


def hand_in_again(version, by, **changes):
    transitions.withdraw(submission_id=version.submission_id, by=by)
    version.submission.initiatives.filter(title="Mentorer").update(**changes or {"title": "Mentorer"})
    return hand_in(version.submission, by)


def test_what_nobody_has_looked_at_is_open(version):
    assert stands(version) == {"Mentorer": "open", "Netværk": "open"}
    assert of(version) == Status("open", None, None, None) and not of(version).is_settled


def test_the_latest_decision_is_the_status(version, cast):
    accepted = accept(version, cast.mette)
    assert of(version) == Status("accepted", None, accepted.pk, None) and of(version).is_settled
    adjusting.reopen(initiative_id=accepted.initiative_id, by=cast.mette, seen=accepted.pk)
    assert (of(version).name, of(version).since, of(version).is_settled) == ("open", None, False)
    adjusted = build_adjustment(accepted.initiative, cast.mette)
    assert of(version) == Status("adjusted", None, adjusted.pk, None) and of(version).is_settled
    withdrawn = adjusting.withdraw_adjustment(
        initiative_id=accepted.initiative_id, by=cast.mette, seen=adjusted.pk, explanation="Nej."
    )
    assert of(version) == Status("open", None, withdrawn.pk, None)
    assert of(version, "Netværk").name == "open"


def test_a_question_waits_until_it_is_answered(version, cast):
    asked = say(version, cast.mette)
    assert of(version) == Status("asked", asked.at, None, None) and not of(version).is_settled
    assert of(version, "Netværk").name == "open"
    answer = say(version, cast.carl, reply_to=asked)
    assert of(version) == Status("answered", answer.at, None, None) and not of(version).is_settled
    again = say(version, cast.mette, reply_to=asked)
    assert (of(version).name, of(version).since) == ("asked", again.at)


def test_an_answer_is_read_before_it_is_settled(version, cast):
    accepted = accept(version, cast.mette)
    asked = say(version, cast.mette)
    answer = say(version, cast.carl, reply_to=asked)
    assert of(version) == Status("answered", answer.at, accepted.pk, None)
    reopened = adjusting.reopen(initiative_id=accepted.initiative_id, by=cast.mette, seen=accepted.pk)
    assert of(version).name == "open"
    accept(version, cast.mette, seen=reopened.pk)
    assert of(version).name == "accepted"
    later = say(version, cast.carl, reply_to=asked)
    assert (of(version).name, of(version).since) == ("answered", later.at)


def test_a_decision_about_an_earlier_version_has_dealt_with_its_answers(version, cast):
    say(version, cast.carl, reply_to=say(version, cast.mette))
    build_adjustment(version.initiatives.get(title="Mentorer"), cast.mette)
    assert of(hand_in_again(version, cast.carl)).name == "open"


def test_a_question_after_the_decision_waits_though_an_older_one_was_never_answered(version, cast):
    say(version, cast.mette)
    accept(version, cast.mette)
    asked = say(version, cast.mette, field="purpose")
    assert (of(version).name, of(version).since) == ("asked", asked.at)


def test_what_the_municipality_began_is_a_question_once_the_ministry_has_written_in_it(version, cast):
    first = say(version, cast.carl)
    assert of(version).name == "open"
    say(version, cast.mette, reply_to=first)
    assert of(version).name == "asked"
    say(version, cast.carl, reply_to=first)
    assert of(version).name == "answered"


def test_of_several_questions_the_oldest_that_waits_tells_how_long(version, cast):
    answered, first = say(version, cast.mette), say(version, cast.mette, field="content")
    say(version, cast.mette, field="purpose")
    say(version, cast.carl, reply_to=answered)
    assert of(version).since == first.at


def test_what_the_municipality_writes_first_or_about_the_whole_answer_is_no_question(version, cast):
    say(version, cast.carl)
    dialogue.post(submission_id=version.submission_id, by=cast.mette, from_ministry=True, text="Tak.", seen=0)
    assert stands(version) == {"Mentorer": "open", "Netværk": "open"}


def test_a_question_after_a_decision_waits_and_a_decision_after_a_question_settles(version, cast):
    accepted = accept(version, cast.mette)
    asked = say(version, cast.mette)
    assert of(version) == Status("asked", asked.at, accepted.pk, None)
    reopened = adjusting.reopen(initiative_id=accepted.initiative_id, by=cast.mette, seen=accepted.pk)
    accept(version, cast.mette, seen=reopened.pk)
    assert of(version).name == "accepted"


def test_what_was_accepted_and_has_not_changed_stays_accepted_in_the_next_version(version, cast):
    accepted = accept(version, cast.mette)
    second = hand_in_again(version, cast.carl)
    assert of(second) == Status("accepted", accepted.at, None, None)
    assert of(second, "Netværk").name == "open"
    asked = say(second, cast.mette)
    assert (of(second).name, of(second).since) == ("asked", asked.at)


def test_it_stays_accepted_through_two_versions(version, cast):
    accept(version, cast.mette)
    third = hand_in_again(hand_in_again(version, cast.carl), cast.carl)
    assert of(third).name == "accepted"


@pytest.mark.parametrize(
    "changes",
    [{"gross_expenditure": 9}, {"title": "Mentorer "}, {"service_area": "social"}, {"scope": "out"}],
)
def test_what_has_changed_since_it_was_accepted_is_open_again(version, cast, changes):
    accept(version, cast.mette)
    second = hand_in_again(version, cast.carl, **changes)
    assert statuses([second.pk])[second.initiatives.first().pk].name == "open"


def test_a_correction_does_not_follow_into_the_next_version(version, cast):
    build_adjustment(version.initiatives.get(title="Mentorer"), cast.mette)
    assert of(hand_in_again(version, cast.carl)).name == "open"


def test_what_was_opened_again_is_open_in_the_next_version_too(version, cast):
    accepted = accept(version, cast.mette)
    adjusting.reopen(initiative_id=accepted.initiative_id, by=cast.mette, seen=accepted.pk)
    assert of(hand_in_again(version, cast.carl)).name == "open"


def test_the_reviewer_follows_the_initiative_through_the_versions(version, cast):
    uuid = version.initiatives.get(title="Mentorer").uuid
    reviewing.assign(submission_id=version.submission_id, uuids=[uuid], reviewer=cast.rikke, by=cast.mette)
    second = hand_in_again(version, cast.carl)
    assert of(second).reviewer == cast.rikke.pk and of(second, "Netværk").reviewer is None


def test_each_version_is_told_of_by_itself(version, cast, aarhus):
    build_initiative(aarhus, cast.bo, title="Mentorer", uuid=version.initiatives.get(title="Mentorer").uuid)
    other = hand_in(aarhus, cast.bo)
    accept(version, cast.mette)
    say(other, cast.mette)
    assert (of(version).name, of(other).name) == ("accepted", "asked")
    assert len(statuses([version.pk, other.pk])) == 3 and statuses([]) == {}


@pytest.mark.parametrize("extra", [0, 5])
def test_the_number_of_queries_does_not_follow_that_of_initiatives(
    odense, cast, extra, django_assert_num_queries
):
    for n in range(1 + extra):
        build_initiative(odense, cast.anna, title=f"Nr. {n}")
    version = hand_in(odense, cast.carl)
    for initiative in version.initiatives.all():
        adjusting.accept(initiative_id=initiative.pk, by=cast.mette, seen=None)
    second = hand_in_again(version, cast.carl)
    with django_assert_num_queries(7):
        assert {status.name for status in statuses([second.pk]).values()} == {"accepted"}


def test_who_approves_an_answer_settles_all_in_it(odense, cast):
    build_initiative(odense, cast.anna)
    version = hand_in(odense, cast.carl)
    transitions.approve(submission_id=odense.pk, by=cast.mette, version_seen=1)
    assert [status.is_settled for status in statuses([version.pk]).values()] == [True]
