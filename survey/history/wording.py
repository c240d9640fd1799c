"""The sentences of the history: each goes on after the name of who did it."""

from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from survey.history.entries import AreaStep, ReasonStep
from survey.models import Adjustment, Initiative, Message, ServiceArea, SubmissionEvent
from survey.models.initiatives import SUPPLEMENTARY_FIELDS
from survey.questionnaire import FIELD_NAMES

LONG = ("content", "purpose", "scope_reason")  # before and after stand by themselves, not in the sentence


def _heading(name: str) -> str:
    return str(getattr(Initiative, name).field.verbose_name)


def _listed(parts: list[str]) -> str:
    return get_text_list(parts, _("og"))


def _from_to(label: str, old: str, new: str) -> str:
    values = {"field": label, "old": old or _("tomt"), "new": new or _("tomt")}
    return _("%(field)s (fra %(old)s til %(new)s)") % values


def changed(before: Initiative, after: Initiative) -> tuple[str, list[tuple[str, str, str]]]:
    """The sentence, and [(field, before, after)] of the long texts."""
    told, texts = [], []
    for name in (*FIELD_NAMES, *SUPPLEMENTARY_FIELDS):
        old, new = before.text(name), after.text(name)
        if old == new:
            continue
        if name in LONG:
            told.append(_heading(name))
            texts.append((_heading(name), old, new))
        else:
            told.append(_from_to(_heading(name), old, new))
    if not told:
        return _("rettede i ”%s” og rettede det tilbage igen.") % after, []
    return _("rettede %(fields)s i ”%(title)s”.") % {"fields": _listed(told), "title": after}, texts


def of_area(step: AreaStep, assignee: str) -> str:
    """Whom the area is given to, whether it is done, whether it is stated to have nothing; "" if none."""
    area = ServiceArea(step.service_area).label
    was = {name: bool(value) for name, value in step.before.items()}
    now = {name: bool(value) for name, value in step.after.items()}
    told = []
    if step.after["assignee_id"] != step.before["assignee_id"]:
        given = _("gav %(name)s ansvaret for %(area)s") % {"name": assignee, "area": area}
        told.append(given if now["assignee_id"] else _("fjernede den ansvarlige for %s") % area)
    if was["done_at"] != now["done_at"]:
        text = _("meldte %s færdigt") if now["done_at"] else _("meldte, at %s ikke er færdigt alligevel")
        told.append(text % area)
    if was["nil_at"] != now["nil_at"]:
        stated, taken_back = (
            _("erklærede, at der ingen indsatser er på %s"),
            _("tog erklæringen om, at der ingen indsatser er på %s, tilbage"),
        )
        told.append((stated if now["nil_at"] else taken_back) % area)
    return _listed(told) + "." if told else ""


def of_reason(step: ReasonStep, title: str) -> str:
    """That a reason was written, or deleted; the texts stand by themselves. "" when it is as before."""
    about = {"title": title or _("en indsats")}
    if step.before == step.after:
        return ""
    if not step.after:
        return _("slettede en begrundelse for en advarsel om ”%(title)s”.") % about
    return _("skrev en begrundelse for en advarsel om ”%(title)s”.") % about


def of_event(event: SubmissionEvent) -> str:
    until = date_format(localtime(event.due_at), "DATETIME_FORMAT") if event.due_at else ""
    text = {
        SubmissionEvent.Kind.SUBMITTED: _("indsendte version %(number)d."),
        SubmissionEvent.Kind.WITHDRAWN: _("trak version %(number)d tilbage."),
        SubmissionEvent.Kind.RETURNED: _("sendte version %(number)d tilbage med frist %(until)s."),
        SubmissionEvent.Kind.APPROVED: _("godkendte version %(number)d."),
    }[SubmissionEvent.Kind(event.kind)]
    return text % {"number": event.version.number, "until": until}


def of_adjustment(adjustment: Adjustment) -> str:
    if adjustment.kind == Adjustment.Kind.WITHDRAWN:
        return _("trak sin rettelse af ”%s” tilbage.") % adjustment.initiative
    told = [_from_to(*difference) for difference in adjustment.differences()]
    values = {"fields": _listed(told), "title": adjustment.initiative}
    return _("rettede i ministeriets opgørelse %(fields)s i ”%(title)s”.") % values


def of_message(message: Message, title: str) -> str:
    """That a message was written and about what, not what it says."""
    if message.uuid is None:
        return _("skrev en besked i dialogen.")
    about = {"title": title or _("en indsats"), "field": _heading(message.field) if message.field else ""}
    if message.field:
        return _("skrev en besked i dialogen om %(field)s i ”%(title)s”.") % about
    return _("skrev en besked i dialogen om ”%(title)s”.") % about
