"""The cells of a workbook, as Excel, LibreOffice and their like write it. Pure.

Not python-calamine: it gives a formula's last value as if it were typed, knows no hidden rows and no formats
of numbers, and takes memory for every cell up to the outermost one. Guarding has proven that each "<"
begins a tag, so that regular expressions may read them, at the speed of C.
"""

import math
import posixpath
import re
from collections.abc import Iterable
from functools import cache
from itertools import islice
from xml.etree import ElementTree

from survey.workbook.guarding import Package
from survey.workbook.table import MAX_CELLS, MAX_ROWS, BadFile, Cell, Odd, Row, Sheet, column_number

SHEET, GUIDE, LISTS, DOWNLOAD = "Indsatser", "Vejledning", "Lister", "Skabelon"  # the template's sheets
MAX_STRINGS = 150_000
MAX_ELEMENTS = 100_000  # of the small parts: names, formats, relations
MAX_COLUMNS = 200
MAX_MERGED = 100  # more are not told one by one

# Bounded, or up to an end tag that is known to come (_to_last): no text takes longer than its length.
CELL = re.compile(
    rb'<c r="([A-Z]{1,3})[0-9]{1,7}"([^>]{0,100}(?<!/))>(?:<v>([^<]*)</v></c>|(.*?)</c>)', re.DOTALL
)
ROW_NUMBER = re.compile(rb'<c r="[A-Z]{1,3}([0-9]{1,7})"')
ATTRIBUTES = re.compile(rb'(?:\s+[\w:]+="[^"]*")*\s*')
STYLE, TYPE = re.compile(rb'\ss="(\d{1,6})"'), re.compile(rb'\st="(\w+)"')
VALUE = re.compile(rb"<v(?: [^>]*)?>([^<]*)</v>")
TEXT = re.compile(rb"<t(?: [^>]*)?>([^<]*)</t>")
STRING = re.compile(
    rb"<si>(?:<t>|<t xml:space=.preserve.>)([^<]*)</t></si>|<si(?:/>| [^>]*/>|(?: [^>]*)?>(.*?)</si>)",
    re.DOTALL,
)
PHONETIC = re.compile(rb"<rPh(?:\s[^>]*(?<!/))?>.*?</rPh>", re.DOTALL)
NUMBER = re.compile(rb"[+-]?(?:\d{1,400}(?:\.\d{0,400})?|\.\d{1,400})(?:[eE][+-]?\d{1,4})?")
COLUMN = re.compile(rb"<col\b([^>]{0,500})>")
MERGED = re.compile(rb'<mergeCell\b[^>]{0,100}?\bref="([A-Z0-9:]{1,30})"')
ENTITY = re.compile(r"&(#x?)?(\w+);")
ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}

DATE_FORMATS = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}  # ECMA-376, 18.8.30
PERCENT_FORMATS = {9, 10}
NOT_PATTERN = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!(?:h+|m+|s+)\])[^\]]*\]|General|Standard', re.IGNORECASE)
SCALED = re.compile("[0#?],+(?![0#?,])")  # each comma after the last digit shows a thousandth of the number


def read(package: Package) -> Sheet:
    """The sheet of initiatives, with what else in the workbook concerns it. Raises BadFile."""
    book = _Book(package)
    if SHEET not in book.sheets:
        raise BadFile("no_sheet")
    if DOWNLOAD not in book.sheets:
        raise BadFile("no_headings")
    state, xml = book.sheets[SHEET][0], book.xml_of(SHEET)
    rows, hidden = book.rows(xml)
    listed, _hidden = book.rows(book.xml_of(DOWNLOAD))
    return Sheet(
        name=SHEET,
        rows=rows,
        hidden_rows=hidden,
        hidden_columns=_hidden_columns(xml),
        merged=[match[1].decode() for match in islice(MERGED.finditer(xml), MAX_MERGED)],
        downloaded=[cell for _row, cells in listed[1:] if isinstance(cell := cells.get(0), str)],
        is_hidden=state != "visible",
        other_sheets=book.other_sheets(),
    )


class _Book:
    """What the sheets of one workbook share: their names, strings and formats."""

    def __init__(self, package: Package):
        self._package = package
        root = package.xml("_rels/.rels")
        main = next((path for kind, path in _relations(root, "").values() if kind == "officeDocument"), "")
        folder, name = posixpath.split(main)
        relations = _relations(package.xml(f"{folder}/_rels/{name}.rels"), folder)
        self.sheets: dict[str, tuple[str, str]] = {}  # name -> (state, path)
        for element in _elements(package.xml(main), "sheet"):
            target = next((v for k, v in element.attrib.items() if k.endswith("}id")), "")
            kind, path = relations.get(target, ("", ""))
            if kind == "worksheet":
                self.sheets[element.get("name", "")] = (element.get("state", "visible"), path)
        parts = dict(relations.values())
        if "externalLink" in parts:
            raise BadFile("external_links")
        self._strings = (
            _strings(_plain(package.xml(parts["sharedStrings"]))) if "sharedStrings" in parts else []
        )
        self._formats = _formats(package.xml(parts["styles"])) if "styles" in parts else []
        self._forms: dict[bytes, str] = {}

    def xml_of(self, name: str) -> bytes:
        return _plain(self._package.xml(self.sheets[name][1]))

    def other_sheets(self) -> dict[str, bool]:
        """Name -> hidden: what stands in sheets of the user's own is not read, and must not get lost."""
        others = {name: self.xml_of(name) for name in self.sheets.keys() - {SHEET, GUIDE, LISTS, DOWNLOAD}}
        filled = [name for name, xml in others.items() if b"</v>" in xml or b"</t>" in xml]
        return {name: self.sheets[name][0] != "visible" for name in sorted(filled)}

    def rows(self, xml: bytes) -> tuple[list[Row], set[int]]:
        """The rows that hold something, and which of them are hidden. Raises BadFile."""
        if max(xml.count(b"<c"), xml.count(b"<row")) > MAX_CELLS:
            raise BadFile("too_many_cells")
        found: list[Row] = []
        hidden: set[int] = set()
        matched = 0
        may_hide = b'hidden="' in xml or b'ht="0' in xml
        for part in xml.split(b"</row>")[:-1]:
            attributes, _end, inside = part.rpartition(b"<row")[2].partition(b">")
            count, cells = self._cells(inside)
            matched += count
            if not cells:
                continue
            number = int(ROW_NUMBER.search(inside)[1])  # type: ignore[index]  # there are cells
            if found and number <= found[-1][0]:
                raise BadFile("unreadable")
            found.append((number, cells))
            if len(found) > MAX_ROWS + 10:  # some headings
                raise BadFile("too_many_rows")
            if may_hide and _is_hidden(attributes):
                hidden.add(number)
        if matched != xml.count(b"</c>"):
            raise BadFile("unreadable")
        return found, hidden

    def _cells(self, xml: bytes) -> tuple[int, dict[int, Cell]]:
        """How many cells of a row there were, and those that hold something."""
        forms, strings, cells = self._forms, self._strings, {}
        found = CELL.findall(_to_last(b"</c>", xml))
        try:
            for column, attributes, value, other in found:
                form = forms.get(attributes) or self._form(attributes)
                if form == "shared" and value.isdigit():
                    cell: Cell = strings[int(value)]
                elif form == "n" and value.isdigit():
                    cell = int(value)
                else:
                    cell = self._cell(form, value, other)
                if cell != "":
                    cells[_place(column)] = cell
            return len(found), cells
        except (ValueError, IndexError) as error:
            raise BadFile("unreadable") from error

    def _cell(self, form: str, value: bytes, other: bytes) -> Cell:
        """`other` is all of the cell where it is not a mere value."""
        if b"<f" in other:
            return Odd("formula")
        if form == "inlineStr":
            return _text(other)
        if other:
            found = VALUE.search(other)
            value = found[1] if found else b""
        if not value:
            return ""
        if form in ("n", "percent"):
            return _number(value, form)
        if form == "shared":
            return self._strings[int(value) if value.isdigit() else len(self._strings)]
        return _decoded(value) if form == "str" else Odd(form)

    def _form(self, attributes: bytes) -> str:
        """What kind of cell it is; of a sheet's cells, few have different attributes."""
        if not ATTRIBUTES.fullmatch(attributes):
            raise BadFile("unreadable")
        kind, style = TYPE.search(attributes), STYLE.search(attributes)
        name = {b"s": "shared", b"b": "boolean", b"e": "error", b"d": "date"}
        form = name.get(kind[1], kind[1].decode()) if kind else "n"
        if form not in (*name.values(), "n", "str", "inlineStr"):
            raise BadFile("unreadable")
        if form == "n" and style and int(style[1]) < len(self._formats):
            form = self._formats[int(style[1])]
        self._forms[attributes] = form
        return form


def _number(value: bytes, form: str) -> Cell:
    """Raises ValueError for what float() knows and no workbook does, and for what is too large for it."""
    number = float(value) * (100 if form == "percent" else 1) if NUMBER.fullmatch(value) else math.nan
    if not math.isfinite(number):
        raise ValueError
    if form == "percent":
        return Odd(form, round(number, 6))
    return int(number) if number.is_integer() else number


def _to_last(end: bytes, xml: bytes) -> bytes:
    """Up to that end tag's last place: what is searched for it from anywhere in this finds it."""
    return xml[: xml.rfind(end) + len(end)] if end in xml else b""


@cache
def _place(column: bytes) -> int:
    return column_number(column.decode())


def _strings(xml: bytes) -> list[str]:
    if xml.count(b"<si") > MAX_STRINGS:
        raise BadFile("too_many_cells")
    before = _to_last(b"</si>", xml)
    found = [_decoded(plain) if plain else _text(rich) for plain, rich in STRING.findall(before)]
    return found + [""] * xml.count(b"<si", len(before))


def _text(xml: bytes) -> str:
    """All runs of a rich text, without the readings of Japanese signs."""
    if b"<rPh" in xml:
        before = _to_last(b"</rPh>", xml)
        xml = PHONETIC.sub(b"", before) + xml[len(before) :]
    return _decoded(b"".join(TEXT.findall(xml)))


def _decoded(data: bytes) -> str:
    """XML's entities, and then the workbook's own _x000D_ for what XML cannot hold."""
    text = data.decode()
    if "&" in text:
        text = ENTITY.sub(_entity, text)
    if "_x" in text:
        text = ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
        # Two halves of one sign may be escaped one by one; half a sign is no text.
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def _entity(match: re.Match[str]) -> str:
    if not match[1]:
        return NAMED[match[2]]
    return chr(int(match[2], 16 if match[1] == "#x" else 10))


def _formats(xml: bytes) -> list[str]:
    """By a number's style: date, percent, scaled (shown in thousands), or n for any other."""
    styles: Iterable[ElementTree.Element] = next(iter(_elements(xml, "cellXfs")), [])
    try:
        own = {int(e.get("numFmtId", 0)): e.get("formatCode", "") for e in _elements(xml, "numFmt")}
        return [_format(int(style.get("numFmtId", 0)), own) for style in styles]
    except ValueError as error:
        raise BadFile("unreadable") from error


def _format(number: int, own: dict[int, str]) -> str:
    pattern = NOT_PATTERN.sub("", own.get(number, ""))
    if number in DATE_FORMATS or re.search("[ymdhs]", pattern, re.IGNORECASE):
        return "date"
    if SCALED.search(pattern):
        return "scaled"
    return "percent" if number in PERCENT_FORMATS or "%" in pattern else "n"


def _hidden_columns(xml: bytes) -> set[int]:
    found: set[int] = set()
    for column in islice(COLUMN.finditer(xml), MAX_COLUMNS):
        attributes = column[1]
        first, last = (re.search(rb'\b%s="(\d{1,5})"' % end, attributes) for end in (b"min", b"max"))
        if first and last and _is_hidden(attributes):
            found |= set(range(int(first[1]) - 1, min(int(last[1]), MAX_COLUMNS)))
    return found


def _is_hidden(attributes: bytes) -> bool:
    """By the command, or by a height or width of nothing."""
    return bool(re.search(rb'\b(hidden="(1|true)"|(ht|width)="0(\.0*)?")', attributes))


def _relations(xml: bytes, folder: str) -> dict[str, tuple[str, str]]:
    """id -> (the last part of its type, the path of the part)."""
    found = {}
    for element in _elements(xml, "Relationship"):
        kind = element.get("Type", "").rpartition("/")[2]
        target = posixpath.normpath(posixpath.join("/", folder, element.get("Target", ""))).lstrip("/")
        found[element.get("Id", "")] = (kind, target)
    return found


def _elements(xml: bytes, name: str) -> list[ElementTree.Element]:
    if xml.count(b"<") > 2 * MAX_ELEMENTS:
        raise BadFile("unreadable")
    return [e for e in ElementTree.fromstring(xml).iter() if e.tag.rpartition("}")[2] == name]


def _plain(xml: bytes) -> bytes:
    """Without the prefix that some programs write before every tag."""
    found = re.match(rb"(?:\xef\xbb\xbf)?(?:<\?[^>]*>)?\s*<(\w+):", xml)
    if found:
        xml = xml.replace(b"<" + found[1] + b":", b"<").replace(b"</" + found[1] + b":", b"</")
    return xml
