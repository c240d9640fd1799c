"""What a reviewer looks at first: what rules point at, by suspicion x influence (docs/statistics.md)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from uuid import UUID

import numpy as np
from django.db.models.expressions import RawSQL

from reporting.returns import MunicipalReturn
from reporting.review.influence import ALL, Scale, Sums, scale_of, steady_se, sums_of
from reporting.review.judging import Units
from reporting.review.pointing import CLASSES, Pointed, pointed
from reporting.review.reading import Before, Reported, before, reported
from reporting.review.reasons import Facts, reasons_of
from reporting.review.scoring import remaining, score
from reporting.review.statuses import ACCEPTED, ASKED, OPEN, UNTOUCHED, Status, statuses
from reporting.totals import RoundTotals
from survey.models import ReportedInitiative, Submission, SubmissionVersion, SurveyRound

ENOUGH = 0.1  # of the national total's SE: what is left may be left


@dataclass(slots=True)  # not frozen, which takes three times as long to make
class Hit:
    """An initiative, or a municipality's whole answer (`initiative` and `uuid` None), that a rule points at.

    `amount`, `expected` and `influence` are 1,000 kr. at the list's price level: influence is what the
    national total moves by if the expected amount is the right one, `share` the largest part that is of the
    national, the area's or the region's total (0 to 1). `remaining`: what the open rows below can move the
    national total by, all in one direction; settled rows have a rank, and move nothing.
    """

    rank: int
    initiative: int | None
    submission: int
    code: str
    municipality: str
    region: str  # its code
    uuid: UUID | None
    title: str  # "" of a whole answer
    area: str
    rules: tuple[str, ...]
    amount: float
    expected: float
    suspicion: float
    influence: float
    share: float
    share_of: str  # "country", "area" or "region"; "" where there is no total
    score: float
    remaining: float
    status: Status
    facts: Facts

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why it is looked at, in words; one for each rule."""
        return reasons_of(self.rules, self.facts)


@dataclass(frozen=True)
class HitList:
    """By score, descending. `stop_after` is the first rank (0: before the first) whose `remaining` is less
    than a tenth of the national total's SE; None where there is no such error. `pointed` are the initiatives
    that a rule in use points at, and those that a likely duplicate repeats: which of the two is wrong, no
    rule can tell. `flagged` are those and the ones of an answer that a rule points at, until it is settled.
    """

    hits: tuple[Hit, ...]
    pointed: frozenset[int]
    flagged: frozenset[int]
    statuses: dict[int, Status]  # of all initiatives that count, by id
    se: float | None  # behind the line (influence.steady_se), 1,000 kr.
    stop_after: int | None
    scale: Scale
    as_at: datetime
    before_year: int | None  # the round that amounts are compared with
    before_refusal: str  # why not with the one that there is

    @property
    def refusal(self) -> str:
        """Why nothing is said of influence."""
        return self.scale.refusal

    @property
    def open_influence(self) -> float:
        """What all open rows can move the national total by, 1,000 kr."""
        return sum(hit.influence for hit in self.hits if not hit.status.is_settled)


def hit_list(survey_round: SurveyRound, totals: RoundTotals) -> HitList:
    """Of the versions that count in `totals`; the number of queries does not follow that of initiatives."""
    answered = [row for row in totals.returns if row.version is not None]
    versions = [row.version for row in answered if row.version is not None]
    scale = scale_of(survey_round, totals)
    now = reported({version: place for place, version in enumerate(versions)}, totals.adjustments)
    earlier = before(survey_round, totals, [row.code for row in answered], now, scale.price_level)
    found = pointed(survey_round, answered, now, earlier, scale.factor)
    stands = statuses(versions)
    sums = sums_of(found, now, answered, scale)
    outside = {one.initiative.version_id for one in totals.adjustments if one.out_of_scope}
    answers = _answers(answered, now, stands, outside)
    world = World(answered, now, found, earlier, scale, sums, stands, answers)
    hits, se = _hits(world), steady_se(found, totals, scale)
    return HitList(
        hits=hits,
        pointed=frozenset(now.ids[_is_pointed(world)].tolist()),
        flagged=_flagged(world),
        statuses=stands,
        se=se,
        stop_after=_stop_after(hits, se),
        scale=scale,
        as_at=totals.as_at,
        before_year=earlier.accounts_year,
        before_refusal=earlier.refusal,
    )


@dataclass(frozen=True)
class World:
    """All that a hit is made from; `answers` are (submission, status) by the municipality's place."""

    answered: list[MunicipalReturn]
    now: Reported
    found: Pointed
    earlier: Before
    scale: Scale
    sums: Sums
    stands: dict[int, Status]
    answers: list[tuple[int, Status]]


def _answers(
    answered: list[MunicipalReturn], now: Reported, stands: dict[int, Status], outside: set[int]
) -> list[tuple[int, Status]]:
    """An answer is settled once it is approved, or when all that is in it is settled; `outside` are the
    versions of which something is judged out of scope, and so is settled, but not in `now`."""
    versions = [row.version for row in answered if row.version is not None]
    rows = SubmissionVersion.objects.filter(pk__in=versions).order_by()
    told = rows.values_list("pk", "submission_id", "submission__state")
    state_of = {pk: (submission, state) for pk, submission, state in told}
    # Most are of nobody's doing yet, and one and the same (statuses.py).
    of = (stands[pk] for pk in now.ids.tolist())
    settled = np.array([status is not UNTOUCHED and status.is_settled for status in of], dtype=bool)
    left = np.bincount(now.places, ~settled, len(answered))
    there = np.bincount(now.places, minlength=len(answered))
    found = []
    for place, version in enumerate(versions):
        submission, state = state_of[version]
        name = ASKED if state == Submission.State.RETURNED else OPEN
        reviewed = not left[place] and (there[place] or version in outside)
        if state == Submission.State.APPROVED or reviewed:
            name = ACCEPTED
        found.append((submission, Status(name, None, None, None)))
    return found


def _flagged(world: World) -> frozenset[int]:
    suspect = np.flatnonzero(world.found.answers.suspicion)
    unsettled = [place for place in suspect if not world.answers[place][1].is_settled]
    is_flagged = _is_pointed(world) | np.isin(world.now.places, unsettled)
    return frozenset(world.now.ids[is_flagged].tolist())


def _is_pointed(world: World) -> np.ndarray:
    is_pointed = world.found.initiatives.suspicion > 0
    is_pointed[[*world.found.first_of.values()]] = True
    return is_pointed


def _hits(world: World) -> tuple[Hit, ...]:
    drafts = [*_initiatives(world), *_whole_answers(world)]
    drafts.sort(key=lambda one: (-one["score"], -one["suspicion"], one["code"], one["initiative"] or 0))
    is_open = np.array([not one["status"].is_settled for one in drafts], dtype=bool)
    left = remaining(np.array([one["influence"] for one in drafts], dtype=float), is_open)
    ranked = enumerate(zip(drafts, left.tolist(), strict=True), start=1)
    return tuple(Hit(rank=rank, remaining=rest, **draft) for rank, (draft, rest) in ranked)


def _initiatives(world: World) -> list[dict]:
    units, now, first_of = world.found.initiatives, world.now, world.found.first_of
    places = np.flatnonzero(units.suspicion)
    wanted = now.ids[[*places.tolist(), *first_of.values()]].tolist()
    # As one parameter: Django and the driver look at each of thousands.
    these = RawSQL("SELECT unnest(%s::bigint[])", [wanted])
    rows = ReportedInitiative.objects.filter(pk__in=these).order_by()
    told = {pk: (uuid, title) for pk, uuid, title in rows.values_list("pk", "uuid", "title")}
    areas = now.areas[places].tolist()
    found = _scored(world, units, places, now.places[places], areas, units.amounts)
    for place, pk, draft in zip(places.tolist(), now.ids[places].tolist(), found, strict=True):
        uuid, title = told[pk]
        draft |= {"initiative": pk, "uuid": uuid, "title": title, "status": world.stands[pk]}
        if place in first_of:
            draft["facts"].repeats = told[int(now.ids[first_of[place]])][1]
    return found


def _whole_answers(world: World) -> list[dict]:
    units, sums = world.found.answers, world.found.sums
    places = np.flatnonzero(units.suspicion)
    found = _scored(world, units, places, places, [ALL] * len(places), world.found.left)
    for place, draft in zip(places.tolist(), found, strict=True):
        draft |= {"initiative": None, "uuid": None, "title": "", "status": world.answers[place][1]}
        draft["amount"], facts = float(sums[place]), draft["facts"]
        facts.is_answer, facts.without = True, facts.amount != draft["amount"]
    return found


def _scored(
    world: World, units: Units, places: np.ndarray, owners: np.ndarray, areas: list[str], moving: np.ndarray
) -> list[dict]:
    """What hits of both kinds have in common; `owners` are the places of their municipalities, and `moving`
    is what may move from the amount to the expected."""
    rules = _rules(units)
    about = (units.suspicion, units.amounts, units.expected, moving, units.median, units.before)
    columns = [places, owners, *(column[places] for column in about)]
    smallest = cache(world.sums.smallest)
    found = []
    for area, *row in zip(areas, *(column.tolist() for column in columns), strict=True):
        place, owner, suspicion, amount, expected, moves, median, before = row
        mine = world.answered[owner]
        influence = score(world.scale.weights.get(mine.code, 0.0), moves, expected)
        total, share_of = smallest(area, mine.region)
        share = influence / total
        found.append(
            {
                "submission": world.answers[owner][0],
                "code": mine.code,
                "municipality": mine.name,
                "region": mine.region,
                "area": area,
                "rules": rules[place],
                "amount": amount,
                "expected": expected,
                "suspicion": suspicion,
                "influence": influence,
                "share": share,
                "share_of": share_of,
                "score": suspicion * share,
                "facts": _facts(world, owner, area, amount, median, before),
            }
        )
    return found


def _rules(units: Units) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = defaultdict(tuple)
    for rule, degrees in units.degrees.items():
        for place in np.flatnonzero(degrees).tolist():
            found[place] += (rule,)
    return found


def _facts(world: World, owner: int, area: str, amount: float, median: float, before: float) -> Facts:
    size = int(world.found.classes[owner])
    return Facts(
        amount=amount,
        inhabitants=world.answered[owner].inhabitants,
        median=median,
        before=before,
        price_level=world.scale.price_level,
        before_year=world.earlier.accounts_year,
        area_median=world.found.medians.get(area, 0.0),
        peers="all" if size in world.found.small else CLASSES[size],
    )


def _stop_after(hits: Sequence[Hit], se: float | None) -> int | None:
    if se is None:
        return None
    if sum(hit.influence for hit in hits if not hit.status.is_settled) < ENOUGH * se:
        return 0
    return next((hit.rank for hit in hits if hit.remaining < ENOUGH * se), None)
