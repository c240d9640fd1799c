"""What every step of tests/survey/test_round_machine.py needs: a clock that is told the time, a naive model
beside the tables, and the comparison of the two.

The clock is the database's own function, which a schema ahead of pg_catalog in the search path replaces:
the product runs unchanged, and time passes when a step says so.
"""

from datetime import UTC, datetime, timedelta
from operator import itemgetter

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from hypothesis.stateful import RuleBasedStateMachine, invariant

from reporting.totals import round_totals
from survey import canonical
from survey.models import Submission, SubmissionVersion, SurveyRound
from survey.transitions import Refused, TrialPassed
from tests.builders import POPULATION_DATE
from tests.survey.round_model import ROLES, Answer, Decision, Round
from tests.survey.round_replay import ADDED_ONLY, DATES, moment, read_tables, replay_round, replay_submission

START = datetime(2027, 3, 1, 11, tzinfo=UTC)  # the summer time begins on the 28th
DAY = timedelta(days=1)
CODES = {"461": "Odense", "751": "Aarhus", "665": "Lemvig", "482": "Langeland"}
REFUSALS = (Refused, ValidationError)

CLOCK = """
CREATE SCHEMA told;
CREATE FUNCTION told.clock_timestamp() RETURNS timestamptz LANGUAGE sql
    AS $$ SELECT current_setting('told.now')::timestamptz $$
"""


class Base(RuleBasedStateMachine):
    def __init__(self, cast):
        super().__init__()
        self.people = {name: getattr(cast, name) for name in ROLES}
        self.names = {user.pk: name for name, user in self.people.items()}
        self.number = 0
        self.outer = transaction.atomic()
        self.outer.__enter__()
        dates = {"opens_at": START + DAY, "deadline": START + 20 * DAY, "edit_until": START + 30 * DAY}
        self.planned, self.model = dates, Round(now=START, **dates)
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL search_path = told, pg_catalog, public")
        self.set_clock(START)
        basis = {"accounts_year": 2026, "price_level": 2026, "population_date": POPULATION_DATE}
        self.round_id = SurveyRound.objects.create(**basis, **dates).pk
        self.ids: dict[str, int] = {}
        self.before: dict[str, list] = {}
        self.leaves_nothing = False

    def teardown(self):
        try:
            self.check_figures()
            for version in SubmissionVersion.objects.all():
                assert canonical.seal(**version.answer()) == version.checksum
        finally:
            transaction.set_rollback(True)
            self.outer.__exit__(None, None, None)

    def set_clock(self, now):
        self.model.now = now
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('told.now', %s, true)", [now.isoformat()])

    def attempt(self, legal: bool, act, **kwargs) -> bool:
        """Runs the act, which must succeed exactly where the model says that it is legal.

        In a trial handing in succeeds by telling that all was in order, and leaves nothing behind.
        """
        outcome, error, tried = True, None, False
        try:
            act(**kwargs)
        except TrialPassed:
            tried = True
            assert self.model.state == "trial"
        except (*REFUSALS, PermissionDenied, Submission.DoesNotExist) as refusal:
            outcome, error = False, refusal
        assert outcome == bool(legal), error
        self.leaves_nothing = tried or not legal
        return legal and not tried

    def manage(self, legal, act, by, **kwargs):
        """An act of the round manager's on the round."""
        return self.attempt(
            legal and self.model.manages(by), act, round_id=self.round_id, by=self.people[by], **kwargs
        )

    def move(self, state):
        self.model.state, self.model.lock_asked_by = state, None

    def place(self, where):
        """It, or in a trial one that takes part."""
        return where if where in self.ids else next(iter(self.ids))

    def submissions(self, where):
        return Submission.objects.filter(pk=self.ids[where])

    def ask(self, codes):
        """The only municipalities that are in the round from now on; what they had entered is gone."""
        self.model.answers = {CODES[code]: Answer() for code in codes}
        rows = Submission.objects.filter(round=self.round_id).values_list("municipality__code", "pk")
        self.ids = {CODES[code]: pk for code, pk in rows}

    # What always holds

    @invariant()
    def the_tables_hold_what_the_model_holds(self):
        tables = read_tables()
        if tables == self.before:
            return
        assert not self.leaves_nothing
        for name in ADDED_ONLY:
            earlier = self.before.get(name, [])
            assert tables[name][: len(earlier)] == earlier
        self.before = tables
        self.check_round(tables)
        counting = dict(SubmissionVersion.objects.reported().values_list("submission_id", "pk"))
        for name, pk in self.ids.items():
            mine = {
                table: [row for row in rows if row.get("submission_id") == pk]
                for table, rows in tables.items()
            }
            (stored,) = [row for row in tables["survey_submission"] if row["id"] == pk]
            self.check_submission(self.model.answers[name], stored, mine, counting.get(pk))
            self.check_versions(name, mine["survey_submissionversion"], tables)

    def check_round(self, tables):
        (stored,) = tables["survey_surveyround"]
        found = {"state": stored["state"]} | {name: moment(stored[name]) for name in DATES}
        replayed = replay_round(tables["survey_roundevent"], self.planned)
        asked = self.names.get(replayed.pop("asked"))
        assert found == replayed == {name: getattr(self.model, name) for name in ("state", *DATES)}
        assert asked == self.model.lock_asked_by

    def check_submission(self, answer, stored, mine, counting):
        found = {"state": stored["state"], "due": moment(stored["return_due_at"])}
        replayed = replay_submission(mine["survey_submissionevent"])
        standing = replayed.pop("standing")
        assert found == replayed == {"state": answer.state, "due": answer.due}
        rows = mine["survey_extension"]
        extensions = [(moment(row["until"]), row["reason"], self.names[row["by_id"]]) for row in rows]
        assert extensions == answer.extensions
        assert moment(stored["extended_until"]) == (extensions[-1][0] if extensions else None)
        titles = {row["uuid"]: row["title"] for row in mine["survey_initiative"]}
        assert titles == answer.titles
        numbers = {row["id"]: row["number"] for row in mine["survey_submissionversion"]}
        assert counting == (standing[-1] if standing else None)
        assert numbers.get(counting) == answer.counting

    def decision(self, row) -> Decision:
        names = {name: row[name] for name in ("kind", "out_of_scope", "in_bulk")}
        by, at = self.names[row["by_id"]], moment(row["at"])
        return Decision(by=by, at=at, amount=row["gross_expenditure"], **names)

    def check_figures(self):
        """The product's totals are the model's sums, after what was decided last."""
        totals = round_totals(SurveyRound.objects.get(pk=self.round_id), self.model.now)
        found = {row.name: sum(row.expenditure.values()) if row.responded else None for row in totals.returns}
        assert found == {
            name: answer.versions[answer.counting - 1].counts if answer.counting else None
            for name, answer in self.model.answers.items()
        }

    def check_versions(self, name, rows, tables):
        subjects = [mail["subject"].split()[:2] for mail in tables["municipalities_outgoingmail"]]
        versions = self.model.answers[name].versions
        assert [row["number"] for row in rows] == list(range(1, len(versions) + 1))
        for row, version in zip(rows, versions, strict=True):
            reported = [r for r in tables["survey_reportedinitiative"] if r["version_id"] == row["id"]]
            reported.sort(key=itemgetter("position"))
            assert [r["title"] for r in reported] == version.titles
            for r, decisions in zip(reported, version.decisions, strict=True):
                rows_of = [a for a in tables["survey_adjustment"] if a["initiative_id"] == r["id"]]
                assert [self.decision(a) for a in rows_of] == decisions
            assert row["is_nil"] == (not version.titles)
            assert (self.names[row["submitted_by_id"]], moment(row["submitted_at"])) == (
                version.by,
                version.at,
            )
            assert subjects.count(["Kvittering", row["receipt_number"]]) == 1
