"""What answering took: for the ministry's burden figure, never part of what is handed in."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from survey.models.submissions import Submission

MAX_MINUTES = 60_000  # a thousand hours


class Feedback(models.Model):
    submission = models.OneToOneField(Submission, models.PROTECT, related_name="feedback")
    minutes = models.PositiveIntegerField(_("tidsforbrug i minutter"), null=True, blank=True)
    comment = models.CharField(_("bemærkning til spørgeskemaet"), max_length=300, blank=True, default="")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("tilbagemelding")
        verbose_name_plural = _("tilbagemeldinger")
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__isnull=True) | Q(minutes__range=(0, MAX_MINUTES)),
                name="minutes_are_plausible",
                violation_error_message=_("Skriv tidsforbruget i hele minutter, højst 60.000."),
            )
        ]

    def __str__(self):
        return f"{self.submission}: {self.minutes}"
