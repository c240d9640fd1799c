"""The report's boxes 1 to 3 for a round, written from its figures; what lacks its data is left out."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Max
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from reporting import wording
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
            "opens": _day(survey_round.opens_at),
            "deadline": _day(survey_round.deadline),
        },
        *_still_open(context),
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
        _("Opgørelsen bygger på regnskabet for %(year)d og står i %(level)s. Den er opgjort pr. %(moment)s.")
        % {"year": survey_round.accounts_year, "level": context.level, "moment": context.moment}
    )
    return [*found, context.population]


def _still_open(context: ReportContext) -> list[str]:
    """At the moment of the figures; late answers count until the last day on which they can be changed."""
    survey_round = context.survey_round
    if survey_round.state != "open":
        return []
    extended = survey_round.submissions.filter(state="draft").aggregate(last=Max("extended_until"))["last"]
    until = max(survey_round.edit_until, extended or survey_round.edit_until)
    if context.national.totals.as_at >= until:
        return []
    return [
        _("Kortlægningen er stadig åben for svar til %(last)s, så tallene er foreløbige.")
        % {"last": _day(until)}
    ]


def _conclusions(context: ReportContext) -> list[str]:
    """Each amount says whether it is reported or extrapolated, which the report's own box does not."""
    lines = context.national.lines
    if not context.national.coverage.answered:
        return [_("Ingen har svaret endnu, så der er ingen konklusioner.")]
    found = [
        _(
            "Kommunerne har indberettet bruttoudgifter på %(spent)s mio. kr. "
            "og indtægter på %(earned)s mio. kr. (%(level)s)."
        )
        % {
            "spent": _millions(lines["exp_total"].reported.value),
            "earned": _millions(lines["inc_total"].reported.value),
            "level": context.level,
        },
        *([context.adjusted] if context.adjusted else []),
        *_extrapolated(context),
        *_two_largest_areas(context),
        _("Der er indberettet %(n)s indsatser.") % {"n": _whole(lines["n_initiatives"].reported.value)},
    ]
    return found


def _extrapolated(context: ReportContext) -> list[str]:
    """The estimates with their level and population, then what must stand beside them."""
    spent, earned = (context.national.lines[name].estimate for name in ("exp_total", "inc_total"))
    kroner = quotients(context.national).per_inhabitant
    if spent is None or earned is None or kroner is None:
        return []
    words = _(
        "Opregnet til landsplan er det %(spent)s mio. kr. (95 pct.-interval %(low)s-%(high)s) og "
        "%(earned)s mio. kr. i %(level)s. Det er %(kroner)s kr. pr. indbygger, "
        "opregnet udgift over alle indbyggere. %(population)s"
    ) % {
        "spent": _millions(spent.total),
        "low": _millions(spent.interval[0]),
        "high": _millions(spent.interval[1]),
        "earned": _millions(earned.total),
        "level": context.level,
        "kroner": _whole(kroner),
        "population": context.population,
    }
    found = [words, *wording.beside_interval(context.national)]
    if earned.note:
        found.append(_("Om indtægterne: %(note)s") % {"note": wording.NOTES[earned.note]})
    return found


def _two_largest_areas(context: ReportContext) -> list[str]:
    total = context.reported_of("exp_total")
    if not total:
        return []
    one, other = sorted(AREAS, key=lambda area: -context.reported_of(f"exp_{area}"))[:2]
    share = 100 * (context.reported_of(f"exp_{one}") + context.reported_of(f"exp_{other}")) / total
    second = str(ServiceArea(other).label)
    return [
        _("%(one)s og %(other)s udgør tilsammen %(share)s pct. af de indberettede udgifter.")
        % {
            "one": ServiceArea(one).label,
            "other": second[:1].lower() + second[1:],
            "share": _whole(share),
        }
    ]


def _target_group(context: ReportContext) -> list[str]:
    returns = context.national.totals.returns
    counts = {row.code: row.immigrants for row in returns if row.immigrants is not None}
    found = []
    if returns and len(counts) == len(returns):
        everybody, people = sum(counts.values()), sum(row.inhabitants for row in returns)
        big = sum(counts.get(code, 0) for code in BIG_CITIES)
        found = [
            _("%(day)s var der %(n)s indvandrere og efterkommere. Det er %(percent)s pct. af befolkningen.")
            % {
                "day": context.population_day,
                "n": _whole(everybody),
                "percent": number_format(round_half_away(Decimal(100 * everybody) / people, 1), 1),
            },
            _("%(percent)s pct. af dem bor i København, Aarhus og Odense.")
            % {"percent": _whole(Decimal(100 * big) / everybody if everybody else 0)},
        ]
    else:
        found.append(
            _("Antallet af indvandrere og efterkommere %(day)s er ikke indlæst for alle kommuner.")
            % {"day": context.population_day}
        )
    return [*found, *_arrivals(context)]


def _arrivals(context: ReportContext) -> list[str]:
    counts = ArrivalsCount.objects.in_force(context.national.totals.as_at)
    arrivals = list(counts.select_related("arrivals_import"))
    if not arrivals:
        return []
    last, most = arrivals[-1], max(arrivals, key=lambda count: count.persons)
    return [
        _(
            "I %(last)s var der %(n)s nyankomne flygtninge og familiesammenførte; "
            "flest var der i %(most)s: %(top)s. Kilde: %(source)s."
        )
        % {
            "last": last.period,
            "n": _whole(last.persons),
            "most": most.period,
            "top": _whole(most.persons),
            "source": last.arrivals_import.source,
        }
    ]


def _day(moment) -> str:
    return date_format(timezone.localtime(moment), "DATE_FORMAT")


def _whole(value) -> str:
    return number_format(round_half_away(value), 0, force_grouping=True)


def _millions(thousands) -> str:
    return _whole(thousands / 1000)
