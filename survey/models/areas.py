"""A service area of a submission: who answers for it, whether they are done, and the nil statement."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from survey.models.initiatives import ServiceArea
from survey.models.submissions import Submission


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    meta={"indexes": [models.Index(fields=["submission", "pgh_id"], name="history_of_areas")]},
)
class SubmissionArea(models.Model):
    """Exists once something is said of the area. What a person here wrote stays when they leave."""

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="areas")
    service_area = models.CharField(_("område"), max_length=20, choices=ServiceArea)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    done_at = models.DateTimeField(null=True, blank=True)  # the assignee calls it done
    nil_at = models.DateTimeField(null=True, blank=True)  # stated: nothing to report here
    nil_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("område i en besvarelse")
        verbose_name_plural = _("områder i en besvarelse")
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "service_area"],
                name="one_row_a_submission_and_area",
                violation_error_message=_("Området findes allerede i besvarelsen."),
            ),
            models.CheckConstraint(
                condition=Q(service_area__in=ServiceArea.values),
                name="submission_area_is_known",
                violation_error_message=_("Vælg et af de seks områder."),
            ),
            models.CheckConstraint(
                condition=Q(nil_at__isnull=True, nil_by__isnull=True)
                | Q(nil_at__isnull=False, nil_by__isnull=False),
                name="a_nil_statement_is_signed",
                violation_error_message=_("En erklæring om ingen indsatser har en underskriver og en tid."),
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(assignee__isnull=False),
                name="only_an_assigned_area_is_done",
                violation_error_message=_("Kun den, der har området, kan melde det færdigt."),
            ),
        ]

    def __str__(self):
        return f"{self.submission}: {self.get_service_area_display()}"
