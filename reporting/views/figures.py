from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import translation

from reporting import wording
from reporting.forms.choices import LevelForm
from reporting.report.boxes import boxes
from reporting.report.carried_on import moved_initiatives
from reporting.report.catalogue import FIGURES, report_context
from reporting.views.overview import get_opened_round, get_round, not_opened
from survey.access import ministry_required

KINDS = {
    "drawing": "image/svg+xml",  # the page's own, without the basis, which stands beneath it there
    "svg": "image/svg+xml",
    "png": "image/png",
    "csv": "text/csv; charset=utf-8",
}


@ministry_required
def figures(request, year):
    """The report's figures and boxes for a round, each with its numbers as a table and as files."""
    survey_round = get_round(request, year)
    if not survey_round.is_opened:
        return not_opened(request, survey_round)
    form = LevelForm(request.GET, survey_round=survey_round)
    context = {"round": survey_round, "form": form}
    if not form.is_valid():
        return render(request, "reporting/figures.html", context, status=422)
    try:
        report = report_context(survey_round, **form.cleaned_data)
    except wording.REFUSALS as error:
        context["refusal"] = wording.refusal(error)
        context["remedy"] = wording.remedy(error)
        return render(request, "reporting/figures.html", context)
    moment = {
        "as_at": form.cleaned_data["as_at"].isoformat(),
        "price_level": form.cleaned_data["price_level"],
    }
    context |= {
        "figures": [(slug, make(report)) for slug, make in FIGURES.items()],
        "boxes": boxes(report),
        "moved": moved_initiatives(report),
        "national": report.national,
        "moment": urlencode(moment),
    }
    return render(request, "reporting/figures.html", context)


@ministry_required
def figure(request, year, slug, kind):
    """One figure as a file. The page's addresses name the moment, so that a browser may keep it."""
    survey_round = get_opened_round(request, year)
    form = LevelForm(request.GET, survey_round=survey_round)
    if slug not in FIGURES or kind not in KINDS or not form.is_valid():
        raise Http404
    try:
        report = report_context(survey_round, **form.cleaned_data)
    except wording.REFUSALS as error:
        raise Http404 from error
    # A CSV's headings are part of its format, so they are Danish whatever the reader's language.
    language = settings.LANGUAGE_CODE if kind == "csv" else translation.get_language()
    with translation.override(language):
        drawn = FIGURES[slug](report)
        content = getattr(drawn, kind)()
    response = HttpResponse(content, content_type=KINDS[kind])
    if kind in ("png", "csv"):
        demo = "DEMO-opdigtede-tal-" if drawn.mark else ""
        name = f"{demo}figur-{slug}-{year}.{kind}"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
    if request.GET.get("as_at"):
        response["Cache-Control"] = "private, max-age=3600"
    return response
