"""What is late is judged by the deadline in force now: a new one pardons. Where that is shown, it is said."""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby, pairwise

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from survey.models import RoundEvent, SurveyRound


def deadline_changes(rounds: Iterable[SurveyRound]) -> dict[int, str]:
    """By the id of each round whose deadline was changed after it opened: when, from what and to what."""
    events = RoundEvent.objects.filter(round__in=rounds).order_by("round_id", "pk")
    found = {key: _in_words(list(mine)) for key, mine in groupby(events, lambda event: event.round_id)}
    return {key: text for key, text in found.items() if text}


def _in_words(events: list[RoundEvent]) -> str:
    """Each event has the dates in force from then on; what changed before the opening was a plan."""
    opened = [event for event in events if event.state not in SurveyRound.NOT_OPENED]
    changes = [(after.at, before.deadline, after.deadline) for before, after in pairwise(opened)]
    told = [
        _("Fristen blev ændret %(at)s: fra %(old)s til %(new)s.")
        % {"at": _moment(at), "old": _moment(old), "new": _moment(new)}
        for at, old, new in changes
        if old != new
    ]
    return " ".join([*told, _("For sent er her efter den nye frist.")]) if told else ""


def _moment(moment: datetime) -> str:
    return date_format(localtime(moment), "DATETIME_FORMAT")
