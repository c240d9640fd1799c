"""The municipalities as squares in about their place; a state has a sign and a frame besides its colour."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from reporting.response.counts import APPROVED, BEGUN, NOT_BEGUN, RETURNED, STATES, SUBMITTED, Standing
from reporting.response.standings import STATE_NAMES

SIZE, GAP = 34, 4
INK, WHITE = "#1a1a1a", "#ffffff"


@dataclass(frozen=True)
class Look:
    """The colours of a square and of what is written in it (at least 4.5:1), its sign and its frame."""

    fill: str
    ink: str
    sign: str
    is_dashed: bool


LOOKS = {
    NOT_BEGUN: Look(WHITE, INK, "", True),
    BEGUN: Look("#dcebf5", INK, "…", True),
    SUBMITTED: Look("#6ba3cc", INK, "•", False),
    RETURNED: Look("#ffeb99", INK, "↩", False),
    APPROVED: Look("#0b3c5d", WHITE, "✓", False),
}
NIL, LATE = "0", "!"  # beside the sign of the state


@dataclass(frozen=True)
class Tile:
    x: int
    y: int
    text: str  # the name's first three letters
    signs: str
    look: Look
    standing: Standing
    words: str


@dataclass(frozen=True)
class TileMap:
    """`legend` is each state's look, name and number of municipalities."""

    width: int
    height: int
    tiles: list[Tile]
    legend: list[tuple[Look, str, int]]


def tile_map(standings: Sequence[Standing]) -> TileMap:
    drawn = [_tile(standing) for standing in standings]
    return TileMap(
        width=max((tile.x for tile in drawn), default=0) + SIZE + GAP,
        height=max((tile.y for tile in drawn), default=0) + SIZE + GAP,
        tiles=drawn,
        legend=[
            (LOOKS[state], str(STATE_NAMES[state]), sum(one.state == state for one in standings))
            for state in STATES
        ],
    )


def _tile(standing: Standing) -> Tile:
    row, column = standing.tile
    look = LOOKS[standing.state]
    return Tile(
        x=column * (SIZE + GAP),
        y=row * (SIZE + GAP),
        text=standing.name[:3],
        signs=look.sign + NIL * standing.is_nil + LATE * standing.is_late,
        look=look,
        standing=standing,
        words=_words(standing),
    )


def _words(standing: Standing) -> str:
    parts = [f"{standing.name}: {STATE_NAMES[standing.state]}"]
    if standing.is_nil:
        parts.append(_("ingen indsatser at indberette"))
    if standing.is_late:
        parts.append(_("efter fristen"))
    return ", ".join(parts)
