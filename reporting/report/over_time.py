"""Figure 1 of the report, and beyond it: the rounds compared, and the initiatives that go on."""

from decimal import Decimal

from django.utils.translation import gettext as _

from reporting import wording
from reporting.figures import Bar, IntervalBar, Series, bars_with_intervals, changes, lines
from reporting.models import ArrivalsCount, ArrivalsImport
from reporting.report.context import ReportContext
from reporting.report.figure import Column, ReportFigure
from reporting.report.stable import Change, change_between


def newly_arrived(context: ReportContext) -> ReportFigure:
    """As imported from StatBank; the round itself says nothing of it."""
    title = _("Figur 1. Nyankomne flygtninge og familiesammenførte")
    as_at = context.national.totals.as_at
    used = ArrivalsImport.objects.latest_at(as_at)
    counts = [(count.period, count.persons) for count in ArrivalsCount.objects.in_force(as_at)]
    basis = (
        _("Udlændinge i målgruppen for program efter integrationsloven. Kilde: %(source)s, tabel %(table)s.")
        % {"source": used.source, "table": used.table}
        if used
        else _("Tabellen IMINT02B fra Statistikbanken er ikke indlæst.")
    )
    return ReportFigure(
        title=title,
        basis=basis,
        columns=[Column(_("Periode")), Column(_("personer"), 0)],
        rows=list(counts),
        draw=lambda: lines(
            [Series(_("nyankomne"), [persons for _period, persons in counts])],
            periods=[period for period, _persons in counts],
            title=title,
            unit=_("personer"),
            mark=context.mark,
        ),
    )


def rounds(context: ReportContext) -> ReportFigure:
    """Extrapolated totals with their intervals: a change within them is no change that one can see."""
    title = _("Kortlægningerne sammenlignet: opregnede bruttoudgifter")
    unit = _("mio. kr., %(level)s") % {"level": context.level}
    rows: list[tuple] = []
    for one in [*context.earlier(), context]:
        line, coverage = one.national.lines["exp_total"], one.national.coverage
        estimate = line.estimate
        rows.append(
            (
                _("Regnskab %(year)d") % {"year": one.survey_round.accounts_year},
                coverage.answered,
                Decimal(line.reported.value) / 1000,
                *(
                    (value / 1000 for value in (estimate.total, *estimate.interval))
                    if estimate
                    else (None, None, None)
                ),
                wording.refusal(one.national.refused) if one.national.refused else "",
            )
        )
    return ReportFigure(
        title=title,
        basis=_("Alle i %(level)s, opregnet efter metode a. Hvem der har svaret, er ikke de samme hver gang.")
        % {"level": context.level},
        columns=[
            Column(_("Kortlægning")),
            Column(_("Kommuner med svar"), 0),
            Column(_("Indberettet, mio. kr."), 1),
            Column(_("Opregnet, mio. kr."), 1),
            Column(_("95 pct. fra"), 1),
            Column(_("95 pct. til"), 1),
            Column(_("Bemærkning")),
        ],
        rows=rows,
        draw=lambda: bars_with_intervals(
            [IntervalBar(row[0], row[3], row[4], row[5]) for row in rows if row[3] is not None],
            title=title,
            unit=unit,
            interval=_("95 pct.-interval"),
            decimals=1,
            mark=context.mark,
        ),
    )


def stable_initiatives(context: ReportContext) -> ReportFigure:
    """Initiatives keep their identity between rounds, so that a change can be told from other answers."""
    title = _("Fra forrige kortlægning: indsatser, der udgik, ændrede sig og kom til")
    unit = _("mio. kr., %(level)s") % {"level": context.level}
    earlier = context.earlier()
    rows: list[tuple] = []
    basis = _("Der er ingen tidligere kortlægning på samme niveau.")
    if earlier:
        change = change_between(earlier[-1].national, context.national)
        years = {
            "before": earlier[-1].survey_round.accounts_year,
            "after": context.survey_round.accounts_year,
            "n": change.municipalities,
        }
        basis = (
            _(
                "Kun de %(n)d kommuner, der har svaret i begge. "
                "En indsats er den samme, når den er ført videre."
            )
            % years
        )
        rows = _steps(change, years)
    return ReportFigure(
        title=title,
        basis=basis,
        columns=[Column(_("Trin")), Column(_("indsatser"), 0), Column(unit, 1)],
        rows=rows,
        draw=lambda: changes(
            Bar(rows[0][0], rows[0][2]) if rows else Bar("", 0),
            [Bar(name, amount) for name, _count, amount in rows[1:-1]],
            Bar(rows[-1][0], rows[-1][2]) if rows else Bar("", 0),
            title=title,
            unit=unit,
            mark=context.mark,
        ),
    )


def _steps(change: Change, years: dict) -> list[tuple]:
    parts = [
        (_("Udgået"), change.left),
        (_("Faldet"), change.shrunk),
        (_("Steget"), change.grown),
        (_("Kommet til"), change.entered),
    ]
    return [
        (_("Regnskab %(before)d") % years, change.before.count, change.before.amount / 1000),
        *((name, part.count, part.amount / 1000) for name, part in parts),
        (_("Regnskab %(after)d") % years, change.after.count, change.after.amount / 1000),
    ]
