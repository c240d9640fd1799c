"""The workbook: its download, the upload's preview, and the confirmation that imports it."""

import io

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from survey.access import post_only
from survey.entering import open_for, why_closed
from survey.forms.workbook import ConfirmForm, WorkbookForm
from survey.models import Submission, Upload
from survey.transitions import Refused, database_now
from survey.views.submissions import get_submission
from survey.workbook import writing
from survey.workbook.columns import stamp_of
from survey.workbook.comparing import compare, in_file
from survey.workbook.importing import AlreadyImported, Stale, import_contents
from survey.workbook.reading import MAX_ERRORS, read
from survey.workbook.table import BadFile

SHOWN = 200  # of each kind on a page; a municipality has some ten initiatives
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(request, code, year):
    """Where it is fetched and handed over. A file without errors waits for the confirmation."""
    submission = get_submission(request, code, year)
    form = WorkbookForm(stamp=stamp_of(submission))
    if request.method != "POST":
        return _page(request, submission, form)
    if not submission.may_edit(request.user):
        raise PermissionDenied
    if not submission.accepts_entries(database_now()):
        return _page(request, submission, form, status=409)
    form = WorkbookForm(request.POST, request.FILES, stamp=stamp_of(submission))
    if not form.is_valid() or form.contents is None:
        return _page(request, submission, form, status=422)
    errors = compare(form.contents, submission).errors
    if errors:
        return _page(request, submission, WorkbookForm(stamp=form.stamp), status=422, errors=errors)
    try:
        upload = _keep(request.user, submission, form)
    except Refused:
        return _page(request, submission, WorkbookForm(stamp=form.stamp), status=409)
    return redirect("survey:workbook_preview", code, year, upload.pk)


def _keep(user, submission, form):
    """In place of the user's former one, so that uploads do not fill the database."""
    with open_for(user, Submission.objects.filter(pk=submission.pk)):
        Upload.objects.filter(submission=submission, uploaded_by=user).delete()
        name = form.cleaned_data["file"].name[:255]
        return Upload.objects.create(
            submission=submission, uploaded_by=user, name=name, content=form.data_read
        )


def _page(request, submission, form, status=200, errors=()):
    is_open = submission.accepts_entries(database_now())
    context = {
        "submission": submission,
        "form": form if is_open and submission.may_edit(request.user) else None,
        "closed": "" if is_open else why_closed(submission),
    } | _errors(errors)
    return render(request, "survey/workbook.html", context, status=status)


def _errors(errors) -> dict:
    return {
        "errors": errors[:SHOWN],
        "error_count": len(errors),
        "most_errors": MAX_ERRORS if len(errors) >= MAX_ERRORS else None,
    }


def download_workbook(request, code, year):
    submission = get_submission(request, code, year)
    file = io.BytesIO()
    writing.write_workbook(submission, file)
    return _file(file.getvalue(), XLSX, writing.file_name(submission, "xlsx"))


def download_csv(request, code, year):
    submission = get_submission(request, code, year)
    return _file(
        writing.write_csv(submission), "text/csv; charset=utf-8", writing.file_name(submission, "csv")
    )


def _file(content, content_type, name):
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def preview(request, code, year, upload_id):
    """What the file would change in the working copy as it stands now."""
    submission, upload, contents = _waiting(request, code, year, upload_id)
    if contents is None:
        return redirect("survey:workbook", code, year)
    if not submission.accepts_entries(database_now()):
        messages.error(request, why_closed(submission))
        return redirect("survey:workbook", code, year)
    return _preview(request, submission, upload, compare(contents, submission))


@post_only
def confirm(request, code, year, upload_id):
    """Imports what the preview showed. If the working copy is another by now, the preview is shown again."""
    submission, upload, contents = _waiting(request, code, year, upload_id)
    if contents is None:  # pressed twice
        return redirect(submission)
    plan = compare(contents, submission)
    if request.POST.get("seen") != plan.seen:
        return _stale(request, submission, upload, plan)
    form = ConfirmForm(request.POST, conflicts=plan.conflicts, user=request.user)
    if not form.is_valid():
        return _preview(request, submission, upload, plan, form=form, status=422)
    try:
        done = import_contents(
            upload=upload, contents=contents, by=request.user, seen=plan.seen, keep=form.keep
        )
    except Stale:
        return _stale(request, submission, upload, compare(contents, submission))
    except AlreadyImported:
        messages.info(request, _gone())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _done(done))
    return redirect(submission)


def _stale(request, submission, upload, plan):
    text = _("Besvarelsen er ændret, siden du så filen igennem. Intet er indlæst. Se ændringerne igen.")
    messages.warning(request, text)
    return _preview(request, submission, upload, plan, status=409)


def _done(plan) -> str:
    counts = {"new": len(plan.new), "changed": len(plan.changed), "removed": len(plan.removed)}
    return (
        _(
            "Regnearket er indlæst: %(new)d nye, %(changed)d ændrede og %(removed)d fjernede indsatser. "
            "Hent det igen, før I arbejder videre i det."
        )
        % counts
    )


def _gone() -> str:
    return _("Filen venter ikke længere: den er indlæst, afløst af en ny eller over et døgn gammel.")


def _waiting(request, code, year, upload_id) -> tuple:
    """(submission, upload, its contents), to whom uploaded it; without contents there is nothing to do."""
    submission = get_submission(request, code, year)
    if not submission.may_edit(request.user):
        raise PermissionDenied
    uploads = Upload.objects.visible_to(request.user).filter(submission=submission)
    upload = uploads.filter(pk=upload_id).first()
    try:
        if upload is not None:
            return submission, upload, read(bytes(upload.content), stamp_of(submission))
    except BadFile:  # the template was changed by an update of the product since the upload
        pass
    messages.info(request, _gone())
    return submission, None, None


def _preview(request, submission, upload, plan, form=None, status=200):
    if form is None:
        form = ConfirmForm(initial={"seen": plan.seen}, conflicts=plan.conflicts, user=request.user)
    context = {
        "submission": submission,
        "upload": upload,
        "form": form,
        "plan": plan,
        "new": [in_file(row) for row in plan.new[:SHOWN]],
        "changed": plan.changed[:SHOWN],
        "removed": plan.removed[:SHOWN],
        "kept": plan.kept[:SHOWN],
        "others": plan.others[:SHOWN],
        "twins": plan.twins[:SHOWN],
    } | _errors(plan.errors)
    return render(request, "survey/workbook_preview.html", context, status=status)
