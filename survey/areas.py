"""The six areas of an answer: who has each, whether they call it done, and which are stated to be empty.

What is written here is written under the submission's lock, while it accepts entries; only `free` is not.
"""

from collections.abc import Collection
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from municipalities.models import Membership, Municipality, Role, User
from survey.entering import open_for
from survey.models import ServiceArea, Submission, SubmissionArea, SurveyRound
from survey.models.submissions import SubmissionQuerySet
from survey.totals import Sums, sums_by_area
from survey.transitions import Refused, locked

ENTERING_ROLES = (Role.EDITOR, Role.APPROVER)


@dataclass(frozen=True)
class AreaRow:
    """An area's line on the municipality's page; `said` is blank where nothing is said of it."""

    label: str
    sums: Sums
    said: SubmissionArea
    is_mine: bool

    @property
    def contradicts(self) -> bool:
        """Stated to be empty, and yet there are initiatives."""
        return self.said.nil_at is not None and self.sums.count > 0

    @property
    def is_blank(self) -> bool:
        """Neither initiatives nor a statement that there are none."""
        return self.said.nil_at is None and not self.sums.count


@dataclass(frozen=True)
class AreaTable:
    rows: list[AreaRow]  # the six in the report's order
    without_area: Sums | None  # of the initiatives that have none yet
    total: Sums

    @property
    def blank(self) -> list[AreaRow]:
        return [row for row in self.rows if row.is_blank]

    @property
    def all_stated_empty(self) -> bool:
        return not self.total.count and not self.blank


def area_table(submission: Submission, initiatives, user: User) -> AreaTable:
    """One query, besides the initiatives that the page has anyway."""
    said = {a.service_area: a for a in submission.areas.select_related("assignee", "nil_by")}
    by_area, total = sums_by_area(initiatives, ServiceArea.values)
    rows = []
    for area, label in ServiceArea.choices:
        about = said.get(area) or SubmissionArea(submission=submission, service_area=area)
        rows.append(AreaRow(str(label), by_area[area], about, is_mine=about.assignee_id == user.pk))
    return AreaTable(rows, by_area.get(""), total)


def assign(*, submissions: SubmissionQuerySet, assignees: dict[str, int | None], by) -> None:
    """The approver says who has which area: user id, or None for nobody. A new one has not called it done."""
    with open_for(by, submissions) as submission:
        if not submission.may_hand_in(by):
            raise PermissionDenied
        # Locked, so that nobody is removed at the same moment and keeps an area.
        members = Membership.objects.filter(
            municipality_id=submission.municipality_id, user__in=assignees.values(), role__in=ENTERING_ROLES
        )
        members = members.select_for_update().order_by("pk")
        may_have = {membership.user_id for membership in members} | {None}
        if not may_have.issuperset(assignees.values()):
            raise Refused(_("Kolleger eller roller er ændret, siden du åbnede siden. Vælg igen."))
        _lock(submission.areas.all())
        for area, user_id in assignees.items():
            row = _row(submission, area)
            if row.assignee_id != user_id:
                row.assignee_id, row.done_at = user_id, None
                row.save(update_fields=["assignee", "done_at"])


def give_if_free(*, municipality: Municipality, area: str, user: User) -> None:
    """The area that somebody was invited to, in each answer that can be worked on and where nobody has it."""
    rounds = (SurveyRound.State.OPEN, SurveyRound.State.CLOSED)
    for submission in municipality.submissions.filter(round__state__in=rounds).order_by("pk"):
        one = Submission.objects.filter(pk=submission.pk)
        with locked(one) as (current, now):
            if current.accepts_entries(now):
                _row(current, area)
                current.areas.filter(service_area=area, assignee=None).update(assignee=user)


def free(*, municipality: Municipality, user: User) -> None:
    """Nobody has what this user had: they have left, or may no longer enter."""
    areas = SubmissionArea.objects.filter(submission__municipality=municipality, assignee=user)
    _lock(areas)
    areas.update(assignee=None, done_at=None)


def call_done(*, submissions: SubmissionQuerySet, area: str, by, done: bool) -> None:
    """Who has the area says that it is done, or that it is not after all."""
    with open_for(by, submissions) as submission:
        mine = submission.areas.filter(service_area=area, assignee=by)
        if not mine.update(done_at=timezone.now() if done else None):
            raise Refused(_("%s er ikke dit område længere.") % ServiceArea(area).label)


def state_empty(*, submissions: SubmissionQuerySet, areas: Collection[str], by) -> None:
    """The signed statement that there is nothing to report in these areas. The first signature stands."""
    with open_for(by, submissions) as submission:
        if full := submission.initiatives.filter(service_area__in=areas).first():
            raise Refused(
                _("%(area)s har indsatsen ”%(title)s” og er derfor ikke uden indsatser.")
                % {"area": full.get_service_area_display(), "title": full}
            )
        _lock(submission.areas.all())
        for area in areas:
            row = _row(submission, area)
            if row.nil_at is None:
                row.nil_at, row.nil_by = timezone.now(), by
                row.save(update_fields=["nil_at", "nil_by"])


def take_back(*, submissions: SubmissionQuerySet, area: str, by) -> None:
    """The statement no longer holds; the history keeps that it was made."""
    with open_for(by, submissions) as submission:
        submission.areas.filter(service_area=area).update(nil_at=None, nil_by=None)


def _lock(areas: QuerySet[SubmissionArea]) -> None:
    """In one order, so that two never wait in a ring: `free` writes without the submissions' locks."""
    list(areas.select_for_update(of=("self",)).order_by("pk"))


def _row(submission: Submission, area: str) -> SubmissionArea:
    row, _created = submission.areas.get_or_create(service_area=area)
    return row
