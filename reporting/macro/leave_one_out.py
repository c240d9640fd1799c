"""What a national total becomes without each municipality that answered, as if it had not answered. Pure.

By every method these are the delete-one values t_(-i) that the jackknife is made of (SSW 11.5): inhabitants
and the number of municipalities stay, only the answer goes. In a complete stratum, which the jackknife leaves
out, they are there too: without the answer the stratum is no longer complete.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from reporting.estimation import Estimate, estimate
from reporting.strata import Amount, EstimateRefused, Frame

ONLY = "exp_total"


@dataclass(frozen=True)
class Without:
    """One municipality, by its place in the frame; amounts in the unit they came in. `difference` is the
    total without it less the total with it; None, as the estimate, where `refused` says why."""

    place: int
    estimate: Estimate | None
    difference: float | None
    refused: EstimateRefused | None

    def percent(self, total: float) -> float | None:
        """Of the total with all answers."""
        return 100 * self.difference / total if self.difference is not None and total else None


def leave_one_out(
    method: str, frame: Frame, amounts: Sequence[Amount | None]
) -> tuple[Estimate, list[Without]]:
    """(the estimate with all answers, each left out: the largest difference first, those refused last).

    Raises EstimateRefused when there is no estimate with all answers to differ from.
    """
    whole = estimate(method, frame, {ONLY: amounts})[ONLY]
    answered = [place for place, has_answered in enumerate(frame.responded) if has_answered]
    found = [_without(method, frame, amounts, place, whole.total) for place in answered]
    found.sort(key=lambda one: (one.refused is not None, -abs(one.difference or 0.0), one.place))
    return whole, found


def _without(
    method: str, frame: Frame, amounts: Sequence[Amount | None], place: int, total: float
) -> Without:
    responded = list(frame.responded)
    responded[place] = False
    try:
        found = estimate(method, replace(frame, responded=tuple(responded)), {ONLY: amounts})[ONLY]
    except EstimateRefused as refusal:
        return Without(place, None, None, refusal)
    return Without(place, found, found.total - total, None)
