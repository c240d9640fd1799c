"""A trial: who takes part, what may be done in it, that nothing counts it, and that nothing is left of it."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from municipalities.models import OutgoingMail
from survey import dialogue, transitions
from survey.areas import state_empty
from survey.checking import keep_reasons, warnings_of
from survey.copying import earlier_versions
from survey.models import (
    DialogueRead,
    Initiative,
    Message,
    Submission,
    SubmissionVersion,
    SurveyRound,
    Upload,
    WarningReason,
)
from survey.models.areas import SubmissionArea
from survey.rounds import trial
from survey.rounds.lifecycle import open_round
from survey.transitions import Refused, TrialPassed
from tests.builders import POPULATION_DATE, build_initiative, hand_in, pass_warnings, seen_by_approver

ROWS = (Initiative, SubmissionArea, WarningReason, Message, DialogueRead, Upload)
HISTORIES = [apps.get_model("survey", name) for name in trial.HISTORIES]
YEAR = 2027


def build_draft(**fields) -> SurveyRound:
    later = timezone.now() + timedelta(days=90)
    row = {
        "accounts_year": YEAR,
        "price_level": YEAR,
        "population_date": POPULATION_DATE,
        "opens_at": later,
        "deadline": later + timedelta(days=30),
        "edit_until": later + timedelta(days=40),
    }
    return SurveyRound.objects.create(**row | fields)


def build_trial(by, *codes, **fields) -> SurveyRound:
    return trial.start(round_id=build_draft(**fields).pk, by=by, codes=codes or ["461"])


def pilot(survey_round, code="461") -> Submission:
    submissions = survey_round.submissions.select_related("round", "municipality")
    return submissions.get(municipality__code=code)


def fill(submission, editor, approver, reviewer) -> None:
    """Something of every kind that can be entered."""
    initiative = build_initiative(submission, editor, gross_expenditure=0)
    one = Submission.objects.filter(pk=submission.pk)
    state_empty(submissions=one, areas=["health_elderly"], by=approver)
    reasons = {"expenditure_zero": "Frivillige."}
    keep_reasons(submission=submission, uuid=initiative.uuid, reasons=reasons, by=editor)
    said = {"submission_id": submission.pk, "text": "Er det nul?", "seen": 0}
    asked = dialogue.post(by=reviewer, from_ministry=True, uuid=initiative.uuid, **said)
    dialogue.post(by=editor, from_ministry=False, reply_to=asked.pk, **said | {"text": "Ja."})
    dialogue.mark_read(submission, editor, asked.pk)
    Upload.objects.create(submission=submission, uploaded_by=editor, name="x.xlsx", content=b"x")


def counted(submission_id: int) -> dict:
    return {model: model.objects.filter(submission=submission_id).count() for model in (*ROWS, *HISTORIES)}


@pytest.fixture
def tried(cast):
    return build_trial(cast.rikke)


def test_a_trial_gives_the_pilots_their_submissions_and_an_event_names_them(cast):
    draft = build_draft()
    trial.start(round_id=draft.pk, by=cast.rikke, codes=["461", "751"])
    trial.start(round_id=draft.pk, by=cast.rikke, codes=["665", "751"])
    draft.refresh_from_db()
    assert draft.state == "trial" and not draft.is_opened
    assert set(draft.submissions.values_list("municipality__code", flat=True)) == {"461", "665", "751"}
    said = [(event.kind, event.by, event.state, event.reason) for event in draft.events.all()]
    assert said == [
        ("trial_started", cast.rikke, "trial", "Prøvekommuner: Aarhus, Odense"),
        ("trial_started", cast.rikke, "trial", "Prøvekommuner: Lemvig"),
    ]


def test_a_trial_needs_no_population(cast):
    assert build_trial(cast.rikke, population_date="2031-01-01").state == "trial"


@pytest.mark.parametrize("codes", [[], ["999"]])
def test_a_trial_without_a_municipality_is_refused(cast, codes):
    draft = build_draft()
    with pytest.raises(Refused):
        trial.start(round_id=draft.pk, by=cast.rikke, codes=codes)
    draft.refresh_from_db()
    assert draft.state == "draft" and not draft.events.exists()


def test_who_is_in_the_trial_already_is_not_let_in_again(tried, cast):
    with pytest.raises(Refused):
        trial.start(round_id=tried.pk, by=cast.rikke, codes=["461"])
    assert tried.submissions.count() == 1 and tried.events.count() == 1


def test_an_opened_round_is_not_tried_out(survey_round, cast):
    with pytest.raises(Refused, match="åbnet"):
        trial.start(round_id=survey_round.pk, by=cast.rikke, codes=["461"])
    with pytest.raises(Refused, match="ingen prøve"):
        trial.end(round_id=survey_round.pk, by=cast.rikke)
    assert survey_round.submissions.count() == 4


@pytest.mark.parametrize("name", ["mette", "admin", "carl"])
def test_the_round_manager_alone_begins_and_ends_a_trial(tried, cast, name):
    by = getattr(cast, name)
    with pytest.raises(PermissionDenied):
        trial.start(round_id=tried.pk, by=by, codes=["751"])
    with pytest.raises(PermissionDenied):
        trial.end(round_id=tried.pk, by=by)
    assert tried.submissions.count() == 1


def test_the_pilot_and_the_reviewers_enter_in_a_trial_and_others_do_not_see_it(tried, cast):
    submission = pilot(tried)
    assert submission.accepts_entries(timezone.now())  # long before it opens
    enters = {name: submission.may_edit(getattr(cast, name)) for name in vars(cast)}
    assert enters == {
        "anna": True,
        "carl": True,
        "lis": False,
        "bo": False,
        "mette": True,
        "rikke": True,
        "admin": False,
    }
    for name in ("bo", "admin"):
        assert not Submission.objects.worked_on_by(getattr(cast, name)).filter(round=tried).exists()
    assert not SurveyRound.objects.visible_to(cast.bo).filter(pk=tried.pk).exists()
    assert SurveyRound.objects.visible_to(cast.lis).filter(pk=tried.pk).exists()


def test_handing_in_in_a_trial_judges_all_and_makes_nothing(tried, cast):
    submission = pilot(tried)
    build_initiative(submission, cast.anna, content="")
    with pytest.raises(Refused):
        transitions.hand_in(submission_id=submission.pk, by=cast.carl, seen=seen_by_approver(submission))
    submission.initiatives.update(content="Mentorer.")
    pass_warnings(submission, cast.carl)
    for by in (cast.carl, cast.rikke):
        with pytest.raises(TrialPassed):
            transitions.hand_in(submission_id=submission.pk, by=by, seen=seen_by_approver(submission))
    submission.refresh_from_db()
    assert submission.state == "draft" and not submission.events.exists()
    assert not SubmissionVersion.objects.exists()
    assert not OutgoingMail.objects.exclude(subject__endswith="prøve af spørgeskemaet")


def test_the_database_takes_no_version_in_a_trial(tried, cast):
    version = """
        INSERT INTO survey_submissionversion (submission_id, number, receipt_number, submitted_at,
            submitted_by_id, is_nil, initiative_count, checksum, submitted_by_name, attestation, nil_areas)
        VALUES (%s, 1, '2027-461-1', now(), %s, true, 0, repeat('0', 64), 'Carl', 'x', '{}')"""
    values = [pilot(tried).pk, cast.carl.pk]
    with connection.cursor() as cursor:
        with pytest.raises(IntegrityError, match="ikke åbnet"), transaction.atomic():
            cursor.execute(version, values)
        SurveyRound.objects.filter(pk=tried.pk).update(state="open")
        cursor.execute(version, values)  # nothing else is wrong with it


def test_the_pilots_who_can_enter_are_told_of_the_trial_once_and_of_nothing_in_it(tried, cast):
    trial.start(round_id=tried.pk, by=cast.rikke, codes=["751"])
    fill(pilot(tried), cast.anna, cast.carl, cast.mette)
    mails = OutgoingMail.objects.order_by("queued_at", "to").values_list("to", "subject")
    said = "{} Kommune er med i en prøve af spørgeskemaet"
    assert set(mails) == {
        (cast.anna.email, said.format("Odense")),
        (cast.carl.email, said.format("Odense")),
        (cast.bo.email, said.format("Aarhus")),
    }
    assert len(mails) == 3 and f"/kommune/461/{YEAR}/" in OutgoingMail.objects.get(to=cast.anna.email).text


def test_outside_a_trial_the_same_messages_are_told_of(odense, cast):
    fill(odense, cast.anna, cast.carl, cast.mette)
    assert OutgoingMail.objects.exists()


def ended(survey_round, cast):
    trial.end(round_id=survey_round.pk, by=cast.rikke)


def opened(survey_round, cast):
    open_round(round_id=survey_round.pk, by=cast.rikke)


@pytest.mark.parametrize("finish", [ended, opened])
def test_a_trial_that_is_over_leaves_nothing_and_takes_nothing_else_with_it(tried, odense, cast, finish):
    mine = pilot(tried)
    for submission in (mine, odense):
        fill(submission, cast.anna, cast.carl, cast.mette)
    before = counted(odense.pk)
    assert counted(mine.pk) == before and 0 not in before.values()
    finish(tried, cast)
    assert set(counted(mine.pk).values()) == {0} and counted(odense.pk) == before
    assert not Submission.objects.filter(pk=mine.pk).exists() and odense.round.submissions.count() == 4
    tried.refresh_from_db()
    kinds = list(tried.events.values_list("kind", flat=True))
    if finish is ended:
        assert (tried.state, kinds) == ("draft", ["trial_started", "trial_ended"])
    else:
        assert (tried.state, kinds) == ("open", ["trial_started", "trial_ended", "opened"])
        assert tried.submissions.count() == 4


def test_the_history_is_only_added_to_again_once_the_trial_is_thrown_away(tried, odense, cast):
    for submission in (pilot(tried), odense):
        fill(submission, cast.anna, cast.carl, cast.mette)
    trial.end(round_id=tried.pk, by=cast.rikke)
    for history in HISTORIES:
        with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
            history.objects.filter(submission=odense.pk).delete()


def test_a_trial_can_be_begun_again(tried, cast):
    build_initiative(pilot(tried), cast.anna)
    trial.end(round_id=tried.pk, by=cast.rikke)
    trial.start(round_id=tried.pk, by=cast.rikke, codes=["461"])
    assert not pilot(tried).initiatives.exists()


def test_who_an_opened_round_asked_stays_and_a_trial_s_pilots_may_go(tried, odense):
    for state in ("open", "closed", "locked", "archived"):
        SurveyRound.objects.filter(pk=odense.round_id).update(state=state)
        with pytest.raises(IntegrityError, match="kan ikke slettes"), transaction.atomic():
            Submission.objects.filter(round=odense.round_id).delete()
    pilot(tried).delete()


def test_the_pilots_are_counted_in_one_query(tried, cast, django_assert_num_queries):
    fill(pilot(tried), cast.anna, cast.carl, cast.mette)
    build_initiative(pilot(tried), cast.anna)
    with django_assert_num_queries(1):
        [one] = trial.pilots(tried)
        assert str(one.municipality) == "Odense"
    assert (one.initiative_count, one.message_count) == (2, 2) and one.saved_at


def test_last_rounds_answers_are_copied_into_a_trial_but_never_from_one(tried, odense, cast):
    build_initiative(odense, cast.anna)
    hand_in(odense, cast.carl)
    assert [version.submission for version in earlier_versions(pilot(tried))] == [odense]
    build_initiative(pilot(tried), cast.anna)
    later = pilot(build_trial(cast.rikke, accounts_year=2029, price_level=2029))
    assert [version.submission for version in earlier_versions(later)] == [odense]


def test_a_trial_takes_no_earlier_rounds_place_among_the_peers(cast, monkeypatch, odense):
    """Of 2027's answers there are none yet, so those of 2025 are compared with, though 2026 is tried out."""
    monkeypatch.setattr("survey.checks.FEWEST_PEERS", 1)
    aarhus = odense.round.submissions.get(municipality__code="751")
    build_initiative(aarhus, cast.bo, gross_expenditure=1_000)
    hand_in(aarhus, cast.bo)
    build_trial(cast.rikke, accounts_year=2026)
    open_round(round_id=build_draft().pk, by=cast.rikke)
    now = pilot(SurveyRound.objects.get(accounts_year=YEAR))
    initiative = build_initiative(now, cast.anna, gross_expenditure=1_000_000)
    [warnings] = warnings_of(now, [initiative]).values()
    assert "expenditure_in_kroner" in [warning.rule for warning in warnings]
