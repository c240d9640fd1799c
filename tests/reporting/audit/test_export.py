"""The trail as a file: the page's own rows, made by a worker, and itself in the trail."""

import csv
import io

import pytest
from django.urls import reverse

from reporting.audit.downloads import record_download
from reporting.audit.lines import lines
from reporting.audit.tasks import write_trail
from reporting.audit.trail import Choice, marks
from survey.models import Job, SurveyRound
from tests.reporting.conftest import build_rate


@pytest.fixture
def exported(cast, client_of, settings, tmp_path):
    """The rows of the file that the administrator gets with these choices."""
    settings.MEDIA_ROOT = tmp_path

    def make(**chosen):
        response = client_of(cast.admin).post(reverse("audit:export"), chosen)
        job = Job.objects.get()
        assert response.url == reverse("reporting:job", args=[job.pk])
        write_trail(str(job.pk))
        job.refresh_from_db()
        assert (job.state, job.done) == ("done", job.total)
        with job.file.open("rb") as file:
            content = file.read()
        assert content.startswith(b"\xef\xbb\xbf") and content.count(b"\xef\xbb\xbf") == 1
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))

    return make


def test_the_file_has_what_the_page_shows(survey_round, exported):
    build_rate(2026, "2.5")
    heading, *rows = exported(slags="satser")
    assert heading[:4] == ["Tidspunkt", "Slags", "Handling", "Hvem"]
    assert [row[1:4] + row[5:6] for row in rows] == [["Sats", "oprettet", "Systemet", "2026: 2.500 %"]]
    assert "stigning i procent: tom → 2.500" in rows[0][8]


def test_a_text_that_begins_as_a_formula_is_inert(version, cast, exported):
    type(cast.anna).objects.filter(pk=cast.anna.pk).update(name="=1+1")
    assert exported(slags="brugere", tekst="=1+1")[1][5] == "'=1+1"


def test_the_export_is_in_the_trail_and_not_in_its_own_file(version, cast, exported):
    rows = exported()
    assert len(rows) - 1 == len(marks(Choice(end=Job.objects.get().requested_at), size=1000))
    job = [line for line in lines(marks(Choice(kind="eksport"))) if line.act == "oprettet"]
    assert [(line.who, line.what, line.page) for line in job] == [
        ("Admin", "Revisionssporet som CSV", "audit:export")
    ]


def test_choices_that_cannot_be_make_no_job(cast, client_of):
    response = client_of(cast.admin).post(reverse("audit:export"), {"slags": "alt"})
    assert response.status_code == 422 and not Job.objects.exists()


def test_who_is_no_administrator_any_more_gets_no_file(version, cast, client_of):
    client_of(cast.admin).post(reverse("audit:export"))
    cast.admin.memberships.update(role="reviewer")
    write_trail(str(Job.objects.get().pk))
    assert Job.objects.get().state == "failed"


def test_who_fetched_a_file_is_in_the_trail(version, cast, rf):
    request = rf.get("/")
    request.user, request.resolver_match = cast.admin, type("Match", (), {"view_name": "reporting:job_file"})
    record_download(request, Job.objects.create(task="t", title="Regneark", requested_by=cast.admin))
    record_download(request, SurveyRound.objects.get())
    for kind, what in (("eksport", "Regneark"), ("kortlaegninger", "2025")):
        line = lines(marks(Choice(kind=kind)))[0]
        assert (line.act, line.who, line.what) == ("hentet som fil", "Admin", what)
        assert line.page == "reporting:job_file" and line.changes == ()


@pytest.mark.parametrize("name", ["chase:workbook", "response:municipalities_csv", "review:hits_csv"])
def test_a_file_of_rows_that_is_fetched_is_told(version, cast, client_of, survey_round, name):
    assert client_of(cast.mette).get(reverse(name, args=[2025])).status_code == 200
    line = lines(marks(Choice(kind="kortlaegninger")))[0]
    assert (line.act, line.who, line.page) == ("hentet som fil", "Mette", name)
