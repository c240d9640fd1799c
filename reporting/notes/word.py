"""The council's note as a Word document with real headings, header rows and an alternative text."""

import io

from docx import Document
from docx.document import Document as Doc
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table, _Cell
from docx.text.run import Run

from reporting.figures import to_png
from reporting.figures.drawing import INK, WARNING
from reporting.notes.content import CouncilNote, NoteTable

FONT = "Arial"  # on every machine that has Word


def docx(note: CouncilNote) -> bytes:
    """In Danish, for Word to read aloud as such."""
    document = Document()
    _set_up(document, note)
    if note.mark:
        mark = document.add_paragraph().add_run(note.mark)
        mark.bold, mark.font.color.rgb = True, RGBColor.from_string(WARNING[1:])
    document.add_heading(note.title, level=1)
    document.add_paragraph(note.lead)
    document.add_paragraph(note.survey)
    document.add_heading(note.reported_heading, level=2)
    document.add_paragraph(note.reported_intro)
    _table(document, note.reported, [66, 18, 32, 32, 26], 8.5)
    document.add_heading(note.peers_heading, level=2)
    document.add_paragraph(note.peers_intro)
    for sentence in note.sentences:
        document.add_paragraph(sentence, style="List Bullet")
    _picture(document, note)
    document.add_paragraph(note.chart_caption)
    _table(document, note.peers, [44, 17, *[12.5] * 9], 7)
    for text in (note.basis, note.receipt):
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.space_before = Pt(3)
        paragraph.add_run(text).font.size = Pt(7.5)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _set_up(document: Doc, note: CouncilNote) -> None:
    properties = document.core_properties
    properties.title, properties.language = note.title, "da-DK"
    properties.author = properties.comments = ""
    properties.created = properties.modified = note.written_at
    (section,) = document.sections
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(18)
    section.top_margin, section.bottom_margin = Mm(12), Mm(10)
    for name, size, above in (
        ("Normal", 9, 0),
        ("Heading 1", 16, 0),
        ("Heading 2", 11, 5),
        ("List Bullet", 9, 0),
        ("Caption", 8, 0),
    ):
        style = document.styles[name]
        style.font.name, style.font.size = FONT, Pt(size)
        style.font.color.rgb = RGBColor.from_string(INK[1:])
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for part in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(part), None)  # or the theme's font wins
        style.paragraph_format.space_before = Pt(above)
        style.paragraph_format.space_after = Pt(3 if name != "List Bullet" else 0)
        style.paragraph_format.line_spacing = 1
    _speak_danish(document)


def _speak_danish(document: Doc) -> None:
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "da-DK")


def _table(document: Doc, data: NoteTable, widths: list[float], size: float) -> None:
    """`widths` of the columns in mm, together those of the page; `size` of the letters in points."""
    caption = document.add_paragraph(data.caption, style="Caption")
    caption.paragraph_format.keep_with_next = True
    columns = len(data.headings)
    table = document.add_table(rows=0, cols=columns, style="Table Grid")
    table.autofit = False
    _narrow_margins(table)
    if data.groups:
        cells = _add_row(table, [""] * columns, size, is_head=True)
        place = 0
        for name, count in data.groups:
            group = cells[place].merge(cells[place + count - 1])
            _fill(group, name, size, WD_ALIGN_PARAGRAPH.CENTER).bold = True
            place += count
    _add_row(table, data.headings, size, is_head=True)
    for number, texts in enumerate(data.rows, start=1):
        _add_row(table, texts, size, is_total=number == len(data.rows))
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
        for cell in column.cells:
            if cell.grid_span == 1:
                cell.width = column.width


def _narrow_margins(table: Table) -> None:
    """Of the cells: ten columns have no room for Word's own 1.9 mm on each side."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("w:left", "w:right"):
        margin = OxmlElement(side)
        margin.set(qn("w:w"), str(Mm(0.8).twips))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.find(qn("w:tblLook")).addprevious(margins)  # the schema's order


def _add_row(table: Table, texts: list[str], size: float, *, is_head=False, is_total=False) -> list[_Cell]:
    row = table.add_row()
    if is_head:
        row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # read aloud as headings
    cells = list(row.cells)
    for place, (cell, text) in enumerate(zip(cells, texts, strict=True)):
        side = WD_ALIGN_PARAGRAPH.RIGHT if place else WD_ALIGN_PARAGRAPH.LEFT
        _fill(cell, text, size, side).bold = is_head or is_total
    return cells


def _fill(cell: _Cell, text: str, size: float, side: WD_ALIGN_PARAGRAPH) -> Run:
    """The cell's only paragraph anew."""
    cell.text = ""
    paragraph = cell.paragraphs[0]
    paragraph.alignment, paragraph.paragraph_format.space_after = side, Pt(0)
    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    return run


def _picture(document: Doc, note: CouncilNote) -> None:
    run = document.add_paragraph().add_run()
    picture = run.add_picture(io.BytesIO(to_png(note.chart, scale=3)), width=Mm(95))
    properties = picture._inline.docPr
    properties.set("descr", note.chart_alt)
    properties.set("name", note.title)
