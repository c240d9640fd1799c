"""What it does to the national estimate which version of a municipality's answer counts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from reporting import wording
from reporting.estimation import Estimate
from reporting.national import estimate_of
from reporting.returns import MunicipalReturn
from reporting.strata import EstimateRefused
from reporting.totals import RoundTotals, adjustments_in
from survey.models import Adjustment, ReportedInitiative, ServiceArea, SubmissionVersion
from survey.totals import sums_by_area

Side = tuple[SubmissionVersion, Sequence[ReportedInitiative]]  # a version and its initiatives as reported


@dataclass(frozen=True)
class Effect:
    """By one method, gross expenditure in 1,000 kr. at the price level; None where `refused` says why."""

    method: str
    before: Estimate | None
    after: Estimate | None
    refused: EstimateRefused | None

    @property
    def difference(self) -> float | None:
        return self.after.total - self.before.total if self.before and self.after else None

    @property
    def percent(self) -> float | None:
        """Of the total before."""
        return _percent(self.difference, self.before.total if self.before else None)

    @property
    def percent_of_se(self) -> float | None:
        """Of the standard error after; None in a census, where it is 0."""
        return _percent(self.difference, self.after.se if self.after else None)


def _percent(part: float | None, whole: float | None) -> float | None:
    return 100 * part / whole if part is not None and whole else None


@dataclass(frozen=True)
class Change:
    """From one version to another: the adjustments in force in each, and the effect by each method."""

    adjusted: tuple[tuple[SubmissionVersion, list[Adjustment]], ...]
    effects: tuple[Effect, ...]
    counts: int | None  # the id of the version that counts


def change_of(totals: RoundTotals, code: str, sides: Sequence[Side], *, price_level: int) -> Change:
    """All others as they count; this municipality as if first the one and then the other version counted,
    each with the adjustments in force in it. Raises MissingRate."""
    adjustments = adjustments_in([version.pk for version, _initiatives in sides], totals.as_at)
    mine = next(row for row in totals.returns if row.code == code)
    estimates = []
    for version, initiatives in sides:
        counting = return_of(mine, version, initiatives, adjustments)
        others = tuple(counting if row.code == code else row for row in totals.returns)
        made = estimate_of(
            replace(totals, returns=others), price_level=price_level, methods=wording.USUAL_METHODS
        )
        estimates.append(made.results)
    return Change(
        adjusted=tuple(
            (version, [one for one in adjustments if one.initiative.version_id == version.pk])
            for version in dict.fromkeys(version for version, _initiatives in sides)
        ),
        effects=tuple(
            Effect(
                method=before.method,
                before=before.lines["exp_total"].estimate,
                after=after.lines["exp_total"].estimate,
                refused=before.refused or after.refused,
            )
            for before, after in zip(*estimates, strict=True)
        ),
        counts=mine.version,
    )


def return_of(
    row: MunicipalReturn,
    version: SubmissionVersion,
    initiatives: Sequence[ReportedInitiative],
    adjustments: Sequence[Adjustment],
) -> MunicipalReturn:
    """The municipality's sums if this version with its initiatives counted, in 1,000 kr. of the accounts
    year."""
    by_initiative = {one.initiative_id: one for one in adjustments}
    counting = []
    for initiative in initiatives:
        one = by_initiative.get(initiative.pk)
        if one is None:
            counting.append(initiative)
        elif not one.out_of_scope:
            counting.append(one.adjusted(initiative))
    by_area, total = sums_by_area(counting, ServiceArea.values)
    return replace(
        row,
        responded=True,
        expenditure={area: sums.expenditure for area, sums in by_area.items()},
        income={area: sums.income for area, sums in by_area.items()},
        counts={area: sums.count for area, sums in by_area.items()},
        initiatives=total.count,
        version=version.pk,
    )
