"""Contacts: what an import does, two who change one at once, and mail that comes back."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from municipalities import contacts
from municipalities.contacts import Entry
from municipalities.models import Contact, Municipality
from tests.builders import build_municipalities
from tests.survey.test_areas import meanwhile

DETAILS = {"name": "Kim Kontakt", "title": "Konsulent", "phone": "12345678"}


def build_contact(municipality: Municipality, email="kim@example.test", **fields) -> Contact:
    return Contact.objects.create(municipality=municipality, email=email, **DETAILS | fields)


@pytest.fixture
def place(db):
    return build_municipalities()["Odense"]


def entry(place, email="kim@example.test", **fields) -> Entry:
    return Entry(municipality_id=place.pk, email=email, **DETAILS | fields)


def stored():
    return list(Contact.objects.order_by("email").values_list("email", "name", "title", "phone"))


def test_only_the_ministry_sees_contacts(cast):
    build_contact(cast.carl.memberships.get().municipality)
    assert Contact.objects.visible_to(cast.mette).count() == 1
    assert not Contact.objects.visible_to(cast.carl).exists()


def test_a_plan_tells_new_changed_and_same(place):
    build_contact(place)
    build_contact(place, "ny@example.test", name="Gammel")
    entries = [entry(place, "a@example.test"), entry(place, "ny@example.test"), entry(place)]
    changes = contacts.plan(entries)
    assert [change.kind for change in changes] == ["new", "changed", "same"]
    assert changes[1].differences == {"name": "Gammel"}
    assert stored()[0][1] == "Kim Kontakt" and len(stored()) == 2  # nothing is stored by planning


def test_what_was_seen_is_stored_and_nothing_deleted(place):
    build_contact(place, "bliver@example.test")
    build_contact(place, name="Gammel", bounced_at=timezone.now())
    entries = [entry(place), entry(place, "ny@example.test", title=None)]
    assert contacts.store(entries=entries, seen=contacts.plan(entries))
    assert stored() == [
        ("bliver@example.test", "Kim Kontakt", "Konsulent", "12345678"),
        ("kim@example.test", "Kim Kontakt", "Konsulent", "12345678"),
        ("ny@example.test", "Kim Kontakt", "", "12345678"),
    ]
    assert Contact.objects.get(email="kim@example.test").bounced_at


def test_a_column_that_the_file_lacks_changes_nothing(place):
    build_contact(place)
    entries = [entry(place, title=None, phone=None)]
    assert [change.kind for change in contacts.plan(entries)] == ["same"]


def test_an_import_that_is_no_longer_what_was_seen_stores_nothing(place):
    entries = [entry(place), entry(place, "ny@example.test")]
    seen = contacts.plan(entries)
    build_contact(place, name="Imens")
    assert not contacts.store(entries=entries, seen=seen)
    assert len(stored()) == 1


def test_storing_twice_is_storing_once(place):
    entries = [entry(place)]
    seen = contacts.plan(entries)
    assert [contacts.store(entries=entries, seen=seen) for _ in range(2)] == [True, True]
    assert len(stored()) == 1


@pytest.mark.django_db(transaction=True)
def test_an_import_waits_for_another_and_then_finds_its_work_done():
    place = build_municipalities()["Odense"]
    entries = [entry(place)]
    seen = contacts.plan(entries)

    def store():
        return contacts.store(entries=entries, seen=seen)

    assert meanwhile(store, store) is True
    assert len(stored()) == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_second_import_breaks(monkeypatch):
    place = build_municipalities()["Odense"]
    monkeypatch.setattr("django.db.models.query.QuerySet.select_for_update", lambda self, **options: self)
    entries = [entry(place)]
    seen = contacts.plan(entries)

    def store():
        return contacts.store(entries=entries, seen=seen)

    assert isinstance(meanwhile(store, store), IntegrityError)


def test_a_new_address_has_not_come_back(place):
    contact = build_contact(place, bounced_at=timezone.now(), bounce_note="stoppet")
    contact = contacts.change(contact=contact, email="kim@example.test", **DETAILS | {"name": "Kim"})
    assert contact.bounced_at and contact.name == "Kim"
    contact = contacts.change(contact=contact, email="ny@example.test", **DETAILS)
    assert (contact.bounced_at, contact.bounce_note) == (None, "")


def test_the_second_of_two_who_change_a_contact_is_refused(place):
    contact = build_contact(place)
    contacts.change(contact=contact, email=contact.email, **DETAILS | {"name": "Først"})
    with pytest.raises(contacts.Changed):
        contacts.change(contact=contact, email=contact.email, **DETAILS | {"name": "Sidst"})
    assert stored()[0][1] == "Først"


def test_a_contact_that_is_deleted_meanwhile_is_not_made_again(place):
    contact = build_contact(place)
    Contact.objects.all().delete()
    with pytest.raises(contacts.Changed):
        contacts.change(contact=contact, email="ny@example.test", **DETAILS)
    assert not Contact.objects.exists()


def test_an_address_stands_once_in_a_municipality(place):
    build_contact(place)
    with pytest.raises(ValidationError, match="allerede en kontakt med denne adresse"):
        contacts.add(municipality=place, email="kim@example.test", **DETAILS)
    with pytest.raises(IntegrityError, match="one_contact_an_address_and_municipality"), transaction.atomic():
        build_contact(place)
    build_contact(Municipality.objects.get(code="751"))


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"email": "Kim@example.test"}, "contact_email_is_lower_case"),
        ({"name": ""}, "a_contact_has_a_name_and_an_address"),
        ({"email": ""}, "a_contact_has_a_name_and_an_address"),
        ({"bounce_note": "x"}, "only_a_bounced_contact_has_a_bounce_note"),
    ],
)
def test_a_contact_is_sound(place, fields, constraint):
    build_contact(place)
    with pytest.raises(IntegrityError, match=constraint):
        Contact.objects.update(**fields)


def test_a_bounce_is_of_an_address_wherever_it_stands_and_keeps_its_first_note(place):
    build_contact(place)
    build_contact(Municipality.objects.get(code="751"))
    build_contact(place, "anden@example.test")
    contacts.note_bounces(email="Kim@example.test", note="første\nlinje " + "x" * 300)
    contacts.note_bounces(email="kim@example.test", note="anden")
    notes = set(Contact.objects.exclude(bounced_at=None).values_list("email", "bounce_note"))
    assert notes == {("kim@example.test", ("første linje " + "x" * 300)[:200])}
    assert list(Contact.objects.reachable().values_list("email", flat=True)) == ["anden@example.test"]
    contacts.note_reach(email="kim@example.test")
    assert Contact.objects.reachable().count() == 3
