"""Every method, region, ratio, count and quartile of three files equals R's package survey 4.1-1."""

import json
from functools import cache
from pathlib import Path

import pytest

from reporting import estimation
from reporting.estimate_document import municipality_counts
from reporting.files import municipal_csv
from reporting.national import AREAS, NET, VARIABLES
from reporting.returns import amounts, frame_of

REFERENCE = Path(__file__).parent / "reference"
EXPECTED = json.loads((REFERENCE / "expected.json").read_text())
FILES = ("P", "Q", "M")
IN_R = {
    "a": "a_ratio_population",
    "b": "b_separate_ratio_region",
    "c": "c_combined_ratio_region",
    "d": "d1_ratio_immigrants",
    "e": "e_certainty_ratio",
    "f": "f_separate_ratio_size3",
}

every_file = pytest.mark.parametrize("name", FILES)


def close(number):
    return pytest.approx(number, rel=1e-9, abs=0)


@cache
def returns_of(name):
    with open(REFERENCE / f"{name}.csv", newline="") as file:
        return municipal_csv.read(file, AREAS)


def column(name, variable):
    """As amounts(), and the files' own further columns."""
    if variable in ("population", "immigrants"):
        found = {"population": "inhabitants", "immigrants": "immigrants"}[variable]
        return [getattr(row, found) for row in returns_of(name)]
    if variable.startswith("ini_"):
        return [row.counts.get(variable[4:]) for row in returns_of(name)]
    return amounts(returns_of(name), [variable])[variable]


def equals_r(estimate, r):
    mine = (estimate.reported, estimate.total, estimate.se, estimate.df, *estimate.interval)
    return mine == close((r["reported"], r["total"], r["se"], r["df"], *r["ci95_trunc"]))


@every_file
@pytest.mark.parametrize("method", IN_R)
def test_every_variable_by_every_method(name, method):
    expected = EXPECTED[name][IN_R[method]]
    returns = returns_of(name)
    estimates = estimation.estimate(method, frame_of(returns), amounts(returns, VARIABLES), NET)
    assert set(estimates) == set(expected) == set(VARIABLES)
    for variable, e in estimates.items():
        assert equals_r(e, expected[variable]), variable
        assert e.se_jackknife == close(expected[variable]["se_jk"]), variable


@every_file
def test_every_region(name):
    returns = returns_of(name)
    regions = estimation.by_region(frame_of(returns), amounts(returns, VARIABLES), NET)
    assert set(regions) == set(EXPECTED[name]["regions_b"])
    for region, expected in EXPECTED[name]["regions_b"].items():
        compared = [variable for variable in expected if variable in VARIABLES]
        assert len(compared) == 10
        for variable in compared:
            assert equals_r(regions[region][variable], expected[variable]), (region, variable)


RATIOS = {
    "exp_per_inhabitant_dkk": ("exp_total", "population", 1000),
    "exp_per_immigrant_dkk": ("exp_total", "immigrants", 1000),
    "exp_per_initiative_tdkk": ("exp_total", "n_initiatives", 1),
    "income_share_of_exp": ("inc_total", "exp_total", 1),
    **{f"exp_per_initiative_tdkk_{area}": (f"exp_{area}", f"ini_{area}", 1) for area in AREAS},
    **{f"share_of_exp_{area}": (f"exp_{area}", "exp_total", 1) for area in AREAS},
}


@pytest.mark.parametrize("ratio", RATIOS)
@every_file
def test_every_ratio(name, ratio):
    numerator, denominator, unit = RATIOS[ratio]
    expected = EXPECTED[name]["ratios"][ratio]
    frame = frame_of(returns_of(name))
    if expected["value"] is None:  # nobody has the denominator: R divides by 0, we refuse
        with pytest.raises(estimation.EstimateRefused, match="no_scale"):
            estimation.ratio(frame, column(name, numerator), column(name, denominator))
    else:
        mine = estimation.ratio(frame, column(name, numerator), column(name, denominator))
        assert (unit * mine.value, unit * mine.se) == close((expected["value"], expected["se"]))


@every_file
def test_every_count_of_municipalities(name):
    counts = municipality_counts(returns_of(name), amounts(returns_of(name), ["exp_total"]))
    assert list(counts) == list(EXPECTED[name]["municipality_counts"])
    for count, expected in EXPECTED[name]["municipality_counts"].items():
        assert counts[count] == close(expected), count


@every_file
def test_the_sensitivity_range(name):
    expected = EXPECTED[name]["sensitivity"]
    mine = estimation.sensitivity(frame_of(returns_of(name)), column(name, "exp_total"))
    totals = (mine.zero, mine.lower_quartile, mine.median, mine.upper_quartile)
    assert totals == close(tuple(expected[f"total_if_{r}"] for r in ("zero", "q25", "median", "q75")))
    quartiles = tuple(expected["quantiles_type7_dkk"][p] for p in ("p25", "p50", "p75"))
    assert tuple(1000 * rate for rate in mine.rates) == close(quartiles)
    assert mine.missing == expected["population_nonresp"]
