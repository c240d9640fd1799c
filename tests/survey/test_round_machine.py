"""Rounds, submissions, extensions and decisions against a naive model, by steps that hypothesis makes up.

After each step the tables hold what the model holds, and nothing else: an act that the model refuses is
refused and leaves no trace. tests/survey/round_life.py compares, tests/survey/round_model.py is the model.
"""

from contextlib import suppress
from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from django.db import connection
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from survey import canonical, entering, transitions
from survey.models import Initiative
from survey.rounds import lifecycle, trial
from survey.rounds.extensions import extend
from tests.builders import answers
from tests.survey.round_life import CLOCK, CODES, DAY
from tests.survey.round_model import ROLES, STEP_BACK, Answer, Version
from tests.survey.round_review import Review, usually

WHERE = st.sampled_from(["Odense"] * 4 + ["Aarhus"])
APPROVERS = {"Odense": "carl", "Aarhus": "bo"}
DAYS = st.sampled_from([1, 4, 9, 25, -1])
ROUND_ACTS = ("open", "end_trial", "close", "ask_to_lock", "lock", "reopen", "archive", "change_dates")
MINISTRY_ACTS = ("send_back", "approve", "extend")
ACTS = ("enter", "hand_in", "withdraw", *MINISTRY_ACTS)
SEEN = st.sampled_from([0] * 6 + [-1, 1])  # from the number of the version that counts

BEGUN = st.sampled_from(
    ["answered", "again", "adjusted", "open", "planned", "trial", "closed", "asked", "locked"]
)
OWN_APPROVER = usually("")  # by APPROVERS, when it is known where


class Life(Review):
    # Time

    @rule(step=st.sampled_from([timedelta(hours=1), DAY, 4 * DAY, 9 * DAY]))
    def time_passes(self, step):
        self.set_clock(self.model.now + step)

    @precondition(lambda self: self.model.next_dates())
    @rule(after=st.sampled_from([-1, 0, 1]))
    def the_next_date_comes(self, after):
        """To the microsecond: what ends at a moment is over at it, and not just before."""
        self.set_clock(self.model.next_dates()[0] + timedelta(microseconds=after))

    # The round

    @initialize(begun=BEGUN)
    def begin(self, begun):
        """The first steps of many lives, or few would come far in fifty."""
        if begun == "trial":
            self.start_trial("rikke", ["461"])
        if begun in ("planned", "trial"):
            return
        self.open("rikke")
        self.set_clock(self.model.opens_at)
        if begun == "open":
            return
        self.enter("carl", "Odense")
        self.hand_in("carl", "Odense", looked=True)
        if begun == "again":
            self.withdraw("carl", "Odense")
            self.hand_in("carl", "Odense", looked=True)
        if begun == "adjusted":
            self.adjust("mette", 0, None, 125)
        if begun in ("answered", "again", "adjusted"):
            return
        self.accept_or_open_again("mette", 0, None, "accepted")
        self.approve("mette", "Odense", seen=0)
        self.set_clock(self.model.edit_until)
        self.close("rikke")
        if begun in ("asked", "locked"):
            self.ask_to_lock("rikke")
        if begun == "locked":
            self.lock("mette")

    @precondition(lambda self: self.model.state in ("draft", "trial"))
    @rule(by=usually("rikke"))
    def open(self, by):
        model = self.model
        legal = model.state in ("draft", "trial") and model.now < model.deadline
        if self.manage(legal, lifecycle.open_round, by):
            self.move("open")
            self.ask(CODES)

    @precondition(lambda self: self.model.state in ("draft", "trial"))
    @rule(by=usually("rikke"), codes=st.sampled_from([["461"], ["751"], ["461", "751"]]))
    def start_trial(self, by, codes):
        model = self.model
        new = {CODES[code]: Answer() for code in codes if CODES[code] not in model.answers}
        if self.manage(model.state in ("draft", "trial") and new, trial.start, by, codes=codes):
            earlier = model.answers
            self.move("trial")
            self.ask([code for code, name in CODES.items() if name in earlier | new])
            model.answers |= earlier

    @precondition(lambda self: self.model.state == "trial")
    @rule(by=usually("rikke"))
    def end_trial(self, by):
        if self.manage(self.model.state == "trial", trial.end, by):
            self.move("draft")
            self.ask([])

    @rule(
        by=usually("rikke"), name=st.sampled_from(["deadline", "edit_until", "both", "opens_at"]), days=DAYS
    )
    def change_dates(self, by, name, days):
        names = ("deadline", "edit_until") if name == "both" else (name,)
        dates = dict.fromkeys(names, self.model.now + days * DAY)
        if self.manage(self.model.may_change(dates), lifecycle.change_dates, by, reason="Mere tid.", **dates):
            vars(self.model).update(dates, lock_asked_by=None)

    @precondition(lambda self: self.model.may_close())
    @rule(by=usually("rikke"))
    def close(self, by):
        if self.manage(self.model.may_close(), lifecycle.close, by):
            self.move("closed")

    @precondition(lambda self: self.model.is_finished())
    @rule(by=usually("rikke"))
    def ask_to_lock(self, by):
        legal = self.model.is_finished() and self.model.proposed_by is None
        if self.manage(legal, lifecycle.ask_to_lock, by):
            self.model.lock_asked_by, self.model.lock_asked_at = by, self.model.now

    @precondition(lambda self: self.model.is_finished())
    @rule(by=st.sampled_from(["mette", "mette", "rikke", "mette", "rikke", "admin"]))
    def lock(self, by):
        model = self.model
        another = model.proposed_by not in (None, by)
        legal = model.checks(by) and model.is_finished() and another
        if self.attempt(legal, lifecycle.lock, round_id=self.round_id, by=self.people[by]):
            self.move("locked")

    @precondition(lambda self: self.model.state in STEP_BACK)
    @rule(by=usually("rikke"))
    def reopen(self, by):
        legal = self.model.state in STEP_BACK
        if self.manage(legal, lifecycle.reopen, by, reason="Der mangler én."):
            self.move(STEP_BACK[self.model.state])

    @precondition(lambda self: self.model.state == "locked")
    @rule(by=usually("rikke"))
    def archive(self, by):
        if self.manage(self.model.state == "locked", lifecycle.archive, by):
            self.move("archived")

    # The municipality

    @precondition(lambda self: self.model.has("draft", "returned"))
    @rule(by=OWN_APPROVER, where=WHERE)
    def enter(self, by, where):
        where = self.place(where)
        model, self.number, by = self.model, self.number + 1, by or APPROVERS[where]
        new = Initiative(
            uuid=uuid4(), **answers(title=f"Nr. {self.number}", gross_expenditure=1000 + self.number)
        )
        legal = model.enters(by, where) and model.is_open_for(where)
        act = partial(entering.save_initiative, submissions=self.submissions(where), revision=0)
        if self.attempt(legal, act, initiative=new, by=self.people[by]):
            model.answers[where].titles[str(new.uuid)] = new.title

    @precondition(lambda self: any(answer.titles for answer in self.model.answers.values()))
    @rule(by=OWN_APPROVER, where=WHERE)
    def delete(self, by, where):
        where = self.place(where)
        model, titles, by = self.model, self.model.answers[where].titles, by or APPROVERS[where]
        with suppress(StopIteration):
            uuid = next(iter(titles))
            legal = model.enters(by, where) and model.is_open_for(where)
            act = partial(entering.delete_initiative, submissions=self.submissions(where), revision=1)
            if self.attempt(legal, act, initiative=Initiative(uuid=uuid), by=self.people[by]):
                del titles[uuid]

    @precondition(lambda self: self.model.has("draft", "returned"))
    @rule(by=OWN_APPROVER, where=WHERE, looked=st.sampled_from([True] * 5 + [False]))
    def hand_in(self, by, where, looked):
        """Twice, as by two clicks; without having looked it is refused."""
        where = self.place(where)
        model, answer, by = self.model, self.model.answers[where], by or APPROVERS[where]
        approves, again = model.approves_for(by, where), answer.state in ("submitted", "approved")
        legal = approves and (again or (model.is_open_for(where) and looked))
        submission = self.submissions(where).select_related("round", "municipality").get()
        seen = canonical.seal(**submission.answer(list(submission.initiatives.order_by("pk"))))
        person = self.people[by]
        act = partial(transitions.hand_in, submission_id=submission.pk, by=person)
        if self.attempt(legal, act, seen=seen if looked else "0" * 64) and not again:
            version = Version(list(answer.titles.values()), by, model.now)
            answer.versions.append(version)
            answer.state, answer.due, model.touched_at = "submitted", None, model.now
            assert act(seen=seen).number == len(answer.versions)

    @precondition(lambda self: self.model.has("submitted"))
    @rule(by=OWN_APPROVER, where=WHERE)
    def withdraw(self, by, where):
        where = self.place(where)
        answer, by = self.model.answers[where], by or APPROVERS[where]
        legal = ROLES[by] == ("approver", where) and self.model.may_withdraw(where)
        if self.attempt(legal, transitions.withdraw, submission_id=self.ids[where], by=self.people[by]):
            answer.versions[-1].withdrawn = True
            answer.state = "returned" if answer.asked_until else "draft"
            answer.due, self.model.touched_at = answer.asked_until, self.model.now

    # The ministry

    @precondition(lambda self: self.model.has("submitted", "approved", "returned"))
    @rule(by=usually("rikke", "mette"), where=WHERE, seen=SEEN, days=DAYS)
    def send_back(self, by, where, seen, days):
        where = self.place(where)
        model, answer = self.model, self.model.answers[where]
        seen, due = (answer.counting or 0) + seen, model.now + days * DAY
        legal = model.checks(by) and model.may_send_back(by, where, seen, due)
        act = partial(transitions.send_back, submission_id=self.ids[where], comment="Se på beløbene.")
        if self.attempt(legal, act, by=self.people[by], version_seen=seen, due_at=due):
            answer.state, answer.due, answer.asked_until = "returned", due, due
            model.touched_at = model.now

    @precondition(lambda self: self.model.has("submitted"))
    @rule(by=usually("mette"), where=WHERE, seen=SEEN)
    def approve(self, by, where, seen):
        where = self.place(where)
        answer = self.model.answers[where]
        seen = (answer.counting or 0) + seen
        legal = self.model.checks(by) and self.model.may_approve(by, where, seen)
        act = partial(transitions.approve, submission_id=self.ids[where], by=self.people[by])
        if self.attempt(legal, act, version_seen=seen):
            answer.state, answer.asked_until, self.model.touched_at = "approved", None, self.model.now

    @precondition(lambda self: self.model.state == "open" and self.model.has("draft"))
    @rule(by=usually("rikke"), where=WHERE, days=DAYS, reason=st.sampled_from(["Ferie", "Sygdom"]))
    def extend(self, by, where, days, reason):
        """Twice, as by two clicks; it counts from midnight, so that the same is said again on a day."""
        where = self.place(where)
        model, answer = self.model, self.model.answers[where]
        row = (model.now.replace(hour=23, minute=0, second=0, microsecond=0) + days * DAY, reason, by)
        drawn_up = model.state == "open" and answer.state == "draft"
        again = drawn_up and answer.extensions[-1:] == [row]
        legal = model.manages(by) and (again or model.may_extend(where, row[0]))
        act = partial(extend, submission_id=self.ids[where], until=row[0], reason=reason)
        if self.attempt(legal, act, by=self.people[by]) and not again:
            answer.extensions.append(row)

    # What nobody would try whose page is not old

    @rule(by=usually("rikke"), act=st.sampled_from(ROUND_ACTS))
    def out_of_turn(self, by, act):
        getattr(self, act)(by, **({"name": "both", "days": 1} if act == "change_dates" else {}))

    @precondition(lambda self: self.ids)
    @rule(by=OWN_APPROVER, where=WHERE, act=st.sampled_from(ACTS))
    def out_of_turn_for_a_municipality(self, by, where, act):
        if act in MINISTRY_ACTS:
            by = by or "rikke"
        more = {
            "hand_in": {"looked": True},
            "send_back": {"seen": 0, "days": 4},
            "approve": {"seen": 0},
            "extend": {"days": 25, "reason": "Ferie"},
        }
        getattr(self, act)(by, where, **more.get(act, {}))


@pytest.fixture
def told_clock(db):
    with connection.cursor() as cursor:
        cursor.execute(CLOCK)


EXAMPLES, STEPS = 200, 50  # and 25 times as many in tests/soak/


def run(cast, examples):
    run_state_machine_as_test(
        partial(Life, cast),
        settings=settings(max_examples=examples, stateful_step_count=STEPS, print_blob=True),
    )


def test_a_round_goes_through_life_as_the_tables_of_the_questionnaire_say(cast, told_clock):
    run(cast, EXAMPLES)
