"""The figures as they are shown against each other: what differs by more than rounding is flagged."""

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from reporting.reconciliation.facts import PUBLISHED, Facts, whole_millions
from reporting.reconciliation.headlines import MILLIONS, PERCENT
from reporting.rounding import round_half_away

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as LazyText


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
    half = Decimal("0.5")
    found = [
        Check(
            _("Områdernes udgifter og udgifter i alt"),
            MILLIONS,
            sum(expenditure),
            whole_millions(facts.reported),
            half * (len(expenditure) + 1),
        ),
        Check(
            _("Områdernes indtægter og indtægter i alt"),
            MILLIONS,
            sum(income),
            whole_millions(facts.income),
            half * (len(income) + 1),
        ),
    ]
    if facts.reported:
        shares = [round_half_away(100 * one / facts.reported) for one in facts.expenditure_by_area.values()]
        found.append(
            Check(_("Områdernes andele af udgifterne"), PERCENT, sum(shares), 100, half * len(shares))
        )
    for name, mean, count, unit in _published_means(facts):
        for total_name, total in ((_("indberettet"), facts.reported), (_("opregnet"), facts.extrapolated)):
            if total is not None:
                found.append(
                    Check(
                        _("%(mean)s og %(total)s udgift i alt") % {"mean": name, "total": total_name},
                        MILLIONS,
                        Decimal(mean * count) / unit,
                        whole_millions(Decimal(total)),
                        half * count / unit + half,
                    )
                )
    return found


def _published_means(facts: Facts) -> list[tuple]:
    """(name, the mean as published, of how many, how many of its units make a million)"""
    published = PUBLISHED.get(facts.accounts_year)
    if not published:
        return []
    return [
        (_("Rapportens kr. gange alle indbyggere"), published["per_inhabitant"], facts.inhabitants, 10**6),
        (_("Rapportens kr. gange alle indsatser"), published["per_initiative"], facts.initiatives, 1000),
    ]
