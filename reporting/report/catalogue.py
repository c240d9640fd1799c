"""All figures of a round by the name that their address has, in the order of the page."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import cache

from reporting.national import estimate_of
from reporting.price_levels import MissingRate
from reporting.report import areas, over_time, places
from reporting.report.context import ReportContext
from reporting.report.figure import ReportFigure
from reporting.totals import PopulationMissing, round_totals
from survey.models import SurveyRound

FIGURES: dict[str, Callable[[ReportContext], ReportFigure]] = {
    "1": over_time.newly_arrived,
    "2": places.total,
    "3": places.regions,
    "4": places.by_municipality,
    "5": places.per_inhabitant,
    "6": areas.expenditure,
    "7": areas.income,
    "8": areas.number,
    "9": areas.mean,
    "kort": places.tiles,
    "regioner": places.region_intervals,
    "koncentration": places.concentration,
    "runder": over_time.rounds,
    "indsatser": over_time.stable_initiatives,
}


def report_context(survey_round: SurveyRound, *, price_level: int, as_at: datetime) -> ReportContext:
    """Raises MissingRate, PopulationMissing."""
    national = estimate_of(round_totals(survey_round, as_at), price_level=price_level)
    return ReportContext(survey_round, national, cache(lambda: _earlier(survey_round, price_level, as_at)))


def _earlier(survey_round: SurveyRound, price_level: int, as_at: datetime) -> list[ReportContext]:
    """The rounds before that had answers and can be brought to the level; the newest last."""
    found = []
    before = SurveyRound.objects.exclude(state=SurveyRound.State.DRAFT).filter(
        accounts_year__lt=survey_round.accounts_year
    )
    for one in before.order_by("accounts_year"):
        try:
            context = report_context(one, price_level=price_level, as_at=as_at)
        except (MissingRate, PopulationMissing):
            continue
        if context.national.coverage.answered:
            found.append(replace(context, earlier=list))
    return found
