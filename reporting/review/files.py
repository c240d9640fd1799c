"""The hit list as a CSV for Danish Excel."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from reporting.moments import COPENHAGEN
from reporting.review.hits import HitList
from reporting.review.shown import Shown
from reporting.review.statuses import NAMES
from reporting.rounding import round_half_away
from survey.models import ServiceArea, SurveyRound
from survey.workbook import delimited

NUMBERS = (0, *range(6, 13))  # their columns: a minus is none of a formula


def hits_file(
    survey_round: SurveyRound, found: HitList, rows: Iterable[Shown], names: dict[int, str]
) -> bytes:
    """A row a hit; amounts in 1,000 kr. at the list's price level."""
    as_at = found.as_at.astimezone(COPENHAGEN).strftime("%Y-%m-%d %H:%M:%S")
    mark = _("DEMO - opdigtede tal") if survey_round.is_demo else _("Kommunernes besvarelser")
    table = [[*_cells(row, names), as_at, mark] for row in rows]
    return delimited.write([_headings(found, survey_round.accounts_year), *table], plain=NUMBERS)


def _headings(found: HitList, accounts_year: int) -> list[str]:
    level = {"year": found.scale.price_level}
    return [
        _("Nr."),
        _("Kommunekode"),
        _("Kommune"),
        _("Indsats"),
        _("Område"),
        _("Hvorfor"),
        _("Bruttoudgift (1.000 kr., %(year)d-pris- og lønniveau)") % level,
        _("Indberettet (1.000 kr., %(year)d-priser)") % {"year": accounts_year},
        _("Det forventede beløb"),
        _("Betydning (kan flytte den opregnede sum)"),
        _("Betydning i pct."),
        _("Mistanke"),
        _("Tilbage efter rækken"),
        _("Tilstand"),
        _("Gennemgås af"),
        _("Opgjort pr."),
        _("Datagrundlag"),
    ]


def _cells(row: Shown, names: dict[int, str]) -> list[str]:
    hit = row.hit
    area = str(ServiceArea(hit.area).label) if hit.area else ""
    numbers = (hit.expected, hit.influence, 100 * hit.share, hit.suspicion, hit.remaining)
    return [
        str(hit.rank),
        hit.code,
        hit.municipality,
        hit.title or _("Hele besvarelsen"),
        area,
        " ".join(part for part in (row.correction, *row.reasons) if part),
        _number(hit.amount),
        "" if row.reported is None else str(row.reported),
        *(_number(number) for number in numbers),
        str(NAMES[hit.status.name]),
        names.get(hit.status.reviewer or 0, ""),
    ]


def _number(value: float) -> str:
    return str(round_half_away(value, 3)).replace(".", ",")
