"""Where the review of one answer stands: what is settled, what is open, which questions wait."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from municipalities.models import User
from reporting.review.statuses import ADJUSTED, ANSWERED, ASKED, NAMES, OPEN, SETTLED, Status, statuses
from survey.dialogue import Thread, give_titles, threads_of
from survey.models import ReportedInitiative, Submission, SubmissionVersion

NAMED = 20  # questions by name in the comment of a return


@dataclass(frozen=True)
class Standing:
    """Of the version that counts. `words` say by the initiative's id how it stands, and who looks at it; ""
    of a corrected one, of which the page tells more."""

    words: dict[int, str]
    counts: Counter[str]

    @property
    def settled(self) -> int:
        return sum(self.counts[name] for name in SETTLED)

    @property
    def unsettled(self) -> str:
        """What is open yet, "" where nothing is."""
        left = [(name, self.counts[name]) for name in (OPEN, ASKED, ANSWERED) if self.counts[name]]
        return ", ".join(_left(name, n, is_first=not place) for place, (name, n) in enumerate(left))


def _left(name: str, n: int, *, is_first: bool) -> str:
    """The first says what is counted."""
    if name == OPEN:
        said = ngettext("%(n)d indsats er ikke gennemgået", "%(n)d indsatser er ikke gennemgået", n)
    elif name == ASKED and is_first:
        said = ngettext("%(n)d indsats afventer svar", "%(n)d indsatser afventer svar", n)
    elif name == ASKED:
        said = ngettext("%(n)d afventer svar", "%(n)d afventer svar", n)
    elif is_first:
        said = ngettext("om %(n)d indsats har kommunen svaret", "om %(n)d indsatser har kommunen svaret", n)
    else:
        said = ngettext("%(n)d har svaret", "%(n)d har svaret", n)
    return said % {"n": n}


def standing_of(version: SubmissionVersion) -> Standing:
    found = statuses([version.pk])
    ids = {status.reviewer for status in found.values() if status.reviewer is not None}
    names = dict(User.objects.filter(pk__in=ids).values_list("pk", "name"))
    words = {pk: _words(status, names) for pk, status in found.items()}
    return Standing(words, Counter(status.name for status in found.values()))


def _words(status: Status, names: dict[int, str]) -> str:
    if status.name == ADJUSTED:
        return ""
    if status.is_settled or status.reviewer is None:
        return str(NAMES[status.name])
    return _("%(status)s, gennemgås af %(name)s") % {
        "status": NAMES[status.name],
        "name": names[status.reviewer],
    }


def open_questions(submission: Submission, initiatives: Iterable[ReportedInitiative]) -> list[Thread]:
    """The ministry's that wait for an answer, in the order of the initiatives."""
    threads = [t for t in threads_of(submission.messages.select_related("by")) if t.last.from_ministry]
    pages = {initiative.uuid: (str(initiative), "") for initiative in initiatives}
    give_titles(threads, submission, pages, otherwise="")
    order: dict[UUID | None, int] = {uuid: place for place, uuid in enumerate(pages, 1)}
    return sorted(threads, key=lambda thread: (order.get(thread.first.uuid, 0), thread.first.pk))


def comment_on(questions: list[Thread]) -> str:
    """What a return asks for, to begin with: that the questions are answered, each by its name."""
    if not questions:
        return ""
    lines = [f"- {_name(question)}" for question in questions[:NAMED]]
    if len(questions) > NAMED:
        lines.append(_("- og %(n)d til") % {"n": len(questions) - NAMED})
    return "\n".join([_("Svar på ministeriets spørgsmål i besvarelsen:"), *lines])


def _name(question: Thread) -> str:
    title = question.title or _("Hele besvarelsen")
    return f"{title} ({question.label})" if question.label else title
