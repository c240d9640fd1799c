"""What a row says besides the hit list's numbers: what was typed, what the municipality wrote to pass a
rule at entry, and what the ministry has corrected. Read for the rows that are shown alone."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from reporting.review.hits import Hit
from reporting.review.reasons import reasons_of
from reporting.rounding import round_half_away
from survey.models import Adjustment, PassedWarning, ReportedInitiative


@dataclass(frozen=True)
class Shown:
    """`reported`: the gross expenditure as the municipality typed it, 1,000 kr. in the accounts year's
    prices; None of a whole answer. `correction`: "" without one."""

    hit: Hit
    reasons: tuple[str, ...]
    reported: int | None
    correction: str

    @property
    def is_other_than_typed(self) -> bool:
        """At another price level, or corrected."""
        return self.reported is not None and round_half_away(self.hit.amount, 0) != self.reported


def shown(hits: Sequence[Hit], adjustments: Iterable[Adjustment], accounts_year: int) -> list[Shown]:
    """Two queries, however many hits. `adjustments` are those in force."""
    ids = [hit.initiative for hit in hits if hit.initiative is not None]
    rows = ReportedInitiative.objects.filter(pk__in=ids).order_by()
    typed = dict(rows.values_list("pk", "gross_expenditure"))
    passed: dict[int, dict[str, str]] = defaultdict(dict)
    warnings = PassedWarning.objects.filter(initiative__in=ids).order_by()
    for pk, rule, reason in warnings.values_list("initiative_id", "rule", "reason"):
        passed[pk][rule] = reason
    corrections = {one.initiative_id: _correction(one, accounts_year) for one in adjustments}
    return [
        Shown(
            hit,
            reasons_of(hit.rules, replace(hit.facts, passed=passed.get(hit.initiative or 0, {}))),
            typed.get(hit.initiative or 0),
            corrections.get(hit.initiative or 0, ""),
        )
        for hit in hits
    ]


def _correction(one: Adjustment, accounts_year: int) -> str:
    """From what was typed; the expenditure is what the row is about, so only other fields are named."""
    expenditure = one.initiative.label("gross_expenditure")
    of_it = _("Rettet fra %(old)s til %(new)s (1.000 kr., %(year)s-priser).")
    other = _("%(field)s rettet fra ”%(old)s” til ”%(new)s”.")
    return " ".join(
        (of_it if label == expenditure else other)
        % {"field": label, "old": old, "new": new, "year": accounts_year}
        for label, old, new in one.differences()
    )
