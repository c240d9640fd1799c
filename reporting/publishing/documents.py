"""A publication's two documents as plain values: what its figures rest on, and the figures.

The figures are made of the first document alone, so that who has it can make them again.
docs/publications.md documents both.
"""

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from reporting import estimation, price_levels
from reporting.estimate_document import document
from reporting.models import PriceRate
from reporting.national import VARIABLES, estimates_or_refusal
from reporting.publishing import coverage
from reporting.returns import MunicipalReturn, amounts, frame_of
from reporting.strata import EstimateRefused
from reporting.totals import RoundTotals
from survey.models import Adjustment, SubmissionVersion

ALWAYS = ("a", "e")  # the report's method, and the one recommended beside it


def canonical(found: dict) -> str:
    """JSON with sorted keys and no white space; decimals as strings, floats by their shortest name."""
    return json.dumps(
        found,
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
        allow_nan=False,
        default=lambda value: f"{value:f}",
    )


def plain(found: dict) -> dict:
    """As it is read back from its text."""
    return json.loads(canonical(found))


def checksum(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def inputs(
    totals: RoundTotals,
    versions: dict[int, SubmissionVersion],
    rates: Iterable[PriceRate],
    *,
    method: str,
    price_level: int,
    passed_warnings: dict[str, int],
    amount_bases: dict,
) -> dict:
    """Amounts in whole 1,000 kr. of the accounts year, after the adjustments."""
    code_of = {row.version: row.code for row in totals.returns}
    return {
        "format": "indsatskort-publication-inputs-2",
        "accounts_year": totals.accounts_year,
        "population_date": totals.population_date.isoformat(),
        "as_at": _moment(totals.as_at),
        "method": method,
        "price_level": price_level,
        "rates": [_rate(rate) for rate in sorted(rates, key=lambda rate: rate.year)],
        "municipalities": [
            _municipality(row, versions.get(row.version or 0))
            for row in sorted(totals.returns, key=lambda row: row.code)
        ],
        "adjustments": [_adjustment(one, code_of) for one in totals.adjustments],
        "passed_warnings": passed_warnings,
        "amount_bases": amount_bases,
    }


FIRST_FORMAT = "indsatskort-publication-inputs-1"  # before the questionnaire had warnings and bases
NOT_IN_THE_FIRST = ("passed_warnings", "amount_bases")


def in_format(found: dict, wanted: str) -> dict:
    """An inputs document as the program that froze it wrote it."""
    if wanted != FIRST_FORMAT:
        return found
    return {name: value for name, value in found.items() if name not in NOT_IN_THE_FIRST} | {"format": wanted}


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _rate(rate: PriceRate) -> dict:
    return {
        "id": rate.pk,
        "index": rate.index,
        "year": rate.year,
        "percent": f"{rate.percent:.3f}",
        "published": rate.published.isoformat(),
        "is_forecast": rate.is_forecast,
        "source": rate.source,
        "recorded_at": _moment(rate.recorded_at),
    }


def _municipality(row: MunicipalReturn, version: SubmissionVersion | None) -> dict:
    return {
        "code": row.code,
        "name": row.name,
        "region": row.region,
        "region_name": row.region_name,
        "inhabitants": row.inhabitants,
        "immigrants": row.immigrants,
        "responded": row.responded,
        "receipt": version and version.receipt_number,
        "checksum": version and version.checksum,
        "submitted_at": version and _moment(version.submitted_at),
        "nothing_to_report": version and version.is_nil,
        "initiatives": row.initiatives,
        "expenditure": dict(row.expenditure),
        "income": dict(row.income),
        "counts": dict(row.counts),
    }


def _adjustment(adjustment: Adjustment, code_of: dict[int | None, str]) -> dict:
    """What it does to the municipality's sums."""
    reported, out = adjustment.initiative, adjustment.out_of_scope
    counts = adjustment.adjusted(reported)
    return {
        "id": adjustment.pk,
        "municipality": code_of[reported.version_id],
        "initiative": str(reported.uuid),
        "reason": adjustment.reason,
        "out_of_scope": out,
        "expenditure": {
            "reported": reported.gross_expenditure,
            "counts": 0 if out else counts.gross_expenditure,
        },
        "income": {"reported": reported.gross_income, "counts": 0 if out else counts.gross_income},
    }


def returns_of(found: dict) -> list[MunicipalReturn]:
    """The municipalities of an inputs document."""
    names = ("code", "name", "region", "region_name", "inhabitants", "immigrants", "responded")
    sums = ("expenditure", "income", "initiatives", "counts")
    return [MunicipalReturn(**{name: row[name] for name in names + sums}) for row in found["municipalities"]]


def factor_of(found: dict) -> Decimal:
    """The price factor by the document's own rates. Raises MissingRate."""
    percents = {rate["year"]: Decimal(rate["percent"]) for rate in found["rates"]}
    return price_levels.factor(percents, found["accounts_year"], found["price_level"])


def total(found: dict) -> estimation.Estimate:
    """Gross expenditure by the document's method: the headline. Raises MissingRate, EstimateRefused."""
    returns = returns_of(found)
    columns = amounts(returns, ["exp_total"], factor_of(found))
    return estimation.estimate(found["method"], frame_of(returns), columns)["exp_total"]


def outputs(found: dict) -> dict:
    """The figures of an inputs document. Raises MissingRate; EstimateRefused if its own method is refused."""
    returns, factor, method = returns_of(found), factor_of(found), found["method"]
    columns = amounts(returns, VARIABLES, factor)
    _estimates, refused = estimates_or_refusal(returns, columns, method)
    if refused:
        raise refused
    made = {one: document(one, returns, columns, _code) for one in sorted({method, *ALWAYS})}
    own = made[method]
    return {
        "format": found["format"].replace("inputs", "outputs"),
        "basis": {name: found[name] for name in BASIS} | {"factor": factor, "N": own["N"], "n": own["n"]},
        "reported": {variable: Decimal(sum(column)) for variable, column in columns.items()},
        "methods": {
            one: {key: each[key] for key in ("estimates", "refused") if key in each}
            for one, each in made.items()
        },
        "quotients": _quotients(returns, columns, own),
        "municipality_counts": own["municipality_counts"],
        "regions": own["regions"],
        "sensitivity": _sensitivity(returns, columns),
        "coverage": coverage.coverage(found["municipalities"]),
        "adjustments": _effect(found, factor),
        "last_answer_at": max(row["submitted_at"] for row in found["municipalities"] if row["submitted_at"]),
        **_certainty(found, factor),
    }


BASIS = ("accounts_year", "population_date", "as_at", "method", "price_level", "rates")


def _code(refused: EstimateRefused) -> dict:
    """How many, not who: other municipalities read this, and are not told who has not answered."""
    parameters = dict(refused.parameters)
    if "names" in parameters:
        parameters["count"] = len(parameters.pop("names"))
    return {"code": refused.code, "parameters": parameters}


def _quotients(returns: list[MunicipalReturn], columns: dict, own: dict) -> dict[str, Any]:
    """Kr. per inhabitant and 1,000 kr. per initiative, each of a numerator and denominator of one kind."""
    inhabitants = sum(row.inhabitants for row in returns)
    answered = sum(row.inhabitants for row in returns if row.responded)
    expenditure = own["estimates"]["exp_total"]
    reported, initiatives = Decimal(sum(columns["exp_total"])), sum(columns["n_initiatives"])
    found: dict[str, Any] = {
        "extrapolated": {
            "numerator": expenditure["total"],
            "denominator": inhabitants,
            "kroner": 1000 * expenditure["total"] / inhabitants,
            "ci95": [1000 * limit / inhabitants for limit in expenditure["ci95"]],
        },
        "reported": {
            "numerator": reported,
            "denominator": answered,
            "kroner": float(1000 * reported / answered),
        },
    }
    try:
        mean = estimation.ratio(frame_of(returns), columns["exp_total"], columns["n_initiatives"])
    except EstimateRefused:
        return found
    found["initiative"] = {
        "numerator": reported,
        "denominator": initiatives,
        "thousands": mean.value,
        "se": mean.se,
    }
    return found


def _sensitivity(returns: list[MunicipalReturn], columns: dict) -> dict:
    """Gross expenditure if those that are missing had 0, or a quartile of the others' kr. an inhabitant."""
    found = estimation.sensitivity(frame_of(returns), columns["exp_total"])
    return {
        "missing_inhabitants": found.missing,
        "rows": [
            {"case": case, "kroner": 1000 * rate, "total": value}
            for case, rate, value in (
                ("zero", 0.0, found.zero),
                ("lower_quartile", found.rates[0], found.lower_quartile),
                ("median", found.rates[1], found.median),
                ("upper_quartile", found.rates[2], found.upper_quartile),
            )
        ],
    }


def _certainty(found: dict, factor: Decimal) -> dict:
    """Warnings passed by rule, and the amounts by where they are from at the price level, if frozen."""
    if found["format"] == FIRST_FORMAT:
        return {}
    return {
        "passed_warnings": found["passed_warnings"],
        "amount_bases": {
            kind: {
                basis: {"initiatives": row["initiatives"], "amount": factor * row["amount"]}
                for basis, row in bases.items()
            }
            for kind, bases in found["amount_bases"].items()
        },
    }


def _effect(found: dict, factor: Decimal) -> dict:
    """What the adjustments in force did to the reported sums, at the price level."""
    effect: dict[str, Any] = {
        "count": len(found["adjustments"]),
        "municipalities": len({one["municipality"] for one in found["adjustments"]}),
        "out_of_scope": sum(one["out_of_scope"] for one in found["adjustments"]),
    }
    for kind in ("expenditure", "income"):
        after = factor * sum(sum(row[kind].values()) for row in found["municipalities"])
        change = factor * sum(one[kind]["counts"] - one[kind]["reported"] for one in found["adjustments"])
        effect[kind] = {"reported": after - change, "counts": after}
    return effect
