"""Newly arrived refugees and reunited families (the report's figure 1): what is imported, and the import.

Nothing is kept between the preview and its confirmation: the series that was read is posted again, signed.
"""

from datetime import date

from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from municipalities.models import Role
from reporting.forms.arrivals import ArrivalsFile, ArrivalsForm
from reporting.models import ArrivalsCount, ArrivalsImport
from reporting.models.arrivals import IMINT02B, Superseded
from survey.access import ministry_required, post_only, role_required
from survey.transitions import database_now

SALT = "reporting.arrivals"
MAX_AGE = 24 * 60 * 60  # seconds from preview to confirmation
MAX_SIGNED = 50_000  # characters; 500 periods take less than 10,000


@ministry_required
def arrivals(request):
    """What is imported; a round manager's file is shown as it would be, and not stored."""
    if request.method != "POST":
        return _page(request)
    if request.user.ministry_role != Role.ROUND_MANAGER:
        raise PermissionDenied
    form = ArrivalsForm(request.POST, request.FILES)
    return _preview(request, form) if form.is_valid() else _page(request, form=form, status=422)


@role_required(Role.ROUND_MANAGER)
@post_only
def store(request):
    """The import that was looked through: all of it or nothing."""
    signed = request.POST.get("signed", "")
    try:
        details = signing.loads(signed[:MAX_SIGNED], salt=SALT, max_age=MAX_AGE)
        if details.pop("by") != request.user.pk:
            raise signing.BadSignature
    except signing.BadSignature:
        refusal = _("Indlæsningen kan ikke bekræftes længere. Vælg filen igen.")
        return _page(request, refusal=refusal, status=422)
    replaces = details.pop("replaces")
    details["fetched_on"] = date.fromisoformat(details["fetched_on"])
    imports = ArrivalsImport.objects.visible_to(request.user)
    try:
        imports.record(
            details.pop("series"),
            imports.get(pk=replaces) if replaces else None,
            recorded_by=request.user,
            **details,
        )
    except Superseded:
        refusal = _("Nyere tal er indlæst imens og gælder nu, så intet er gemt. Se dem, og vælg filen igen.")
        return _page(request, refusal=refusal, status=409)
    messages.success(request, _("Tallene er indlæst."))
    return redirect("reporting:arrivals")


def _page(request, *, form: ArrivalsForm | None = None, refusal: str = "", status: int = 200):
    now = database_now()
    imports = ArrivalsImport.objects.visible_to(request.user).select_related("recorded_by")
    may_import = request.user.ministry_role == Role.ROUND_MANAGER
    if may_import and form is None:
        source = _("Danmarks Statistik, Statistikbanken, tabel %(table)s") % {"table": IMINT02B}
        form = ArrivalsForm(initial={"source": source, "fetched_on": timezone.localdate()})
    context = {
        "table": IMINT02B,
        "imports": imports,
        "in_force": imports.latest_at(now),
        "counts": ArrivalsCount.objects.visible_to(request.user).in_force(now),
        "form": form,
        "refusal": refusal,
    }
    return render(request, "reporting/arrivals.html", context, status=status)


def _preview(request, form: ArrivalsForm):
    now = database_now()
    file: ArrivalsFile = form.cleaned_data["file"]
    replaces = ArrivalsImport.objects.visible_to(request.user).latest_at(now)
    counts = ArrivalsCount.objects.visible_to(request.user).in_force(now)
    details = {
        "source": form.cleaned_data["source"],
        "fetched_on": form.cleaned_data["fetched_on"].isoformat(),
        "file_name": file.name,
        "sha256": file.sha256,
        "selection": file.selection,
        "series": file.series,
        "replaces": replaces and replaces.pk,
        "by": request.user.pk,
    }
    before = dict(counts.values_list("period", "persons"))
    rows = _compared(before, file.series)
    changes = [change for _period, _old, _new, change in rows]
    names = {"new": _("ny"), "changed": _("ændret"), "same": _("uændret"), "gone": _("ikke i filen")}
    context = {
        "file": file,
        "source": form.cleaned_data["source"],
        "fetched_on": form.cleaned_data["fetched_on"],
        "rows": [(period, old, new, names[change]) for period, old, new, change in rows],
        "totals": [(name, changes.count(change)) for change, name in names.items()],
        "sum_before": sum(before.values()),
        "sum": sum(file.series.values()),
        "signed": signing.dumps(details, salt=SALT, compress=True),
    }
    return render(request, "reporting/arrivals_preview.html", context)


def _compared(before: dict[str, int], after: dict[str, int]) -> list[tuple]:
    """[(period, persons in force, persons in the file, what it is)] in time's order."""
    rows = []
    for period in sorted(before.keys() | after.keys()):
        old, new = before.get(period), after.get(period)
        change = "new" if old is None else "gone" if new is None else "same" if old == new else "changed"
        rows.append((period, old, new, change))
    return rows
