"""Regions, municipalities and their populations."""

from datetime import date, datetime

import pghistory
from django.db import models
from django.db.models import Case, F, Q, When
from django.db.models.functions import Now
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


class MunicipalityQuerySet(models.QuerySet["Municipality"]):
    def at(self, day: date):
        """Those that existed on that day: from `valid_from`, and before `valid_until`."""
        begun = Q(valid_from__isnull=True) | Q(valid_from__lte=day)
        not_ended = Q(valid_until__isnull=True) | Q(valid_until__gt=day)
        return self.filter(begun & not_ended)


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    fields=["code", "name", "official_name", "region", "valid_from", "valid_until", "successor"],
    model_name="MunicipalityEvent",
)
class Municipality(models.Model):
    """One of the 98 municipalities; `code` is the official three digits.

    One that is merged into another, or gets a new code, ends on a day and names its successor.
    """

    code = models.CharField(_("kode"), max_length=3, unique=True)
    name = models.CharField(_("navn"), max_length=60)
    official_name = models.CharField(_("officielt navn"), max_length=80)
    region = models.ForeignKey(
        Region, models.PROTECT, related_name="municipalities", verbose_name=_("region")
    )
    cvr = models.CharField(_("CVR-nummer"), max_length=8)
    tile_row = models.PositiveSmallIntegerField(_("række på kommunekortet"))
    tile_column = models.PositiveSmallIntegerField(_("kolonne på kommunekortet"))
    sort_key = models.CharField(max_length=80, editable=False, db_index=True)
    valid_from = models.DateField(_("kommune fra"), null=True, blank=True)  # None: before there was a survey
    valid_until = models.DateField(_("kommune indtil"), null=True, blank=True)
    successor = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="predecessors",
        verbose_name=_("er nu en del af"),
    )

    objects = MunicipalityQuerySet.as_manager()

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
                condition=Q(valid_until__isnull=True),
                name="municipality_has_its_own_tile",
                violation_error_message=_("En anden kommune står allerede på dette felt på kommunekortet."),
            ),
            models.UniqueConstraint(
                fields=["cvr"],
                condition=Q(valid_until__isnull=True),
                name="municipality_has_its_own_cvr",
                violation_error_message=_("En anden kommune har allerede dette CVR-nummer."),
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_until__isnull=True)
                | Q(valid_from__lt=F("valid_until")),
                name="municipality_ends_after_it_begins",
                violation_error_message=_("Kommunen skal ophøre, efter at den er oprettet."),
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True, successor__isnull=True)
                | Q(valid_until__isnull=False, successor__isnull=False),
                name="a_municipality_that_ends_has_a_successor",
                violation_error_message=_("En kommune, der ophører, bliver en del af en anden."),
            ),
        ]

    def __str__(self):
        return self.name

    def save(self, **kwargs):
        self.sort_key = danish_sort_key(self.name)
        super().save(**kwargs)


class PopulationImport(models.Model):
    """One file from StatBank as it was read: FOLK1A (inhabitants) or FOLK1E (by ancestry), of one date.

    `published_total` is the country's in that table, in persons, which the file's sum was checked against.
    """

    class Table(models.TextChoices):
        FOLK1A = "FOLK1A", _("FOLK1A: folketal")
        FOLK1E = "FOLK1E", _("FOLK1E: indvandrere og efterkommere")

    table = models.CharField(_("tabel"), max_length=10, choices=Table)
    date = models.DateField(_("dato"))
    published_total = models.PositiveIntegerField(_("hele landet"))
    source = models.CharField(_("kilde"), max_length=200)
    fetched_on = models.DateField(_("hentet"))
    file_name = models.CharField(_("fil"), max_length=200)
    sha256 = models.CharField(_("filens kontrolsum (SHA-256)"), max_length=64)
    recorded_at = models.DateTimeField(_("indlæst"), db_default=Now(), editable=False)
    recorded_by = models.ForeignKey(
        "municipalities.User", models.PROTECT, related_name="+", verbose_name=_("indlæst af")
    )

    class Meta:
        verbose_name = _("indlæsning af folketal")
        verbose_name_plural = _("indlæsninger af folketal")
        ordering = ("-recorded_at", "-pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(table__in=["FOLK1A", "FOLK1E"]),
                name="population_table_is_known",
                violation_error_message=_("Vælg FOLK1A eller FOLK1E."),
            ),
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"),
                name="population_import_names_its_file",
                violation_error_message=_("Indlæsningen mangler filens kontrolsum."),
            ),
            models.CheckConstraint(
                condition=~Q(source="") & ~Q(file_name=""),
                name="population_import_has_a_source",
                violation_error_message=_("Indlæsningen mangler sin kilde."),
            ),
        ]

    def __str__(self):
        return f"{self.table} {self.date:%d.%m.%Y}"


class PopulationCountQuerySet(models.QuerySet["PopulationCount"]):
    def in_force(self, as_at: datetime | None = None):
        """One row a municipality and date: the first of them in `by_recency`."""
        return self.by_recency(as_at).distinct("municipality_id", "date")

    def by_recency(self, as_at: datetime | None = None):
        """Of each municipality and date first the row that counted at that time: the last that had been
        recorded by then, or else the first ever. Without `as_at` the last."""
        order = [F("recorded_at").desc(), F("pk").desc()]
        if as_at is not None:
            known = Case(When(recorded_at__lte=as_at, then=F("recorded_at")))
            order = [known.desc(nulls_last=True), F("recorded_at").asc(), F("pk").asc()]
        return self.order_by("municipality_id", "date", *order)


class PopulationCount(models.Model):
    """Inhabitants of a municipality at a date, in persons; of these immigrants and descendants, if known.

    An import adds rows; none is overwritten. A row is whole: one that FOLK1E adds carries the inhabitants
    of the row before, and the other way round.
    """

    municipality = models.ForeignKey(
        Municipality, models.PROTECT, related_name="population_counts", verbose_name=_("kommune")
    )
    date = models.DateField(_("dato"))
    inhabitants = models.PositiveIntegerField(_("indbyggere"))
    immigrants_and_descendants = models.PositiveIntegerField(
        _("indvandrere og efterkommere"), null=True, blank=True
    )
    source = models.CharField(_("kilde"), max_length=200)
    immigrants_source = models.CharField(_("kilde, indvandrere"), max_length=200, blank=True, default="")
    population_import = models.ForeignKey(
        PopulationImport, models.PROTECT, null=True, blank=True, related_name="counts"
    )
    recorded_at = models.DateTimeField(_("indlæst"), db_default=Now(), editable=False)

    objects = PopulationCountQuerySet.as_manager()

    class Meta:
        verbose_name = _("folketal")
        verbose_name_plural = _("folketal")
        ordering = ("-date", "municipality__sort_key")
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "date", "population_import"],
                nulls_distinct=False,
                name="one_population_count_a_municipality_date_and_import",
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
