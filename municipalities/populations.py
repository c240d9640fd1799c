"""Populations as they are imported: a new version of a date's counts, and never a change of an old one."""

from datetime import date

from django.db import connection, transaction
from django.utils.translation import gettext as _

from municipalities.models import Municipality, PopulationCount, PopulationImport

Table = PopulationImport.Table


class Refused(Exception):
    """Why not, in words for the user."""


class Superseded(Refused):
    """Something else was imported of that date since the preview."""


def names_at(day: date) -> dict[str, tuple[str, str]]:
    """{code: what it may be called} of the municipalities that existed then."""
    rows = Municipality.objects.at(day).values_list("code", "name", "official_name")
    return {code: (name, official_name) for code, name, official_name in rows}


def was_ever(text: str) -> bool:
    """Whether a municipality of any time has that code or name."""
    code, name = text.split(" ")[0].zfill(3), text.casefold().removesuffix(" kommune")
    rows = Municipality.objects.values_list("code", "name")
    return any(code == one or name == called.casefold() for one, called in rows)


def in_force_at(day: date) -> dict[str, PopulationCount]:
    """By the municipality's code the counts of that date that are in force now."""
    counts = PopulationCount.objects.filter(date=day).in_force().select_related("municipality")
    return {count.municipality.code: count for count in counts}


def counted() -> dict[date, set[int]]:
    """Of each date the municipalities whose inhabitants were counted last: those of its newest FOLK1A, or of
    a date without one all that have a count. Of what a merger has changed since, some have ended."""
    rows = (
        PopulationCount.objects.order_by().values_list("date", "municipality", "population_import").distinct()
    )
    imports = PopulationImport.objects.filter(table=Table.FOLK1A).order_by("date", "-recorded_at", "-pk")
    newest = dict(imports.distinct("date").values_list("date", "pk"))
    found: dict[date, set[int]] = {}
    for day, municipality, one in rows:
        if newest.get(day) in (None, one):
            found.setdefault(day, set()).add(municipality)
    return found


def latest_import(day: date) -> PopulationImport | None:
    """Of either table: what FOLK1E adds rests on the inhabitants, and the other way round."""
    return PopulationImport.objects.filter(date=day).first()


def imported_already(table: str, day: date, sha256: str) -> PopulationImport | None:
    """The table's newest import of that date, if it is this very file."""
    latest = PopulationImport.objects.filter(table=table, date=day).first()
    return latest if latest and latest.sha256 == sha256 else None


def refusal(table: str, persons: dict[str, int], before: dict[str, PopulationCount]) -> str:
    """Why these immigrants and descendants cannot stand beside the inhabitants; "" if they can."""
    if table == Table.FOLK1A:
        return ""
    if persons.keys() - before.keys():
        return _(
            "Indlæs først folketallet (FOLK1A) for samme dato. Det mangler for en eller flere af kommunerne."
        )
    above = [str(before[code].municipality) for code in persons if persons[code] > before[code].inhabitants]
    if above:
        return _("Der er flere indvandrere og efterkommere end indbyggere i %s.") % ", ".join(above[:5])
    return ""


def record(
    *, table: str, day: date, persons: dict[str, int], replaces: int | None, by, **details
) -> tuple[PopulationImport, bool]:
    """Stores an import and a row for each municipality, all or nothing; and whether it is new.

    `persons` by code, `replaces` the import of that date that the user compared with. The same file once more
    is there already. Raises Superseded and Refused.
    """
    with transaction.atomic():
        # One import at a time, and none while somebody publishes (publishing/freeze.py): the rows get the
        # time after the wait, so that figures as at an earlier time are not changed by them.
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE municipalities_populationcount IN SHARE ROW EXCLUSIVE MODE")
        there = imported_already(table, day, details["sha256"])
        if there:
            return there, False
        latest = latest_import(day)
        municipalities = {one.code: one for one in Municipality.objects.at(day)}
        if (latest and latest.pk) != replaces or municipalities.keys() != persons.keys():
            raise Superseded(
                _("Andre tal for samme dato er indlæst imens, eller kommunerne er ændret. Intet er gemt.")
            )
        before = in_force_at(day)
        if why := refusal(table, persons, before):
            raise Refused(why)
        stored = PopulationImport.objects.create(table=table, date=day, recorded_by=by, **details)
        stored.refresh_from_db(fields=["recorded_at"])
        PopulationCount.objects.bulk_create(
            _count(stored, municipalities[code], number, before.get(code)) for code, number in persons.items()
        )
        return stored, True


def _count(
    stored: PopulationImport, municipality: Municipality, number: int, before: PopulationCount | None
) -> PopulationCount:
    """A whole row: what the table does not tell is carried over from the row in force."""
    count = PopulationCount(
        municipality=municipality,
        date=stored.date,
        population_import=stored,
        recorded_at=stored.recorded_at,
    )
    source = f"{stored.source}, {stored.table}"
    if stored.table == Table.FOLK1E and before:
        count.inhabitants, count.source = before.inhabitants, before.source
        count.immigrants_and_descendants, count.immigrants_source = number, source
        return count
    count.inhabitants, count.source = number, source
    known = before.immigrants_and_descendants if before else None
    if before and known is not None and known <= number:
        count.immigrants_and_descendants, count.immigrants_source = known, before.immigrants_source
    return count
