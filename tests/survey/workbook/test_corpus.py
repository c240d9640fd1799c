"""The corpus: every file and cell that is refused, with its message, and every one that is read."""

import io
import re
import shutil
import subprocess
import time
import zipfile

import pytest
from python_calamine import CalamineWorkbook

from survey.workbook import wording
from survey.workbook.reading import MAX_ERRORS, read
from survey.workbook.table import BadFile
from survey.workbook.writing import FIRST
from tests.survey.workbook.corpus.cells import BAD, GOOD, Typed
from tests.survey.workbook.corpus.whole_files import REFUSED, SHEET1, STRINGS, UNENDING, beside, stored
from tests.survey.workbook.files import COMPLETE, PLACE, STAMP, csv_file, in_cell, repacked, workbook


def file_with(name, cell) -> bytes:
    """A complete row with that cell."""
    if not isinstance(cell, Typed):
        return workbook(COMPLETE | {name: cell})
    if cell.xml:
        return in_cell(workbook(COMPLETE | {name: "her"}), name, cell.xml)

    def write(book, sheet):
        sheet.write(FIRST, PLACE[name], cell.value, book.add_format({"num_format": cell.form}))

    return workbook({k: v for k, v in COMPLETE.items() if k != name}, alter=write)


@pytest.mark.parametrize(
    ("make", "message"), [(m, t) for _n, m, t in REFUSED], ids=[n for n, _m, _t in REFUSED]
)
def test_a_file_is_refused_by_name_and_quickly(make, message):
    data = make()
    began = time.process_time()
    with pytest.raises(BadFile) as refused:
        read(data, STAMP)
    assert time.process_time() - began < 2
    assert message in wording.refusal(refused.value)


@pytest.mark.parametrize("make", [make for _n, make in UNENDING], ids=[name for name, _m in UNENDING])
def test_a_file_takes_no_longer_than_its_length(make):
    data = make()
    began = time.process_time()
    contents = read(data, STAMP)
    assert time.process_time() - began < 2
    assert [row.values["title"] for row in contents.rows] == ["Mentorer til kvinder"]


def test_empty_strings_after_the_last_text_count_too():
    empty = {STRINGS: lambda xml: xml.replace(b"</sst>", b"<si/><si/></sst>")}
    count = len(re.findall(rb"<si>", zipfile.ZipFile(io.BytesIO(workbook(COMPLETE))).read(STRINGS)))
    cell = f'<c r="REF" t="s"><v>{count + 1}</v></c>'
    contents = read(repacked(in_cell(workbook(COMPLETE), "content", cell), empty), STAMP)
    assert contents.rows[0].values["content"] == ""


def test_a_row_whose_cell_ends_in_a_space_is_not_lost_without_a_word():
    def change(xml: bytes) -> bytes:
        head, _end, tail = xml.rpartition(b"</c></row>")
        return head + b"</c ></row>" + tail

    data = repacked(workbook(COMPLETE, {"title": "Den sidste"}), {SHEET1: change})
    with pytest.raises(BadFile, match="unreadable"):
        read(data, STAMP)


def test_after_a_thousand_errors_no_more_are_looked_for():
    for data in (beside(100_000), workbook(*[COMPLETE | {"gross_expenditure": "x"}] * 1_200)):
        began = time.process_time()
        assert len(read(data, STAMP).errors) == MAX_ERRORS
        assert time.process_time() - began < 2


def test_a_number_of_the_template_that_is_longer_than_any_is_none():
    data = csv_file(COMPLETE).decode("utf-8-sig").replace("skabelon 1", "skabelon 1" + "9" * 5000)
    with pytest.raises(BadFile):
        read(data.encode(), STAMP)


@pytest.mark.parametrize(("name", "cell", "value"), GOOD)
def test_a_cell_is_read_as_it_is_meant(name, cell, value):
    contents = read(file_with(name, cell), STAMP)
    assert contents.errors == []
    values = contents.rows[0].values
    if name == "target_share":
        assert (values["target_share"], values["target_share_unknown"]) == value
    else:
        assert values[name] == value


@pytest.mark.parametrize(("name", "cell", "message"), BAD)
def test_a_wrong_cell_is_told_at_its_place_with_the_remedy(name, cell, message):
    contents = read(file_with(name, cell), STAMP)
    letter = chr(65 + PLACE[name])
    assert [message in error.message for error in contents.errors] == [True], contents.errors
    assert contents.errors[0].place.startswith(f"Indsatser, række 3, kolonne {letter} (")
    assert contents.errors[0].place.endswith(f"), celle {letter}3")
    assert contents.rows == []  # nothing of a row with an error is left to import


def renamed_state() -> bytes:
    """The sheet of initiatives hidden, which no program does to the only visible one."""
    hide = {
        "xl/workbook.xml": lambda xml: xml.replace(b'name="Indsatser"', b'name="Indsatser" state="hidden"')
    }
    return repacked(workbook(COMPLETE), hide)


def prefixed(data: bytes) -> bytes:
    """As libraries of .NET write: a prefix for the namespace before every tag."""

    def change(xml: bytes) -> bytes:
        return re.sub(rb"<(/?)([a-zA-Z])", rb"<\1x:\2", xml).replace(b" xmlns=", b" xmlns:x=")

    return repacked(data, dict.fromkeys((SHEET1, STRINGS, "xl/workbook.xml"), change))


def shaped(method, *args, rows=2):
    """A workbook whose sheet something is done to by XlsxWriter."""
    return workbook(*[COMPLETE] * rows, alter=lambda book, sheet: getattr(sheet, method)(*args))


def with_sheet(hidden: bool, text: str) -> bytes:
    def add(book, sheet):
        other = book.add_worksheet("Noter")
        other.write(0, 0, text)
        if hidden:
            other.hide()

    return workbook(COMPLETE, alter=add)


HIDDEN = {"hidden": True}
SHAPES = [
    ("hidden row", shaped("set_row", 3, 15, None, HIDDEN), "Indsatser, række 4", "Rækken er skjult."),
    ("row of no height", shaped("set_row", 3, 0), "Indsatser, række 4", "Rækken er skjult."),
    (
        "hidden column",
        shaped("set_column", 10, 10, 20, None, HIDDEN),
        "Indsatser, kolonne K (8. Indhold)",
        "Kolonnen er skjult og har indhold.",
    ),
    (
        "merged cells",
        shaped("merge_range", 2, 2, 2, 3, 5),
        "Indsatser, række 3, kolonne C (2. Bruttoudgifter), celle C3",
        "Cellerne C3:D3 er flettet. Ophæv fletningen",
    ),
    ("hidden sheet", renamed_state(), "Indsatser", "Arket er skjult. Vis det"),
    ("a sheet of notes", with_sheet(False, "noter"), "Noter", "Arket læses ikke. Flyt indholdet"),
    ("a hidden sheet of notes", with_sheet(True, "noter"), "Noter", "Arket er skjult og har indhold."),
    (
        "outside the columns",
        shaped("write", 2, 20, "note"),
        "Indsatser, række 3, kolonne U, celle U3",
        "Cellen står uden for skemaet.",
    ),
]
HARMLESS = [
    ("a hidden row without content", shaped("set_row", 40, 15, None, HIDDEN)),
    ("the ids hidden", shaped("set_column", PLACE["id"], PLACE["id"], 20, None, HIDDEN)),
    ("a hidden column outside", shaped("set_column", 30, 30, 20, None, HIDDEN)),
    ("an empty sheet more", with_sheet(False, "")),
    ("a link in a cell", shaped("write_url", 2, 1, "https://example.org/", None, "Mentorer til kvinder")),
    ("cells merged above the headings", shaped("merge_range", 0, 0, 0, 3, "Titel")),
    ("a prefix before every tag", prefixed(workbook(COMPLETE, COMPLETE))),
]


@pytest.mark.parametrize(
    ("data", "place", "message"), [shape[1:] for shape in SHAPES], ids=[shape[0] for shape in SHAPES]
)
def test_what_is_not_seen_or_not_read_is_told_at_its_place(data, place, message):
    (error,) = read(data, STAMP).errors
    assert error.place == place
    assert message in error.message


@pytest.mark.parametrize("data", [data for _n, data in HARMLESS], ids=[name for name, _d in HARMLESS])
def test_what_does_no_harm_is_read(data):
    contents = read(data, STAMP)
    assert contents.errors == []
    assert contents.rows[0].values["title"] == "Mentorer til kvinder"


TEXTS = [(name, cell) for name, cell, _message in BAD if isinstance(cell, str)]


@pytest.mark.parametrize(("name", "cell"), TEXTS)
def test_csv_is_judged_as_the_workbook_is(name, cell):
    row = COMPLETE | {name: cell}
    in_csv, in_workbook = read(csv_file(row), STAMP).errors, read(workbook(row), STAMP).errors
    assert [error.message for error in in_csv] == [error.message for error in in_workbook]
    assert in_csv[0].place.startswith(f"Række 2, kolonne {chr(65 + PLACE[name])} (")


def test_the_corpus_is_large_enough():
    assert len(REFUSED) + len(GOOD) + len(BAD) >= 60


def test_a_file_that_libreoffice_saved_is_read_as_the_one_it_opened():
    contents = read(stored("libreoffice.xlsx"), STAMP)
    assert contents.errors == []
    assert [row.values["title"] for row in contents.rows] == ["Mentorer til kvinder"]
    assert contents.rows[0].values["gross_expenditure"] == 1250
    assert contents.rows[0].values["target_share"] == 80
    assert contents.rows[0].uuid in contents.downloaded


@pytest.mark.skipif(not shutil.which("soffice"), reason="needs LibreOffice (soffice)")
def test_libreoffice_saves_what_is_read_again(tmp_path):
    rows = [
        COMPLETE,
        COMPLETE | {"title": "=1+1 👩‍👧 é", "content": "to\nlinjer _x0041_", "target_share": "-"},
    ]
    (tmp_path / "fil.xlsx").write_bytes(workbook(*rows))
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to"]
    saved = [*command, "xlsx:Calc MS Excel 2007 XML", "--outdir", f"{tmp_path}/ud", f"{tmp_path}/fil.xlsx"]
    subprocess.run(saved, check=True, capture_output=True, timeout=120)
    contents = read((tmp_path / "ud" / "fil.xlsx").read_bytes(), STAMP)
    assert contents.errors == []
    assert [row.values for row in contents.rows] == [row.values for row in read(workbook(*rows), STAMP).rows]


def test_cp1252_is_known_for_what_it_is():
    contents = read(csv_file(COMPLETE | {"title": "Mødre på Ærø – 5 €"}, encoding="cp1252"), STAMP)
    assert contents.errors == []
    assert contents.rows[0].values["title"] == "Mødre på Ærø – 5 €"


def test_other_programs_read_the_same_texts():
    """Our reading of the XML beside python-calamine's, which knows nothing of this code."""
    texts = [cell for name, cell, _value in GOOD if name in ("title", "content") and isinstance(cell, str)]
    rows = [{"content": text} for text in texts if "_x" not in text and "\x01" not in text]
    data = workbook(*rows)
    ours = [row.values["content"] for row in read(data, STAMP).rows]
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name("Indsatser").to_python()
    assert ours == [row[PLACE["content"]] for row in sheet[-len(rows) :]]
