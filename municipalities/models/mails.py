"""Mail on its way out. The row is the truth: a stopped broker or worker loses nothing."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class OutgoingMail(models.Model):
    """One mail to one address. municipalities/mail.py queues and sends it."""

    class State(models.TextChoices):
        QUEUED = "queued", _("i kø")
        SENT = "sent", _("sendt")
        FAILED = "failed", _("kunne ikke sendes")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)  # and its Message-ID
    to = models.EmailField(_("til"))
    subject = models.CharField(_("emne"), max_length=200)
    text = models.TextField(_("tekst"), blank=True)
    queued_at = models.DateTimeField(_("lagt i kø"), auto_now_add=True)
    state = models.CharField(_("tilstand"), max_length=10, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("forsøg"), default=0)
    try_after = models.DateTimeField(auto_now_add=True)
    error = models.TextField(_("fejl"), blank=True, default="")
    sent_at = models.DateTimeField(_("sendt"), null=True, blank=True)

    class Meta:
        verbose_name = _("udgående mail")
        verbose_name_plural = _("udgående mails")
        ordering = ("-queued_at",)
        indexes = [
            models.Index(fields=["try_after"], name="mail_waiting", condition=Q(state="queued")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False)
                | Q(state__in=["queued", "failed"], sent_at__isnull=True),
                name="mail_state_is_known",
                violation_error_message=_("En mail er i kø, sendt eller kunne ikke sendes."),
            )
        ]

    def __str__(self):
        return f"{self.to}: {self.subject}"
