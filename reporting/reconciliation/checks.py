"""The figures as they are shown against each other: what differs by more than rounding is flagged."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from reporting.national import AREAS
from reporting.reconciliation.facts import Facts, whole_millions
from reporting.reconciliation.readings import MILLIONS, PERCENT
from reporting.rounding import round_half_away

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as LazyText

HALF = Decimal("0.5")


@dataclass(frozen=True)
class Check:
    """Parts against their total, as they are shown: each part and the total may be half a unit off."""

    name: "LazyText | str"
    unit: "LazyText"
    parts: Decimal | int
    total: Decimal | int
    tolerance: Decimal

    @property
    def difference(self) -> Decimal:
        return Decimal(self.parts) - self.total

    @property
    def is_more_than_rounding(self) -> bool:
        return abs(self.difference) > self.tolerance


def checks(facts: Facts) -> list[Check]:
    """The shown parts against the shown totals, and the shown means against what they are means of."""
    expenditure = [whole_millions(one) for one in facts.expenditure_by_area.values()]
    income = [whole_millions(one) for one in facts.income_by_area.values()]
    found = [
        _sum(_("Områdernes udgifter og udgifter i alt"), expenditure, whole_millions(facts.reported)),
        _sum(_("Områdernes indtægter og indtægter i alt"), income, whole_millions(facts.income)),
    ]
    if facts.reported:
        shares = [round_half_away(100 * one / facts.reported) for one in facts.expenditure_by_area.values()]
        found.append(_shares(_("Områdernes andele af udgifterne"), shares))
    return found + _published_sums(facts) + _published_means(facts)


def _sum(name: "LazyText", parts: Sequence[Decimal | int], total: Decimal | int) -> Check:
    """Of whole mio. kr."""
    return Check(name, MILLIONS, sum(parts), total, HALF * (len(parts) + 1))


def _shares(name: "LazyText", parts: Sequence[Decimal | int]) -> Check:
    """100 pct. is exact, so that only the parts are rounded."""
    return Check(name, PERCENT, sum(parts), 100, HALF * len(parts))


def _published_sums(facts: Facts) -> list[Check]:
    """What the report printed against what it printed."""
    published = facts.published
    if not published:
        return []
    expenditure, shares = ([published[f"{name}_{area}"] for area in AREAS] for name in ("exp", "share"))
    return [
        _sum(_("Rapportens områders udgifter og dens udgifter i alt"), expenditure, published["reported"]),
        _shares(_("Rapportens områders andele af udgifterne"), shares),
    ]


def _published_means(facts: Facts) -> list[Check]:
    """The report's means times what they are means of, against either of the totals."""
    published = facts.published
    if not published:
        return []
    means = [  # how many of the mean's unit make a million
        (_("Rapportens kr. gange alle indbyggere"), published["per_inhabitant"], facts.inhabitants, 10**6),
        (_("Rapportens kr. gange alle indsatser"), published["per_initiative"], facts.initiatives, 1000),
    ]
    totals = [(_("indberettet"), facts.reported), (_("opregnet"), facts.extrapolated)]
    return [
        Check(
            _("%(mean)s og %(total)s udgift i alt") % {"mean": name, "total": total_name},
            MILLIONS,
            Decimal(mean * count) / unit,
            whole_millions(Decimal(total)),
            HALF * count / unit + HALF,
        )
        for name, mean, count, unit in means
        for total_name, total in totals
        if total is not None
    ]
