"""Made-up municipalities for the estimators' tests: rows, the frame of them, and random ones."""

from collections.abc import Sequence
from typing import NamedTuple

from hypothesis import strategies as st

from reporting.strata import Frame


class Row(NamedTuple):
    """One municipality; amounts of its variables, or one of them."""

    inhabitants: int
    immigrants: int
    region: str
    responded: bool
    amounts: Sequence


def frame_of_rows(rows: Sequence[Row]) -> Frame:
    return Frame(
        inhabitants=tuple(row.inhabitants for row in rows),
        responded=tuple(row.responded for row in rows),
        regions=tuple(row.region for row in rows),
        immigrants=tuple(row.immigrants for row in rows),
    )


def columns_of(rows: Sequence[Row]) -> dict[str, list]:
    """Those of respondents; what a municipality that is missing would have said is not told."""
    count = len(rows[0].amounts)
    return {f"y{v}": [row.amounts[v] if row.responded else None for row in rows] for v in range(count)}


def stratum_of(method: str, row: Row) -> str:
    if method in "bc":
        return row.region
    if method == "e":
        return "certainty" if row.inhabitants >= 100_000 else "rest"
    if method == "f":
        return "large" if row.inhabitants >= 100_000 else "medium" if row.inhabitants >= 50_000 else "small"
    return ""


def strata_of_rows(method: str, rows: Sequence[Row]) -> list[list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(stratum_of(method, row), []).append(row)
    return list(found.values())


amount = st.one_of(st.just(0), st.integers(0, 100_000))
sizes = st.one_of(
    st.sampled_from([49_999, 50_000, 99_999, 100_000]),
    st.integers(1_000, 60_000),
    st.integers(60_000, 700_000),
)


@st.composite
def rows_for(draw, method: str, complete: bool = False, amounts=amount) -> list[Row]:
    """Rows that the method does not refuse: two answers at least in every stratum, or all of them."""
    one = st.builds(
        Row, sizes, st.integers(1, 90_000), st.sampled_from("NESW"), st.booleans(), st.tuples(*[amounts] * 3)
    )
    found = []
    for members in strata_of_rows(method, draw(st.lists(one, min_size=2, max_size=30))):
        few = sum(row.responded for row in members) < 2
        certain = method == "e" and members[0].inhabitants >= 100_000
        found += [row._replace(responded=row.responded or few or certain or complete) for row in members]
    return found
