"""Beyond the report: the initiatives that go on from one round to the next."""

from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from reporting.figures import Bar, changes
from reporting.report.context import ReportContext
from reporting.report.figure import Column, ReportFigure
from reporting.report.stable import Change, change_between, largest_moved


def stable_initiatives(context: ReportContext) -> ReportFigure:
    """Initiatives keep their identity between rounds, so that a change can be told from other answers."""
    title = _("Fra forrige kortlægning: indsatser, der udgik, ændrede sig og kom til")
    unit = _("mio. kr., %(level)s") % {"level": context.level}
    before = context.earlier().contexts[-1:]
    rows: list[tuple] = []
    basis = _("Der er ingen tidligere kortlægning med svar at sammenligne med på samme niveau.")
    if before:
        change = change_between(before[0].national, context.national)
        years = {
            "before": before[0].survey_round.accounts_year,
            "after": context.survey_round.accounts_year,
        }
        basis, rows = _basis(context, change), _steps(change, years)
    return ReportFigure(
        title=title,
        basis=" ".join([basis, *context.earlier().left_out]),
        columns=[Column(_("Trin")), Column(_("indsatser"), 0), Column(unit, 1)],
        rows=rows,
        links=[before[0].rows_behind(), *[""] * (len(rows) - 2), context.rows_behind()] if before else [],
        draw=lambda: changes(
            Bar(rows[0][0], rows[0][2]) if rows else Bar("", 0),
            [Bar(name, amount) for name, _count, amount in rows[1:-1]],
            Bar(rows[-1][0], rows[-1][2]) if rows else Bar("", 0),
            title=title,
            unit=unit,
            mark=context.mark,
        ),
        mark=context.mark,
    )


def _basis(context: ReportContext, change: Change) -> str:
    text = _(
        "Indberettet, opgjort pr. %(moment)s. Kun de %(n)d kommuner, der har svaret i begge. En indsats er "
        "den samme, når den er ført videre. Det, som ministeriet har taget ud af det ene år, er hverken "
        "udgået eller kommet til, men står for sig."
    ) % {"moment": context.moment, "n": change.municipalities}
    if change.merged:
        merged = _("Lagt sammen eller med ny kode mellem kortlægningerne og derfor udeladt begge år: %s.")
        text += " " + merged % ", ".join(change.merged)
    return text


def _steps(change: Change, years: dict) -> list[tuple]:
    """The corrections only where there are any; all the others always, so that the counts add up."""
    parts = [
        (_("Udgået"), change.left),
        (_("Faldet"), change.shrunk),
        (_("Steget"), change.grown),
        (_("Uændret"), change.unchanged),
        (_("Kommet til"), change.entered),
    ]
    corrected = [
        (_("Taget ud af ministeriet i %(after)d") % years, change.taken_out),
        (_("Taget ud af ministeriet i %(before)d") % years, change.taken_in),
    ]
    shown = [*parts, *((name, part) for name, part in corrected if part.count)]
    return [
        (_("Regnskab %(before)d") % years, change.before.count, change.before.amount / 1000),
        *((name, part.count, part.amount / 1000) for name, part in shown),
        (_("Regnskab %(after)d") % years, change.after.count, change.after.amount / 1000),
    ]


@dataclass(frozen=True)
class MovedInitiative:
    """An initiative that left or entered, with its address; 1,000 kr. at the level."""

    what: str
    title: str
    municipality: str
    amount: Decimal
    address: str


def moved_initiatives(context: ReportContext) -> list[MovedInitiative]:
    """The dearest of them, for whoever asks what the figure's steps consist of."""
    before = context.earlier().contexts[-1:]
    if not before:
        return []
    names = {"left": _("Udgået"), "entered": _("Kommet til")}
    years = {
        "left": before[0].survey_round.accounts_year,
        "entered": context.survey_round.accounts_year,
    }
    return [
        MovedInitiative(
            what=names[one.kind],
            title=one.title,
            municipality=context.municipalities[one.code].name,
            amount=one.amount,
            address=reverse("reporting:initiative", args=[years[one.kind], one.code, one.uuid])
            + f"?version={one.version}",
        )
        for one in largest_moved(before[0].national, context.national)
    ]
