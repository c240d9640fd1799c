from collections import defaultdict

from django.contrib import messages
from django.db import transaction
from django.http import QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from municipalities.models import REVIEWERS, User
from reporting import wording
from reporting.deciding.forms import AssignForm, RestForm
from reporting.deciding.rest import Changed, accept_rest, rest_of
from reporting.totals import PopulationMissing
from reporting.views.overview import get_round, not_opened
from survey import reviewing
from survey.access import post_only, role_required
from survey.models import ReportedInitiative
from survey.transitions import Refused


@role_required(*REVIEWERS)
def rest(request, year):
    """Accepts what no rule points at, after its number and its sums have been confirmed."""
    survey_round = get_round(request, year)
    if not survey_round.is_opened:
        status = 409 if request.method == "POST" else 200
        return not_opened(request, survey_round, status=status)
    data = request.POST if request.method == "POST" else request.GET
    form = RestForm(data, survey_round=survey_round, user=request.user)
    if not form.is_valid():
        context = {"round": survey_round, "form": form}
        return render(request, "reporting/deciding/rest.html", context, status=422)
    if request.method != "POST":
        return _rest_page(request, survey_round, form)
    submission = form.cleaned_data["kommune"]
    try:
        n = accept_rest(
            round_id=survey_round.pk,
            by=request.user,
            digest=form.cleaned_data["digest"],
            submission=submission,
        )
    except Changed:
        changed = _("Der er sket noget siden. Intet er godtaget. Se det nye antal, og bekræft igen.")
        return _rest_page(request, survey_round, form, refusal=changed, status=409)
    except Refused as refusal:
        return _rest_page(request, survey_round, form, refusal=str(refusal), status=409)
    except PopulationMissing as error:
        return _rest_page(request, survey_round, form, refusal=wording.refusal(error), status=409)
    said = ngettext("%(n)d indsats er godtaget.", "%(n)d indsatser er godtaget.", n)
    messages.success(request, said % {"n": n})
    if submission:
        return redirect("reporting:submission", year, submission.municipality.code)
    return redirect("deciding:accept_rest", year)


def _rest_page(request, survey_round, form: RestForm, *, refusal="", status=200):
    """What there is to confirm now."""
    submission = form.cleaned_data["kommune"]
    context = {"round": survey_round, "form": form, "submission": submission, "refusal": refusal}
    if survey_round.is_final:
        context["refusal"] = refusal or _("Kortlægningen er låst, så intet i den kan afgøres.")
        return render(request, "reporting/deciding/rest.html", context, status=status)
    try:
        found = rest_of(survey_round, request.user, submission)
    except PopulationMissing as error:
        context |= {"refusal": wording.refusal(error), "remedy": wording.remedy(error)}
    else:
        areas = found.by_area()
        total = [sum(column) for column in list(zip(*areas, strict=True))[1:]]
        context |= {"rest": found, "areas": areas, "total": total}
    return render(request, "reporting/deciding/rest.html", context, status=status)


@role_required(*REVIEWERS)
@post_only
def assign(request, year):
    """Gives initiatives of the hit list to a reviewer, or to nobody, and leads back to the list."""
    survey_round = get_round(request, year)
    if not request.POST.getlist("initiative"):  # a page without any to choose from would be no help
        messages.error(request, _("Sæt kryds ved mindst en indsats på listen, før du tildeler."))
        return redirect(_back(request.POST.get("next", "")[:2000]))
    form = AssignForm(request.POST, survey_round=survey_round, user=request.user)
    if not form.is_valid():
        return _assign_page(request, survey_round, form, 422)
    chosen, reviewer = form.cleaned_data["initiative"], form.cleaned_data["reviewer"]
    try:
        changed = _assign(chosen, reviewer, request.user)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _assign_page(request, survey_round, form, 409)
    messages.success(request, _assigned(changed, reviewer))
    return redirect(_back(form.cleaned_data["next"]))


def _back(query: str) -> str:
    """The hit list, one folder up, as it was filtered."""
    query = QueryDict(query).urlencode()
    return f"../?{query}" if query else "../"


def _assign_page(request, survey_round, form: AssignForm, status: int):
    context = {"round": survey_round, "form": form, "n": len(request.POST.getlist("initiative"))}
    context["back"] = _back(request.POST.get("next", ""))
    return render(request, "reporting/deciding/assign.html", context, status=status)


def _assign(chosen, reviewer: User | None, by: User) -> int:
    """All or nothing, the answers in the order in which everybody locks several; how many that changed."""
    by_submission: dict[int, list] = defaultdict(list)
    rows = ReportedInitiative.objects.filter(pk__in=[one.pk for one in chosen])
    for submission, uuid in rows.values_list("version__submission_id", "uuid"):
        by_submission[submission].append(uuid)
    with transaction.atomic():
        return sum(
            reviewing.assign(submission_id=submission, uuids=uuids, reviewer=reviewer, by=by)
            for submission, uuids in sorted(by_submission.items())
        )


def _assigned(n: int, reviewer: User | None) -> str:
    if not n:
        return _("Det var sådan allerede. Intet er ændret.")
    if reviewer is None:
        return ngettext(
            "%(n)d indsats er ikke længere tildelt nogen.",
            "%(n)d indsatser er ikke længere tildelt nogen.",
            n,
        ) % {"n": n}
    return ngettext("%(n)d indsats er tildelt %(name)s.", "%(n)d indsatser er tildelt %(name)s.", n) % {
        "n": n,
        "name": reviewer.name,
    }
