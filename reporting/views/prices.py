from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from municipalities.models import Role
from reporting import price_levels, wording
from reporting.forms.choices import LevelForm
from reporting.forms.rates import RateForm
from reporting.models import PriceRate
from reporting.models.rates import in_force
from reporting.national import NationalEstimate, national_estimate
from reporting.views.overview import get_round
from survey.access import ministry_required, post_only, role_required
from survey.models import SurveyRound
from survey.transitions import database_now


@dataclass(frozen=True)
class Vintage:
    """What became known at a moment, and what the headline is at the price level from then on.

    `reported` and `total` are gross expenditure, 1,000 kr.; `change` is that of `total`.
    """

    recorded_at: datetime
    rates: list[PriceRate]
    factor: Decimal
    reported: Decimal
    total: float | None
    change: float | None


@ministry_required
def prices(request, year):
    """The rates with all their vintages, the chain step by step, and what each did to the headline."""
    return _page(request, get_round(request, year))


@role_required(Role.ROUND_MANAGER)
@post_only
def add_rate(request, year):
    """A new row, in force from now on; what is published rests on the rows that it pinned."""
    survey_round = get_round(request, year)
    form = RateForm(request.POST)
    if not form.is_valid():
        return _page(request, survey_round, rate_form=form, status=422)
    rate = PriceRate.objects.add(form.save(commit=False))
    messages.success(request, _("Satsen for %(year)d er tilføjet og gælder fra nu af.") % {"year": rate.year})
    return redirect("reporting:prices", year)


def _page(request, survey_round: SurveyRound, *, rate_form: RateForm | None = None, status=200):
    form = LevelForm(request.GET, survey_round=survey_round)
    rates = list(PriceRate.objects.visible_to(request.user))
    may_add = request.user.ministry_role == Role.ROUND_MANAGER
    context = {
        "round": survey_round,
        "form": form,
        "rate_form": rate_form or (RateForm() if may_add else None),
    }
    if not form.is_valid():
        now = in_force(rates, database_now())
        context |= {"rates": rates, "used": {rate.pk for rate in now.values()}}
        return render(request, "reporting/prices.html", context, status=422)
    level, as_at = form.cleaned_data["price_level"], form.cleaned_data["as_at"]
    used = in_force(rates, as_at)
    context |= {"rates": rates, "used": {rate.pk for rate in used.values()}, "level": level, "as_at": as_at}
    try:
        context |= _chain(survey_round, used, rates, level, as_at)
    except wording.REFUSALS as error:
        context["refusal"] = wording.refusal(error)
    return render(request, "reporting/prices.html", context, status=status)


def _chain(survey_round: SurveyRound, used: dict[int, PriceRate], rates, level: int, as_at: datetime) -> dict:
    """[(year, the rate that led to it, index, what 1.000 kr. became)] and the vintages, the newest last;
    a round that is not opened has no amounts to show them by."""
    year = survey_round.accounts_year
    percents = {rate.year: rate.percent for rate in used.values()}
    steps = price_levels.chain(percents, year, level)
    opened = survey_round.is_opened
    national = national_estimate(survey_round, price_level=year, as_at=as_at) if opened else None
    # From 2023 back to 2022 it is 2023's rate that is taken off.
    led = {at: used[at if level >= year else at + 1] for at, _index in steps[1:]}
    return {
        "steps": [(at, led.get(at), 100 * index, 1000 * index) for at, index in steps],
        "factor": steps[-1][1],
        "later": sorted(rate.year for rate in led.values() if rate.recorded_at > as_at),
        "vintages": _vintages(rates, national, level, as_at) if national else [],
    }


def _vintages(rates, national: NationalEstimate, level: int, as_at: datetime) -> list[Vintage]:
    """Of the rates that the conversion needs; the amounts of the accounts year times each factor."""
    year = national.totals.accounts_year
    years = price_levels.years(year, level)
    needed = [rate for rate in rates if rate.year in years]
    line = national.lines["exp_total"]
    found: list[Vintage] = []
    for moment in sorted({rate.recorded_at for rate in needed if rate.recorded_at <= as_at}):
        known = [rate for rate in needed if rate.recorded_at <= moment]
        if {rate.year for rate in known} != set(years):
            continue  # the chain was not complete yet
        percents = {rate.year: rate.percent for rate in in_force(known, moment).values()}
        factor = price_levels.factor(percents, year, level)
        total = line.estimate.total * float(factor) if line.estimate else None
        before = found[-1].total if found else None
        found.append(
            Vintage(
                recorded_at=moment,
                rates=sorted((r for r in needed if r.recorded_at == moment), key=lambda rate: rate.year),
                factor=factor,
                reported=Decimal(line.reported.value) * factor,
                total=total,
                change=None if total is None or before is None else total - before,
            )
        )
    return found
