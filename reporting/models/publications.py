"""Figures that were published, frozen with all that they rest on. reporting/publishing/ makes them.

Rows are added, never changed or deleted (a database trigger), and the database itself refuses a text that
does not have its checksum.
"""

import json
from functools import cached_property

from django.conf import settings
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from municipalities.models import Role
from reporting.models.rates import PriceRate
from survey.models import SurveyRound

SEES_BEFORE_RELEASE = (Role.ROUND_MANAGER, Role.ADMIN)


class Sha256(Func):
    """Of a text's UTF-8 bytes, in hexadecimal; Django's own needs an extension of PostgreSQL."""

    template = "encode(sha256(convert_to(%(expressions)s, 'UTF8')), 'hex')"
    output_field = models.CharField()


class PublicationQuerySet(models.QuerySet["Publication"]):
    def visible_to(self, user):
        """Whoever has a role sees what is released; round managers and admins see all."""
        if user.ministry_role in SEES_BEFORE_RELEASE:
            return self
        return self.released() if user.roles else self.none()

    def released(self):
        """Half-open: from `embargo_until` on."""
        return self.filter(Q(embargo_until__isnull=True) | Q(embargo_until__lte=Now()))

    def with_release(self):
        """`is_released` by the same clock, for pages that say so."""
        released = Q(embargo_until__isnull=True) | Q(embargo_until__lte=Now())
        return self.annotate(is_released=models.ExpressionWrapper(released, models.BooleanField()))


class Publication(models.Model):
    """A round's figures by a method at a price level, as at a time.

    `inputs` and `outputs` are canonical JSON (docs/publications.md); the pages show nothing but them.
    `rates` are the very rows that converted the amounts, whatever has been recorded since.
    """

    number = models.PositiveIntegerField(_("nummer"), unique=True)
    round = models.ForeignKey(
        SurveyRound, models.PROTECT, related_name="publications", verbose_name=_("kortlægning")
    )
    title = models.CharField(_("titel"), max_length=200)
    as_at = models.DateTimeField(_("opgjort pr."))
    method = models.CharField(_("metode"), max_length=1)
    price_level = models.PositiveSmallIntegerField(_("pris- og lønniveau (år)"))
    population_date = models.DateField(_("folketal pr."))
    rates = models.ManyToManyField(PriceRate, related_name="publications", verbose_name=_("satser"))
    code_version = models.CharField(_("programversion"), max_length=12)
    inputs = models.TextField(_("grundlag"))
    outputs = models.TextField(_("resultater"))
    inputs_checksum = models.CharField(_("grundlagets kontrolsum (SHA-256)"), max_length=64)
    outputs_checksum = models.CharField(_("resultaternes kontrolsum (SHA-256)"), max_length=64)
    embargo_until = models.DateTimeField(_("klausuleret til"), null=True, blank=True)
    published_at = models.DateTimeField(_("offentliggjort"), db_default=Now(), editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("offentliggjort af")
    )
    revises = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="revised_by",
        verbose_name=_("reviderer"),
        error_messages={"unique": _("En anden opgørelse reviderer allerede denne.")},
    )
    revision_reason = models.TextField(_("begrundelse for revisionen"), max_length=2000, blank=True)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("offentliggjort opgørelse")
        verbose_name_plural = _("offentliggjorte opgørelser")
        ordering = ("-number",)
        constraints = [
            models.CheckConstraint(
                condition=Q(number__gte=1),
                name="publications_count_from_one",
                violation_error_message=_("Nummeret begynder med 1."),
            ),
            models.CheckConstraint(
                condition=Q(title__regex=r"\S"),
                name="a_publication_has_a_title",
                violation_error_message=_("Skriv en titel."),
            ),
            models.CheckConstraint(
                condition=Q(method__in=["a", "b", "c", "d", "e", "f"]),
                name="publication_method_is_known",
                violation_error_message=_("Vælg en af metoderne a til f."),
            ),
            models.CheckConstraint(
                condition=Q(as_at__lte=F("published_at")),
                name="published_figures_are_of_the_past",
                violation_error_message=_("Skriv et tidspunkt, der er passeret."),
            ),
            models.CheckConstraint(
                condition=Q(embargo_until__isnull=True) | Q(embargo_until__gt=F("published_at")),
                name="an_embargo_ends_after_publication",
                violation_error_message=_("Klausulen skal slutte efter offentliggørelsen."),
            ),
            models.CheckConstraint(
                condition=Q(revises__isnull=True, revision_reason="")
                | Q(revises__isnull=False, revision_reason__regex=r"\S"),
                name="a_revision_has_a_reason",
                violation_error_message=_("Skriv, hvorfor opgørelsen revideres."),
            ),
            models.CheckConstraint(
                condition=Q(code_version__regex=r"^[0-9a-f]{12}$"),
                name="publication_names_its_code",
                violation_error_message=_("Opgørelsen mangler sin programversion."),
            ),
            models.CheckConstraint(
                condition=Q(inputs_checksum=Sha256("inputs")),
                name="published_inputs_have_their_checksum",
                violation_error_message=_("Grundlaget passer ikke til sin kontrolsum."),
            ),
            models.CheckConstraint(
                condition=Q(outputs_checksum=Sha256("outputs")),
                name="published_outputs_have_their_checksum",
                violation_error_message=_("Resultaterne passer ikke til deres kontrolsum."),
            ),
        ]

    def __str__(self):
        return str(_("Nr. %(number)d: %(title)s") % {"number": self.number, "title": self.title})

    def get_absolute_url(self):
        return reverse("publications:publication", args=[self.number])

    @cached_property
    def basis(self) -> dict:
        return json.loads(self.inputs)

    @cached_property
    def figures(self) -> dict:
        return json.loads(self.outputs)
