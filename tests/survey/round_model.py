"""A round with its answers as plain values: the tables of docs/questionnaire.md ("The life of a submission",
"The life of a round") once more, written from them and not from the code that they are compared with."""

from dataclasses import dataclass, field
from datetime import datetime

ROLES = {  # cast name -> role, and of which municipality; the ministry's have none
    "anna": ("editor", "Odense"),
    "carl": ("approver", "Odense"),
    "lis": ("reader", "Odense"),
    "bo": ("approver", "Aarhus"),
    "mette": ("reviewer", None),
    "rikke": ("round_manager", None),
    "admin": ("admin", None),
}
CHECKING = ("reviewer", "round_manager")
FINAL = ("locked", "archived")
STEP_BACK = {"archived": "locked", "locked": "closed", "closed": "open"}


@dataclass(frozen=True)
class Decision:
    """Of a reported initiative; `amount` is what counts instead of the reported one, in 1,000 kr."""

    kind: str
    by: str
    at: datetime
    amount: int | None = None
    out_of_scope: bool = False
    in_bulk: bool = False

    def says_the_same_as(self, other: "Decision") -> bool:
        return (self.kind, self.amount, self.out_of_scope) == (other.kind, other.amount, other.out_of_scope)


def amount_of(title: str) -> int:
    """What "Nr. 7" costs, in 1,000 kr."""
    return 1000 + int(title.removeprefix("Nr. "))


@dataclass
class Version:
    titles: list[str]  # none: the nil return
    by: str
    at: datetime
    withdrawn: bool = False
    decisions: list[list[Decision]] = field(default_factory=list)  # of each title, the latest last

    def __post_init__(self):
        self.decisions = [[] for _title in self.titles]

    @property
    def counts(self) -> int:
        """The sum after what was decided last, in 1,000 kr."""
        total = 0
        for title, decisions in zip(self.titles, self.decisions, strict=True):
            latest = decisions[-1] if decisions else None
            if latest and latest.kind == "adjusted":
                total += 0 if latest.out_of_scope else latest.amount
            else:
                total += amount_of(title)
        return total


@dataclass
class Answer:
    """`asked_until` is the due date of a return that no approval has followed."""

    state: str = "draft"
    due: datetime | None = None
    asked_until: datetime | None = None
    titles: dict[str, str] = field(default_factory=dict)  # of the working copy, by uuid
    versions: list[Version] = field(default_factory=list)
    extensions: list[tuple[datetime, str, str]] = field(default_factory=list)  # until, reason, by

    @property
    def counting(self) -> int | None:
        """The number of the version that figures use."""
        return max((n for n, version in enumerate(self.versions, 1) if not version.withdrawn), default=None)


@dataclass
class Round:
    opens_at: datetime
    deadline: datetime
    edit_until: datetime
    now: datetime
    state: str = "draft"
    lock_asked_by: str | None = None
    lock_asked_at: datetime | None = None
    touched_at: datetime | None = None  # the last event of any answer, or correction in one
    answers: dict[str, Answer] = field(default_factory=dict)

    # Who

    def manages(self, by: str) -> bool:
        return ROLES[by][0] == "round_manager"

    def checks(self, by: str) -> bool:
        return ROLES[by][0] in CHECKING

    def enters(self, by: str, where: str) -> bool:
        tries = self.state == "trial" and self.checks(by)
        return tries or ROLES[by] in (("editor", where), ("approver", where))

    def approves_for(self, by: str, where: str) -> bool:
        return (self.state == "trial" and self.checks(by)) or ROLES[by] == ("approver", where)

    # When

    def time_of(self, answer: Answer) -> datetime:
        """Until when one that was not returned may be worked on: the round's date, or its own later one."""
        return max([self.edit_until, *(until for until, _reason, _by in answer.extensions[-1:])])

    def is_open_for(self, where: str) -> bool:
        """Whether its working copy may be changed and handed in now."""
        answer = self.answers[where]
        if self.state == "trial":
            return answer.state == "draft"
        if answer.state == "draft":
            return self.state == "open" and self.opens_at <= self.now < self.time_of(answer)
        return answer.state == "returned" and self.state in ("open", "closed") and self.now < answer.due

    def may_withdraw(self, where: str) -> bool:
        answer = self.answers[where]
        if answer.state != "submitted":
            return False
        if answer.asked_until:
            return self.state in ("open", "closed") and self.now < answer.asked_until
        return self.state == "open" and self.now < self.time_of(answer)

    def may_send_back(self, by: str, where: str, seen: int | None, due: datetime) -> bool:
        answer = self.answers[where]
        by_state = answer.state in ("submitted", "returned") or (
            answer.state == "approved" and self.manages(by)
        )
        in_time = self.state in ("open", "closed") and due > self.now
        return by_state and in_time and seen == answer.counting

    def may_approve(self, by: str, where: str, seen: int | None) -> bool:
        answer = self.answers[where]
        if answer.state != "submitted" or self.state not in ("open", "closed") or seen != answer.counting:
            return False
        return answer.versions[seen - 1].by != by

    def may_decide(self, by: str, where: str, number: int | None) -> bool:
        """Of the version that counts while the ministry has it, and not by the one who handed it in."""
        answer = self.answers[where]
        if not self.checks(by) or answer.state == "draft" or self.state in FINAL:
            return False
        return number == answer.counting and answer.versions[number - 1].by != by

    def stays_accepted(self, where: str, number: int, title: str) -> bool:
        """What was decided last of it in the earlier versions, whose texts never change, accepted it."""
        earlier = [
            (decision.at, at_number, decision)
            for at_number, version in enumerate(self.answers[where].versions[: number - 1])
            for its_title, decisions in zip(version.titles, version.decisions, strict=True)
            for decision in decisions
            if its_title == title
        ]
        latest = max(reversed(earlier), key=lambda one: one[:2], default=None)
        return latest is not None and latest[2].kind == "accepted"

    def may_add(
        self,
        decisions: list[Decision],
        new: Decision,
        seen: int | None,
        reported: int,
        *,
        stays_accepted: bool,
    ) -> bool:
        """After these; `seen` is the place of the one that was read, None where there was none."""
        latest = decisions[-1] if decisions else None
        was = latest.kind if latest else None
        possible = {
            "adjusted": new.out_of_scope or new.amount != reported,
            "withdrawn": was == "adjusted",
            "accepted": was != "adjusted",
            "reopened": was == "accepted" or (latest is None and stays_accepted),
        }
        return possible[new.kind] and seen == (len(decisions) - 1 if decisions else None)

    def may_extend(self, where: str, until: datetime) -> bool:
        """More time that is still ahead is never made less."""
        answer = self.answers[where]
        more = answer.extensions[-1][0] if answer.extensions else self.now
        is_later = until > self.now and until > self.deadline and (more <= self.now or until > more)
        return self.state == "open" and answer.state == "draft" and is_later

    def may_change(self, dates: dict[str, datetime]) -> bool:
        """New dates of an open round: later than now, in order, the opening only before it."""
        after = {name: getattr(self, name) for name in ("opens_at", "deadline", "edit_until")} | dates
        changed = {name: date for name, date in dates.items() if date != getattr(self, name)}
        if self.state != "open" or not changed or min(changed.values()) <= self.now:
            return False
        if "opens_at" in changed and self.opens_at <= self.now:
            return False
        return after["opens_at"] < after["deadline"] <= after["edit_until"]

    def may_close(self) -> bool:
        drafts = [answer for answer in self.answers.values() if answer.state == "draft"]
        return self.state == "open" and all(self.time_of(answer) <= self.now for answer in drafts)

    @property
    def proposed_by(self) -> str | None:
        """Who has proposed to lock, if no answer has moved since."""
        overtaken = self.lock_asked_by and self.touched_at and self.touched_at > self.lock_asked_at
        return None if overtaken else self.lock_asked_by

    def is_finished(self) -> bool:
        pending = [answer for answer in self.answers.values() if answer.state in ("submitted", "returned")]
        return self.state == "closed" and not pending

    def has(self, *states: str) -> bool:
        """Whether an answer is in one of those states."""
        return any(answer.state in states for answer in self.answers.values())

    def reported(self) -> list[tuple[str, int, int]]:
        """(where, number of the version, place) of each initiative that was ever handed in."""
        return [
            (where, number, place)
            for where, answer in self.answers.items()
            for number, version in enumerate(answer.versions, 1)
            for place in range(len(version.titles))
        ]

    def next_dates(self) -> list[datetime]:
        """The moments at which something ends or begins, that are still to come."""
        own = [until for answer in self.answers.values() for until, _reason, _by in answer.extensions]
        due = [answer.asked_until for answer in self.answers.values() if answer.asked_until]
        dates = [self.opens_at, self.deadline, self.edit_until, *own, *due]
        return sorted(date for date in dates if date > self.now)
