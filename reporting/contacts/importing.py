"""Contacts from a CSV file: looked through first, then stored, all of them or none.

Nothing is kept between the preview and its confirmation: what was read is posted again, signed.
"""

from dataclasses import asdict

from django.contrib import messages
from django.core import signing
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from municipalities import contacts as rules
from municipalities.contacts import Change, Entry
from municipalities.models import Contact, Municipality, Role
from reporting.contacts import files
from reporting.contacts.forms import FileForm
from survey.access import post_only, role_required

SALT = "reporting.contacts"
MAX_AGE = 24 * 60 * 60  # seconds from preview to confirmation
MAX_SIGNED = 2_000_000  # characters; 2,000 contacts take a tenth of it
SHOWN = 100  # mistakes; whoever has more has the wrong file


@role_required(Role.ROUND_MANAGER)
def upload(request):
    """The file's form; posting shows what the file would do, or every mistake in it."""
    if request.method != "POST":
        return _page(request, FileForm())
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form)
    file = form.cleaned_data["file"]
    if file.size > files.MAX_BYTES:  # before it is read
        form.add_error("file", _("Filen må højst fylde 1 MB."))
        return _page(request, form)
    found = files.read(file.read(), Municipality.objects.at(localdate()))
    if found.problems:
        form.add_error("file", _("Intet er indlæst. Ret filen, og vælg den igen."))
        return _page(request, form, found.problems)
    return _preview(request, file.name, found)


def _page(request, form: FileForm, problems: list[str] | None = None):
    context = {
        "form": form,
        "problems": (problems or [])[:SHOWN],
        "more": max(0, len(problems or []) - SHOWN),
        "columns": ";".join(files.HEADINGS),
    }
    return render(request, "reporting/contacts/upload.html", context, status=422 if form.errors else 200)


def _preview(request, name: str, found: files.Read):
    changes = rules.plan(found.entries)
    names = Municipality.objects.in_bulk({one.municipality_id for one in found.entries})
    listed = {(one.municipality_id, one.email) for one in found.entries}
    left = [
        contact
        for contact in Contact.objects.visible_to(request.user).select_related("municipality")
        if (contact.municipality_id, contact.email) not in listed
    ]
    kinds = [change.kind for change in changes]
    seen = [[asdict(change.entry), change.before] for change in changes]
    context = {
        "name": name,
        "unread": found.unread,
        "rows": [
            (names[one.entry.municipality_id], one.entry, one.differences, one.kind)
            for one in changes
            if one.kind != "same"
        ],
        "new": kinds.count("new"),
        "changed": kinds.count("changed"),
        "same": kinds.count("same"),
        "left": left,
        "signed": signing.dumps({"by": request.user.pk, "seen": seen}, salt=SALT, compress=True),
    }
    return render(request, "reporting/contacts/preview.html", context)


@role_required(Role.ROUND_MANAGER)
@post_only
def store(request):
    """What was looked through: all of it, or nothing if a contact has been changed since."""
    try:
        signed = signing.loads(request.POST.get("signed", "")[:MAX_SIGNED], salt=SALT, max_age=MAX_AGE)
        if signed["by"] != request.user.pk:
            raise signing.BadSignature
    except signing.BadSignature:
        form = FileForm({})
        form.add_error(None, _("Indlæsningen kan ikke bekræftes længere. Vælg filen igen."))
        return _page(request, form)
    seen = [Change(Entry(**entry), before) for entry, before in signed["seen"]]
    if not rules.store(entries=[change.entry for change in seen], seen=seen):
        context = {"columns": ";".join(files.HEADINGS), "form": FileForm()}
        context["refusal"] = _("Kontakterne er ændret imens, så intet er gemt. Vælg filen igen, og se den.")
        return render(request, "reporting/contacts/upload.html", context, status=409)
    messages.success(request, _("Kontakterne er indlæst."))
    return redirect("contacts:contacts")
