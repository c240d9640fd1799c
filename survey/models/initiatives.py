"""The questionnaire's ten fields as columns, and the municipality's working copy of them."""

import uuid
from itertools import combinations

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from municipalities.models import REVIEWERS
from survey.questionnaire import BY_NAME, FIELD_NAMES

# Beside the ten fields: how sure an amount is, and whether the initiative belongs in the survey at all.
SUPPLEMENTARY_FIELDS = ("expenditure_basis", "income_basis", "scope", "scope_reason")
STORED_FIELDS = (*FIELD_NAMES, "target_share_unknown", *SUPPLEMENTARY_FIELDS)
BASIS_OF = {"gross_expenditure": "expenditure_basis", "gross_income": "income_basis"}
READING_ORDER = (
    *(part for name in FIELD_NAMES for part in (name, BASIS_OF.get(name)) if part),
    "scope",
    "scope_reason",
)
MAX_AMOUNT = 99_999_999  # 1,000 kr.; far above any municipality's whole budget


class ServiceArea(models.TextChoices):
    """The six areas, in the report's order."""

    EMPLOYMENT = "employment", _("Beskæftigelsesområdet")
    DAYCARE_SCHOOL = "daycare_school", _("Dagtilbuds- og folkeskoleområdet")
    GENERAL = "general", _("Den generelle integrationsindsats")
    SOCIAL = "social", _("Socialområdet")
    CULTURE_LEISURE = "culture_leisure", _("Kultur- og fritidsområdet")
    HEALTH_ELDERLY = "health_elderly", _("Sundheds- og ældreområdet")


class FundingSource(models.TextChoices):
    STATE = "state", _("Tilskud fra staten (fx puljemidler)")
    PRIVATE = "private", _("Tilskud fra private (fx fondsmidler)")
    OWN = "own", _("Kommunen finansierer selv")


# Each source at most once and in one order, so that equal answers have equal seals.
FUNDING_COMBINATIONS = [
    list(chosen) for count in range(4) for chosen in combinations(FundingSource.values, count)
]


class PrimaryTargetGroup(models.TextChoices):
    NEWLY_ARRIVED = "newly_arrived", _("a) Nyindvandrede flygtninge og familiesammenførte")
    BROADER_INTEGRATION = "broader_integration", _("b) Bredere integrationsindsats, også efterkommere")
    MAJORITY_OR_EVERYONE = (
        "majority_or_everyone",
        _(
            "c) Bredere målgruppe, hvor hovedparten er flygtninge, indvandrere eller efterkommere, "
            "eller hele befolkningen"
        ),
    )


class SecondaryTargetGroup(models.TextChoices):
    MEN = "men", _("Mænd")
    WOMEN = "women", _("Kvinder")
    CHILDREN = "children", _("Børn")
    OTHER = "other", _("Øvrige")
    SEVERAL = "several", _("Flere målgrupper")


class TimeHorizon(models.TextChoices):
    ONE_YEAR = "1_year", _("Op til 1 år")
    TWO_TO_FOUR_YEARS = "2_4_years", _("2-4 år")
    PERMANENT = "permanent", _("Varig, eller 5 år og mere")


class AmountBasis(models.TextChoices):
    """Where an amount comes from; a municipality need not say."""

    ACCOUNTS = "accounts", _("Fra regnskabet")
    ALLOCATED = "allocated", _("Fordelt fra en større konto")
    ESTIMATED = "estimated", _("Skønnet")


class Scope(models.TextChoices):
    """The municipality's own judgement by the report's three criteria (survey/scope.py)."""

    IN_SCOPE = "in", _("Hører med i kortlægningen")
    OUT_OF_SCOPE = "out", _("Hører ikke med")
    IN_DOUBT = "doubt", _("I tvivl")


def one_of(name, choices, message):
    return models.CheckConstraint(
        condition=Q(**{f"{name}__in": ["", *choices.values]}),
        name=f"%(class)s_{name}_is_a_choice",
        violation_error_message=message,
    )


def amount_in_range(name, message):
    return models.CheckConstraint(
        condition=Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__range": (0, MAX_AMOUNT)}),
        name=f"%(class)s_{name}_in_range",
        violation_error_message=message,
    )


class TenFields(models.Model):
    """What one initiative says; amounts in whole 1,000 kr. of the accounts year, blank if not answered."""

    uuid = models.UUIDField(default=uuid.uuid4, editable=False)  # its identity across versions and rounds
    service_area = models.CharField(_("Område"), max_length=20, choices=ServiceArea, blank=True)
    title = models.CharField(BY_NAME["title"].heading, max_length=200, blank=True)
    gross_expenditure = models.BigIntegerField(BY_NAME["gross_expenditure"].heading, null=True, blank=True)
    gross_income = models.BigIntegerField(BY_NAME["gross_income"].heading, null=True, blank=True)
    funding_sources = ArrayField(
        models.CharField(max_length=10, choices=FundingSource),
        verbose_name=BY_NAME["funding_sources"].heading,
        default=list,
        blank=True,
    )
    legal_basis = models.CharField(BY_NAME["legal_basis"].heading, max_length=300, blank=True)
    primary_target_group = models.CharField(
        BY_NAME["primary_target_group"].heading, max_length=30, choices=PrimaryTargetGroup, blank=True
    )
    secondary_target_group = models.CharField(
        BY_NAME["secondary_target_group"].heading, max_length=10, choices=SecondaryTargetGroup, blank=True
    )
    content = models.TextField(BY_NAME["content"].heading, max_length=10_000, blank=True)
    purpose = models.TextField(_("Formål"), max_length=10_000, blank=True)
    time_horizon = models.CharField(_("Tidshorisont"), max_length=10, choices=TimeHorizon, blank=True)
    target_share = models.SmallIntegerField(BY_NAME["target_share"].heading, null=True, blank=True)
    # The questionnaire's "-": not relevant or not possible. Without it, no share means not answered yet.
    target_share_unknown = models.BooleanField(default=False)
    expenditure_basis = models.CharField(
        _("Udgiften er"), max_length=10, choices=AmountBasis, blank=True, default=""
    )
    income_basis = models.CharField(
        _("Indtægten er"), max_length=10, choices=AmountBasis, blank=True, default=""
    )
    scope = models.CharField(_("Afgrænsning"), max_length=10, choices=Scope, blank=True, default="")
    scope_reason = models.TextField(
        _("Begrundelse for afgrænsningen"), max_length=2_000, blank=True, default=""
    )

    class Meta:
        abstract = True
        constraints = [
            one_of("service_area", ServiceArea, _("Vælg et af de seks områder.")),
            one_of("primary_target_group", PrimaryTargetGroup, _("Vælg a, b eller c som primær målgruppe.")),
            one_of(
                "secondary_target_group",
                SecondaryTargetGroup,
                _("Vælg en af de fem sekundære målgrupper."),
            ),
            one_of("time_horizon", TimeHorizon, _("Vælg en af de tre tidshorisonter.")),
            one_of("expenditure_basis", AmountBasis, _("Vælg, hvor udgiften kommer fra.")),
            one_of("income_basis", AmountBasis, _("Vælg, hvor indtægten kommer fra.")),
            one_of("scope", Scope, _("Vælg, om indsatsen hører med.")),
            amount_in_range(
                "gross_expenditure", _("Bruttoudgiften skal være et helt antal 1.000 kr. og mindst 0.")
            ),
            amount_in_range(
                "gross_income", _("Bruttoindtægten skal være et helt antal 1.000 kr. og mindst 0.")
            ),
            models.CheckConstraint(
                condition=Q(funding_sources__in=FUNDING_COMBINATIONS),
                name="%(class)s_funding_sources_are_choices",
                violation_error_message=_("Vælg blandt de tre finansieringskilder."),
            ),
            models.CheckConstraint(
                condition=Q(target_share__isnull=True)
                | Q(target_share__range=(0, 100), target_share_unknown=False),
                name="%(class)s_target_share_is_a_percentage",
                violation_error_message=_("Andelen skal være mellem 0 og 100 procent, eller -."),
            ),
        ]

    def missing(self) -> list[str]:
        """Names of the fields that must be answered before handing in, in the questionnaire's order."""
        return [name for name in FIELD_NAMES if not self._is_answered(name)]

    def _is_answered(self, name: str) -> bool:
        value = getattr(self, name)
        if name == "target_share":
            return value is not None or self.target_share_unknown
        return value is not None and value not in ("", [])

    def answers(self) -> list[tuple[str, str]]:
        """[(label, text)] for reading: the ten fields in the questionnaire's order, and what was said besides
        them: where an amount is from, after it, and whether the initiative belongs here, at the end."""
        return [
            (self.label(name), self.text(name))
            for name in READING_ORDER
            if name in FIELD_NAMES or getattr(self, name)
        ]

    @classmethod
    def label(cls, name: str) -> str:
        question = BY_NAME.get(name)
        if question and name == question.names[0]:
            return f"{question.number}. {question.heading}"
        return str(getattr(cls, name).field.verbose_name)

    def text(self, name: str) -> str:
        value = getattr(self, name)
        if isinstance(value, int) and name in ("gross_expenditure", "gross_income"):
            return number_format(value, force_grouping=True)
        display = getattr(self, f"get_{name}_display", None)
        text = display() if display else value
        return "" if text is None else str(text)

    def sealed_fields(self) -> dict:
        """The initiative as it enters the canonical form (survey/canonical.py).

        What stands beside the ten fields is in it when answered, so that older seals stay as they are.
        """
        asked = {name: getattr(self, name) for name in STORED_FIELDS}
        return {"uuid": str(self.uuid)} | {
            name: value for name, value in asked.items() if value or name not in SUPPLEMENTARY_FIELDS
        }

    def get_funding_sources_display(self) -> str:
        return "; ".join(str(FundingSource(source).label) for source in self.funding_sources)

    def get_target_share_display(self) -> str:
        if self.target_share_unknown:
            return "-"
        return "" if self.target_share is None else f"{self.target_share} %"


class InitiativeQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Working copies are their municipality's alone; the ministry reads what was handed in, and in a
        trial works along."""
        mine = Q(submission__municipality__in=user.municipality_ids)
        if user.ministry_role in REVIEWERS:
            mine |= Q(submission__round__state="trial")
        return self.filter(mine)


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    level=pghistory.Statement,  # a workbook of 5,000 rows costs a third of a second less
    # An event has who and when of its own; a save that changes nothing else is none.
    exclude=["revision", "created_at", "updated_at", "updated_by"],
    meta={"indexes": [models.Index(fields=["submission", "pgh_id"], name="history_of_initiatives")]},
)
class Initiative(TenFields):
    """The working copy of one initiative."""

    submission = models.ForeignKey("survey.Submission", models.PROTECT, related_name="initiatives")
    revision = models.PositiveIntegerField(default=1, editable=False)  # for optimistic locking
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = InitiativeQuerySet.as_manager()

    class Meta(TenFields.Meta):
        verbose_name = _("indsats")
        verbose_name_plural = _("indsatser")
        ordering = ("id",)
        constraints = [
            *TenFields.Meta.constraints,
            models.UniqueConstraint(
                fields=["submission", "uuid"],
                name="one_initiative_a_uuid_and_submission",
                violation_error_message=_("Indsatsen findes allerede i denne besvarelse."),
            ),
        ]

    def __str__(self):
        return self.title or str(_("(uden titel)"))

    def get_absolute_url(self):
        submission = self.submission
        args = [submission.municipality.code, submission.round.accounts_year, self.uuid]
        return reverse("survey:initiative", args=args)
