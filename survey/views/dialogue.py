from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from survey.access import typed_before_login
from survey.dialogue import Thread, give_titles, mark_read, post, threads_of
from survey.forms.dialogue import QuestionForm, ReplyForm
from survey.models import Submission
from survey.transitions import Refused
from survey.views.submissions import get_submission


@dataclass(frozen=True)
class Side:
    """Who reads the dialogue, and where; `pages` is {uuid: (title, url)} of the initiatives that they have
    a page for and may ask about."""

    is_ministry: bool
    may_write: bool
    pages: dict[UUID, tuple[str, str]]
    template: str
    back: str = ""  # where one goes on to after sending; "": the dialogue itself


def dialogue(request, code, year):
    """The municipality's questions and answers; `?indsats=` and `?felt=` say what a question is about."""
    submission = get_submission(request, code, year)
    pages = {i.uuid: (str(i), i.get_absolute_url()) for i in submission.initiatives.order_by("pk")}
    may_write = submission.may_edit(request.user)
    return dialogue_page(request, submission, Side(False, may_write, pages, "survey/dialogue.html"))


def dialogue_page(request, submission: Submission, side: Side):
    """Either side's page. Questions and answers are posted to it."""
    threads = threads_of(submission.messages.select_related("by"))
    if request.method != "POST":
        typed = typed_before_login(request) if side.may_write else None
        if typed is None:
            return _page(request, submission, threads, side)
        messages.warning(request, _("Dit login var udløbet. Beskeden står her, men er ikke sendt endnu."))
        return _page(request, submission, threads, side, _sent(typed, threads, side))
    if not side.may_write:
        raise PermissionDenied
    form = _sent(request.POST, threads, side)
    if not form.is_valid():
        return _page(request, submission, threads, side, form, status=422)
    written = form.cleaned_data | {"by": request.user, "from_ministry": side.is_ministry}
    try:
        message = post(submission_id=submission.pk, **written)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, submission, threads, side, form, status=409)
    messages.success(request, _("Beskeden er sendt."))
    return redirect(side.back or f"{request.path}#besked-{message.pk}")


def _sent(data, threads: list[Thread], side: Side) -> ReplyForm | QuestionForm:
    """The form that was sent; an answer in a thread that is not there is not found."""
    reply_to = data.get("reply_to")
    if reply_to is None:
        return question_form(side.pages, data)
    for thread in threads:
        if str(thread.first.pk) == reply_to:
            return ReplyForm(data, thread=thread.first.pk)
    raise Http404


def question_form(pages, data=None, **initial) -> QuestionForm:
    titles = [(uuid, title) for uuid, (title, _url) in pages.items()]
    return QuestionForm(data, initial=initial, initiatives=titles)


def _page(request, submission, threads, side: Side, form=None, status=200):
    """What is new is marked, and counts as read from now on; a form that was refused is as filled in."""
    unread = submission.messages.unread_by(request.user, from_ministry=not side.is_ministry)
    new = set(unread.values_list("pk", flat=True))
    last = max((thread.last.pk for thread in threads), default=None)
    if new and last:
        mark_read(submission, request.user, last)
    otherwise = _("En indsats i kladden") if side.is_ministry else _("En indsats, der er slettet")
    give_titles(threads, submission, side.pages, otherwise=otherwise)
    writes = side.may_write and not submission.round.is_final
    replies = [ReplyForm(thread=t.first.pk, seen=last) if writes else None for t in threads]
    question = None
    if writes:
        about = {"uuid": request.GET.get("indsats"), "field": request.GET.get("felt")}
        question = question_form(side.pages, seen=last, **about)
    if isinstance(form, ReplyForm):
        replies = [form if t.first.pk == form.thread else r for t, r in zip(threads, replies, strict=True)]
    context = {
        "submission": submission,
        "round": submission.round,
        "is_demo": submission.round.is_demo,
        "from_ministry": side.is_ministry,
        "threads": list(zip(threads, replies, strict=True)),
        "question": form if isinstance(form, QuestionForm) else question,
        "new": new,
        "form": form,
    }
    return render(request, side.template, context, status=status)
