from decimal import Decimal

from django.core.paginator import Paginator
from django.http import QueryDict
from django.shortcuts import render

from reporting import price_levels, wording
from reporting.behind import Behind, initiatives_behind
from reporting.forms.choices import RowsForm
from reporting.models import PriceRate
from reporting.views.overview import get_round, not_opened
from survey.access import ministry_required
from survey.models import ReportedInitiative, Scope

ROWS_A_PAGE = 50


@ministry_required
def rows(request, year):
    """The initiatives behind a figure, with a sum that is the figure's own."""
    survey_round = get_round(request, year)
    if not survey_round.is_opened:
        return not_opened(request, survey_round)
    form = RowsForm(request.GET, survey_round=survey_round)
    # Where one came from: choices of the page of areas and regions, and of no other page.
    back = QueryDict(request.GET.get("tilbage", "")).urlencode()
    context = {"round": survey_round, "form": form, "back": back}
    if not form.is_valid():
        return render(request, "reporting/rows.html", context, status=422)
    choice = form.cleaned_data
    rates = PriceRate.objects.percents(choice["as_at"])
    try:
        factor = price_levels.factor(rates, survey_round.accounts_year, choice["price_level"])
    except price_levels.MissingRate as error:
        return render(request, "reporting/rows.html", context | {"refusal": wording.refusal(error)})
    behind = initiatives_behind(
        survey_round,
        choice["as_at"],
        region=choice["region"],
        municipality=choice["municipality"] and choice["municipality"].code,
        group=choice["group"],
        initiatives=ReportedInitiative.objects.visible_to(request.user),
    )
    context |= choice | _table(request, behind, factor)
    return render(request, "reporting/rows.html", context)


def _table(request, behind: Behind, factor: Decimal) -> dict:
    """A page of the rows, and the sums of all of them; amounts in 1,000 kr. at the price level."""
    page = Paginator(behind.initiatives, ROWS_A_PAGE).get_page(request.GET.get("page"))
    expenditure, income, count = behind.sums()
    query = request.GET.copy()
    query.pop("page", None)
    return {
        "page": page,
        "rows": [
            (initiative, adjustment, initiative.gross_expenditure * factor, initiative.gross_income * factor)
            for initiative, adjustment in behind.counting(list(page))
        ],
        "expenditure": expenditure * factor,
        "income": income * factor,
        "count": count,
        "adjusted": len(behind.adjustments),
        "judged_out": behind.initiatives.order_by().filter(scope=Scope.OUT_OF_SCOPE).count(),
        "query": query.urlencode(),
    }
