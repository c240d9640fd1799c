"""The note for the municipal council: one page, the same in PDF and Word, and readable by a screen reader."""

import io
import re
from dataclasses import replace
from zipfile import ZipFile

import pytest
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import override
from docx import Document
from docx.oxml.ns import qn

from municipalities.models import Municipality
from reporting.comparison import compared_answer
from reporting.notes import pdf as module
from reporting.notes.content import council_note
from reporting.notes.pdf import pdf
from reporting.notes.word import docx
from survey import adjusting
from survey.models import Submission, SurveyRound
from survey.transitions import database_now
from tests.builders import build_initiative, hand_in
from tests.reporting.test_comparison import address


def note_of(submission):
    submission = Submission.objects.select_related("round", "municipality").get(pk=submission.pk)
    with override("da"):
        return council_note(compared_answer(submission, database_now()))


def pages(content: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", content))


@pytest.fixture
def note(handed_in):
    return note_of(handed_in.odense)


def words_of(document) -> str:
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_the_note_says_what_was_handed_in_and_how_it_compares(note, handed_in):
    assert note.title == "Ikke-lovpligtige integrationsindsatser i Odense Kommune"
    assert "Kortlægning af regnskab 2025" in note.lead
    assert "som ingen lov kræver" in note.survey and "Lovpligtige opgaver er ikke med" in note.survey
    assert note.reported_intro == "Kommunen har indberettet 2 indsatser."
    assert note.reported.caption == "Indsatser efter område, 1.000 kr. i 2025-priser"
    assert note.reported.rows[0] == ["Beskæftigelsesområdet", "1", "16.800", "0", "16.800"]
    assert note.reported.rows[-1] == ["I alt", "2", "21.000", "0", "21.000"]
    assert note.peers.rows[-1] == ["I alt", "100", *["2", "3", "4"] * 3]
    assert note.sentences[1] == (
        "over den øvre kvartil (4 kr.) for kommuner i Region Syddanmark (de 5 andre, der havde svaret "
        f"{date_format(localtime(handed_in.version.submitted_at), 'DATE_FORMAT')})"
    )
    assert handed_in.version.receipt_number in note.receipt and handed_in.version.checksum in note.receipt
    assert note.mark == "" and "DEMO" not in str(note)


def test_a_nil_return_has_its_note_too(peers, cast):
    peers.odense.initiatives.all().delete()
    hand_in(peers.odense, cast.carl)
    note = note_of(peers.odense)
    assert note.reported_intro == "Kommunen har underskrevet, at den ingen indsatser havde at indberette."
    assert note.reported.rows[-1] == ["I alt", "0", "0", "0", "0"] and pages(pdf(note)) == 1


def test_the_note_tells_what_was_reported_from_what_counts_after_corrections(handed_in, cast):
    adjusting.adjust(
        initiative_id=handed_in.version.initiatives.get(title="Netværk").pk,
        by=cast.mette,
        seen=None,
        reason="kroner",
        explanation="Aftalt",
        out_of_scope=True,
    )
    note = note_of(handed_in.odense)
    assert note.reported_intro == (
        "Kommunen har indberettet 2 indsatser. Tabellen viser den indsats, der tæller, og beløbene, som "
        "de tæller efter ministeriets rettelser."
    )
    assert note.reported.rows[-1] == ["I alt", "1", "16.800", "0", "16.800"]
    assert pages(pdf(note)) == 1


def test_the_pdf_is_one_accessible_page(note):
    content = pdf(note)
    assert content.startswith(b"%PDF-") and pages(content) == 1
    assert b"<pdfuaid:part>1</pdfuaid:part>" in content
    assert b"da-DK" in content
    assert pdf(note) == content


def test_a_picture_without_an_alternative_text_is_refused(note, tmp_path, monkeypatch):
    """The twin of the test above: what makes the PDF accessible is checked by typst, not by us."""
    bare = tmp_path / "note.typ"
    bare.write_text(module.TEMPLATE.read_text().replace(", alt: note.chart_alt", ""))
    monkeypatch.setattr(module, "TEMPLATE", bare)
    with pytest.raises(RuntimeError, match="alt text"):
        pdf(note)


def test_the_longest_names_and_largest_amounts_stay_on_one_page(peers, cast):
    Municipality.objects.filter(name="Odense").update(
        name="Ringkøbing-Skjern", official_name="Ringkøbing-Skjern Kommune"
    )
    SurveyRound.objects.update(is_demo=True)
    for area in ("general", "daycare_school", "culture_leisure", "health_elderly"):
        for title in ("Ét", "To"):
            build_initiative(
                peers.odense, cast.carl, service_area=area, title=title, gross_expenditure=99_999_999
            )
    hand_in(peers.odense, cast.carl)
    note = note_of(peers.odense)
    assert note.reported.rows[-1][2] == "800.020.992"
    assert pages(pdf(note)) == 1


def test_the_word_document_is_made_for_being_read_aloud(note):
    document = Document(io.BytesIO(docx(note)))
    assert document.core_properties.title == note.title
    assert document.core_properties.language == "da-DK"
    headings = [(p.style.name, p.text) for p in document.paragraphs if p.style.name.startswith("Heading")]
    assert headings == [
        ("Heading 1", note.title),
        ("Heading 2", note.reported_heading),
        ("Heading 2", note.peers_heading),
    ]
    heads = [[row._tr.find(f".//{qn('w:tblHeader')}") is not None for row in t.rows] for t in document.tables]
    assert heads == [[True] + [False] * 7, [True, True] + [False] * 7]
    (picture,) = document.inline_shapes
    assert picture._inline.docPr.get("descr") == note.chart_alt
    assert "4 kr." in note.chart_alt
    languages = {node.get(qn("w:val")) for node in document.styles.element.iter(qn("w:lang"))}
    assert languages == {"da-DK"}
    (section,) = document.sections
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)


def test_the_word_document_holds_all_that_the_note_says(note):
    shown = words_of(Document(io.BytesIO(docx(note))))
    texts = [note.lead, note.survey, note.reported_intro, note.peers_intro, *note.sentences]
    texts += [note.chart_caption, note.basis, note.receipt, note.reported.caption, note.peers.caption]
    cells = [cell for table in (note.reported, note.peers) for row in table.rows for cell in row]
    groups = [name for name, _count in note.peers.groups]
    for text in [*texts, *cells, *groups, *note.reported.headings, *note.peers.headings]:
        assert text in shown


def test_the_word_document_s_tables_are_in_the_schema_s_order(note):
    """Word calls a document damaged where LibreOffice does not mind."""
    content = ZipFile(io.BytesIO(docx(note))).read("word/document.xml").decode()
    for properties in re.findall(r"<w:tblPr>.*?</w:tblPr>", content, re.DOTALL):
        names = re.findall(r"<w:(tbl\w+|jc)\b", properties.replace("<w:tblPr>", ""))
        order = ["tblStyle", "tblW", "jc", "tblLayout", "tblCellMar", "tblLook"]
        assert names == sorted(names, key=order.index)


def test_made_up_figures_say_so_in_both(note):
    marked = replace(note, mark="DEMO - opdigtede tal")
    assert "DEMO - opdigtede tal" in words_of(Document(io.BytesIO(docx(marked))))
    assert "DEMO" not in words_of(Document(io.BytesIO(docx(note))))
    assert len(pdf(marked)) != len(pdf(note))


def test_the_note_is_danish_whatever_the_reader_s_language(handed_in, cast, client_of):
    client = client_of(cast.lis)
    client.post("/sprog/", {"language": "en", "next": "/"})
    response = client.get(address("note_docx"))
    document = Document(io.BytesIO(response.content))
    assert "Kommunen har indberettet 2 indsatser." in words_of(document)
    assert "Beskæftigelsesområdet" in words_of(document) and "I alt" in words_of(document)
    assert response["Content-Disposition"] == 'attachment; filename="notat-461-2025.docx"'
    response = client.get(address("note_pdf"))
    assert response["Content-Type"] == "application/pdf" and response.content.startswith(b"%PDF-")
