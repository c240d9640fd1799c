"""Which titles are of one kind: against all pairs compared one by one, and within bounds."""

import itertools
import random

from reporting.comparability import titles
from reporting.comparability.titles import kinds
from survey.checks import trigrams_of


def groups(*names, stems=None):
    return kinds(names, stems or [()] * len(names)).groups


def naive(names, stems):
    """All pairs, and those linked by a chain of them."""
    grams = [trigrams_of(name) for name in names]
    group = list(range(len(names)))
    for one, other in itertools.combinations(range(len(names)), 2):
        union = grams[one] | grams[other]
        alike = len(grams[one] & grams[other]) > 0.6 * len(union)
        if alike or (stems[one] and {*stems[one]} == {*stems[other]}):
            joined = group[one]
            group = [joined if label == group[other] else label for label in group]
    found = [[place for place, label in enumerate(group) if label == one] for one in sorted({*group})]
    return sorted(places for places in found if len(places) > 1)


def test_titles_with_most_trigrams_in_common_are_of_one_kind():
    assert groups(
        "Fritidspas til børn", "Lektiecafé", "Fritidspas til børn i Odense", "FRITIDSPAS TIL BØRN"
    ) == [[0, 2, 3]]


def test_the_same_stems_are_of_one_kind_whatever_the_trigrams():
    names = ("Mentor", "Børnene læser", "Læsning for børn")
    assert groups(*names) == []
    assert groups(*names, stems=[["mentor"], ["børn", "læs"], ["læs", "børn"]]) == [[1, 2]]


def test_titles_of_signs_alone_are_of_no_kind():
    assert groups("!!!", "...", "", "") == []
    assert groups() == []


def test_a_kind_is_linked_and_does_not_depend_on_the_order():
    names = ["Fritidspas til børn", "Fritidspulje til børn", "Fritidspulje til børn i Odense", "Sprogcafé"]
    for order in itertools.permutations(range(4)):
        found = groups(*(names[n] for n in order))
        assert [sorted(order[n] for n in group) for group in found] == naive(names, [()] * 4)


def test_the_kinds_are_those_of_all_pairs_compared():
    words = [
        "mentor",
        "mentorer",
        "børn",
        "for",
        "i",
        "Odense",
        "sprog",
        "sprogcafé",
        "unge",
        "job",
        "jobklub",
    ]
    shuffled = random.Random(6)
    for _ in range(15):
        names = [" ".join(shuffled.choices(words, k=shuffled.randint(1, 4))) for _ in range(40)]
        stems = [[word for word in name.split() if word in ("job", "unge")] for name in names]
        assert sorted(kinds(names, stems).groups) == naive(names, stems)


def test_of_too_many_alike_the_first_are_compared_and_it_says_how_many(monkeypatch):
    names = [f"Indsats for borgere i kommunen nummer {number}" for number in range(300)]
    assert kinds(names, [()] * 300).compared == 300
    monkeypatch.setattr(titles, "MOST_PAIRS", 10_000)
    found = kinds(names, [()] * 300)
    assert found.compared == 100
    assert found.groups == [[*range(100)]]
