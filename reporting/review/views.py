from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from municipalities.models import REVIEWERS
from reporting import wording
from reporting.audit.downloads import record_download
from reporting.deciding.rest import rest_in
from reporting.review import catalogue
from reporting.review.files import hits_file
from reporting.review.forms import HitFilterForm, reviewer_names
from reporting.review.hits import HitList, hit_list
from reporting.review.listing import chosen, rows
from reporting.review.shown import shown
from reporting.totals import PopulationMissing, RoundTotals, round_totals
from reporting.views.overview import get_opened_round, get_round, not_opened
from survey.access import ministry_required
from survey.models import SurveyRound
from survey.transitions import database_now

HITS_A_PAGE = 50


@ministry_required
def hits(request, year):
    """What rules point at, what matters most first."""
    survey_round = get_round(request, year)
    if not survey_round.is_opened:
        return not_opened(request, survey_round)
    people = reviewer_names()
    form = _filter(request, survey_round, people)
    context = {"round": survey_round, "form": form, "reviewers": people, "is_filtered": _is_filtered(request)}
    try:
        totals = round_totals(survey_round, database_now())
        found = hit_list(survey_round, totals)
    except PopulationMissing as error:
        context |= {"refusal": wording.refusal(error), "remedy": wording.remedy(error)}
    else:
        context |= {"list": found, "refusal": found.refusal, "rest": len(rest_in(found, request.user).ids)}
        context |= _page(request, totals, found, form, dict(people))
        context["may_assign"] = request.user.ministry_role in REVIEWERS and not survey_round.is_final
    return render(request, "reporting/review/hits.html", context, status=200 if form.is_valid() else 422)


def _page(request, totals: RoundTotals, found: HitList, form: HitFilterForm, names: dict[int, str]) -> dict:
    listed = chosen(found, form, request.user)
    page = Paginator(listed, HITS_A_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    after = listed[page.end_index()] if page.has_next() else None
    told = shown(tuple(page), totals.adjustments, totals.accounts_year)
    return {
        "page": page,
        "rows": list(zip(rows(tuple(page), found, names, after), told, strict=True)),
        "query": query.urlencode(),
        "here": request.GET.urlencode(),
        "chosen": len(listed),
        "open": sum(not hit.status.is_settled for hit in found.hits),
        "enough": found.se / 10 if found.se else None,
    }


def _filter(request, survey_round: SurveyRound, people: list[tuple[int, str]]) -> HitFilterForm:
    """With the rules out of use marked: they point at nothing."""
    form = HitFilterForm(request.GET, survey_round=survey_round, reviewers=people)
    rules = catalogue.choices(survey_round.accounts_year, survey_round.retired_rules)
    form.fields["regel"].choices = [("", _("Alle")), *rules]  # type: ignore[attr-defined]
    return form


def _is_filtered(request) -> bool:
    return any(value for name, value in request.GET.items() if name != "page")


@ministry_required
def hits_csv(request, year):
    """All pages of the list that the same query shows."""
    survey_round = get_opened_round(request, year)
    people = reviewer_names()
    form = _filter(request, survey_round, people)
    try:
        totals = round_totals(survey_round, database_now())
        found = hit_list(survey_round, totals)
    except PopulationMissing as error:
        messages.error(request, wording.refusal(error))
        return redirect("review:hits", year)
    if not form.is_valid():
        return hits(request, year)
    told = shown(chosen(found, form, request.user), totals.adjustments, totals.accounts_year)
    record_download(request, survey_round)
    content = hits_file(survey_round, found, told, dict(people))
    return HttpResponse(
        content,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{_name(survey_round)}"'},
    )


def _name(survey_round: SurveyRound) -> str:
    demo = "DEMO-opdigtede-tal-" if survey_round.is_demo else ""
    return f"{demo}gennemgang-{survey_round.accounts_year}.csv"
