"""What a reviewer decides of a reported initiative: rows beside it, never over it (survey/adjusting.py)."""

from copy import copy
from datetime import datetime
from typing import Any

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from survey.models.initiatives import (
    FUNDING_COMBINATIONS,
    FundingSource,
    PrimaryTargetGroup,
    ServiceArea,
    amount_in_range,
    one_of,
)
from survey.models.versions import ReportedInitiative

# In the questionnaire's order; the texts stay the municipality's own.
ADJUSTABLE = ("service_area", "gross_expenditure", "gross_income", "funding_sources", "primary_target_group")
CHANGES_NOTHING = Q(
    service_area="",
    gross_expenditure__isnull=True,
    gross_income__isnull=True,
    funding_sources__isnull=True,
    primary_target_group="",
    out_of_scope=False,
)


class AdjustmentReason(models.TextChoices):
    KRONER = "kroner", _("Beløbet er skrevet i kroner, ikke i 1.000 kr.")
    SERVICE_AREA = "service_area", _("Forkert område")
    TARGET_GROUP = "target_group", _("Forkert målgruppe")
    FUNDING = "funding", _("Forkerte finansieringskilder")
    STATUTORY = "statutory", _("Lovbunden opgave, hører ikke med i kortlægningen")
    DUPLICATE = "duplicate", _("Indberettet to gange")
    AGREED = "agreed", _("Aftalt med kommunen")
    OTHER = "other", _("Andet")


class AdjustmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own municipality's corrections; the ministry reads all, and what it accepted is its own."""
        if user.is_ministry:
            return self
        mine = self.filter(initiative__version__submission__municipality__in=user.municipality_ids)
        return mine.corrections()

    def corrections(self):
        """What changed a value or took a change back."""
        return self.filter(kind__in=Adjustment.CORRECTIONS)

    def in_force(self, as_at: datetime | None = None):
        """Each initiative's latest row, where it is a correction; with `as_at`, as at that time.

        The latest is found among all rows, so that a filter before cannot bring an older one back.
        """
        later = Adjustment.objects.filter(initiative=OuterRef("initiative"), pk__gt=OuterRef("pk"))
        rows = self
        if as_at is not None:
            later, rows = later.filter(at__lte=as_at), rows.filter(at__lte=as_at)
        return rows.filter(~Exists(later), kind=Adjustment.Kind.ADJUSTED)

    def to_read(self, versions):
        """All corrections there ever were in these versions, the newest first, with what reading them takes.

        `followed_by` is the kind of the initiative's next row, None for its latest.
        """
        later = Adjustment.objects.filter(initiative=OuterRef("initiative"), pk__gt=OuterRef("pk"))
        rows = self.corrections().filter(initiative__version__in=versions).select_related("initiative", "by")
        return rows.annotate(followed_by=Subquery(later.order_by("pk").values("kind")[:1])).order_by("-pk")

    def before(self, version):
        """Those in force in the submission's earlier versions, the latest version first."""
        rows = self.in_force().filter(
            initiative__version__submission=version.submission_id,
            initiative__version__number__lt=version.number,
        )
        return rows.select_related("initiative__version", "by").order_by("-initiative__version__number")


@pghistory.track(
    pghistory.InsertEvent(),
    level=pghistory.Statement,  # hundreds are accepted at once
    exclude=["at", "by"],  # an event has who and when of its own
)
class Adjustment(models.Model):
    """What counts instead of the reported value, empty where nothing is changed; amounts in 1,000 kr.

    An accepted initiative counts as reported, and is settled. Rows are added, never changed (a database
    trigger); the latest of an initiative counts, and nobody decides without having seen it.
    """

    class Kind(models.TextChoices):
        ADJUSTED = "adjusted", _("rettet")
        WITHDRAWN = "withdrawn", _("rettelsen trukket tilbage")
        ACCEPTED = "accepted", _("godtaget")
        REOPENED = "reopened", _("åbnet igen")

    CORRECTIONS = (Kind.ADJUSTED, Kind.WITHDRAWN)

    initiative = models.ForeignKey(ReportedInitiative, models.PROTECT, related_name="adjustments")
    kind = models.CharField(max_length=10, choices=Kind)
    service_area = models.CharField(max_length=20, choices=ServiceArea, blank=True)
    gross_expenditure = models.BigIntegerField(null=True, blank=True)
    gross_income = models.BigIntegerField(null=True, blank=True)
    funding_sources = ArrayField(
        models.CharField(max_length=10, choices=FundingSource), null=True, blank=True
    )
    primary_target_group = models.CharField(max_length=30, choices=PrimaryTargetGroup, blank=True)
    out_of_scope = models.BooleanField(default=False)  # does not belong in the survey: counts as nothing
    reason = models.CharField(max_length=20, choices=AdjustmentReason, blank=True)
    explanation = models.TextField(max_length=2000, blank=True)
    in_bulk = models.BooleanField(default=False)  # accepted with others that no rule points at
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = AdjustmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("ministeriets rettelse")
        verbose_name_plural = _("ministeriets rettelser")
        ordering = ("id",)
        indexes = [
            # The corrections are few among all that is accepted, and figures ask for them alone.
            models.Index(fields=["initiative"], condition=Q(kind="adjusted"), name="adjusted_initiatives")
        ]
        constraints = [
            one_of("service_area", ServiceArea, _("Vælg et af de seks områder.")),
            one_of("primary_target_group", PrimaryTargetGroup, _("Vælg a, b eller c som primær målgruppe.")),
            amount_in_range(
                "gross_expenditure", _("Bruttoudgiften skal være et helt antal 1.000 kr. og mindst 0.")
            ),
            amount_in_range(
                "gross_income", _("Bruttoindtægten skal være et helt antal 1.000 kr. og mindst 0.")
            ),
            models.CheckConstraint(
                condition=Q(funding_sources__isnull=True) | Q(funding_sources__in=FUNDING_COMBINATIONS[1:]),
                name="adjustment_funding_sources_are_choices",
                violation_error_message=_("Vælg mindst en af de tre finansieringskilder."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["adjusted", "withdrawn", "accepted", "reopened"]),
                name="adjustment_kind_is_known",
                violation_error_message=_("Ministeriets rettelse er af en ukendt slags."),
            ),
            models.CheckConstraint(
                condition=~Q(kind="adjusted") | ~CHANGES_NOTHING,
                name="an_adjustment_changes_something",
                violation_error_message=_("Der er ikke rettet noget."),
            ),
            models.CheckConstraint(
                condition=Q(kind="adjusted") | CHANGES_NOTHING,
                name="only_an_adjustment_changes_something",
                violation_error_message=_("Når en rettelse trækkes tilbage, gælder det indberettede igen."),
            ),
            models.CheckConstraint(
                condition=Q(~Q(kind="adjusted"), reason="")
                | Q(kind="adjusted", reason__in=AdjustmentReason.values),
                name="only_an_adjustment_has_a_reason",
                violation_error_message=_("Vælg, hvorfor indsatsen rettes."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["accepted", "reopened"]) | Q(explanation__regex=r"\S"),
                name="a_correction_is_explained",
                violation_error_message=_("Forklar rettelsen. Kommunen kan læse forklaringen."),
            ),
            models.CheckConstraint(
                condition=Q(in_bulk=False) | Q(kind="accepted"),
                name="only_accepting_is_done_in_bulk",
                violation_error_message=_("Kun det, som ingen regel peger på, kan godtages samlet."),
            ),
        ]

    def __str__(self):
        return f"{self.initiative}: {self.get_kind_display()} {localtime(self.at):%d.%m.%Y %H.%M}"

    def changes(self) -> dict[str, Any]:
        """The changed fields' values by name; `out_of_scope` is no field of the questionnaire."""
        values = {name: getattr(self, name) for name in ADJUSTABLE}
        return {name: value for name, value in values.items() if value not in ("", None)}

    def says_the_same_as(self, other: "Adjustment") -> bool:
        names = ("kind", *ADJUSTABLE, "out_of_scope", "reason", "explanation")
        return all(getattr(self, name) == getattr(other, name) for name in names)

    def adjusted(self, initiative: ReportedInitiative) -> ReportedInitiative:
        """The initiative as it counts, with its texts; a copy that is not to be saved."""
        counts = copy(initiative)
        for name, value in self.changes().items():
            setattr(counts, name, value)
        return counts

    def differences(self) -> list[tuple[str, str, str]]:
        """[(label, reported, adjusted)] for reading, in the questionnaire's order."""
        reported, counts = self.initiative, self.adjusted(self.initiative)
        found = [(reported.label(name), reported.text(name), counts.text(name)) for name in self.changes()]
        if self.out_of_scope:
            found.append((gettext("Hører med i kortlægningen"), gettext("ja"), gettext("nej")))
        return found
