"""An estimate as plain values, for JSON: of the command, and of what a publication freezes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from decimal import Decimal

from reporting import estimation
from reporting.estimation import Estimate
from reporting.national import NET, coverage_of, estimates_or_refusal
from reporting.returns import MunicipalReturn, frame_of
from reporting.strata import EstimateRefused
from reporting.wording import refusal

Columns = Mapping[str, Sequence[int | Decimal]]
Say = Callable[[EstimateRefused], str | dict]


def document(method: str, returns: Sequence[MunicipalReturn], columns: Columns, say: Say = refusal) -> dict:
    """By one method. Amounts in 1,000 kr. at the columns' price level; counts are municipalities.

    `say` tells what is refused: in words, or in a form that outlives the words and the language.
    """
    head = {"method": method, "N": len(returns), "n": sum(row.responded for row in returns)}
    estimates, refused = estimates_or_refusal(returns, columns, method)
    if refused:
        return head | {"refused": say(refused)}
    return head | {
        "estimates": {variable: estimate_values(estimate) for variable, estimate in estimates.items()},
        "sensitivity": sensitivity(returns, columns),
        "municipality_counts": municipality_counts(returns, columns, say),
        "regions": regions(returns, columns, say),
    }


def estimate_values(estimate: Estimate) -> dict:
    return {
        "reported": estimate.reported,
        "total": estimate.total,
        "se": estimate.se,
        "se_jackknife": estimate.se_jackknife,
        "df": estimate.df,
        "ci95": list(estimate.interval),
        "note": estimate.note,
    }


def sensitivity(returns: Sequence[MunicipalReturn], columns: Columns) -> dict:
    """Gross expenditure if those that are missing had 0, or a quartile of the respondents' kr. a head."""
    found = asdict(estimation.sensitivity(frame_of(returns), columns["exp_total"]))
    return {name: found[name] for name in ("zero", "lower_quartile", "median", "upper_quartile")}


def municipality_counts(returns: Sequence[MunicipalReturn], columns: Columns, say: Say = refusal) -> dict:
    """Municipalities with no expenditure, under 1 kr. and over 50 kr. an inhabitant.

    As observed, expanded over the whole country (srs), and by region (strat), with standard errors.
    """
    kroner = kroner_per_inhabitant(returns, columns["exp_total"])
    marks = {
        "zero": [value == 0 for value in kroner],
        "below_1_kr": [value is not None and value < 1 for value in kroner],
        "above_50_kr": [value is not None and value > 50 for value in kroner],
    }
    return {name: _count(returns, is_so, say) for name, is_so in marks.items()}


def kroner_per_inhabitant(
    returns: Sequence[MunicipalReturn], column: Sequence[int | Decimal]
) -> list[Decimal | None]:
    """Of each municipality; None for one that has not answered."""
    return [
        Decimal(1000 * value) / row.inhabitants if row.responded else None
        for row, value in zip(returns, column, strict=True)
    ]


def _count(returns: Sequence[MunicipalReturn], is_so: list[bool], say: Say) -> dict:
    frame = frame_of(returns)
    simple = estimation.count(frame, is_so)
    found: dict[str, float | str] = {"observed": sum(is_so), "srs_total": simple.value, "srs_se": simple.se}
    try:
        by_region = estimation.count(frame, is_so, by="b")
    except EstimateRefused as refused:
        return found | {"strat_refused": say(refused)}
    return found | {"strat_total": by_region.value, "strat_se": by_region.se}


def regions(returns: Sequence[MunicipalReturn], columns: Columns, say: Say = refusal) -> dict:
    """Each region by method b's factor, its own respondents' ratio; none for a file without regions."""
    if not all(row.region_name for row in returns):
        return {}
    found: dict[str, dict] = {}
    for name, estimates in estimation.by_region(frame_of(returns), columns, NET).items():
        coverage = coverage_of([row for row in returns if row.region_name == name])
        found[name] = {
            "N": coverage.municipalities,
            "n": coverage.answered,
            "population": coverage.inhabitants,
            "coverage_pct": coverage.percent,
        }
        if isinstance(estimates, EstimateRefused):
            found[name]["refused"] = say(estimates)
        else:
            found[name]["estimates"] = {
                variable: estimate_values(estimate) for variable, estimate in estimates.items()
            }
    return found
