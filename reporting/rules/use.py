"""What each rule has pointed at in a round, and what came of it. Pure.

A unit is an initiative of an answer, or the whole answer (`uuid` None), through all its versions.
"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from uuid import UUID

Unit = tuple[int, UUID | None]  # (submission, the initiative's)


@dataclass(frozen=True)
class Pointed:
    """A rule at a unit in a version: what stood in the rule's fields then."""

    rule: str
    unit: Unit
    version: int  # its number
    said: tuple


@dataclass(frozen=True)
class Use:
    """Numbers of units. `now`: in the versions that count; `ever`: in any of those looked at; `changed`: of
    those, in how many a later version that counts says otherwise, or the ministry has corrected it."""

    now: int = 0
    ever: int = 0
    changed: int = 0

    @property
    def share(self) -> float | None:
        """Per cent of `ever`."""
        return 100 * self.changed / self.ever if self.ever else None


def use_of(
    pointed: Sequence[Pointed],
    counting: Mapping[int, int],
    says: Mapping[tuple[str, Unit, int], tuple],
    corrected: AbstractSet[tuple[str, Unit]],
    now: Mapping[str, int],
) -> dict[str, Use]:
    """By rule. `counting`: by submission the number of the version that counts; `says`: what stands in the
    rule's fields by version, nothing for what is not there; `corrected`: where the ministry's correction is
    in force. A unit is judged from the first version in which the rule pointed at it.
    """
    first: dict[tuple[str, Unit], Pointed] = {}
    for one in sorted(pointed, key=lambda one: one.version):
        first.setdefault((one.rule, one.unit), one)
    ever: dict[str, int] = {}
    changed: dict[str, int] = {}
    for (rule, unit), one in first.items():
        ever[rule] = ever.get(rule, 0) + 1
        number = counting.get(unit[0], 0)
        says_otherwise = number > one.version and says.get((rule, unit, number)) != one.said
        if (rule, unit) in corrected or says_otherwise:
            changed[rule] = changed.get(rule, 0) + 1
    return {rule: Use(now.get(rule, 0), ever.get(rule, 0), changed.get(rule, 0)) for rule in {*now, *ever}}
