"""Kinds of initiative that municipalities place differently, and what is at stake. Pure.

Amounts are gross expenditure as it counts, 1,000 kr. in the accounts year's prices.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

AREA, LEGAL_BASIS, TARGET_GROUP = "service_area", "legal_basis", "primary_target_group"
FIELDS = (AREA, LEGAL_BASIS, TARGET_GROUP)


@dataclass(frozen=True)
class Row:
    """A reported initiative as it counts. `values`: by the three fields, the legal basis as laws.basis_of has
    it; "" is one that is not known, which differs from nothing."""

    initiative: int
    submission: int
    code: str
    municipality: str
    uuid: UUID
    title: str
    legal_basis: str  # as it was written
    values: Mapping[str, str]
    expenditure: int


@dataclass(frozen=True)
class Placing:
    """How the initiatives of a kind are placed by one field: the values by the number of municipalities."""

    counts: tuple[tuple[str, int], ...]
    at_stake: int  # all expenditure but that of the value with most: what moves if all are placed alike

    def other(self, value: str) -> str:
        """What most of the others say, to ask one with `value` about."""
        return next(other for other, _count in self.counts if other != value)


@dataclass(frozen=True)
class Kind:
    """`placings` are of the fields by which two municipalities differ."""

    rows: tuple[Row, ...]  # the dearest first
    placings: Mapping[str, Placing] = field(default_factory=dict)

    @property
    def at_stake(self) -> int:
        return max((placing.at_stake for placing in self.placings.values()), default=0)

    @property
    def name(self) -> str:
        """The title that most of its rows have, the dearest of several."""
        counted = Counter(row.title.casefold() for row in self.rows)
        title = max(self.rows, key=lambda row: counted[row.title.casefold()]).title
        return title[:1].upper() + title[1:]


def kind_of(rows: Sequence[Row], fields: Sequence[str] = FIELDS) -> Kind | None:
    """None where no two municipalities differ by any of the fields."""
    found = {name: placing for name in fields if (placing := _placing(rows, name))}
    dearest_first = sorted(rows, key=lambda row: (-row.expenditure, row.code, row.initiative))
    return Kind(tuple(dearest_first), found) if found else None


def _placing(rows: Sequence[Row], name: str) -> Placing | None:
    known = [row for row in rows if row.values[name]]
    money: Counter[str] = Counter()
    places: dict[str, set[str]] = defaultdict(set)
    for row in known:
        money[row.values[name]] += row.expenditure
        places[row.values[name]].add(row.code)
    if len(money) < 2 or len({row.code for row in known}) < 2:
        return None
    counts = [(value, len(codes)) for value, codes in places.items()]
    counts.sort(key=lambda one: (-one[1], -money[one[0]], one[0]))
    return Placing(tuple(counts), sum(money.values()) - max(money.values()))
