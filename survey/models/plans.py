"""What is planned of a round: its phases, and the guidance at the questionnaire's fields."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from survey.models.rounds import SurveyRound
from survey.questionnaire import FIELD_NAMES


class RoundPhase(models.Model):
    """One of the phases of the terms of reference's timeline (Bilag 2, table 1), first and last day."""

    class Kind(models.TextChoices):
        QUESTIONNAIRE = "questionnaire", _("Udarbejdelse af spørgeskema")
        WORKSHOP = "workshop", _("Workshop")
        TRIAL = "trial", _("Prøve")
        DISPATCH = "dispatch", _("Udsendelse")
        ANSWERS = "answers", _("Besvarelse")
        REPORT = "report", _("Afrapportering")
        APPROVAL = "approval", _("Godkendelse")

    round = models.ForeignKey(SurveyRound, models.CASCADE, related_name="phases")
    kind = models.CharField(_("fase"), max_length=20, choices=Kind)
    starts_on = models.DateField(_("første dag"))
    ends_on = models.DateField(_("sidste dag"))
    responsible = models.CharField(_("ansvarlig"), max_length=100)

    class Meta:
        verbose_name = _("fase")
        verbose_name_plural = _("faser")
        ordering = ("starts_on", "ends_on", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["round", "kind"],
                name="one_phase_a_kind_and_round",
                violation_error_message=_("Fasen findes allerede i kortlægningen."),
            ),
            models.CheckConstraint(
                condition=Q(starts_on__lte=F("ends_on")),
                name="a_phase_ends_after_it_starts",
                violation_error_message=_("Fasens sidste dag kan ikke ligge før den første."),
            ),
            models.CheckConstraint(
                condition=~Q(responsible=""),
                name="a_phase_has_a_responsible",
                violation_error_message=_("Skriv, hvem der er ansvarlig."),
            ),
        ]

    def __str__(self):
        return f"{self.round}: {self.get_kind_display()}"


class GuidanceText(models.Model):
    """A round's own guidance at a field, in place of the questionnaire's; fixed when the round is opened
    (a database trigger). It may hold {accounts_year}."""

    round = models.ForeignKey(SurveyRound, models.CASCADE, related_name="guidance")
    field = models.CharField(_("felt"), max_length=30)
    text = models.TextField(_("vejledning"), max_length=2_000)

    class Meta:
        verbose_name = _("vejledning")
        verbose_name_plural = _("vejledninger")
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(
                fields=["round", "field"],
                name="one_guidance_a_field_and_round",
                violation_error_message=_("Feltet har allerede en vejledning i kortlægningen."),
            ),
            models.CheckConstraint(
                condition=Q(field__in=FIELD_NAMES),
                name="guidance_field_is_known",
                violation_error_message=_("Vælg et af spørgeskemaets felter."),
            ),
            models.CheckConstraint(
                condition=Q(text__regex=r"\S"),
                name="guidance_says_something",
                violation_error_message=_("Skriv vejledningen."),
            ),
        ]

    def __str__(self):
        return f"{self.round}: {self.field}"
