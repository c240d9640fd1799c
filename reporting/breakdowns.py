"""By what the figures are broken down: a choice field of the questionnaire, whose groups add to the total."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from survey.models import (
    FundingSource,
    PrimaryTargetGroup,
    SecondaryTargetGroup,
    ServiceArea,
    TimeHorizon,
)
from survey.models.initiatives import FUNDING_COMBINATIONS

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as LazyText


@dataclass(frozen=True)
class Breakdown:
    """A field of the reported initiative, and its groups with their Danish names in the field's order."""

    field: str
    name: "LazyText"
    groups: "dict[str, LazyText]"

    def group(self, value: str | Sequence[str]) -> str:
        """The group of a stored value; several sources of funding are one group together."""
        return value if isinstance(value, str) else "+".join(value)


def _choices(choices) -> "dict[str, LazyText]":
    return dict(choices.choices)


def _funding() -> "dict[str, LazyText]":
    names = {
        FundingSource.STATE.value: _("staten"),
        FundingSource.PRIVATE.value: _("private"),
        FundingSource.OWN.value: _("kommunen selv"),
    }
    combinations = [sources for sources in FUNDING_COMBINATIONS if sources]
    return {
        "+".join(sources): format_lazy(" + ".join(["{}"] * len(sources)), *(names[one] for one in sources))
        for sources in combinations
    }


SERVICE_AREA = Breakdown("service_area", _("Område"), _choices(ServiceArea))

BREAKDOWNS = {
    breakdown.field: breakdown
    for breakdown in (
        SERVICE_AREA,
        Breakdown("primary_target_group", _("Primær målgruppe"), _choices(PrimaryTargetGroup)),
        Breakdown("secondary_target_group", _("Sekundær målgruppe"), _choices(SecondaryTargetGroup)),
        Breakdown("funding_sources", _("Finansieringskilder"), _funding()),
        Breakdown("time_horizon", _("Tidshorisont"), _choices(TimeHorizon)),
    )
}
