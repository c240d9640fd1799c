"""The national estimate in the terminal: of a round, or of a municipal file (docs/statistics.md)."""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.db.models import Q

from reporting import municipal_csv, wording
from reporting.estimation import METHODS, Estimate
from reporting.moments import COPENHAGEN, BadMoment, parse_moment
from reporting.municipal_csv import BadFile
from reporting.national import AREAS, NationalEstimate, estimate_variables, national_estimate
from reporting.returns import MunicipalReturn
from survey.models import SurveyRound
from survey.transitions import database_now

REFUSED = 2  # the exit status of a refusal; anything else that goes wrong ends with 1
PRICE_LEVELS = range(1990, 2100)


class Command(BaseCommand):
    help = "Den landsdækkende opregning af en kortlægning eller af en fil med kommunernes summer."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("round", nargs="?", metavar="ROUND", help="regnskabsår eller id")
        parser.add_argument("--from-csv", metavar="FILE", help="en fil i stedet for databasen; - er stdin")
        parser.add_argument("--method", default="a", help="a (rapportens)")
        parser.add_argument("--price-level", type=int, metavar="YEAR", help="ellers kortlægningens eget")
        parser.add_argument("--as-at", metavar="TIME", help="fx 2021-12-01T12:00, dansk tid")
        parser.add_argument("--format", choices=["table", "json"], default="table")

    def handle(self, **options):
        if options["method"] not in METHODS:
            raise CommandError(f"Metoden {options['method']} findes ikke. Vælg blandt: {', '.join(METHODS)}.")
        if bool(options["round"]) == bool(options["from_csv"]):
            raise CommandError("Skriv enten en kortlægning (fx 2019) eller --from-csv FIL.")
        try:
            result = from_file(options) if options["from_csv"] else from_database(options)
        except DatabaseError as error:
            raise CommandError("Databasen er ikke klar. Kør først: manage.py migrate.") from error
        except wording.REFUSALS as error:
            self.refuse(wording.refusal(error), options["format"])
        if options["format"] == "json":
            self.stdout.write(json.dumps(result, ensure_ascii=False, indent=2, allow_nan=False))
        else:
            self.stdout.write(table(result))

    def refuse(self, reason: str, output_format: str):
        if output_format == "json":
            self.stdout.write(json.dumps({"refused": reason}, ensure_ascii=False))
            sys.exit(REFUSED)
        raise CommandError(reason, returncode=REFUSED)


def from_file(options) -> dict:
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
    return as_json(options["method"], returns, estimate_variables(returns, method=options["method"]))


def from_database(options) -> dict:
    level = options["price_level"]
    if level is not None and level not in PRICE_LEVELS:
        raise CommandError(f"--price-level {level}: skriv et år, fx 2022.")
    try:
        as_at = parse_moment(options["as_at"]) if options["as_at"] else None
    except BadMoment as error:
        raise CommandError(f"--as-at {options['as_at']}: skriv et tidspunkt som 2021-12-01T12:00.") from error
    if as_at and as_at > database_now():
        raise CommandError(f"--as-at {options['as_at']}: skriv et tidspunkt, der er passeret.")
    national = national_estimate(
        find_round(options["round"]), price_level=level, as_at=as_at, method=options["method"]
    )
    if national.refused:
        raise national.refused
    estimates = {variable: line.estimate for variable, line in national.lines.items() if line.estimate}
    return as_json(national.method, national.totals.returns, estimates) | {"basis": basis(national)}


def find_round(text: str) -> SurveyRound:
    """By accounts year; another number is an id."""
    if text.isascii() and text.isdigit() and len(text) <= 9:
        rounds = SurveyRound.objects.filter(Q(accounts_year=text) | Q(pk=text))
        found = sorted(rounds, key=lambda one: one.accounts_year != int(text))
        if found:
            return found[0]
    years = ", ".join(str(year) for year in SurveyRound.objects.values_list("accounts_year", flat=True))
    raise CommandError(f"Kortlægningen {text} findes ikke. Der er: {years or 'ingen endnu'}.")


def as_json(method: str, returns: Sequence[MunicipalReturn], estimates: dict[str, Estimate]) -> dict:
    return {
        "method": method,
        "N": len(returns),
        "n": sum(row.responded for row in returns),
        "estimates": {
            variable: {
                "reported": e.reported,
                "total": e.total,
                "se": e.se,
                "df": e.df,
                "ci95": list(e.interval),
            }
            for variable, e in estimates.items()
        },
    }


def basis(national: NationalEstimate) -> dict:
    """What the estimates rest on, each with its own variable as numerator (a count has no price level)."""
    estimated = national.lines["exp_total"].estimated
    assert estimated, "a refusal has been raised before"
    figure = asdict(estimated.basis)
    del figure["numerator"]
    figure["population_date"] = figure["population_date"].isoformat()
    figure["as_at"] = figure["as_at"].astimezone(COPENHAGEN).isoformat()
    rates = {str(rate.year): {"percent": str(rate.percent), "source": rate.source} for rate in national.rates}
    return figure | {"rates": rates}


def table(result: dict) -> str:
    lines = [f"Metode {result['method']}, {result['n']} af {result['N']} kommuner har svaret"]
    if "basis" in result:
        basis = result["basis"]
        lines.append(f"Pris- og lønniveau {basis['price_level']}, opgjort pr. {basis['as_at']}")
    lines.append("Beløb i 1.000 kr.")
    headings = ["indberettet", "opregnet", "standardfejl", "95 pct. fra", "til"]
    lines.append(" " * 24 + "".join(f"{heading:>14}" for heading in headings))
    for variable, e in result["estimates"].items():
        numbers = [e["reported"], e["total"], e["se"], *e["ci95"]]
        lines.append(f"{variable:24}" + "".join(f"{number:14.1f}" for number in numbers))
    return "\n".join(lines)
