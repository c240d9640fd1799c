"""A file of contacts from choosing it to storing it."""

import html
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from municipalities.models import Contact, Municipality
from reporting.contacts.importing import MAX_SIGNED
from tests.municipalities.test_contacts import build_contact

PAGE, STORE = "/ministerium/kontakter/indlaes/", "/ministerium/kontakter/indlaes/gem/"
FILE = "kommunekode;navn;stilling;e-mail;telefon\n461;Kim;;kim@example.test;1\n751;Bo;;bo@example.test;2\n"


def text(response):
    return " ".join(html.unescape(response.content.decode()).split())


@pytest.fixture
def rikke(cast, client_of):
    return client_of(cast.rikke)


def upload(client, content=FILE, name="kontakter.csv"):
    data = content if isinstance(content, bytes) else content.encode()
    return client.post(PAGE, {"file": SimpleUploadedFile(name, data)})


def signed(response) -> str:
    return re.search(r'name="signed" value="([^"]+)"', response.content.decode())[1]


def store(client, content=FILE):
    return client.post(STORE, {"signed": signed(upload(client, content))})


def stored():
    return dict(Contact.objects.values_list("email", "name"))


def test_a_preview_shows_new_changed_unchanged_and_what_stays_and_stores_nothing(rikke):
    odense = Municipality.objects.get(code="461")
    build_contact(odense, name="Gammel", title="", phone="1")
    build_contact(odense, "bliver@example.test")
    build_contact(Municipality.objects.get(code="751"), "bo@example.test", name="Bo", title="", phone="2")
    content = FILE + "665;Ny;;ny@example.test;\n"
    page = text(upload(rikke, content))
    assert "nye: 1, ændrede: 1, uændrede: 1" in page
    assert "Odense: Kim Kontakt <bliver@example.test>" in page and "før: Gammel" in page
    assert stored()["kim@example.test"] == "Gammel" and len(stored()) == 3


def test_what_is_confirmed_is_stored_and_nothing_deleted(rikke):
    build_contact(Municipality.objects.get(code="461"), "bliver@example.test")
    assert store(rikke).url == "/ministerium/kontakter/"
    assert stored() == {
        "bliver@example.test": "Kim Kontakt",
        "kim@example.test": "Kim",
        "bo@example.test": "Bo",
    }


def test_a_file_that_changes_nothing_has_nothing_to_confirm(rikke):
    store(rikke)
    page = upload(rikke)
    assert "Filen ændrer intet" in text(page) and b'name="signed"' not in page.content


def test_pressing_twice_stores_once(rikke):
    seen = signed(upload(rikke))
    assert [rikke.post(STORE, {"signed": seen}).status_code for _ in range(2)] == [302, 302]
    assert len(stored()) == 2


def test_a_contact_changed_meanwhile_is_not_passed_over(rikke):
    seen = signed(upload(rikke))
    build_contact(Municipality.objects.get(code="461"), name="Imens")
    response = rikke.post(STORE, {"signed": seen})
    assert response.status_code == 409 and "Kontakterne er ændret imens" in text(response)
    assert stored() == {"kim@example.test": "Imens"}


def test_a_mistake_stores_nothing_and_is_told_by_line(rikke):
    response = upload(rikke, FILE + "999;X;;x;\n")
    page = text(response)
    assert (
        response.status_code == 422 and "Linje 4, kolonne e-mail" in page and "Linje 4, kolonne komm" in page
    )
    assert 'href="#id_file"' in page and not stored()


def test_very_many_mistakes_are_counted(rikke):
    page = text(upload(rikke, "kode;navn;e-mail\n" + "999;;x\n" * 101))
    assert page.count("<li>Linje") == 100 and "… og 203 fejl til." in page


def test_what_a_file_says_is_shown_as_text(rikke):
    page = upload(rikke, "kode;navn;e-mail;<b>\n461;<script>;k@x.dk;\n", name="<i>.csv").content.decode()
    assert "&lt;script&gt;" in page and "<script>" not in page and "<b>" not in page and "<i>" not in page


@pytest.mark.parametrize(
    ("posted", "message"),
    [
        ({}, "Vælg en CSV-fil med kontakter."),
        ({"file": SimpleUploadedFile("x" * 201 + ".csv", b"x")}, "Giv filen et kortere navn"),
        ({"file": SimpleUploadedFile("x.csv", b"")}, "Filen er tom."),
        ({"file": SimpleUploadedFile("x.csv", b"x" * 1_000_001)}, "højst fylde 1 MB"),
    ],
)
def test_a_file_that_cannot_be_used_is_told(rikke, posted, message):
    response = rikke.post(PAGE, posted)
    assert response.status_code == 422 and message in text(response)


def tampered(seen):
    return seen[:-1] + ("A" if seen[-1] != "A" else "B")


@pytest.mark.parametrize(
    "change",
    [tampered, lambda seen: "x" + seen, lambda seen: "", lambda seen: "æ:ø:å", lambda seen: seen * 99],
)
def test_what_was_not_previewed_is_not_stored(rikke, change):
    response = rikke.post(STORE, {"signed": change(signed(upload(rikke)))})
    assert response.status_code == 422 and "Vælg filen igen" in text(response) and not stored()


def test_one_round_manager_does_not_confirm_for_another(rikke, cast, client_of):
    cast.mette.memberships.update(role="round_manager")
    assert client_of(cast.mette).post(STORE, {"signed": signed(upload(rikke))}).status_code == 422


def test_a_preview_is_good_for_a_day(rikke, monkeypatch):
    seen = signed(upload(rikke))
    monkeypatch.setattr("reporting.contacts.importing.MAX_AGE", -1)
    assert rikke.post(STORE, {"signed": seen}).status_code == 422


@pytest.mark.parametrize("person", ["mette", "admin"])
def test_only_a_round_manager_imports(rikke, cast, client_of, person):
    client = client_of(getattr(cast, person))
    assert client.get(PAGE).status_code == upload(client).status_code == 403
    assert client.post(STORE, {"signed": signed(upload(rikke))}).status_code == 403 and not stored()


def test_the_largest_file_can_be_confirmed(rikke, django_assert_max_num_queries):
    lines = "".join(f"461;Navn {n};Stilling {n * 7919};{n * 104729}@example.test;{n}\n" for n in range(500))
    page = upload(rikke, "kode;navn;stilling;e-mail;telefon\n" + lines)
    seen = signed(page)
    assert len(seen) < MAX_SIGNED / 20  # of 2,000 contacts in the file, a quarter is here
    with django_assert_max_num_queries(12):
        assert rikke.post(STORE, {"signed": seen}).status_code == 302
    assert len(stored()) == 500
