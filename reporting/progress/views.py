from django.shortcuts import render

from reporting import wording
from reporting.national import AREAS, NationalEstimate, estimate_of
from reporting.progress.effect import effects, shares
from reporting.progress.listing import Review, answers_of, review_of
from reporting.totals import round_totals
from reporting.views.overview import get_round, not_opened
from survey.access import ministry_required
from survey.models import AdjustmentReason
from survey.transitions import database_now

HEADLINES = ("exp_total", "inc_total", "net_total", "n_initiatives")


@ministry_required
def progress(request, year):
    """How far the review is, who has waited how long, and the figures without and with the adjustments."""
    survey_round, now = get_round(request, year), database_now()
    if not survey_round.is_opened:
        return not_opened(request, survey_round)
    context = {"round": survey_round, "now": now, "answers": answers_of(survey_round, request.user, now)}
    try:
        national = estimate_of(round_totals(survey_round, now), price_level=survey_round.price_level)
    except wording.REFUSALS as error:
        context |= {"refusal": wording.refusal(error), "remedy": wording.remedy(error)}
    else:
        review = review_of(survey_round, national, now)
        context |= {"review": review, "national": national, **_effect(national, review)}
    return render(request, "reporting/progress/progress.html", context)


def _effect(national: NationalEstimate, review: Review) -> dict:
    """`effects` is [(name, effect)] of the headline figures and of each area's expenditure."""
    variables = (*HEADLINES, *(f"exp_{area}" for area in AREAS))
    found = effects(national, variables)
    coverage = national.coverage
    return {
        "effects": [(wording.variable_name(one.variable), one) for one in found],
        "per_inhabitant": found[0].per(coverage.inhabitants_answered, coverage.inhabitants),
        "shares": [
            (review.names[one.by], AdjustmentReason(one.reason).label, one) for one in shares(national)
        ],
        "not_extrapolated": national.refused and wording.refusal(national.refused),
    }
