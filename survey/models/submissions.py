"""A municipality's answer in a round, and what happened to it. survey/transitions.py moves it."""

from collections.abc import Sequence
from datetime import datetime

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from municipalities.models import REVIEWERS, Membership, Municipality, Region, Role
from survey.deadlines import may_enter, may_withdraw
from survey.models.initiatives import ServiceArea
from survey.models.rounds import SurveyRound


class SubmissionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own municipality's; the ministry follows all of them (their state, not their drafts)."""
        if user.is_ministry:
            return self
        return self.filter(municipality__in=user.municipality_ids).exclude(
            round__state=SurveyRound.State.DRAFT
        )

    def worked_on_by(self, user):
        """Whose working copies the user sees: one's own municipality's, and in a trial the reviewers all."""
        mine = Q(municipality__in=user.municipality_ids)
        if user.ministry_role in REVIEWERS:
            mine |= Q(round__state=SurveyRound.State.TRIAL)
        return self.visible_to(user).filter(mine)

    def editable_by(self, user):
        """Where the user may enter initiatives; asked of the database, so that a save is one query less."""
        roles = Membership.objects.filter(user=user)
        enters = roles.filter(municipality=OuterRef("municipality"), role__in=(Role.EDITOR, Role.APPROVER))
        tries_out = Q(round__state=SurveyRound.State.TRIAL) & Exists(
            roles.filter(municipality=None, role__in=REVIEWERS)
        )
        return self.filter(Exists(enters) | tries_out)

    def with_begun(self):
        """`has_begun`: whether the municipality has entered anything, or did and took it back; what it
        entered is its own."""
        mine = Submission.objects.filter(pk=OuterRef("pk"))
        entered = Exists(mine.filter(initiatives__isnull=False))
        stated = Exists(mine.filter(areas__isnull=False))
        handed_in = Exists(mine.filter(versions__isnull=False))
        return self.annotate(has_begun=entered | stated | handed_in)


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    model_name="SubmissionChange",  # SubmissionEvent is what was done to it
)
class Submission(models.Model):
    class State(models.TextChoices):
        DRAFT = "draft", _("kladde")
        SUBMITTED = "submitted", _("indsendt")
        RETURNED = "returned", _("sendt tilbage")
        APPROVED = "approved", _("godkendt")

    round = models.ForeignKey(SurveyRound, models.PROTECT, related_name="submissions")
    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="submissions")
    # As it was when the round opened: figures by region stay, though a municipality is moved later.
    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    state = models.CharField(_("tilstand"), max_length=10, choices=State, default=State.DRAFT)
    return_due_at = models.DateTimeField(_("skal være rettet inden"), null=True, blank=True)
    extended_until = models.DateTimeField(null=True, blank=True, editable=False)  # the newest Extension's

    has_begun: bool  # of the rows that SubmissionQuerySet.with_begun gives

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("besvarelse")
        verbose_name_plural = _("besvarelser")
        ordering = ("municipality__sort_key",)
        constraints = [
            models.UniqueConstraint(
                fields=["round", "municipality"],
                name="one_submission_a_round_and_municipality",
                violation_error_message=_("Kommunen har allerede en besvarelse i denne kortlægning."),
            ),
            models.CheckConstraint(
                condition=Q(state="returned", return_due_at__isnull=False)
                | Q(state__in=["draft", "submitted", "approved"], return_due_at__isnull=True),
                name="only_a_returned_submission_has_a_due_date",
                violation_error_message=_(
                    "En besvarelse, der er sendt tilbage, har en frist; andre har ikke."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.municipality}, {self.round}"

    def get_absolute_url(self):
        return reverse("survey:submission", args=[self.municipality.code, self.round.accounts_year])

    @property
    def is_handed_in(self) -> bool:
        return self.state in (self.State.SUBMITTED, self.State.APPROVED)

    @property
    def deadline(self) -> datetime:
        """Until when an answer is in time: the round's deadline, or the municipality's own later one."""
        return max(self.round.deadline, self.extended_until or self.round.deadline)

    @property
    def has_own_deadline(self) -> bool:
        """Whether an extension gives it more time than the round; the round's own may have moved past it."""
        return self.deadline > self.round.deadline

    @property
    def edit_until(self) -> datetime:
        """Until when one that was not returned may be entered and handed in."""
        return max(self.round.edit_until, self.extended_until or self.round.edit_until)

    def accepts_entries(self, now: datetime) -> bool:
        """Whether initiatives may be changed and handed in at that moment."""
        return may_enter(
            submission_state=self.state,
            round_state=self.round.state,
            opens_at=self.round.opens_at,
            edit_until=self.edit_until,
            return_due_at=self.return_due_at,
            now=now,
        )

    def accepts_withdrawal(self, now: datetime) -> bool:
        if self.state != self.State.SUBMITTED:
            return False
        earlier_return = self.answered_return
        return may_withdraw(
            round_state=self.round.state,
            edit_until=self.edit_until,
            return_due_at=earlier_return.due_at if earlier_return else None,
            now=now,
        )

    def may_edit(self, user) -> bool:
        return user.roles.get(self.municipality_id) in (Role.EDITOR, Role.APPROVER) or self._tries_out(user)

    def may_hand_in(self, user) -> bool:
        return user.roles.get(self.municipality_id) == Role.APPROVER or self._tries_out(user)

    def _tries_out(self, user) -> bool:
        return self.round.state == SurveyRound.State.TRIAL and user.ministry_role in REVIEWERS

    def answer(self, initiatives, warnings: Sequence[dict] = ()) -> dict:
        """What handing in these would seal: the arguments of canonical.seal.

        `warnings` are those passed with a reason (checking.passed).
        """
        latest = self.latest_version
        return {
            "accounts_year": self.round.accounts_year,
            "municipality_code": self.municipality.code,
            "version": (latest.number if latest else 0) + 1,
            "is_nil": not initiatives,
            "initiatives": [initiative.sealed_fields() for initiative in initiatives],
            "warnings": warnings,
            "nothing_to_report_in": self.nil_areas(),
        }

    def nil_areas(self) -> list[str]:
        """The areas stated to have nothing to report, in the report's order."""
        stated = set(self.areas.filter(nil_at__isnull=False).values_list("service_area", flat=True))
        return [area for area in ServiceArea.values if area in stated]

    @property
    def answered_return(self):
        """The return that is still to be answered or was answered last; None after an approval."""
        decisions = (SubmissionEvent.Kind.RETURNED, SubmissionEvent.Kind.APPROVED)
        last = self.events.filter(kind__in=decisions).order_by("-pk").first()
        return last if last and last.kind == SubmissionEvent.Kind.RETURNED else None

    @property
    def latest_version(self):
        return self.versions.order_by("-number").first()


class SubmissionEvent(models.Model):
    """Who did what to a submission, and when; rows are added, never changed (a database trigger)."""

    class Kind(models.TextChoices):
        SUBMITTED = "submitted", _("indsendt")
        WITHDRAWN = "withdrawn", _("trukket tilbage")
        RETURNED = "returned", _("sendt tilbage")
        APPROVED = "approved", _("godkendt")

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="events")
    version = models.ForeignKey("survey.SubmissionVersion", models.PROTECT, related_name="events")
    kind = models.CharField(max_length=10, choices=Kind)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    comment = models.TextField(blank=True)
    due_at = models.DateTimeField(null=True, blank=True)  # of a return

    class Meta:
        ordering = ("id",)
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["submitted", "withdrawn", "returned", "approved"]),
                name="event_kind_is_known",
                violation_error_message=_("Hændelsen er af en ukendt slags."),
            ),
            models.CheckConstraint(
                condition=~Q(kind="returned", comment=""),
                name="a_return_has_a_comment",
                violation_error_message=_("Skriv, hvad kommunen skal se på."),
            ),
            models.CheckConstraint(
                condition=~Q(kind="returned", due_at__isnull=True),
                name="a_return_has_a_due_date",
                violation_error_message=_("Skriv, hvornår besvarelsen skal være rettet."),
            ),
        ]

    def __str__(self):
        return f"{self.submission}: {self.get_kind_display()} {self.at:%d.%m.%Y %H.%M}"
