import uuid as uuids

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from survey.entering import Conflict, delete_initiative, save_initiative
from survey.forms import LEGAL_BASES, InitiativeForm
from survey.models import Initiative
from survey.questionnaire import FIELD_NAMES
from survey.transitions import Refused, database_now
from survey.views.submissions import get_submission, missing_labels


def new_initiative(request, code, year):
    """An empty form. It is posted to an address with a fresh uuid, so that pressing twice makes one."""
    submission = get_submission(request, code, year)
    if not submission.may_edit(request.user):
        raise PermissionDenied
    if not submission.accepts_entries(database_now()):
        messages.error(
            request, _("Besvarelsen kan ikke ændres nu: den er indsendt, eller fristen er udløbet.")
        )
        return redirect(submission)
    initiative = Initiative(submission=submission, uuid=uuids.uuid4(), revision=0)
    form = InitiativeForm(instance=initiative, accounts_year=submission.round.accounts_year)
    return _page(request, initiative, form)


def initiative(request, code, year, uuid):
    """One initiative: its form where it may be edited, otherwise what stands in it."""
    submission = get_submission(request, code, year)
    stored = submission.initiatives.filter(uuid=uuid).first()  # knows its submission: no query for it
    if request.method == "POST":
        if not submission.may_edit(request.user):
            raise PermissionDenied
        return _save(request, stored or Initiative(submission=submission, uuid=uuid, revision=0))
    if stored is None:
        raise Http404
    if submission.may_edit(request.user) and submission.accepts_entries(database_now()):
        form = InitiativeForm(instance=stored, accounts_year=submission.round.accounts_year)
        return _page(request, stored, form)
    return render(request, "survey/initiative_read.html", {"initiative": stored, "submission": submission})


def _save(request, initiative):
    form = InitiativeForm(
        request.POST, instance=initiative, accounts_year=initiative.submission.round.accounts_year
    )
    if not form.is_valid():
        return _page(request, initiative, form, status=422)
    try:
        save_initiative(
            initiative=form.instance, by=request.user, revision=form.cleaned_data["revision"] or 0
        )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, initiative, form, status=409)
    except Conflict as conflict:
        return _conflict(request, form, conflict.current)
    missing = missing_labels(form.instance)
    if missing:
        messages.warning(request, _("Gemt. Indsatsen mangler endnu: %s.") % ", ".join(missing))
    else:
        messages.success(request, _("Gemt. Indsatsen er udfyldt."))
    return redirect(form.instance.submission)


def _conflict(request, form, current):
    """Both texts on one page: the user's in the fields, the stored one beside those that differ."""
    differing = _differences(form.instance, current) if current else []
    if current and not differing:
        return redirect(form.instance.submission)  # pressed twice: what is stored is what was sent
    form.data = form.data.copy()
    form.data["revision"] = str(current.revision if current else 0)
    if current:
        who = _("%(name)s har gemt indsatsen, siden du åbnede den. Din tekst er ikke gemt endnu.") % {
            "name": current.updated_by.name
        }
    else:
        who = _("Indsatsen er slettet, siden du åbnede den. Gem for at oprette den igen.")
    form.add_error(None, who)
    return _page(request, form.instance, form, status=409, current=current, differing=differing)


def _differences(mine: Initiative, theirs: Initiative) -> list:
    """[(label, the stored text)] of the fields that differ."""
    names = [name for name in FIELD_NAMES if mine.text(name) != theirs.text(name)]
    return [(theirs.label(name), theirs.text(name)) for name in names]


def _page(request, initiative, form, status=200, **extra):
    context = {
        "form": form,
        "initiative": initiative,
        "submission": initiative.submission,
        "legal_bases": LEGAL_BASES,
        **extra,
    }
    return render(request, "survey/initiative_form.html", context, status=status)


@require_POST
def delete(request, code, year, uuid):
    submission = get_submission(request, code, year)
    if not submission.may_edit(request.user):
        raise PermissionDenied
    initiative = get_object_or_404(submission.initiatives, uuid=uuid)
    try:
        revision = int(request.POST.get("revision", ""))
        delete_initiative(initiative=initiative, by=request.user, revision=revision)
    except ValueError:
        messages.error(request, _("Indsatsen blev ikke slettet. Prøv igen."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    except Conflict:
        messages.error(request, _("Indsatsen er ændret, siden du åbnede siden, og er derfor ikke slettet."))
    else:
        messages.success(request, _("Indsatsen ”%s” er slettet.") % initiative)
    return redirect(submission)
