"""Price and wage rates; the figures themselves are computed from what was handed in, never stored."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class PriceRateQuerySet(models.QuerySet["PriceRate"]):
    def in_force(self, known_on: date | None = None) -> dict[int, "PriceRate"]:
        """The rate of each year in its latest vintage.

        With `known_on`, the latest published by that day, so that a figure as at a day stays the same
        when rates are revised; a year whose first vintage is later has that one.
        """
        rates: dict[int, PriceRate] = {}
        for rate in self.order_by("year", "published"):
            if rate.year not in rates or known_on is None or rate.published <= known_on:
                rates[rate.year] = rate
        return rates


class PriceRate(models.Model):
    """The municipal price and wage rate of a year over the year before, in percent, as published on a day.

    A later publication of the same year is a new row: `published` is the vintage.
    """

    year = models.PositiveSmallIntegerField(_("år"))
    percent = models.DecimalField(_("stigning i procent"), max_digits=6, decimal_places=3)
    published = models.DateField(_("offentliggjort"))
    is_forecast = models.BooleanField(_("skøn"), default=False)
    source = models.CharField(_("kilde"), max_length=200)

    objects = PriceRateQuerySet.as_manager()

    class Meta:
        verbose_name = _("pris- og lønskøn")
        verbose_name_plural = _("pris- og lønskøn")
        ordering = ("-year", "-published")
        constraints = [
            models.UniqueConstraint(
                fields=["year", "published"],
                name="one_price_rate_a_year_and_vintage",
                violation_error_message=_("Der er allerede en sats for dette år offentliggjort den dag."),
            ),
            models.CheckConstraint(
                condition=Q(percent__gt=-100),
                name="price_rate_is_above_minus_100",
                violation_error_message=_("Satsen skal være over -100 pct."),
            ),
        ]

    def __str__(self):
        return f"{self.year}: {self.percent} %"
