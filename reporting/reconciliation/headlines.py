"""Every headline figure by the readings that the report of 2022 mixed.

The report gives reported money over the whole country (54 kr. per inhabitant) and extrapolated money over
reported initiatives (495,000 kr. per initiative). Here each headline is made by each reading, with its
numerator and denominator, so that the consistent figure and the published one can be told apart.
"""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from reporting.national import Coverage
from reporting.reconciliation import areas
from reporting.reconciliation.facts import Facts, whole_millions
from reporting.reconciliation.readings import (
    EVERYBODY,
    EXTRAPOLATED,
    INCOME,
    INITIATIVES,
    KRONER,
    MILLIONS,
    MUNICIPALITIES,
    PERCENT,
    REPORTED,
    THOSE_ANSWERED,
    THOUSANDS,
    Headline,
    Kind,
    Reading,
    Section,
)
from reporting.rounding import round_half_away

OVERVIEW = "reporting:overview"
MILLIONS_RAISED = _("hele mio. kr. indberettet delt med den afrundede dækning, 1.000 kr.")


def sections(facts: Facts) -> list[Section]:
    """The headlines in tables that can be read, in the report's order."""

    def at_level(name):
        return _("%(name)s, %(year)d-pris- og lønniveau") % {"name": name, "year": facts.price_level}

    whole = [*_money(facts), _per_inhabitant(facts), _per_initiative(facts), *areas.means(facts)]
    return [
        Section("coverage", _("Svar og dækning"), [*_answers(facts), *_coverage(facts)]),
        Section("immigrants", _("Målgruppen"), _immigrants(facts)),
        Section("money", at_level(_("Udgifter og indtægter i hele landet")), whole),
        Section("expenditure", at_level(_("Områdernes udgifter")), areas.expenditure(facts)),
        Section("shares", at_level(_("Områdernes andele af udgifterne")), areas.shares(facts)),
        Section("income", at_level(_("Områdernes indtægter")), areas.income(facts)),
        Section("own", at_level(_("Egenfinansiering")), [areas.own_financing(facts)]),
        Section("distribution", at_level(_("Fordelingen på kommuner")), _distribution(facts)),
    ]


def _answers(facts: Facts) -> list[Headline]:
    published = facts.published
    answered = Reading(_("kommuner med svar"), facts.answered, kind=Kind.REPORTED)
    initiatives = [
        Reading(INITIATIVES, facts.initiatives, kind=Kind.REPORTED),
        Reading(_("opregnede indsatser"), facts.initiatives_extrapolated, kind=Kind.EXTRAPOLATED),
    ]
    return [
        Headline(
            _("Kommuner, der har svaret"),
            MUNICIPALITIES,
            published.get("answered"),
            [answered],
            is_count=True,
            page=OVERVIEW,
        ),
        Headline(_("Indsatser"), _("antal"), published.get("initiatives"), initiatives, is_count=True),
    ]


def _coverage(facts: Facts) -> list[Headline]:
    """Of the country, and of each region."""
    shares = [
        (round_half_away(one.percent), one.inhabitants) for one in facts.regions.values() if one.inhabitants
    ]
    weighted = sum(percent * inhabitants for percent, inhabitants in shares) / 100
    by_regions = _("regionernes afrundede andele gange deres indbyggere")
    country = [
        Reading(THOSE_ANSWERED, facts.inhabitants_answered, EVERYBODY, facts.inhabitants, 100),
        Reading(by_regions, weighted, EVERYBODY, facts.inhabitants, 100, Kind.ROUNDED),
        _of_municipalities(facts.answered, facts.municipalities),
    ]
    name = _("Andel af befolkningen, der er dækket")
    return [
        Headline(name, PERCENT, facts.published.get("coverage"), country, page=OVERVIEW),
        *(_region_coverage(facts, region, one) for region, one in facts.regions.items()),
    ]


def _region_coverage(facts: Facts, name: str, coverage: Coverage) -> Headline:
    inhabitants = _("indbyggere i hele regionen")
    return Headline(
        _("%(region)s, andel af befolkningen") % {"region": name},
        PERCENT,
        facts.published.get(f"coverage_{coverage.region}"),
        [
            Reading(THOSE_ANSWERED, coverage.inhabitants_answered, inhabitants, coverage.inhabitants, 100),
            _of_municipalities(coverage.answered, coverage.municipalities),
        ],
        behind={"region": coverage.region or ""},
        page=OVERVIEW,
    )


def _of_municipalities(answered: int, municipalities: int) -> Reading:
    name = _("kommuner med svar")
    return Reading(name, answered, MUNICIPALITIES, municipalities, 100, Kind.OF_MUNICIPALITIES)


def _immigrants(facts: Facts) -> list[Headline]:
    published = facts.published
    persons = _("indvandrere og efterkommere i hele landet")
    return [
        Headline(
            _("Indvandrere og efterkommere"),
            _("personer"),
            published.get("immigrants"),
            [Reading(persons, facts.immigrants, kind=Kind.POPULATION)],
            is_count=True,
            page="",
        ),
        Headline(
            _("Indvandrere og efterkommere, andel af befolkningen"),
            PERCENT,
            published.get("immigrant_share"),
            [Reading(persons, facts.immigrants, EVERYBODY, facts.inhabitants, 100, Kind.POPULATION)],
            page="",
        ),
    ]


def _money(facts: Facts) -> list[Headline]:
    """Amounts of the whole round; the report's 318 mio. kr. is reported, its 350 and its 68 extrapolated."""
    published = facts.published
    reported = [
        Reading(REPORTED, facts.reported, scale=0.001, kind=Kind.REPORTED),
        areas.sum_of_millions(facts.expenditure_by_area),
    ]
    extrapolated = [
        Reading(EXTRAPOLATED, facts.extrapolated, scale=0.001, kind=Kind.EXTRAPOLATED),
        Reading(MILLIONS_RAISED, _raised(facts), scale=0.001, kind=Kind.EXTRAPOLATED),
    ]
    income = [
        Reading(INCOME, facts.income, scale=0.001, kind=Kind.REPORTED),
        areas.sum_of_millions(facts.income_by_area),
        Reading(
            _("opregnede indtægter, 1.000 kr."),
            facts.income_extrapolated,
            scale=0.001,
            kind=Kind.EXTRAPOLATED,
        ),
    ]
    return [
        Headline(_("Indberettede udgifter"), MILLIONS, published.get("reported"), reported),
        Headline(_("Udgifter i hele landet"), MILLIONS, published.get("extrapolated"), extrapolated),
        Headline(_("Indtægter"), MILLIONS, published.get("income"), income),
    ]


def _raised(facts: Facts) -> Decimal | None:
    """1,000 kr., by the coverage in whole percent; as one does it by hand from the report's own figures."""
    if not facts.inhabitants_answered:
        return None
    percent = round_half_away(Decimal(100 * facts.inhabitants_answered) / facts.inhabitants)
    return 100_000 * whole_millions(facts.reported) / percent if percent else None


def _per_inhabitant(facts: Facts) -> Headline:
    readings = [
        Reading(EXTRAPOLATED, facts.extrapolated, EVERYBODY, facts.inhabitants, 1000),
        Reading(REPORTED, facts.reported, THOSE_ANSWERED, facts.inhabitants_answered, 1000),
        Reading(REPORTED, facts.reported, EVERYBODY, facts.inhabitants, 1000, Kind.MIXED),
    ]
    return Headline(_("Udgift pr. indbygger"), KRONER, facts.published.get("per_inhabitant"), readings)


def _per_initiative(facts: Facts) -> Headline:
    more = facts.initiatives_extrapolated
    readings = [
        Reading(REPORTED, facts.reported, INITIATIVES, facts.initiatives),
        Reading(EXTRAPOLATED, facts.extrapolated, _("opregnede indsatser"), more),
        Reading(EXTRAPOLATED, facts.extrapolated, INITIATIVES, facts.initiatives, kind=Kind.MIXED),
        Reading(MILLIONS_RAISED, _raised(facts), INITIATIVES, facts.initiatives, kind=Kind.MIXED),
    ]
    return Headline(_("Udgift pr. indsats"), THOUSANDS, facts.published.get("per_initiative"), readings)


def _distribution(facts: Facts) -> list[Headline]:
    kroner = facts.kroner
    counts = [
        ("zero", _("Kommuner med svar, men uden udgifter"), sum(one == 0 for one in kroner)),
        ("below_1_kr", _("Kommuner under 1 kr. pr. indbygger, også de uden"), sum(one < 1 for one in kroner)),
        ("between", _("Kommuner fra 1 til 50 kr. pr. indbygger"), sum(1 <= one <= 50 for one in kroner)),
        ("above_50_kr", _("Kommuner over 50 kr. pr. indbygger"), sum(one > 50 for one in kroner)),
        ("shown", _("Kommuner i figur 4 og 5: med indsatser, der tæller med"), facts.with_initiatives),
    ]
    return [
        Headline(
            name,
            MUNICIPALITIES,
            facts.published.get(key),
            [Reading(_("kommuner med svar"), count, kind=Kind.REPORTED)],
            is_count=True,
            page=OVERVIEW,
        )
        for key, name, count in counts
    ]
