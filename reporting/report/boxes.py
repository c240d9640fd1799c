"""The report's boxes 1 to 3 for a round, written from its figures; what lacks its data is left out."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from reporting.contributions import quotients
from reporting.models import ArrivalsCount
from reporting.national import AREAS, coverage_of
from reporting.report.context import ReportContext
from reporting.rounding import round_half_away
from survey.models import ServiceArea

BIG_CITIES = ("101", "751", "461")  # København, Aarhus and Odense, as in the report


@dataclass(frozen=True)
class Box:
    title: str
    sentences: list[str]


def boxes(context: ReportContext) -> list[Box]:
    return [
        Box(_("Boks 1. Fakta om kortlægningen"), _facts(context)),
        Box(_("Boks 2. Konklusioner"), _conclusions(context)),
        Box(_("Boks 3. Målgruppen"), _target_group(context)),
    ]


def _facts(context: ReportContext) -> list[str]:
    coverage, survey_round = context.national.coverage, context.survey_round
    found = [
        _("Alle %(all)d kommuner er blevet bedt om at svare i perioden %(opens)s til %(deadline)s.")
        % {
            "all": coverage.municipalities,
            "opens": date_format(survey_round.opens_at, "DATE_FORMAT"),
            "deadline": date_format(survey_round.edit_until, "DATE_FORMAT"),
        },
        _("%(n)d har svaret. De dækker %(percent)s pct. af befolkningen.")
        % {"n": coverage.answered, "percent": _whole(coverage.percent)},
    ]
    for region in context.regions:
        mine = coverage_of(context.national.totals.returns, region.code)
        if mine.municipalities:
            found.append(
                _("I %(region)s har %(n)d af %(all)d kommuner svaret. Det dækker %(percent)s pct.")
                % {
                    "region": region.name,
                    "n": mine.answered,
                    "all": mine.municipalities,
                    "percent": _whole(mine.percent),
                }
            )
    found.append(
        _("Opgørelsen bygger på regnskabet for %(year)d og står i %(level)s.")
        % {"year": survey_round.accounts_year, "level": context.level}
    )
    return found


def _conclusions(context: ReportContext) -> list[str]:
    """Each amount says whether it is reported or extrapolated, which the report's own box does not."""
    lines, ratios = context.national.lines, quotients(context.national)
    spent, earned = lines["exp_total"], lines["inc_total"]
    found = [
        _(
            "Kommunerne har indberettet bruttoudgifter på %(spent)s mio. kr. "
            "og indtægter på %(earned)s mio. kr."
        )
        % {"spent": _millions(spent.reported.value), "earned": _millions(earned.reported.value)}
    ]
    if spent.estimate and earned.estimate and ratios.per_inhabitant is not None:
        found.append(
            _(
                "Opregnet til landsplan er det %(spent)s mio. kr. (95 pct.-interval %(low)s-%(high)s) og "
                "%(earned)s mio. kr. Det er %(kroner)s kr. pr. indbygger, "
                "opregnet udgift over alle indbyggere."
            )
            % {
                "spent": _millions(spent.estimate.total),
                "low": _millions(spent.estimate.interval[0]),
                "high": _millions(spent.estimate.interval[1]),
                "earned": _millions(earned.estimate.total),
                "kroner": _whole(ratios.per_inhabitant),
            }
        )
    total = Decimal(spent.reported.value)
    if total:
        by_area = sorted(AREAS, key=lambda area: -context.reported_of(f"exp_{area}"))[:2]
        share = 100 * sum(context.reported_of(f"exp_{area}") for area in by_area) / total
        found.append(
            _("%(one)s og %(other)s udgør tilsammen %(share)s pct. af de indberettede udgifter.")
            % {
                "one": ServiceArea(by_area[0]).label,
                "other": ServiceArea(by_area[1]).label,
                "share": _whole(share),
            }
        )
    found.append(
        _("Der er indberettet %(n)s indsatser.") % {"n": _whole(lines["n_initiatives"].reported.value)}
    )
    return found


def _target_group(context: ReportContext) -> list[str]:
    returns, totals = context.national.totals.returns, context.national.totals
    counts = {row.code: row.immigrants for row in returns if row.immigrants is not None}
    found = []
    if returns and len(counts) == len(returns):
        everybody, people = sum(counts.values()), sum(row.inhabitants for row in returns)
        big = sum(counts.get(code, 0) for code in BIG_CITIES)
        found = [
            _("%(day)s var der %(n)s indvandrere og efterkommere. Det er %(percent)s pct. af befolkningen.")
            % {
                "day": date_format(totals.population_date, "DATE_FORMAT"),
                "n": _whole(everybody),
                "percent": number_format(round_half_away(Decimal(100 * everybody) / people, 1), 1),
            },
            _("%(percent)s pct. af dem bor i København, Aarhus og Odense.")
            % {"percent": _whole(Decimal(100 * big) / everybody if everybody else 0)},
        ]
    else:
        found.append(
            _("Antallet af indvandrere og efterkommere %(day)s er ikke indlæst for alle kommuner.")
            % {"day": date_format(totals.population_date, "DATE_FORMAT")}
        )
    arrivals = list(ArrivalsCount.objects.in_force(totals.as_at))
    if arrivals:
        last, most = arrivals[-1], max(arrivals, key=lambda count: count.persons)
        found.append(
            _(
                "I %(last)s var der %(n)s nyankomne flygtninge og familiesammenførte; "
                "flest var der i %(most)s: %(top)s."
            )
            % {
                "last": last.period,
                "n": _whole(last.persons),
                "most": most.period,
                "top": _whole(most.persons),
            }
        )
    return found


def _whole(value) -> str:
    return number_format(round_half_away(value), 0, force_grouping=True)


def _millions(thousands) -> str:
    return _whole(thousands / 1000)
