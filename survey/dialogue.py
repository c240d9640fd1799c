"""The dialogue of a submission: reading it as threads, adding to it, and what is new in it to whom."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from municipalities import mail
from municipalities.models import REVIEWERS, User
from survey.models import DialogueRead, Initiative, Message, ReportedInitiative, Submission, SurveyRound
from survey.notices import tell_municipality
from survey.questionnaire import anchor
from survey.transitions import Refused, locked


@dataclass
class Thread:
    """A first message and its replies. `title` is of the initiative that it is about, "" if of none;
    `url` is the initiative's page where the reader has one."""

    messages: list[Message]
    title: str = ""
    url: str = ""

    @property
    def first(self) -> Message:
        return self.messages[0]

    @property
    def last(self) -> Message:
        return self.messages[-1]

    @property
    def asked(self) -> Message | None:
        """What the ministry wrote last."""
        return next((message for message in reversed(self.messages) if message.from_ministry), None)

    @property
    def label(self) -> str:
        """The field's, as on the form; "" when the thread is of no field."""
        return Initiative.label(self.first.field) if self.first.field else ""

    @property
    def anchor(self) -> str:
        """Where the field stands on the initiative's form."""
        return anchor(self.first.field)


def threads_of(messages: Iterable[Message]) -> list[Thread]:
    """Messages in order of time as threads; the thread with the newest message comes first."""
    threads: dict[int, Thread] = {}
    for message in messages:
        if message.reply_to_id is None:
            threads[message.pk] = Thread([message])
        else:
            threads[message.reply_to_id].messages.append(message)
    return sorted(threads.values(), key=lambda thread: thread.last.pk, reverse=True)


def messages_by_field(submission: Submission, uuid: UUID) -> dict[str, list[Thread]]:
    """The threads about one initiative by its fields; under "" those about the whole of it."""
    by_field: dict[str, list[Thread]] = {}
    for thread in threads_of(submission.messages.filter(uuid=uuid).select_related("by")):
        by_field.setdefault(thread.first.field, []).append(thread)
    return by_field


def give_titles(threads: list[Thread], submission: Submission, pages: dict, *, otherwise: str) -> None:
    """Says of each thread which initiative it is about. `pages` is {uuid: (title, url)} of those that the
    reader has a page for; others are called what they were when handed in, else `otherwise`."""
    others = {t.first.uuid for t in threads if t.first.uuid and t.first.uuid not in pages}
    handed_in = ReportedInitiative.objects.filter(version__submission=submission, uuid__in=others)
    titles = dict(handed_in.order_by("version__number").values_list("uuid", "title")) if others else {}
    for thread in threads:
        uuid = thread.first.uuid
        if uuid is not None:
            thread.title, thread.url = pages.get(uuid) or (titles.get(uuid, otherwise), "")


def comments(submission: Submission, initiatives: Iterable[Initiative], returned) -> list[Thread]:
    """What the ministry has written since the answer was handed in that it has `returned` (the event),
    in the order of the initiatives that it is about, those about the whole answer first."""
    since = returned.version.submitted_at
    threads = [
        thread
        for thread in threads_of(submission.messages.select_related("by"))
        if any(message.from_ministry and message.at >= since for message in thread.messages)
    ]
    pages = {i.uuid: (str(i), i.get_absolute_url()) for i in initiatives}
    give_titles(threads, submission, pages, otherwise=_("En indsats, der er slettet"))
    order = {uuid: place for place, uuid in enumerate(pages)}
    return sorted(threads, key=lambda t: -1 if t.first.uuid is None else order.get(t.first.uuid, len(order)))


def unread(submission: Submission, user) -> int:
    """How many messages from the ministry the municipality's user has not seen on the dialogue page."""
    return submission.messages.unread_by(user, from_ministry=True).count()


def unanswered(submission: Submission) -> int:
    """How many threads end with what the ministry wrote."""
    return sum(thread.last.from_ministry for thread in threads_of(submission.messages.all()))


def mark_read(submission: Submission, user, last: int) -> None:
    """The user has seen all up to the message with that id."""
    with suppress(IntegrityError):  # they are gone: the trial that they were of has just ended
        DialogueRead.objects.bulk_create(
            [DialogueRead(user=user, submission=submission, message_id=last)],
            update_conflicts=True,
            unique_fields=["user", "submission"],
            update_fields=["message"],
        )


def post(
    *,
    submission_id: int,
    by,
    from_ministry: bool,
    text: str,
    seen: int,
    reply_to: int | None = None,
    uuid: UUID | None = None,
    field: str = "",
) -> Message:
    """A question, or an answer in the thread that begins with `reply_to`; tells the other side by mail.

    `seen` is the latest message on the writer's screen: what the writer has said since then in the same
    place and words was the same press of the button, and is returned. Under the submission's lock, so
    that messages get their numbers in the order in which they can be read.
    """
    submissions = Submission.objects.filter(pk=submission_id).select_related("municipality")
    with locked(submissions) as (submission, _now):
        if not (by.ministry_role in REVIEWERS if from_ministry else submission.may_edit(by)):
            raise PermissionDenied
        if submission.round.is_final:
            raise Refused(_("Kortlægningen er låst, så der kan ikke skrives flere beskeder."))
        first = submission.messages.get(pk=reply_to, reply_to=None) if reply_to else None
        about = {"uuid": first.uuid, "field": first.field} if first else {"uuid": uuid, "field": field}
        said = {"reply_to": first, "by": by, "from_ministry": from_ministry, "text": text} | about
        same = submission.messages.filter(pk__gt=seen, **said).first()
        if same:
            return same
        message = submission.messages.create(**said)
        _tell(message)
        return message


def _tell(message: Message) -> None:
    submission = message.submission
    place = [submission.municipality.code, submission.round.accounts_year]
    if message.from_ministry:
        path = reverse("survey:dialogue", args=place)
        tell_municipality(submission=submission, by=message.by, template="message", path=path)
        return
    if submission.round.state == SurveyRound.State.TRIAL:
        return  # no mail goes out of what does not count
    path = reverse("reporting:dialogue", args=place[::-1])
    mail.queue(to=_reviewers(message), template="message", context={"submission": submission, "path": path})


def _reviewers(message: Message) -> list[str]:
    """Those who have written in the thread, if they still review; otherwise all who review."""
    users = User.objects.filter(is_active=True, memberships__role__in=REVIEWERS).exclude(pk=message.by_id)
    thread = Message.objects.filter(Q(pk=message.reply_to_id) | Q(reply_to=message.reply_to_id))
    wrote = users.filter(pk__in=thread.values("by")) if message.reply_to_id else users.none()
    return list((wrote or users).values_list("email", flat=True))
