"""What importing a file would do to the working copy: new, changed, unchanged and removed, row by row.

Three states of an initiative meet: as it was downloaded, as the file has it, and as it is stored. What only
one side has changed is that side's; what both have changed is a conflict, and somebody has to choose.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.translation import gettext as _

from survey.differences import FieldChange, field_changes
from survey.models import Initiative, Submission
from survey.models.initiatives import STORED_FIELDS
from survey.workbook.cells import digest
from survey.workbook.layout import CellError
from survey.workbook.reading import Contents, FileRow
from survey.workbook.table import MAX_ROWS


@dataclass
class Change:
    """A row that differs from what is stored; `stored` is None for what a colleague has deleted since."""

    row: FileRow
    stored: Initiative | None
    is_conflict: bool

    @property
    def title(self) -> str:
        return str(self.stored or in_file(self.row))

    @property
    def fields(self) -> list[FieldChange]:
        return field_changes(self.stored or Initiative(), in_file(self.row))


@dataclass
class Removal:
    """Downloaded and stored, but no longer in the file; a conflict if changed since."""

    stored: Initiative
    is_conflict: bool


@dataclass
class Plan:
    """All of a file and of a working copy. `kept` and `others` stay as they are, and are told."""

    new: list[FileRow] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    unchanged: int = 0
    removed: list[Removal] = field(default_factory=list)
    kept: list[Initiative] = field(default_factory=list)  # changed by somebody since, but not in the file
    others: list[Initiative] = field(default_factory=list)  # entered by somebody since, or not in a CSV
    twins: list[Initiative] = field(default_factory=list)  # of others, with the title of a new row
    errors: list[CellError] = field(default_factory=list)
    seen: str = ""  # of what the working copy is compared with: another one, another working copy

    @property
    def conflicts(self) -> dict[UUID, Change | Removal]:
        found: dict[UUID, Change | Removal] = {
            c.row.uuid: c for c in self.changed if c.row.uuid and c.is_conflict
        }
        return found | {removal.stored.uuid: removal for removal in self.removed if removal.is_conflict}

    @property
    def does_something(self) -> bool:
        return bool(self.new or self.changed or self.removed)


def compare(contents: Contents, submission: Submission) -> Plan:
    """One query, whatever the number of rows."""
    stored = {i.uuid: i for i in submission.initiatives.select_related("updated_by").order_by("pk")}
    plan = Plan(errors=list(contents.errors), seen=_seen(stored.values()))
    downloaded = contents.downloaded or {}
    for row in contents.rows:
        if row.uuid is None:
            plan.new.append(row)
        elif row.uuid in stored:
            _compare_row(plan, row, stored[row.uuid])
        elif row.uuid in downloaded:
            plan.changed.append(Change(row, None, is_conflict=True))
        else:
            text = _("Indsatsen er ikke i besvarelsen. Ryd cellen for at oprette den, eller slet rækken.")
            plan.errors.append(contents.layout.error(row.number, contents.layout.id_column, text))
    in_file = {row.uuid for row in contents.rows}
    for uuid, initiative in stored.items():
        if uuid in in_file:
            continue
        if uuid in downloaded:
            plan.removed.append(Removal(initiative, digest(values_of(initiative)) != downloaded[uuid]))
        else:
            plan.others.append(initiative)
    _find_again(plan)
    _check_count(plan, len(stored))
    return plan


def _check_count(plan: Plan, stored: int) -> None:
    """More could not be downloaded and uploaded again. Of a conflict the user may choose what adds one."""
    added = len(plan.new) + sum(change.stored is None for change in plan.changed)
    count = stored + added - sum(not removal.is_conflict for removal in plan.removed)
    if added and count > MAX_ROWS:
        text = _(
            "Besvarelsen kan højst have 5.000 indsatser og ville få %d. "
            "Slet rækker i filen, eller slet indsatser i besvarelsen."
        )
        plan.errors.append(CellError(_("Hele filen"), text % count))


def _find_again(plan: Plan) -> None:
    """A file that was imported before has rows without id that are stored by now: not twice.

    What is stored with the same answers is the same; with the same title it may be, and is told.
    """
    if not plan.others:
        return
    same: dict[str, list[Initiative]] = {}
    for initiative in plan.others:
        same.setdefault(digest(values_of(initiative)), []).append(initiative)
    rows, plan.new = plan.new, []
    for row in rows:
        known = same.get(digest(row.values))
        if known:
            plan.others.remove(known.pop())
            plan.unchanged += 1
        else:
            plan.new.append(row)
    titles = {row.values["title"].casefold() for row in plan.new} - {""}
    plan.twins = [initiative for initiative in plan.others if initiative.title.casefold() in titles]


def _compare_row(plan: Plan, row: FileRow, stored: Initiative) -> None:
    values = values_of(stored)
    if row.values == values:
        plan.unchanged += 1
    elif row.base and digest(row.values) == row.base:
        plan.kept.append(stored)
    else:
        plan.changed.append(Change(row, stored, bool(row.base) and digest(values) != row.base))


def values_of(initiative: Initiative) -> dict[str, object]:
    return {name: getattr(initiative, name) for name in STORED_FIELDS}


def in_file(row: FileRow) -> Initiative:
    """The row as an initiative that is not stored, to be read."""
    return Initiative(uuid=row.uuid, **row.values) if row.uuid else Initiative(**row.values)


def _seen(stored: Iterable[Initiative]) -> str:
    text = ";".join(f"{initiative.uuid}:{initiative.revision}" for initiative in stored)
    return hashlib.sha256(text.encode()).hexdigest()
