"""All figures of a round by the name that their address has, in the order of the page."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import cache

from django.utils.translation import gettext as _

from reporting import wording
from reporting.national import estimate_of
from reporting.price_levels import MissingRate
from reporting.report import areas, carried_on, municipal, over_time, regional
from reporting.report.context import Earlier, ReportContext
from reporting.report.figure import ReportFigure
from reporting.totals import PopulationMissing, round_totals
from survey.models import SurveyRound

FIGURES: dict[str, Callable[[ReportContext], ReportFigure]] = {
    "1": over_time.newly_arrived,
    "2": over_time.total,
    "3": regional.reported,
    "4": municipal.expenditure,
    "5": municipal.per_inhabitant,
    "6": areas.expenditure,
    "7": areas.income,
    "8": areas.number,
    "9": areas.mean,
    "kort": municipal.tiles,
    "regioner": regional.extrapolated,
    "koncentration": municipal.concentration,
    "runder": over_time.rounds,
    "indsatser": carried_on.stable_initiatives,
}


def report_context(survey_round: SurveyRound, *, price_level: int, as_at: datetime) -> ReportContext:
    """Raises MissingRate, PopulationMissing."""
    national = estimate_of(round_totals(survey_round, as_at), price_level=price_level)
    return ReportContext(survey_round, national, cache(lambda: _earlier(survey_round, price_level, as_at)))


def _earlier(survey_round: SurveyRound, price_level: int, as_at: datetime) -> Earlier:
    found: list[ReportContext] = []
    left_out: list[str] = []
    for one in SurveyRound.objects.before(survey_round).order_by("accounts_year"):
        try:
            context = report_context(one, price_level=price_level, as_at=as_at)
        except (MissingRate, PopulationMissing) as error:
            left_out.append(
                _("Regnskab %(year)d er udeladt: %(reason)s")
                % {"year": one.accounts_year, "reason": wording.refusal(error)}
            )
            continue
        if context.national.coverage.answered:
            found.append(replace(context, earlier=lambda: Earlier([], [])))
    return Earlier(found, left_out)
