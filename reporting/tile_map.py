"""The 98 municipalities as squares in about their place, with the state told by sign and frame too."""

from collections.abc import Iterable
from dataclasses import dataclass

from survey.models import Submission

SIZE, GAP = 34, 4
SIGNS = {
    Submission.State.DRAFT: "",
    Submission.State.SUBMITTED: "•",
    Submission.State.RETURNED: "↩",
    Submission.State.APPROVED: "✓",
}
DARK = (Submission.State.SUBMITTED, Submission.State.APPROVED)


@dataclass(frozen=True)
class Tile:
    x: int
    y: int
    text: str  # the name's first three letters
    sign: str
    name: str
    state: str
    is_dark: bool
    is_dashed: bool


@dataclass(frozen=True)
class TileMap:
    width: int
    height: int
    tiles: list[Tile]


def tiles(submissions: Iterable[Submission]) -> TileMap:
    drawn = [_tile(submission) for submission in submissions]
    return TileMap(
        width=max((tile.x for tile in drawn), default=0) + SIZE + GAP,
        height=max((tile.y for tile in drawn), default=0) + SIZE + GAP,
        tiles=drawn,
    )


def _tile(submission: Submission) -> Tile:
    municipality = submission.municipality
    return Tile(
        x=municipality.tile_column * (SIZE + GAP),
        y=municipality.tile_row * (SIZE + GAP),
        text=municipality.name[:3],
        sign=SIGNS[Submission.State(submission.state)],
        name=municipality.name,
        state=submission.get_state_display(),
        is_dark=submission.state in DARK,
        is_dashed=submission.state == Submission.State.DRAFT,
    )
