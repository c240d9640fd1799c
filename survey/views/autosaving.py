"""What the initiative's page saves by itself while one writes (static/autosave.js)."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from survey.access import post_only
from survey.conflicts import differing
from survey.entering import Conflict, save_initiative
from survey.models import Initiative, Submission
from survey.transitions import Refused
from survey.views.initiative_page import Remark, area_problems, missing_fields, warnings_at
from survey.views.initiatives import posted_form, who_saved
from survey.views.submissions import get_submission


@post_only
def autosave(request, code, year, uuid):
    """Stores what is valid; a field with an error keeps what is stored. Answers with what the page must
    know, some lines of HTML. An empty new form makes nothing."""
    form = posted_form(request, code, year, uuid)
    form.is_valid()
    if "revision" in form.errors:
        return _answer(request, "closed", 409, text=_("Siden er for gammel. Åbn indsatsen igen."))
    revision = form.cleaned_data["revision"] or 0
    if not revision and form.is_blank:
        _require_editor(request, code, year)
        return _answer(request, "blank", errors=_errors(form), revision=0)
    submissions = Submission.objects.filter(municipality__code=code, round__accounts_year=year)
    saved = {"initiative": form.instance, "names": form.valid_names, "reasons": form.reasons}
    try:
        save_initiative(submissions=submissions, by=request.user, revision=revision, **saved)
    except Refused as refusal:
        return _answer(request, "closed", 409, text=str(refusal))
    except Conflict as conflict:
        return _met(request, code, year, form, conflict.current)
    except Submission.DoesNotExist:
        _require_editor(request, code, year)
        raise PermissionDenied from None
    return _saved(request, code, year, form, revision + 1)


def _require_editor(request, code, year):
    if not get_submission(request, code, year).may_edit(request.user):
        raise PermissionDenied


def _met(request, code, year, form, current):
    """Another save came in between; if it says the same, it was this page's own, whose answer was lost."""
    changes = differing(form, current) if current else []
    if current and not changes:
        return _saved(request, code, year, form, current.revision)
    who = who_saved(current, request.user)
    home = reverse("survey:submission", args=[code, year])
    return _answer(request, "conflict", 409, text=who, current=current, changes=changes, home=home)


def _saved(request, code, year, form, revision):
    """`revision` is this save's own: if somebody else's is there by now, the next save shall meet it."""
    stored = (
        Initiative.objects.visible_to(request.user)
        .filter(submission__municipality__code=code, submission__round__accounts_year=year)
        .select_related("submission__round")
        .filter(uuid=form.instance.uuid)
        .first()
    )
    found = warnings_at(stored.submission, stored) if stored else []
    remarks = [Remark(warning, warning.reason or warning.outdated) for warning in found]
    context = {"errors": _errors(form), "remarks": remarks, "revision": revision, "at": timezone.now()}
    if stored:
        context |= {
            "initiative": stored,
            "missing": missing_fields(form, stored),
            "problems": area_problems(stored.submission, stored),
            "home": reverse("survey:submission", args=[code, year]),
        }
    response = _answer(request, "saved", **context)
    if revision == 1:  # its address is its own from now on
        address = reverse("survey:initiative", args=[code, year, form.instance.uuid])
        response.headers["HX-Replace-Url"] = address
    return response


def _errors(form) -> list[tuple]:
    """[(field, message)] in the form's order."""
    return [(form[name], " ".join(errors)) for name, errors in form.errors.items() if name in form.fields]


def _answer(request, outcome, status=200, **context):
    return render(request, "survey/_autosave.html", {"outcome": outcome, **context}, status=status)


def logged_in(request):
    """Where a login in a second window ends: the text waits in the first one."""
    return render(request, "survey/logged_in.html")
