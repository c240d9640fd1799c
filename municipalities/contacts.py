"""Rules of the ministry's contacts: what an import does, and when mail is known to come back."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models.functions import Now

from municipalities.models import Contact, Municipality

DETAILS = ("name", "title", "phone")


@dataclass(frozen=True)
class Entry:
    """A contact as a file has it; a title or phone of None, whose column the file lacks, stays as it is."""

    municipality_id: int
    email: str
    name: str
    title: str | None = None
    phone: str | None = None

    @property
    def details(self) -> dict[str, str]:
        values = {name: getattr(self, name) for name in DETAILS}
        return {name: value for name, value in values.items() if value is not None}


@dataclass(frozen=True)
class Change:
    """What an entry does; `before` is the contact's details, None of a new one."""

    entry: Entry
    before: dict[str, str] | None

    @property
    def kind(self) -> str:
        if self.before is None:
            return "new"
        return "changed" if self.differences else "same"

    @property
    def differences(self) -> dict[str, str]:
        """What a contact that is changed has now, by the name of each detail that the file has otherwise."""
        before, after = self.before or {}, self.entry.details
        return {name: before[name] for name in before if after.get(name, before[name]) != before[name]}


def plan(entries: Iterable[Entry]) -> list[Change]:
    """What storing them would do, in their order. A contact is known by municipality and address."""
    known = {
        (contact.municipality_id, contact.email): {name: getattr(contact, name) for name in DETAILS}
        for contact in Contact.objects.all()
    }
    return [Change(entry, known.get((entry.municipality_id, entry.email))) for entry in entries]


def store(*, entries: list[Entry], seen: list[Change]) -> bool:
    """Stores them all; nothing is deleted. False, and nothing stored, if that is no longer what was seen.

    What is stored already is stored once: pressing twice does nothing more.
    """
    with transaction.atomic():
        _lock({entry.municipality_id for entry in entries})
        changes = [change for change in plan(entries) if change.kind != "same"]
        if changes and changes != [change for change in seen if change.kind != "same"]:
            return False
        Contact.objects.bulk_create(
            Contact(municipality_id=one.entry.municipality_id, email=one.entry.email, **one.entry.details)
            for one in changes
            if one.kind == "new"
        )
        for one in changes:
            if one.kind == "changed":
                whose = Contact.objects.filter(municipality=one.entry.municipality_id, email=one.entry.email)
                whose.update(updated_at=Now(), **one.entry.details)
        return True


def note_bounces(*, email: str, note: str) -> int:
    """Mail to that address came back; of how many contacts that is news. The others keep the first note."""
    contacts = Contact.objects.reachable().filter(email=email.lower())
    return contacts.update(bounced_at=Now(), bounce_note=" ".join(note.split())[:200])


def note_reach(*, email: str) -> None:
    """Mail to that address gets through again."""
    Contact.objects.filter(email=email.lower()).update(bounced_at=None, bounce_note="")


class Changed(Exception):
    """Somebody else has changed the contact since it was shown."""


def add(*, municipality: Municipality, **details: str) -> Contact:
    """Raises ValidationError where the municipality has the address already."""
    with transaction.atomic():
        _lock([municipality.pk])
        return _saved(Contact(municipality=municipality, **details))


def change(*, contact: Contact, **details: str) -> Contact:
    """`contact` as it was shown. A new address has not come back yet. Raises Changed or ValidationError."""
    with transaction.atomic():
        _lock([contact.municipality_id])
        now = Contact.objects.filter(pk=contact.pk, updated_at=contact.updated_at).first()
        if now is None:
            raise Changed
        if now.email != details["email"]:
            now.bounced_at, now.bounce_note = None, ""
        for name, value in details.items():
            setattr(now, name, value)
        return _saved(now)


def _saved(contact: Contact) -> Contact:
    contact.full_clean()
    contact.save()
    return contact


def _lock(municipalities: Iterable[int]) -> None:
    """One change at a time of a municipality's contacts."""
    rows = Municipality.objects.filter(pk__in=municipalities).order_by("pk")
    list(rows.select_for_update(no_key=True).values_list("pk"))
