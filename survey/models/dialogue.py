"""Questions and answers between a municipality and the ministry; rows are added, never changed."""

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from survey.models.submissions import Submission
from survey.questionnaire import FIELD_NAMES


class MessageQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own municipality's dialogue; the ministry reads all."""
        if user.is_ministry:
            return self
        return self.filter(submission__municipality__in=user.municipality_ids)

    def unread_by(self, user, *, from_ministry: bool):
        """The other side's messages after the user's mark; whose side that is, the page knows."""
        marks = DialogueRead.objects.filter(user=user, submission=OuterRef("submission"))
        read_to = Coalesce(Subquery(marks.values("message_id")), 0, output_field=models.BigIntegerField())
        return self.filter(from_ministry=from_ministry).alias(read_to=read_to).filter(pk__gt=F("read_to"))


class Message(models.Model):
    """One line of the dialogue: about the submission, one initiative (`uuid`), or a field of it.

    A thread is a first message and those that reply to it; they share what it is about.
    """

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="messages")
    uuid = models.UUIDField(null=True, blank=True)  # the initiative's
    field = models.CharField(max_length=30, blank=True, default="")  # a name of questionnaire.FIELD_NAMES
    reply_to = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replies")
    text = models.TextField(_("besked"), max_length=5_000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    from_ministry = models.BooleanField()
    at = models.DateTimeField(auto_now_add=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("besked")
        verbose_name_plural = _("beskeder")
        ordering = ("id",)
        constraints = [
            models.CheckConstraint(
                condition=Q(text__regex=r"\S"),
                name="a_message_is_written",
                violation_error_message=_("Skriv en besked."),
            ),
            models.CheckConstraint(
                condition=Q(field__in=["", *FIELD_NAMES]),
                name="message_field_is_known",
                violation_error_message=_("Vælg et af spørgeskemaets felter."),
            ),
            models.CheckConstraint(
                condition=Q(field="") | Q(uuid__isnull=False),
                name="a_field_is_of_an_initiative",
                violation_error_message=_("Et felt hører til en indsats."),
            ),
        ]

    def __str__(self):
        return f"{self.submission}: {self.text[:50]}"


class DialogueRead(models.Model):
    """The last message that a user has seen of a submission's dialogue."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="+")
    message = models.ForeignKey(Message, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "submission"],
                name="one_mark_a_user_and_submission",
                violation_error_message=_("Brugeren har allerede læst dialogen."),
            )
        ]

    def __str__(self):
        return f"{self.user}: {self.submission}"
