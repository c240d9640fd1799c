"""Figures 6 to 9 of the report: the six service areas."""

from decimal import Decimal

from django.utils.translation import gettext as _

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
    total = context.reported_of(f"{kind}_total") / 1000
    rows = [(_name(area), context.reported_of(f"{kind}_{area}") / 1000) for area in AREAS]
    shares = [100 * value / total if total else None for _area, value in rows]
    return ReportFigure(
        title=title,
        basis=context.reported,
        columns=[Column(_("Område")), Column(unit, 1), Column(_("pct. af alle"), 1)],
        rows=[
            *((*row, share) for row, share in zip(rows, shares, strict=True)),
            (_("I alt"), total, 100 if total else None),
        ],
        draw=lambda: bars(
            [Bar(*row) for row in rows], title=title, unit=unit, colour=COLOURS[kind], mark=context.mark
        ),
        has_total=True,
    )


def number(context: ReportContext) -> ReportFigure:
    title, unit = _("Figur 8. Antal indberettede indsatser efter område"), _("indsatser")
    counts = _counts(context)
    return ReportFigure(
        title=title,
        basis=context.reported,
        columns=[Column(_("Område")), Column(unit, 0)],
        rows=[*((_name(area), counts[area]) for area in AREAS), (_("I alt"), sum(counts.values()))],
        draw=lambda: bars(
            [Bar(_name(area), counts[area]) for area in AREAS],
            title=title,
            unit=unit,
            decimals=0,
            mark=context.mark,
        ),
        has_total=True,
    )


def mean(context: ReportContext) -> ReportFigure:
    """Reported money over reported initiatives; the report's own 495.000 kr. is extrapolated money."""
    title = _("Figur 9. Indberettet bruttoudgift pr. indsats efter område")
    unit = _("1.000 kr. pr. indsats, %(level)s") % {"level": context.level}
    counts = _counts(context)
    rows: list[tuple[str, Decimal | None, Decimal, int]] = []
    for area in AREAS:
        spent, count = context.reported_of(f"exp_{area}"), counts[area]
        rows.append((_name(area), spent / count if count else None, spent, count))
    spent, count = context.reported_of("exp_total"), sum(counts.values())
    rows.append((_("Alle"), spent / count if count else None, spent, count))
    return ReportFigure(
        title=title,
        basis=context.reported + " " + _("Indberettet udgift delt med antallet af indberettede indsatser."),
        columns=[
            Column(_("Område")),
            Column(unit, 0),
            Column(_("Tæller: 1.000 kr."), 0),
            Column(_("Nævner: indsatser"), 0),
        ],
        rows=[*rows],
        draw=lambda: bars(
            [Bar(row[0], row[1] or 0) for row in rows], title=title, unit=unit, decimals=0, mark=context.mark
        ),
        has_total=True,
    )


def _name(area: str) -> str:
    return str(ServiceArea(area).label)


def _counts(context: ReportContext) -> dict[str, int]:
    return {area: sum(row.counts.get(area, 0) for row in context.national.totals.returns) for area in AREAS}
