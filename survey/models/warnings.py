"""The municipality's reasons for what the soft rules point at (survey/checks.py)."""

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from survey.models.submissions import Submission
from survey.models.versions import ReportedInitiative


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    exclude=["found", "by", "at"],  # an event has who and when of its own
    meta={"indexes": [models.Index(fields=["submission", "pgh_id"], name="history_of_reasons")]},
)
class WarningReason(models.Model):
    """Why a warning is passed. Kept by the initiative's uuid through edits, imports and versions."""

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="warning_reasons")
    uuid = models.UUIDField()  # the initiative's
    rule = models.CharField(max_length=40)
    reason = models.TextField(_("begrundelse"), max_length=2_000)
    # Digests of what was found when it was written, by the rules that look for a person's data.
    found = ArrayField(models.CharField(max_length=16), default=list, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("begrundelse for en advarsel")
        verbose_name_plural = _("begrundelser for advarsler")
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "uuid", "rule"],
                name="one_reason_a_warning",
                violation_error_message=_("Advarslen har allerede en begrundelse."),
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="a_warning_reason_is_written",
                violation_error_message=_("Skriv en begrundelse."),
            ),
        ]

    def __str__(self):
        return f"{self.rule}: {self.reason[:50]}"


class PassedWarning(models.Model):
    """A warning as it stood in a version, with the reason that passed it; never changed (a trigger)."""

    initiative = models.ForeignKey(ReportedInitiative, models.PROTECT, related_name="passed_warnings")
    rule = models.CharField(max_length=40)
    message = models.TextField()  # in Danish, as the municipality read it
    reason = models.TextField()

    class Meta:
        ordering = ("initiative", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["initiative", "rule"],
                name="one_passed_warning_a_rule",
                violation_error_message=_("Advarslen står allerede i versionen."),
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="a_passed_warning_has_its_reason",
                violation_error_message=_("Skriv en begrundelse."),
            ),
        ]

    def __str__(self):
        return f"{self.initiative}: {self.rule}"
