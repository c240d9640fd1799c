"""One collection: which accounts year, at which price level, and until when."""

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from municipalities.models import Municipality, PopulationCount


class SurveyRoundQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The ministry sees all rounds, the municipalities those that were opened."""
        if user.is_ministry:
            return self
        if user.municipality_ids:
            return self.exclude(state=SurveyRound.State.DRAFT)
        return self.none()


class SurveyRound(models.Model):
    class State(models.TextChoices):
        DRAFT = "draft", _("kladde")
        OPEN = "open", _("åben")
        CLOSED = "closed", _("lukket")
        LOCKED = "locked", _("låst")

    accounts_year = models.PositiveSmallIntegerField(
        _("regnskabsår"),
        unique=True,
        error_messages={"unique": _("Der er allerede en kortlægning af dette regnskabsår.")},
    )
    price_level = models.PositiveSmallIntegerField(_("pris- og lønniveau (år)"))
    population_date = models.DateField(_("folketal pr."))
    opens_at = models.DateTimeField(_("åbner"))
    deadline = models.DateTimeField(_("svarfrist"))
    edit_until = models.DateTimeField(
        _("kan rettes indtil"), help_text=_("Besvarelser efter svarfristen tæller som for sene.")
    )
    state = models.CharField(_("tilstand"), max_length=10, choices=State, default=State.DRAFT, editable=False)
    is_demo = models.BooleanField(_("demo"), default=False, editable=False)

    objects = SurveyRoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("kortlægning")
        verbose_name_plural = _("kortlægninger")
        ordering = ("-accounts_year",)
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["draft", "open", "closed", "locked"]),
                name="round_state_is_known",
                violation_error_message=_("En kortlægning er kladde, åben, lukket eller låst."),
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

    def open(self) -> None:
        """From draft to open: every municipality gets its submission, so that who is silent is seen."""
        from survey.models.submissions import Submission

        with transaction.atomic():
            if not SurveyRound.objects.filter(pk=self.pk, state=self.State.DRAFT).update(
                state=self.State.OPEN
            ):
                raise ValidationError(_("Kun en kladde kan åbnes."))
            self.refresh_from_db(fields=["state"])
            counted = PopulationCount.objects.filter(date=self.population_date).values("municipality")
            without = Municipality.objects.exclude(pk__in=counted)
            if without:
                names = ", ".join(str(municipality) for municipality in without[:5])
                raise ValidationError(
                    _("Folketallet pr. %(date)s mangler for %(names)s. Tilføj det, før kortlægningen åbner.")
                    % {"date": self.population_date.strftime("%d.%m.%Y"), "names": names}
                )
            Submission.objects.bulk_create(
                Submission(round=self, municipality=m, region_id=m.region_id)
                for m in Municipality.objects.all()
            )
