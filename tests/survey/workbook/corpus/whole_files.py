"""Files that are refused as a whole: (what it is, a function that makes it, what the message says)."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import xlsxwriter

from survey.workbook.columns import TEMPLATE, Stamp
from survey.workbook.guarding import ENCRYPTED, OLE
from survey.workbook.table import MAX_ROWS, letters
from tests.survey.workbook.files import COMPLETE, STAMP, csv_file, headings, in_cell, repacked, workbook

FILES = Path(__file__).parent / "files"
TYPES = "[Content_Types].xml"
SHEET1, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
LAUGHS = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>'


def stored(name: str) -> bytes:
    return (FILES / name).read_bytes()


def with_types(part: bytes):
    """A workbook whose list of contents names that too."""
    override = b'<Override PartName="/xl/x.bin" ContentType="%s"/></Types>' % part
    return repacked(workbook(COMPLETE), {TYPES: lambda types: types.replace(b"</Types>", override)})


def with_doctype(part: str) -> bytes:
    def change(xml: bytes) -> bytes:
        head, _sep, rest = xml.partition(b"?>")
        return head + b"?>" + LAUGHS + rest

    return repacked(workbook(COMPLETE), {part: change})


def encoded(part: str, encoding: str) -> bytes:
    def change(xml: bytes) -> bytes:
        return xml.decode().replace("UTF-8", encoding).encode(encoding)

    return repacked(workbook(COMPLETE), {part: change})


def zipped(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), data)
    return file.getvalue()


def bomb(megabytes: int) -> bytes:
    """A workbook with a part of spaces: some kB on disk."""
    return repacked(workbook(COMPLETE), {"xl/media/x.xml": b" " * (megabytes * 1024 * 1024)})


def noise(size: int) -> bytes:
    """Bytes that do not pack well."""
    import random

    return random.Random(1).randbytes(size)


def filled_up(unpacked: int) -> bytes:
    """A workbook of just under 5 MB that is that large unpacked, packed some ten times."""
    return repacked(workbook(COMPLETE), {"xl/media/x.bin": noise(4_000_000) + b" " * (unpacked - 4_000_000)})


def encrypted_entries() -> bytes:
    """As 7-Zip packs with a password: flagged part by part."""
    data = bytearray(workbook(COMPLETE))
    for sign, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = data.find(sign)
        while start >= 0:
            data[start + at] |= 1
            start = data.find(sign, start + 4)
    return bytes(data)


def lying_about_size() -> bytes:
    """The directory says ten bytes of a sheet that is longer."""
    data = bytearray(workbook(COMPLETE))
    name = data.rfind(SHEET1.encode())  # in the directory, whose entry begins 46 bytes before the name
    data[name - 46 + 24 : name - 46 + 28] = (10).to_bytes(4, "little")
    return bytes(data)


def headed(change: Callable[[list[str]], list[str]]) -> bytes:
    """The template with other headings, and a row below them."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Indsatser")
        book.add_worksheet("Skabelon").write("A1", "Hentet")
        sheet.write_row(1, 0, change(headings()))
        sheet.write(2, 1, "Mentorer")
    return file.getvalue()


def renamed(old: str, new: str) -> bytes:
    to = {"xl/workbook.xml": lambda xml: xml.replace(f'name="{old}"'.encode(), f'name="{new}"'.encode())}
    return repacked(workbook(COMPLETE), to)


def for_another(**what) -> Stamp:
    return Stamp(**{"template": TEMPLATE, "accounts_year": 2025, "municipality_code": "461"} | what)


REFUSED: list[tuple[str, Callable[[], bytes], str]] = [
    ("an empty file", lambda: b"", "Filen er tom."),
    ("a PDF", lambda: b"%PDF-1.7\n" + noise(1000), "ikke et regneark"),
    ("a picture", lambda: b"\x89PNG\r\n\x1a\n" + noise(1000), "ikke et regneark"),
    ("bytes of no kind", lambda: noise(1000), "ikke et regneark"),
    ("a zip of something else", lambda: zipped(a_txt=b"hej"), "ikke et regneark"),
    ("an empty zip", lambda: zipped(), "ikke et regneark"),
    (
        "a Word document",
        lambda: repacked(workbook(), {TYPES: lambda x: x.replace(b"spreadsheetml", b"wordprocessingml")}),
        "ikke et regneark",
    ),
    (
        "a zip of a thousand parts",
        lambda: zipped(**{f"p{n}_xml": b"" for n in range(1001)}),
        "ikke et regneark",
    ),
    ("Excel 97-2003", lambda: stored("libreoffice.xls"), "gamle format (.xls)"),
    ("OpenDocument", lambda: stored("libreoffice.ods"), "LibreOffices eget format (.ods)"),
    ("binary Excel", lambda: zipped(xl__workbook_bin=b"x"), "binære format (.xlsb)"),
    ("macros by type", lambda: with_types(b"application/vnd.ms-office.vbaProject"), "har makroer"),
    ("an .xlsm", lambda: with_types(b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"), "har makroer"),
    (
        "an .xlsm renamed to .xlsx, its types silent",
        lambda: repacked(workbook(COMPLETE), {"xl/vbaProject.bin": b"x"}),
        "har makroer",
    ),
    ("macros of Excel 4", lambda: with_types(b"application/vnd.ms-excel.macrosheet+xml"), "har makroer"),
    ("a workbook with a password", lambda: OLE + noise(2000) + ENCRYPTED, "adgangskode"),
    ("a zip with a password", encrypted_entries, "adgangskode"),
    ("the first half", lambda: workbook(COMPLETE)[:3000], "ikke hel"),
    ("all but the last bytes", lambda: workbook(COMPLETE)[:-30], "ikke hel"),
    ("a sheet longer than its directory says", lying_about_size, "ikke hel"),
    (
        "a sheet that ends in the middle",
        lambda: repacked(workbook(COMPLETE), {SHEET1: lambda xml: xml[: len(xml) // 2]}),
        "kan ikke læses",
    ),
    ("no sheet", lambda: repacked(workbook(COMPLETE), {SHEET1: None}), "kan ikke læses"),
    ("no names of sheets", lambda: repacked(workbook(COMPLETE), {"xl/workbook.xml": None}), "kan ikke læses"),
    (
        "a string that is not there",
        lambda: repacked(workbook(COMPLETE), {SHEET1: lambda xml: xml.replace(b"<v>3</v>", b"<v>999</v>")}),
        "kan ikke læses",
    ),
    (
        "cells without a place",
        lambda: repacked(workbook(COMPLETE), {SHEET1: lambda xml: xml.replace(b' r="B3"', b"")}),
        "kan ikke læses",
    ),
    (
        "attributes in other quotes, which would make a text a number",
        lambda: repacked(workbook(COMPLETE), {SHEET1: lambda xml: xml.replace(b't="s"', b"t='s'")}),
        "kan ikke læses",
    ),
    (
        "rows in disorder",
        lambda: repacked(
            workbook(COMPLETE, COMPLETE),
            {SHEET1: lambda xml: xml.replace(b'3"', b'9"').replace(b'4"', b'3"')},
        ),
        "kan ikke læses",
    ),
    ("over 5 MB", lambda: b"PK\x03\x04" + bytes(5_000_000), "over 5 MB"),
    ("over 50 MB unpacked", lambda: filled_up(60_000_000), "over 50 MB, når den pakkes ud"),
    ("packed over 100 times", lambda: bomb(40), "over 100 gange"),
    ("packed over 100 times, and over 50 MB", lambda: bomb(60), "over 50 MB, når den pakkes ud"),
    ("5,001 rows", lambda: workbook(*[{"title": "x"}] * (MAX_ROWS + 1)), "over 5.000 rækker"),
    ("5,001 rows of CSV", lambda: csv_file(*[{"title": "x"}] * (MAX_ROWS + 1)), "over 5.000 rækker"),
    ("two million empty cells", lambda: _flood(b'<c r="A1"/>', 2_000_000), "over 250.000 celler"),
    ("cells beside the form, 900,000", lambda: beside(900_000), "over 250.000 celler"),
    ("strings, 900,000", lambda: many_strings(900_000), "over 250.000 celler"),
    (
        "CSV with a million cells in a row",
        lambda: csv_file(COMPLETE) + b"\r\n" + b"x;" * 1_000_000,
        "over 250.000",
    ),
    ("cells that end in a space", lambda: _flood(b'<c r="A1"><v>1</v></c >', 60_000), "kan ikke læses"),
    ("strings that end in a space", lambda: _flood(b"<si><r/></si >", 60_000, STRINGS), "kan ikke læses"),
    ("readings that end in a space", lambda: _flood_of_readings(b"<rPh></rPh >"), "kan ikke læses"),
    ("rows that end in a space", lambda: _flood(b"<row></row >", 60_000), "kan ikke læses"),
    ("a number of 999 digits", lambda: numbered("1e999"), "kan ikke læses"),
    ("a negative one", lambda: numbered("-1e999"), "kan ikke læses"),
    ("a number that is none", lambda: numbered("nan"), "kan ikke læses"),
    ("a number as Python alone writes it", lambda: numbered("1_0"), "kan ikke læses"),
    ("the string before the first", lambda: numbered("-1", "s"), "kan ikke læses"),
    (
        "a format whose number is none",
        lambda: repacked(
            workbook(COMPLETE), {"xl/styles.xml": lambda xml: xml.replace(b'numFmtId="0"', b'numFmtId="x"')}
        ),
        "kan ikke læses",
    ),
    ("entities in a sheet", lambda: with_doctype(SHEET1), "XML-entiteter"),
    ("entities in the strings", lambda: with_doctype(STRINGS), "XML-entiteter"),
    ("entities in the formats", lambda: with_doctype("xl/styles.xml"), "XML-entiteter"),
    ("entities where nobody reads", lambda: with_doctype("docProps/core.xml"), "XML-entiteter"),
    ("entities in UTF-16", lambda: _doctype_in_utf_16(), "kan ikke læses"),
    ("a sheet in UTF-16", lambda: encoded(SHEET1, "UTF-16"), "kan ikke læses"),
    ("a sheet in another code page", lambda: encoded(SHEET1, "cp1252"), "kan ikke læses"),
    (
        "a comment that hides a cell",
        lambda: repacked(
            workbook(COMPLETE), {SHEET1: lambda xml: xml.replace(b"<sheetData>", b"<sheetData><!-- <c -->")}
        ),
        "kan ikke læses",
    ),
    (
        "links to another workbook",
        lambda: repacked(workbook(COMPLETE), {"xl/externalLinks/externalLink1.xml": b"<externalLink/>"}),
        "kæder til andre filer",
    ),
    (
        "links by type",
        lambda: with_types(b"application/vnd.openxmlformats-officedocument.spreadsheetml.externalLink+xml"),
        "kæder til andre filer",
    ),
    (
        "a connection to a database",
        lambda: with_types(b"application/vnd.openxmlformats-officedocument.spreadsheetml.connections+xml"),
        "kæder til andre filer",
    ),
    (
        "another round's",
        lambda: workbook(COMPLETE, stamp=for_another(accounts_year=2024)),
        "regnskabet for 2024",
    ),
    ("another round's CSV", lambda: csv_file(stamp=for_another(accounts_year=2024)), "regnskabet for 2024"),
    (
        "another municipality's",
        lambda: workbook(stamp=for_another(municipality_code="751")),
        "anden kommune (751)",
    ),
    ("another version's", lambda: workbook(stamp=for_another(template=TEMPLATE + 1)), "lavet om"),
    ("a workbook of somebody's own", lambda: headed(lambda texts: ["Navn", "Beløb"]), "overskrifter er ikke"),
    ("an empty sheet", lambda: headed(lambda texts: []), "overskrifter er ikke"),
    ("the sheet renamed", lambda: renamed("Indsatser", "Ark1"), "Arket Indsatser mangler"),
    ("the list of what was downloaded gone", lambda: renamed("Skabelon", "Ark2"), "overskrifter er ikke"),
    (
        "without a column",
        lambda: headed(lambda texts: texts[:4] + texts[5:]),
        "”3. Bruttoindtægter (1.000 kr.",
    ),
    ("without the ids", lambda: headed(lambda texts: texts[:-1]), "Kolonnen ”Id” mangler"),
    ("a column twice", lambda: headed(lambda texts: [*texts, texts[1]]), "”1. Initiativ” står to gange"),
    ("the ids twice", lambda: headed(lambda texts: [*texts, texts[-1]]), "Kolonnen ”Id” står to gange"),
    ("a column of one's own", lambda: headed(lambda texts: [*texts, "Note"]), "”Note” hører ikke til"),
    ("CSV without headings", lambda: b"Mentorer;1250\r\n", "overskrifter er ikke"),
    ("CSV with commas", lambda: csv_file(COMPLETE, separator=","), "overskrifter er ikke"),
    ("CSV in UTF-16", lambda: csv_file(COMPLETE, encoding="utf-16"), "gemt som Unicode"),
    ("CSV in no known code", lambda: b"\x81\x8d;\xff\r\n", "tegn kan ikke læses"),
    ("CSV with a quote that never ends", lambda: csv_file() + b'\r\n"' + b"x" * 300_000, "fra linje"),
]


def _flood(xml: bytes, count: int, part: str = SHEET1) -> bytes:
    """Many times the same at the end of a row or of the strings, and noise: packed less than 100 times."""
    end = b"</row>" if part == SHEET1 else b"</sst>"
    change = {
        part: lambda old: old.replace(end, xml * count + end, 1),
        "xl/media/x.bin": noise(len(xml) * count // 90),
    }
    return repacked(workbook(COMPLETE), change)


def _flood_of_readings(xml: bytes) -> bytes:
    return _flood(b'<c r="Z1" t="inlineStr"><is>' + xml * 60_000 + b"</is></c>", 1)


def beside(count: int) -> bytes:
    """Cells beside the form, 1,500 in a row, each of them an error."""
    places = [letters(place) for place in range(100, 1_600)]
    rows = "".join(
        f'<row r="{row}">' + "".join(f'<c r="{place}{row}"><v>1</v></c>' for place in places) + "</row>"
        for row in range(10, 10 + count // 1_500)
    ).encode()
    change = {
        SHEET1: lambda xml: xml.replace(b"</sheetData>", rows + b"</sheetData>"),
        "xl/media/x.bin": noise(len(rows) // 90),
    }
    return repacked(workbook(COMPLETE), change)


def many_strings(count: int) -> bytes:
    return _flood(b"<si><t>\xc3\xa6\xc3\xb8\xc3\xa5</t></si>", count, STRINGS)


def numbered(value: str, kind: str = "n") -> bytes:
    xml = f'<c r="REF" t="{kind}"><v>{value}</v></c>'
    return in_cell(workbook(COMPLETE), "target_share", xml)


def _doctype_in_utf_16() -> bytes:
    def change(xml: bytes) -> bytes:
        head, _sep, rest = xml.partition(b"?>")
        return (head + b"?>" + LAUGHS + rest).decode().replace("UTF-8", "UTF-16").encode("utf-16")

    return repacked(workbook(COMPLETE), {SHEET1: change})


# A ">" in an attribute looks like the tag's end: what ends after it is looked for, and is not there.
UNENDING = [
    ("cells", lambda: _flood(b'<c r="Z1" x="a>"/>', 60_000)),
    ("strings", lambda: _flood(b'<si x="a>"/>', 60_000, STRINGS)),
    ("readings", lambda: _flood_of_readings(b'<rPh x="a>"/>')),
]

assert STAMP  # the files are made for it
