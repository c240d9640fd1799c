"""Titles that are of one kind of initiative. Pure.

Two titles are alike when they have more than 0.6 of their trigrams in common (as pg_trgm counts, and as
the warning at entry does, survey/checks.py), or the same Danish stems ("Mentorer for kvinder" and "Mentor for
kvinden").
A kind is what is linked by such pairs, so that it does not depend on the order of the titles.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

from survey.checks import ALIKE, trigrams_of

BLOCK = 100  # titles at a time against those before them, so that memory is bounded
# Pairs with a rare trigram in common: some seconds. 700 titles as municipalities write them have few.
MOST_PAIRS = 500_000


@dataclass(frozen=True)
class Kinds:
    """`groups`: places of the titles of one kind, ascending; a title like no other is in none. `compared`:
    how many titles, from the first, were compared with each other; fewer than all only where very many are
    long and made of the same words."""

    groups: list[list[int]]
    compared: int


def kinds(titles: Sequence[str], stems: Sequence[Collection[str]]) -> Kinds:
    """`stems` are of each title; a title without any is judged by its trigrams alone."""
    trigrams = [trigrams_of(title) for title in titles]
    links, distinct = [], []  # equal titles are compared once: the first one
    first: dict[frozenset[str], int] = {}
    for place, own in enumerate(trigrams):
        same = first.setdefault(frozenset(own), place) if own else place
        links.append((same, place))
        if same == place:
            distinct.append(place)
    pairs, compared = _alike([trigrams[place] for place in distinct])
    links += [(distinct[one], distinct[other]) for one, other in pairs]
    with_stems: dict[frozenset[str], int] = {}
    links += [(with_stems.setdefault(frozenset(own), place), place) for place, own in enumerate(stems) if own]
    all_of_them = compared == len(distinct)
    return Kinds(_linked(len(titles), links), len(titles) if all_of_them else distinct[compared])


def _alike(trigrams: Sequence[set[str]]) -> tuple[list[tuple[int, int]], int]:
    """(pairs with more than 0.6 in common, how many were compared). Such a pair shares one of the rarest 0.4
    of each one's trigrams, so only those that do are compared."""
    sizes = np.array([len(own) for own in trigrams])
    rarity = Counter(one for own in trigrams for one in own)
    rarest = [
        sorted(own, key=lambda one: (rarity[one], one))[: len(own) - ceil(ALIKE * len(own)) + 1]
        for own in trigrams
    ]
    whole, rare = _matrix(trigrams), _matrix(rarest)
    found: list[tuple[int, int]] = []
    looked_at = 0
    for start in range(0, len(trigrams), BLOCK):
        end = min(start + BLOCK, len(trigrams))
        sharing = (rare[start:end] @ rare[:end].T).tocoo()
        later, earlier = sharing.row + start, sharing.col
        later, earlier = later[earlier < later], earlier[earlier < later]
        looked_at += len(later)
        if looked_at > MOST_PAIRS:
            return found, start
        common = whole[later].multiply(whole[earlier]).sum(axis=1)
        alike = common > ALIKE * (sizes[later] + sizes[earlier] - common)
        found += zip(earlier[alike].tolist(), later[alike].tolist(), strict=True)
    return found, len(trigrams)


def _matrix(sets: Sequence[Collection[str]]) -> csr_array:
    """A row of ones and zeros for each set."""
    column: dict[str, int] = {}
    columns = [column.setdefault(one, len(column)) for own in sets for one in own]
    ends = np.cumsum([0, *(len(own) for own in sets)])
    return csr_array(
        (np.ones(len(columns), dtype=np.int32), columns, ends), shape=(len(sets), max(len(column), 1))
    )


def _linked(size: int, links: Sequence[tuple[int, int]]) -> list[list[int]]:
    one, other = zip(*links, strict=True) if links else ((), ())
    graph = coo_array((np.ones(len(links), dtype=np.int8), (one, other)), shape=(size, size))
    _count, labels = connected_components(graph, directed=False)
    members: dict[int, list[int]] = defaultdict(list)
    for place, label in enumerate(labels.tolist()):
        members[label].append(place)
    return [places for places in members.values() if len(places) > 1]
