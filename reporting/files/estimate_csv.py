"""The estimate as a CSV for Danish Excel: a row a method and variable with its basis, or why it has none."""

import csv
import io

from django.utils.translation import gettext as _

from reporting import contributions, wording
from reporting.estimation import Estimate
from reporting.moments import COPENHAGEN
from reporting.national import Coverage, NationalEstimate
from reporting.rounding import round_half_away
from reporting.strata import METHODS

DECIMALS = 3  # of 1,000 kr.


def estimate_csv(national: NationalEstimate, mark: str) -> bytes:
    """Every method asked for, and expenditure by region; a refused one has its reason for a note."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(_headings(national))
    place = national.totals.returns[0].region_name if national.region else _("hele landet")
    for result in national.results:
        reason = wording.refusal(result.refused) if result.refused else ""
        for variable, line in result.lines.items():
            name = wording.variable_name(variable)
            numbers = _numbers(line.reported.value, line.estimate, reason, national.coverage)
            writer.writerow([result.method, place, name, *numbers, *_basis(national, result.method, mark)])
    if national.region is None:
        name = wording.variable_name("exp_total")
        for region in contributions.regions(national).values():
            reason = wording.refusal(region.refused) if region.refused else ""
            numbers = _numbers(region.reported, region.estimate, reason, region.coverage)
            writer.writerow(["b", region.name, name, *numbers, *_basis(national, "b", mark)])
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
        _("Kommuner med svar"),
        _("Kommuner"),
        _("Indbyggere"),
        _("Bemærkning"),
        _("Indsatser, som ministeriet har rettet"),
        _("Regnskabsår"),
        _("Satser i pct."),
        _("Opregnet efter"),
        _("Folketal"),
        _("Opgjort pr."),
        _("Datagrundlag"),
    ]


def _numbers(reported, estimate: Estimate | None, reason: str, coverage: Coverage) -> list[str]:
    whom = [coverage.answered, coverage.municipalities, coverage.inhabitants]
    if estimate is None:
        return [_cell(reported), *[""] * 7, *map(str, whom), reason]
    numbers = [reported, estimate.total, estimate.se, estimate.se_jackknife]
    limits = [*estimate.interval, estimate.cv]
    note = " ".join(wording.notes(estimate, coverage))
    return [*map(_cell, numbers), str(estimate.df), *map(_cell, limits), *map(str, whom), note]


def _cell(value) -> str:
    return "" if value is None else str(round_half_away(value, DECIMALS)).replace(".", ",")


def _basis(national: NationalEstimate, method: str, mark: str) -> list[str]:
    totals = national.totals
    scale = _("indvandrere og efterkommere") if METHODS[method].on_immigrants else _("indbyggere")
    return [
        str(len(totals.adjustments)),
        str(totals.accounts_year),
        "; ".join(f"{rate.year}: {rate.percent.normalize():f}".replace(".", ",") for rate in national.rates),
        scale,
        totals.population_date.isoformat(),
        totals.as_at.astimezone(COPENHAGEN).strftime("%Y-%m-%d %H:%M:%S"),
        mark or _("Kommunernes besvarelser"),
    ]
