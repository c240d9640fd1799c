"""The comparison as it is shown: each row with where its review stands, and what it can be asked about."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from reporting.comparability.differences import AREA, FIELDS, LEGAL_BASIS, TARGET_GROUP, Kind, Placing, Row
from reporting.comparability.listing import Asked, Comparison, asked_in, latest_messages
from reporting.review.statuses import NAMES, SETTLED, Status, statuses
from survey.models import PrimaryTargetGroup, ServiceArea, SurveyRound

HEADINGS = {AREA: _("Område"), LEGAL_BASIS: _("Hjemmel"), TARGET_GROUP: _("Primær målgruppe")}


@dataclass(frozen=True)
class Cell:
    """A field of a row. `other` is what to ask about, "" where nothing is to be asked."""

    field: str
    text: str
    is_usual: bool
    other: str
    asked: Asked | None


@dataclass(frozen=True)
class Line:
    row: Row
    cells: tuple[Cell, ...]
    state: str
    is_settled: bool
    seen: int


@dataclass(frozen=True)
class Shown:
    """A kind: how it is placed [(heading, [(value, municipalities)])], and its rows."""

    kind: Kind
    placings: tuple[tuple[str, list[tuple[str, int]]], ...]
    lines: tuple[Line, ...]


class Dialogue:
    """What is needed of each row besides; seven queries, whatever is shown."""

    def __init__(self, survey_round: SurveyRound, user, found: Comparison):
        self.asked = asked_in(survey_round, user)
        self.latest = latest_messages(survey_round, user)
        self.statuses = statuses(found.versions)

    def kinds(self, shown: Iterable[Kind]) -> list[Shown]:
        return [
            Shown(kind, _placings(kind), tuple(self._line(row, kind.placings) for row in kind.rows))
            for kind in shown
        ]

    def pairs(self, duplicates: Sequence[tuple[Row, Row]]) -> list[tuple[Line, Line]]:
        """The later one is asked about, at its title."""
        return [(self._line(first, {}), self._twin(first, later)) for first, later in duplicates]

    def _line(self, row: Row, placings: Mapping[str, Placing]) -> Line:
        return self._with(row, tuple(self._cell(row, name, placings.get(name)) for name in FIELDS))

    def _twin(self, first: Row, later: Row) -> Line:
        asked = self.asked.get((later.submission, later.uuid, "title"))
        other = "" if self._status(later).is_settled else str(first.uuid)
        return self._with(later, (Cell("title", later.title, False, other, asked),))

    def _with(self, row: Row, cells: tuple[Cell, ...]) -> Line:
        name = self._status(row).name
        return Line(row, cells, str(NAMES[name]), name in SETTLED, self.latest.get(row.submission, 0))

    def _status(self, row: Row) -> Status:
        return self.statuses[row.initiative]

    def _cell(self, row: Row, field: str, placing: Placing | None) -> Cell:
        value = row.values[field]
        text = row.legal_basis if field == LEGAL_BASIS else _text(field, value)
        asked = self.asked.get((row.submission, row.uuid, field))
        if placing is None or not value:
            return Cell(field, text, True, "", asked)
        other = "" if self._status(row).is_settled else placing.other(value)
        return Cell(field, text, value == placing.counts[0][0], other, asked)


def _placings(kind: Kind) -> tuple[tuple[str, list[tuple[str, int]]], ...]:
    return tuple(
        (str(HEADINGS[name]), [(_text(name, value), count) for value, count in placing.counts])
        for name, placing in kind.placings.items()
    )


def _text(field: str, value: str) -> str:
    if field == LEGAL_BASIS:
        return value[:1].upper() + value[1:]
    return str({AREA: ServiceArea, TARGET_GROUP: PrimaryTargetGroup}[field](value).label)
