from django.db.models import Count
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate

from municipalities.models import Role
from reporting import wording
from reporting.chase.listing import chase_list
from reporting.chase.returned import returned_counts
from reporting.national import estimate_of
from reporting.response.deadlines import deadline_changes
from reporting.response.standings import regional_counts, standings_of
from reporting.review.hits import hit_list
from reporting.rounds.missing import missing_of
from reporting.tile_map import tile_map
from reporting.totals import PopulationMissing, RoundTotals, round_totals
from survey.access import ministry_required
from survey.deadlines import last_day
from survey.models import Message, Submission, SurveyRound
from survey.transitions import database_now

FIRST = 5  # of the chase list, and of the hit list


def get_round(request, year: int) -> SurveyRound:
    return get_object_or_404(SurveyRound.objects.visible_to(request.user), accounts_year=year)


def get_opened_round(request, year: int) -> SurveyRound:
    """For a file of figures: of a plan or a trial there is none."""
    survey_round = get_round(request, year)
    if not survey_round.is_opened:
        raise Http404
    return survey_round


def not_opened(request, survey_round: SurveyRound, *, status=200):
    """In place of a page of figures: those of a trial would be of its pilots alone and look like the real."""
    return render(request, "reporting/not_opened.html", {"round": survey_round}, status=status)


@ministry_required
def home(request):
    """The open round, else the newest that is not archived, else the newest."""
    rounds = SurveyRound.objects.visible_to(request.user)
    survey_round = (
        rounds.filter(state=SurveyRound.State.OPEN).first()
        or rounds.exclude(state=SurveyRound.State.ARCHIVED).first()
        or rounds.first()
    )
    if survey_round is None:
        return render(request, "reporting/no_rounds.html")
    return redirect("reporting:overview", survey_round.accounts_year)


@ministry_required
def overview(request, year):
    """The round in short: who has written, the estimate, what to look at and whom to ask first.

    One that is not opened has no numbers; its plan has what there is of it.
    """
    survey_round = get_round(request, year)
    now = database_now()
    context = {
        "round": survey_round,
        "now": now,
        "days_left": (last_day(survey_round.deadline) - localdate(now)).days,
        "may_export": request.user.ministry_role == Role.ADMIN,
        "undone": missing_of(survey_round, request.user, now),
    }
    if survey_round.is_opened:
        found = standings_of(survey_round, request.user, now)
        context |= {
            "map": tile_map(found),
            "deadline_changes": deadline_changes([survey_round]).get(survey_round.pk),
            "coverage": regional_counts(found),
            "unread": _unread(request.user, survey_round),
            **returned_counts(survey_round, request.user, now),
            **_figures(survey_round, request.user, now),
        }
    return render(request, "reporting/overview.html", context)


def _unread(user, survey_round: SurveyRound) -> list[tuple[str, str, int]]:
    """(code, name, messages) of each municipality that has written what the user has not seen."""
    submissions = Submission.objects.visible_to(user).filter(round=survey_round)
    messages = Message.objects.visible_to(user).filter(submission__in=submissions)
    by_municipality = (
        messages.unread_by(user, from_ministry=False)
        .order_by("submission__municipality__sort_key")
        .values_list("submission__municipality__code", "submission__municipality__name")
    )
    return list(by_municipality.annotate(count=Count("pk")))


def _figures(survey_round: SurveyRound, user, now) -> dict:
    """What rests on the amounts; why there is none of it stands in `refusal`."""
    try:
        totals = round_totals(survey_round, now)
    except PopulationMissing as error:
        return {"refusal": wording.refusal(error), "remedy": wording.remedy(error)}
    listed = None if survey_round.is_final else chase_list(survey_round, totals, user, first=FIRST)
    return {
        **_headline(totals, survey_round),
        "chase": listed and listed.rows,
        "missing": listed and listed.coverage.municipalities - listed.coverage.answered,
        "reach": listed and listed.reach,
        "review": None if survey_round.is_final else _review(survey_round, totals),
    }


def _review(survey_round: SurveyRound, totals: RoundTotals) -> dict:
    """How far the review is, what is left on the hit list, and the first of it."""
    found = hit_list(survey_round, totals)
    left = [hit for hit in found.hits if not hit.status.is_settled]
    return {
        "count": len(found.statuses),
        "settled": sum(status.is_settled for status in found.statuses.values()),
        "left": len(left),
        "first": left[:FIRST],
        "open_influence": found.open_influence,
        "price_level": found.scale.price_level,
        "may_stop": found.stop_after == 0,
        "refusal": found.refusal,
    }


def _headline(totals: RoundTotals, survey_round: SurveyRound) -> dict:
    try:
        national = estimate_of(totals, price_level=survey_round.price_level)
    except wording.REFUSALS as error:
        return {"refusal": wording.refusal(error), "remedy": wording.remedy(error)}
    return {
        "national": national,
        "beside_interval": wording.beside_interval(national),
        "adjusted": wording.adjusted(national.totals),
        "refusal": national.refused and wording.refusal(national.refused),
    }
