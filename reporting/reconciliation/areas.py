"""The service areas' headline figures: expenditure, shares of it, income and means."""

from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from reporting.national import AREAS
from reporting.reconciliation.facts import Facts, whole_millions
from reporting.reconciliation.readings import (
    EXTRAPOLATED,
    INCOME,
    INITIATIVES,
    MILLIONS,
    PERCENT,
    REPORTED,
    THOUSANDS,
    Headline,
    Kind,
    Reading,
)
from reporting.rounding import round_half_away
from survey.models import ServiceArea

WHOLE_MILLIONS = _("summen af områdernes hele mio. kr.")


def behind(area: str) -> dict[str, str]:
    return {"group": f"service_area:{area}"}


def expenditure(facts: Facts) -> list[Headline]:
    return _amounts(facts, "exp", REPORTED, facts.expenditure_by_area)


def income(facts: Facts) -> list[Headline]:
    total, rounded = facts.income, _sum_of_rounded(facts.income_by_area)
    mine = facts.income_by_area["employment"]
    share = Headline(
        _("Beskæftigelsesområdets andel af indtægterne"),
        PERCENT,
        facts.published.get("employment_income"),
        [
            Reading(_("områdets indberettede indtægt, 1.000 kr."), mine, INCOME, total, 100),
            Reading(
                _("områdets indtægt i hele mio. kr."), whole_millions(mine), WHOLE_MILLIONS, rounded, 100
            ),
        ],
        behind=behind("employment"),
    )
    return [*_amounts(facts, "inc", INCOME, facts.income_by_area), share]


def shares(facts: Facts) -> list[Headline]:
    """Of the reported expenditure; the report's 32 pct. for employment is not 100 of its 318 mio. kr."""
    total, found = facts.reported, []
    for area in AREAS:
        mine = facts.expenditure_by_area[area]
        readings = [
            Reading(_("områdets indberettede udgift, 1.000 kr."), mine, REPORTED, total, 100),
            Reading(
                _("områdets udgift i hele mio. kr."),
                whole_millions(mine),
                _("udgifter i alt i hele mio. kr."),
                whole_millions(total),
                100,
            ),
        ]
        published = facts.published.get(f"share_{area}")
        found.append(Headline(ServiceArea(area).label, PERCENT, published, readings, behind=behind(area)))
    return [*found, _two_areas(facts)]


def means(facts: Facts) -> list[Headline]:
    """Per initiative; the report does not tell whether its own are extrapolated."""
    names = {
        "daycare_school": _("Udgift pr. indsats på dagtilbuds- og folkeskoleområdet"),
        "culture_leisure": _("Udgift pr. indsats på kultur- og fritidsområdet"),
    }
    found = []
    for area, name in names.items():
        reported, count = facts.expenditure_by_area[area], facts.initiatives_by_area.get(area, 0)
        raised = facts.extrapolated and float(reported) * facts.extrapolated / float(facts.reported)
        readings = [
            Reading(REPORTED, reported, INITIATIVES, count),
            Reading(EXTRAPOLATED, raised, INITIATIVES, count, kind=Kind.MIXED),
        ]
        published = facts.published.get(f"mean_{area}")
        found.append(Headline(name, THOUSANDS, published, readings, behind=behind(area)))
    return found


def own_financing(facts: Facts) -> Headline:
    """The report's is a share of initiatives, not of kroner."""
    area = "daycare_school"
    spent, earned = facts.expenditure_by_area[area], facts.income_by_area[area]
    alone, count = facts.self_financed_by_area.get(area, 0), facts.initiatives_by_area.get(area, 0)
    return Headline(
        _("Kommunen betaler selv på dagtilbuds- og folkeskoleområdet"),
        PERCENT,
        facts.published.get("own_financing"),
        [
            Reading(_("indsatser, som kommunen betaler alene"), alone, INITIATIVES, count, 100),
            Reading(
                _("udgift, som ikke dækkes af indtægter, 1.000 kr."), spent - earned, REPORTED, spent, 100
            ),
        ],
        behind=behind(area),
    )


def sum_of_millions(by_area: Mapping[str, Decimal]) -> Reading:
    """A total as a reader of the areas' figures adds it up."""
    return Reading(WHOLE_MILLIONS, _sum_of_rounded(by_area), kind=Kind.ROUNDED)


def _sum_of_rounded(by_area: Mapping[str, Decimal]) -> Decimal:
    return sum(map(whole_millions, by_area.values()), Decimal(0))


def _amounts(facts: Facts, variable: str, name, by_area: Mapping[str, Decimal]) -> list[Headline]:
    return [
        Headline(
            ServiceArea(area).label,
            MILLIONS,
            facts.published.get(f"{variable}_{area}"),
            [Reading(name, by_area[area], scale=0.001, kind=Kind.REPORTED)],
            behind=behind(area),
        )
        for area in AREAS
    ]


def _two_areas(facts: Facts) -> Headline:
    two = [facts.expenditure_by_area[area] for area in ("employment", "daycare_school")]
    rounded = [round_half_away(100 * one / facts.reported) for one in two] if facts.reported else []
    return Headline(
        _("Beskæftigelse samt dagtilbud og folkeskole, andel af udgifterne"),
        PERCENT,
        facts.published.get("two_areas"),
        [
            Reading(
                _("de to områders indberettede udgift, 1.000 kr."), sum(two), REPORTED, facts.reported, 100
            ),
            Reading(
                _("summen af de to områders afrundede andele"),
                sum(rounded) if rounded else None,
                kind=Kind.ROUNDED,
            ),
        ],
    )
