"""Inhabitants, and immigrants and descendants, from StatBank: uploaded, looked through, confirmed."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from municipalities import populations
from municipalities.models import PopulationImport, Role
from reporting.reference import judging, previews
from reporting.reference.comparing import compare
from reporting.reference.forms import PopulationFile, PopulationForm
from survey.access import ministry_required, post_only, role_required

SALT = "reporting.reference.populations"


@ministry_required
def upload(request):
    """All imports; a round manager's file is shown as it would be, and not stored."""
    if request.method != "POST":
        return _page(request)
    if request.user.ministry_role != Role.ROUND_MANAGER:
        raise PermissionDenied
    form = PopulationForm(request.POST, request.FILES)
    return _preview(request, form) if form.is_valid() else _page(request, form=form, status=422)


@role_required(Role.ROUND_MANAGER)
@post_only
def store(request):
    """The import that was looked through: all of it or nothing."""
    details = previews.signed(request, SALT)
    if details is None:
        return _page(request, refusal=previews.not_signed(), status=422)
    for name in ("day", "fetched_on"):
        details[name] = date.fromisoformat(details[name])
    try:
        with transaction.atomic():
            stored, is_new = populations.record(by=request.user, **details)
            # After the table's lock, in the order that publishing takes them.
            if is_new and (why := judging.refuse_fixed(details["day"], lock=True)):
                raise populations.Refused(why)
    except populations.Refused as refused:
        return _page(request, refusal=_("%s Se tallene, og vælg filen igen.") % refused, status=409)
    if is_new:
        messages.success(request, _("%s er indlæst og gælder fra nu af.") % stored)
    else:
        messages.warning(request, _("Filen er allerede indlæst som %s, så intet er gemt igen.") % stored)
    return redirect("reference:populations")


def _page(request, *, form: PopulationForm | None = None, refusal: str = "", status: int = 200):
    if form is None and request.user.ministry_role == Role.ROUND_MANAGER:
        source = _("Danmarks Statistik, Statistikbanken")
        form = PopulationForm(initial={"source": source, "fetched_on": timezone.localdate()})
    context = {
        "imports": PopulationImport.objects.select_related("recorded_by"),
        "form": form,
        "refusal": refusal,
    }
    return render(request, "reporting/reference/populations.html", context, status=status)


def _preview(request, form: PopulationForm):
    cleaned = form.cleaned_data
    file: PopulationFile = cleaned["read"]
    table, day, persons = cleaned["table"], cleaned["day"], file.counts.municipalities
    latest = populations.latest_import(day)
    details = {
        "table": table,
        "day": day.isoformat(),
        "persons": persons,
        "published_total": file.published_total,
        "source": cleaned["source"],
        "fetched_on": cleaned["fetched_on"].isoformat(),
        "file_name": file.name,
        "sha256": file.sha256,
        "replaces": latest and latest.pk,
    }
    context = {
        "table": PopulationImport.Table(table),
        "day": day,
        "file": file,
        "source": cleaned["source"],
        "fetched_on": cleaned["fetched_on"],
        "there": populations.imported_already(table, day, file.sha256),
        "comparison": compare(table, day, persons),
        "nothing_to_compare": table == PopulationImport.Table.FOLK1A and file.usual is None,
        "sum": sum(persons.values()),
        "signed": previews.sign(request, details, SALT),
    }
    return render(request, "reporting/reference/populations_preview.html", context)
