from django.urls import reverse

from reporting.views.submissions import get_submission
from survey.access import ministry_required
from survey.models import ReportedInitiative
from survey.transitions import REVIEWERS
from survey.views.dialogue import Side, dialogue_page
from survey.views.versions import comparison_page


@ministry_required
def dialogue(request, year, code):
    """The ministry's questions and answers: on what was handed in and counts, never on a draft."""
    answer = get_submission(request, year, code)
    initiatives = ReportedInitiative.objects.visible_to(request.user).reported()
    rows = initiatives.filter(version__submission=answer).values_list("uuid", "title")
    pages = {uuid: (title, reverse("reporting:initiative", args=[year, code, uuid])) for uuid, title in rows}
    may_write = request.user.ministry_role in REVIEWERS
    return dialogue_page(request, answer, Side(True, may_write, pages, "reporting/dialogue.html"))


@ministry_required
def versions(request, year, code):
    """What has changed between two versions that were handed in."""
    answer = get_submission(request, year, code)
    return comparison_page(request, answer, template="reporting/version_diff.html")
