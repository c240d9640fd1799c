"""Figures 1 and 2 of the report, and beyond it: the rounds compared."""

from decimal import Decimal

from django.utils.translation import gettext as _

from reporting import wording
from reporting.demo.arrivals import SOURCE as DEMO_SOURCE
from reporting.figures import IntervalBar, RoundTotal, Series, bars_with_intervals, lines, total_and_rate
from reporting.models import ArrivalsCount, ArrivalsImport
from reporting.report.context import ReportContext, demo_mark
from reporting.report.figure import Column, ReportFigure

THE_REPORT = (2019, 2022)  # its accounts year, and the price level at which it says 54 kr.


def newly_arrived(context: ReportContext) -> ReportFigure:
    """As imported from StatBank; the round itself says nothing of it."""
    title = _("Figur 1. Nyankomne flygtninge og familiesammenførte")
    as_at = context.national.totals.as_at
    used = ArrivalsImport.objects.latest_at(as_at)
    counts = [(count.period, count.persons) for count in ArrivalsCount.objects.in_force(as_at)]
    basis = (
        _(
            "Udlændinge i målgruppen for program efter integrationsloven. Kilde: %(source)s, "
            "tabel %(table)s, som indlæst %(moment)s."
        )
        % {"source": used.source, "table": used.table, "moment": context.moment}
        if used
        else _("Tabellen IMINT02B fra Statistikbanken er ikke indlæst.")
    )
    # The demo's series may still be the one in force when the first real round is made up.
    mark = demo_mark() if used and used.source == DEMO_SOURCE else context.mark
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
            mark=mark,
        ),
        mark=mark,
    )


def total(context: ReportContext) -> ReportFigure:
    """Of this round and those before it, at one price level; each of its own respondents."""
    title = _("Figur 2. Indberettede bruttoudgifter i alt og pr. indbygger")
    units = (
        _("mio. kr., %(level)s") % {"level": context.level},
        _("kr. pr. indbygger i kommuner med svar, %(level)s") % {"level": context.level},
    )
    contexts = [*context.earlier().contexts, context]
    rows = [_reported_row(one) for one in contexts]
    answers = [_("%(n)d svar") % {"n": one.national.coverage.answered} for one in contexts]
    return ReportFigure(
        title=title,
        basis=_reported_basis(context, contexts),
        columns=[
            Column(_("Regnskab")),
            Column(units[0], 1),
            Column(units[1], 1),
            Column(_("Nævner: indbyggere"), 0),
            Column(_("Kommuner med svar"), 0),
            Column(_("Kommuner i alt"), 0),
            Column(_("Folketal pr.")),
        ],
        rows=rows,
        links=[one.rows_behind() for one in contexts],
        draw=lambda: total_and_rate(
            [RoundTotal(f"{row[0]}\n{n}", row[1], row[2]) for row, n in zip(rows, answers, strict=True)],
            title=title,
            units=units,
            decimals=(1, 1),
            mark=context.mark,
        ),
        mark=context.mark,
    )


def _reported_row(context: ReportContext) -> tuple:
    """No answers: no numbers, which is not 0."""
    coverage = context.national.coverage
    spent = context.reported_of("exp_total") if coverage.answered else None
    return (
        str(context.survey_round.accounts_year),
        spent and spent / 1000,
        None if spent is None else 1000 * spent / coverage.inhabitants_answered,
        coverage.inhabitants_answered if coverage.answered else None,
        coverage.answered,
        coverage.municipalities,
        context.population_day,
    )


def _reported_basis(context: ReportContext, contexts: list[ReportContext]) -> str:
    whose = ", ".join(
        _("%(year)d: %(n)d af %(all)d kommuner (folketal %(day)s)")
        % {
            "year": one.survey_round.accounts_year,
            "n": one.national.coverage.answered,
            "all": one.national.coverage.municipalities,
            "day": one.population_day,
        }
        for one in contexts
    )
    found = [
        _("Indberettet, ikke opregnet, opgjort pr. %(moment)s. Regnskab %(whose)s.")
        % {"moment": context.moment, "whose": whose},
        _("Tæller og nævner er de samme kommuners."),
    ]
    if len(contexts) > 1:
        found.append(
            _(
                "Det er ikke de samme kommuner, der har svaret hvert år, så summerne kan ikke sammenlignes; "
                "se de opregnede under ”Kortlægningerne sammenlignet”."
            )
        )
    if (context.survey_round.accounts_year, context.national.price_level) == THE_REPORT:
        found.append(_("Rapportens 54 kr. er delt med alle indbyggere."))
    return " ".join([*found, *_adjusted(contexts), *context.earlier().left_out])


def _adjusted(contexts: list[ReportContext]) -> list[str]:
    return [f"{one.survey_round.accounts_year}: {one.adjusted}" for one in contexts if one.adjusted]


def rounds(context: ReportContext) -> ReportFigure:
    """Extrapolated totals with their intervals: a change within them is no change that one can see."""
    title = _("Kortlægningerne sammenlignet: opregnede bruttoudgifter")
    unit = _("mio. kr., %(level)s") % {"level": context.level}
    contexts = [*context.earlier().contexts, context]
    rows = [_extrapolated_row(one) for one in contexts]
    return ReportFigure(
        title=title,
        basis=_extrapolated_basis(context, contexts),
        columns=[
            Column(_("Kortlægning")),
            Column(_("Kommuner med svar"), 0),
            Column(_("Kommuner i alt"), 0),
            Column(_("Indberettet, mio. kr."), 1),
            Column(_("Opregnet, mio. kr."), 1),
            Column(_("95 pct. fra"), 1),
            Column(_("95 pct. til"), 1),
            Column(_("Folketal pr.")),
            Column(_("Bemærkning")),
        ],
        rows=rows,
        links=[one.rows_behind() for one in contexts],
        draw=lambda: bars_with_intervals(
            [IntervalBar(row[0], row[4], row[5], row[6]) for row in rows],
            title=title,
            unit=unit,
            interval=_("95 pct.-interval"),
            decimals=1,
            mark=context.mark,
        ),
        mark=context.mark,
    )


def _extrapolated_basis(context: ReportContext, contexts: list[ReportContext]) -> str:
    found = [
        _("Alle i %(level)s, opregnet efter metode a, opgjort pr. %(moment)s.")
        % {"level": context.level, "moment": context.moment},
        str(wording.ASSUMPTIONS["a"]),
    ]
    if len(contexts) > 1:
        found.append(_("Det er ikke de samme kommuner, der har svaret hver gang."))
    return " ".join([*found, *_adjusted(contexts), *context.earlier().left_out])


def _extrapolated_row(context: ReportContext) -> tuple:
    national = context.national
    line, coverage = national.lines["exp_total"], national.coverage
    numbers = (line.estimate.total, *line.estimate.interval) if line.estimate else (None, None, None)
    notes = [wording.refusal(national.refused)] if national.refused else context.notes_of("exp_total")
    return (
        _("Regnskab %(year)d") % {"year": context.survey_round.accounts_year},
        coverage.answered,
        coverage.municipalities,
        Decimal(line.reported.value) / 1000 if coverage.answered else None,
        *(value and value / 1000 for value in numbers),
        context.population_day,
        " ".join(notes),
    )
