"""Figures 6 to 9 of the report: the six service areas."""

from decimal import Decimal

from django.utils.translation import gettext as _

from reporting.breakdowns import SERVICE_AREA
from reporting.figures import COLOURS, Bar, bars
from reporting.national import AREAS
from reporting.report.context import ReportContext
from reporting.report.figure import Column, ReportFigure
from survey.models import ServiceArea


def expenditure(context: ReportContext) -> ReportFigure:
    return _amounts(context, "exp", _("Figur 6. Indberettede bruttoudgifter efter område"))


def income(context: ReportContext) -> ReportFigure:
    return _amounts(context, "inc", _("Figur 7. Indberettede bruttoindtægter efter område"))


def _amounts(context: ReportContext, kind: str, title: str) -> ReportFigure:
    unit = _("mio. kr., %(level)s") % {"level": context.level}
    total = _sum(context, f"{kind}_total")
    sums = [_sum(context, f"{kind}_{area}") for area in AREAS]
    names = [_name(area) for area in AREAS]
    rows: list[tuple] = [
        (name, spent and spent / 1000, 100 * spent / total if spent is not None and total else None)
        for name, spent in zip([*names, _("I alt")], [*sums, total], strict=True)
    ]
    return ReportFigure(
        title=title,
        basis=context.reported,
        columns=[Column(_("Område")), Column(unit, 1), Column(_("pct. af alle"), 1)],
        rows=rows,
        links=_links(context),
        draw=lambda: bars(
            [Bar(row[0], row[1]) for row in rows[:-1]],
            title=title,
            unit=unit,
            colour=COLOURS[kind],
            mark=context.mark,
        ),
        mark=context.mark,
        has_total=True,
    )


def number(context: ReportContext) -> ReportFigure:
    title, unit = _("Figur 8. Antal indberettede indsatser efter område"), _("indsatser")
    counts = _counts(context)
    rows: list[tuple] = [*((_name(area), counts[area]) for area in AREAS), (_("I alt"), _all(counts))]
    return ReportFigure(
        title=title,
        basis=context.reported,
        columns=[Column(_("Område")), Column(unit, 0)],
        rows=rows,
        links=_links(context),
        draw=lambda: bars(
            [Bar(*row) for row in rows[:-1]], title=title, unit=unit, decimals=0, mark=context.mark
        ),
        mark=context.mark,
        has_total=True,
    )


def mean(context: ReportContext) -> ReportFigure:
    """Reported money over reported initiatives; the report's own 495.000 kr. is extrapolated money."""
    title = _("Figur 9. Indberettet bruttoudgift pr. indsats efter område")
    unit = _("1.000 kr. pr. indsats, %(level)s") % {"level": context.level}
    counts = _counts(context)
    sums = [(_name(area), _sum(context, f"exp_{area}"), counts[area]) for area in AREAS]
    sums.append((_("Alle"), _sum(context, "exp_total"), _all(counts)))
    rows: list[tuple] = [
        (name, spent / count if spent is not None and count else None, spent, count)
        for name, spent, count in sums
    ]
    return ReportFigure(
        title=title,
        basis=context.reported + " " + _("Indberettet udgift delt med antallet af indberettede indsatser."),
        columns=[
            Column(_("Område")),
            Column(unit, 0),
            Column(_("Tæller: 1.000 kr."), 0),
            Column(_("Nævner: indsatser"), 0),
        ],
        rows=rows,
        links=_links(context),
        draw=lambda: bars(
            [Bar(row[0], row[1]) for row in rows], title=title, unit=unit, decimals=0, mark=context.mark
        ),
        mark=context.mark,
        has_total=True,
    )


def _name(area: str) -> str:
    return str(ServiceArea(area).label)


def _sum(context: ReportContext, variable: str) -> Decimal | None:
    """None when nobody has answered: that is not a report of 0."""
    return context.reported_of(variable) if context.national.coverage.answered else None


def _counts(context: ReportContext) -> dict[str, int | None]:
    if not context.national.coverage.answered:
        return dict.fromkeys(AREAS)
    return {area: sum(row.counts.get(area, 0) for row in context.national.totals.returns) for area in AREAS}


def _all(counts: dict[str, int | None]) -> int | None:
    known = [count for count in counts.values() if count is not None]
    return sum(known) if known else None


def _links(context: ReportContext) -> list[str]:
    return [
        *(context.rows_behind(group=f"{SERVICE_AREA.field}:{area}") for area in AREAS),
        context.rows_behind(),
    ]
