"""The answers day by day as a figure with its table and files."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.utils.formats import date_format
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _

from reporting.figures.response_days import response_days
from reporting.report.context import demo_mark
from reporting.report.figure import Column, ReportFigure
from reporting.response.counts import DAYS_BEFORE, DayCount, Standing
from reporting.response.deadlines import deadline_changes
from reporting.response.standings import days_of, standings_of
from survey.deadlines import last_day
from survey.models import SurveyRound


def day_figure(survey_round: SurveyRound, found: Sequence[Standing], user, now: datetime) -> ReportFigure:
    """Beside the round before, if there is one: both are counted in days after their own deadline."""
    own = days_of(survey_round, found, now)
    before = _round_before(survey_round, user)
    theirs = standings_of(before, user, now) if before else []
    earlier = days_of(before, theirs, now) if before else []
    deadline = last_day(survey_round.deadline)
    columns = [
        Column(_("Dag")),
        Column(_("Dage efter svarfristen"), 0),
        Column(_("Nye svar"), 0),
        Column(_("Svar i alt"), 0),
        Column(_("Pct. af kommunerne"), 1),
    ]
    if before:
        columns.append(Column(_("Regnskab %(year)d, pct. af kommunerne") % {"year": before.accounts_year}, 1))
    return ReportFigure(
        title=_("Svar dag for dag"),
        basis=_basis(survey_round, found, before, now)
        + _gathered([(found, own), (theirs, earlier)])
        + _changed(survey_round),
        columns=columns,
        rows=_rows(deadline, own, earlier if before else None),
        draw=lambda: _drawing(survey_round, own, before, earlier),
        mark=demo_mark() if survey_round.is_demo else "",
    )


def _round_before(survey_round: SurveyRound, user) -> SurveyRound | None:
    return SurveyRound.objects.visible_to(user).before(survey_round).first()


def _rows(deadline: date, own: Sequence[DayCount], earlier: Sequence[DayCount] | None) -> list[tuple]:
    """A row for each day that either round has, in this one's calendar."""
    mine = {one.to_deadline: one for one in own}
    theirs = {one.to_deadline: one.percent for one in earlier or ()}
    rows = []
    for day in sorted({*mine, *theirs}):
        counts = mine.get(day)
        numbers = (counts.new, counts.total, counts.percent) if counts else (None, None, None)
        name = date_format(deadline + timedelta(days=day), "d.m.Y")
        rows.append((name, day, *numbers) if earlier is None else (name, day, *numbers, theirs.get(day)))
    return rows


def _basis(survey_round: SurveyRound, found: Sequence[Standing], before, now: datetime) -> str:
    parts = [
        _(
            "Den dag, hver af de %(all)d kommuner svarede første gang, opgjort %(now)s. Svar, der er trukket "
            "tilbage, er ikke med. Svarfrist: %(deadline)s; kan rettes indtil: %(until)s."
        )
        % {
            "all": len(found),
            "now": _moment(now),
            "deadline": _moment(survey_round.deadline),
            "until": _moment(survey_round.edit_until),
        }
    ]
    if before:
        parts.append(
            _("Regnskab %(year)d havde svarfrist %(deadline)s.")
            % {"year": before.accounts_year, "deadline": _moment(before.deadline)}
        )
    return " ".join(parts)


def _gathered(rounds: Sequence[tuple[Sequence[Standing], Sequence[DayCount]]]) -> str:
    """That answers came before the first day that is shown, if they did."""
    for found, days in rounds:
        if any(one.first_at and localdate(one.first_at) < days[0].day for one in found if days):
            return " " + _(
                "Svar fra mere end %(n)d dage før svarfristen er talt med på den første dag, der er vist."
            ) % {"n": DAYS_BEFORE}
    return ""


def _changed(survey_round: SurveyRound) -> str:
    """That the days are not counted from the deadline that there was at first."""
    changes = deadline_changes([survey_round])
    return f" {changes[survey_round.pk]}" if changes else ""


def _moment(moment: datetime) -> str:
    return date_format(localtime(moment), "DATETIME_FORMAT")


def _drawing(
    survey_round: SurveyRound, own: list[DayCount], before: SurveyRound | None, earlier: list[DayCount]
) -> dict:
    rounds = [(survey_round, own), *([(before, earlier)] if before else [])]
    grace = (last_day(survey_round.edit_until) - last_day(survey_round.deadline)).days
    return response_days(
        [
            (
                _("Regnskab %(year)d") % {"year": one.accounts_year},
                [(day.to_deadline, day.percent) for day in days],
            )
            for one, days in rounds
        ],
        title=_("Svar dag for dag"),
        x_title=_("dage efter svarfristen"),
        unit=_("pct. af kommunerne, der har svaret"),
        rules=[(0, _("svarfrist")), *([(grace, _("kan rettes indtil"))] if grace else [])],
        mark=demo_mark() if survey_round.is_demo else "",
    )
