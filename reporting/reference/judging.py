"""Whether a population file that adds up can be right: "" or why not, in words for the user."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from municipalities import populations
from municipalities.models import Municipality, PopulationImport
from reporting.files.statbank_places import AreaCounts
from reporting.templatetags.amounts import whole
from survey.rounds.locking import fixed_rounds
from survey.rounds.plans import complete_population_dates

Table = PopulationImport.Table
FARTHEST = 3 * 366  # days to a date whose total says something of this one's
MOST = 5  # percent; the country has grown by less than 1 a year
CAPITAL = "1084"  # its row may hold Christiansø


def refuse_fixed(day: date, *, lock: bool = False) -> str:
    fixed = fixed_rounds(day, lock=lock)
    if not fixed:
        return ""
    text = _("%(rounds)s er låst og hviler på folketallet pr. %(day)s: genåbn kortlægningen først.")
    names = ", ".join(str(one) for one in fixed)
    return text % {"rounds": names, "day": day.strftime("%d.%m.%Y")}


def refuse_counts(table: str, day: date, counts: AreaCounts, usual: tuple[date, int] | None) -> str:
    """The file against what is in force; `usual` is usual_total, of FOLK1A."""
    persons, before = counts.municipalities, populations.in_force_at(day)
    why = populations.refusal(table, persons, before) or _refuse_regions(day, counts)
    if why:
        return why
    if table == Table.FOLK1A:
        return _refuse_total(sum(persons.values()), usual)
    return _refuse_everybody(counts, {code: before[code].inhabitants for code in persons})


def usual_total(day: date) -> tuple[date, int] | None:
    """The nearest other date within three years, and the inhabitants of all municipalities at it."""
    near = [one for one in complete_population_dates() if one != day and abs(one - day).days <= FARTHEST]
    if not near:
        return None
    nearest = min(near, key=lambda one: abs(one - day))
    in_force, names = populations.in_force_at(nearest), populations.names_at(nearest)
    return nearest, sum(in_force[code].inhabitants for code in names)


def _refuse_total(total: int, usual: tuple[date, int] | None) -> str:
    """A matrix of men alone names no sex, and agrees with its own total."""
    if usual is None or 100 * abs(total - usual[1]) <= MOST * usual[1]:
        return ""
    return _(
        "Kommunerne har tilsammen %(total)s indbyggere i filen og %(usual)s pr. %(day)s. Det er mere end "
        "%(most)d pct. fra hinanden: hent tabellen med alle aldre og begge køn."
    ) % {"total": whole(total), "usual": whole(usual[1]), "day": date_format(usual[0]), "most": MOST}


def _refuse_everybody(counts: AreaCounts, inhabitants: dict[str, int]) -> str:
    if counts.everybody is None:
        return _("Personer med dansk oprindelse mangler. Hent FOLK1E med alle værdier i HERKOMST.")
    everybody, expected = sum(counts.everybody.values()), sum(inhabitants.values())
    if counts.everybody == inhabitants:
        return ""
    return _(
        "Alle i filen, med dansk oprindelse, er %(everybody)s personer, og folketallet for samme dato er "
        "%(expected)s; de skal være ens i hver kommune. Hent FOLK1E med alle aldre og begge køn, eller "
        "indlæs FOLK1A igen."
    ) % {"everybody": whole(everybody), "expected": whole(expected)}


def _refuse_regions(day: date, counts: AreaCounts) -> str:
    """A region's row, where the file has it, is the sum of its municipalities."""
    if not counts.regions:
        return ""
    sums: dict[str, int] = {}
    names: dict[str, str] = {}
    for one in Municipality.objects.at(day).select_related("region"):
        names[one.region.code] = one.region.name
        sums[one.region.code] = sums.get(one.region.code, 0) + counts.municipalities[one.code]
    for text, persons in counts.regions.items():
        code = next((code for code in names if _is_region(text, code, names[code])), None)
        also = (counts.christiansoe or 0) if code == CAPITAL else 0
        if code and persons not in (sums[code], sums[code] + also):
            return _(
                "%(region)s har %(persons)s personer i filen, og dens kommuner har %(sum)s. Hent tabellen "
                "igen, eller ret ”Kommuner efter dato”."
            ) % {"region": names[code], "persons": whole(persons), "sum": whole(sums[code])}
    return ""


def _is_region(text: str, code: str, name: str) -> bool:
    """1083 is 083 in the table, alone or before the name."""
    return text.casefold().endswith(name.casefold()) or text.split(" ")[0] == code[1:]
