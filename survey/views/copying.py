from collections import Counter
from itertools import groupby

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from survey.copying import copy_initiatives, earlier_versions, last_round, over_time, reported_in
from survey.entering import why_closed
from survey.forms.copying import CopyForm
from survey.models import ServiceArea, Submission
from survey.transitions import Refused, database_now
from survey.views.submissions import get_submission


def copy(request, code, year):
    """Last round's initiatives to choose from, those that are copied already, and all through the years."""
    submission = get_submission(request, code, year)
    if not submission.may_edit(request.user):
        raise PermissionDenied
    versions = earlier_versions(submission)
    initiatives = list(submission.initiatives.order_by("pk"))
    there = {initiative.uuid for initiative in initiatives}
    last = last_round(versions)
    earlier = _in_order(reported_in(last), there)
    every = [one.uuid for one in earlier] if "all" in request.POST else []
    form = CopyForm(request.POST if request.method == "POST" and not every else None, offered=earlier)
    status = 200
    if every or form.is_valid():
        try:
            return _copy(request, submission, last, every or form.cleaned_data["initiatives"])
        except Refused as refusal:
            messages.error(request, str(refusal))
            status = 409
    elif form.is_bound:
        status = 422
    through_time = over_time(initiatives, versions) if versions else []
    is_open = submission.accepts_entries(database_now())
    context = {
        "submission": submission,
        "versions": last,
        "is_nil": all(version.is_nil for version in last),
        "is_merged": any(one.submission.municipality_id != submission.municipality_id for one in last),
        "form": form,
        "areas": _by_area(form, earlier, there),
        "left": sum(one.uuid not in there for one in earlier),
        "closed": "" if is_open else why_closed(submission),
        "years": sorted({one.submission.round.accounts_year for one in versions}),
        "year": year,
        "over_time": through_time,
        "changes": Counter(row.change for row in through_time),
    }
    return render(request, "survey/copying.html", context, status=status)


def _copy(request, submission, versions, uuids):
    """Says how many were copied: somebody else may have been first."""
    submissions = Submission.objects.filter(pk=submission.pk)
    copied = copy_initiatives(submissions=submissions, versions=versions, uuids=uuids, by=request.user)
    if copied:
        text = ngettext(
            "%(count)d indsats er hentet. Beløbene mangler endnu.",
            "%(count)d indsatser er hentet. Beløbene mangler endnu.",
            len(copied),
        )
        messages.success(request, text % {"count": len(copied)})
    else:
        messages.warning(request, _("Der blev ikke hentet noget: indsatserne er hentet i forvejen."))
    return redirect(submission)


def _in_order(earlier, there):
    """What can be copied first, so that the form's first box is on the page; then by area as reported."""
    areas = ServiceArea.values
    return sorted(earlier, key=lambda one: (one.uuid in there, areas.index(one.service_area), one.position))


def _by_area(form, earlier, there) -> list[tuple]:
    """[(area, [(initiative, its checkbox or None if it is copied)])] in the report's order."""
    boxes = zip(earlier, form["initiatives"], strict=True)
    rows = [(one, None if one.uuid in there else box) for one, box in boxes]
    rows.sort(key=lambda row: (ServiceArea.values.index(row[0].service_area), row[1] is None))
    by_area = groupby(rows, key=lambda row: row[0].get_service_area_display())
    return [(area, list(of_area)) for area, of_area in by_area]
