from urllib.parse import urlencode

from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from survey.differences import differences
from survey.forms.dialogue import VersionsForm
from survey.models import Submission, SubmissionVersion
from survey.views.submissions import get_submission

DRAFT = "kladde"


def versions(request, code, year):
    """What has changed between two of the municipality's versions, or since one of them in the draft."""
    submission = get_submission(request, code, year)
    editable = submission.state in (Submission.State.DRAFT, Submission.State.RETURNED)
    draft = submission.initiatives.order_by("pk") if editable else None
    return comparison_page(request, submission, draft=draft, template="survey/version_diff.html")


def comparison_page(request, submission: Submission, *, template: str, draft=None, beside=None):
    """Without a choice in the URL the two latest; `draft` holds the working copy's initiatives, for those
    who may see them. `beside` makes of [(version, its initiatives)] what more the page tells of the two."""
    visible = SubmissionVersion.objects.visible_to(request.user)
    stored = {str(v.number): v for v in visible.filter(submission=submission).order_by("number")}
    labels = {number: _label(version) for number, version in stored.items()}
    if draft is not None:
        labels[DRAFT] = _("Kladden, som den er nu")
    context = {"submission": submission, "round": submission.round, "is_demo": submission.round.is_demo}
    if not stored or len(labels) < 2:
        return render(request, template, context)
    latest = dict(zip(("fra", "til"), list(labels)[-2:], strict=True))
    form = VersionsForm(request.GET if "fra" in request.GET else latest, versions=list(labels.items()))
    context["form"] = form
    if not form.is_valid():
        return render(request, template, context, status=422)
    chosen = [form.cleaned_data["fra"], form.cleaned_data["til"]]
    older, newer = (list(draft if name == DRAFT else stored[name].initiatives.all()) for name in chosen)
    context |= {"differences": differences(older, newer), "names": [labels[name] for name in chosen]}
    context["other_way"] = urlencode({"fra": chosen[1], "til": chosen[0]})
    if beside:
        context |= beside([(stored[chosen[0]], older), (stored[chosen[1]], newer)])
    return render(request, template, context)


def _label(version: SubmissionVersion) -> str:
    at = date_format(localtime(version.submitted_at), "DATETIME_FORMAT")
    return _("Version %(number)d, indsendt %(at)s") % {"number": version.number, "at": at}
