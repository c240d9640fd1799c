"""Which rules in use point at which initiatives and answers of a round."""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from reporting.returns import MunicipalReturn
from reporting.review import catalogue
from reporting.review.duplicates import duplicates
from reporting.review.judging import Units, judged, too_few
from reporting.review.reading import Before, Reported
from reporting.review.scoring import CERTAIN
from reporting.strata import size_class
from survey.checks import FEWEST_PEERS
from survey.models import PassedWarning, ServiceArea, SurveyRound

CLASSES = ("small", "medium", "large")
# Of 706 initiatives whose amounts are right none is above 25 times its area's median (survey/checks.py).
KRONER_LIMIT = 25
OF_PERSONS = ("cpr_number", "person_email", "phone_number")  # say nothing of an amount
# These say that the initiative's own expenditure is wrong.
OF_THE_AMOUNT = (
    catalogue.PEERS,
    catalogue.CHANGE,
    catalogue.DUPLICATE,
    catalogue.LIKE_KRONER,
    "expenditure_in_kroner",
)


@dataclass(frozen=True)
class Pointed:
    """Amounts in 1,000 kr. The `answers` are judged at what no single initiative explains.

    `sums` are theirs as they count, `left` without the `doubts`: what an initiative exceeds the expected by
    where a rule doubts its amount, else 0; it has a row of its own. `first_of` is, by a likely duplicate's
    place, that of the one it repeats; `small` are the size classes (places in CLASSES) in which too few have
    answered; `medians` are of the initiatives of an area, where enough municipalities have any.
    """

    initiatives: Units
    answers: Units
    sums: np.ndarray
    doubts: np.ndarray
    left: np.ndarray
    first_of: dict[int, int]
    classes: np.ndarray
    small: frozenset[int]
    medians: dict[str, float]


def pointed(
    survey_round: SurveyRound,
    answered: list[MunicipalReturn],
    now: Reported,
    earlier: Before,
    factor: float,
) -> Pointed:
    """Amounts at the price level of `factor`; two queries, for the soft rules and for titles."""
    inhabitants = np.array([row.inhabitants for row in answered], dtype=float)
    classes = np.array([CLASSES.index(size_class(row.inhabitants)) for row in answered], dtype=np.int64)
    small, places = too_few(classes), now.places
    initiatives = judged(
        factor * now.expenditure,
        inhabitants[places],
        classes[places],
        small,
        earlier.initiatives,
        unlike=catalogue.PEERS,
        changed=catalogue.CHANGE,
        is_sum=False,
    )
    retired = {*survey_round.retired_rules}
    first_of = {} if catalogue.DUPLICATE in retired else duplicates(now)
    medians = _medians(now)
    _point_at_duplicates(initiatives, first_of)
    _point_as_at_entry(initiatives, now, answered)
    _point_at_kroner(initiatives, now, medians)
    _silence(initiatives, retired)
    _move_nothing(initiatives)
    answers, sums, doubts = _judged_answers(initiatives, places, inhabitants, classes, small, earlier)
    _silence(answers, retired)
    left = sums - np.bincount(places, doubts, len(answered))
    medians = {area: factor * median for area, median in medians.items()}
    return Pointed(initiatives, answers, sums, doubts, left, first_of, classes, small, medians)


def _judged_answers(
    initiatives: Units,
    places: np.ndarray,
    inhabitants: np.ndarray,
    classes: np.ndarray,
    small: frozenset[int],
    earlier: Before,
) -> tuple[Units, np.ndarray, np.ndarray]:
    """The answers, their sums, and what each initiative exceeds the expected by where that is doubted."""
    sums = np.bincount(places, initiatives.amounts, len(inhabitants))
    doubts = _doubts(initiatives)
    answers = judged(
        sums - _largest(doubts, places, len(inhabitants)),
        inhabitants,
        classes,
        small,
        earlier.answers,
        unlike=catalogue.ANSWER_PEERS,
        changed=catalogue.ANSWER_CHANGE,
        is_sum=True,
    )
    return answers, sums, doubts


def _point_at_duplicates(units: Units, first_of: dict[int, int]) -> None:
    """The later one is expected not to be there."""
    later = list(first_of)
    degrees = np.zeros(len(units.amounts))
    degrees[later] = CERTAIN
    units.degrees[catalogue.DUPLICATE] = degrees
    units.expected[later] = 0.0


def _point_as_at_entry(units: Units, now: Reported, answered: list[MunicipalReturn]) -> None:
    """The soft rules that the municipality passed with a reason, each at its limit."""
    versions = [row.version for row in answered]
    rows = PassedWarning.objects.filter(initiative__version__in=versions).order_by()
    by_rule = defaultdict(list)
    for rule, pk in rows.values_list("rule", "initiative_id"):
        by_rule[rule].append(pk)
    for rule, ids in sorted(by_rule.items()):
        units.degrees[rule] = np.isin(now.ids, ids).astype(float)


def _medians(now: Reported) -> dict[str, float]:
    """Of the amounts above 0 in each area that enough municipalities report in, 1,000 kr. of the accounts
    year."""
    found = {}
    for area in ServiceArea.values:
        mine = (now.areas == area) & (now.expenditure > 0)
        if len(np.unique(now.places[mine])) >= FEWEST_PEERS:
            found[area] = float(np.median(now.expenditure[mine]))
    return found


def _point_at_kroner(units: Units, now: Reported, medians: dict[str, float]) -> None:
    """At entry it is asked beside the amounts of that moment; here of all, beside what all have reported."""
    degrees = np.zeros(len(units.amounts))
    for area, median in medians.items():
        ratio = np.where(now.areas == area, now.expenditure / (KRONER_LIMIT * median), 0.0)
        degrees = np.where(ratio > 1, np.minimum(ratio, CERTAIN), degrees)
    units.degrees[catalogue.LIKE_KRONER] = degrees


def _move_nothing(units: Units) -> None:
    """What only rules about persons point at is looked at, and its amount is not in doubt."""
    money = Units(
        units.amounts,
        units.inhabitants,
        units.median,
        units.before,
        units.expected,
        {rule: degrees for rule, degrees in units.degrees.items() if rule not in OF_PERSONS},
    )
    only = (units.suspicion > 0) & (money.suspicion == 0)
    units.expected[only] = units.amounts[only]


def _silence(units: Units, retired: set[str]) -> None:
    for rule in retired & units.degrees.keys():
        del units.degrees[rule]


def _doubts(initiatives: Units) -> np.ndarray:
    """What each exceeds the expected by, where a rule says that its own expenditure is wrong; else 0."""
    doubtful = np.zeros(len(initiatives.amounts), dtype=bool)
    for rule in OF_THE_AMOUNT:
        if rule in initiatives.degrees:
            doubtful |= initiatives.degrees[rule] > 0
    return np.where(doubtful, initiatives.amounts - initiatives.expected, 0.0)


def _largest(doubts: np.ndarray, places: np.ndarray, count: int) -> np.ndarray:
    """Of each answer the doubt that is largest, up or down."""
    up, down = np.zeros(count), np.zeros(count)
    np.maximum.at(up, places, doubts)
    np.minimum.at(down, places, doubts)
    return np.where(up >= -down, up, down)
