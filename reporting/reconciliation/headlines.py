"""Every headline figure by the readings that the report of 2022 mixed.

The report gives reported money over the whole country (54 kr. per inhabitant) and extrapolated money over
reported initiatives (495,000 kr. per initiative). Here each headline is made by each reading, with its
numerator and denominator, so that the consistent figure and the published one can be told apart.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from reporting.reconciliation.facts import PUBLISHED, Facts, Number, whole_millions
from reporting.rounding import round_half_away

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as LazyText


@dataclass(frozen=True)
class Reading:
    """One way to make a figure: numerator * scale / denominator, or numerator * scale without one.

    `is_consistent`: numerator and denominator are of one kind, both reported or both of the whole country.
    """

    numerator_name: "LazyText"
    numerator: Number | None
    denominator_name: "LazyText | None" = None
    denominator: Number | None = None
    scale: float = 1
    is_consistent: bool = True

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
    name: "LazyText"
    unit: "LazyText"
    published: int | None
    readings: list[Reading]
    is_count: bool = False

    @property
    def rows(self) -> list[tuple[Reading, bool]]:
        """[(reading, whether it rounds to the published figure)], without those that have no value."""
        return [
            (reading, self.published is not None and round_half_away(reading.value) == self.published)
            for reading in self.readings
            if reading.value is not None
        ]


REPORTED, EXTRAPOLATED = _("indberettet udgift, 1.000 kr."), _("opregnet udgift, 1.000 kr.")
EVERYBODY, THOSE_ANSWERED = _("indbyggere i hele landet"), _("indbyggere i kommuner med svar")
INITIATIVES, INCOME = _("indberettede indsatser"), _("indberettede indtægter, 1.000 kr.")
KRONER, THOUSANDS, MILLIONS, PERCENT = _("kr."), _("1.000 kr."), _("mio. kr."), _("pct.")


def headlines(facts: Facts) -> list[Headline]:
    """In the report's order."""
    published = PUBLISHED.get(facts.accounts_year, {})
    found = [
        ("coverage", _("Andel af befolkningen, der er dækket"), PERCENT, _coverage(facts)),
        ("per_inhabitant", _("Udgift pr. indbygger"), KRONER, _per_inhabitant(facts)),
        ("per_initiative", _("Udgift pr. indsats"), THOUSANDS, _per_initiative(facts)),
        (
            "daycare_mean",
            _("Udgift pr. indsats på dagtilbuds- og folkeskoleområdet"),
            THOUSANDS,
            _area_mean(facts, "daycare_school"),
        ),
        (
            "culture_mean",
            _("Udgift pr. indsats på kultur- og fritidsområdet"),
            THOUSANDS,
            _area_mean(facts, "culture_leisure"),
        ),
        ("income", _("Indtægter"), MILLIONS, _income(facts)),
        (
            "employment_income",
            _("Beskæftigelsesområdets andel af indtægterne"),
            PERCENT,
            _employment_income(facts),
        ),
        (
            "two_areas",
            _("Beskæftigelse samt dagtilbud og folkeskole, andel af udgifterne"),
            PERCENT,
            _two_areas(facts),
        ),
        (
            "own_financing",
            _("Kommunen betaler selv på dagtilbuds- og folkeskoleområdet"),
            PERCENT,
            _own_financing(facts),
        ),
    ]
    return [
        *(Headline(name, unit, published.get(key), readings) for key, name, unit, readings in found),
        *(
            Headline(name, _("kommuner"), published.get(key), readings, is_count=True)
            for key, name, readings in _distribution(facts)
        ),
    ]


def _per_inhabitant(facts: Facts) -> list[Reading]:
    return [
        Reading(EXTRAPOLATED, facts.extrapolated, EVERYBODY, facts.inhabitants, 1000),
        Reading(REPORTED, facts.reported, THOSE_ANSWERED, facts.inhabitants_answered, 1000),
        Reading(REPORTED, facts.reported, EVERYBODY, facts.inhabitants, 1000, is_consistent=False),
    ]


def _per_initiative(facts: Facts) -> list[Reading]:
    more = facts.initiatives_extrapolated
    percent = round_half_away(Decimal(100 * facts.inhabitants_answered) / facts.inhabitants)
    rounded = 100_000 * whole_millions(facts.reported) / percent if percent else None
    return [
        Reading(REPORTED, facts.reported, INITIATIVES, facts.initiatives),
        Reading(EXTRAPOLATED, facts.extrapolated, _("opregnede indsatser"), more),
        Reading(EXTRAPOLATED, facts.extrapolated, INITIATIVES, facts.initiatives, is_consistent=False),
        Reading(
            _("hele mio. kr. indberettet delt med den afrundede dækning, 1.000 kr."),
            rounded,
            INITIATIVES,
            facts.initiatives,
            is_consistent=False,
        ),
    ]


def _coverage(facts: Facts) -> list[Reading]:
    rounded = [
        (round_half_away(Decimal(100 * answered) / everybody), everybody)
        for answered, everybody in facts.regions
        if everybody
    ]
    weighted = sum(percent * everybody for percent, everybody in rounded) / 100
    by_regions = _("regionernes afrundede andele gange deres indbyggere")
    return [
        Reading(THOSE_ANSWERED, facts.inhabitants_answered, EVERYBODY, facts.inhabitants, 100),
        Reading(by_regions, weighted, EVERYBODY, facts.inhabitants, 100),
        Reading(_("kommuner med svar"), facts.answered, _("kommuner"), facts.municipalities, 100),
    ]


def _area_mean(facts: Facts, area: str) -> list[Reading]:
    """The report does not tell whether its own are extrapolated."""
    reported, count = facts.expenditure_by_area[area], facts.initiatives_by_area.get(area, 0)
    raised = facts.extrapolated and float(reported) * facts.extrapolated / float(facts.reported)
    return [
        Reading(REPORTED, reported, INITIATIVES, count),
        Reading(EXTRAPOLATED, raised, INITIATIVES, count, is_consistent=False),
    ]


def _income(facts: Facts) -> list[Reading]:
    rounded = sum(map(whole_millions, facts.income_by_area.values()))
    return [
        Reading(INCOME, facts.income, scale=0.001),
        Reading(_("summen af områdernes hele mio. kr."), rounded),
        Reading(_("opregnede indtægter, 1.000 kr."), facts.income_extrapolated, scale=0.001),
    ]


def _employment_income(facts: Facts) -> list[Reading]:
    mine = facts.income_by_area["employment"]
    rounded = sum(map(whole_millions, facts.income_by_area.values()))
    return [
        Reading(_("områdets indberettede indtægt, 1.000 kr."), mine, INCOME, facts.income, 100),
        Reading(
            _("områdets indtægt i hele mio. kr."),
            whole_millions(mine),
            _("summen af områdernes hele mio. kr."),
            rounded,
            100,
        ),
    ]


def _two_areas(facts: Facts) -> list[Reading]:
    two = [facts.expenditure_by_area[area] for area in ("employment", "daycare_school")]
    shares = [round_half_away(100 * one / facts.reported) for one in two] if facts.reported else []
    return [
        Reading(_("de to områders indberettede udgift, 1.000 kr."), sum(two), REPORTED, facts.reported, 100),
        Reading(_("summen af de to områders afrundede andele"), sum(shares) if shares else None),
    ]


def _own_financing(facts: Facts) -> list[Reading]:
    """The report's is a share of initiatives, not of kroner."""
    area = "daycare_school"
    spent, earned = facts.expenditure_by_area[area], facts.income_by_area[area]
    alone, count = facts.self_financed_by_area.get(area, 0), facts.initiatives_by_area.get(area, 0)
    return [
        Reading(_("indsatser, som kommunen betaler alene"), alone, INITIATIVES, count, 100),
        Reading(_("udgift, som ikke dækkes af indtægter, 1.000 kr."), spent - earned, REPORTED, spent, 100),
    ]


def _distribution(facts: Facts) -> list[tuple]:
    kroner = facts.kroner
    counts = [
        ("zero", _("Kommuner med svar, men uden udgifter"), sum(one == 0 for one in kroner)),
        ("below_1_kr", _("Kommuner under 1 kr. pr. indbygger, også de uden"), sum(one < 1 for one in kroner)),
        ("between", _("Kommuner fra 1 til 50 kr. pr. indbygger"), sum(1 <= one <= 50 for one in kroner)),
        ("above_50_kr", _("Kommuner over 50 kr. pr. indbygger"), sum(one > 50 for one in kroner)),
        ("shown", _("Kommuner i figur 4 og 5: med svar og udgifter"), sum(one > 0 for one in kroner)),
    ]
    return [(key, name, [Reading(_("kommuner med svar"), count)]) for key, name, count in counts]
