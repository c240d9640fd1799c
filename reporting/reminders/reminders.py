"""A round's reminders: what is planned, to whom it would go, and what has been sent."""

from collections.abc import Iterable

from django.contrib import messages
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from municipalities.models import Municipality, OutgoingMail, Role
from reporting.reminders.forms import RETURNED, UNFINISHED, LogForm, RecipientForm, ReminderForm
from reporting.views.overview import get_round
from survey.access import ministry_required, post_only, role_required
from survey.models import Reminder, RoundMail, SurveyRound
from survey.reminders import planning
from survey.reminders.recipients import letter, recipients
from survey.transitions import Refused, database_now

FIELDS = ("send_at", "targets", "subject", "text")
LOGGED = 200  # mails on the log's page; the filters find the others


def get_reminder(request, year: int, reminder_id: int) -> Reminder:
    survey_round = get_round(request, year)
    found = Reminder.objects.visible_to(request.user).filter(round=survey_round)
    return get_object_or_404(found.select_related("round", "created_by", "stopped_by"), pk=reminder_id)


@ministry_required
def reminders(request, year):
    """All of them by date, with what came of each."""
    survey_round = get_round(request, year)
    failed = Q(mails__mail__state=OutgoingMail.State.FAILED)
    planned = (
        Reminder.objects.visible_to(request.user)
        .filter(round=survey_round)
        .select_related("round", "stopped_by")
    )
    rows = planned.annotate(
        mail_count=Count("mails"),
        municipality_count=Count("mails__municipality", distinct=True),
        failed_count=Count("mails", filter=failed),
    )
    rows = rows.order_by("send_at")  # a grouped query forgets the model's own order
    context = {
        "round": survey_round,
        "reminders": list(rows),
        "most": planning.MOST,
        "may_plan": may_plan(request.user, survey_round),
        "is_fixed": survey_round.state not in planning.PLANNED_IN,
    }
    return render(request, "reporting/reminders/reminders.html", context)


def may_plan(user, survey_round: SurveyRound) -> bool:
    return user.ministry_role == Role.ROUND_MANAGER and survey_round.state in planning.PLANNED_IN


@role_required(Role.ROUND_MANAGER)
def new_reminder(request, year):
    survey_round = get_round(request, year)
    initial = RETURNED if request.GET.get("til") == Reminder.Target.RETURNED else UNFINISHED
    form = ReminderForm(request.POST or None, initial=initial, survey_round=survey_round)
    if request.method != "POST":
        return _form(request, survey_round, form)

    def store() -> Reminder:
        return planning.add(round_id=survey_round.pk, by=request.user, **form.contents)

    return _stored(request, survey_round, form, store)


@role_required(Role.ROUND_MANAGER)
def edit_reminder(request, year, reminder_id):
    reminder = get_reminder(request, year, reminder_id)
    initial = {name: getattr(reminder, name) for name in FIELDS} | {"seen": planning.seen(reminder)}
    form = ReminderForm(request.POST or None, initial=initial, survey_round=reminder.round)
    if request.method != "POST":
        return _form(request, reminder.round, form, reminder=reminder)

    def store() -> Reminder:
        began_with = form.cleaned_data["seen"]
        return planning.change(reminder=reminder, by=request.user, began_with=began_with, **form.contents)

    return _stored(request, reminder.round, form, store, reminder=reminder)


def _stored(request, survey_round, form, store, *, reminder: Reminder | None = None):
    if not form.is_valid():
        return _form(request, survey_round, form, reminder=reminder, status=422)
    try:
        stored = store()
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _form(request, survey_round, form, reminder=reminder, status=409)
    messages.success(request, _("Påmindelsen er gemt. Se, hvem der ville få den nu."))
    return redirect("reminders:reminder", survey_round.accounts_year, stored.pk)


def _form(request, survey_round, form, *, reminder: Reminder | None = None, status=200):
    context = {"round": survey_round, "form": form, "reminder": reminder}
    return render(request, "reporting/reminders/form.html", context, status=status)


@ministry_required
def reminder(request, year, reminder_id):
    """The mail as a recipient would get it, and who they are at this moment."""
    return _reminder(request, get_reminder(request, year, reminder_id))


def _reminder(request, reminder: Reminder, *, refusal="", status=200):
    survey_round = reminder.round
    now = database_now()
    found = [] if reminder.sent_at else recipients(survey_round, reminder.targets, now)
    reached = {one.submission.municipality.code: one for one in found if one.people}
    choices = [(code, str(one.submission.municipality)) for code, one in reached.items()]
    form = RecipientForm(request.GET, choices=choices)
    chosen = reached.get(form.cleaned_data["kommune"]) if form.is_valid() else None
    chosen = chosen or next(iter(reached.values()), None)
    subject, text, to = reminder.subject, reminder.text, ""
    if chosen:
        name, to = chosen.people[0]
        subject, text = letter(chosen.submission, name, subject=subject, text=text)
    context = {
        "round": survey_round,
        "reminder": reminder,
        "reached": list(reached.values()),
        "address_count": sum(len(one.people) for one in reached.values()),
        "not_reached": [one for one in found if not one.people],
        "form": form,
        "example": {"to": to, "subject": subject, "text": text},
        "is_past": reminder.send_at <= now,
        "unreached": unreached([reminder]),
        "may_plan": may_plan(request.user, survey_round),
        "refusal": refusal,
    }
    status = 422 if form.errors else status
    return render(request, "reporting/reminders/reminder.html", context, status=status)


@role_required(Role.ROUND_MANAGER)
@post_only
def stop_reminder(request, year, reminder_id):
    return _act(request, year, reminder_id, planning.stop, _("Påmindelsen er stoppet og bliver ikke sendt."))


@role_required(Role.ROUND_MANAGER)
@post_only
def take_back_stop(request, year, reminder_id):
    done = _("Stoppet er taget tilbage, og påmindelsen bliver sendt.")
    return _act(request, year, reminder_id, planning.take_back_stop, done)


def _act(request, year, reminder_id, act, done):
    reminder = get_reminder(request, year, reminder_id)
    try:
        act(reminder=reminder, by=request.user)
    except Refused as refusal:
        reminder = get_reminder(request, year, reminder_id)
        return _reminder(request, reminder, refusal=str(refusal), status=409)
    messages.success(request, done)
    return redirect("reminders:reminder", year, reminder_id)


@role_required(Role.ROUND_MANAGER)
@post_only
def delete_reminder(request, year, reminder_id):
    """Who presses second finds it gone, and the list."""
    survey_round = get_round(request, year)
    reminder = Reminder.objects.visible_to(request.user).filter(round=survey_round, pk=reminder_id).first()
    if reminder:
        try:
            planning.delete(reminder=reminder, by=request.user)
        except Refused as refusal:
            reminder = get_reminder(request, year, reminder_id)
            return _reminder(request, reminder, refusal=str(refusal), status=409)
        messages.success(request, _("Påmindelsen er slettet."))
    return redirect("reminders:reminders", year)


def unreached(reminders: Iterable[Reminder]) -> list[tuple[Reminder, list[Municipality]]]:
    """Of the reminders that were sent, those that could not be written to everywhere, and where not."""
    found = [one for one in reminders if one.unreached]
    codes = {code for one in found for code in one.unreached}
    places = {one.code: one for one in Municipality.objects.filter(code__in=codes)} if codes else {}
    return [(one, [places[code] for code in one.unreached if code in places]) for one in found]


@ministry_required
def log(request, year):
    """Each mail that a reminder has put on its way, and what came of it."""
    survey_round = get_round(request, year)
    sent = Reminder.objects.visible_to(request.user).filter(round=survey_round).exclude(sent_at=None)
    sent = sent.select_related("round")
    choices = [(one.pk, f"{one.number}, {date_format(localtime(one.send_at))}: {one.title}") for one in sent]
    form = LogForm(request.GET, choices=choices)
    mails = RoundMail.objects.visible_to(request.user).filter(round=survey_round, reminder__in=sent)
    if form.is_valid():
        if chosen := form.cleaned_data["paamindelse"]:
            mails = mails.filter(reminder=chosen)
            sent = sent.filter(pk=chosen)
        if state := form.cleaned_data["tilstand"]:
            mails = mails.filter(mail__state=state)
    rows = mails.select_related("municipality", "mail", "reminder__round").order_by(
        "-at", "municipality__sort_key", "to"
    )
    found = list(rows[: LOGGED + 1])
    context = {
        "round": survey_round,
        "form": form,
        "mails": found[:LOGGED],
        "more": len(found) > LOGGED,
        "most": LOGGED,
        "unreached": unreached(sent),
    }
    return render(request, "reporting/reminders/log.html", context, status=422 if form.errors else 200)
