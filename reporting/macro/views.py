from urllib.parse import urlencode

from django.shortcuts import render

from municipalities.models import Region
from reporting import contributions, wording
from reporting.breakdowns import SERVICE_AREA
from reporting.macro import carriers
from reporting.macro import leave_one_out as leaving_out
from reporting.macro.cross_table import EXTRAPOLATED, CrossTable, cross_table
from reporting.macro.forms import SHOWN, MacroForm, MethodForm
from reporting.national import coverage_of, estimate_of
from reporting.returns import frame_of
from reporting.totals import RoundTotals, round_totals
from reporting.views.overview import get_round, not_opened
from survey.access import ministry_required
from survey.models import ReportedInitiative, SurveyRound


@ministry_required
def macro(request, year):
    """Areas by regions, and who carries the figures; every figure leads to its initiatives and back."""
    survey_round = get_round(request, year)
    if not survey_round.is_opened:
        return not_opened(request, survey_round)
    form = MacroForm(request.GET, survey_round=survey_round)
    context = {"round": survey_round, "form": form}
    if not form.is_valid():
        return render(request, "reporting/macro/macro.html", context, status=422)
    choice = form.cleaned_data
    try:
        totals = round_totals(survey_round, choice["as_at"])
        context |= _table(totals, choice) | _carriers(request, survey_round, totals, choice)
    except wording.REFUSALS as error:
        context |= {"refusal": wording.refusal(error), "remedy": wording.remedy(error)}
    return render(request, "reporting/macro/macro.html", context)


def _table(totals: RoundTotals, choice: dict) -> dict:
    """[(the area's name, [(cell, the query of its rows, whether few have answered)])]."""
    by_b = estimate_of(totals, price_level=choice["price_level"], methods=("b",))
    regions = [(region.code, region.name) for region in Region.objects.all()]
    found = cross_table(by_b, choice["show"], regions)
    names = [*SERVICE_AREA.groups.values(), wording.TOTAL]
    return {
        "table": found,
        "rows": [
            (
                name,
                [
                    (cell, _query(choice, cell.region, cell.area), column.is_few)
                    for cell, column in zip(cells, found.columns, strict=True)
                ],
            )
            for name, cells in zip(names, found.rows, strict=True)
        ],
        "refused": _refused(found) if choice["show"] == EXTRAPOLATED else [],
        "shown": SHOWN[choice["show"]],
        "show": choice["show"],
        "by_b": by_b,
        "adjusted": wording.adjusted(totals),
        "level": choice["price_level"],
    }


def _refused(table: CrossTable) -> list[tuple[str, str]]:
    """[(region, why)]; the country's reason is one of theirs."""
    return [(column.name, wording.refusal(column.refused)) for column in table.columns[:-1] if column.refused]


def _query(choice: dict, region: str | None, area: str) -> str:
    """Of the page of rows behind a figure: the same moment and level, and the way back."""
    moment = {"as_at": choice["as_at"].isoformat(), "price_level": choice["price_level"]}
    same = {name: choice[name] for name in ("show", "region", "area", "method") if choice[name]}
    which = {"region": region or "", "group": f"{SERVICE_AREA.field}:{area}" if area else ""}
    found = moment | {name: value for name, value in which.items() if value}
    return urlencode(found | {"tilbage": urlencode(moment | same)})


def _carriers(request, survey_round: SurveyRound, totals: RoundTotals, choice: dict) -> dict:
    """Of the country or, as chosen, of a region, an area or both."""
    area, region = choice["area"], choice["region"]
    part = carriers.of_area(totals, area) if area else totals
    national = estimate_of(
        part, price_level=choice["price_level"], region=region, methods=(choice["method"],)
    )
    visible = ReportedInitiative.objects.visible_to(request.user)
    return {
        "national": national,
        "method": wording.METHOD_NAMES[national.method],
        "part_adjusted": wording.adjusted(national.totals),
        "no_estimate": national.refused and wording.refusal(national.refused),
        "initiatives": carriers.largest_initiatives(survey_round, national, area, visible),
        "largest": contributions.largest(national),
        "five": (carriers.five_by_inhabitants(national), carriers.five_by_expenditure(national)),
        "area_name": SERVICE_AREA.groups.get(area),
        "region": Region.objects.filter(code=region).first() if region else None,
        "rows_query": _query(choice, region, area),
    }


@ministry_required
def leave_one_out(request, year):
    """The national estimate without each municipality that answered, as if it had not."""
    survey_round = get_round(request, year)
    if not survey_round.is_opened:
        return not_opened(request, survey_round)
    form = MethodForm(request.GET, survey_round=survey_round)
    context = {"round": survey_round, "form": form}
    if not form.is_valid():
        return render(request, "reporting/macro/leave_one_out.html", context, status=422)
    try:
        totals = round_totals(survey_round, form.cleaned_data["as_at"])
        context |= _without(totals, form.cleaned_data)
    except wording.REFUSALS as error:
        context |= {"refusal": wording.refusal(error), "remedy": wording.remedy(error)}
    return render(request, "reporting/macro/leave_one_out.html", context)


def _without(totals: RoundTotals, choice: dict) -> dict:
    """[(municipality, its reported amount, what is left, per cent, why there is nothing)]."""
    national = estimate_of(totals, price_level=choice["price_level"], methods=(choice["method"],))
    amounts = national.columns[leaving_out.ONLY]
    whole, found = leaving_out.leave_one_out(choice["method"], frame_of(totals.returns), amounts)
    coverage = coverage_of(totals.returns)
    return {
        "national": national,
        "whole": whole,
        "rows": [
            (
                totals.returns[one.place],
                amounts[one.place],
                one,
                one.percent(whole.total),
                one.refused and wording.refusal(one.refused),
            )
            for one in found
        ],
        "coverage": coverage,
        "few_left": coverage.answered - 1 < wording.FEW,
        "method": wording.METHOD_NAMES[choice["method"]],
        "adjusted": wording.adjusted(totals),
        "level": choice["price_level"],
        "moment": urlencode({"as_at": totals.as_at.isoformat(), "price_level": choice["price_level"]}),
    }
