"""A round's plan in words, for its picture and its table."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _

from reporting.figures import to_svg
from reporting.figures.timelines import Mark, Span, timeline
from reporting.report.context import demo_mark
from survey.models import RoundPhase, SurveyRound


@dataclass(frozen=True)
class Planned:
    """A phase from its first to its last day, or one of the round's own moments `at` which it happens."""

    name: str
    first: date
    last: date
    responsible: str = ""
    at: datetime | None = None

    def drawn(self) -> Span | Mark:
        if self.at:
            return Mark(self.name, self.first, moment(self.at))
        return Span(self.name, self.first, self.last, f"{days_of(self.first, self.last)}. {self.responsible}")


def planned(survey_round: SurveyRound) -> list[Planned]:
    """The phases and the round's three moments, in order of time."""
    phases = [_phase(phase) for phase in survey_round.phases.all()]
    moments = (
        (_("Kortlægningen åbner"), survey_round.opens_at),
        (_("Svarfrist"), survey_round.deadline),
        (_("Kan rettes indtil"), survey_round.edit_until),
    )
    marks = [Planned(name, localdate(at), localdate(at), at=at) for name, at in moments]
    return sorted([*phases, *marks], key=lambda row: (row.first, row.last))


def _phase(phase: RoundPhase) -> Planned:
    return Planned(phase.get_kind_display(), phase.starts_on, phase.ends_on, phase.responsible)


def days_of(first: date, last: date) -> str:
    if first == last:
        return date_format(first, "DATE_FORMAT")
    return f"{date_format(first, 'DATE_FORMAT')} – {date_format(last, 'DATE_FORMAT')}"


def moment(at: datetime) -> str:
    """In Danish time, as the pages write it."""
    return date_format(localtime(at), "DATETIME_FORMAT")


def drawing(survey_round: SurveyRound, today: date) -> str:
    """The picture as SVG."""
    title = title_of(survey_round)
    return to_svg(
        timeline(
            [row.drawn() for row in planned(survey_round)],
            title=title,
            today=today,
            today_name=_("I dag, %(day)s") % {"day": date_format(today, "DATE_FORMAT")},
            name_of=lambda day: date_format(day, "N Y"),
            mark=demo_mark() if survey_round.is_demo else "",
        ),
        alt=title,
    )


def title_of(survey_round: SurveyRound) -> str:
    return _("Tidsplan for kortlægningen af regnskab %(year)d") % {"year": survey_round.accounts_year}
