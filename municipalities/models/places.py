"""Regions, municipalities and their populations."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from municipalities.sorting import danish_sort_key


class Region(models.Model):
    """One of the five regions; `code` is Statistics Denmark's four digits, `position` the usual order."""

    code = models.CharField(_("kode"), max_length=4, unique=True)
    name = models.CharField(_("navn"), max_length=60, unique=True)
    position = models.PositiveSmallIntegerField(_("rækkefølge"), default=0)

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regioner")
        ordering = ("position", "code")

    def __str__(self):
        return self.name


class Municipality(models.Model):
    """One of the 98 municipalities; `code` is the official three digits."""

    code = models.CharField(_("kode"), max_length=3, unique=True)
    name = models.CharField(_("navn"), max_length=60)
    official_name = models.CharField(_("officielt navn"), max_length=80)
    region = models.ForeignKey(
        Region, models.PROTECT, related_name="municipalities", verbose_name=_("region")
    )
    cvr = models.CharField(_("CVR-nummer"), max_length=8, unique=True)
    tile_row = models.PositiveSmallIntegerField(_("række på kommunekortet"))
    tile_column = models.PositiveSmallIntegerField(_("kolonne på kommunekortet"))
    sort_key = models.CharField(max_length=80, editable=False, db_index=True)

    class Meta:
        verbose_name = _("kommune")
        verbose_name_plural = _("kommuner")
        ordering = ("sort_key",)
        constraints = [
            models.CheckConstraint(
                condition=Q(code__regex=r"^[0-9]{3}$"),
                name="municipality_code_is_three_digits",
                violation_error_message=_("Kommunekoden er tre cifre, fx 461."),
            ),
            models.UniqueConstraint(
                fields=["tile_row", "tile_column"],
                name="municipality_has_its_own_tile",
                violation_error_message=_("En anden kommune står allerede på dette felt på kommunekortet."),
            ),
        ]

    def __str__(self):
        return self.name

    def save(self, **kwargs):
        self.sort_key = danish_sort_key(self.name)
        super().save(**kwargs)


class PopulationCount(models.Model):
    """Inhabitants of a municipality at a date, in persons; of these immigrants and descendants, if known."""

    municipality = models.ForeignKey(
        Municipality, models.PROTECT, related_name="population_counts", verbose_name=_("kommune")
    )
    date = models.DateField(_("dato"))
    inhabitants = models.PositiveIntegerField(_("indbyggere"))
    immigrants_and_descendants = models.PositiveIntegerField(
        _("indvandrere og efterkommere"), null=True, blank=True
    )
    source = models.CharField(_("kilde"), max_length=200)

    class Meta:
        verbose_name = _("folketal")
        verbose_name_plural = _("folketal")
        ordering = ("-date", "municipality__sort_key")
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "date"],
                name="one_population_count_a_municipality_and_date",
                violation_error_message=_("Kommunen har allerede et folketal på denne dato."),
            ),
            models.CheckConstraint(
                condition=Q(inhabitants__gt=0),
                name="population_is_positive",
                violation_error_message=_("Folketallet skal være større end 0."),
            ),
            models.CheckConstraint(
                condition=Q(immigrants_and_descendants__isnull=True)
                | Q(immigrants_and_descendants__lte=F("inhabitants")),
                name="immigrants_and_descendants_are_inhabitants",
                violation_error_message=_(
                    "Der kan ikke være flere indvandrere og efterkommere end indbyggere."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.municipality} {self.date:%d.%m.%Y}: {self.inhabitants}"
