import uuid as uuids

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models.functions import Now
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from survey.access import post_only, typed_before_login
from survey.conflicts import chosen, differing
from survey.entering import Conflict, delete_initiative, save_initiative, why_closed
from survey.forms.initiative import InitiativeForm
from survey.models import Initiative, Submission
from survey.transitions import Refused, database_now
from survey.views.initiative_page import initiative_page
from survey.views.initiative_read import read_page
from survey.views.submissions import get_submission


def new_initiative(request, code, year):
    """An empty form. It is posted to an address with a fresh uuid, so that pressing twice makes one."""
    submission = get_submission(request, code, year)
    if not submission.may_edit(request.user):
        raise PermissionDenied
    if not submission.accepts_entries(database_now()):
        messages.error(request, why_closed(submission))
        return redirect(submission)
    return _open(request, Initiative(submission=submission, uuid=uuids.uuid4(), revision=0))


def initiative(request, code, year, uuid):
    """One initiative: its form where it may be edited, otherwise what stands in it."""
    if request.method == "POST":
        return _save(request, code, year, uuid)
    stored = (
        Initiative.objects.visible_to(request.user)
        .filter(uuid=uuid, submission__municipality__code=code, submission__round__accounts_year=year)
        .select_related("submission__round", "submission__municipality", "updated_by")
        .annotate(now=Now())
        .first()
    )
    submission = stored.submission if stored else get_submission(request, code, year)
    now = stored.now if stored else database_now()
    if submission.may_edit(request.user) and submission.accepts_entries(now):
        # Nothing stored: a new one's address, met again after a login or a change of language.
        return _open(request, stored or Initiative(submission=submission, uuid=uuid, revision=0))
    if stored is None:
        raise Http404
    return read_page(request, stored)


def _open(request, initiative):
    """The form as stored, or with what the user typed before the login had to be renewed."""
    form = InitiativeForm(instance=initiative, accounts_year=initiative.submission.round.accounts_year)
    typed = typed_before_login(request)
    if typed is not None:
        form.data, form.is_bound = typed, True
        text = _("Dit login var udløbet. Det, der var skrevet, står her, men er ikke gemt endnu.")
        messages.warning(request, text)
    return initiative_page(request, initiative, form)


def posted_form(request, code, year, uuid):
    """The form as posted, or as chosen between two versions of it."""
    data = request.POST
    if "keep" in data:
        submission = get_submission(request, code, year)
        data = chosen(data, submission.initiatives.filter(uuid=uuid).first(), year)
    return InitiativeForm(data, instance=Initiative(uuid=uuid, revision=0), accounts_year=year)


def _save(request, code, year, uuid):
    """The common case asks the database for no more than the lock and the write."""
    form = posted_form(request, code, year, uuid)
    if not form.is_valid():
        return _refused(request, code, year, form, status=422)
    submissions = Submission.objects.filter(municipality__code=code, round__accounts_year=year)
    saved = {"initiative": form.instance, "by": request.user, "reasons": form.reasons}
    try:
        save_initiative(submissions=submissions, revision=form.cleaned_data["revision"] or 0, **saved)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _refused(request, code, year, form, status=409)
    except Conflict as conflict:
        return _conflict(request, code, year, form, conflict.current)
    except Submission.DoesNotExist:
        return _refused(request, code, year, form, status=409)  # 404 or 403
    if missing := len(form.instance.missing()):
        text = ngettext(
            "Gemt. Indsatsen mangler endnu %d felt.", "Gemt. Indsatsen mangler endnu %d felter.", missing
        )
        messages.warning(request, text % missing)
    else:
        messages.success(request, _("Gemt. Indsatsen er udfyldt."))
    return _after(request, code, year, uuid)


def _after(request, code, year, uuid):
    """Back to the answer, or to the same page for those who go on writing or have just chosen."""
    if "stay" in request.POST or "keep" in request.POST:
        return redirect("survey:initiative", code, year, uuid)
    return redirect("survey:submission", code, year)


def _refused(request, code, year, form, status, **extra):
    """The page again with all that was typed, for those who may see it."""
    submission = get_submission(request, code, year)
    if not submission.may_edit(request.user):
        raise PermissionDenied
    stored = submission.initiatives.select_related("updated_by").filter(uuid=form.instance.uuid).first()
    shown = stored or Initiative(submission=submission, uuid=form.instance.uuid, revision=0)
    shown.submission = submission
    return initiative_page(request, shown, form, status=status, **extra)


def _conflict(request, code, year, form, current):
    """Both texts on one page, beside each other, with a choice."""
    changes = differing(form, current) if current else []
    if current and not changes:
        return _after(request, code, year, form.instance.uuid)  # pressed twice: what was sent is stored
    form.add_error(None, who_saved(current, request.user))
    return _refused(request, code, year, form, status=409, current=current, changes=changes, met=True)


def who_saved(current: Initiative | None, user) -> str:
    """Why a save is refused that met another one."""
    if current is None:
        return _("Indsatsen er slettet, siden du åbnede den. Din tekst er ikke gemt.")
    if current.updated_by == user:
        return _(
            "Du har selv gemt indsatsen et andet sted, siden du åbnede den her. Teksten her er ikke gemt."
        )
    name = current.updated_by.name
    return _("%(name)s har gemt indsatsen, siden du åbnede den. Din tekst er ikke gemt.") % {"name": name}


@post_only
def delete(request, code, year, uuid):
    submission = get_submission(request, code, year)
    if not submission.may_edit(request.user):
        raise PermissionDenied
    initiative = get_object_or_404(submission.initiatives, uuid=uuid)
    try:
        revision = int(request.POST.get("revision", ""))
        submissions = Submission.objects.filter(pk=submission.pk)
        delete_initiative(submissions=submissions, initiative=initiative, by=request.user, revision=revision)
    except ValueError:
        messages.error(request, _("Indsatsen blev ikke slettet. Prøv igen."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    except Conflict:
        messages.error(request, _("Indsatsen er ændret, siden du åbnede siden, og er derfor ikke slettet."))
    else:
        messages.success(request, _("Indsatsen ”%s” er slettet.") % initiative)
    return redirect(submission)
