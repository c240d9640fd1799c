"""How the ministry shares and steers its review: who looks at what, and which rules do not speak."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from survey.models.rounds import SurveyRound
from survey.models.submissions import Submission


class ReviewAssignmentQuerySet(models.QuerySet["ReviewAssignment"]):
    def visible_to(self, user):
        """The ministry's own."""
        return self if user.is_ministry else self.none()


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class ReviewAssignment(models.Model):
    """Which reviewer looks at an initiative, through all versions of the answer; no row: nobody yet."""

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="review_assignments")
    uuid = models.UUIDField()  # the initiative's
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = ReviewAssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("tildelt gennemgang")
        verbose_name_plural = _("tildelte gennemgange")
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "uuid"],
                name="one_reviewer_an_initiative",
                violation_error_message=_("Indsatsen er allerede tildelt."),
            )
        ]

    def __str__(self):
        return f"{self.submission}: {self.reviewer}"


class RuleRetirementQuerySet(models.QuerySet["RuleRetirement"]):
    def visible_to(self, user):
        """The ministry's own."""
        return self if user.is_ministry else self.none()


@pghistory.track(
    pghistory.InsertEvent(),
    exclude=["at", "by"],  # an event has who and when of its own
)
class RuleRetirement(models.Model):
    """A rule put out of use in a round, or taken in again, and why; rows are added, never changed (a
    trigger). SurveyRound.retired_rules holds what follows from them (survey/reviewing.py writes both)."""

    class Kind(models.TextChoices):
        RETIRED = "retired", _("sat ud af brug")
        RESTORED = "restored", _("taget i brug igen")

    round = models.ForeignKey(SurveyRound, models.PROTECT, related_name="rule_retirements")
    rule = models.CharField(max_length=40)
    kind = models.CharField(max_length=10, choices=Kind)
    reason = models.TextField(_("begrundelse"), max_length=2_000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = RuleRetirementQuerySet.as_manager()

    class Meta:
        verbose_name = _("regel ud af brug")
        verbose_name_plural = _("regler ud af brug")
        ordering = ("id",)
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["retired", "restored"]),
                name="retirement_kind_is_known",
                violation_error_message=_("En regel sættes ud af brug eller tages i brug igen."),
            ),
            models.CheckConstraint(
                condition=Q(reason__regex=r"\S"),
                name="a_retirement_has_a_reason",
                violation_error_message=_("Skriv en begrundelse."),
            ),
        ]

    def __str__(self):
        return f"{self.rule}: {self.get_kind_display()}"
