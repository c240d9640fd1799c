"""The ministry's contacts in the municipalities, one by one."""

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from municipalities import contacts as rules
from municipalities.models import Contact, Municipality, Role
from reporting.contacts import files
from reporting.contacts.forms import BounceForm, ContactForm, ContactsForm
from survey.access import ministry_required, post_only, role_required
from survey.forms.moments import YEARS
from survey.transitions import database_now


def places(user):
    """Today's municipalities in Danish order, each with the contacts that the user may see."""
    contacts = Prefetch("contacts", Contact.objects.visible_to(user).order_by("name"))
    return Municipality.objects.at(localdate()).select_related("region").prefetch_related(contacts)


@ministry_required
def contacts(request):
    """Every municipality with whom the ministry writes to, and where nobody can be reached."""
    form = ContactsForm(request.GET)
    region, show = None, ""
    if form.is_valid():
        region, show = form.cleaned_data["region"], form.cleaned_data["show"]
    everywhere = list(places(request.user))
    rows = [(place, list(place.contacts.all())) for place in everywhere]
    shown = [
        (place, found) for place, found in rows if region in (None, place.region.code) and _fits(found, show)
    ]
    context = {
        "form": form,
        "rows": shown,
        "municipalities": len(rows),
        "without": sum(not found for _place, found in rows),
        "contacts": sum(len(found) for _place, found in rows),
        "bounced": sum(one.bounced_at is not None for _place, found in rows for one in found),
        "may_change": request.user.ministry_role == Role.ROUND_MANAGER,
    }
    return render(request, "reporting/contacts/contacts.html", context, status=422 if form.errors else 200)


def _fits(found: list[Contact], show: str) -> bool:
    if show == "none":
        return not found
    return show != "bounced" or any(one.bounced_at for one in found)


@ministry_required
def template(request):
    """All municipalities with what is known of them; filled in, it is what an import takes."""
    response = HttpResponse(files.write(places(request.user)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="kontakter.csv"'
    return response


@role_required(Role.ROUND_MANAGER)
def new(request, code):
    place = get_object_or_404(Municipality.objects.at(localdate()), code=code)
    form = ContactForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            contact = rules.add(municipality=place, **form.cleaned_data)
        except ValidationError as error:
            form.add_error("email", error.messages)
        else:
            messages.success(request, _("%s er tilføjet.") % contact)
            return redirect("contacts:contacts")
    context = {"form": form, "municipality": place}
    return render(request, "reporting/contacts/contact.html", context, status=422 if form.errors else 200)


@role_required(Role.ROUND_MANAGER)
def edit(request, contact_id):
    contact = _contact(request, contact_id)
    if request.method != "POST":
        return _edit_page(request, contact)
    form, refusal = ContactForm(request.POST), ""
    if form.is_valid():
        contact.updated_at = _seen_at(request)
        try:
            changed = rules.change(contact=contact, **form.cleaned_data)
        except ValidationError as error:
            form.add_error("email", error.messages)
        except rules.Changed:
            refusal = _("En anden har ændret kontakten, siden du åbnede siden, så intet er gemt.")
        else:
            messages.success(request, _("%s er gemt.") % changed)
            return redirect("contacts:contacts")
    return _edit_page(request, _contact(request, contact_id), form, refusal)


def _edit_page(request, contact: Contact, form: ContactForm | None = None, refusal: str = "", bounce=None):
    known = {name: getattr(contact, name) for name in ("name", "title", "email", "phone")}
    context = {
        "contact": contact,
        "municipality": contact.municipality,
        "form": form or ContactForm(initial=known),
        "bounce_form": bounce or BounceForm(),
        "refusal": refusal,
        "seen_at": contact.updated_at.isoformat(),
    }
    wrong = (form and form.errors) or bounce
    status = 409 if refusal else 422 if wrong else 200
    return render(request, "reporting/contacts/contact.html", context, status=status)


def _seen_at(request) -> datetime:
    """When what the page showed was saved; anything else than that is a time at which nothing was."""
    try:
        seen_at = datetime.fromisoformat(request.POST.get("seen_at", ""))
    except ValueError:
        return database_now()
    return seen_at if seen_at.tzinfo and seen_at.year in YEARS else database_now()


@role_required(Role.ROUND_MANAGER)
@post_only
def delete(request, contact_id):
    """The contact alone: the log of the mails, and an account, stay."""
    contact = _contact(request, contact_id)
    contact.delete()
    messages.success(request, _("%s er ikke længere kontakt.") % contact.name)
    return redirect("contacts:contacts")


@role_required(Role.ROUND_MANAGER)
@post_only
def bounce(request, contact_id):
    """Mail comes back, or (act=back) it gets through again."""
    contact = _contact(request, contact_id)
    if request.POST.get("act") == "back":
        rules.note_reach(email=contact.email)
        messages.success(request, _("Mail til %s kommer frem igen.") % contact.name)
        return redirect("contacts:contacts")
    form = BounceForm(request.POST)
    if not form.is_valid():
        return _edit_page(request, contact, bounce=form)
    if rules.note_bounces(email=contact.email, note=form.cleaned_data["note"]):
        messages.success(request, _("Det er noteret, at mail til %s kommer retur.") % contact.name)
    else:
        text = _("Det var allerede noteret, at mail til %s kommer retur, og det første notat står.")
        messages.warning(request, text % contact.name)
    return redirect("contacts:contacts")


def _contact(request, contact_id: int) -> Contact:
    contacts = Contact.objects.visible_to(request.user).select_related("municipality")
    return get_object_or_404(contacts, pk=contact_id)
