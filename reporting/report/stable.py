"""What became of initiatives from one round to the next, at one price level: one query over both."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from municipalities.models import Municipality
from municipalities.sorting import danish_sort_key
from reporting.national import NationalEstimate
from survey.models import Adjustment


@dataclass(frozen=True)
class Part:
    """So many initiatives, and by what they change the total: 1,000 kr. at the price level."""

    count: int
    amount: Decimal


@dataclass(frozen=True)
class Change:
    """before + left + shrunk + grown + entered + taken_out + taken_in = after, exactly.

    `unchanged` is in both with no change. `taken_out` counted before and is the ministry's out of scope
    now; `taken_in` was out of scope before and counts now: neither has left or entered.
    """

    municipalities: int  # that answered in both rounds; the others are left out
    merged: list[str]  # names of those that were merged between the rounds: left out of both sides
    before: Part
    left: Part
    shrunk: Part
    grown: Part
    unchanged: Part
    entered: Part
    taken_out: Part
    taken_in: Part
    after: Part


@dataclass(frozen=True)
class Moved:
    """One initiative that has left or entered; 1,000 kr. at the price level."""

    kind: str  # "left" or "entered"
    code: str  # its municipality's
    uuid: str
    version: int  # its number
    title: str
    amount: Decimal


# The two sides as they count, after the ministry's adjustments; `amount` is NULL for what is out of scope.
PAIRS = """
WITH sides AS (
    SELECT v.side, v.municipality, v.id AS version, i.uuid, i.title,
           CASE WHEN i.id = ANY(%(out_of_scope)s::bigint[]) THEN NULL
                ELSE COALESCE(a.amount, i.gross_expenditure) * v.factor END AS amount
    FROM unnest(%(versions)s::bigint[], %(sides)s::int[], %(municipalities)s::text[], %(factors)s::numeric[])
         AS v(id, side, municipality, factor)
    JOIN survey_reportedinitiative i ON i.version_id = v.id
    LEFT JOIN unnest(%(adjusted)s::bigint[], %(amounts)s::bigint[]) AS a(id, amount) ON a.id = i.id
),
pairs AS (
    SELECT municipality, uuid, COALESCE(a.title, b.title) AS title,
           COALESCE(a.version, b.version) AS version, b.amount AS before, a.amount AS after,
           CASE WHEN a.uuid IS NULL THEN 'left' WHEN b.uuid IS NULL THEN 'entered'
                WHEN a.amount IS NULL THEN 'taken_out' WHEN b.amount IS NULL THEN 'taken_in'
                WHEN a.amount < b.amount THEN 'shrunk' WHEN a.amount > b.amount THEN 'grown'
                ELSE 'unchanged' END AS kind
    FROM (SELECT * FROM sides WHERE side = 0) b
    FULL JOIN (SELECT * FROM sides WHERE side = 1) a USING (municipality, uuid)
    WHERE COALESCE(a.amount, b.amount) IS NOT NULL
)
"""
SUMS = """
SELECT kind, count(*), count(before), count(after), COALESCE(sum(before), 0), COALESCE(sum(after), 0)
FROM pairs GROUP BY kind
"""
LARGEST = """
SELECT kind, municipality, uuid::text, v.number, title, COALESCE(before, after)
FROM pairs JOIN survey_submissionversion v ON v.id = pairs.version
WHERE kind IN ('left', 'entered') ORDER BY 6 DESC, municipality, uuid LIMIT %(most)s
"""
NOTHING = (0, 0, 0, Decimal(0), Decimal(0))


def change_between(earlier: NationalEstimate, later: NationalEstimate) -> Change:
    """Of the municipalities that have answered in both; both at one price level."""
    found = {name: tuple(sums) for name, *sums in _query(SUMS, earlier, later)}

    def part(name: str) -> Part:
        count, _in_before, _in_after, before, after = found.get(name, NOTHING)
        return Part(count, after - before)

    return Change(
        municipalities=len(_in_both(earlier, later)),
        merged=sorted(_merged(earlier, later).values(), key=danish_sort_key),
        before=Part(
            sum(sums[1] for sums in found.values()), sum((sums[3] for sums in found.values()), Decimal(0))
        ),
        left=part("left"),
        shrunk=part("shrunk"),
        grown=part("grown"),
        unchanged=part("unchanged"),
        entered=part("entered"),
        taken_out=part("taken_out"),
        taken_in=part("taken_in"),
        after=Part(
            sum(sums[2] for sums in found.values()), sum((sums[4] for sums in found.values()), Decimal(0))
        ),
    )


def largest_moved(earlier: NationalEstimate, later: NationalEstimate, most: int = 20) -> list[Moved]:
    """The dearest of those that have left or entered."""
    return [Moved(*row) for row in _query(LARGEST, earlier, later, most=most)]


def _in_both(earlier: NationalEstimate, later: NationalEstimate) -> set[str]:
    first, second = ({row.code for row in one.totals.returns if row.responded} for one in (earlier, later))
    return first & second - _merged(earlier, later).keys()


def _merged(earlier: NationalEstimate, later: NationalEstimate) -> dict[str, str]:
    """{code: name} of those that ended between the two population dates and of their successors, which
    have the others' initiatives in the later round alone."""
    first, second = (one.totals.population_date for one in (earlier, later))
    ended = Municipality.objects.filter(valid_until__gt=first, valid_until__lte=second)
    pairs = ended.values_list("code", "name", "successor__code", "successor__name")
    return {place[at]: place[at + 1] for place in pairs for at in (0, 2)}


def _query(select: str, earlier: NationalEstimate, later: NationalEstimate, **parameters) -> list[tuple]:
    assert earlier.price_level == later.price_level
    both = _in_both(earlier, later)
    rows: Sequence[tuple] = [
        (row.version, side, row.code, national.factor)
        for side, national in enumerate((earlier, later))
        for row in national.totals.returns
        if row.code in both and row.version
    ]
    adjustments: list[Adjustment] = [*earlier.totals.adjustments, *later.totals.adjustments]
    amounts = [one for one in adjustments if one.gross_expenditure is not None]
    with connection.cursor() as cursor:
        cursor.execute(
            PAIRS + select,
            {
                "versions": [row[0] for row in rows],
                "sides": [row[1] for row in rows],
                "municipalities": [row[2] for row in rows],
                "factors": [row[3] for row in rows],
                "adjusted": [one.initiative_id for one in amounts],
                "amounts": [one.gross_expenditure for one in amounts],
                "out_of_scope": [one.initiative_id for one in adjustments if one.out_of_scope],
                **parameters,
            },
        )
        return cursor.fetchall()
