"""Many at once on real PostgreSQL, each race with a twin that shows that the test can fail."""

import uuid
from contextlib import contextmanager
from threading import Barrier, Thread

import pytest
from django.db import connection, transaction

from survey import adjusting, canonical, entering, transitions
from survey.models import Adjustment, Initiative, Submission, SubmissionVersion
from tests.builders import answers, build_initiative, build_round, hand_in
from tests.conftest import build_cast

MANY = 20
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast():
    return build_cast()


@pytest.fixture
def odense(cast):
    submissions = build_round().submissions.select_related("round", "municipality")
    return submissions.get(municipality__code="461")


def at_once(function, count=MANY) -> list:
    """Calls function(i) in `count` threads, each with a connection of its own; results or exceptions."""
    results, start = [], Barrier(count)

    def run(i):
        try:
            connection.ensure_connection()
            start.wait(30)
            results.append(function(i))
        except Exception as error:
            results.append(error)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(i,)) for i in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


@contextmanager
def unlocked(submissions):
    """transitions.locked without its lock."""
    with transaction.atomic():
        submission = submissions.select_related("round", "municipality").get()
        yield submission, transitions.database_now()


def without_the_lock(monkeypatch, module, model):
    """Takes the lock out of `module`; everybody has read and judged before anybody writes to `model`."""
    all_have_judged, save = Barrier(MANY), model.save

    def save_after_all_have_judged(self, **kwargs):
        all_have_judged.wait(30)
        save(self, **kwargs)

    monkeypatch.setattr(module, "locked", unlocked)
    monkeypatch.setattr(model, "save", save_after_all_have_judged)


def hand_in_at_once(odense, cast):
    build_initiative(odense, cast.anna)
    seen = canonical.seal(**odense.answer(list(odense.initiatives.all())))
    return at_once(lambda i: transitions.hand_in(submission_id=odense.pk, by=cast.carl, seen=seen))


def test_twenty_hand_ins_at_once_give_one_receipt_shown_to_all(odense, cast):
    results = hand_in_at_once(odense, cast)
    assert len(results) == MANY
    assert {str(result) for result in results} == {"2025-461-1"}
    assert SubmissionVersion.objects.count() == 1 and odense.events.count() == 1


@pytest.fixture
def without_unique_receipts():
    """The second wall, taken down: the constraints would stop the twins by themselves."""
    names = {
        "one_version_a_number": "submission_id, number",
        "survey_submissionversion_receipt_number_key": "receipt_number",
    }
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute(f"ALTER TABLE survey_submissionversion DROP CONSTRAINT {name}")
    yield
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE survey_submissionversion CASCADE")
        for name, columns in names.items():
            cursor.execute(f"ALTER TABLE survey_submissionversion ADD CONSTRAINT {name} UNIQUE ({columns})")


def test_without_the_lock_twenty_hand_ins_give_twenty(odense, cast, monkeypatch, without_unique_receipts):
    without_the_lock(monkeypatch, transitions, SubmissionVersion)
    results = hand_in_at_once(odense, cast)
    assert [r for r in results if isinstance(r, Exception)] == []
    assert SubmissionVersion.objects.count() == MANY


def save(initiative, by, title, revision=None):
    copy = Initiative.objects.get(pk=initiative.pk)
    copy.title = title
    entering.save_initiative(
        submissions=Submission.objects.filter(pk=copy.submission_id),
        initiative=copy,
        by=by,
        revision=revision or copy.revision,
    )


def test_of_twenty_saves_of_one_revision_one_is_stored_and_the_others_are_told(odense, cast):
    initiative = build_initiative(odense, cast.anna)
    results = at_once(lambda i: save(initiative, cast.anna, f"Titel {i}", revision=1))
    assert results.count(None) == 1
    assert sum(isinstance(result, entering.Conflict) for result in results) == MANY - 1
    initiative.refresh_from_db()
    assert initiative.revision == 2


def test_without_the_revision_that_was_seen_twenty_saves_overwrite_one_another(odense, cast):
    initiative = build_initiative(odense, cast.anna)

    def save_whatever_is_stored(i):
        while True:
            try:
                return save(initiative, cast.anna, f"Titel {i}")
            except entering.Conflict:
                pass

    assert at_once(save_whatever_is_stored).count(None) == MANY
    initiative.refresh_from_db()
    assert initiative.revision == MANY + 1


def test_of_twenty_first_saves_of_a_new_initiative_one_is_stored(odense, cast):
    new = Initiative(uuid=uuid.uuid4(), **answers())

    def save_new(i):
        submissions = Submission.objects.filter(pk=odense.pk)
        entering.save_initiative(submissions=submissions, initiative=new, by=cast.anna, revision=0)

    assert at_once(save_new).count(None) == 1
    assert odense.initiatives.count() == 1


def test_saving_and_handing_in_at_once_seals_what_is_stored(odense, cast):
    """Either the save comes first and the hand-in is told, or it comes after and is refused."""
    initiative = build_initiative(odense, cast.anna)
    seen = canonical.seal(**odense.answer([initiative]))

    def act(i):
        if i % 2:
            return transitions.hand_in(submission_id=odense.pk, by=cast.carl, seen=seen)
        return save(initiative, cast.anna, f"Titel {i}", revision=1)

    results = at_once(act)
    initiative.refresh_from_db()
    expected = (SubmissionVersion, type(None), transitions.Refused, entering.Conflict)
    assert all(isinstance(result, expected) for result in results)
    assert SubmissionVersion.objects.exists() or initiative.revision == 2
    titles = list(SubmissionVersion.objects.values_list("initiatives__title", flat=True))
    assert titles in ([], [initiative.title])


def test_a_save_waits_for_a_hand_in_under_way_and_is_then_refused(odense, cast):
    initiative, outcome = build_initiative(odense, cast.anna), []

    def save_meanwhile():
        try:
            outcome.append(save(initiative, cast.anna, "For sent", revision=1))
        except transitions.Refused as refusal:
            outcome.append(refusal)
        finally:
            connection.close()

    thread = Thread(target=save_meanwhile)
    with transitions.locked(Submission.objects.filter(pk=odense.pk)):
        thread.start()
        thread.join(0.5)
        assert thread.is_alive()  # without the save's lock it has been stored by now
        Submission.objects.filter(pk=odense.pk).update(state=Submission.State.SUBMITTED)
    thread.join(30)
    assert isinstance(outcome[0], transitions.Refused)


@pytest.fixture
def reported(odense, cast):
    build_initiative(odense, cast.anna, gross_expenditure=1250)
    return hand_in(odense, cast.carl).initiatives.get()


def adjust(initiative, by, gross_expenditure=125):
    return adjusting.adjust(
        initiative_id=initiative.pk,
        by=by,
        seen=None,
        reason="other",
        explanation="Aftalt.",
        gross_expenditure=gross_expenditure,
    )


def two_reviewers_adjust(reported, cast):
    return at_once(lambda i: adjust(reported, (cast.mette, cast.rikke)[i % 2]))


def test_the_same_adjustment_twenty_times_at_once_is_one_row_shown_to_all(reported, cast):
    results = two_reviewers_adjust(reported, cast)
    assert results == [Adjustment.objects.get()] * MANY


def test_without_the_lock_the_same_adjustment_is_twenty_rows(reported, cast, monkeypatch):
    without_the_lock(monkeypatch, adjusting, Adjustment)
    two_reviewers_adjust(reported, cast)
    assert Adjustment.objects.count() == MANY


def test_of_twenty_different_adjustments_at_once_one_is_added_and_the_others_are_told(reported, cast):
    results = at_once(lambda i: adjust(reported, cast.mette, gross_expenditure=i))
    assert sum(isinstance(result, transitions.Refused) for result in results) == MANY - 1
    assert Adjustment.objects.get() in results


def adjust_during_a_withdrawal(reported, cast):
    """What a reviewer's adjustment came to that began while the municipality's withdrawal was under way."""
    outcome: list = []
    thread = Thread(target=lambda: outcome.extend(at_once(lambda i: adjust(reported, cast.mette), count=1)))
    with transaction.atomic():
        transitions.withdraw(submission_id=reported.version.submission_id, by=cast.carl)
        thread.start()
        thread.join(0.5)
    thread.join(30)
    return outcome[0]


def test_an_adjustment_waits_for_a_withdrawal_under_way_and_is_then_refused(reported, cast):
    assert isinstance(adjust_during_a_withdrawal(reported, cast), transitions.Refused)
    assert not Adjustment.objects.exists()


def test_without_the_lock_an_answer_is_adjusted_while_it_is_withdrawn(reported, cast, monkeypatch):
    monkeypatch.setattr(adjusting, "locked", unlocked)
    assert isinstance(adjust_during_a_withdrawal(reported, cast), Adjustment)


def test_adjusting_and_withdrawing_at_once_adjusts_only_what_still_counted(reported, cast):
    def act(i):
        if i == MANY // 2:
            return transitions.withdraw(submission_id=reported.version.submission_id, by=cast.carl)
        return adjust(reported, cast.mette)

    results = at_once(act)
    assert results.count(None) == 1
    assert all(isinstance(result, (Adjustment, transitions.Refused, type(None))) for result in results)
    withdrawn_at = reported.version.events.get(kind="withdrawn").at
    assert [a.at < withdrawn_at for a in Adjustment.objects.all()] in ([], [True])
