"""What all figures of a round are made from: its estimate, its regions and places, and words for them."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from municipalities.models import Municipality, Region
from reporting.national import NationalEstimate
from reporting.returns import MunicipalReturn
from survey.models import SurveyRound


@dataclass(frozen=True)
class ReportContext:
    """Of the whole country by method a, broken down by service area."""

    survey_round: SurveyRound
    national: NationalEstimate
    earlier: Callable[[], "list[ReportContext]"]  # of the rounds before, the newest last, at the same level

    @property
    def level(self) -> str:
        return _("%(year)d-pris- og lønniveau") % {"year": self.national.price_level}

    @property
    def mark(self) -> str:
        return _("DEMO - opdigtede tal") if self.survey_round.is_demo else ""

    @property
    def reported(self) -> str:
        """Whose answers the reported figures are."""
        coverage = self.national.coverage
        return _("Indberettet af %(n)d af %(all)d kommuner, opgjort pr. %(moment)s. Ikke opregnet.") % {
            "n": coverage.answered,
            "all": coverage.municipalities,
            "moment": date_format(self.national.totals.as_at, "DATE_FORMAT"),
        }

    @property
    def population(self) -> str:
        day = date_format(self.national.totals.population_date, "DATE_FORMAT")
        return _("Folketal %(day)s (Danmarks Statistik).") % {"day": day}

    @cached_property
    def regions(self) -> list[Region]:
        return list(Region.objects.all())

    @cached_property
    def municipalities(self) -> dict[str, Municipality]:
        return {municipality.code: municipality for municipality in Municipality.objects.all()}

    def amounts(self, variable: str = "exp_total") -> list[tuple[MunicipalReturn, Decimal]]:
        """[(answer, 1,000 kr. at the price level)] of those that have answered."""
        pairs = zip(self.national.totals.returns, self.national.columns[variable], strict=True)
        return [(row, Decimal(value)) for row, value in pairs if row.responded]

    def reported_of(self, variable: str) -> Decimal:
        return Decimal(self.national.lines[variable].reported.value)
