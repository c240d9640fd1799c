"""Work too long for a request. The row, not the broker, is the truth: a killed worker loses nothing."""

import uuid

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class JobQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(requested_by=user)


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    pghistory.ManualEvent("downloaded"),  # its file (reporting/audit/downloads.py)
    exclude=["requested_at", "attempts", "alive_at", "done", "total"],  # signs of life are no changes
)
class Job(models.Model):
    class State(models.TextChoices):
        QUEUED = "queued", _("i kø")
        RUNNING = "running", _("i gang")
        DONE = "done", _("færdig")
        FAILED = "failed", _("mislykket")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    task = models.CharField(max_length=100)  # the Celery task's name
    title = models.CharField(max_length=200)
    arguments = models.JSONField(default=dict)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    alive_at = models.DateTimeField(auto_now_add=True)  # the last sign of life
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    file = models.FileField(upload_to="jobs/%Y/%m/", blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["queued", "running", "done", "failed"]),
                name="job_state_is_known",
                violation_error_message=_("Et job er i kø, i gang, færdigt eller mislykket."),
            ),
            models.CheckConstraint(
                condition=Q(done__lte=F("total")),
                name="job_does_no_more_than_its_total",
                violation_error_message=_("Et job kan ikke nå længere end til det hele."),
            ),
        ]

    def __str__(self):
        return self.title
