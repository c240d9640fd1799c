"""Figure 3 of the report, and beyond it: the regions' estimates with their intervals."""

from decimal import Decimal

from django.utils.translation import gettext as _

from reporting import contributions, wording
from reporting.figures import Bar, IntervalBar, bars, bars_with_intervals
from reporting.national import coverage_of
from reporting.report.context import ReportContext
from reporting.report.figure import Column, ReportFigure


def reported(context: ReportContext) -> ReportFigure:
    title = _("Figur 3. Indberettede bruttoudgifter pr. indbygger efter region")
    unit = _("kr. pr. indbygger i kommuner med svar, %(level)s") % {"level": context.level}
    rows: list[tuple] = []
    for region in context.regions:
        mine = [(row, value) for row, value in context.amounts() if row.region == region.code]
        coverage = coverage_of(context.national.totals.returns, region.code)
        people, spent = coverage.inhabitants_answered, sum((value for _row, value in mine), Decimal())
        rate = 1000 * spent / people if people else None
        notes = " ".join(wording.notes(None, coverage))
        rows.append((region.name, rate, len(mine), spent if people else None, people, notes))
    return ReportFigure(
        title=title,
        basis=f"{context.reported} {context.population}",
        columns=[
            Column(_("Region")),
            Column(unit, 1),
            Column(_("Kommuner med svar"), 0),
            Column(_("Tæller: 1.000 kr."), 0),
            Column(_("Nævner: indbyggere"), 0),
            Column(_("Bemærkning")),
        ],
        rows=rows,
        links=_links(context),
        draw=lambda: bars([Bar(row[0], row[1]) for row in rows], title=title, unit=unit, mark=context.mark),
        mark=context.mark,
    )


def extrapolated(context: ReportContext) -> ReportFigure:
    """Extrapolated to all of each region's inhabitants; whoever has all answers has no interval."""
    title = _("Opregnede bruttoudgifter pr. indbygger efter region med interval")
    unit = _("kr. pr. indbygger, %(level)s") % {"level": context.level}
    rows = _estimates(context)
    return ReportFigure(
        title=title,
        basis=" ".join(
            [
                context.extrapolated,
                _("Hver region opregnet med sine egne kommuners svar (metode b)."),
                str(wording.ASSUMPTIONS["b"]),
                context.population,
            ]
        ),
        columns=[
            Column(_("Region")),
            Column(unit, 1),
            Column(_("95 pct. fra"), 1),
            Column(_("95 pct. til"), 1),
            Column(_("Kommuner med svar"), 0),
            Column(_("Bemærkning")),
        ],
        rows=rows,
        links=_links(context),
        draw=lambda: bars_with_intervals(
            [IntervalBar(row[0], row[1], *(row[2:4] if row[2] != row[3] else (None, None))) for row in rows],
            title=title,
            unit=unit,
            interval=_("95 pct.-interval"),
            decimals=1,
            mark=context.mark,
        ),
        mark=context.mark,
    )


def _estimates(context: ReportContext) -> list[tuple]:
    """Rows of the table: with what must stand beside an estimate, or why there is none."""
    lines = contributions.regions(context.national)
    rows: list[tuple] = []
    for region in context.regions:
        line = lines.get(region.code)
        if line is None:
            rows.append((region.name, None, None, None, 0, ""))
        elif line.estimate is None:
            reason = wording.refusal(line.refused) if line.refused else ""
            rows.append((region.name, None, None, None, line.coverage.answered, reason))
        else:
            low, high = (1000 * limit / line.coverage.inhabitants for limit in line.estimate.interval)
            notes = " ".join(wording.notes(line.estimate, line.coverage))
            rows.append((region.name, line.per_inhabitant, low, high, line.coverage.answered, notes))
    return rows


def _links(context: ReportContext) -> list[str]:
    return [context.rows_behind(region=region.code) for region in context.regions]
