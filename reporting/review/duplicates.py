"""Initiatives of one answer that are likely the same, entered twice."""

import numpy as np

from reporting.review.reading import Reported
from survey.checks import similar_titles
from survey.models import ReportedInitiative


def duplicates(now: Reported) -> dict[int, int]:
    """Place of the later one -> place of the first: like titles, equal expenditure and equal income.

    Equal amounts are found first, so that few titles are read and compared; one query, or none.
    """
    alike = _equal_amounts(now)
    if not alike:
        return {}
    ids = [int(now.ids[place]) for group in alike for place in group]
    rows = ReportedInitiative.objects.filter(pk__in=ids).order_by().values_list("pk", "position", "title")
    title_of = {pk: (position, title) for pk, position, title in rows}
    found: dict[int, int] = {}
    for group in alike:
        ordered = sorted(group, key=lambda place: title_of[int(now.ids[place])])
        similar = similar_titles([title_of[int(now.ids[place])][1] for place in ordered])
        found |= {ordered[later]: ordered[first] for later, first in similar.items()}
    return found


def _equal_amounts(now: Reported) -> list[list[int]]:
    """The places of those of a municipality that have both amounts in common, two or more together."""
    if len(now.ids) < 2:
        return []
    order = np.lexsort((now.income, now.expenditure, now.places))
    columns = np.stack([now.places[order], now.expenditure[order], now.income[order]])
    starts = np.flatnonzero((columns[:, 1:] != columns[:, :-1]).any(axis=0)) + 1
    begins, ends = np.append(0, starts), np.append(starts, len(order))
    several = ends - begins > 1
    runs = zip(begins[several].tolist(), ends[several].tolist(), strict=True)
    return [order[begin:end].tolist() for begin, end in runs]
