"""Which counts of a date figures rest on, in words: table, when it was fetched, and when it was recorded."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from municipalities.models import PopulationCount, PopulationImport

Table = PopulationImport.Table


def population_sources(day: date, as_at: datetime) -> list[str]:
    """Of the date's counts as at that time; of what came with the product, its source."""
    imports = PopulationImport.objects.filter(date=day, recorded_at__lte=as_at)
    newest = {one.table: one for one in reversed(imports)}
    found = [
        _("%(source)s, %(table)s, hentet %(fetched)s, indlæst %(recorded)s")
        % {
            "source": newest[table].source,
            "table": table,
            "fetched": date_format(newest[table].fetched_on),
            "recorded": _moment(newest[table].recorded_at),
        }
        for table in Table.values
        if table in newest
    ]
    return found if Table.FOLK1A in newest else [*_without_import(day, as_at), *found]


def _without_import(day: date, as_at: datetime) -> list[str]:
    counts = PopulationCount.objects.filter(date=day).in_force(as_at)
    rows = {(count.source, count.recorded_at) for count in counts}
    text = _("%(source)s, indlæst %(recorded)s")
    sources = {source for source, _recorded in rows}
    return [
        text % {"source": name, "recorded": _moment(max(at for source, at in rows if source == name))}
        for name in sorted(sources)
    ]


def _moment(at: datetime) -> str:
    local = timezone.localtime(at)
    return f"{date_format(local)} {date_format(local, 'H.i.s')}"
