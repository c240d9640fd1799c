"""The estimate as a CSV for Danish Excel: a row a method and variable with its basis, or why there is none."""

import csv
import io

from django.utils.translation import gettext as _

from reporting import contributions, wording
from reporting.moments import COPENHAGEN
from reporting.national import NationalEstimate
from reporting.rounding import round_half_away
from reporting.strata import METHODS

DECIMALS = 3  # of 1,000 kr.


def estimate_csv(national: NationalEstimate, mark: str) -> bytes:
    """Every method asked for, and expenditure by region; a refused one has its reason for a note."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(_headings(national))
    basis = _basis(national, mark)
    for result in national.results:
        place = national.region or _("hele landet")
        for variable, line in result.lines.items():
            reason = wording.refusal(result.refused) if result.refused else ""
            cells = _numbers(line.reported.value, line.estimate, reason)
            writer.writerow([result.method, place, _name(national, variable), *cells, *basis(result.method)])
    if national.region is None:
        name = _name(national, "exp_total")
        for region in contributions.regions(national).values():
            reason = wording.refusal(region.refused) if region.refused else ""
            cells = _numbers(region.reported, region.estimate, reason)
            writer.writerow(["b", region.name, name, *cells, *basis("b")])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _headings(national: NationalEstimate) -> list[str]:
    level = {"year": national.price_level}
    return [
        _("Metode"),
        _("Sted"),
        _("Tal (1.000 kr., %(year)d-pris- og lønniveau; indsatser i antal)") % level,
        _("Indberettet"),
        _("Opregnet"),
        _("Standardfejl"),
        _("Standardfejl (jackknife)"),
        _("Frihedsgrader"),
        _("95 pct. fra"),
        _("95 pct. til"),
        _("Variationskoefficient i pct."),
        _("Bemærkning"),
        _("Opregnet efter"),
        _("Folketal"),
        _("Opgjort pr."),
        _("Datagrundlag"),
    ]


def _numbers(reported, estimate, reason: str) -> list[str]:
    if estimate is None:
        return [_cell(reported), *[""] * 7, reason]
    note = str(wording.NOTES.get(estimate.note or "", ""))
    numbers = [estimate.total, estimate.se, estimate.se_jackknife]
    limits = [*estimate.interval, estimate.cv]
    return [_cell(reported), *map(_cell, numbers), str(estimate.df), *map(_cell, limits), note]


def _cell(value) -> str:
    return "" if value is None else str(round_half_away(value, DECIMALS)).replace(".", ",")


def _basis(national: NationalEstimate, mark: str):
    moment = national.totals.as_at.astimezone(COPENHAGEN).strftime("%Y-%m-%d %H:%M:%S")
    kind = mark or _("Indberettet")

    def cells(method: str) -> list[str]:
        scale = _("indvandrere og efterkommere") if METHODS[method].on_immigrants else _("indbyggere")
        return [scale, national.totals.population_date.isoformat(), moment, kind]

    return cells


def _name(national: NationalEstimate, variable: str) -> str:
    """The headline's name, or the kind of amount and its group."""
    if variable in wording.VARIABLE_NAMES:
        return str(wording.VARIABLE_NAMES[variable])
    kind, group = variable[:3], variable[4:]
    return f"{wording.VARIABLE_NAMES[f'{kind}_total']}: {national.totals.breakdown.groups[group]}"
