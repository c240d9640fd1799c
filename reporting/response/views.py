from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import translation

from reporting import wording
from reporting.audit.downloads import record_download
from reporting.forms.choices import RegionForm
from reporting.response.burden import burdens
from reporting.response.counts import Standing
from reporting.response.days import day_figure
from reporting.response.deadlines import deadline_changes
from reporting.response.files import municipalities_csv
from reporting.response.standings import STATE_NAMES, regional_counts, standings_of
from reporting.tile_map import tile_map
from reporting.views.figures import KINDS
from reporting.views.overview import get_opened_round, get_round, not_opened
from survey.access import ministry_required
from survey.models import Feedback, Submission, SurveyRound
from survey.transitions import database_now


@ministry_required
def response(request, year):
    """Who has answered, when, and what it took: as at now."""
    survey_round = get_round(request, year)
    if not survey_round.is_opened:
        return not_opened(request, survey_round)
    form = RegionForm(request.GET)
    now = database_now()
    found = standings_of(survey_round, request.user, now)
    region = form.cleaned_data["region"] if form.is_valid() else None
    context = {
        "round": survey_round,
        "form": form,
        "now": now,
        "deadline_changes": deadline_changes([survey_round]).get(survey_round.pk),
        "map": tile_map(found),
        "coverage": regional_counts(found),
        "rows": [(one, STATE_NAMES[one.state]) for one in found if region in (None, one.region)],
        "figure": day_figure(survey_round, found, request.user, now),
        **_burden(survey_round, found, request.user),
    }
    status = 200 if form.is_valid() else 422
    return render(request, "reporting/response/response.html", context, status=status)


@ministry_required
def municipalities(request, year):
    """The table of municipalities as a CSV, in Danish whatever the reader's language."""
    survey_round = get_opened_round(request, year)
    now = database_now()
    found = standings_of(survey_round, request.user, now)
    with translation.override(settings.LANGUAGE_CODE):
        content = municipalities_csv(survey_round, found, now)
    record_download(request, survey_round)
    return _file(survey_round, content, "csv", "svar")


@ministry_required
def days(request, year, kind):
    """The figure day by day as a file; its CSV's headings are Danish whatever the reader's language."""
    survey_round = get_opened_round(request, year)
    if kind not in KINDS:
        raise Http404
    now = database_now()
    found = standings_of(survey_round, request.user, now)
    language = settings.LANGUAGE_CODE if kind == "csv" else translation.get_language()
    with translation.override(language):
        content = getattr(day_figure(survey_round, found, request.user, now), kind)()
    return _file(survey_round, content, kind, "svar-pr-dag")


def _file(survey_round: SurveyRound, content, kind: str, name: str) -> HttpResponse:
    found = HttpResponse(content, content_type=KINDS[kind])
    if kind in ("png", "csv"):
        demo = "DEMO-opdigtede-tal-" if survey_round.is_demo else ""
        name = f"{demo}{name}-{survey_round.accounts_year}.{kind}"
        found["Content-Disposition"] = f'attachment; filename="{name}"'
    return found


def _burden(survey_round: SurveyRound, found: list[Standing], user) -> dict:
    """The minutes of the answers that count, and everybody's comments in Danish order."""
    submissions = Submission.objects.visible_to(user).filter(round=survey_round)
    feedback = Feedback.objects.filter(submission__in=submissions)
    told = {
        code: (minutes, comment)
        for code, minutes, comment in feedback.values_list(
            "submission__municipality__code", "minutes", "comment"
        )
    }
    nothing = (None, "")
    minutes = [(one.inhabitants, told.get(one.code, nothing)[0]) for one in found if one.responded]
    return {
        "burdens": [(wording.STRATA.get(one.size or "", wording.TOTAL), one) for one in burdens(minutes)],
        "comments": [(one, told[one.code][1]) for one in found if told.get(one.code, nothing)[1]],
    }
