"""What a file does to the working copy: compared three ways, all or nothing, once."""

import io
import uuid
from functools import partial
from threading import Thread

import pytest
from django.db import connection

from survey.models import Initiative, Submission, Upload, WarningReason
from survey.transitions import Refused, locked
from survey.workbook import importing
from survey.workbook.cells import identity
from survey.workbook.comparing import compare, values_of
from survey.workbook.importing import AlreadyImported, Stale, import_contents
from survey.workbook.reading import read
from survey.workbook.writing import write_csv, write_workbook
from tests.builders import build_initiative, build_round, hand_in
from tests.conftest import build_cast
from tests.survey.test_races import at_once
from tests.survey.workbook.files import COMPLETE, STAMP, csv_file, workbook


def row_of(initiative, **changes) -> dict:
    """The initiative as the download has it, with changes."""
    values = values_of(initiative)
    amounts = {"gross_expenditure": initiative.gross_expenditure, "title": initiative.title}
    return COMPLETE | amounts | {"id": identity(initiative.uuid, values)} | changes


def file_of(*rows, stored=()) -> bytes:
    return workbook(*rows, ids=[identity(i.uuid, values_of(i)) for i in stored])


def plan_of(data, submission):
    return compare(read(data, STAMP), submission)


def confirmation(data, submission, by, keep=frozenset(), seen=None):
    """The file uploaded and looked through as things are now; what is returned confirms it."""
    contents = read(data, STAMP)
    upload = Upload.objects.create(submission=submission, uploaded_by=by, name="fil.xlsx", content=data)
    what = {"upload": upload, "contents": contents, "seen": seen or compare(contents, submission).seen}
    return partial(import_contents, by=by, keep=set(keep), **what)


def confirm(*args, **kwargs):
    return confirmation(*args, **kwargs)()


@pytest.fixture
def stored(odense, cast):
    titles = ("Mentorer", "Sprogcafé", "Cykelhold")
    return [build_initiative(odense, cast.anna, title=title) for title in titles]


def downloaded(submission) -> bytes:
    file = io.BytesIO()
    write_workbook(submission, file)
    return file.getvalue()


def test_a_download_uploaded_again_changes_nothing(odense, stored, cast):
    for data in (downloaded(odense), write_csv(odense)):
        plan = plan_of(data, odense)
        assert (plan.unchanged, plan.does_something, plan.errors) == (3, False, [])


def test_new_changed_unchanged_and_removed_are_told_apart_and_stored(odense, stored, cast):
    mentors, cafe, bicycles = stored
    data = file_of(
        row_of(mentors, gross_expenditure=2000), row_of(cafe), COMPLETE | {"title": "Ny"}, stored=stored
    )
    plan = plan_of(data, odense)
    assert [row.values["title"] for row in plan.new] == ["Ny"]
    assert [(f.label, f.old, f.new) for c in plan.changed for f in c.fields] == [
        ("2. Bruttoudgifter", "1.250", "2.000")
    ]
    assert plan.unchanged == 1
    assert [(removal.stored, removal.is_conflict) for removal in plan.removed] == [(bicycles, False)]
    confirm(data, odense, cast.carl)
    rows = odense.initiatives.order_by("pk").values_list(
        "title", "gross_expenditure", "revision", "updated_by"
    )
    assert list(rows) == [
        ("Mentorer", 2000, 2, cast.carl.pk),
        ("Sprogcafé", 1250, 1, cast.anna.pk),
        ("Ny", 1250, 1, cast.carl.pk),
    ]
    assert odense.initiatives.get(pk=mentors.pk).uuid == mentors.uuid
    assert not Upload.objects.exists()


def test_an_incomplete_row_is_imported_and_lacks_what_it_lacks(odense, cast):
    confirm(workbook({"title": "Kun en titel"}), odense, cast.anna)
    assert "gross_expenditure" in odense.initiatives.get().missing()


def test_what_a_colleague_entered_since_stays_and_is_told(odense, stored, cast):
    data = file_of(*(row_of(i) for i in stored), stored=stored)
    new = build_initiative(odense, cast.carl, title="Carls")
    assert plan_of(data, odense).others == [new]
    assert not plan_of(data, odense).does_something


def test_what_a_colleague_changed_since_stays_if_the_file_has_it_as_downloaded(odense, stored, cast):
    data = file_of(row_of(stored[0], title="Mit navn"), *(row_of(i) for i in stored[1:]), stored=stored)
    Initiative.objects.filter(pk=stored[1].pk).update(title="Carls navn", revision=2, updated_by=cast.carl)
    plan = plan_of(data, odense)
    assert [one.title for one in plan.kept] == ["Carls navn"]
    assert plan.conflicts == {}
    confirm(data, odense, cast.anna)
    assert set(odense.initiatives.values_list("title", flat=True)) == {"Mit navn", "Carls navn", "Cykelhold"}


@pytest.mark.parametrize(("keeps", "title"), [(True, "Carls navn"), (False, "Filens navn")])
def test_of_what_both_have_changed_the_user_chooses(odense, stored, cast, keeps, title):
    mentors = stored[0]
    data = file_of(row_of(mentors, title="Filens navn"), *(row_of(i) for i in stored[1:]), stored=stored)
    Initiative.objects.filter(pk=mentors.pk).update(title="Carls navn", revision=2, updated_by=cast.carl)
    plan = plan_of(data, odense)
    assert plan.conflicts.keys() == {mentors.uuid}
    assert [(f.old, f.new) for c in plan.changed for f in c.fields] == [("Carls navn", "Filens navn")]
    confirm(data, odense, cast.anna, keep={mentors.uuid} if keeps else ())
    mentors.refresh_from_db()
    assert mentors.title == title


@pytest.mark.parametrize("keeps", [True, False])
def test_of_what_was_removed_in_the_file_and_changed_here_the_user_chooses(odense, stored, cast, keeps):
    data = file_of(*(row_of(i) for i in stored[1:]), stored=stored)
    Initiative.objects.filter(pk=stored[0].pk).update(title="Carls navn", revision=2, updated_by=cast.carl)
    assert plan_of(data, odense).conflicts.keys() == {stored[0].uuid}
    confirm(data, odense, cast.anna, keep={stored[0].uuid} if keeps else ())
    assert odense.initiatives.filter(pk=stored[0].pk).exists() == keeps


@pytest.mark.parametrize("keeps", [True, False])
def test_of_what_was_deleted_here_since_the_user_chooses(odense, stored, cast, keeps):
    data = file_of(*(row_of(i) for i in stored), stored=stored)
    gone = stored[0].uuid
    stored[0].delete()
    assert plan_of(data, odense).conflicts.keys() == {gone}
    confirm(data, odense, cast.anna, keep={gone} if keeps else ())
    assert odense.initiatives.filter(uuid=gone).exists() != keeps


def test_an_unknown_and_a_repeated_id_are_errors_at_their_cells(odense, stored, cast):
    unknown = row_of(stored[0], id=f"{uuid.uuid4()} 0123456789ab")
    errors = plan_of(file_of(unknown, row_of(stored[1]), row_of(stored[1]), stored=stored), odense).errors
    places = {error.place: error.message for error in errors}
    assert "Id'et står også i række 4" in places["Indsatser, række 5, kolonne Q (Id), celle Q5"]
    assert "er ikke i besvarelsen" in places["Indsatser, række 3, kolonne Q (Id), celle Q3"]


def test_a_row_with_an_id_alone_is_an_error_for_it_might_be_a_removal(odense, stored):
    (error,) = plan_of(file_of({"id": row_of(stored[0])["id"]}, stored=stored), odense).errors
    assert "Slet hele rækken" in error.message


def test_csv_removes_nothing_and_its_rows_are_matched_by_id(odense, stored, cast):
    plan = plan_of(csv_file(row_of(stored[0], title="Nyt navn")), odense)
    assert len(plan.changed) == 1 and plan.removed == [] and plan.others == stored[1:]


def test_a_file_imported_a_second_time_does_not_double_its_new_rows(odense, cast):
    data = workbook(COMPLETE, COMPLETE, COMPLETE | {"title": "En anden"})
    confirm(data, odense, cast.anna)
    plan = plan_of(data, odense)
    assert (plan.unchanged, plan.does_something) == (3, False)
    edited = plan_of(workbook(COMPLETE | {"content": "Nyt"}), odense)
    assert {initiative.title for initiative in edited.twins} == {"Mentorer til kvinder"}


def test_reasons_for_warnings_survive_an_import(odense, stored, cast):
    uuid_ = stored[0].uuid
    WarningReason.objects.create(submission=odense, uuid=uuid_, rule="r", reason="Derfor.", by=cast.anna)
    confirm(file_of(row_of(stored[0], title="Nyt navn"), stored=stored), odense, cast.anna)
    assert WarningReason.objects.get(uuid=odense.initiatives.get().uuid).reason == "Derfor."


def test_reasons_go_with_an_initiative_that_the_file_removes(odense, stored, cast):
    for initiative in stored:
        WarningReason.objects.create(
            submission=odense, uuid=initiative.uuid, rule="r", reason="Derfor.", by=cast.anna
        )
    confirm(file_of(row_of(stored[0]), row_of(stored[1]), stored=stored), odense, cast.anna)
    assert set(WarningReason.objects.values_list("uuid", flat=True)) == {stored[0].uuid, stored[1].uuid}


def test_a_working_copy_changed_since_the_preview_is_not_overwritten(odense, stored, cast):
    data = file_of(row_of(stored[0], title="Nyt navn"), stored=stored)
    seen = plan_of(data, odense).seen
    Initiative.objects.filter(pk=stored[2].pk).update(title="Imens", revision=2)
    with pytest.raises(Stale):
        confirm(data, odense, cast.anna, seen=seen)
    assert set(odense.initiatives.values_list("title", flat=True)) == {"Mentorer", "Sprogcafé", "Imens"}
    assert Upload.objects.count() == 1  # to be looked through again


def test_half_an_import_cannot_happen(odense, stored, cast, monkeypatch):
    """The last step fails after the others have written: nothing of them stays."""
    data = file_of(row_of(stored[0], title="Nyt navn"), COMPLETE | {"title": "Ny"}, stored=stored)
    before = list(odense.initiatives.values())

    def insert_and_fail(*args, insert=importing._insert):
        insert(*args)
        raise ConnectionError

    monkeypatch.setattr(importing, "_insert", insert_and_fail)
    with pytest.raises(ConnectionError):
        confirm(data, odense, cast.anna)
    assert list(odense.initiatives.order_by("pk").values()) == before


def test_a_wrong_row_that_gets_past_everything_is_stopped_by_the_database(odense, cast, monkeypatch):
    contents = read(workbook(COMPLETE, COMPLETE | {"title": "Ny"}), STAMP)
    contents.rows[1].values["gross_expenditure"] = -1
    upload = Upload.objects.create(submission=odense, uploaded_by=cast.anna, name="x", content=b"x")
    seen = compare(contents, odense).seen
    with pytest.raises(Exception, match="gross_expenditure_in_range"):
        import_contents(upload=upload, contents=contents, by=cast.anna, seen=seen, keep=set())


def test_who_may_not_enter_imports_nothing(odense, cast):
    for by in (cast.lis, cast.bo, cast.mette):
        with pytest.raises(Submission.DoesNotExist):
            confirm(workbook(COMPLETE), odense, by)
    build_initiative(odense, cast.anna)
    hand_in(odense, cast.carl)
    with pytest.raises(Refused):
        confirm(workbook(COMPLETE), odense, cast.anna)


def test_comparing_takes_one_query_and_importing_a_few(
    odense, stored, cast, django_assert_num_queries, django_assert_max_num_queries
):
    rows = [COMPLETE | {"title": f"Ny {n}"} for n in range(50)]
    data = file_of(*rows, row_of(stored[0], title="Nyt navn"), stored=stored)
    contents = read(data, STAMP)
    with django_assert_num_queries(1):
        compare(contents, odense)
    with django_assert_max_num_queries(13):
        confirm(data, odense, cast.anna)


@pytest.mark.django_db(transaction=True)
def test_many_confirmations_at_once_import_once():
    cast = build_cast()
    submission = build_round().submissions.get(municipality__code="461")
    data = workbook(COMPLETE, COMPLETE | {"title": "En anden"})
    act = confirmation(data, submission, cast.anna)
    results = at_once(lambda i: act(), count=8)
    assert sum(isinstance(result, AlreadyImported) for result in results) == 7
    assert submission.initiatives.count() == 2


@pytest.mark.django_db(transaction=True)
def test_an_import_waits_for_a_save_under_way_and_is_then_stale():
    cast = build_cast()
    submission = build_round().submissions.get(municipality__code="461")
    initiative = build_initiative(submission, cast.anna)
    act, outcome = confirmation(workbook(COMPLETE | {"title": "Ny"}), submission, cast.anna), []

    def import_meanwhile():
        try:
            outcome.append(act())
        except Stale as stale:
            outcome.append(stale)
        finally:
            connection.close()

    thread = Thread(target=import_meanwhile)
    with locked(Submission.objects.filter(pk=submission.pk)):
        thread.start()
        thread.join(0.7)
        assert thread.is_alive()  # without the import's lock it is done by now
        Initiative.objects.filter(pk=initiative.pk).update(title="Imens", revision=2)
    thread.join(30)
    assert isinstance(outcome[0], Stale)
    assert [one.title for one in submission.initiatives.all()] == ["Imens"]


def test_the_history_says_who_imported(odense, stored, cast):
    data = file_of(row_of(stored[0], title="Nyt navn"), COMPLETE | {"title": "Ny"}, stored=stored)
    confirm(data, odense, cast.carl)
    events = pghistory_events(odense)
    assert events == {
        ("insert", "Ny", cast.carl.pk),
        ("update", "Nyt navn", cast.carl.pk),
        ("delete", "Sprogcafé", cast.carl.pk),
        ("delete", "Cykelhold", cast.carl.pk),
    }


def pghistory_events(submission) -> set:
    """(what, title, who) of what was imported."""
    events = Initiative.pgh_event_model.objects.filter(submission=submission, pgh_context__act="imported")
    return {(event.pgh_label, event.title, event.pgh_context["user"]) for event in events}
