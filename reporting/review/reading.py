"""What the hit list is made from: a round's counting initiatives and the earlier round's, as arrays.

Tens of thousands of rows are read without a model instance each (bench/review.py); titles are not among
what is read.
"""

from dataclasses import dataclass, replace
from itertools import chain

import numpy as np
from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import TextField
from django.db.models.functions import Cast

from reporting import price_levels, wording
from reporting.models import PriceRate
from reporting.totals import RoundTotals, adjustments_in
from survey.models import ReportedInitiative, SubmissionVersion, SurveyRound


@dataclass(frozen=True)
class Reported:
    """After adjustments, without what was judged out of scope; amounts in whole 1,000 kr. of the accounts
    year. `places` are those of the municipalities that `versions` were given by."""

    ids: np.ndarray
    keys: list[str]  # the uuids
    places: np.ndarray
    areas: np.ndarray
    expenditure: np.ndarray
    income: np.ndarray


FIELDS = ("pk", "key", "service_area", "gross_expenditure", "gross_income")


def reported(versions: dict[int, int], adjustments) -> Reported:
    """The initiatives of these versions (id -> the municipality's place); one query."""
    sizes, columns = _columns(list(versions))
    places = np.repeat([versions[pk] for pk in sizes], [*sizes.values()]).astype(np.int64)
    ids, keys, areas, expenditure, income = columns
    place_of = {pk: place for place, pk in enumerate(ids)} if adjustments else {}
    outside = np.zeros(len(ids), dtype=bool)
    for one in adjustments:
        place, changed = place_of[one.initiative_id], one.changes()
        outside[place] = one.out_of_scope
        areas[place] = changed.get("service_area", areas[place])
        expenditure[place] = changed.get("gross_expenditure", expenditure[place])
        income[place] = changed.get("gross_income", income[place])
    inside = ~outside
    return Reported(
        ids=np.array(ids, dtype=np.int64)[inside],
        keys=[keys[place] for place in np.flatnonzero(inside).tolist()],
        places=places[inside],
        areas=np.array(areas, dtype=str)[inside],
        expenditure=np.array(expenditure, dtype=float)[inside],
        income=np.array(income, dtype=float)[inside],
    )


def _columns(versions: list[int]) -> tuple[dict[int, int], list[list]]:
    """How many initiatives each version has, and FIELDS of all of them, version by version.

    PostgreSQL puts a version's together: a row a version is read many times as fast as one an initiative,
    and texts are paired many times as fast as UUIDs.
    """
    rows = ReportedInitiative.objects.filter(version__in=versions).order_by()
    by_version = rows.annotate(key=Cast("uuid", TextField())).values("version_id")
    found = list(by_version.values_list("version_id", *(ArrayAgg(name) for name in FIELDS)))
    sizes = {version: len(ids) for version, ids, *_rest in found}
    return sizes, [list(chain.from_iterable(row[n] for row in found)) for n in range(1, len(FIELDS) + 1)]


@dataclass(frozen=True)
class Before:
    """The round before, at this round's price level; NaN where there is no pair. 1,000 kr."""

    accounts_year: int | None
    initiatives: np.ndarray  # as those of this round
    answers: np.ndarray  # as the municipalities that have answered
    refusal: str = ""  # why an earlier round that there is cannot be compared with


def before(
    survey_round: SurveyRound, totals: RoundTotals, codes: list[str], now: Reported, level: int
) -> Before:
    """Of the latest earlier round that was opened; an initiative is the same by its uuid."""
    nothing = Before(None, np.full(len(now.ids), np.nan), np.full(len(codes), np.nan))
    earlier = SurveyRound.objects.before(survey_round).first()
    if earlier is None:
        return nothing
    counting = SubmissionVersion.objects.filter(submission__round=earlier).reported(totals.as_at)
    places = {code: place for place, code in enumerate(codes)}
    versions = {
        pk: places[code]
        for pk, code in counting.values_list("pk", "submission__municipality__code")
        if code in places
    }
    rates = PriceRate.objects.percents(totals.as_at)
    try:
        factor = float(price_levels.factor(rates, earlier.accounts_year, level))
    except price_levels.MissingRate as error:
        return replace(nothing, refusal=wording.refusal(error))
    then = reported(versions, adjustments_in(list(versions), totals.as_at))
    answers = nothing.answers
    answered = np.array(sorted(versions.values()), dtype=np.int64)
    answers[answered] = factor * np.bincount(then.places, then.expenditure, len(codes))[answered]
    return Before(earlier.accounts_year, factor * _paired(then, now), answers)


def _paired(then: Reported, now: Reported) -> np.ndarray:
    """The expenditure then of what goes on now in the same municipality, NaN for what is new."""
    place_of = {key: place for place, key in enumerate(then.keys)}
    at = np.array([place_of.get(key, -1) for key in now.keys], dtype=np.int64)
    if not len(then.ids):
        return np.full(len(at), np.nan)
    same = (at >= 0) & (then.places[at] == now.places)
    return np.where(same, then.expenditure[at], np.nan)
