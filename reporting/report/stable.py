"""What became of initiatives from one round to the next, at one price level: one query over both."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from reporting.national import NationalEstimate
from survey.models import Adjustment


@dataclass(frozen=True)
class Part:
    """So many initiatives, and by what they change the total: 1,000 kr. at the price level."""

    count: int
    amount: Decimal


@dataclass(frozen=True)
class Change:
    """before + left + shrunk + grown + entered = after, exactly; `unchanged` is in both with no change."""

    municipalities: int  # that answered in both rounds; the others are left out
    before: Part
    left: Part
    shrunk: Part
    grown: Part
    unchanged: Part
    entered: Part
    after: Part


# The two sides as they count: after the ministry's adjustments, without what is out of scope.
PAIRS = """
WITH sides AS (
    SELECT v.side, v.municipality, i.uuid,
           COALESCE(a.amount, i.gross_expenditure) * v.factor AS amount
    FROM unnest(%(versions)s::bigint[], %(sides)s::int[], %(municipalities)s::text[], %(factors)s::numeric[])
         AS v(id, side, municipality, factor)
    JOIN survey_reportedinitiative i ON i.version_id = v.id
    LEFT JOIN unnest(%(adjusted)s::bigint[], %(amounts)s::bigint[]) AS a(id, amount) ON a.id = i.id
    WHERE i.id <> ALL(%(out_of_scope)s::bigint[])
),
pairs AS (
    SELECT b.amount AS before, a.amount AS after
    FROM (SELECT * FROM sides WHERE side = 0) b
    FULL JOIN (SELECT * FROM sides WHERE side = 1) a USING (municipality, uuid)
)
SELECT CASE WHEN after IS NULL THEN 'left' WHEN before IS NULL THEN 'entered'
            WHEN after < before THEN 'shrunk' WHEN after > before THEN 'grown' ELSE 'unchanged' END,
       count(*), COALESCE(sum(before), 0), COALESCE(sum(after), 0)
FROM pairs GROUP BY 1
"""


def change_between(earlier: NationalEstimate, later: NationalEstimate) -> Change:
    """Of the municipalities that have answered in both; both at one price level."""
    assert earlier.price_level == later.price_level
    both = _answered(earlier) & _answered(later)
    rows = [
        (row.version, side, row.code, national.factor)
        for side, national in enumerate((earlier, later))
        for row in national.totals.returns
        if row.code in both and row.version
    ]
    found = {name: (count, before, after) for name, count, before, after in _pairs(rows, earlier, later)}
    parts = {
        name: Part(found[name][0], found[name][2] - found[name][1]) if name in found else Part(0, Decimal(0))
        for name in ("left", "shrunk", "grown", "unchanged", "entered")
    }
    return Change(
        municipalities=len(both),
        before=Part(
            sum(found[name][0] for name in found if name != "entered"),
            sum((before for _count, before, _after in found.values()), Decimal(0)),
        ),
        after=Part(
            sum(found[name][0] for name in found if name != "left"),
            sum((after for _count, _before, after in found.values()), Decimal(0)),
        ),
        **parts,
    )


def _answered(national: NationalEstimate) -> set[str]:
    return {row.code for row in national.totals.returns if row.responded}


def _pairs(rows: Sequence[tuple], earlier: NationalEstimate, later: NationalEstimate) -> list[tuple]:
    adjustments: list[Adjustment] = [*earlier.totals.adjustments, *later.totals.adjustments]
    amounts = [one for one in adjustments if one.gross_expenditure is not None]
    with connection.cursor() as cursor:
        cursor.execute(
            PAIRS,
            {
                "versions": [row[0] for row in rows],
                "sides": [row[1] for row in rows],
                "municipalities": [row[2] for row in rows],
                "factors": [row[3] for row in rows],
                "adjusted": [one.initiative_id for one in amounts],
                "amounts": [one.gross_expenditure for one in amounts],
                "out_of_scope": [one.initiative_id for one in adjustments if one.out_of_scope],
            },
        )
        return cursor.fetchall()
