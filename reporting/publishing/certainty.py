"""How sure a round's answers are, counted for a publication: warnings passed, and where amounts are from.

Of the versions that count, so that a time gives the same counts for ever: what hangs on a version never
changes.
"""

from collections.abc import Sequence

from django.db.models import Count, Q, Sum

from survey.models import Adjustment, AmountBasis, PassedWarning, ReportedInitiative

NOT_STATED = "not_stated"  # a municipality need not say where an amount is from
BASES = (*AmountBasis.values, NOT_STATED)
KINDS = {"expenditure": "gross_expenditure", "income": "gross_income"}


def passed_warnings(versions: Sequence[int]) -> dict[str, int]:
    """By the rule's id, those that a written reason passed; rules without any are left out."""
    rows = PassedWarning.objects.filter(initiative__version__in=versions).order_by()
    return dict(rows.values_list("rule").annotate(count=Count("*")))


def amount_bases(versions: Sequence[int], adjustments: Sequence[Adjustment]) -> dict:
    """{kind: {basis: {"initiatives": of more than 0 kr., "amount": 1,000 kr.}}}, after the adjustments."""
    return {kind: _bases(kind, field, versions, adjustments) for kind, field in KINDS.items()}


def _bases(kind: str, field: str, versions: Sequence[int], adjustments: Sequence[Adjustment]) -> dict:
    """What an adjustment changes keeps the municipality's own word for where it is from."""
    basis = f"{kind}_basis"
    found = {name: {"initiatives": 0, "amount": 0} for name in BASES}
    rows = (
        ReportedInitiative.objects.filter(version__in=versions)
        .order_by()
        .values_list(basis)
        .annotate(count=Count("pk", filter=Q(**{f"{field}__gt": 0})), amount=Sum(field))
    )
    for name, count, amount in rows:
        found[name or NOT_STATED] = {"initiatives": count, "amount": int(amount)}
    for adjustment in adjustments:
        reported = adjustment.initiative
        before = getattr(reported, field)
        after = 0 if adjustment.out_of_scope else getattr(adjustment.adjusted(reported), field)
        row = found[getattr(reported, basis) or NOT_STATED]
        row["initiatives"] += (after > 0) - (before > 0)
        row["amount"] += after - before
    return found
