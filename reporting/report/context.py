"""What all figures of a round are made from: its estimate, its regions and places, and words for them."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from municipalities.models import Municipality, Region
from reporting import wording
from reporting.national import NationalEstimate
from reporting.returns import MunicipalReturn
from survey.models import SurveyRound


@dataclass(frozen=True)
class Earlier:
    """The rounds before that had answers, the newest last, at the same level; and who is missing, and why."""

    contexts: "list[ReportContext]"
    left_out: list[str]


@dataclass(frozen=True)
class ReportContext:
    """Of the whole country by method a, broken down by service area."""

    survey_round: SurveyRound
    national: NationalEstimate
    earlier: Callable[[], Earlier]

    @property
    def level(self) -> str:
        return _("%(year)d-pris- og lønniveau") % {"year": self.national.price_level}

    @property
    def mark(self) -> str:
        return demo_mark() if self.survey_round.is_demo else ""

    @property
    def moment(self) -> str:
        """To the second, for what was handed in on one day can differ from hour to hour."""
        local = timezone.localtime(self.national.totals.as_at)
        return _("%(day)s kl. %(clock)s") % {
            "day": date_format(local, "DATE_FORMAT"),
            "clock": date_format(local, "H.i.s"),
        }

    @property
    def reported(self) -> str:
        """Whose answers the reported figures are."""
        whose = _("Indberettet af %(n)d af %(all)d kommuner, opgjort pr. %(moment)s. Ikke opregnet.") % {
            "n": self.national.coverage.answered,
            "all": self.national.coverage.municipalities,
            "moment": self.moment,
        }
        return f"{whose} {self.adjusted}".strip()

    @property
    def adjusted(self) -> str:
        return wording.adjusted(self.national.totals)

    @property
    def extrapolated(self) -> str:
        """Whose answers the extrapolated figures rest on."""
        whose = _("Opregnet fra svar fra %(n)d af %(all)d kommuner, opgjort pr. %(moment)s.") % {
            "n": self.national.coverage.answered,
            "all": self.national.coverage.municipalities,
            "moment": self.moment,
        }
        return f"{whose} {self.adjusted}".strip()

    @property
    def population(self) -> str:
        return _("Folketal %(day)s (Danmarks Statistik).") % {"day": self.population_day}

    @property
    def population_day(self) -> str:
        return date_format(self.national.totals.population_date, "DATE_FORMAT")

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

    def notes_of(self, variable: str) -> list[str]:
        """What must stand beside the estimate of a variable."""
        return wording.notes(self.national.lines[variable].estimate, self.national.coverage)

    def rows_behind(self, **choices: str) -> str:
        """The address of the initiatives that a number is made of."""
        pinned = {
            "as_at": self.national.totals.as_at.isoformat(),
            "price_level": str(self.national.price_level),
        }
        address = reverse("reporting:rows", args=[self.survey_round.accounts_year])
        return f"{address}?{urlencode(pinned | choices)}"


def demo_mark() -> str:
    return _("DEMO - opdigtede tal")
