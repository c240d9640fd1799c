import csv
import io

import pytest
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from reporting.files import exports
from reporting.tasks import write_workbook
from survey import jobs, transitions
from survey.models import Job, PassedWarning, ReportedInitiative, SubmissionArea, SurveyRound
from survey.questionnaire import BY_NAME
from tests.builders import build_initiative, change_basis, hand_in
from tests.reporting.conftest import build_rate
from tests.reporting.test_estimate_page import adjust

PASSED = (
    "Der er en bruttoindtægt i felt 3, men hverken staten eller private er valgt her. Vælg, hvor indtægten "
    "kommer fra, ret den til 0, eller skriv, hvorfor det er rigtigt. Begrundelse: Det er efterset."
)
NASTY = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"]


def url(name, *args):
    return reverse(f"reporting:{name}", args=args or [2025])


@pytest.fixture
def at_2026(answered):
    """The round at another price level than its accounts."""
    build_rate(2026, "2.5")
    change_basis(price_level=2026)
    answered.round.refresh_from_db()
    return answered


def read_csv(response):
    content = b"".join(response.streaming_content)
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def as_workbook(survey_round):
    file = io.BytesIO()
    exports.write_workbook(exports.rows_of(survey_round), file, lambda done, total: None)
    file.seek(0)
    return CalamineWorkbook.from_filelike(file).get_sheet_by_index(0).to_python()


def test_exports_are_the_administrators(answered, cast, client_of):
    for user, status in ((cast.bo, 404), (cast.anna, 404), (cast.mette, 403), (cast.rikke, 403)):
        client = client_of(user)
        assert client.get(url("export_csv")).status_code == status
        assert client.post(url("export_workbook")).status_code == status
    assert client_of(cast.admin).get(url("export_workbook")).url == "../"


def test_csv_is_as_danish_excel_reads_it(at_2026, cast, client_of):
    response = client_of(cast.admin).get(url("export_csv"))
    assert response.headers["Content-Disposition"] == 'attachment; filename="indsatser-2025.csv"'
    heading, *rows = read_csv(response)
    assert [row[2] for row in rows] == ["Odense", "Odense", "Aarhus"]
    varying = ("Indsendt", "Indsatsens id")
    assert [pair for pair in zip(heading, rows[1], strict=True) if pair[0] not in varying] == [
        ("Datagrundlag", "Indberettet"),
        ("Kommunekode", "461"),
        ("Kommune", "Odense"),
        ("Region", "Region Syddanmark"),
        ("Kvitteringsnummer", "2025-461-1"),
        ("Version", "1"),
        ("Områder uden indsatser", ""),
        ("Område", "Socialområdet"),
        ("1. Initiativ", "Netværk"),
        ("2. Bruttoudgifter (1.000 kr., regnskab 2025)", "600"),
        ("3. Bruttoindtægter (1.000 kr., regnskab 2025)", "100"),
        ("4. Finansieringskilder", "Kommunen finansierer selv"),
        ("5. Hjemmelsgrundlag", "Kommunalfuldmagten"),
        ("6. Primær målgruppe", "b) Bredere integrationsindsats, også efterkommere"),
        ("7. Sekundær målgruppe", "Kvinder"),
        ("8. Indhold", "Frivillige mentorer mødes med kvinder hver uge."),
        ("9. Formål og tidshorisont", "Flere kvinder i job."),
        ("Tidshorisont", "Varig, eller 5 år og mere"),
        ("10. Andel af målgruppen, som er flygtninge, indvandrere eller efterkommere", "-"),
        ("Bruttoudgifter, som de tæller (1.000 kr., 2026-pris- og lønniveau)", "615"),
        ("Bruttoindtægter, som de tæller (1.000 kr., 2026-pris- og lønniveau)", "102,5"),
        ("Rettet til område", ""),
        ("Ministeriets rettelse", ""),
        ("Bruttoudgiften er", ""),
        ("Bruttoindtægten er", ""),
        ("Afgrænsning, kommunens vurdering", ""),
        ("Begrundelse for afgrænsningen", ""),
        ("Advarsler, som kommunen har begrundet", PASSED),
    ]
    ids = {str(i.uuid) for i in ReportedInitiative.objects.all()}
    assert {row[heading.index("Indsatsens id")] for row in rows} == ids


def test_every_question_has_its_column(at_2026):
    headings = exports.rows_of(at_2026.round).headings
    for name in BY_NAME:
        assert any(ReportedInitiative.label(name) in heading for heading in headings), name


def test_lines_end_with_crlf_and_those_within_a_cell_do_not(answered, cast, client_of):
    odense = answered.submissions["Odense"]
    transitions.withdraw(submission_id=odense.pk, by=cast.carl)
    odense.initiatives.update(content='To linjer\nmed "gåsetegn" og ; semikolon')
    hand_in(odense, cast.carl)
    content = b"".join(client_of(cast.admin).get(url("export_csv")).streaming_content)
    assert content.count(b"\r\n") == 4 and content.endswith(b"\r\n")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert rows[0]["8. Indhold"] == 'To linjer\nmed "gåsetegn" og ; semikolon'


@pytest.mark.parametrize("start", NASTY)
def test_no_cell_is_a_formula(answered, cast, client_of, start):
    aarhus = answered.submissions["Aarhus"]
    transitions.withdraw(submission_id=aarhus.pk, by=cast.bo)
    build_initiative(aarhus, cast.bo, title=start, legal_basis=start, content=start, purpose=start)
    hand_in(aarhus, cast.bo)
    heading, *rows = read_csv(client_of(cast.admin).get(url("export_csv")))
    nasty = rows[-1]
    for name in ("1. Initiativ", "5. Hjemmelsgrundlag", "8. Indhold", "9. Formål og tidshorisont"):
        assert nasty[heading.index(name)] == "'" + start
    sheet = as_workbook(answered.round)
    if start.strip() == start:  # XML has its own ideas of tabs and returns at the edges of a text
        assert sheet[-1][heading.index("1. Initiativ")] == start  # a string cell, no formula


def test_the_workbook_has_the_same_rows_with_numbers_as_numbers(at_2026, cast, client_of):
    heading, *rows = read_csv(client_of(cast.admin).get(url("export_csv")))
    sheet = as_workbook(at_2026.round)
    assert sheet[0] == heading

    def column(start):
        index = next(i for i, name in enumerate(heading) if name.startswith(start))
        return [row[index] for row in sheet[1:]]

    assert column("1. ") == [row[heading.index("1. Initiativ")] for row in rows]
    assert column("2. ") == [1250.0, 600.0, 5000.0]
    assert column("Bruttoindtægter, som de tæller (1.000 kr., 2026") == [0.0, 102.5, 922.5]
    assert column("10. ") == [80.0, "-", 80.0]
    assert column("Indsendt")[0].date() == timezone.localdate()


def test_demo_data_say_so(answered, cast, client_of):
    SurveyRound.objects.update(is_demo=True)
    response = client_of(cast.admin).get(url("export_csv"))
    assert "DEMO" in response.headers["Content-Disposition"]
    assert {row[0] for row in read_csv(response)[1:]} == {"DEMO - opdigtede tal"}


def test_without_the_rate_there_is_no_file_but_a_reason(answered, cast, client_of):
    change_basis(price_level=2026)
    client = client_of(cast.admin)
    assert (
        "Pris- og lønskønnet for 2026 mangler" in client.get(url("export_csv"), follow=True).content.decode()
    )
    client.post(url("export_workbook"))
    assert not Job.objects.exists()


@pytest.fixture
def asked(answered, cast, client_of, monkeypatch, settings, tmp_path):
    """A workbook that the administrator has asked for; the messages are kept instead of sent."""
    settings.MEDIA_ROOT = tmp_path
    sent = []
    monkeypatch.setattr(jobs.current_app, "send_task", lambda *message, **_: sent.append(message))
    return client_of(cast.admin), sent


def ask(client, capture):
    with capture(execute=True):
        response = client.post(url("export_workbook"))
    return Job.objects.get(), response


def test_a_workbook_from_asking_to_download(asked, django_capture_on_commit_callbacks):
    client, sent = asked
    job, response = ask(client, django_capture_on_commit_callbacks)
    assert response.headers["Location"] == url("job", job.pk)
    assert sent == [("reporting.tasks.write_workbook", [str(job.pk)])]
    assert "Venter på at komme til" in client.get(url("job", job.pk)).content.decode()
    assert client.get(url("job_file", job.pk)).status_code == 404
    write_workbook(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.attempts, job.done, job.total) == ("done", 1, 3, 3)
    assert "Hent filen" in client.get(url("job", job.pk)).content.decode()
    response = client.get(url("job_file", job.pk))
    assert response.headers["Content-Disposition"] == 'attachment; filename="indsatser-2025.xlsx"'
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(response.streaming_content)))
    assert len(sheet.get_sheet_by_index(0).to_python()) == 4


def test_a_file_is_for_who_asked_and_still_is_administrator(
    asked, cast, client_of, django_capture_on_commit_callbacks
):
    client, _ = asked
    job, _ = ask(client, django_capture_on_commit_callbacks)
    write_workbook(str(job.pk))
    other = Job.objects.get()
    Job.objects.update(requested_by=cast.mette)
    assert client.get(url("job_file", other.pk)).status_code == 404
    assert client_of(cast.mette).get(url("job_file", other.pk)).status_code == 403
    assert client_of(cast.bo).get(url("job", other.pk)).status_code == 404


def test_a_file_that_is_gone_is_not_found(asked, django_capture_on_commit_callbacks):
    client, _ = asked
    job, _ = ask(client, django_capture_on_commit_callbacks)
    write_workbook(str(job.pk))
    Job.objects.get().file.delete(save=False)
    assert client.get(url("job_file", job.pk)).status_code == 404


def test_what_counts_stands_beside_what_was_reported(at_2026, cast, client_of):
    adjust(ReportedInitiative.objects.get(gross_expenditure=600), cast.mette, gross_expenditure=60)
    adjust(ReportedInitiative.objects.get(gross_expenditure=1250), cast.mette, service_area="general")
    adjust(ReportedInitiative.objects.get(gross_expenditure=5000), cast.mette, out_of_scope=True)
    heading, *rows = read_csv(client_of(cast.admin).get(url("export_csv")))
    names = ["2. Bruttoudgifter (1.000 kr., regnskab 2025)", "Rettet til område"]
    names += ["Bruttoudgifter, som de tæller (1.000 kr., 2026-pris- og lønniveau)", "Ministeriets rettelse"]
    assert [[row[heading.index(name)] for name in names] for row in rows] == [
        ["1250", "Den generelle integrationsindsats", "1281,25",
         "Område: Beskæftigelsesområdet -> Den generelle integrationsindsats"],
        ["600", "", "61,5", "2. Bruttoudgifter: 600 -> 60"],
        ["5000", "", "0", "Hører med i kortlægningen: ja -> nej"],
    ]  # fmt: skip
    assert as_workbook(at_2026.round)[2][heading.index(names[2])] == 61.5


def test_what_the_municipality_said_besides_the_ten_fields_is_in_both_files(answered, cast, client_of):
    odense = answered.submissions["Odense"]
    transitions.withdraw(submission_id=odense.pk, by=cast.carl)
    odense.initiatives.filter(title="Netværk").update(
        expenditure_basis="estimated",
        income_basis="allocated",
        scope="doubt",
        scope_reason="=måske lovpligtig",
    )
    SubmissionArea.objects.create(
        submission=odense, service_area="general", nil_at=timezone.now(), nil_by=cast.carl
    )
    reported = hand_in(odense, cast.carl).initiatives.get(title="Netværk")
    PassedWarning.objects.create(
        initiative=reported, rule="title_repeated", message="Se titlen.", reason="+ to sager"
    )
    heading, *rows = read_csv(client_of(cast.admin).get(url("export_csv")))
    names = ["Områder uden indsatser", "Bruttoudgiften er", "Bruttoindtægten er"]
    names += ["Afgrænsning, kommunens vurdering", "Begrundelse for afgrænsningen"]
    names += ["Advarsler, som kommunen har begrundet"]
    values = ["Den generelle integrationsindsats", "Skønnet", "Fordelt fra en større konto", "I tvivl"]
    values += ["'=måske lovpligtig", f"{PASSED}; Se titlen. Begrundelse: + to sager"]
    assert [rows[1][heading.index(name)] for name in names] == values
    assert [rows[0][heading.index(name)] for name in names] == [values[0], "", "", "", "", ""]
    sheet = as_workbook(answered.round)
    assert [sheet[2][heading.index(name)] for name in names] == [*values[:4], values[4][1:], values[5]]
