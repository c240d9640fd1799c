"""One collection: which accounts year, at which price level, and until when."""

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from survey.questionnaire import LATEST_VERSION, VERSIONS


class SurveyRoundQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The ministry sees all rounds, a municipality the opened ones and the trials it takes part in."""
        if user.is_ministry:
            return self
        if not user.municipality_ids:
            return self.none()
        piloted = SurveyRound.objects.filter(submissions__municipality__in=user.municipality_ids)
        opened = ~Q(state__in=SurveyRound.NOT_OPENED)
        return self.filter(opened | Q(state=SurveyRound.State.TRIAL, pk__in=piloted.values("pk")))

    def opened(self):
        return self.exclude(state__in=SurveyRound.NOT_OPENED)

    def before(self, survey_round: "SurveyRound"):
        """Those it may be compared with, the latest first: made-up rounds never with real ones."""
        earlier = self.opened().filter(accounts_year__lt=survey_round.accounts_year)
        return earlier.filter(is_demo=survey_round.is_demo).order_by("-accounts_year")


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    pghistory.ManualEvent("downloaded"),  # all its initiatives as a file (reporting/audit/downloads.py)
)
class SurveyRound(models.Model):
    """What moves it from state to state is in survey/rounds/; in a trial nothing can be handed in."""

    class State(models.TextChoices):
        DRAFT = "draft", _("kladde")
        TRIAL = "trial", _("prøve")
        OPEN = "open", _("åben")
        CLOSED = "closed", _("lukket")
        LOCKED = "locked", _("låst")
        ARCHIVED = "archived", _("arkiveret")

    NOT_OPENED = (State.DRAFT, State.TRIAL)
    FINAL = (State.LOCKED, State.ARCHIVED)  # nothing in it changes any more

    accounts_year = models.PositiveSmallIntegerField(
        _("regnskabsår"),
        unique=True,
        error_messages={"unique": _("Der er allerede en kortlægning af dette regnskabsår.")},
    )
    price_level = models.PositiveSmallIntegerField(_("pris- og lønniveau (år)"))
    population_date = models.DateField(_("folketal pr."))
    # A record of which questionnaire was asked, no more: rules and form follow the accounts year and the
    # catalogue.
    questionnaire_version = models.PositiveSmallIntegerField(
        _("spørgeskemaets version"), choices=VERSIONS, default=LATEST_VERSION
    )
    opens_at = models.DateTimeField(_("åbner"))
    deadline = models.DateTimeField(_("svarfrist"))
    edit_until = models.DateTimeField(
        _("kan rettes indtil"), help_text=_("Besvarelser efter svarfristen tæller som for sene.")
    )
    state = models.CharField(_("tilstand"), max_length=10, choices=State, default=State.DRAFT, editable=False)
    # What the contacts are written when they are invited; "" is the text that comes with the product.
    invitation_subject = models.CharField(_("emne"), max_length=200, blank=True, default="")
    invitation_text = models.TextField(_("tekst"), max_length=5_000, blank=True, default="")
    # Ids of rules that do not speak in this round; why stands in RuleRetirement (survey/reviewing.py).
    retired_rules = ArrayField(models.CharField(max_length=40), default=list, blank=True, editable=False)
    is_demo = models.BooleanField(_("demo"), default=False, editable=False)

    objects = SurveyRoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("kortlægning")
        verbose_name_plural = _("kortlægninger")
        ordering = ("-accounts_year",)
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["draft", "trial", "open", "closed", "locked", "archived"]),
                name="round_state_is_known",
                violation_error_message=_(
                    "En kortlægning er kladde, prøve, åben, lukket, låst eller arkiveret."
                ),
            ),
            models.CheckConstraint(
                condition=Q(accounts_year__range=(2000, 2100)),
                name="accounts_year_is_a_year",
                violation_error_message=_("Skriv regnskabsåret med fire cifre, fx 2025."),
            ),
            models.CheckConstraint(
                condition=Q(opens_at__lt=F("deadline")) & Q(deadline__lte=F("edit_until")),
                name="round_dates_are_in_order",
                violation_error_message=_(
                    "Datoerne skal komme i rækkefølge: åbner, svarfrist, kan rettes indtil."
                ),
            ),
            models.CheckConstraint(
                condition=Q(price_level__gte=F("accounts_year")),
                name="price_level_is_not_before_the_accounts",
                violation_error_message=_("Pris- og lønniveauet kan ikke ligge før regnskabsåret."),
            ),
        ]

    def __str__(self):
        return str(_("Kortlægning af regnskab %(year)d") % {"year": self.accounts_year})

    @property
    def is_opened(self) -> bool:
        return self.state not in self.NOT_OPENED

    @property
    def is_final(self) -> bool:
        return self.state in self.FINAL


class RoundEvent(models.Model):
    """Who did what to a round, and when; rows are added, never changed (a database trigger).

    `by` is None for what no person did. The dates are those in force from then on.
    """

    class Kind(models.TextChoices):
        TRIAL_STARTED = "trial_started", _("prøve sat i gang")
        TRIAL_ENDED = "trial_ended", _("prøve afsluttet, og det prøvede slettet")
        OPENED = "opened", _("åbnet")
        DATES_CHANGED = "dates_changed", _("frister ændret")
        CLOSED = "closed", _("lukket")
        LOCK_ASKED = "lock_asked", _("låsning foreslået")
        LOCKED = "locked", _("låst")
        ARCHIVED = "archived", _("arkiveret")
        REOPENED = "reopened", _("genåbnet")

    round = models.ForeignKey(SurveyRound, models.PROTECT, related_name="events")
    kind = models.CharField(max_length=20, choices=Kind)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reason = models.TextField(max_length=2_000, blank=True, default="")
    state = models.CharField(max_length=10, choices=SurveyRound.State)  # from then on
    opens_at = models.DateTimeField()
    deadline = models.DateTimeField()
    edit_until = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "trial_started",
                        "trial_ended",
                        "opened",
                        "dates_changed",
                        "closed",
                        "lock_asked",
                        "locked",
                        "archived",
                        "reopened",
                    ]
                ),
                name="round_event_kind_is_known",
                violation_error_message=_("Hændelsen er af en ukendt slags."),
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["reopened", "dates_changed"]) | Q(reason__regex=r"\S"),
                name="reopening_and_new_dates_have_a_reason",
                violation_error_message=_("Skriv en begrundelse."),
            ),
        ]

    def __str__(self):
        return f"{self.round}: {self.get_kind_display()} {self.at:%d.%m.%Y %H.%M}"
