"""The municipalities' answers as a CSV for Danish Excel; each row says what it rests on."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from reporting.report.context import demo_mark
from reporting.response.counts import Standing
from reporting.response.standings import STATE_NAMES
from survey.models import SurveyRound
from survey.workbook import delimited


def municipalities_csv(survey_round: SurveyRound, found: Sequence[Standing], now: datetime) -> bytes:
    headings = [
        _("Kommunekode"),
        _("Kommune"),
        _("Region"),
        _("Indbyggere"),
        _("Tilstand"),
        _("Har svaret"),
        _("Ingen indsatser at indberette"),
        _("Svarede første gang"),
        _("Efter fristen"),
        _("Kommunens frist"),
        _("Fristen er forlænget"),
        _("Version, der tæller"),
        _("Versionen er indsendt"),
        _("Indberettede indsatser"),
        _("Regnskabsår"),
        _("Folketal pr."),
        _("Opgjort pr."),
        _("Datagrundlag"),
    ]
    basis = [
        str(survey_round.accounts_year),
        survey_round.population_date.isoformat(),
        _moment(now),
        demo_mark() if survey_round.is_demo else _("Kommunernes besvarelser"),
    ]
    return delimited.write([headings, *([*_cells(one), *basis] for one in found)], plain=())


def _cells(one: Standing) -> list[str]:
    answered = one.responded
    return [
        one.code,
        one.name,
        one.region_name,
        "" if one.inhabitants is None else str(one.inhabitants),
        str(STATE_NAMES[one.state]),
        _yes(answered),
        _yes(one.is_nil) if answered else "",
        _moment(one.first_at),
        _yes(one.is_late) if answered else "",
        _moment(one.deadline),
        _yes(one.is_extended),
        str(one.version) if answered else "",
        _moment(one.counted_at),
        str(one.initiatives) if answered else "",
    ]


def _yes(is_so: bool) -> str:
    return _("ja") if is_so else _("nej")


def _moment(moment: datetime | None) -> str:
    """Danish time, to the second."""
    return localtime(moment).strftime("%Y-%m-%d %H:%M:%S") if moment else ""
