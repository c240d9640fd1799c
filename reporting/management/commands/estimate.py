"""The national estimate in the terminal: of a round, or of a municipal file (docs/statistics.md)."""

import json
import sys

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.db.models import Q

from reporting import wording
from reporting.estimate_document import document
from reporting.files import municipal_csv
from reporting.files.municipal_csv import BadFile
from reporting.moments import COPENHAGEN, BadMoment, parse_moment
from reporting.national import AREAS, VARIABLES, NationalEstimate, national_estimate
from reporting.returns import amounts
from reporting.strata import METHODS
from survey.models import SurveyRound
from survey.transitions import database_now

REFUSED = 2  # the exit status of a refusal; anything else that goes wrong ends with 1
PRICE_LEVELS = range(1990, 2100)
QUARTILES = {
    "zero": "0 kr.",
    "lower_quartile": "nedre kvartil",
    "median": "median",
    "upper_quartile": "øvre kvartil",
}


class NotOpened(Exception):
    """Figures of a trial would be of its pilots alone and look like the real ones."""


class Command(BaseCommand):
    help = "Den landsdækkende opregning af en kortlægning eller af en fil med kommunernes summer."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("round", nargs="?", metavar="ROUND", help="regnskabsår eller id")
        parser.add_argument("--from-csv", metavar="FILE", help="en fil i stedet for databasen; - er stdin")
        parser.add_argument("--method", default="a", help="a (rapportens) til f, flere som a,e, eller all")
        parser.add_argument("--price-level", type=int, metavar="YEAR", help="ellers kortlægningens eget")
        parser.add_argument("--as-at", metavar="TIME", help="fx 2021-12-01T12:00, dansk tid")
        parser.add_argument("--format", choices=["table", "json"], default="table")

    def handle(self, **options):
        methods = find_methods(options["method"])
        if bool(options["round"]) == bool(options["from_csv"]):
            raise CommandError("Skriv enten en kortlægning (fx 2019) eller --from-csv FIL.")
        try:
            documents = (
                from_file(options, methods) if options["from_csv"] else from_database(options, methods)
            )
        except DatabaseError as error:
            raise CommandError("Databasen er ikke klar. Kør først: manage.py migrate.") from error
        except wording.REFUSALS as error:
            self.refuse(wording.refusal(error), options["format"])
        except NotOpened:
            self.refuse("Kortlægningen er ikke åbnet, så der er ingen tal.", options["format"])
        refusals = [found["refused"] for found in documents.values() if "refused" in found]
        if len(documents) == 1 and refusals:
            self.refuse(refusals[0], options["format"])
        if options["format"] == "json":
            result = {"methods": documents} if len(documents) > 1 else documents[methods[0]]
            self.stdout.write(json.dumps(result, ensure_ascii=False, indent=2, allow_nan=False))
        else:
            self.stdout.write("\n\n".join(table(found) for found in documents.values()))
        if len(refusals) == len(documents):
            sys.exit(REFUSED)

    def refuse(self, reason: str, output_format: str):
        if output_format == "json":
            self.stdout.write(json.dumps({"refused": reason}, ensure_ascii=False))
            sys.exit(REFUSED)
        raise CommandError(reason, returncode=REFUSED)


def find_methods(text: str) -> list[str]:
    methods = list(METHODS) if text == "all" else list(dict.fromkeys(text.split(",")))
    for method in methods:
        if method not in METHODS:
            raise CommandError(f"Metoden {method} findes ikke. Vælg blandt: {', '.join(METHODS)}, eller all.")
    return methods


def from_file(options, methods: list[str]) -> dict[str, dict]:
    if options["price_level"] or options["as_at"]:
        raise CommandError("--price-level og --as-at hører til databasen; en fils beløb står som de er.")
    name = options["from_csv"]
    try:
        with open(0 if name == "-" else name, encoding="utf-8-sig", newline="") as file:
            returns = municipal_csv.read(file, AREAS)
    except OSError as error:
        reason = f"{name}: filen kan ikke åbnes ({error.strerror}). Se efter sti og navn."
        raise CommandError(reason) from error
    except BadFile as error:
        raise CommandError(wording.bad_file(error, name)) from error
    columns = amounts(returns, VARIABLES)
    return {method: document(method, returns, columns) for method in methods}


def from_database(options, methods: list[str]) -> dict[str, dict]:
    level = options["price_level"]
    if level is not None and level not in PRICE_LEVELS:
        raise CommandError(f"--price-level {level}: skriv et år, fx 2022.")
    try:
        as_at = parse_moment(options["as_at"]) if options["as_at"] else None
    except BadMoment as error:
        raise CommandError(f"--as-at {options['as_at']}: skriv et tidspunkt som 2021-12-01T12:00.") from error
    if as_at and as_at > database_now():
        raise CommandError(f"--as-at {options['as_at']}: skriv et tidspunkt, der er passeret.")
    survey_round = find_round(options["round"])
    if not survey_round.is_opened:
        raise NotOpened
    national = national_estimate(survey_round, price_level=level, as_at=as_at)
    return {
        method: document(method, national.totals.returns, national.columns)
        | {"basis": basis(national, method)}
        for method in methods
    }


def find_round(text: str) -> SurveyRound:
    """By accounts year; another number is an id."""
    if text.isascii() and text.isdigit() and len(text) <= 9:
        rounds = SurveyRound.objects.filter(Q(accounts_year=text) | Q(pk=text))
        found = sorted(rounds, key=lambda one: one.accounts_year != int(text))
        if found:
            return found[0]
    years = ", ".join(str(year) for year in SurveyRound.objects.values_list("accounts_year", flat=True))
    raise CommandError(f"Kortlægningen {text} findes ikke. Der er: {years or 'ingen endnu'}.")


def basis(national: NationalEstimate, method: str) -> dict:
    """What the estimates rest on, each with its own variable as numerator (a count has no price level)."""
    return {
        "kind": "extrapolated",
        "accounts_year": national.totals.accounts_year,
        "price_level": national.price_level,
        "denominator": "immigrants" if METHODS[method].on_immigrants else "inhabitants",
        "population_date": national.totals.population_date.isoformat(),
        "respondents": national.coverage.answered,
        "municipalities": national.coverage.municipalities,
        "region": None,
        "as_at": national.totals.as_at.astimezone(COPENHAGEN).isoformat(),
        "method": method,
        "rates": {
            str(rate.year): {"percent": str(rate.percent), "source": rate.source} for rate in national.rates
        },
    }


def table(found: dict) -> str:
    lines = [f"Metode {found['method']}, {found['n']} af {found['N']} kommuner har svaret"]
    if "basis" in found:
        basis = found["basis"]
        lines.append(f"Pris- og lønniveau {basis['price_level']}, opgjort pr. {basis['as_at']}")
    if "refused" in found:
        return "\n".join([*lines, found["refused"]])
    lines.append("Beløb i 1.000 kr.")
    headings = ["indberettet", "opregnet", "standardfejl", "jackknife", "95 pct. fra", "til"]
    lines.append(" " * 24 + "".join(f"{heading:>14}" for heading in headings))
    for variable, e in found["estimates"].items():
        numbers = [e["reported"], e["total"], e["se"], e["se_jackknife"], *e["ci95"]]
        note = f"  {wording.NOTES[e['note']]}" if e["note"] else ""
        lines.append(f"{variable:24}" + "".join(f"{number:14.1f}" for number in numbers) + note)
    quartiles = "; ".join(f"{QUARTILES[name]} {value:.1f}" for name, value in found["sensitivity"].items())
    lines.append(str(wording.ASSUMPTIONS[found["method"]]))
    lines.append(f"Bruttoudgifter, hvis de manglende lå på de andres kr. pr. indbygger: {quartiles}")
    return "\n".join(lines)
