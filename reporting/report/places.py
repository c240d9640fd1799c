"""Figures 2 to 5 of the report, and beyond it: the map, the intervals of the regions, the concentration."""

from decimal import Decimal

from django.utils.translation import gettext as _

from reporting import contributions, wording
from reporting.figures import (
    Bar,
    IntervalBar,
    RoundTotal,
    Tile,
    bars,
    bars_with_intervals,
    lorenz,
    ranked_columns,
    tile_map,
    total_and_rate,
)
from reporting.figures.shares import gini, lorenz_points, top_share
from reporting.report.context import ReportContext
from reporting.report.figure import Column, ReportFigure
from reporting.rounding import round_half_away

LARGEST = 5


def total(context: ReportContext) -> ReportFigure:
    """Of this round and those before it, at one price level."""
    title = _("Figur 2. Indberettede bruttoudgifter i alt og pr. indbygger")
    units = (
        _("mio. kr., %(level)s") % {"level": context.level},
        _("kr. pr. indbygger i kommuner med svar, %(level)s") % {"level": context.level},
    )
    rows: list[tuple] = []
    for one in [*context.earlier(), context]:
        spent, people = one.reported_of("exp_total"), one.national.coverage.inhabitants_answered
        year = str(one.survey_round.accounts_year)
        rows.append((year, spent / 1000, 1000 * spent / people if people else Decimal(0), people))
    return ReportFigure(
        title=title,
        basis=_("%(reported)s Tæller og nævner er de samme kommuners; rapportens 54 kr. er delt med alle.")
        % {"reported": context.reported},
        columns=[
            Column(_("Regnskab")),
            Column(units[0], 1),
            Column(units[1], 1),
            Column(_("Nævner: indbyggere"), 0),
        ],
        rows=rows,
        draw=lambda: total_and_rate(
            [RoundTotal(year, spent, rate) for year, spent, rate, _people in rows],
            title=title,
            units=units,
            decimals=(1, 1),
            mark=context.mark,
        ),
    )


def regions(context: ReportContext) -> ReportFigure:
    title = _("Figur 3. Indberettede bruttoudgifter pr. indbygger efter region")
    unit = _("kr. pr. indbygger i kommuner med svar, %(level)s") % {"level": context.level}
    rows: list[tuple] = []
    for region in context.regions:
        mine = [(row, value) for row, value in context.amounts() if row.region == region.code]
        spent, people = sum(value for _row, value in mine), sum(row.inhabitants for row, _value in mine)
        rows.append((region.name, 1000 * spent / people if people else None, len(mine), spent, people))
    return ReportFigure(
        title=title,
        basis=f"{context.reported} {context.population}",
        columns=[
            Column(_("Region")),
            Column(unit, 1),
            Column(_("Kommuner med svar"), 0),
            Column(_("Tæller: 1.000 kr."), 0),
            Column(_("Nævner: indbyggere"), 0),
        ],
        rows=rows,
        draw=lambda: bars(
            [Bar(row[0], row[1] or 0) for row in rows], title=title, unit=unit, mark=context.mark
        ),
    )


def region_intervals(context: ReportContext) -> ReportFigure:
    """Extrapolated to all of each region's inhabitants; whoever has all answers has no interval."""
    title = _("Opregnede bruttoudgifter pr. indbygger efter region med interval")
    unit = _("kr. pr. indbygger, %(level)s") % {"level": context.level}
    lines = contributions.regions(context.national)
    rows: list[tuple] = []
    for region in context.regions:
        line = lines.get(region.code)
        if line is None or line.estimate is None:
            reason = wording.refusal(line.refused) if line and line.refused else ""
            rows.append((region.name, None, None, None, reason))
            continue
        low, high = (1000 * limit / line.coverage.inhabitants for limit in line.estimate.interval)
        note = str(wording.NOTES.get(line.estimate.note or "", ""))
        rows.append((region.name, line.per_inhabitant, low, high, note))
    return ReportFigure(
        title=title,
        basis=_("Hver region opregnet med sine egne kommuners svar (metode b). %(population)s")
        % {"population": context.population},
        columns=[
            Column(_("Region")),
            Column(unit, 1),
            Column(_("95 pct. fra"), 1),
            Column(_("95 pct. til"), 1),
            Column(_("Bemærkning")),
        ],
        rows=rows,
        draw=lambda: bars_with_intervals(
            [
                IntervalBar(name, value, *((low, high) if low != high else (None, None)))
                for name, value, low, high, _note in rows
                if value is not None
            ],
            title=title,
            unit=unit,
            interval=_("95 pct.-interval"),
            decimals=1,
            mark=context.mark,
        ),
    )


def by_municipality(context: ReportContext) -> ReportFigure:
    title = _("Figur 4. Indberettede bruttoudgifter i alt efter kommune")
    unit = _("mio. kr., %(level)s") % {"level": context.level}
    mine = [(row.name, value / 1000) for row, value in context.amounts() if row.initiatives]
    return _ranked(context, title, unit, mine, _mean([value for _name, value in mine]))


def per_inhabitant(context: ReportContext) -> ReportFigure:
    """The mean line is the rate of the sums, not the mean of the rates."""
    title = _("Figur 5. Indberettede bruttoudgifter pr. indbygger efter kommune")
    unit = _("kr. pr. indbygger, %(level)s") % {"level": context.level}
    shown = [(row, value) for row, value in context.amounts() if row.initiatives]
    mine = [(row.name, 1000 * value / row.inhabitants) for row, value in shown]
    people = sum(row.inhabitants for row, _value in shown)
    spent = sum((value for _row, value in shown), Decimal())
    mean = 1000 * spent / people if people else None
    return _ranked(context, title, unit, mine, mean)


def _mean(values: list[Decimal]) -> Decimal | None:
    return sum(values, Decimal()) / len(values) if values else None


def _ranked(context: ReportContext, title: str, unit: str, mine: list, mean: Decimal | None) -> ReportFigure:
    left_out = context.national.coverage.answered - len(mine)
    ranked = sorted(mine, key=lambda row: -row[1])
    return ReportFigure(
        title=title,
        basis=_("%(reported)s %(n)d kommuner har svaret uden at indberette indsatser og er udeladt.")
        % {"reported": context.reported, "n": left_out},
        columns=[Column(_("Kommune")), Column(unit, 1)],
        rows=[*ranked, (_("Gennemsnit"), mean)],
        draw=lambda: ranked_columns(
            [Bar(*row) for row in ranked],
            title=title,
            unit=unit,
            mean=mean,
            mean_label=_("gennemsnit"),
            decimals=1,
            mark=context.mark,
        ),
        has_total=True,
    )


def tiles(context: ReportContext) -> ReportFigure:
    title = _("Kommunerne: indberettede bruttoudgifter pr. indbygger")
    unit = _("kr. pr. indbygger, %(level)s") % {"level": context.level}
    spent = {row.code: 1000 * value / row.inhabitants for row, value in context.amounts()}
    asked = [context.municipalities[row.code] for row in context.national.totals.returns]
    no_answer = _("intet svar")
    return ReportFigure(
        title=title,
        basis=f"{context.reported} {context.population}",
        columns=[Column(_("Kommune")), Column(unit, 1)],
        rows=[(one.name, spent.get(one.code, no_answer)) for one in asked],
        draw=lambda: tile_map(
            [Tile(one.tile_row, one.tile_column, one.name, spent.get(one.code)) for one in asked],
            title=title,
            unit=unit,
            zero=_("0 kr."),
            no_answer=no_answer,
            mark=context.mark,
        ),
    )


def concentration(context: ReportContext) -> ReportFigure:
    title = _("Hvor ulige udgifterne er fordelt på kommunerne")
    pairs = [(row.inhabitants, value) for row, value in context.amounts()]
    top = top_share(pairs, LARGEST)
    words = _("de %(n)d største: %(people)s pct. af indbyggerne, %(amount)s pct. af udgifterne") % {
        "n": LARGEST,
        "people": round_half_away(100 * top.inhabitants),
        "amount": round_half_away(100 * top.amount),
    }
    people, spent = context.national.coverage.inhabitants_answered, context.reported_of("exp_total")
    largest = sorted(context.amounts(), key=lambda pair: -pair[1])[:LARGEST]
    rows: list[tuple] = [
        (row.name, 100 * Decimal(row.inhabitants) / people, 100 * value / spent if spent else None)
        for row, value in largest
    ]
    rows.append((_("De %(n)d største") % {"n": LARGEST}, 100 * top.inhabitants, 100 * top.amount))
    return ReportFigure(
        title=title,
        basis=_("%(reported)s Gini-koefficient %(gini)s (0 er lige meget pr. indbygger overalt).")
        % {"reported": context.reported, "gini": f"{gini(pairs):.2f}".replace(".", ",") if pairs else "–"},
        columns=[
            Column(_("Kommune")),
            Column(_("pct. af indbyggerne i kommuner med svar"), 1),
            Column(_("pct. af de indberettede udgifter"), 1),
        ],
        rows=rows,
        draw=lambda: lorenz(
            lorenz_points(pairs),
            title=title,
            x_title=_("pct. af indbyggerne, efter udgift pr. indbygger"),
            y_title=_("pct. af udgifterne"),
            equality=_("lige meget pr. indbygger"),
            note=(1 - top.inhabitants, 1 - top.amount, words) if pairs else None,
            mark=context.mark,
        ),
        has_total=True,
    )
