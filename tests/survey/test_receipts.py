"""The receipt as page, PDF, mail and sealed bytes; and the feedback that is asked for on it."""

import hashlib
import subprocess

import pytest
from django.contrib.messages import get_messages
from django.utils import timezone

from municipalities.models import OutgoingMail, Role
from survey import canonical, transitions
from survey.checking import keep_reasons
from survey.models import Feedback, SubmissionVersion, SurveyRound
from survey.receipts.pdf import receipt_pdf
from tests.builders import build_initiative, build_user, hand_in, seen_by_approver

RECEIPT = "/kommune/kvittering/2025-461-1/"
FEEDBACK = RECEIPT + "tilbagemelding/"


def text(response):
    return " ".join(response.content.decode().split())


def told(response):
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


@pytest.fixture
def carl(client_of, cast):
    return client_of(cast.carl)


@pytest.fixture
def version(odense, cast):
    """With an amount of 0 that a reason passes, and the social area stated empty."""
    build_initiative(odense, cast.anna, title="Mentorer til kvinder", gross_expenditure=1250)
    free = build_initiative(odense, cast.anna, title="Lektiecafé", gross_expenditure=0)
    odense.areas.create(service_area="social", nil_at=timezone.now(), nil_by=cast.anna)
    keep_reasons(submission=odense, uuid=free.uuid, reasons={"expenditure_zero": "Frivillige."}, by=cast.anna)
    seen = seen_by_approver(odense)
    return transitions.hand_in(submission_id=odense.pk, by=cast.carl, seen=seen)


# What is sealed


def test_warnings_and_stated_areas_are_in_the_seal(version):
    answer = version.answer()
    assert [passed["rule"] for passed in answer["warnings"]] == ["expenditure_zero"]
    assert answer["nothing_to_report_in"] == ["social"]
    assert canonical.seal(**answer) == version.checksum
    for name in ("warnings", "nothing_to_report_in"):
        assert canonical.seal(**answer | {name: []}) != version.checksum


def test_without_them_the_canonical_form_is_what_it_was():
    answer = {
        "accounts_year": 2019,
        "municipality_code": "461",
        "version": 1,
        "is_nil": True,
        "initiatives": [],
    }
    old = (
        b'{"accounts_year":2019,"format":"indsatskort-1","initiatives":[],"municipality":"461",'
        b'"nothing_to_report":true,"version":1}'
    )
    assert canonical.canonical_form(**answer, warnings=[], nothing_to_report_in=[]) == old


def test_what_was_signed_stays_though_the_name_changes(version, cast, carl):
    type(cast.carl).objects.filter(pk=cast.carl.pk).update(name="Carl Gift")
    version.refresh_from_db()
    assert (version.signer, version.nil_areas) == ("Carl", ["social"])
    assert version.attestation.startswith("Jeg bekræfter på kommunens vegne, at oplysningerne er rigtige")
    assert "<dd>Carl</dd>" in text(carl.get(RECEIPT))


def test_who_reads_english_signs_in_danish_too(carl, odense):
    carl.cookies["django_language"] = "en"
    page = carl.get("/kommune/461/2025/indsend/")
    carl.post("/kommune/461/2025/indsend/", {"seen": page.context["form"].initial["seen"], "attested": "on"})
    statement = "Jeg bekræfter på kommunens vegne, at kommunen ingen indsatser har at indberette."
    assert SubmissionVersion.objects.get().attestation == statement


def test_the_file_of_the_sealed_content_has_the_receipts_checksum(version, carl):
    content = carl.get(RECEIPT + "form.json").content
    assert hashlib.sha256(content).hexdigest() == version.checksum
    assert b'"reason":"Frivillige."' in content


def test_of_two_hundred_initiatives_the_seal_is_made_in_three_queries(
    odense, cast, django_assert_max_num_queries
):
    for number in range(200):
        build_initiative(odense, cast.anna, title=str(number), gross_expenditure=0)
    hand_in(odense, cast.carl)
    stored = SubmissionVersion.objects.select_related("submission__round", "submission__municipality").get()
    with django_assert_max_num_queries(3):
        assert canonical.seal(**stored.answer()) == stored.checksum


# Page


def test_the_page_shows_the_signature_the_areas_and_the_reasons(version, carl):
    page = text(carl.get(RECEIPT))
    assert version.attestation in page and version.checksum in page
    assert "Socialområdet<br>Erklæret uden indsatser" in page
    assert "Begrundede advarsler" in page and "Frivillige." in page


# PDF


@pytest.fixture
def pdf_text(tmp_path):
    def read(content: bytes, *options) -> str:
        path = tmp_path / "receipt.pdf"
        path.write_bytes(content)
        done = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True)
        return " ".join(done.stdout.split())

    return read


def test_the_pdf_says_what_the_page_says_and_no_more(version, carl, pdf_text):
    response = carl.get(RECEIPT + "kvittering.pdf")
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'attachment; filename="kvittering-2025-461-1.pdf"'
    content = pdf_text(response.content)
    for expected in (
        "Kvittering 2025-461-1",
        "Odense Kommune (461)",
        "Underskrevet af Carl",
        version.attestation,
        "Ingen indsatser at indberette: Socialområdet.",
        "I alt 2 1.250 0 1.250",
        version.checksum,
    ):
        assert expected in content
    assert "Mentorer" not in content and "Frivillige" not in content and "DEMO" not in content


def test_the_pdf_is_tagged_and_says_that_it_is_pdf_ua(version):
    content = receipt_pdf(version, [])
    assert b"pdfuaid:part" in content and b"/StructTreeRoot" in content and b"/Lang(da-DK)" in content
    assert content == receipt_pdf(version, [])


def test_the_pdf_of_demo_data_says_so_and_of_a_withdrawn_version_too(version, cast, carl, pdf_text):
    SurveyRound.objects.update(is_demo=True)
    transitions.withdraw(submission_id=version.submission_id, by=cast.carl)
    content = pdf_text(carl.get(RECEIPT + "kvittering.pdf").content)
    assert content.count("DEMO - opdigtede tal") == 2  # over the text and in it
    assert "Denne version er siden trukket tilbage" in content


def test_a_nil_return_has_its_own_words_in_the_pdf(odense, cast, carl, pdf_text):
    hand_in(odense, cast.carl)
    content = pdf_text(carl.get(RECEIPT + "kvittering.pdf").content)
    assert "at kommunen ingen indsatser havde i regnskabet for 2025" in content
    assert "Det indsendte i tal" not in content and "Netto" not in content


@pytest.mark.parametrize(
    "name", ["Åse Æbeløkke-Ørsted", "😀 علي", "<b> #let *x* $y$ \\", "Ås\u0065\u0301", "‮x"]
)
def test_any_name_can_be_printed(odense, cast, carl, pdf_text, name):
    type(cast.carl).objects.filter(pk=cast.carl.pk).update(name=name)
    hand_in(odense, type(cast.carl).objects.get(pk=cast.carl.pk))
    assert "Underskrevet af" in pdf_text(carl.get(RECEIPT + "kvittering.pdf").content)


def test_every_letter_that_is_let_through_has_a_font(odense, cast, pdf_text):
    hand_in(odense, cast.carl)
    version = SubmissionVersion.objects.get()
    version.submitted_by_name = "".join(map(chr, [*range(0x20, 0x7F), *range(0xA0, 0x482), 0x2014, 0x201E]))
    assert receipt_pdf(version, []).startswith(b"%PDF")


# Mail


def test_the_mail_has_number_time_totals_and_checksum_and_no_content(odense, cast):
    other = build_user("Dora", Role.APPROVER, odense.municipality)
    gone = build_user("Erik", Role.APPROVER, odense.municipality)
    type(gone).objects.filter(pk=gone.pk).update(is_active=False)
    build_initiative(odense, cast.anna, gross_expenditure=1_250_000)
    version = hand_in(odense, cast.carl)
    mails = OutgoingMail.objects.order_by("to")
    assert [mail.to for mail in mails] == [cast.carl.email, other.email]
    mail = mails[0]
    assert mail.subject == "Kvittering 2025-461-1 for Odense Kommunes besvarelse"
    for expected in (
        "Underskrevet af: Carl",
        "Antal indsatser: 1",
        "Bruttoudgifter i alt, 1.000 kr.: 1.250.000",
        version.checksum,
        "http://127.0.0.1:8000/kommune/kvittering/2025-461-1/",
    ):
        assert expected in mail.text
    assert "Mentorer" not in mail.text and "DEMO" not in mail.text and "&" not in mail.text


def test_the_mail_of_demo_data_says_so(odense, cast):
    SurveyRound.objects.update(is_demo=True)
    hand_in(odense, cast.carl)
    mail = OutgoingMail.objects.get()
    assert mail.subject.startswith("DEMO - opdigtede tal: Kvittering") and "DEMO - opdigtede tal" in mail.text
    assert "Ingen indsatser at indberette" in mail.text and "Bruttoudgifter" not in mail.text


def test_what_is_refused_sends_no_mail(odense, cast):
    build_initiative(odense, cast.anna)
    with pytest.raises(transitions.Refused):
        transitions.hand_in(submission_id=odense.pk, by=cast.carl, seen="")
    assert not OutgoingMail.objects.exists()


# Feedback


def test_what_it_took_is_told_afterwards_and_can_be_changed(version, carl, odense):
    assert 'name="minutes"' in text(carl.get(RECEIPT))
    response = carl.post(FEEDBACK, {"minutes": "1.250", "comment": "Felt 5 er svært."})
    assert response.url == RECEIPT and "Tilbagemeldingen er gemt" in told(response)
    carl.post(FEEDBACK, {"minutes": "90", "comment": "Felt 5 er svært."})
    feedback = Feedback.objects.get()
    assert (feedback.submission, feedback.minutes, feedback.comment) == (odense, 90, "Felt 5 er svært.")
    page = text(carl.get(RECEIPT))
    assert 'value="90"' in page and "Felt 5 er svært." in page
    carl.post(FEEDBACK, {})
    assert Feedback.objects.get().minutes is None


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"minutes": "2 timer"}, "Skriv tidsforbruget som et helt antal minutter, fx 90"),
        ({"minutes": "1,5"}, "Skriv tidsforbruget som et helt antal minutter"),
        ({"minutes": "-5"}, "Skriv tidsforbruget som et helt antal minutter"),
        ({"minutes": "60001"}, "højst være 60.000 minutter (1.000 timer)"),
        ({"minutes": "9" * 100_000}, "Skriv tidsforbruget som et helt antal minutter"),
        ({"comment": "Barnet 010190-1234"}, "Der står noget, der ligner et CPR-nummer"),
        ({"comment": "x" * 301}, "Bemærkningen må højst være 300 tegn. Den er nu 301."),
    ],
)
def test_bad_feedback_gets_its_message_and_is_not_lost(version, carl, data, message):
    response = carl.post(FEEDBACK, {"minutes": "5", "comment": "Min bemærkning"} | data)
    page = text(response)
    assert response.status_code == 422 and message in page
    assert ("Min bemærkning" in page or data["comment"] in page) and not Feedback.objects.exists()


@pytest.mark.parametrize("value", ["\x00", "😀", "‮abc", "<script>"])
def test_any_text_is_feedback_or_refused(version, carl, value):
    assert carl.post(FEEDBACK, {"comment": value}).status_code == (422 if "\x00" in value else 302)
    assert "<script>" not in carl.get(RECEIPT).content.decode().replace('<script src="', "")


def test_when_the_round_is_locked_feedback_is_refused_and_not_asked_for(version, carl):
    SurveyRound.objects.update(state=SurveyRound.State.LOCKED)
    response = carl.post(FEEDBACK, {"minutes": "5", "comment": "Min bemærkning"})
    assert response.status_code == 409 and "låst" in told(response) and "Min bemærkning" in text(response)
    assert 'name="minutes"' not in text(carl.get(RECEIPT)) and not Feedback.objects.exists()


@pytest.mark.parametrize(("name", "asked"), [("anna", True), ("lis", False), ("mette", False)])
def test_those_who_answered_are_asked_what_it_took(version, client_of, cast, name, asked):
    client = client_of(getattr(cast, name))
    assert ('name="minutes"' in text(client.get(RECEIPT))) is asked
    assert client.post(FEEDBACK, {"minutes": "5"}).status_code == (302 if asked else 403)
