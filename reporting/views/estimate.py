from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from municipalities.models import Region
from reporting import figures, wording
from reporting.forms import EstimateForm
from reporting.national import AREAS, NationalEstimate, national_estimate
from reporting.rounding import round_half_away
from reporting.views.overview import get_round
from survey.access import ministry_required
from survey.models import ServiceArea, SurveyRound

TOTALS = ("exp_total", "inc_total", "net_total")
FIGURES = {
    6: ("exp", gettext_lazy("Indberettede bruttoudgifter efter område")),
    7: ("inc", gettext_lazy("Indberettede bruttoindtægter efter område")),
}


@ministry_required
def estimate(request, year):
    """The national estimate, or a region's, with each figure's basis; the choices stand in the URL."""
    survey_round = get_round(request, year)
    form = EstimateForm(request.GET, survey_round=survey_round)
    context = {"round": survey_round, "form": form}
    status = 200
    if form.is_valid():
        try:
            national = national_estimate(survey_round, **form.cleaned_data)
        except wording.REFUSALS as error:
            context["refusal"] = wording.refusal(error)
        else:
            context |= _tables(national) | {"national": national, "drawings": _drawings(national)}
            context["region"] = Region.objects.filter(code=national.region).first()
            context["method"] = wording.METHOD_NAMES[national.method]
            context["refusal"] = national.refused and wording.refusal(national.refused)
    else:
        status = 422
    return render(request, "reporting/estimate.html", context, status=status)


@ministry_required
def figure(request, year, number):
    """One of the report's figures as SVG. The page's URLs name the moment, so that a browser may keep it."""
    survey_round = get_round(request, year)
    form = EstimateForm(request.GET, survey_round=survey_round)
    if number not in FIGURES or not form.is_valid():
        raise Http404
    try:
        national = national_estimate(survey_round, **form.cleaned_data)
    except wording.REFUSALS as error:
        raise Http404 from error
    response = HttpResponse(draw(national, number, survey_round), content_type="image/svg+xml")
    if "as_at" in request.GET:
        response["Cache-Control"] = "private, max-age=3600"
    return response


def draw(national: NationalEstimate, number: int, survey_round: SurveyRound) -> str:
    kind, caption = FIGURES[number]
    title = _("Figur %(number)d. %(caption)s") % {"number": number, "caption": caption}
    specification = figures.bar_chart(
        [
            figures.Bar(str(ServiceArea(area).label), float(round_half_away(value / 1000, 1)))
            for area, value in reported_by_area(national, kind)
        ],
        title=title,
        unit=_("mio. kr., %(year)d-pris- og lønniveau") % {"year": national.price_level},
        colour=figures.COLOURS[kind],
        mark=_("DEMO - opdigtede tal") if survey_round.is_demo else "",
    )
    return figures.to_svg(specification, alt=title)


def reported_by_area(national: NationalEstimate, kind: str) -> list[tuple]:
    return [(area, national.lines[f"{kind}_{area}"].reported.value) for area in AREAS]


def _tables(national: NationalEstimate) -> dict:
    """Rows [(name, line, note)] of the page's tables; amounts in 1,000 kr. at the price level."""

    def rows(names: list[tuple]) -> list[tuple]:
        lines = [(name, national.lines[variable]) for name, variable in names]
        return [
            (name, line, line.estimate and wording.NOTES.get(line.estimate.note or ""))
            for name, line in lines
        ]

    def by_area(kind: str) -> list[tuple]:
        areas = [(ServiceArea(area).label, f"{kind}_{area}") for area in AREAS]
        return rows([*areas, (_("I alt"), f"{kind}_total")])

    return {
        "totals": rows([(wording.VARIABLE_NAMES[name], name) for name in TOTALS]),
        "counts": rows([(wording.VARIABLE_NAMES["n_initiatives"], "n_initiatives")]),
        "expenditure": by_area("exp"),
        "income": by_area("inc"),
        "per_inhabitant": _per_inhabitant(national),
    }


def _per_inhabitant(national: NationalEstimate) -> float | None:
    """Kroner: the extrapolated expenditure over all inhabitants, both of the whole country or region."""
    expenditure = national.lines["exp_total"].estimate
    return 1000 * expenditure.total / national.coverage.inhabitants if expenditure else None


def _drawings(national: NationalEstimate) -> list[dict]:
    """The figures with the same numbers as a table, and the query that pins them to this page's moment."""
    query = {"as_at": national.totals.as_at.isoformat(), "price_level": national.price_level}
    if national.region:
        query["region"] = national.region
    return [
        {
            "number": number,
            "caption": caption,
            "query": urlencode(query),
            "rows": [(ServiceArea(area).label, value) for area, value in reported_by_area(national, kind)],
            "total": national.lines[f"{kind}_total"].reported.value,
        }
        for number, (kind, caption) in FIGURES.items()
    ]
