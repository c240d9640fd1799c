"""The municipality's pages in a trial, for the pilot and for the reviewers who try it with them."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from python_calamine import CalamineWorkbook

from municipalities.models import OutgoingMail
from survey.models import Initiative, SubmissionVersion, Upload
from survey.rounds import trial
from survey.rounds.lifecycle import open_round
from survey.views import areas, workbook
from tests.builders import build_initiative, posted, seen_by_approver
from tests.survey.test_autosave import HTMX
from tests.survey.test_pages import text, told
from tests.survey.test_trial import YEAR, build_trial, pilot

HOME = f"/kommune/461/{YEAR}/"
BANNER = "PRØVE - det, du skriver her, slettes og tæller ikke med"
PAGES = ("", "indsats/ny/", "fra-sidst/", "regneark/", "historik/", "dialog/", "versioner/", "indsend/")


@pytest.fixture
def tried(cast):
    return pilot(build_trial(cast.rikke))


@pytest.mark.parametrize("name", ["carl", "rikke", "mette"])
def test_every_page_works_and_says_that_it_is_a_trial(tried, cast, client_of, name):
    initiative = build_initiative(tried, cast.anna)
    browser = client_of(getattr(cast, name))
    for address in (*(HOME + page for page in PAGES), initiative.get_absolute_url(), HOME + "sammenligning/"):
        page = browser.get(address)
        assert page.status_code == 200 and BANNER in text(page), address


def test_what_is_real_has_no_such_banner(odense, cast, client_of):
    assert BANNER not in text(client_of(cast.carl).get("/kommune/461/2025/"))


@pytest.mark.parametrize("name", ["bo", "admin"])
def test_to_others_the_trial_does_not_exist(tried, cast, client_of, name):
    browser = client_of(getattr(cast, name))
    assert {browser.get(HOME + page).status_code for page in PAGES} == {404}


def test_the_page_speaks_of_a_trial_and_not_of_a_deadline(tried, cast, client_of):
    page = text(client_of(cast.carl).get(HOME))
    assert "Dette er en prøve." in page
    assert "dage tilbage" not in page and "Svarfrist" not in page and "Fristen er udløbet" not in page
    assert f"{HOME}versioner/" not in page and f"{HOME}sammenligning/" not in page


def test_a_municipalitys_people_are_not_the_ministrys_to_see_in_a_trial(tried, cast, client_of):
    for name, status in (("carl", 200), ("rikke", 404)):
        browser = client_of(getattr(cast, name))
        assert browser.get(HOME + "kolleger/").status_code == status
        assert (f"{HOME}kolleger/" in text(browser.get(HOME))) == (status == 200)
    browser = client_of(cast.rikke)
    assert browser.post(HOME + "kolleger/", {"email": "x@example.test", "role": "editor"}).status_code == 404
    assert browser.post(HOME + "kolleger/omraader/").status_code == 404


def test_a_reviewer_has_a_way_back_and_no_link_to_what_is_not_there(tried, odense, cast, client_of):
    page = text(client_of(cast.mette).get(HOME))
    assert f'href="/ministerium/{YEAR}/proeve/"' in page and "/kommune/461/2025/" not in page
    page = text(client_of(cast.carl).get(HOME))
    assert "/ministerium/" not in page and "/kommune/461/2025/" in page


@pytest.mark.parametrize("name", ["anna", "rikke"])
def test_a_reviewer_saves_as_the_pilot_does_and_meets_what_the_other_saved(tried, cast, client_of, name):
    initiative = build_initiative(tried, cast.mette)
    browser = client_of(getattr(cast, name))
    address = initiative.get_absolute_url()
    saved = browser.post(address + "kladde/", posted(title="Ny", revision=1), headers=HTMX)
    assert saved.status_code == 200 and 'data-outcome="saved"' in text(saved)
    assert browser.post(address, posted(title="Andet", revision=1)).status_code == 409
    assert browser.post(address, posted(title="Andet", revision=2)).url == HOME
    assert Initiative.objects.get().title == "Andet"


def test_the_signature_is_tried_and_nothing_is_handed_in(tried, cast, client_of):
    build_initiative(tried, cast.anna)
    told_of_the_trial = OutgoingMail.objects.count()
    carl = client_of(cast.carl)
    assert "der indsendes ikke noget" in text(carl.get(HOME + "indsend/"))
    signed = carl.post(HOME + "indsend/", {"seen": seen_by_approver(tried), "attested": "on"})
    assert signed.url == HOME and "Alt er i orden. Dette er en prøve" in told(signed)
    assert not SubmissionVersion.objects.exists() and OutgoingMail.objects.count() == told_of_the_trial


def test_a_file_of_a_trial_says_so_and_can_be_imported(tried, cast, client_of):
    build_initiative(tried, cast.anna)
    anna = client_of(cast.anna)
    book = anna.get(HOME + "regneark/skabelon.xlsx")
    assert 'filename="PROEVE-indsatser-2027-461.xlsx"' in book.headers["Content-Disposition"]
    rows = CalamineWorkbook.from_filelike(io.BytesIO(book.content)).get_sheet_by_name("Indsatser").to_python()
    assert rows[0][0].startswith("PRØVE - slettes og tæller ikke med - Odense")
    csv = anna.get(HOME + "regneark/skabelon.csv").content
    assert "kommune 461, PRØVE - slettes" in csv.decode("utf-8-sig")
    changed = csv.replace(b"Mentorer til kvinder", "Mentorer til mænd".encode())
    sent = anna.post(HOME + "regneark/", {"file": SimpleUploadedFile("x.csv", changed)})
    page = anna.get(sent.url)
    imported = anna.post(sent.url + "indlaes/", {"seen": page.context["plan"].seen})
    assert imported.url == HOME and Initiative.objects.get().title == "Mentorer til mænd"


def test_a_pilot_comes_home_to_the_real_answer_with_a_way_to_the_trial(tried, odense, cast, client_of):
    anna = client_of(cast.anna)
    assert anna.get("/").url == "/kommune/461/2025/"
    page = text(anna.get("/kommune/461/2025/"))
    assert f'I er med i en prøve: <a href="{HOME}">' in page and "(prøve)" in page
    assert "I er med i en prøve" not in text(client_of(cast.bo).get("/kommune/751/2025/"))


def test_a_pilot_with_nothing_else_comes_home_to_the_trial(tried, cast, client_of):
    assert client_of(cast.anna).get("/").url == HOME
    assert "ingen kortlægning at besvare" in text(client_of(cast.bo).get("/"))


def test_a_round_that_is_opened_before_its_first_day_says_when_it_begins(tried, cast, client_of):
    open_round(round_id=tried.round_id, by=cast.rikke)
    page = text(client_of(cast.carl).get(HOME))
    assert "Kortlægningen åbner" in page and "Fristen er udløbet" not in page


@pytest.fixture
def ends_meanwhile(tried, cast, monkeypatch):
    """The trial ends between the last that a page does before its lock, and the lock."""

    def install(view, last):
        step = getattr(view, last)

        def step_and_end(*args):
            found = step(*args)
            trial.end(round_id=tried.round_id, by=cast.rikke)
            return found

        monkeypatch.setattr(view, last, step_and_end)

    return install


def test_who_writes_as_the_trial_ends_is_told_that_it_is_not_there(tried, cast, client_of, ends_meanwhile):
    ends_meanwhile(areas, "get_submission")
    answer = client_of(cast.anna).post(HOME + "ingen-indsatser/", {"area": "social"})
    assert answer.status_code == 404


def test_who_uploads_as_the_trial_ends_leaves_no_file(tried, cast, client_of, ends_meanwhile):
    anna = client_of(cast.anna)
    build_initiative(tried, cast.anna)
    csv = anna.get(HOME + "regneark/skabelon.csv").content
    ends_meanwhile(workbook, "compare")
    answer = anna.post(HOME + "regneark/", {"file": SimpleUploadedFile("x.csv", csv)})
    assert answer.status_code == 404 and not Upload.objects.exists()
