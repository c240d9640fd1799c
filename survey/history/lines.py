"""A page of the history in words: who did what, from which value to which."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from uuid import UUID

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from municipalities.models import User
from survey.history.entries import AreaStep, Entry, InitiativeEvent, ReasonStep
from survey.history.steps import Group
from survey.history.wording import changed, of_adjustment, of_area, of_event, of_message, of_reason
from survey.models import Adjustment, Initiative, Message, Submission, SubmissionEvent
from survey.models.initiatives import STORED_FIELDS

MOST_NAMED = 20  # initiatives of one request


@dataclass
class Line:
    """`text` goes on after the name `who`; the rest is empty where there is nothing to tell."""

    at: datetime
    until: datetime
    who: str
    text: str
    url: str = ""
    link: str = ""  # what the address leads to
    texts: list[tuple[str, str, str]] = field(default_factory=list)  # (field, before, after)
    was: Initiative | None = None  # what a deleted initiative held
    parts: list[str] = field(default_factory=list)  # of a request that touched several initiatives
    unnamed: int = 0  # more parts than are named

    @property
    def day(self) -> date:
        return localdate(self.until)


@dataclass(frozen=True)
class Background:
    """What the lines of one page are told from: rows by event, names by user, titles of what is there."""

    submission: Submission
    rows: dict[int, Initiative]
    names: dict[int, str]
    titles: dict[UUID, str]

    def who(self, user: int | None) -> str:
        return (user and self.names.get(user)) or _("Systemet")

    def url(self, name: str, *more) -> str:
        code, year = self.submission.municipality.code, self.submission.round.accounts_year
        return reverse(f"survey:{name}", args=[code, year, *more])

    def title_of(self, message: Message) -> str:
        return self.titles.get(message.uuid, "") if message.uuid else ""

    def url_of(self, uuid: UUID) -> str:
        return self.url("initiative", uuid) if uuid in self.titles else ""


def lines(submission: Submission, entries: Iterable[Entry]) -> list[Line]:
    """The entries of one page, in three queries."""
    entries = list(entries)
    happened = [entry.what for entry in entries]
    rows = _rows([what for what in happened if isinstance(what, Group)])
    uuids = {row.uuid for row in rows.values()} | {
        what.uuid for what in happened if isinstance(what, Message | ReasonStep) and what.uuid
    }
    there = submission.initiatives.filter(uuid__in=uuids).values_list("uuid", "title")
    background = Background(
        submission,
        rows,
        dict(User.objects.filter(pk__in=_users(happened)).values_list("pk", "name")),
        {uuid: str(Initiative(title=title)) for uuid, title in there},
    )
    told = (_line(entry, background) for entry in entries)
    return [line for line in told if line.text]


def _shown(group: Group) -> dict[int, int]:
    """The events in whose rows the group is told: the last of each initiative, as many as are named.

    By the initiative's id: one statement's events are numbered in no certain order.
    """
    last = {step.row: step.id for step in group.steps}
    return {row: last[row] for row in sorted(last)[:MOST_NAMED]}


def _rows(groups: list[Group]) -> dict[int, Initiative]:
    """How the initiatives stood by event: after each group, and before it."""
    ids: set[int | None] = set()
    for group in groups:
        shown = _shown(group)
        ids.update(shown.values(), (group.before[row] for row in shown))
    events = InitiativeEvent.objects.filter(pk__in=ids).values("pgh_id", "uuid", *STORED_FIELDS)
    return {event.pop("pgh_id"): Initiative(**event) for event in events}


def _users(happened) -> set[int]:
    users: set[int | None] = set()
    for what in happened:
        if isinstance(what, Group):
            users.add(what.first.user)
        elif isinstance(what, ReasonStep):
            users.add(what.user)
        elif isinstance(what, AreaStep):
            users |= {what.user, what.before["assignee_id"], what.after["assignee_id"]}
    return {user for user in users if user}


def _line(entry: Entry, background: Background) -> Line:
    what = entry.what
    at, until = (datetime.fromtimestamp(seconds, UTC) for seconds in (entry.at, entry.until))
    line = Line(at, until, "", "")
    if isinstance(what, Group):
        line.who = background.who(what.first.user)
        (_one if len(what.before) == 1 else _several)(what, line, background)
    elif isinstance(what, AreaStep):
        line.who = background.who(what.user)
        line.text = of_area(what, background.who(what.after["assignee_id"]))
    elif isinstance(what, ReasonStep):
        line.who = background.who(what.user)
        line.text = of_reason(what, background.titles.get(what.uuid, ""))
        line.url, line.link = background.url_of(what.uuid), _("Se indsatsen")
        line.texts = [(_("Begrundelse"), what.before, what.after)]
    elif isinstance(what, Message):
        line.who = _of_ministry(what.by) if what.from_ministry else what.by.name
        line.text = of_message(what, background.title_of(what))
        line.url, line.link = background.url("dialogue"), _("Se dialogen")
    elif isinstance(what, Adjustment):
        line.who, line.text = _of_ministry(what.by), of_adjustment(what)
        line.url, line.link = what.initiative.version.get_absolute_url(), _("Se kvitteringen")
    else:
        decisions = (SubmissionEvent.Kind.RETURNED, SubmissionEvent.Kind.APPROVED)
        line.who = _of_ministry(what.by) if what.kind in decisions else what.by.name
        line.text = of_event(what)
        line.url, line.link = what.version.get_absolute_url(), _("Se kvitteringen")
    return line


def _of_ministry(user: User) -> str:
    return _("%s, ministeriet,") % user.name


def _one(group: Group, line: Line, background: Background) -> None:
    """What one person did to one initiative."""
    row = background.rows[group.last.id]
    line.url, line.link = background.url_of(row.uuid), _("Se indsatsen")
    if group.first.label == "delete":
        line.text, line.was = _("slettede ”%s”.") % row, row
    elif group.first.label == "insert":
        act = {"copied": _("hentede ”%s” fra sidste kortlægning."), "imported": _("indlæste ”%s”.")}
        line.text = act.get(group.first.act or "", _("oprettede ”%s”.")) % row
    else:
        before = group.before[group.last.row]
        line.text, line.texts = changed(background.rows[before] if before else Initiative(), row)


def _several(group: Group, line: Line, background: Background) -> None:
    """What one request did to several initiatives: how many, and which, as many as are named."""
    last = {step.row: step for step in group.steps}
    count = Counter(step.label for step in last.values())
    if group.first.act == "copied":
        line.text = _("hentede %d indsatser fra sidste kortlægning.") % count["insert"]
    else:
        verbs = (("insert", _("nye: %d")), ("update", _("rettede: %d")), ("delete", _("slettede: %d")))
        told = ", ".join(verb % count[label] for label, verb in verbs if count[label])
        line.text = _("indlæste indsatser (%s).") % told
    for initiative, event in _shown(group).items():
        row, step, before = background.rows[event], last[initiative], group.before[initiative]
        if step.label == "update" and before:
            line.parts.append(changed(background.rows[before], row)[0])
        else:
            line.parts.append(_("”%s” slettet") % row if step.label == "delete" else f"”{row}”")
    line.unnamed = len(last) - len(line.parts)
