"""Steps in the working copy become the lines of its history. Pure.

Saving as one types makes a step at each pause; nobody wants to read those one by one.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

LONGEST_LINE = 30 * 60  # seconds


class Step(NamedTuple):
    """An insert, update or delete of an initiative (`row`), or a "baseline": how it stood before
    anything was recorded. `request` is what it was part of, `act` what that was, if it was marked."""

    id: int
    at: float  # seconds since 1970: thousands of them, and datetimes are slow to read
    label: str
    row: int
    user: int | None
    act: str | None
    request: str | None


@dataclass
class Group:
    """Steps that are one line; `before` holds each row's step before its first one here, None for none."""

    steps: list[Step]
    before: dict[int, int | None] = field(default_factory=dict)

    @property
    def first(self) -> Step:
        return self.steps[0]

    @property
    def last(self) -> Step:
        return self.steps[-1]

    def takes(self, step: Step) -> bool:
        """Whether the step goes on with what one person is writing in one initiative."""
        return (
            step.label == "update"
            and step.user == self.first.user
            and step.act == self.first.act
            and step.at - self.first.at <= LONGEST_LINE
        )


def grouped(steps: Iterable[Step]) -> list[Group]:
    """The lines in the order in which they began; `steps` are of one submission, in order of id.

    A request that touches several initiatives (a workbook, a copy of all) is one line. Otherwise the
    changes of one initiative by one person within 30 minutes are, unless somebody else comes between.
    """
    steps = list(steps)
    several = _touching_several(steps)
    groups: list[Group] = []
    of_request: dict[str, Group] = {}
    open_groups: dict[int, Group] = {}
    latest: dict[int, int] = {}
    for step in steps:
        if step.label == "baseline":
            latest[step.row] = step.id
            continue
        request = step.request if step.request in several else None
        group = of_request.get(request) if request else open_groups.get(step.row)
        if group is None or not (request or group.takes(step)):
            group = Group([])
            groups.append(group)
        group.steps.append(step)
        group.before.setdefault(step.row, latest.get(step.row))
        latest[step.row] = step.id
        if request:
            of_request[request] = group
            open_groups.pop(step.row, None)
        else:
            open_groups[step.row] = group
    return groups


def _touching_several(steps: list[Step]) -> set[str]:
    rows = defaultdict(set)
    for step in steps:
        if step.request is not None:
            rows[step.request].add(step.row)
    return {request for request, touched in rows.items() if len(touched) > 1}
