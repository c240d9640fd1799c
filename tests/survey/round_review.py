"""The steps of tests/survey/test_round_machine.py in which the ministry decides about what was handed in."""

from functools import partial

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from survey import adjusting, reviewing
from survey.models import ReportedInitiative
from tests.survey.round_life import Base
from tests.survey.round_model import FINAL, ROLES, Decision, amount_of

AMOUNTS = st.sampled_from([125, 1250, 1001, 0])  # 0: out of scope; 1001 is what the first costs
PICK = st.sampled_from([0, 0, 0, 1, 2, 5])  # from the newest
SEEN_DECISION = st.sampled_from([-1] * 8 + [-2, None])  # from the end of the initiative's decisions


def usually(*names):
    """Mostly those who may, or no round would get far."""
    return st.sampled_from([*names * (12 // len(names)), *sorted(ROLES)])


BY = usually("mette", "rikke")


class Review(Base):
    def target(self, pick):
        """A reported initiative, mostly one of the newest; with its row's id and those of its decisions."""
        reported = self.model.reported()
        where, number, place = reported[-1 - pick % len(reported)]
        rows = ReportedInitiative.objects.filter(version__submission=self.ids[where], version__number=number)
        pk = rows.order_by("position").values_list("pk", flat=True)[place]
        return where, number, place, pk

    @precondition(lambda self: self.model.reported())
    @rule(by=BY, pick=PICK, seen=SEEN_DECISION, to=AMOUNTS)
    def adjust(self, by, pick, seen, to):
        self.decide(by, pick, "adjusted", seen, amount=to or None, out_of_scope=not to)

    @precondition(lambda self: self.model.reported())
    @rule(by=BY, pick=PICK, seen=SEEN_DECISION)
    def withdraw_adjustment(self, by, pick, seen):
        self.decide(by, pick, "withdrawn", seen)

    @precondition(lambda self: self.model.reported())
    @rule(by=BY, pick=PICK, seen=SEEN_DECISION, kind=st.sampled_from(["accepted", "reopened"]))
    def accept_or_open_again(self, by, pick, seen, kind):
        self.decide(by, pick, kind, seen)

    def decide(self, by, pick, kind, seen, **changes):
        """With what the page showed last, or what it showed before a colleague's decision."""
        model, (where, number, place, pk) = self.model, self.target(pick)
        version = model.answers[where].versions[number - 1]
        stays = model.stays_accepted(where, number, version.titles[place])
        decisions, reported = version.decisions[place], amount_of(version.titles[place])
        new = Decision(kind, by, model.now, **changes)
        seen = None if seen is None or len(decisions) + seen < 0 else len(decisions) + seen
        again = bool(decisions) and decisions[-1].says_the_same_as(new)
        legal = model.may_decide(by, where, number) and (
            again or model.may_add(decisions, new, seen, reported, stays_accepted=stays)
        )
        if self.attempt(legal, self.act_of(new, pk, seen, reported), by=self.people[by]) and not again:
            decisions.append(new)
            if kind in ("adjusted", "withdrawn"):
                model.touched_at = model.now
                self.check_figures()

    def act_of(self, new, pk, seen, reported):
        """The product's, as the page would call it."""
        pks = list(ReportedInitiative(pk=pk).adjustments.values_list("pk", flat=True))
        said = {"initiative_id": pk, "seen": None if seen is None else pks[seen]}
        if new.kind in ("accepted", "reopened"):
            return partial({"accepted": adjusting.accept, "reopened": adjusting.reopen}[new.kind], **said)
        said["explanation"] = "Aftalt."
        if new.kind == "withdrawn":
            return partial(adjusting.withdraw_adjustment, **said)
        amount = reported if new.amount is None else new.amount
        said |= {"reason": "other", "out_of_scope": new.out_of_scope, "gross_expenditure": amount}
        return partial(adjusting.adjust, **said)

    @precondition(lambda self: self.model.reported())
    @rule(by=BY, pick=PICK)
    def accept_in_bulk(self, by, pick):
        """All that the answer ever held, as from an old page: what counts and is undecided is accepted."""
        model, (where, _number, _place, _pk) = self.model, self.target(pick)
        answer = model.answers[where]
        ids = ReportedInitiative.objects.filter(version__submission=self.ids[where])
        act = partial(reviewing.accept_in_bulk, submission_id=self.ids[where], by=self.people[by])
        legal = model.checks(by) and model.state not in FINAL
        done = self.attempt(legal, act, initiative_ids=list(ids.values_list("pk", flat=True)))
        if done and model.may_decide(by, where, answer.counting):
            for decisions in answer.versions[answer.counting - 1].decisions:
                decisions[:] = decisions or [Decision("accepted", by, model.now, in_bulk=True)]
