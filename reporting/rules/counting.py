"""The rules of a round with what each has pointed at: a query for each kind of thing, none a rule."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Sum

from reporting.review import catalogue
from reporting.review.hits import Hit, hit_list
from reporting.rules.use import Pointed, Unit, Use, use_of
from reporting.totals import RoundTotals, adjustments_in
from survey.catalogue import BY_ID
from survey.models import Adjustment, PassedWarning, ReportedInitiative, SubmissionVersion, SurveyRound

# What is changed when such a rule has led to a change; of a rule at entry its own fields.
AT_REVIEW: dict[str, tuple[str, ...]] = {
    catalogue.PEERS: ("gross_expenditure",),
    catalogue.CHANGE: ("gross_expenditure",),
    catalogue.ANSWER_PEERS: ("gross_expenditure",),
    catalogue.ANSWER_CHANGE: ("gross_expenditure",),
    catalogue.LIKE_KRONER: ("gross_expenditure",),
    catalogue.DUPLICATE: ("title", "gross_expenditure", "gross_income"),
}


def fields_of(rule: str) -> tuple[str, ...]:
    return AT_REVIEW.get(rule) or BY_ID[rule].fields


RULES = (*AT_REVIEW, *catalogue.AT_ENTRY)
ALL_FIELDS = tuple(sorted({name for rule in RULES for name in fields_of(rule)}))
Place = tuple[str, Unit, int]  # a rule at a unit in a version, by its number


@dataclass(frozen=True)
class Answer:
    """Which version of it counts, and its first one: ids, and the number of the one that counts."""

    first: int
    counting: int
    number: int


def uses(survey_round: SurveyRound, user, as_at: datetime, totals: RoundTotals | None) -> dict[str, Use]:
    """By rule; those of the review only with `totals`, and while they are in use.

    Rules at entry are looked at in all versions, as they were passed there; those of the review in each
    answer's first version, as it was reported, and in the one that counts, as it counts.
    """
    answers = _answers(survey_round, user, as_at)
    adjustments = adjustments_in([answer.counting for answer in answers.values()], as_at)
    outside = {one.initiative_id for one in adjustments if one.out_of_scope}
    places: list[Place] = []
    now: Counter[str] = Counter()
    warnings = PassedWarning.objects.filter(initiative__version__submission__round=survey_round)
    for rule, pk, uuid, version, number, submission in warnings.order_by().values_list(
        *("rule", "initiative_id", "initiative__uuid", "initiative__version_id"),
        *("initiative__version__number", "initiative__version__submission_id"),
    ):
        places.append((rule, (submission, uuid), number))
        now[rule] += submission in answers and version == answers[submission].counting and pk not in outside
    if totals is not None:
        hits = hit_list(survey_round, totals).hits
        now.update(rule for hit in hits for rule in hit.rules if rule in AT_REVIEW)
        places += _places(hits, {submission: answer.number for submission, answer in answers.items()})
        places += _places(_first_hits(survey_round, totals, answers), dict.fromkeys(answers, 1))
    said = _said(answers, {unit for _rule, unit, _number in places})
    return use_of(
        [Pointed(*place, said.get(place, ())) for place in places],
        {submission: answer.number for submission, answer in answers.items()},
        said,
        _corrected(adjustments),
        now,
    )


def _answers(survey_round: SurveyRound, user, as_at: datetime) -> dict[int, Answer]:
    """By submission, of those that have one that counts. Two queries."""
    handed_in = SubmissionVersion.objects.visible_to(user).filter(submission__round=survey_round)
    first = dict(
        handed_in.order_by("submission_id", "number")
        .distinct("submission_id")
        .values_list("submission", "pk")
    )
    counting = handed_in.reported(as_at)
    return {one.submission_id: Answer(first[one.submission_id], one.pk, one.number) for one in counting}


def _places(hits: Iterable[Hit], numbers: dict[int, int]) -> list[Place]:
    return [
        (rule, (hit.submission, hit.uuid), numbers[hit.submission])
        for hit in hits
        for rule in hit.rules
        if rule in AT_REVIEW
    ]


def _first_hits(
    survey_round: SurveyRound, totals: RoundTotals, answers: dict[int, Answer]
) -> tuple[Hit, ...]:
    """What the rules point at in the answers as they were first reported; none when nothing came after."""
    first = {answer.counting: answer.first for answer in answers.values()}
    if not totals.adjustments and all(pk == counting for counting, pk in first.items()):
        return ()
    returns = tuple(
        replace(row, version=first[row.version]) if row.version else row for row in totals.returns
    )
    return hit_list(survey_round, replace(totals, returns=returns, adjustments=())).hits


def _said(answers: dict[int, Answer], units: set[Unit]) -> dict[Place, tuple]:
    """What stood in each rule's fields, of answers that have more than one version; of a whole answer the
    sum. Two queries."""
    later = [submission for submission, answer in answers.items() if answer.number > 1]
    rows = ReportedInitiative.objects.filter(version__submission__in=later).order_by()
    uuids = {uuid for submission, uuid in units if uuid and submission in {*later}}
    found: dict[Place, tuple] = {}
    names = ("version__submission_id", "uuid", "version__number", *ALL_FIELDS)
    for submission, uuid, number, *values in rows.filter(uuid__in=uuids).values_list(*names):
        by_name = dict(zip(ALL_FIELDS, values, strict=True))
        for rule in RULES:
            found[rule, (submission, uuid), number] = tuple(by_name[name] for name in fields_of(rule))
    sums = rows.values_list("version__submission_id", "version__number").annotate(Sum("gross_expenditure"))
    for submission, number, total in sums:
        for rule in (catalogue.ANSWER_PEERS, catalogue.ANSWER_CHANGE):
            found[rule, (submission, None), number] = (total,)
    return found


def _corrected(adjustments: Iterable[Adjustment]) -> set[tuple[str, Unit]]:
    """Where a field of the rule is corrected now, or the initiative judged out of scope."""
    found: set[tuple[str, Unit]] = set()
    for one in adjustments:
        initiative = one.initiative
        submission, changed = initiative.version.submission_id, one.changes().keys()
        for rule in RULES:
            if one.out_of_scope or changed & {*fields_of(rule)}:
                found |= {(rule, (submission, initiative.uuid)), (rule, (submission, None))}
    return found
