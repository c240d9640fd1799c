from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from municipalities.models import REVIEWERS
from reporting.comparability.asking import ask as ask_about
from reporting.comparability.forms import AskForm, ComparisonForm
from reporting.comparability.listing import comparison
from reporting.comparability.page import Dialogue
from reporting.review.catalogue import DUPLICATE
from reporting.views.overview import get_round, not_opened
from reporting.views.submissions import get_submission
from survey.access import ministry_required, post_only, role_required
from survey.models import SurveyRound
from survey.transitions import Refused, database_now

KINDS_A_PAGE = 10
MOST_DUPLICATES = 50


@ministry_required
def pairs(request, year):
    """What may be entered twice, and what municipalities place differently."""
    survey_round = get_round(request, year)
    if not survey_round.is_opened:
        return not_opened(request, survey_round)
    return _page(request, survey_round, request.GET)


@role_required(*REVIEWERS)
@post_only
def ask(request, year):
    """A pair turned into a question, and back to the list where it stood."""
    survey_round = get_round(request, year)
    form = AskForm(request.POST)
    query = QueryDict(request.POST.get("next", ""))
    if not form.is_valid():
        if not survey_round.is_opened:
            return not_opened(request, survey_round, status=422)
        return _page(request, survey_round, query, asked=form, status=422)
    question = form.cleaned_data
    submission = get_submission(request, year, question.pop("code"))
    try:
        ask_about(submission_id=submission.pk, by=request.user, **question)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, survey_round, query, asked=form, status=409)
    messages.success(request, _("Spørgsmålet er sendt til %(name)s.") % {"name": submission.municipality})
    address = reverse("comparability:pairs", args=[year], query=query or None)
    return redirect(f"{address}#indsats-{submission.municipality.code}-{question['uuid']}")


def _page(request, survey_round: SurveyRound, query: QueryDict, *, asked: AskForm | None = None, status=200):
    form = ComparisonForm(query)
    context: dict[str, Any] = {
        "round": survey_round,
        "form": asked or form,
        "filter": form,
        "next": query.urlencode(),
    }
    if not form.is_valid():
        return render(request, "reporting/comparability/pairs.html", context, status=422)
    now = database_now()
    fields, area = form.cleaned_data["forskel"], form.cleaned_data["omraade"]
    found = comparison(survey_round, request.user, now, fields=fields, area=area)
    page = Paginator(found.kinds, KINDS_A_PAGE).get_page(query.get("page"))
    dialogue = Dialogue(survey_round, request.user, found)
    pages = query.copy()
    pages.pop("page", None)
    context |= {
        "as_at": now,
        "found": found,
        "page": page,
        "kinds": dialogue.kinds(page),
        "duplicates": dialogue.pairs(found.duplicates[:MOST_DUPLICATES]) if page.number == 1 else [],
        "is_retired": DUPLICATE in survey_round.retired_rules,
        "query": pages.urlencode(),
        "may_ask": request.user.ministry_role in REVIEWERS and not survey_round.is_final,
    }
    return render(request, "reporting/comparability/pairs.html", context, status=status)
