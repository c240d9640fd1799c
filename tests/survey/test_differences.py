"""What has changed between two versions: pure, on initiatives that are not stored."""

import time
import uuid
from itertools import product
from string import ascii_lowercase

from hypothesis import given
from hypothesis import strategies as st

from survey.differences import COMPARED, differences, paired
from survey.models import Initiative
from survey.models.initiatives import STORED_FIELDS
from tests.builders import answers

FIRST, SECOND, THIRD = (uuid.UUID(int=number) for number in (1, 2, 3))


def initiative(identity=FIRST, **fields):
    return Initiative(uuid=identity, **answers(**fields))


def changes(old, new):
    found = differences([old], [new]).changed
    return [(change.label, change.old, change.new) for _initiative, fields in found for change in fields]


def test_two_equal_versions_do_not_differ():
    found = differences([initiative()], [initiative()])
    assert not found and (found.before, found.after) == (found.after, found.before)


def test_initiatives_are_matched_by_uuid_whatever_their_titles_and_order():
    older = [initiative(FIRST, title="Ens"), initiative(SECOND, title="Ens", gross_expenditure=5)]
    newer = [initiative(THIRD, title="Ens"), initiative(SECOND, title="Ens", gross_expenditure=6)]
    found = differences(older, newer)
    assert [i.uuid for i in found.added] == [THIRD]
    assert [i.uuid for i in found.removed] == [FIRST]
    assert [(i.uuid, len(fields)) for i, fields in found.changed] == [(SECOND, 1)]
    assert (found.before.expenditure, found.after.expenditure) == (1255, 1256)
    assert not differences(older, older[::-1])


def test_fields_come_in_the_questionnaires_order_as_they_are_read():
    old = initiative(target_share=80, income_basis="")
    new = initiative(
        income_basis="estimated", target_share=None, target_share_unknown=True, gross_expenditure=12500
    )
    assert changes(old, new) == [
        ("2. Bruttoudgifter", "1.250", "12.500"),
        ("10. Andel af målgruppen, som er flygtninge, indvandrere eller efterkommere", "80 %", "-"),
        ("Indtægten er", "", "Skønnet"),
    ]


def test_every_stored_field_is_compared():
    """The share that is unknown is part of the share's text."""
    assert {*COMPARED, "target_share_unknown"} == set(STORED_FIELDS)


def test_an_answer_that_was_blank_is_a_change_and_its_words_are_not_marked():
    [(_initiative, [change])] = differences([initiative(content="")], [initiative(content="Nyt")]).changed
    assert (change.old, change.new) == ("", "Nyt")
    assert change.pieces() == ([(False, "")], [(False, "Nyt")])


def test_choices_and_amounts_are_not_marked_word_by_word():
    [(_initiative, [change])] = differences([initiative()], [initiative(gross_expenditure=1)]).changed
    assert change.pieces() == ([(False, "1.250")], [(False, "1")])


def test_changed_words_are_marked_in_both_texts():
    old, new = paired(
        "Mentorer mødes hver uge\nmed kvinder", "Mentorer mødes hver måned\nmed kvinder og børn"
    )
    assert old == [(False, "Mentorer mødes hver "), (True, "uge\n"), (False, "med kvinder")]
    assert new == [
        (False, "Mentorer mødes hver "),
        (True, "måned\n"),
        (False, "med kvinder "),
        (True, "og børn"),
    ]


def test_a_text_in_which_only_spaces_changed_is_marked_too():
    assert paired("en to", "en\nto") == ([(True, "en to")], [(True, "en\nto")])


@given(st.text(), st.text())
def test_the_pieces_are_the_texts_whatever_they_hold(old, new):
    left, right = paired(old, new)
    assert ("".join(text for _, text in left), "".join(text for _, text in right)) == (old, new)
    kept = [[text.split() for changed, text in pieces if not changed] for pieces in (left, right)]
    assert kept[0] == kept[1]


def test_the_longest_texts_are_paired_in_no_time():
    """The worst that was found: every other pair of distinct words has changed places."""
    words = ["".join(letters) for letters in product(ascii_lowercase, repeat=3)]
    for count in (1_999, 2_500):
        swapped = [word for pair in zip(words[1:count:2], words[:count:2], strict=False) for word in pair]
        begun = time.process_time()
        left, _right = paired(" ".join(words[:count]), " ".join(swapped))
        assert time.process_time() - begun < 1
        assert (len(left) == 1) == (count > 2_000)
