"""What is left when everything that a rule points at is looked at: it may be accepted at once."""

import hashlib
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, Sum

from municipalities.models import User
from reporting.review.hits import HitList, hit_list
from reporting.review.statuses import OPEN
from reporting.totals import round_totals
from survey.models import Adjustment, Message, ReportedInitiative, ServiceArea, Submission, SurveyRound
from survey.reviewing import accept_in_bulk
from survey.transitions import database_now


class Changed(Exception):
    """It is no longer what was confirmed."""


@dataclass(frozen=True)
class Rest:
    """The initiatives' ids by submission. Of the others that are not reviewed, `own` are left out because the
    user has handed them in, `known` because the ministry has asked or decided about them in some version, and
    `pointed` because a rule points at them (HitList): another, or a look at each, must settle those."""

    by_submission: dict[int, list[int]]
    own: int
    known: int
    pointed: int

    @property
    def ids(self) -> list[int]:
        return sorted(pk for ids in self.by_submission.values() for pk in ids)

    @property
    def digest(self) -> str:
        """Tells this set from another: what a confirmation is of."""
        return hashlib.sha256(" ".join(map(str, self.ids)).encode()).hexdigest()

    def by_area(self) -> list[tuple[str, int, int, int]]:
        """[(area, initiatives, gross expenditure, gross income)], the amounts in 1,000 kr. of the accounts
        year; areas without any are left out."""
        rows = ReportedInitiative.objects.filter(pk__in=self.ids).order_by().values_list("service_area")
        sums = {
            area: more
            for area, *more in rows.annotate(Count("pk"), Sum("gross_expenditure"), Sum("gross_income"))
        }
        return [(str(label), *sums[area]) for area, label in ServiceArea.choices if area in sums]


def rest_of(survey_round: SurveyRound, user: User, submission: Submission | None = None) -> Rest:
    """Of the round, or of one answer; raises PopulationMissing where the rules cannot judge."""
    return rest_in(hit_list(survey_round, round_totals(survey_round, database_now())), user, submission)


def rest_in(found: HitList, user: User, submission: Submission | None = None) -> Rest:
    """Who settles one answer has it before him or her, so what a rule says of it as a whole holds nothing
    back; of the round, the initiatives of such an answer are left out. Two queries."""
    untouched = [pk for pk, status in found.statuses.items() if status.name == OPEN]
    flagged = found.flagged if submission is None else found.pointed
    rows = ReportedInitiative.objects.visible_to(user).filter(pk__in=untouched)
    if submission is not None:
        rows = rows.filter(version__submission=submission)
    in_order = rows.order_by("version__submission_id", "pk")
    told = list(in_order.values_list("pk", "version__submission_id", "version__submitted_by_id"))
    clear = [one for one in told if one[0] not in flagged]
    mine = [pk for pk, _submission, by in clear if by == user.pk]
    known = _known([pk for pk, _submission, by in clear if by != user.pk])
    by_submission: dict[int, list[int]] = {}
    for pk, owner, by in clear:
        if by != user.pk and pk not in known:
            by_submission.setdefault(owner, []).append(pk)
    return Rest(by_submission, len(mine), len(known), len(told) - len(clear))


def _known(ids: list[int]) -> set[int]:
    """Those that the ministry has written or decided about, in any version of the answer."""
    of_answer = {"submission": OuterRef("version__submission"), "uuid": OuterRef("uuid")}
    asked = Message.objects.filter(from_ministry=True, **of_answer)
    decided = Adjustment.objects.filter(
        initiative__version__submission=of_answer["submission"], initiative__uuid=of_answer["uuid"]
    )
    rows = ReportedInitiative.objects.filter(Q(Exists(asked)) | Q(Exists(decided)), pk__in=ids)
    return set(rows.order_by().values_list("pk", flat=True))


def accept_rest(*, round_id: int, by: User, digest: str, submission: Submission | None = None) -> int:
    """Accepts what was confirmed, all or nothing; how many. Raises Changed, Refused and PopulationMissing.

    Round and answers are locked first, so that no question, decision, rule or hand-in comes in between.
    """
    with transaction.atomic():
        survey_round = SurveyRound.objects.select_for_update(no_key=True).get(pk=round_id)
        submissions = Submission.objects.filter(round=survey_round).order_by("pk")
        if submission is not None:
            submissions = submissions.filter(pk=submission.pk)
        list(submissions.select_for_update().values_list("pk"))
        rest = rest_of(survey_round, by, submission)
        if rest.digest != digest:
            raise Changed
        return sum(
            accept_in_bulk(submission_id=pk, initiative_ids=ids, by=by)
            for pk, ids in rest.by_submission.items()
        )
