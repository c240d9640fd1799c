"""All that figures rest on besides the answers: populations, rates and municipalities, with their sources."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Max, Sum
from django.shortcuts import render

from municipalities.models import Municipality, PopulationCount, PopulationImport
from reporting.models import ArrivalsImport, PriceRate
from survey.access import ministry_required
from survey.transitions import database_now


@dataclass(frozen=True)
class PopulationDate:
    """In persons, of the rows in force; the municipalities with a count and their source when it is not
    imported, and the imports, the newest first."""

    date: date
    inhabitants: int
    immigrants: int | None
    municipalities: int
    source: str
    imports: list[PopulationImport] = field(default_factory=list)

    @property
    def published_total(self) -> int | None:
        """What FOLK1A said of the whole country."""
        totals = (one.published_total for one in self.imports if one.table == PopulationImport.Table.FOLK1A)
        return next(totals, None)


@ministry_required
def overview(request):
    now = database_now()
    rates = PriceRate.objects.visible_to(request.user).in_force(now)
    changed = Municipality.objects.exclude(valid_from=None, valid_until=None)
    context = {
        "dates": _dates(),
        "rates": [rates[year] for year in sorted(rates, reverse=True)],
        "changed": changed.select_related("successor").order_by("-valid_until", "-valid_from", "sort_key"),
        "arrivals": ArrivalsImport.objects.visible_to(request.user).latest_at(now),
    }
    return render(request, "reporting/reference/overview.html", context)


def _dates() -> list[PopulationDate]:
    """The newest date first; two queries."""
    imports: dict[date, list[PopulationImport]] = {}
    for one in PopulationImport.objects.select_related("recorded_by"):
        imports.setdefault(one.date, []).append(one)
    in_force = PopulationCount.objects.filter(pk__in=PopulationCount.objects.in_force().values("pk"))
    rows = (
        in_force.order_by()
        .values("date")
        .annotate(
            sum=Sum("inhabitants"),
            immigrants=Sum("immigrants_and_descendants"),
            municipalities=Count("pk"),
            known=Count("immigrants_and_descendants"),
            source=Max("source"),
        )
        .order_by("-date")
    )
    return [
        PopulationDate(
            date=row["date"],
            inhabitants=row["sum"],
            # A sum over some of the municipalities would look like the country's.
            immigrants=row["immigrants"] if row["known"] == row["municipalities"] else None,
            municipalities=row["municipalities"],
            source=row["source"],
            imports=imports.get(row["date"], []),
        )
        for row in rows
    ]
