from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render

from reporting import wording
from reporting.forms import LevelForm
from reporting.report.boxes import boxes
from reporting.report.catalogue import FIGURES, report_context
from reporting.views.overview import get_round
from survey.access import ministry_required

KINDS = {"svg": "image/svg+xml", "png": "image/png", "csv": "text/csv; charset=utf-8"}


@ministry_required
def figures(request, year):
    """The report's figures and boxes for a round, each with its numbers as a table and as files."""
    survey_round = get_round(request, year)
    form = LevelForm(request.GET, survey_round=survey_round)
    context = {"round": survey_round, "form": form}
    if not form.is_valid():
        return render(request, "reporting/figures.html", context, status=422)
    try:
        report = report_context(survey_round, **form.cleaned_data)
    except wording.REFUSALS as error:
        context["refusal"] = wording.refusal(error)
        return render(request, "reporting/figures.html", context)
    moment = {
        "as_at": form.cleaned_data["as_at"].isoformat(),
        "price_level": form.cleaned_data["price_level"],
    }
    context |= {
        "figures": [(slug, make(report)) for slug, make in FIGURES.items()],
        "boxes": boxes(report),
        "national": report.national,
        "moment": urlencode(moment),
    }
    return render(request, "reporting/figures.html", context)


@ministry_required
def figure(request, year, slug, kind):
    """One figure as a file. The page's addresses name the moment, so that a browser may keep it."""
    survey_round = get_round(request, year)
    form = LevelForm(request.GET, survey_round=survey_round)
    if slug not in FIGURES or kind not in KINDS or not form.is_valid():
        raise Http404
    try:
        report = report_context(survey_round, **form.cleaned_data)
    except wording.REFUSALS as error:
        raise Http404 from error
    drawn = FIGURES[slug](report)
    content = drawn.csv(report.mark) if kind == "csv" else drawn.png() if kind == "png" else drawn.svg()
    response = HttpResponse(content, content_type=KINDS[kind])
    if kind != "svg":
        demo = "DEMO-opdigtede-tal-" if survey_round.is_demo else ""
        name = f"{demo}figur-{slug}-{year}.{kind}"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
    if "as_at" in request.GET:
        response["Cache-Control"] = "private, max-age=3600"
    return response
