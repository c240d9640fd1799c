"""A headline figure and the ways to make it, each with its numerator and denominator."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.db.models import TextChoices
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from reporting.reconciliation.facts import Number
from reporting.rounding import round_half_away

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as LazyText

REPORTED, EXTRAPOLATED = _("indberettet udgift, 1.000 kr."), _("opregnet udgift, 1.000 kr.")
EVERYBODY, THOSE_ANSWERED = _("indbyggere i hele landet"), _("indbyggere i kommuner med svar")
INITIATIVES, INCOME = _("indberettede indsatser"), _("indberettede indtægter, 1.000 kr.")
KRONER, THOUSANDS, MILLIONS, PERCENT = _("kr."), _("1.000 kr."), _("mio. kr."), _("pct.")
MUNICIPALITIES = _("kommuner")


class Kind(TextChoices):
    """What a reading is made of. SAME and MIXED are quotients: both parts of one kind, or not."""

    SAME = "same", _("samme slags i tæller og nævner")
    MIXED = "mixed", _("blander indberettet og opregnet eller hele landet")
    REPORTED = "reported", _("indberettet")
    EXTRAPOLATED = "extrapolated", _("opregnet")
    ROUNDED = "rounded", _("sum af afrundede tal")
    OF_MUNICIPALITIES = "of_municipalities", _("andel af kommuner")
    POPULATION = "population", _("folketal")


@dataclass(frozen=True)
class Reading:
    """One way to make a figure: numerator * scale / denominator, or numerator * scale without one."""

    numerator_name: "LazyText"
    numerator: Number | None
    denominator_name: "LazyText | None" = None
    denominator: Number | None = None
    scale: float = 1
    kind: Kind = Kind.SAME

    @property
    def value(self) -> float | None:
        """None where there is nothing to divide, or to divide by."""
        if self.numerator is None:
            return None
        if self.denominator_name is None:
            return float(self.numerator) * self.scale
        return float(self.numerator) * self.scale / float(self.denominator) if self.denominator else None


@dataclass(frozen=True)
class Headline:
    """`behind` filters the page of what the figure is made of, by default the initiatives'."""

    name: "LazyText | str"
    unit: "LazyText"
    published: int | Decimal | None
    readings: list[Reading]
    is_count: bool = False
    behind: Mapping[str, str] = field(default_factory=dict)
    page: str = "reporting:rows"  # "" where the figure comes from no answer

    @property
    def rows(self) -> list[tuple[Reading, bool]]:
        """[(reading, whether it rounds to the published figure)], without those that have no value."""
        return [
            (reading, self._is_published(reading.value))
            for reading in self.readings
            if reading.value is not None
        ]

    def _is_published(self, value: float) -> bool:
        if self.published is None:
            return False
        exponent = Decimal(self.published).as_tuple().exponent
        assert isinstance(exponent, int)
        return round_half_away(value, -exponent) == self.published

    @property
    def published_text(self) -> str:
        """With the decimals that the report printed."""
        return "" if self.published is None else number_format(self.published, force_grouping=True)

    @property
    def query(self) -> str:
        return urlencode(self.behind)


@dataclass(frozen=True)
class Section:
    """A table of the page; its name says the price level where there are amounts."""

    key: str
    name: "LazyText | str"
    headlines: list[Headline]
