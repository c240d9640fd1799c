from collections.abc import Sequence
from typing import TypeVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from municipalities.models import REVIEWERS, Contact
from reporting import wording
from reporting.audit.downloads import record_download
from reporting.chase.forms import SHOWN, ChaseFilterForm, NoteForm
from reporting.chase.listing import ChaseRow, chase_list, known_of
from reporting.chase.returned import ReturnedRow, overdue_of, returned_list
from reporting.chase.workbook import chase_workbook
from reporting.response.standings import STATE_NAMES, state_of
from reporting.totals import PopulationMissing, round_totals
from reporting.views.overview import get_opened_round, get_round, not_opened
from reporting.views.submissions import get_submission
from survey.access import ministry_required
from survey.chasing import add_note
from survey.models import ChaseNote, Submission
from survey.transitions import Refused, database_now

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Row = TypeVar("Row", ChaseRow, ReturnedRow)


@ministry_required
def chase(request, year):
    """Who has not answered, those whose answer would do the most first."""
    survey_round = get_round(request, year)
    if not survey_round.is_opened:
        return not_opened(request, survey_round)
    form = ChaseFilterForm(request.GET)
    context = {"round": survey_round, "form": form, "query": request.GET.urlencode()}
    now = database_now()
    returned = returned_list(survey_round, request.user, now)
    chosen = _chosen(returned, form)
    context |= {"any_returned": bool(returned), "returned": chosen, "overdue": overdue_of(chosen)}
    try:
        found = chase_list(survey_round, round_totals(survey_round, now), request.user)
    except PopulationMissing as error:
        context |= {"refusal": wording.refusal(error), "remedy": wording.remedy(error)}
    else:
        context |= {"list": found, "rows": _chosen(found.rows, form), "refusal": found.refusal}
    status = 200 if form.is_valid() else 422
    return render(request, "reporting/chase/chase.html", context, status=status)


@ministry_required
def workbook(request, year):
    """The whole list, whatever the page shows of it."""
    survey_round, now = get_opened_round(request, year), database_now()
    try:
        found = chase_list(survey_round, round_totals(survey_round, now), request.user)
    except PopulationMissing as error:
        messages.error(request, wording.refusal(error))
        return redirect("chase:chase", year)
    record_download(request, survey_round)
    demo = "DEMO-opdigtede-tal-" if survey_round.is_demo else ""
    name = f"{demo}rykkerliste-{year}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    content = chase_workbook(survey_round, found, returned_list(survey_round, request.user, now))
    return HttpResponse(content, content_type=XLSX, headers=headers)


def _chosen(rows: Sequence[Row], form: ChaseFilterForm) -> list[Row]:
    """None where the form has an error."""
    if not form.is_valid():
        return []
    choices = form.cleaned_data

    def is_chosen(row: Row) -> bool:
        outcome = row.outcome.outcome if row.outcome else "intet"
        return (
            choices["region"] in (None, row.submission.region.code)
            and SHOWN.get(choices["tilstand"]) in (None, state_of(row.submission))
            and choices["udfald"] in ("", outcome)
        )

    return [row for row in rows if is_chosen(row)]


@ministry_required
def notes(request, year, code):
    """What was agreed with one municipality, this round's and earlier ones', and a new note."""
    submission = get_submission(request, year, code)
    if request.method != "POST":
        return _notes_page(request, submission)
    if request.user.ministry_role not in REVIEWERS:
        raise PermissionDenied
    form = NoteForm(request.POST, municipality=submission.municipality)
    if not form.is_valid():
        return _notes_page(request, submission, form=form, status=422)
    try:
        add_note(submission_id=submission.pk, by=request.user, **form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _notes_page(request, submission, form=form, status=409)
    messages.success(request, _("Notatet er gemt."))
    return redirect("chase:notes", year, code)


def _notes_page(request, submission: Submission, *, form: NoteForm | None = None, status=200):
    notes = ChaseNote.objects.visible_to(request.user).filter(municipality=submission.municipality)
    newest = list(notes.select_related("by", "round", "merged_with").order_by("-pk"))
    survey_round = submission.round
    is_open = survey_round.is_opened and not survey_round.is_final
    if is_open and form is None and request.user.ministry_role in REVIEWERS:
        form = NoteForm(municipality=submission.municipality, seen=newest[0].pk if newest else None)
    known = known_of(survey_round, request.user, [submission.municipality_id])
    context = {
        "submission": submission,
        "state": STATE_NAMES[state_of(submission)],
        "round": survey_round,
        "notes": newest,
        "form": form,
        "contacts": Contact.objects.visible_to(request.user).filter(municipality=submission.municipality),
        "last_login": known["last_login"].get(submission.municipality_id),
        "last_mail": known["last_mail"].get(submission.municipality_id),
    }
    return render(request, "reporting/chase/notes.html", context, status=status)
