"""Contacts as CSV, read and written; what was written can be read again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from municipalities.contacts import Entry
from municipalities.models import Contact, Municipality
from reporting.contacts.forms import ContactForm
from survey.workbook import delimited
from survey.workbook.table import BadFile

MAX_BYTES, MAX_ROWS = 1_000_000, 2_000
SEPARATORS = (";", "\t", ",")
HEADINGS = ("kommunekode", "kommune", "navn", "stilling", "e-mail", "telefon")
OTHER_NAMES = {
    "kode": "kommunekode",
    "kommunenr": "kommunekode",
    "kommunenavn": "kommune",
    "titel": "stilling",
    "email": "e-mail",
    "mail": "e-mail",
    "tlf": "telefon",
}
FIELDS = {"navn": "name", "stilling": "title", "e-mail": "email", "telefon": "phone"}
COLUMN_OF = {name: heading for heading, name in FIELDS.items()}


@dataclass
class Read:
    """A file's contacts, what is wrong with it by line, and the columns of it that mean nothing here."""

    entries: list[Entry] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)


def write(municipalities: Iterable[Municipality]) -> bytes:
    """A row for each contact, and one for a municipality that has none."""
    rows: list[Sequence[str]] = [HEADINGS]
    for place in municipalities:
        contacts: list[Contact] = list(place.contacts.all())
        for one in contacts:
            rows.append((place.code, place.name, one.name, one.title, one.email, one.phone))
        if not contacts:
            rows.append((place.code, place.name, "", "", "", ""))
    return delimited.write(rows, plain=(0,))


def read(data: bytes, municipalities: Iterable[Municipality]) -> Read:
    """All that stands in the file; with `problems` nothing of it is to be used."""
    found = Read()
    lines = _lines(data, found)
    if found.problems:
        return found
    places = _places(municipalities)
    heading = lines[0][1]
    columns = _columns(heading, found)
    if found.problems:
        return found
    seen: dict[tuple[int, str], int] = {}
    for number, cells in lines[1:]:
        line = {name: cells.get(place, "") for place, name in columns.items()}
        if not cells.keys() <= heading.keys():
            found.problems.append(_("Linje %d: Linjen har flere felter end overskriften.") % number)
        elif any(line.get(name) for name in FIELDS):  # else a municipality without a contact
            _read_line(number, line, places, seen, found)
    if not (found.entries or found.problems):
        found.problems.append(_("Filen har ingen kontakter under overskriften."))
    return found


def _lines(data: bytes, found: Read) -> list[tuple[int, dict[int, str]]]:
    """The heading and what is under it: [(line from 1, {column: text})]."""
    if len(data) > MAX_BYTES:
        found.problems.append(_("Filen må højst fylde 1 MB."))
        return []
    first = data.strip().split(b"\n", 1)[0]
    separator = max(SEPARATORS, key=lambda one: first.count(one.encode()))
    try:
        rows = delimited.read(data, separator).rows
    except BadFile:
        found.problems.append(_("Filen kan ikke læses. Gem den som CSV UTF-8 med semikolon imellem."))
        return []
    lines = [(n, {at: " ".join(str(text).split()) for at, text in cells.items()}) for n, cells in rows]
    if len(lines) > MAX_ROWS + 1:
        found.problems.append(_("Filen har flere end 2.000 rækker. Del den i flere filer."))
    if not lines:
        found.problems.append(_("Filen er tom. Hent skabelonen, og udfyld den."))
    return lines


def _columns(heading: dict[int, str], found: Read) -> dict[int, str]:
    """{place: heading}; problems where one is missing or stands twice."""
    columns: dict[int, str] = {}
    for place, text in heading.items():
        name = text.lower().rstrip(".")
        name = OTHER_NAMES.get(name, name)
        if name in columns.values():
            found.problems.append(_("Linje 1: Kolonnen %s står to gange.") % name)
        elif name in HEADINGS:
            columns[place] = name
        elif text:
            found.unread.append(text)
    missing = [name for name in ("navn", "e-mail") if name not in columns.values()]
    if not {"kommunekode", "kommune"} & set(columns.values()):
        missing.insert(0, "kommunekode")
    if missing:
        names = ", ".join(missing)
        found.problems.append(_("Linje 1: Overskriften mangler %s. Hent skabelonen, og brug dens.") % names)
    return columns


def _read_line(number: int, line: dict[str, str], places: dict, seen: dict, found: Read) -> None:
    def wrong(column: str, message: str) -> None:
        found.problems.append(
            _("Linje %(line)d, kolonne %(column)s: %(message)s")
            % {"line": number, "column": column, "message": message}
        )

    place = _place(line, places, wrong)
    form = ContactForm({name: line.get(heading, "") for heading, name in FIELDS.items()})
    for name, messages in form.errors.items():
        wrong(COLUMN_OF[name], str(messages[0]))
    if place is None or form.errors:
        return
    values = {name: form.cleaned_data[name] for heading, name in FIELDS.items() if heading in line}
    earlier = seen.setdefault((place.pk, values["email"]), number)
    if earlier != number:
        wrong("e-mail", _("%(email)s står også i linje %(line)d.") % (values | {"line": earlier}))
    found.entries.append(Entry(municipality_id=place.pk, **values))


def _place(line: dict[str, str], places: dict[str, Municipality], wrong) -> Municipality | None:
    """The line's municipality by its code, or by its name where there is no code."""
    code, name = line.get("kommunekode", ""), line.get("kommune", "")
    if not (code or name):
        wrong("kommunekode", _("Skriv kommunens kode, fx 461, eller dens navn."))
        return None
    by_code = places.get(code.lstrip("0").zfill(3)) if code else None
    by_name = places.get(name.casefold()) if name else None
    if code and by_code is None:
        wrong("kommunekode", _("Der er ingen kommune med koden %s.") % code[:20])
    elif name and by_name is None:
        wrong("kommune", _("Der er ingen kommune, der hedder %s.") % name[:60])
    elif by_code and by_name and by_code != by_name:
        wrong("kommune", _("Koden %(code)s er %(name)s.") % {"code": code, "name": by_code.name})
    else:
        return by_code or by_name
    return None


def _places(municipalities: Iterable[Municipality]) -> dict[str, Municipality]:
    """By code, name and official name; a code is three digits and no name is."""
    places: dict[str, Municipality] = {}
    for one in municipalities:
        places |= dict.fromkeys((one.code, one.name.casefold(), one.official_name.casefold()), one)
    return places
