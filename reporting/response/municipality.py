from django.db.models import Count, Max, Prefetch, Q
from django.shortcuts import get_object_or_404, render

from municipalities.models import Contact, Membership, Municipality
from municipalities.sorting import danish_sort_key
from reporting.response.deadlines import deadline_changes
from reporting.response.standings import STATE_NAMES, standings
from survey.access import ministry_required
from survey.models import ChaseNote, Extension, Message, RoundMail, Submission, SurveyRound
from survey.transitions import database_now

MAILS = 50  # the newest


@ministry_required
def municipalities(request):
    """All there are and have been, by name; `q` is a part of one."""
    wanted = request.GET.get("q", "").strip()
    found = Municipality.objects.select_related("region", "successor").annotate(
        contacts_known=Count("contacts", distinct=True),
        contacts_bounced=Count("contacts", filter=Q(contacts__bounced_at__isnull=False), distinct=True),
        people=Count("memberships", filter=Q(memberships__user__is_active=True), distinct=True),
        last_login=Max("memberships__user__last_login"),
    )
    in_order = found.order_by("sort_key")  # an aggregate forgets the model's order
    key = danish_sort_key(wanted)
    rows = [one for one in in_order if key in one.sort_key or wanted == one.code]
    return render(request, "reporting/response/municipalities.html", {"rows": rows, "wanted": wanted})


@ministry_required
def municipality(request, code):
    """All that the ministry knows of one municipality, in every round: a query for each kind."""
    place = get_object_or_404(
        Municipality.objects.select_related("region", "successor").prefetch_related("predecessors"), code=code
    )
    mine = {"municipality": place}
    mails = RoundMail.objects.visible_to(request.user).filter(**mine)
    newest = list(mails.select_related("mail", "round", "reminder", "by")[: MAILS + 1])
    notes = ChaseNote.objects.visible_to(request.user).filter(**mine)
    context = {
        "place": place,
        "contacts": Contact.objects.visible_to(request.user).filter(**mine),
        "members": Membership.objects.filter(**mine).select_related("user"),
        "rounds": _rounds(request.user, place),
        "mails": newest[:MAILS],
        "more_mails": len(newest) > MAILS,
        "notes": notes.select_related("by", "round", "merged_with").order_by("-pk"),
    }
    return render(request, "reporting/response/municipality.html", context)


def _rounds(user, place: Municipality) -> list[tuple]:
    """(submission, standing, state in words, unread messages, changed deadlines) of each round that was
    opened, the newest first; `submission.granted` are its extensions."""
    granted = Prefetch("extensions", Extension.objects.select_related("by"), to_attr="granted")
    submissions = (
        Submission.objects.visible_to(user)
        .filter(municipality=place)
        .exclude(round__state__in=SurveyRound.NOT_OPENED)
        .prefetch_related(granted)
        .order_by("-round__accounts_year")
    )
    messages = Message.objects.visible_to(user).filter(submission__municipality=place)
    by_submission = messages.unread_by(user, from_ministry=False).order_by().values_list("submission")
    unread = dict(by_submission.annotate(count=Count("pk")))
    found = standings(submissions, database_now())
    changes = deadline_changes(submission.round for submission, _standing in found)
    return [
        (
            submission,
            standing,
            STATE_NAMES[standing.state],
            unread.get(submission.pk, 0),
            changes.get(submission.round_id),
        )
        for submission, standing in found
    ]
