"""Price and wage rates; the figures themselves are computed from what was handed in, never stored."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

import pghistory
from django.db import connection, models, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class PriceIndex(models.TextChoices):
    """Which series a rate belongs to; rates of two series are never chained."""

    MUNICIPAL = "municipal", _("Kommunal pris- og lønudvikling")


def in_force(rates: Iterable["PriceRate"], as_at: datetime) -> dict[int, "PriceRate"]:
    """Of each year the last that had been recorded by then, or else the first that ever was."""
    found: dict[int, PriceRate] = {}
    for rate in sorted(rates, key=lambda rate: (rate.year, rate.recorded_at, rate.pk)):
        if rate.year not in found or rate.recorded_at <= as_at:
            found[rate.year] = rate
    return found


class PriceRateQuerySet(models.QuerySet["PriceRate"]):
    def visible_to(self, user):
        """The ministry's; what a municipality is shown names the rates that it rests on."""
        return self if user.is_ministry else self.none()

    def add(self, rate: "PriceRate") -> "PriceRate":
        """A new row, unless the year's last one says the same: pressing twice adds one."""
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("LOCK TABLE reporting_pricerate IN SHARE ROW EXCLUSIVE MODE")
            last = self.filter(index=rate.index, year=rate.year).order_by("recorded_at", "pk").last()
            if last and last.says_the_same_as(rate):
                return last
            rate.save(force_insert=True)
        return rate

    def in_force(self, as_at: datetime) -> dict[int, "PriceRate"]:
        """The rate of each year, as it was known here then: the last that had been recorded.

        A figure as at a time so stays the same when rates are added, whatever day they are dated. A
        year whose first rate was recorded later has that one.
        """
        return in_force(self.filter(index=PriceIndex.MUNICIPAL), as_at)

    def percents(self, as_at: datetime) -> dict[int, Decimal]:
        """By year, as price_levels.factor takes them."""
        return {year: rate.percent for year, rate in self.in_force(as_at).items()}


@pghistory.track(pghistory.InsertEvent(), exclude=["recorded_at"])
class PriceRate(models.Model):
    """The municipal price and wage rate of a year over the year before, in percent, as published on a day.

    A later publication of the same year, or a correction, is a new row; the last recorded is in force.
    """

    index = models.CharField(_("indeks"), max_length=20, choices=PriceIndex, default=PriceIndex.MUNICIPAL)
    year = models.PositiveSmallIntegerField(_("år"))
    percent = models.DecimalField(_("stigning i procent"), max_digits=6, decimal_places=3)
    published = models.DateField(_("offentliggjort"))
    is_forecast = models.BooleanField(_("skøn"), default=False)
    source = models.CharField(_("kilde"), max_length=200)
    recorded_at = models.DateTimeField(_("registreret"), db_default=Now(), editable=False)

    objects = PriceRateQuerySet.as_manager()

    class Meta:
        verbose_name = _("pris- og lønskøn")
        verbose_name_plural = _("pris- og lønskøn")
        ordering = ("-year", "-recorded_at")
        constraints = [
            models.CheckConstraint(
                condition=Q(index__in=["municipal"]),
                name="price_index_is_known",
                violation_error_message=_("Satsen hører til et ukendt indeks."),
            ),
            models.CheckConstraint(
                condition=Q(percent__gt=-50, percent__lt=50),
                name="price_rate_is_plausible",
                violation_error_message=_("Satsen skal ligge mellem -50 og 50 pct."),
            ),
            models.CheckConstraint(
                condition=Q(year__range=(1990, 2099)),
                name="price_rate_has_a_year",
                violation_error_message=_("Skriv året, fx 2026."),
            ),
            models.CheckConstraint(
                condition=~Q(source=""),
                name="price_rate_has_a_source",
                violation_error_message=_("Skriv, hvor satsen er offentliggjort."),
            ),
        ]

    def __str__(self):
        return f"{self.year}: {self.percent} %"

    def says_the_same_as(self, other: "PriceRate") -> bool:
        names = ("index", "year", "percent", "published", "is_forecast", "source")
        return all(getattr(self, name) == getattr(other, name) for name in names)
