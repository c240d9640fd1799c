"""What was handed in: numbered, sealed, never changed (a database trigger refuses)."""

from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from survey.models.initiatives import ServiceArea, TenFields
from survey.models.submissions import Submission, SubmissionEvent


class SubmissionVersionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own municipality's versions; the ministry reads all."""
        if user.is_ministry:
            return self
        return self.filter(submission__municipality__in=user.municipality_ids)

    def reported(self, as_at: datetime | None = None):
        """The version that counts for each submission: the latest that was not withdrawn.

        With `as_at`, as it was at that moment; nothing in a version or an event changes, so the
        answer is the same for ever.
        """
        return self.not_withdrawn(as_at).order_by("submission_id", "-number").distinct("submission_id")

    def not_withdrawn(self, as_at: datetime | None = None):
        """All that was handed in by that time (by now) and has not been withdrawn by it."""
        versions = self if as_at is None else self.filter(submitted_at__lte=as_at)
        events = SubmissionEvent.objects.filter(kind=SubmissionEvent.Kind.WITHDRAWN)
        if as_at is not None:
            events = events.filter(at__lte=as_at)
        return versions.filter(~Exists(events.filter(version=OuterRef("pk"))))


# What the approver signs.
ATTESTATION = _("Jeg bekræfter på kommunens vegne, at oplysningerne er rigtige og fuldstændige.")
NIL_STATEMENT = _("Jeg bekræfter på kommunens vegne, at kommunen ingen indsatser har at indberette.")


class SubmissionVersion(models.Model):
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    receipt_number = models.CharField(_("kvitteringsnummer"), max_length=20, unique=True)
    submitted_at = models.DateTimeField(_("indsendt"))
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("indsendt af")
    )
    is_nil = models.BooleanField(_("ingen indsatser at indberette"))
    initiative_count = models.PositiveIntegerField(_("antal indsatser"))  # no more can be added: a trigger
    checksum = models.CharField(_("kontrolsum (SHA-256)"), max_length=64)
    # As signed: a name or a text that changes later does not change what was signed.
    submitted_by_name = models.CharField(_("underskrevet af"), max_length=100, blank=True, default="")
    attestation = models.TextField(_("erklæring"), blank=True, default="")
    nil_areas = ArrayField(  # areas that were stated to have nothing to report
        models.CharField(max_length=20, choices=ServiceArea), default=list, blank=True
    )

    objects = SubmissionVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("indsendt version")
        verbose_name_plural = _("indsendte versioner")
        ordering = ("submission", "number")
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "number"],
                name="one_version_a_number",
                violation_error_message=_("Denne version er allerede indsendt."),
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1),
                name="versions_count_from_one",
                violation_error_message=_("Versionsnummeret begynder med 1."),
            ),
            models.CheckConstraint(
                condition=Q(is_nil=True, initiative_count=0) | Q(is_nil=False, initiative_count__gt=0),
                name="a_nil_return_has_no_initiatives",
                violation_error_message=_("Enten er der indsatser, eller også er der ingen at indberette."),
            ),
            models.CheckConstraint(
                condition=Q(checksum__regex=r"^[0-9a-f]{64}$"),
                name="version_is_sealed",
                violation_error_message=_("Versionen mangler sin kontrolsum."),
            ),
        ]

    def __str__(self):
        return self.receipt_number

    def get_absolute_url(self):
        return reverse("survey:receipt", args=[self.receipt_number])

    @property
    def signer(self) -> str:
        """The name that it was signed with; the first versions did not keep it."""
        return self.submitted_by_name or self.submitted_by.name

    def nil_area_labels(self) -> list[str]:
        return [str(ServiceArea(area).label) for area in self.nil_areas]

    def answer(self) -> dict:
        """The arguments of canonical.seal that give `checksum`, from the stored rows."""
        initiatives = list(self.initiatives.prefetch_related("passed_warnings"))
        return {
            "accounts_year": self.submission.round.accounts_year,
            "municipality_code": self.submission.municipality.code,
            "version": self.number,
            "is_nil": self.is_nil,
            "initiatives": [initiative.sealed_fields() for initiative in initiatives],
            "warnings": [
                {"uuid": str(initiative.uuid), "rule": passed.rule, "reason": passed.reason}
                for initiative in initiatives
                for passed in initiative.passed_warnings.all()
            ],
            "nothing_to_report_in": self.nil_areas,
        }


class ReportedInitiativeQuerySet(models.QuerySet):
    def visible_to(self, user):
        if user.is_ministry:
            return self
        return self.filter(version__submission__municipality__in=user.municipality_ids)

    def reported(self, as_at: datetime | None = None):
        """The initiatives of the versions that count (see SubmissionVersionQuerySet.reported)."""
        return self.filter(version__in=SubmissionVersion.objects.reported(as_at).values("pk"))


class ReportedInitiative(TenFields):
    """An initiative as it stood in a version."""

    version = models.ForeignKey(SubmissionVersion, models.PROTECT, related_name="initiatives")
    position = models.PositiveIntegerField(editable=False)

    objects = ReportedInitiativeQuerySet.as_manager()

    class Meta(TenFields.Meta):
        verbose_name = _("indberettet indsats")
        verbose_name_plural = _("indberettede indsatser")
        ordering = ("version", "position")
        constraints = [
            *TenFields.Meta.constraints,
            models.UniqueConstraint(
                fields=["version", "uuid"],
                name="one_reported_initiative_a_uuid_and_version",
                violation_error_message=_("Indsatsen står allerede i denne version."),
            ),
            models.UniqueConstraint(
                fields=["version", "position"],
                name="one_reported_initiative_a_position",
                violation_error_message=_("En anden indsats står allerede på denne plads i versionen."),
            ),
            models.CheckConstraint(
                condition=Q(gross_expenditure__isnull=False, gross_income__isnull=False)
                & ~Q(service_area="")
                & ~Q(title="")
                & ~Q(funding_sources=[])
                & ~Q(legal_basis="")
                & ~Q(primary_target_group="")
                & ~Q(secondary_target_group="")
                & ~Q(content="")
                & ~Q(purpose="")
                & ~Q(time_horizon="")
                & (Q(target_share__isnull=False) | Q(target_share_unknown=True)),
                name="a_reported_initiative_is_complete",
                violation_error_message=_("En indberettet indsats skal være udfyldt i alle ti felter."),
            ),
        ]

    def __str__(self):
        return self.title
