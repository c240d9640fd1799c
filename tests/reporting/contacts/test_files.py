"""Contacts as CSV: all kinds of files that are meant well, and every mistake by line and column."""

import pytest

from municipalities.contacts import Entry
from municipalities.models import Municipality
from reporting.contacts import files
from tests.builders import build_municipalities
from tests.municipalities.test_contacts import build_contact

HEADING = "kommunekode;navn;stilling;e-mail;telefon\n"
LINE = "461;Kim Å;Konsulent;kim@example.test;12345678\n"


@pytest.fixture
def places(db):
    return build_municipalities()


def read(content):
    data = content if isinstance(content, bytes) else content.encode()
    return files.read(data, Municipality.objects.all())


def problems(content):
    found = read(content)
    return found.problems


def test_what_is_written_is_read_as_it_was(places):
    odd = build_contact(places["Odense"], "kim@example.test", name="=1+1", title="-", phone="+45 12 34 56 78")
    build_contact(places["Odense"], "bo@example.test", name="Bo; Å ”x”", title="'@", phone="")
    data = files.write(Municipality.objects.prefetch_related("contacts"))
    assert data.startswith(b"\xef\xbb\xbfkommunekode;kommune;navn;stilling;e-mail;telefon\r\n")
    text = data.decode("utf-8-sig")
    assert "461;Odense;'=1+1;'-;kim@example.test;'+45 12 34 56 78" in text and "751;Aarhus;;;;" in text
    found = read(data)
    assert not found.problems and not found.unread
    assert {(one.email, one.name, one.title, one.phone) for one in found.entries} == {
        ("kim@example.test", odd.name, odd.title, odd.phone),
        ("bo@example.test", "Bo; Å ”x”", "'@", ""),
    }


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_file_is_read_however_it_was_saved(places, encoding, separator, newline):
    text = (HEADING + LINE).replace(";", separator).replace("\n", newline)
    found = read(text.encode(encoding))
    assert found.entries == [
        Entry(places["Odense"].pk, "kim@example.test", "Kim Å", "Konsulent", "12345678")
    ] and not (found.problems)


@pytest.mark.parametrize("code", ["461", "0461", " 461 ", '"461"'])
def test_a_code_may_have_zeros_before_it(places, code):
    assert read(HEADING + f"{code};Kim;;kim@example.test;").entries[0].municipality_id == places["Odense"].pk


@pytest.mark.parametrize("name", ["Odense", "ODENSE", "Odense Kommune", " odense  kommune "])
def test_a_name_does_where_the_code_is_missing(places, name):
    found = read(f"Kommunekode;Kommune;Navn;E-mail\n;{name};Kim;Kim@Example.test\n")
    assert found.entries == [Entry(places["Odense"].pk, "kim@example.test", "Kim")]


def test_columns_may_come_in_any_order_and_others_are_told(places):
    found = read("Email;Tlf.;Titel;Navn;Kode;Note\nkim@example.test;1;T;Kim;461;x\n")
    assert found.entries == [Entry(places["Odense"].pk, "kim@example.test", "Kim", "T", "1")]
    assert found.unread == ["Note"] and not found.problems


def test_empty_lines_and_municipalities_without_a_contact_are_passed_over(places):
    found = read(HEADING + "\n;;;;\n751;;;;\n" + LINE)
    assert len(found.entries) == 1 and not found.problems


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("", "Filen er tom. Hent skabelonen, og udfyld den."),
        (HEADING, "Filen har ingen kontakter under overskriften."),
        (b"x" * 1_000_001, "Filen må højst fylde 1 MB."),
        (HEADING + "\n".join(f"461;K;;{n}@x.dk;" for n in range(2001)), "Filen har flere end 2.000 rækker."),
        (HEADING.encode() + b"\x00", "Filen kan ikke læses."),
        (b"PK\x03\x04\x00", "Filen kan ikke læses."),
        (HEADING.encode("utf-16"), "Filen kan ikke læses."),
        (HEADING.encode() + b"461;K\x81;;k@x.dk;\n", "Filen kan ikke læses."),
        ("hej\n", "Linje 1: Overskriften mangler kommunekode, navn, e-mail."),
        ("navn;Navn;e-mail;kode\n", "Linje 1: Kolonnen navn står to gange."),
        (HEADING + LINE.strip() + ";mere\n", "Linje 2: Linjen har flere felter end overskriften."),
        (HEADING + "999;Kim;;kim@x.dk;", "Linje 2, kolonne kommunekode: Der er ingen kommune med koden 999."),
        (HEADING + "46a;Kim;;kim@x.dk;", "Linje 2, kolonne kommunekode: Der er ingen kommune med koden 46a."),
        (HEADING + ";Kim;;kim@x.dk;", "Linje 2, kolonne kommunekode: Skriv kommunens kode, fx 461"),
        (
            "kommune;navn;e-mail\nOdense By;K;k@x.dk",
            "Linje 2, kolonne kommune: Der er ingen kommune, der hedder",
        ),
        ("kode;kommune;navn;e-mail\n461;Aarhus;K;k@x.dk", "Linje 2, kolonne kommune: Koden 461 er Odense."),
        (HEADING + "461;;;kim@x.dk;", "Linje 2, kolonne navn: Skriv kontaktens navn"),
        (HEADING + "461;K\u202eK;;kim@x.dk;", "Linje 2, kolonne navn: Skriv med almindelige bogstaver"),
        (HEADING + f"461;{'K' * 101};;kim@x.dk;", "Linje 2, kolonne navn: Skriv navnet med højst 100 tegn."),
        (HEADING + f"461;K;{'K' * 101};kim@x.dk;", "Linje 2, kolonne stilling: Skriv stillingen med højst"),
        (HEADING + "461;Kim;;;", "Linje 2, kolonne e-mail: Skriv kontaktens e-mailadresse"),
        (HEADING + "461;Kim;;kim;", "Linje 2, kolonne e-mail: Skriv kontaktens e-mailadresse"),
        (
            HEADING + f"461;Kim;;kim@x.dk;{'1' * 31}",
            "Linje 2, kolonne telefon: Skriv telefonnummeret med højst",
        ),
        (
            HEADING + LINE + "\n" + LINE.upper(),
            "Linje 4, kolonne e-mail: kim@example.test står også i linje 2.",
        ),
    ],
)
def test_a_mistake_is_told_by_line_and_column(places, content, problem):
    assert problems(content)[0].startswith(problem)


def test_every_mistake_is_told_at_once(places):
    found = problems(HEADING + "999;;;x;\n461;Kim;;y;\n")
    assert [text.split(":")[0] for text in found] == [
        "Linje 2, kolonne kommunekode",
        "Linje 2, kolonne navn",
        "Linje 2, kolonne e-mail",
        "Linje 3, kolonne e-mail",
    ]


def test_a_municipality_may_have_several_contacts_and_a_mailbox_several_municipalities(places):
    lines = "461;Kim;;kim@example.test;\n461;Bo;;bo@example.test;\n751;Kim;;kim@example.test;\n"
    assert len(read(HEADING + lines).entries) == 3
