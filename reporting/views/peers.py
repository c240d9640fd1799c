from datetime import datetime
from urllib.parse import urlencode

from django.core.signing import BadSignature, Signer
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override

from reporting.comparison import compared_answer
from reporting.figures import to_svg
from reporting.notes.content import council_note, explanation
from reporting.notes.pdf import pdf
from reporting.notes.word import docx
from reporting.totals import PopulationMissing
from survey.models import Submission
from survey.transitions import database_now
from survey.views.submissions import get_submission


def comparison(request, code, year):
    """What a municipality gets back for its answer; before that, a page that says what will be here."""
    submission = get_submission(request, code, year)
    now = database_now()
    context = {
        "submission": submission,
        "round": submission.round,
        "is_demo": submission.round.is_demo,
        "explanation": explanation(),
    }
    try:
        context["answer"] = compared_answer(submission, now)
    except PopulationMissing:
        context["refusal"] = _("Et folketal mangler, så der kan ikke sammenlignes. Skriv til ministeriet.")
    context["moment"] = urlencode({"pr": _signer(submission).sign(now.isoformat())})
    return render(request, "reporting/peers.html", context)


def figure(request, code, year):
    """The page's drawing, as at the page's moment, or now.

    The moment is signed: who could choose it freely could see what each single answer changed.
    """
    submission = get_submission(request, code, year)
    signed = request.GET.get("pr")
    try:
        as_at = datetime.fromisoformat(_signer(submission).unsign(signed)) if signed else database_now()
        answer = compared_answer(submission, as_at)
    except (BadSignature, PopulationMissing) as error:
        raise Http404 from error
    if answer is None:
        raise Http404
    response = HttpResponse(to_svg(answer.chart(), alt=answer.title), content_type="image/svg+xml")
    if signed:
        response["Cache-Control"] = "private, max-age=3600"
    return response


def _signer(submission: Submission) -> Signer:
    return Signer(salt=f"peers-{submission.pk}")


def note_pdf(request, code, year):
    return _note(request, code, year, pdf, "application/pdf", "pdf")


def note_docx(request, code, year):
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    return _note(request, code, year, docx, kind, "docx")


def _note(request, code, year, make, content_type, ending):
    """As at now, and Danish whatever the reader's language: it is for the municipal council."""
    submission = get_submission(request, code, year)
    try:
        answer = compared_answer(submission, database_now())
    except PopulationMissing:
        answer = None
    if answer is None:
        return redirect("peers:comparison", code, year)  # which says why not
    with override("da"):
        response = HttpResponse(make(council_note(answer)), content_type=content_type)
    demo = "DEMO-opdigtede-tal-" if answer.mark else ""
    response["Content-Disposition"] = f'attachment; filename="{demo}notat-{code}-{year}.{ending}"'
    return response
