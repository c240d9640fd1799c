from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from municipalities.models import Region
from reporting import contributions, wording
from reporting.files import estimate_csv as files
from reporting.forms.choices import EstimateForm
from reporting.national import NationalEstimate, national_estimate
from reporting.population_sources import population_sources
from reporting.views.overview import get_opened_round, get_round, not_opened
from survey.access import ministry_required
from survey.models import SurveyRound

COMPARED = ("exp_total", "inc_total", "net_total", "n_initiatives")


@ministry_required
def estimate(request, year):
    """The national estimate, or a region's, by several methods; the choices stand in the URL."""
    survey_round = get_round(request, year)
    if not survey_round.is_opened:
        return not_opened(request, survey_round)
    form = EstimateForm(request.GET, survey_round=survey_round)
    context = {"round": survey_round, "form": form, "rounds": SurveyRound.objects.visible_to(request.user)}
    context["same_choices"] = urlencode(
        {name: values for name, values in request.GET.lists() if name != "as_at"}, doseq=True
    )
    if not form.is_valid():
        return render(request, "reporting/estimate.html", context, status=422)
    try:
        national = national_estimate(survey_round, **form.cleaned_data)
    except wording.REFUSALS as error:
        context["refusal"] = wording.refusal(error)
        context["remedy"] = wording.remedy(error)
    else:
        context |= _comparison(national) | _tables(national) | _pinned(national)
        context["national"] = national
        totals = national.totals
        context["population_sources"] = population_sources(totals.population_date, totals.as_at)
        context["beside_interval"] = wording.beside_interval(national)
        context["adjusted"] = wording.adjusted(national.totals)
        context["sensitivity"] = national.sensitivity()
        context["largest"] = contributions.largest(national)
        context["quotients"] = contributions.quotients(national)
        context["regions"] = None if national.region else _regions(national)
        context["region"] = Region.objects.filter(code=national.region).first()
        context["refusal"] = national.refused and wording.refusal(national.refused)
    return render(request, "reporting/estimate.html", context)


@ministry_required
def estimate_csv(request, year):
    """The same choices as a file; a method without a figure has its reason there too."""
    survey_round = get_opened_round(request, year)
    form = EstimateForm(request.GET, survey_round=survey_round)
    if not form.is_valid():
        raise Http404
    try:
        national = national_estimate(survey_round, **form.cleaned_data)
    except wording.REFUSALS:  # the page of the same choices says why
        return redirect(f"{reverse('reporting:estimate', args=[year])}?{request.GET.urlencode()}")
    with translation.override(settings.LANGUAGE_CODE):  # a column's name is part of the file's format
        mark = _("DEMO - opdigtede tal") if survey_round.is_demo else ""
        content = files.estimate_csv(national, mark)
    name = f"{'DEMO-opdigtede-tal-' if mark else ''}estimat-{year}.csv"
    return HttpResponse(
        content,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _comparison(national: NationalEstimate) -> dict:
    """[(variable's name, its reported figure, [(method, line, note)])], and what the methods assume."""
    accepted = [result for result in national.results if not result.refused]
    return {
        "comparison": [
            (
                wording.VARIABLE_NAMES[variable],
                national.lines[variable].reported,
                [(result.method, *_with_note(result.lines[variable])) for result in accepted],
            )
            for variable in COMPARED
        ],
        "methods": [
            (wording.METHOD_NAMES[result.method], wording.ASSUMPTIONS[result.method]) for result in accepted
        ],
        "refused_methods": [
            (wording.METHOD_NAMES[result.method], wording.refusal(result.refused))
            for result in national.results
            if result.refused
        ],
        "method": wording.METHOD_NAMES[national.method],
    }


def _with_note(line) -> tuple:
    return line, line.estimate and wording.NOTES.get(line.estimate.note or "")


def _tables(national: NationalEstimate) -> dict:
    """Rows [(name, the rows behind it, line, note)] by the page's own method, in 1,000 kr."""
    breakdown = national.totals.breakdown

    def by_group(kind: str) -> list[tuple]:
        found = [
            (name, f"{breakdown.field}:{group}", *_with_note(national.lines[f"{kind}_{group}"]))
            for group, name in breakdown.groups.items()
        ]
        return [*found, (wording.TOTAL, "", *_with_note(national.lines[f"{kind}_total"]))]

    return {"expenditure": by_group("exp"), "income": by_group("inc")}


def _regions(national: NationalEstimate) -> list[tuple]:
    """[(region's line, refusal, note)] in the regions' usual order."""
    lines = contributions.regions(national)
    return [
        (
            line,
            line.refused and wording.refusal(line.refused),
            " ".join(wording.notes(line.estimate, line.coverage)),
        )
        for region in Region.objects.all()
        if (line := lines.get(region.code))
    ]


def _pinned(national: NationalEstimate) -> dict:
    """Queries that name this page's moment and level, so that what is linked rests on the same."""
    moment = [("as_at", national.totals.as_at.isoformat()), ("price_level", str(national.price_level))]
    whole = [*moment, ("breakdown", national.totals.breakdown.field)]
    if national.region:
        whole.append(("region", national.region))
        moment.append(("region", national.region))
    else:
        whole += [("methods", result.method) for result in national.results]
    return {"moment": urlencode(moment), "permalink": urlencode(whole)}
