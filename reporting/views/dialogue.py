from functools import partial

from django.urls import reverse

from municipalities.models import REVIEWERS
from reporting import wording
from reporting.macro.change import change_of
from reporting.national import coverage_of
from reporting.totals import round_totals
from reporting.views.initiative_page import address, after, list_query
from reporting.views.submissions import get_submission
from survey.access import ministry_required
from survey.models import ReportedInitiative, Submission
from survey.transitions import database_now
from survey.views.dialogue import Side, dialogue_page
from survey.views.versions import comparison_page


@ministry_required
def dialogue(request, year, code):
    """The ministry's questions and answers: on what was handed in and counts, never on a draft.

    `?indsats=` is the initiative whose page one came from and goes back to, `?liste=` its hit list.
    """
    answer = get_submission(request, year, code)
    initiatives = ReportedInitiative.objects.visible_to(request.user).reported()
    rows = initiatives.filter(version__submission=answer).values_list("uuid", "title")
    liste = {"liste": list_query(request)} if "liste" in request.GET else None
    pages = {
        uuid: (title, reverse("reporting:initiative", args=[year, code, uuid], query=liste))
        for uuid, title in rows
    }
    may_write = request.user.ministry_role in REVIEWERS
    back = _back(request, initiatives.filter(version__submission=answer)) if may_write else ""
    return dialogue_page(request, answer, Side(True, may_write, pages, "reporting/dialogue.html", back))


def _back(request, initiatives) -> str:
    """Where one goes on to after sending: the next of the list, if asked, else the page one came from."""
    if request.method != "POST":
        return ""
    places = initiatives.select_related("version__submission__round", "version__submission__municipality")
    came_from = next((i for i in places if str(i.uuid) == request.GET.get("indsats")), None)
    if came_from is None:
        return ""
    following = after(request, came_from) if "naeste" in request.POST else ""
    return following or address("initiative", came_from, request)


@ministry_required
def versions(request, year, code):
    """What has changed between two versions that were handed in, and what it does to the country's figure."""
    answer = get_submission(request, year, code)
    beside = partial(_effect, answer) if answer.round.is_opened else None
    return comparison_page(request, answer, template="reporting/version_diff.html", beside=beside)


def _effect(answer: Submission, sides) -> dict:
    survey_round = answer.round
    try:
        totals = round_totals(survey_round, database_now())
        found = change_of(totals, answer.municipality.code, sides, price_level=survey_round.price_level)
    except wording.REFUSALS as error:
        return {"refusal": wording.refusal(error), "remedy": wording.remedy(error)}
    return {
        "change": found,
        "effects": [
            (wording.METHOD_NAMES[one.method], one, one.refused and wording.refusal(one.refused))
            for one in found.effects
        ],
        "totals": totals,
        "coverage": coverage_of(totals.returns),
    }
