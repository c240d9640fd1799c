import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from municipalities.models import Municipality
from survey.chasing import add_note
from survey.models import ChaseNote
from survey.transitions import Refused
from tests.builders import change_basis


def note(submission, by, **fields):
    return add_note(submission_id=submission.pk, by=by, **{"seen": 0, "text": "Ringer i morgen."} | fields)


def test_a_note_tells_who_when_and_what(odense, cast):
    lemvig = Municipality.objects.get(name="Lemvig")
    written = note(odense, cast.mette, outcome="merged", merged_with=lemvig, text="")
    assert (written.by, written.municipality, written.round) == (
        cast.mette,
        odense.municipality,
        odense.round,
    )
    assert written.outcome_in_words == "lagt sammen med Lemvig"
    assert written.at is not None


def test_pressing_twice_gives_one_note_and_the_same_words_later_another(odense, cast):
    first = note(odense, cast.mette)
    assert note(odense, cast.mette) == first
    assert note(odense, cast.mette, seen=first.pk) != first
    assert note(odense, cast.rikke, seen=0) not in (None, first)
    assert ChaseNote.objects.count() == 3


@pytest.mark.parametrize("name", ["anna", "carl", "bo", "admin"])
def test_only_who_reviews_writes_notes(odense, cast, name):
    with pytest.raises(PermissionDenied):
        note(odense, getattr(cast, name))


@pytest.mark.parametrize("state", ["draft", "trial", "locked", "archived"])
def test_no_note_before_the_round_is_opened_or_once_it_is_locked(odense, cast, state):
    change_basis(state=state)
    with pytest.raises(Refused):
        note(odense, cast.mette)
    assert not ChaseNote.objects.exists()


@pytest.mark.parametrize("user", ["anna", "bo"])
def test_a_municipality_sees_no_notes(odense, cast, user):
    note(odense, cast.mette)
    assert not ChaseNote.objects.visible_to(getattr(cast, user)).exists()
    assert ChaseNote.objects.visible_to(cast.admin).exists()


@pytest.mark.parametrize("act", ["update", "delete"])
def test_a_note_is_never_changed_or_deleted(odense, cast, act):
    note(odense, cast.mette)
    notes = ChaseNote.objects.all()
    with pytest.raises(IntegrityError, match="kan ikke ændres"), transaction.atomic():
        notes._raw_delete(notes.db) if act == "delete" else notes.update(text="Noget andet.")
