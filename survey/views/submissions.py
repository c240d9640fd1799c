from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.timezone import localdate

from survey.adjusting import still_in_force
from survey.areas import area_table
from survey.checking import warnings_of
from survey.deadlines import last_day
from survey.dialogue import comments, unread
from survey.models import Adjustment, Submission, SubmissionEvent, SubmissionVersion
from survey.transitions import database_now


def get_submission(request, code: str, year: int) -> Submission:
    """The user's own submission, or 404; the ministry comes here only to try out a draft."""
    return get_object_or_404(
        Submission.objects.worked_on_by(request.user).select_related("round", "municipality"),
        municipality__code=code,
        round__accounts_year=year,
    )


def missing_labels(initiative) -> list[str]:
    return [str(initiative._meta.get_field(name).verbose_name) for name in initiative.missing()]


def submission(request, code, year):
    """Home: until when, how far, what is entered, what it lacks, what to do next."""
    submission = get_submission(request, code, year)
    now = database_now()
    initiatives = list(submission.initiatives.order_by("pk"))
    events = list(submission.events.select_related("by", "version"))
    returned = next((e for e in reversed(events) if e.kind == SubmissionEvent.Kind.RETURNED), None)
    counting = SubmissionVersion.objects.filter(submission=submission).reported().first()
    others = Submission.objects.worked_on_by(request.user).filter(municipality=submission.municipality)
    adjustments = Adjustment.objects.visible_to(request.user).to_read([counting] if counting else [])
    is_returned = submission.state == Submission.State.RETURNED
    context = {
        "submission": submission,
        "round": submission.round,
        "open": submission.accepts_entries(now),
        "days_left": (last_day(submission.deadline) - localdate(now)).days,
        "is_late": now >= submission.deadline,
        "opens_later": submission.round.is_opened and now < submission.round.opens_at,
        "until": submission.return_due_at or submission.edit_until,
        "extension": submission.extensions.last() if submission.has_own_deadline else None,
        "may_edit": submission.may_edit(request.user),
        "may_hand_in": submission.may_hand_in(request.user),
        "may_withdraw": submission.accepts_withdrawal(now) and submission.may_hand_in(request.user),
        "area_table": area_table(submission, initiatives, request.user),
        "unread_messages": unread(submission, request.user) if submission.may_edit(request.user) else 0,
        "comments": comments(submission, initiatives, returned) if is_returned else [],
        "adjustments": adjustments,
        "corrected": {one.initiative.uuid for one in still_in_force(adjustments)},
        "version_counts": True,
        "events": events,
        "latest": events[-1] if events else None,
        "counting": counting,
        "returned": returned,
        "other_rounds": others.exclude(pk=submission.pk).select_related("round", "municipality"),
        "hand_in_url": reverse("survey:hand_in", args=[code, year]),
        **_to_do(submission, initiatives),
    }
    return render(request, "survey/submission.html", context)


def _to_do(submission, initiatives) -> dict:
    """The initiatives with what each lacks, those that lack something first; nothing once it is handed in."""
    warnings = {} if submission.is_handed_in else warnings_of(submission, initiatives)
    rows = [
        (initiative, missing_labels(initiative), sum(w.is_open for w in warnings.get(initiative.uuid, ())))
        for initiative in initiatives
    ]
    return {
        "initiatives": sorted(rows, key=lambda row: not row[1] and not row[2]),
        "incomplete": sum(bool(missing or unexplained) for _initiative, missing, unexplained in rows),
    }
