from pathlib import PurePath

from django.contrib import messages
from django.http import FileResponse, Http404, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from municipalities.models import Role
from reporting import wording
from reporting.audit.downloads import record_download
from reporting.files import exports
from reporting.price_levels import MissingRate
from reporting.views.overview import get_opened_round
from survey import jobs
from survey.access import post_only, role_required
from survey.models import Job
from survey.transitions import database_now


@role_required(Role.ADMIN)
def export_csv(request, year):
    """Every reported initiative of the round, streamed while PostgreSQL reads it."""
    survey_round = get_opened_round(request, year)
    try:
        rows = exports.rows_of(survey_round)
    except MissingRate as error:
        return _refused(request, year, wording.refusal(error))
    record_download(request, survey_round)
    name = exports.file_name(survey_round, "csv")
    return StreamingHttpResponse(
        exports.csv_blocks(rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@role_required(Role.ADMIN)
@post_only
def export_workbook(request, year):
    """Asks a worker for the workbook, of the rows as they are now; its page tells how far it is."""
    survey_round = get_opened_round(request, year)
    as_at = database_now()
    try:
        rows = exports.rows_of(survey_round, as_at)
    except MissingRate as error:
        return _refused(request, year, wording.refusal(error))
    if rows.count() > exports.MAX_SHEET_ROWS:
        return _refused(request, year, _("Et regneark kan ikke rumme så mange rækker. Hent dem som CSV."))
    job = jobs.enqueue(
        task="reporting.tasks.write_workbook",
        title=_("Regneark med alle indsatser, regnskab %(year)d") % {"year": year},
        arguments={"round": survey_round.pk, "as_at": as_at.isoformat()},
        by=request.user,
    )
    return redirect("reporting:job", job.pk)


@role_required(Role.ADMIN)
def job(request, job_id):
    return render(request, "reporting/job.html", {"job": _job(request, job_id)})


@role_required(Role.ADMIN)
def job_file(request, job_id):
    """The result, for who asked for it and is still an administrator."""
    done = _job(request, job_id)
    if done.state != Job.State.DONE:
        raise Http404
    try:
        file = done.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    record_download(request, done)
    return FileResponse(file, as_attachment=True, filename=PurePath(str(file.name)).name)


def _job(request, job_id) -> Job:
    return get_object_or_404(Job.objects.visible_to(request.user), pk=job_id)


def _refused(request, year, reason: str):
    messages.error(request, reason)
    return redirect("reporting:overview", year)
