"""The initiatives behind a figure: those that count in a round as at a time, with what counts of each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import BigIntegerField, Case, F, Q, QuerySet, Sum, When

from reporting.breakdowns import Breakdown
from reporting.totals import adjustments_in
from survey.models import Adjustment, ReportedInitiative, SubmissionVersion, SurveyRound


@dataclass(frozen=True)
class Behind:
    """`initiatives` as reported, the dearest first by what counts of them; the adjustments beside."""

    initiatives: QuerySet[ReportedInitiative]
    adjustments: dict[int, Adjustment]  # by the initiative's id; only of those that count

    def counting(self, initiatives: Sequence[ReportedInitiative]) -> list[tuple]:
        """[(the initiative as it counts, its adjustment or None)]"""
        found = []
        for initiative in initiatives:
            adjustment = self.adjustments.get(initiative.pk)
            found.append((adjustment.adjusted(initiative) if adjustment else initiative, adjustment))
        return found

    def sums(self) -> tuple[int, int, int]:
        """Expenditure and income in 1,000 kr. of the accounts year, and the number, of all that count."""
        amounts = ("gross_expenditure", "gross_income")
        reported = self.initiatives.order_by().aggregate(*(Sum(name, default=0) for name in amounts))
        sums = {name: int(reported[f"{name}__sum"]) for name in amounts}
        for adjustment in self.adjustments.values():
            changed, before = adjustment.changes(), adjustment.initiative
            for name in changed.keys() & sums.keys():
                sums[name] += changed[name] - getattr(before, name)
        return sums["gross_expenditure"], sums["gross_income"], self.initiatives.count()


def initiatives_behind(
    survey_round: SurveyRound,
    as_at: datetime,
    *,
    initiatives: QuerySet[ReportedInitiative],
    region: str | None = None,
    municipality: str | None = None,
    group: tuple[Breakdown, str] | None = None,
) -> Behind:
    """Among the initiatives given: of the country, a region or a municipality (by code), and a group."""
    versions = SubmissionVersion.objects.filter(submission__round=survey_round)
    if region:
        versions = versions.filter(submission__region__code=region)
    if municipality:
        versions = versions.filter(submission__municipality__code=municipality)
    ids = [version.pk for version in versions.reported(as_at)]
    adjusted = {one.initiative_id: one for one in adjustments_in(ids, as_at)}
    counts = {pk: one for pk, one in adjusted.items() if _belongs(one, group)}
    counting = initiatives.filter(version__in=ids).filter(
        Q(pk__in=counts.keys()) | (Q(**_stored(group)) & ~Q(pk__in=adjusted.keys()))
    )
    return Behind(
        initiatives=counting.select_related("version__submission__municipality").order_by(
            _what_counts(counts.values()).desc(), "pk"
        ),
        adjustments=counts,
    )


def _what_counts(adjustments: Iterable[Adjustment]) -> Case:
    """The expenditure after the adjustments; reviewers make them by hand, so the cases are few."""
    amounts = {one.initiative_id: one.changes().get("gross_expenditure") for one in adjustments}
    cases = [When(pk=pk, then=amount) for pk, amount in amounts.items() if amount is not None]
    return Case(*cases, default=F("gross_expenditure"), output_field=BigIntegerField())


def _belongs(adjustment: Adjustment, group: tuple[Breakdown, str] | None) -> bool:
    """Whether what counts instead of the reported belongs to the group."""
    if adjustment.out_of_scope or group is None:
        return not adjustment.out_of_scope
    breakdown, name = group
    return breakdown.group(getattr(adjustment.adjusted(adjustment.initiative), breakdown.field)) == name


def _stored(group: tuple[Breakdown, str] | None) -> dict:
    if group is None:
        return {"version__isnull": False}
    breakdown, name = group
    is_list = breakdown.field == "funding_sources"
    return {breakdown.field: name.split("+") if is_list else name}
