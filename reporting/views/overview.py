from statistics import median

from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate

from municipalities.models import Region, Role
from reporting import wording
from reporting.forms.choices import RegionForm
from reporting.national import Coverage, coverage_of, estimate_of
from reporting.rounding import round_half_away
from reporting.tile_map import tiles
from reporting.totals import PopulationMissing, RoundTotals, round_totals
from survey.access import ministry_required
from survey.models import Feedback, Message, Submission, SurveyRound
from survey.transitions import database_now


def get_round(request, year: int) -> SurveyRound:
    return get_object_or_404(SurveyRound.objects.visible_to(request.user), accounts_year=year)


@ministry_required
def home(request):
    """The open round, else the newest."""
    rounds = SurveyRound.objects.visible_to(request.user)
    survey_round = rounds.filter(state=SurveyRound.State.OPEN).first() or rounds.first()
    if survey_round is None:
        return render(request, "reporting/no_rounds.html")
    return redirect("reporting:overview", survey_round.accounts_year)


@ministry_required
def overview(request, year):
    """Who has answered, what it covers, and what the estimate is now."""
    survey_round = get_round(request, year)
    form = RegionForm(request.GET)
    region = form.cleaned_data["region"] if form.is_valid() else None
    now = database_now()
    submissions = list(
        Submission.objects.visible_to(request.user)
        .filter(round=survey_round)
        .select_related("municipality", "region")
    )
    context = {
        "round": survey_round,
        "rounds": SurveyRound.objects.visible_to(request.user),
        "form": form,
        "now": now,
        "days_left": (localdate(survey_round.deadline) - localdate(now)).days,
        "tiles": tiles(submissions),
        "states": _states(submissions),
        "unread": _unread(request.user, submissions),
        "feedback": _feedback(submissions),
        "may_export": request.user.ministry_role == Role.ADMIN,
    }
    try:
        totals = round_totals(survey_round, now)
    except PopulationMissing as error:
        context |= {"refusal": wording.refusal(error), "rows": _rows(submissions, None, region)}
    else:
        context |= {"rows": _rows(submissions, totals, region), "coverage": _coverage(totals)}
        context |= _headline(totals, survey_round)
    return render(request, "reporting/overview.html", context)


def _unread(user, submissions: list[Submission]) -> list[tuple[Submission, int]]:
    """The submissions whose municipality has written what the user has not seen, and how many messages."""
    messages = Message.objects.visible_to(user).filter(submission__in=submissions)
    by_submission = messages.unread_by(user, from_ministry=False).order_by().values_list("submission")
    counts = dict(by_submission.annotate(count=Count("pk")))
    return [(submission, counts[submission.pk]) for submission in submissions if submission.pk in counts]


def _feedback(submissions: list[Submission]) -> dict:
    """What answering took, in minutes, of those that told; the comments in Danish order, {} of nothing."""
    told = {one.submission_id: one for one in Feedback.objects.filter(submission__in=submissions)}
    minutes = [one.minutes for one in told.values() if one.minutes is not None]
    comments = [(one, told[one.pk].comment) for one in submissions if one.pk in told and told[one.pk].comment]
    if not (minutes or comments):
        return {}
    return {
        "told": len(minutes),
        "median": round_half_away(median(minutes)) if minutes else None,
        "sum": sum(minutes),
        "comments": comments,
    }


def _rows(submissions: list[Submission], totals: RoundTotals | None, region: str | None) -> list[tuple]:
    """[(submission, its return or None)] in Danish order."""
    returns = {row.code: row for row in totals.returns} if totals else {}
    return [
        (submission, returns.get(submission.municipality.code))
        for submission in submissions
        if region is None or submission.region.code == region
    ]


def _coverage(totals: RoundTotals) -> list[tuple[str | None, Coverage]]:
    """[(region's name, coverage)], the whole country last with no name."""
    regions = [(region.name, coverage_of(totals.returns, region.code)) for region in Region.objects.all()]
    return [*regions, (None, coverage_of(totals.returns))]


def _states(submissions: list[Submission]) -> list[tuple[str, int]]:
    return [
        (str(label), sum(submission.state == state for submission in submissions))
        for state, label in Submission.State.choices
    ]


def _headline(totals: RoundTotals, survey_round: SurveyRound) -> dict:
    try:
        national = estimate_of(totals, price_level=survey_round.price_level)
    except wording.REFUSALS as error:
        return {"refusal": wording.refusal(error)}
    return {
        "national": national,
        "beside_interval": wording.beside_interval(national),
        "adjusted": wording.adjusted(national.totals),
        "refusal": national.refused and wording.refusal(national.refused),
    }
