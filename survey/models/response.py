"""What the ministry agrees with a municipality about its answer: more time, and notes of contacts."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from municipalities.models import Municipality
from survey.models.rounds import SurveyRound
from survey.models.submissions import Submission


class Extension(models.Model):
    """More time for one municipality; the newest row counts, and none is changed (a database trigger).

    Submission.extended_until holds the newest `until` (survey/rounds/extensions.py writes both).
    """

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="extensions")
    until = models.DateTimeField(_("ny frist"))
    reason = models.TextField(_("begrundelse"), max_length=2_000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("fristforlængelse")
        verbose_name_plural = _("fristforlængelser")
        ordering = ("id",)
        constraints = [
            models.CheckConstraint(
                condition=Q(reason__regex=r"\S"),
                name="an_extension_has_a_reason",
                violation_error_message=_("Skriv, hvorfor fristen forlænges."),
            ),
            models.CheckConstraint(
                condition=Q(until__gt=models.F("at")),
                name="an_extension_is_in_the_future",
                violation_error_message=_("Den nye frist skal ligge i fremtiden."),
            ),
        ]

    def __str__(self):
        return f"{self.submission}: {self.until:%d.%m.%Y %H.%M}"


class ChaseNoteQuerySet(models.QuerySet["ChaseNote"]):
    def visible_to(self, user):
        """The ministry's own notes."""
        return self if user.is_ministry else self.none()


class ChaseNote(models.Model):
    """A note of a contact with a municipality about a round; rows are added, never changed (a trigger).

    The newest note with an outcome tells where the matter stands.
    """

    class Outcome(models.TextChoices):
        PHONE = "phone", _("svarer på telefon")
        DECLINES = "declines", _("ønsker ikke at svare")
        MERGED = "merged", _("lagt sammen med en anden kommune")
        BOARD = "board", _("afventer udvalg eller byråd")
        PROMISED = "promised", _("har lovet at svare")
        UNREACHABLE = "unreachable", _("ikke truffet")

    round = models.ForeignKey(SurveyRound, models.PROTECT, related_name="chase_notes")
    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="chase_notes")
    outcome = models.CharField(_("udfald"), max_length=20, choices=Outcome, blank=True, default="")
    merged_with = models.ForeignKey(
        Municipality,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("lagt sammen med"),
    )
    text = models.TextField(_("notat"), max_length=2_000, blank=True, default="")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    objects = ChaseNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("notat om en kommune")
        verbose_name_plural = _("notater om kommuner")
        ordering = ("id",)
        indexes = [models.Index(fields=["round", "municipality"], name="notes_of_a_municipality")]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    outcome__in=["", "phone", "declines", "merged", "board", "promised", "unreachable"]
                ),
                name="note_outcome_is_known",
                violation_error_message=_("Vælg et af udfaldene."),
            ),
            models.CheckConstraint(
                condition=~Q(outcome="") | Q(text__regex=r"\S"),
                name="a_note_says_something",
                violation_error_message=_("Vælg et udfald, eller skriv et notat."),
            ),
            models.CheckConstraint(
                condition=Q(outcome="merged", merged_with__isnull=False)
                | (~Q(outcome="merged") & Q(merged_with__isnull=True)),
                name="only_a_merged_municipality_has_another",
                violation_error_message=_("Vælg, hvilken kommune den er lagt sammen med."),
            ),
        ]

    def __str__(self):
        return f"{self.municipality}, {self.round}"

    @property
    def outcome_in_words(self) -> str:
        """ "lagt sammen med Lemvig"; "" of a note without an outcome."""
        if self.merged_with:
            return str(_("lagt sammen med %s") % self.merged_with)
        return str(self.get_outcome_display()) if self.outcome else ""
