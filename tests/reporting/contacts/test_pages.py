"""The ministry's list of contacts, and changing them one by one."""

import html

import pytest
from django.urls import reverse
from django.utils import timezone

from municipalities.models import Contact, Municipality
from tests.municipalities.test_contacts import build_contact

LIST = "/ministerium/kontakter/"
POSTED = {"name": "Kim Kontakt", "title": "Konsulent", "email": "Kim@Example.test ", "phone": "12345678"}


def text(response):
    return " ".join(html.unescape(response.content.decode()).split())


@pytest.fixture
def rikke(cast, client_of):
    return client_of(cast.rikke)


@pytest.fixture
def place(cast):
    return Municipality.objects.get(code="461")


@pytest.fixture
def kim(place):
    return build_contact(place)


def page_of(contact, act=""):
    return f"{LIST}{contact.pk}/{act}"


def edited(contact, **fields):
    return POSTED | {"seen_at": contact.updated_at.isoformat()} | fields


# The list


def test_the_list_has_every_municipality_in_danish_order(rikke, kim):
    page = text(rikke.get(LIST))
    assert "Kontakter: 1, heraf med mail, der kommer retur: 0. Kommuner: 4, heraf uden kontakt: 3." in page
    assert page.index("Langeland") < page.index("Lemvig") < page.index("Odense") < page.index(">Aarhus<")
    assert "kim@example.test, 12345678" in page and page.count("Ingen kontakt") == 3


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"Odense", "Aarhus", "Lemvig", "Langeland"}),
        ("?show=none", {"Lemvig", "Langeland"}),
        ("?show=bounced", {"Aarhus"}),
        ("?region=1083", {"Odense", "Langeland"}),
        ("?region=1083&show=none", {"Langeland"}),
        ("?region=1083&show=bounced", set()),
    ],
)
def test_the_list_can_be_narrowed(rikke, kim, query, shown):
    build_contact(Municipality.objects.get(code="751"), bounced_at=timezone.now(), bounce_note="550 ukendt")
    page = text(rikke.get(LIST + query))
    assert {name for name in ("Odense", "Aarhus", "Lemvig", "Langeland") if f">{name}<" in page} == shown
    assert ("550 ukendt" in page) == ("Aarhus" in shown)


@pytest.mark.parametrize("query", ["?show=x", "?region=x", "?region=%00"])
def test_a_choice_that_is_none_is_told(rikke, query):
    assert rikke.get(LIST + query).status_code == 422


def test_the_list_takes_as_many_queries_for_many_as_for_one(rikke, kim, django_assert_max_num_queries):
    for number in range(30):
        build_contact(kim.municipality, f"{number}@example.test")
    with django_assert_max_num_queries(8):
        rikke.get(LIST)


def test_the_others_in_the_ministry_read_and_change_nothing(cast, client_of, kim):
    for user in (cast.mette, cast.admin):
        client = client_of(user)
        page = text(client.get(LIST))
        assert "kim@example.test" in page and "Indlæs en fil" not in page and page_of(kim) not in page
        assert client.get(LIST + "skabelon.csv").status_code == 200
        for address in (page_of(kim), page_of(kim, "slet/"), page_of(kim, "retur/"), LIST + "461/ny/"):
            assert client.post(address, edited(kim)).status_code == 403
        assert client.get(page_of(kim)).status_code == client.get(LIST + "461/ny/").status_code == 403
    assert Contact.objects.get().bounced_at is None


def test_for_a_municipality_there_are_no_such_pages(cast, client_of, kim):
    carl = client_of(cast.carl)
    pages = [LIST, LIST + "skabelon.csv", LIST + "461/ny/", page_of(kim), LIST + "indlaes/"]
    assert {carl.get(page).status_code for page in pages} == {404}
    assert carl.post(page_of(kim, "slet/")).status_code == 404 and Contact.objects.exists()


def test_a_merged_municipality_is_not_listed_any_more(rikke, place):
    other = Municipality.objects.get(code="751")
    Municipality.objects.filter(pk=place.pk).update(valid_until=timezone.localdate(), successor=other)
    assert ">Odense<" not in text(rikke.get(LIST)) and rikke.get(LIST + "461/ny/").status_code == 404


# One contact


def test_a_contact_is_added(rikke, place):
    assert "Odense Kommune" in text(rikke.get(LIST + "461/ny/"))
    assert rikke.post(LIST + "461/ny/", POSTED).url == LIST
    contact = Contact.objects.get()
    assert (contact.municipality, contact.email, contact.name) == (place, "kim@example.test", "Kim Kontakt")


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"name": ""}, "Skriv kontaktens navn, fx Anne Hansen."),
        ({"name": "K\x00"}, "Skriv med almindelige bogstaver og tegn."),
        ({"name": "K" * 101}, "Skriv navnet med højst 100 tegn."),
        ({"email": ""}, "Skriv kontaktens e-mailadresse, fx navn@kommune.dk."),
        ({"email": "x\x00@y.dk"}, "Skriv kontaktens e-mailadresse, fx navn@kommune.dk."),
        ({"email": "x\nBcc: y@z.dk"}, "Skriv kontaktens e-mailadresse, fx navn@kommune.dk."),
        ({"email": "anden@example.test"}, "Kommunen har allerede en kontakt med denne adresse."),
        ({"phone": "1" * 31}, "Skriv telefonnummeret med højst 30 tegn."),
    ],
)
def test_what_is_wrong_is_told_and_nothing_typed_is_lost(rikke, kim, fields, message):
    build_contact(kim.municipality, "anden@example.test")
    for address in (page_of(kim), LIST + "461/ny/"):
        response = rikke.post(address, edited(kim, title="Det skrevne") | fields)
        page = text(response)
        assert response.status_code == 422 and page.count(message) >= 2  # in the summary and at the field
        assert 'value="Det skrevne"' in page and "påkrævet" not in page
    assert Contact.objects.count() == 2


def test_a_contact_is_changed(rikke, kim):
    assert 'value="kim@example.test"' in text(rikke.get(page_of(kim)))
    assert rikke.post(page_of(kim), edited(kim, name="Kim Ny")).url == LIST
    assert Contact.objects.get().name == "Kim Ny"


@pytest.mark.parametrize(
    "seen_at",
    [
        None,
        "",
        "x",
        "2026-01-01",
        "2026-01-01T00:00:00+00:00",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:00-12:00",
    ],
)
def test_what_another_saved_meanwhile_is_not_overwritten(rikke, kim, seen_at):
    posted = edited(kim, name="Sidst", **({"seen_at": seen_at} if seen_at is not None else {}))
    if seen_at is None:
        rikke.post(page_of(kim), edited(kim, name="Først"))
    response = rikke.post(page_of(kim), posted)
    page = text(response)
    assert response.status_code == 409 and "En anden har ændret kontakten" in page
    assert 'value="Sidst"' in page and f"Nu står der: {Contact.objects.get().name}" in page
    assert Contact.objects.get().name != "Sidst"
    again = page.split('name="seen_at" value="')[1].split('"')[0]
    assert rikke.post(page_of(kim), edited(kim, name="Sidst", seen_at=again)).status_code == 302


def test_a_contact_is_deleted_and_its_page_gone(rikke, kim):
    assert rikke.get(page_of(kim, "slet/")).status_code == 302 and Contact.objects.exists()
    assert rikke.post(page_of(kim, "slet/")).url == LIST
    assert not Contact.objects.exists()
    assert rikke.post(page_of(kim, "slet/")).status_code == rikke.get(page_of(kim)).status_code == 404


def test_mail_that_comes_back_is_noted_and_taken_back(rikke, kim):
    assert rikke.post(page_of(kim, "retur/"), {"note": "stoppet"}).url == LIST
    kim.refresh_from_db()
    assert kim.bounced_at and kim.bounce_note == "stoppet"
    assert "Mail kommer retur (siden" in text(rikke.get(LIST)) and "stoppet" in text(rikke.get(page_of(kim)))
    assert rikke.post(page_of(kim, "retur/"), {"act": "back"}).url == LIST
    kim.refresh_from_db()
    assert (kim.bounced_at, kim.bounce_note) == (None, "")


def test_too_long_a_note_is_told_and_kept(rikke, kim):
    response = rikke.post(page_of(kim, "retur/"), {"note": "x" * 201})
    page = text(response)
    assert response.status_code == 422 and page.count("Skriv højst 200 tegn.") == 2 and "x" * 201 in page
    assert Contact.objects.get().bounced_at is None


@pytest.mark.parametrize("number", ["0", "99999999999999999999999"])
def test_a_contact_that_is_not_there_is_not_found(rikke, number):
    assert rikke.get(f"{LIST}{number}/").status_code == 404


def test_the_template_holds_what_is_known(rikke, kim):
    response = rikke.get(reverse("contacts:template"))
    assert 'filename="kontakter.csv"' in response["Content-Disposition"]
    assert "461;Odense;Kim Kontakt;Konsulent;kim@example.test;12345678" in response.content.decode()


def test_a_second_note_of_a_bounce_is_said_not_to_count(rikke, kim):
    rikke.post(page_of(kim, "retur/"), {"note": "stoppet"})
    page = text(rikke.post(page_of(kim, "retur/"), {"note": "igen"}, follow=True))
    assert "Det var allerede noteret, at mail til Kim" in page
    assert Contact.objects.get().bounce_note == "stoppet"


def test_a_note_of_a_bounce_holds_no_cpr_number(rikke, kim):
    response = rikke.post(page_of(kim, "retur/"), {"note": "010203-1234 er stoppet"})
    assert response.status_code == 422 and "ligner et CPR-nummer" in text(response)
