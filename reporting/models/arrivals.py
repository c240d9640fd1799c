"""Statistics Denmark's counts of newly arrived refugees and reunited families, as imported.

A later import is a new version of the whole series; what a page or figure showed at a time can so be shown
again.
"""

from datetime import datetime

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from reporting.files.statbank import YEAR

IMINT02B = "IMINT02B"


class Superseded(Exception):
    """Another import came between: what was compared with, or stored the first time, no longer counts."""


class ArrivalsImportQuerySet(models.QuerySet["ArrivalsImport"]):
    def visible_to(self, user):
        return self if user.is_ministry else self.none()

    def latest_at(self, as_at: datetime) -> "ArrivalsImport | None":
        """The import that counted at that time: the last that had been recorded."""
        return self.filter(recorded_at__lte=as_at).order_by("-recorded_at", "-pk").first()

    def record(self, series: dict[str, int], replaces: "ArrivalsImport | None", **fields) -> "ArrivalsImport":
        """Stores an import with its {period: persons}, all or nothing; once more, it is there already.

        `replaces` is the import that the user compared with. Raises Superseded if another one has come since.
        """
        with transaction.atomic():
            stored, is_new = self.get_or_create(replaces=replaces, defaults=fields)
            if is_new:
                ArrivalsCount.objects.bulk_create(
                    ArrivalsCount(arrivals_import=stored, period=period, persons=persons)
                    for period, persons in series.items()
                )
                return stored
            differs = any(getattr(stored, name) != value for name, value in fields.items())
            if differs or ArrivalsImport.objects.filter(replaces=stored).exists():
                raise Superseded
        return stored


class ArrivalsImport(models.Model):
    """One file from StatBank as it was read; the imports are a chain, each replaces the one before."""

    table = models.CharField(_("tabel"), max_length=20, default=IMINT02B)
    source = models.CharField(_("kilde"), max_length=200)
    fetched_on = models.DateField(_("hentet"))
    selection = models.CharField(_("udsnit"), max_length=1000, blank=True)  # "KØN: I alt; ..."
    file_name = models.CharField(_("fil"), max_length=200)
    sha256 = models.CharField(_("filens kontrolsum (SHA-256)"), max_length=64)
    replaces = models.ForeignKey("self", models.PROTECT, null=True, editable=False, related_name="+")
    recorded_at = models.DateTimeField(_("indlæst"), db_default=Now(), editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("indlæst af")
    )

    objects = ArrivalsImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("indlæsning af nyankomne")
        verbose_name_plural = _("indlæsninger af nyankomne")
        ordering = ("-recorded_at", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=["replaces"],
                nulls_distinct=False,
                name="arrivals_imports_are_one_chain",
                violation_error_message=_("En anden indlæsning er kommet imellem."),
            ),
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"),
                name="arrivals_import_names_its_file",
                violation_error_message=_("Indlæsningen mangler filens kontrolsum."),
            ),
            models.CheckConstraint(
                condition=~Q(source="") & ~Q(file_name=""),
                name="arrivals_import_has_a_source",
                violation_error_message=_("Indlæsningen mangler sin kilde."),
            ),
        ]

    def __str__(self):
        return f"{self.table}, {self.fetched_on}"


class ArrivalsCountQuerySet(models.QuerySet["ArrivalsCount"]):
    def visible_to(self, user):
        return self if user.is_ministry else self.none()

    def in_force(self, as_at: datetime):
        """The counts of the import that counted at that time, in time's order; none before the first."""
        return self.filter(arrivals_import=ArrivalsImport.objects.latest_at(as_at))


class ArrivalsCount(models.Model):
    """Persons in the gross target group in a period, as StatBank writes it: 2016, 2016H1, 2016K1, 2016M01."""

    arrivals_import = models.ForeignKey(ArrivalsImport, models.PROTECT, related_name="counts")
    period = models.CharField(_("periode"), max_length=7)
    persons = models.PositiveIntegerField(_("personer"))

    objects = ArrivalsCountQuerySet.as_manager()

    class Meta:
        verbose_name = _("antal nyankomne")
        verbose_name_plural = _("antal nyankomne")
        ordering = ("period",)
        constraints = [
            models.UniqueConstraint(
                fields=["arrivals_import", "period"],
                name="one_arrivals_count_a_period_and_import",
                violation_error_message=_("Perioden står allerede i denne indlæsning."),
            ),
            models.CheckConstraint(
                condition=Q(period__regex=rf"^{YEAR}(H[12]|K[1-4]|M(0[1-9]|1[0-2]))?$"),
                name="arrivals_period_is_a_period",
                violation_error_message=_("Perioden skrives som 2016, 2016H1, 2016K1 eller 2016M01."),
            ),
            models.CheckConstraint(
                condition=Q(persons__gte=0),
                name="arrivals_are_not_negative",
                violation_error_message=_("Antallet af personer kan ikke være negativt."),
            ),
        ]

    def __str__(self):
        return f"{self.period}: {self.persons}"
