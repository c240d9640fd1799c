"""What is at stake in a kind, by hand."""

from uuid import uuid4

from reporting.comparability.differences import AREA, LEGAL_BASIS, TARGET_GROUP, Row, kind_of


def row(number, code, area, amount, *, basis="serviceloven", group="newly_arrived", title="Mentor for unge"):
    values = {AREA: area, LEGAL_BASIS: basis, TARGET_GROUP: group}
    return Row(number, int(code), code, code, uuid4(), title, basis, values, amount)


def test_at_stake_is_all_but_the_value_with_most_money():
    kind = kind_of([row(1, "1", "social", 100), row(2, "2", "general", 900), row(3, "3", "social", 300)])
    placing = kind.placings[AREA]
    assert placing.at_stake == kind.at_stake == 400
    assert placing.counts == (("social", 2), ("general", 1))
    assert {*kind.placings} == {AREA}
    assert [one.initiative for one in kind.rows] == [2, 3, 1]


def test_the_largest_of_several_differences_is_at_stake():
    rows = [row(1, "1", "social", 100, group="x"), row(2, "2", "social", 900), row(3, "3", "general", 300)]
    kind = kind_of(rows)
    assert {name: placing.at_stake for name, placing in kind.placings.items()} == {
        AREA: 300,
        TARGET_GROUP: 100,
    }
    assert kind.at_stake == 300
    assert kind_of(rows, [TARGET_GROUP]).at_stake == 100
    assert kind_of(rows, [LEGAL_BASIS]) is None


def test_one_is_asked_about_what_most_of_the_others_say():
    rows = [row(n, str(n), area, 1) for n, area in enumerate(["social", "social", "general", "employment"])]
    placing = kind_of(rows).placings[AREA]
    assert [placing.other(area) for area in ("social", "general", "employment")] == [
        "employment",
        "social",
        "social",
    ]


def test_one_municipality_that_differs_from_itself_is_no_question_of_comparability():
    assert kind_of([row(1, "1", "social", 100), row(2, "1", "general", 100)]) is None


def test_a_basis_that_is_not_known_differs_from_nothing():
    assert (
        kind_of([row(1, "1", "social", 1, basis=""), row(2, "2", "social", 1, basis="serviceloven")]) is None
    )


def test_a_kind_is_called_by_the_title_that_most_have_or_the_dearest_of_several():
    titles = ("mentoren", "mentor for unge", "Mentor for unge", "Unge mentor")
    rows = [
        row(n, str(n), area, 9 - n, title=title)
        for n, (area, title) in enumerate(zip(("social", "general") * 2, titles, strict=True))
    ]
    assert kind_of(rows).name == "Mentor for unge"
    assert kind_of(rows[:2]).name == "Mentoren"
