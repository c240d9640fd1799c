"""Reminders of a round, and the log of each mail to a municipality about it."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from municipalities.models import Invitation, Municipality, OutgoingMail
from survey import letters
from survey.models.response import Extension
from survey.models.rounds import SurveyRound


class MinistryQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The ministry plans and follows the mails; a municipality has those that it got."""
        return self if user.is_ministry else self.none()


class RoundMailQuerySet(MinistryQuerySet):
    def invitations(self):
        """With a personal link, or to who had an account already."""
        return self.filter(reminder=None, extension=None)


class ReminderQuerySet(MinistryQuerySet):
    def waiting(self):
        """Neither sent nor stopped; its time may have come."""
        return self.filter(sent_at=None, stopped_at=None)


class Reminder(models.Model):
    """A mail to those who have not finished at `send_at`, one of five at most; survey/reminders/ sends it.

    `sent_at` is when its mails were queued, all in one transaction; one that is stopped is never sent.
    `stopped_by` is None where no person stopped it. `unreached` are the codes of the municipalities that it
    was for, as it was then, and that had nobody to write to.
    """

    class Target(models.TextChoices):
        NOT_BEGUN = "not_begun", _("ikke begyndt")
        BEGUN = "begun", _("begyndt, ikke indsendt")
        RETURNED = "returned", _("sendt tilbage, ikke besvaret")

    round = models.ForeignKey(SurveyRound, models.PROTECT, related_name="reminders")
    number = models.PositiveSmallIntegerField(editable=False)
    send_at = models.DateTimeField(_("sendes"))
    targets = ArrayField(models.CharField(max_length=10, choices=Target), verbose_name=_("til dem, der er"))
    subject = models.CharField(_("emne"), max_length=200)
    text = models.TextField(_("tekst"), max_length=5_000)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(null=True, blank=True, editable=False)
    stopped_at = models.DateTimeField(null=True, blank=True, editable=False)
    stopped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )

    unreached = ArrayField(models.CharField(max_length=3), default=list, blank=True, editable=False)

    objects = ReminderQuerySet.as_manager()

    class Meta:
        verbose_name = _("påmindelse")
        verbose_name_plural = _("påmindelser")
        ordering = ("send_at",)
        indexes = [
            models.Index(
                fields=["send_at"],
                name="reminder_waiting",
                condition=Q(sent_at__isnull=True, stopped_at__isnull=True),
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "number"],
                name="one_reminder_a_number_and_round",
                violation_error_message=_("Kortlægningen har allerede denne påmindelse."),
            ),
            models.CheckConstraint(
                condition=Q(number__range=(1, 5)),
                name="at_most_five_reminders",
                violation_error_message=_("En kortlægning har højst fem påmindelser."),
            ),
            models.UniqueConstraint(
                fields=["round", "send_at"],
                name="one_reminder_at_a_time",
                violation_error_message=_("Der er allerede en påmindelse på dette tidspunkt."),
            ),
            models.CheckConstraint(
                condition=Q(targets__len__gte=1)
                & Q(targets__contained_by=["not_begun", "begun", "returned"]),
                name="a_reminder_has_targets",
                violation_error_message=_("Vælg, hvem påmindelsen skal til."),
            ),
            models.CheckConstraint(
                condition=Q(subject__regex=r"\S") & Q(text__regex=r"\S"),
                name="a_reminder_says_something",
                violation_error_message=_("Skriv emne og tekst."),
            ),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(stopped_at__isnull=True),
                name="a_stopped_reminder_is_not_sent",
                violation_error_message=_("Påmindelsen er enten sendt eller stoppet."),
            ),
        ]

    def __str__(self):
        return f"{self.round}: {self.subject}"

    @property
    def target_labels(self) -> list[str]:
        return [str(self.Target(target).label) for target in self.targets]

    @property
    def title(self) -> str:
        """The subject, as far as it is the same to all."""
        return letters.fill(self.subject, {"regnskabsaar": str(self.round.accounts_year)})

    @property
    def is_mixed(self) -> bool:
        """Whether one text is to suit both who has not answered and who was returned."""
        return self.Target.RETURNED in self.targets and len(self.targets) > 1

    @property
    def is_after_the_end(self) -> bool:
        """Whether it only reaches those with more time, since nobody else can answer by then."""
        return self.targets != [self.Target.RETURNED] and self.send_at >= self.round.edit_until


class RoundMail(models.Model):
    """One mail to one address about a round: of a reminder, of an extension, or (of neither) an invitation.

    Rows are added, never changed (a database trigger). `invitation` is the personal link, if it had one.
    """

    round = models.ForeignKey(SurveyRound, models.PROTECT, related_name="mails")
    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="round_mails")
    reminder = models.ForeignKey(Reminder, models.PROTECT, null=True, blank=True, related_name="mails")
    extension = models.ForeignKey(Extension, models.PROTECT, null=True, blank=True, related_name="mails")
    invitation = models.ForeignKey(Invitation, models.PROTECT, null=True, blank=True, related_name="mails")
    to = models.EmailField(_("til"))
    mail = models.OneToOneField(OutgoingMail, models.PROTECT, related_name="about")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = RoundMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail om en kortlægning")
        verbose_name_plural = _("mails om en kortlægning")
        ordering = ("-at", "-id")
        constraints = [
            models.UniqueConstraint(
                fields=["reminder", "municipality", "to"],
                name="one_mail_an_address_and_reminder",
                violation_error_message=_("Påmindelsen er allerede sendt til adressen."),
            ),
        ]
        indexes = [models.Index(fields=["round", "municipality"], name="mails_of_a_municipality")]

    def __str__(self):
        return f"{self.municipality}, {self.to}"

    @property
    def kind_label(self) -> str:
        if self.reminder_id:
            return str(_("påmindelse"))
        return str(_("ny frist") if self.extension_id else _("invitation"))
