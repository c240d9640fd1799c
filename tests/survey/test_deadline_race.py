"""200 hand-ins in two seconds around a deadline: those are in that come before it by the database's clock."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from municipalities.models import Membership, Municipality, OutgoingMail, PopulationCount, Role
from survey import canonical, transitions
from survey.models import Submission, SubmissionVersion, SurveyRound
from survey.transitions import Refused, database_now
from tests.builders import POPULATION_DATE, build_round
from tests.conftest import build_cast

pytestmark = pytest.mark.django_db(transaction=True)
HAND_INS, WORKERS, SPREAD = 200, 20, 2.0  # seconds
SECOND = timedelta(seconds=1)


@pytest.fixture
def cast():
    return build_cast()


@pytest.fixture
def many(cast):
    """200 drafts of one round, all of which Carl may hand in; every second may get more time."""
    odense = Municipality.objects.get(code="461")
    names = {str(code): f"Kommune {code}" for code in range(100, 100 + HAND_INS)}
    others = Municipality.objects.bulk_create(
        Municipality(
            code=code,
            name=name,
            official_name=name,
            region=odense.region,
            cvr=f"20000{code}",
            tile_row=1,
            tile_column=int(code),
        )
        for code, name in names.items()
    )
    PopulationCount.objects.bulk_create(
        PopulationCount(municipality=one, date=POPULATION_DATE, inhabitants=9, source="test")
        for one in others
    )
    Membership.objects.bulk_create(
        Membership(user=cast.carl, role=Role.APPROVER, municipality=one) for one in others
    )
    survey_round = build_round()
    return list(survey_round.submissions.filter(municipality__in=others).select_related("municipality"))


def nil_return(submission):
    """The seal of an answer without initiatives."""
    return canonical.seal(
        accounts_year=2025,
        municipality_code=submission.municipality.code,
        version=1,
        is_nil=True,
        initiatives=[],
        warnings=(),
        nothing_to_report_in=[],
    )


class Race:
    """Hand-ins spread over two seconds, the deadline in the middle; every second has half a second more.

    The first has an hour more, so that somebody is in time however slow the machine is; the last is late.
    """

    def __init__(self, submissions, by):
        self.submissions, self.by, self.outcomes = submissions, by, {}
        self.ready = Barrier(WORKERS, action=self.set_dates)

    def set_dates(self):
        self.begun = time.monotonic()
        until = database_now() + SECOND * SPREAD / 2
        SurveyRound.objects.update(deadline=until, edit_until=until)
        late = [submission.pk for submission in self.submissions[::2]]
        Submission.objects.filter(pk__in=late).update(extended_until=until + SECOND / 2)
        Submission.objects.filter(pk=late[0]).update(extended_until=until + 3600 * SECOND)

    def hand_in(self, submission):
        before = database_now()
        try:
            transitions.hand_in(submission_id=submission.pk, by=self.by, seen=nil_return(submission))
            is_in = True
        except Refused:
            is_in = False
        self.outcomes[submission.pk] = (before, is_in, database_now())

    def work(self, worker):
        try:
            connection.ensure_connection()
            self.ready.wait(60)
            for place in range(worker, len(self.submissions), WORKERS):
                time.sleep(max(0, self.begun + SPREAD * place / HAND_INS - time.monotonic()))
                self.hand_in(self.submissions[place])
        finally:
            connection.close()

    def run(self):
        with ThreadPoolExecutor(WORKERS) as pool:
            list(pool.map(self.work, range(WORKERS)))
        return self


@pytest.fixture
def judged(monkeypatch):
    """Submission -> the moment that it was judged by."""
    moments, accepts_entries = {}, Submission.accepts_entries

    def remember(self, now):
        moments[self.pk] = now
        return accepts_entries(self, now)

    monkeypatch.setattr(Submission, "accepts_entries", remember)
    return moments


def test_of_200_hand_ins_around_the_deadline_those_before_it_by_the_databases_clock_are_in(
    many, cast, judged
):
    race = Race(many, cast.carl).run()
    stored = Submission.objects.select_related("round").in_bulk([submission.pk for submission in many])
    versions = {version.submission_id: version for version in SubmissionVersion.objects.all()}
    for pk, (before, is_in, after) in race.outcomes.items():
        assert before <= judged[pk] <= after
        until = stored[pk].extended_until or stored[pk].round.edit_until
        assert is_in == (judged[pk] < until) == (pk in versions)
        assert stored[pk].state == ("submitted" if is_in else "draft")
        if is_in:
            assert versions[pk].submitted_at == judged[pk] == versions[pk].events.get().at
    receipts = set(OutgoingMail.objects.values_list("subject", flat=True))
    assert len(race.outcomes) == len(many) and len(receipts) == len(versions)
    assert 0 < len(versions) < len(many)
