"""Figures 4 and 5 of the report, and beyond it: the map of the municipalities, and the concentration."""

from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reporting.figures import Bar, Tile, lorenz, ranked_columns, tile_map
from reporting.figures.shares import gini, lorenz_points, top_share
from reporting.report.context import ReportContext
from reporting.report.figure import Column, ReportFigure
from reporting.returns import MunicipalReturn
from reporting.rounding import round_half_away

LARGEST = 5


def expenditure(context: ReportContext) -> ReportFigure:
    """In 1,000 kr.: in mio. kr. a fifth of the municipalities could not be told from 0."""
    title = _("Figur 4. Indberettede bruttoudgifter i alt efter kommune")
    unit = _("1.000 kr., %(level)s") % {"level": context.level}
    mine = _with_initiatives(context)
    spent = sum((value for _row, value in mine), Decimal())
    mean = spent / len(mine) if mine else None
    return _ranked(context, title, unit, mine, mean, decimals=0)


def per_inhabitant(context: ReportContext) -> ReportFigure:
    """The mean line is the rate of the sums, not the mean of the rates."""
    title = _("Figur 5. Indberettede bruttoudgifter pr. indbygger efter kommune")
    unit = _("kr. pr. indbygger, %(level)s") % {"level": context.level}
    shown = _with_initiatives(context)
    mine = [(row, 1000 * value / row.inhabitants) for row, value in shown]
    people = sum(row.inhabitants for row, _value in shown)
    spent = sum((value for _row, value in shown), Decimal())
    mean = 1000 * spent / people if people else None
    return _ranked(context, title, unit, mine, mean, decimals=1, note=context.population)


def _with_initiatives(context: ReportContext) -> list[tuple[MunicipalReturn, Decimal]]:
    """Those of figures 4 and 5: with at least one initiative that counts, be it of 0 kr."""
    return [(row, value) for row, value in context.amounts() if row.initiatives]


def _ranked(
    context: ReportContext,
    title: str,
    unit: str,
    mine: list[tuple[MunicipalReturn, Decimal]],
    mean: Decimal | None,
    *,
    decimals: int,
    note: str = "",
) -> ReportFigure:
    ranked = sorted(mine, key=lambda pair: -pair[1])
    bars = [Bar(row.name, value) for row, value in ranked]
    return ReportFigure(
        title=title,
        basis=" ".join(filter(None, [context.reported, _left_out(context, len(mine)), note])),
        columns=[Column(_("Kommune")), Column(unit, decimals)],
        rows=[*((bar.label, bar.value) for bar in bars), (_("Gennemsnit"), mean)],
        links=[*(context.rows_behind(municipality=row.code) for row, _v in ranked), context.rows_behind()],
        draw=lambda: ranked_columns(
            bars,
            title=title,
            unit=unit,
            mean=mean,
            mean_label=_("gennemsnit"),
            decimals=decimals,
            mark=context.mark,
        ),
        mark=context.mark,
        has_total=True,
    )


def _left_out(context: ReportContext, shown: int) -> str:
    """Nothing was reported, or the ministry has put all of it out of scope."""
    count = context.national.coverage.answered - shown
    return ngettext(
        "%(n)d kommune har svaret, men har ingen indsatser, der tæller med, og er udeladt.",
        "%(n)d kommuner har svaret, men har ingen indsatser, der tæller med, og er udeladt.",
        count,
    ) % {"n": count}


def tiles(context: ReportContext) -> ReportFigure:
    title = _("Kommunerne: indberettede bruttoudgifter pr. indbygger")
    unit = _("kr. pr. indbygger, %(level)s") % {"level": context.level}
    spent = {row.code: 1000 * value / row.inhabitants for row, value in context.amounts()}
    asked = [context.municipalities[row.code] for row in context.national.totals.returns]
    no_answer, note = _("intet svar"), _("Flere kommuner kan begynde ens; hele navne står i tabellen.")
    return ReportFigure(
        title=title,
        basis=f"{context.reported} {context.population} {note}",
        columns=[Column(_("Kommune")), Column(unit, 1)],
        rows=[(one.name, spent.get(one.code, no_answer)) for one in asked],
        links=[context.rows_behind(municipality=one.code) if one.code in spent else "" for one in asked],
        draw=lambda: tile_map(
            [Tile(one.tile_row, one.tile_column, one.name, spent.get(one.code)) for one in asked],
            title=title,
            unit=unit,
            zero=_("0 kr."),
            no_answer=no_answer,
            mark=context.mark,
        ),
        mark=context.mark,
    )


def concentration(context: ReportContext) -> ReportFigure:
    """Of the municipalities that have answered; one alone, or no money at all, is neither equal nor not."""
    title = _("Hvor ulige udgifterne er fordelt på kommunerne")
    pairs = [(row.inhabitants, value) for row, value in context.amounts()]
    is_spread = len(pairs) > 1 and context.reported_of("exp_total") > 0
    coefficient = number_format(round_half_away(gini(pairs), 2), 2) if is_spread else "–"
    return ReportFigure(
        title=title,
        basis=" ".join(
            [
                context.reported,
                _("Gini-koefficient %(gini)s (0 er lige meget pr. indbygger overalt).")
                % {"gini": coefficient},
                context.population,
            ]
        ),
        columns=[
            Column(_("Kommune")),
            Column(_("pct. af indbyggerne i kommuner med svar"), 1),
            Column(_("pct. af de indberettede udgifter"), 1),
        ],
        rows=_largest(context) if is_spread else [],
        links=_links_of_largest(context) if is_spread else [],
        draw=lambda: lorenz(
            lorenz_points(pairs) if is_spread else [],
            title=title,
            x_title=_("pct. af indbyggerne i kommuner med svar, efter udgift pr. indbygger"),
            y_title=_("pct. af udgifterne"),
            equality=_("lige meget pr. indbygger"),
            note=_top_and_rest(pairs) if is_spread else None,
            mark=context.mark,
        ),
        mark=context.mark,
        has_total=True,
    )


def _by_amount(context: ReportContext) -> list[tuple[MunicipalReturn, Decimal]]:
    return sorted(context.amounts(), key=lambda pair: -pair[1])[:LARGEST]


def _largest(context: ReportContext) -> list[tuple]:
    people, spent = context.national.coverage.inhabitants_answered, context.reported_of("exp_total")
    rows: list[tuple] = [
        (row.name, 100 * Decimal(row.inhabitants) / people, 100 * value / spent)
        for row, value in _by_amount(context)
    ]
    name = _("De %(n)d største") % {"n": len(rows)}
    return [*rows, (name, sum(row[1] for row in rows), sum(row[2] for row in rows))]


def _links_of_largest(context: ReportContext) -> list[str]:
    own = [context.rows_behind(municipality=row.code) for row, _value in _by_amount(context)]
    return [*own, context.rows_behind()]


def _top_and_rest(pairs: list[tuple[int, Decimal]]) -> tuple[float, float, str]:
    """The point where all but the largest end, as the curve counts from the least, and its words."""
    top = top_share(pairs, LARGEST)
    people, amount = round_half_away(100 * top.inhabitants), round_half_away(100 * top.amount)
    words = _(
        "de %(n)d med størst udgift: %(people)s pct. af indbyggerne, %(amount)s pct. af udgifterne; "
        "resten %(other_people)s/%(other_amount)s"
    ) % {
        "n": min(LARGEST, len(pairs)),
        "people": people,
        "amount": amount,
        "other_people": 100 - people,
        "other_amount": 100 - amount,
    }
    return 1 - top.inhabitants, 1 - top.amount, words
