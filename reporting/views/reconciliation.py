from urllib.parse import urlencode

from django.shortcuts import render

from reporting import wording
from reporting.forms.choices import LevelForm
from reporting.national import NationalEstimate, national_estimate
from reporting.reconciliation.checks import checks
from reporting.reconciliation.facts import facts_of
from reporting.reconciliation.headlines import sections
from reporting.views.overview import get_round, not_opened
from survey.access import ministry_required


@ministry_required
def reconciliation(request, year):
    """Every headline figure by each reading, and the sums of what is shown."""
    survey_round = get_round(request, year)
    if not survey_round.is_opened:
        return not_opened(request, survey_round)
    form = LevelForm(request.GET, survey_round=survey_round)
    context = {"round": survey_round, "form": form}
    if not form.is_valid():
        return render(request, "reporting/reconciliation.html", context, status=422)
    try:
        national = national_estimate(survey_round, **form.cleaned_data)
    except wording.REFUSALS as error:
        context["refusal"] = wording.refusal(error)
    else:
        facts = facts_of(survey_round, national)
        context |= {"national": national, "facts": facts, "sections": sections(facts)}
        context |= {"checks": checks(facts), "moment": _moment(national)}
        context["adjusted"] = wording.adjusted(national.totals)
        context["refusal"] = national.refused and wording.refusal(national.refused)
    return render(request, "reporting/reconciliation.html", context)


def _moment(national: NationalEstimate) -> str:
    """So that the rows behind a headline are those that it was made of."""
    return urlencode({"as_at": national.totals.as_at.isoformat(), "price_level": national.price_level})
