"""The workbook's pages: download, upload, preview, confirmation, and everything that may go wrong."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from survey.models import Initiative, SurveyRound, Upload
from survey.tasks import delete_old_uploads
from survey.workbook.reading import read
from tests.builders import build_initiative, hand_in
from tests.survey.workbook.corpus.whole_files import REFUSED
from tests.survey.workbook.files import COMPLETE, STAMP, workbook
from tests.survey.workbook.test_importing import file_of, row_of

PAGE = "/kommune/461/2025/regneark/"


@pytest.fixture
def anna(cast, odense, client_of):
    return client_of(cast.anna)


def post(client, data: bytes, name="fil.xlsx"):
    return client.post(PAGE, {"file": SimpleUploadedFile(name, data)})


def text(response) -> str:
    return " ".join(response.content.decode().split())


def test_upload_preview_confirm_and_it_is_stored(anna, odense, cast):
    response = post(anna, workbook(COMPLETE, COMPLETE | {"title": "En anden"}))
    assert response.status_code == 302
    preview = anna.get(response.url)
    assert "2 nye, 0 ændrede, 0 uændrede og 0 fjernede" in text(preview)
    assert not odense.initiatives.exists()
    done = anna.post(f"{response.url}indlaes/", {"seen": preview.context["plan"].seen}, follow=True)
    assert done.redirect_chain == [("/kommune/461/2025/", 302)]
    assert "Regnearket er indlæst: 2 nye" in text(done)
    assert odense.initiatives.count() == 2
    again = anna.post(f"{response.url}indlaes/", {"seen": preview.context["plan"].seen})
    assert again.url == "/kommune/461/2025/"  # pressed twice
    assert odense.initiatives.count() == 2


def test_errors_are_listed_by_place_and_nothing_waits(anna):
    response = post(
        anna, workbook(COMPLETE, COMPLETE | {"gross_expenditure": "ca. 100", "target_share": 101})
    )
    assert response.status_code == 422
    page = text(response)
    assert "Der er 2 fejl i filen" in page
    assert "Indsatser, række 4, kolonne C (2. Bruttoudgifter), celle C4:" in page
    assert "Skriv bruttoudgiften i hele 1.000 kr., fx 1.250." in page
    assert not Upload.objects.exists()


def test_only_the_first_errors_of_very_many_are_listed(anna):
    response = post(anna, workbook(*[COMPLETE | {"gross_expenditure": "x"}] * 300))
    assert "Der er 300 fejl i filen" in text(response)
    assert "De første 200 er vist." in text(response)
    assert "læses der ikke videre" not in text(response)
    response = post(anna, workbook(*[COMPLETE | {"gross_expenditure": "x"}] * 1_001))
    assert "Efter 1.000 fejl læses der ikke videre, så der kan være flere." in text(response)


def test_a_refused_file_is_told_at_the_field(anna):
    for what, make, message in REFUSED:
        if what in ("a PDF", "Excel 97-2003", "over 5 MB", "CSV with commas", "an empty file"):
            response = post(anna, make())
            assert response.status_code == 422
            assert message in text(response)
    for files in ({}, {"file": "tekst"}):
        response = anna.post(PAGE, files)
        assert response.status_code == 422
        assert "Vælg det regneark, I har udfyldt." in text(response)


def test_names_of_files_do_no_harm(anna):
    for name in ("x" * 400 + ".xlsx", "<b>.xlsx", "../../etc/passwd", "a\x00b.xlsx", "👩.xlsx"):
        response = post(anna, workbook(COMPLETE), name)
        assert response.status_code == 302
        assert "<b>.xlsx" not in anna.get(response.url).content.decode()


def test_both_are_shown_and_the_choice_is_asked_for_where_two_have_changed_one(anna, odense, cast):
    initiative = build_initiative(odense, cast.anna, title="Mentorer")
    response = post(anna, file_of(row_of(initiative, title="Filens"), stored=[initiative]))
    Initiative.objects.filter(pk=initiative.pk).update(title="Carls", revision=2, updated_by=cast.carl)
    preview = anna.get(response.url)
    assert "Carl har ændret ”Carls”, sidet regnearken blev hentet." in text(preview)
    assert "Gemt nu (af Carl)" in text(preview)
    seen = {"seen": preview.context["plan"].seen}
    asked = anna.post(f"{response.url}indlaes/", seen)
    assert asked.status_code == 422
    assert "Vælg, hvad der skal gælde for ”Carls”." in text(asked)
    wrong = anna.post(f"{response.url}indlaes/", seen | {str(initiative.uuid): "noget"})
    assert wrong.status_code == 422
    done = anna.post(f"{response.url}indlaes/", seen | {str(initiative.uuid): "stored"})
    assert done.status_code == 302
    initiative.refresh_from_db()
    assert (initiative.title, initiative.revision) == ("Carls", 2)


def test_a_preview_that_is_no_longer_true_is_shown_again(anna, odense, cast):
    initiative = build_initiative(odense, cast.anna, title="Mentorer")
    response = post(anna, file_of(row_of(initiative), COMPLETE | {"title": "Ny"}, stored=[initiative]))
    seen = anna.get(response.url).context["plan"].seen
    build_initiative(odense, cast.carl, title="Carls")
    again = anna.post(f"{response.url}indlaes/", {"seen": seen})
    assert again.status_code == 409
    assert "Intet er indlæst. Se ændringerne igen." in text(again)
    assert again.context["form"].initial["seen"] != seen
    assert odense.initiatives.count() == 2
    for seen in ("", "x" * 100_000, "\x00"):
        assert anna.post(f"{response.url}indlaes/", {"seen": seen}).status_code == 409
    assert odense.initiatives.count() == 2


def test_another_users_upload_is_not_shown_and_a_reader_may_download_but_not_upload(
    anna, odense, cast, client_of
):
    url = post(anna, workbook(COMPLETE)).url
    carl, lis, bo = client_of(cast.carl), client_of(cast.lis), client_of(cast.bo)
    assert [client.get(url).status_code for client in (carl, lis, bo)] == [302, 403, 404]
    assert carl.get(url).url == PAGE
    assert post(lis, workbook(COMPLETE)).status_code == 403
    assert lis.get(f"{PAGE}skabelon.xlsx").status_code == 200
    assert "ikke indlæse et regneark" in text(lis.get(PAGE))
    assert bo.get(f"{PAGE}skabelon.xlsx").status_code == 404


def test_nothing_is_taken_in_when_the_submission_is_closed(anna, odense, cast):
    build_initiative(odense, cast.anna)
    url = post(anna, workbook(COMPLETE)).url
    seen = anna.get(url).context["plan"].seen
    hand_in(odense, cast.carl)
    assert "Besvarelsen er indsendt" in text(anna.get(PAGE))
    assert post(anna, workbook(COMPLETE)).status_code == 409
    assert anna.get(url).url == PAGE
    assert "kan ikke ændres" in text(anna.post(f"{url}indlaes/", {"seen": seen}, follow=True))
    assert odense.initiatives.count() == 1


def test_the_downloads_are_the_rounds_and_marked_if_they_are_demo(anna, odense, cast):
    build_initiative(odense, cast.anna)
    SurveyRound.objects.update(is_demo=True)
    response = anna.get(f"{PAGE}skabelon.xlsx")
    assert 'filename="DEMO-opdigtede-tal-indsatser-2025-461.xlsx"' in response["Content-Disposition"]
    assert response.content[:2] == b"PK"
    assert len(read(response.content, STAMP).rows) == 1
    as_csv = anna.get(f"{PAGE}skabelon.csv")
    assert "DEMO - opdigtede tal" in as_csv.content.decode().splitlines()[0]
    assert len(read(as_csv.content, STAMP).rows) == 1


def test_the_file_is_danish_for_those_who_read_english(anna, odense, cast):
    build_initiative(odense, cast.anna)
    anna.cookies["django_language"] = "en"
    data = anna.get(f"{PAGE}skabelon.xlsx").content
    assert post(anna, data).status_code == 302


def test_a_preview_takes_the_same_queries_for_one_row_and_for_many(
    anna, odense, cast, django_assert_num_queries
):
    for count in (1, 60):
        url = post(anna, workbook(*[COMPLETE | {"title": f"{n}"} for n in range(count)])).url
        with django_assert_num_queries(8):
            anna.get(url)


def test_an_upload_takes_the_place_of_the_users_former_one(anna, odense, aarhus, cast, client_of):
    client_of(cast.carl).post(PAGE, {"file": SimpleUploadedFile("carls.xlsx", workbook(COMPLETE))})
    Upload.objects.create(submission=aarhus, uploaded_by=cast.anna, name="en anden besvarelses", content=b"x")
    first, second = (post(anna, workbook(COMPLETE)).url for _n in range(2))
    assert Upload.objects.filter(submission=odense, uploaded_by=cast.anna).count() == 1
    assert Upload.objects.count() == 3
    assert anna.get(second).status_code == 200
    assert "afløst af en ny" in text(anna.get(first, follow=True))


def test_no_more_are_stored_than_can_be_uploaded_again(anna, odense, cast, monkeypatch):
    stored = [build_initiative(odense, cast.anna, title=title) for title in ("Mentorer", "Cykelhold")]
    monkeypatch.setattr("survey.workbook.comparing.MAX_ROWS", 3)
    new = [COMPLETE | {"title": f"Ny {n}"} for n in range(3)]
    for rows, status in ((new[:1], 302), (new[:2], 422)):
        assert post(anna, workbook(*rows)).status_code == status
    refused = post(anna, workbook(*new))
    assert "Besvarelsen kan højst have 5.000 indsatser og ville få 5." in text(refused)
    assert post(anna, file_of(*new, stored=stored)).status_code == 302  # in place of the two
    assert post(anna, file_of(row_of(stored[0]), *new[:2], stored=stored)).status_code == 302


def test_old_uploads_are_deleted_and_new_ones_wait(anna, odense, cast, client_of):
    for client in (anna, client_of(cast.carl)):
        post(client, workbook(COMPLETE))
    first = Upload.objects.earliest("uploaded_at")
    Upload.objects.filter(pk=first.pk).update(uploaded_at=timezone.now() - timedelta(hours=25))
    delete_old_uploads()
    assert Upload.objects.count() == 1
    assert not Upload.objects.filter(pk=first.pk).exists()
