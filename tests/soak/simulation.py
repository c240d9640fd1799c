"""How the methods do where the truth is known: the real municipalities with made-up amounts and non-response.

Each replication draws an amount for every municipality, lets 18 of the 98 be silent in one of several ways,
estimates by the product's own code, and compares with the sum that it drew.
`python -m tests.soak.simulation` prints the table that stands in docs/statistics.md.
"""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from reporting.estimation import estimate
from reporting.strata import LARGE, METHODS, EstimateRefused, Frame

REFERENCE = Path(__file__).resolve().parents[2] / "municipalities" / "reference"
DATE = "2021-01-01"
SILENT = 18
REPLICATIONS, SEED = 4000, 2022

# Who is silent: the chance of each to be drawn, by inhabitants x and kr. per inhabitant.
SCENARIOS: dict[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    "at random": lambda x, rate: np.ones(len(x)),
    "at random, the large present": lambda x, rate: (x < LARGE) * 1.0,
    "the small more often, the large present": lambda x, rate: (x < LARGE) / x,
    "the larger more often, the large present": lambda x, rate: (x < LARGE) * x,
    "the large more often": lambda x, rate: np.sqrt(x),
    "who spends little three times as often, the large present": lambda x, rate: (
        (x < LARGE) * np.where(rate < np.median(rate), 3.0, 1.0)
    ),
}


@dataclass(frozen=True)
class Population:
    inhabitants: np.ndarray
    immigrants: np.ndarray
    regions: tuple[str, ...]


@dataclass(frozen=True)
class Performance:
    """Of one method in one scenario, in per cent; over the replications in which it was not refused.

    `bias` is the mean of (estimate - truth)/truth and `bias_se` its Monte Carlo error; `half_width` is the
    mean of the interval's upper arm over the estimate.
    """

    bias: float
    bias_se: float
    coverage: float
    half_width: float
    refused: float

    def __str__(self) -> str:
        numbers = [f"{self.bias:+.1f}", *(f"{n:.0f}" for n in (self.coverage, self.half_width, self.refused))]
        return " / ".join(numbers).replace("-0.0", "+0.0")


def read_population(rng: np.random.Generator) -> Population:
    """The real inhabitants and regions; immigrants and descendants are made up, more in large places."""
    with open(REFERENCE / "population.csv", newline="") as file:
        count = {row["code"]: int(row["population"]) for row in csv.DictReader(file) if row["date"] == DATE}
    with open(REFERENCE / "municipalities.csv", newline="") as file:
        region = {row["code"]: row["region_name"] for row in csv.DictReader(file)}
    x = np.array([count[code] for code in region])
    share = 0.11 * (x / 50_000) ** 0.3 * np.exp(rng.normal(0, 0.3, len(x)))
    return Population(x, np.rint(x * share).astype(int), tuple(region.values()))


def draw_amounts(population: Population, rng: np.random.Generator) -> np.ndarray:
    """1,000 kr. Nothing, oftener in small places; else lognormal kr. per inhabitant, rising with size.

    Set by eye to be like the demo of 2019: two of five have next to nothing, and half of the expenditure is
    that of five municipalities.
    """
    x = population.inhabitants
    nothing = 1 / (1 + (x / 27_500) ** 1.8)
    rate = np.exp(3.9 + 0.2 * np.log(x / 50_000) + rng.normal(0, 0.95, len(x)))
    return np.rint(np.where(rng.random(len(x)) < nothing, 0, rate * x / 1000))


def draw_silent(weights: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """18 without replacement, one after the other in proportion to the weights."""
    return rng.choice(len(weights), SILENT, replace=False, p=weights / weights.sum())


def simulate(replications: int = REPLICATIONS, seed: int = SEED) -> dict[str, dict[str, Performance]]:
    rng = np.random.default_rng(seed)
    population = read_population(rng)
    return {
        scenario: _performances(population, weights, replications, rng)
        for scenario, weights in SCENARIOS.items()
    }


def _performances(population: Population, weights, replications: int, rng) -> dict[str, Performance]:
    outcomes: dict[str, list[tuple[float, bool, float]]] = {method: [] for method in METHODS}
    for _ in range(replications):
        amounts = draw_amounts(population, rng)
        responded = np.ones(len(amounts), dtype=bool)
        responded[draw_silent(weights(population.inhabitants, amounts / population.inhabitants), rng)] = False
        frame = Frame(
            tuple(population.inhabitants),
            tuple(responded),
            population.regions,
            tuple(population.immigrants),
        )
        truth = amounts.sum()
        for method, found in outcomes.items():
            try:
                e = estimate(method, frame, {"y": amounts})["y"]
            except EstimateRefused:
                continue
            low, high = e.interval
            found.append((e.total / truth - 1, low <= truth <= high, (high - e.total) / e.total))
    return {method: _performance(found, replications) for method, found in outcomes.items()}


def _performance(found: list[tuple[float, bool, float]], replications: int) -> Performance:
    errors, covered, half_widths = (100 * np.array(values) for values in zip(*found, strict=True))
    return Performance(
        bias=float(errors.mean()),
        bias_se=float(errors.std() / np.sqrt(len(found))),
        coverage=float(covered.mean()),
        half_width=float(half_widths.mean()),
        refused=100 * (1 - len(found) / replications),
    )


def table(results: dict[str, dict[str, Performance]]) -> str:
    """Markdown: a row a scenario, a column a method."""
    lines = [f"| silent | {' | '.join(METHODS)} |", "|---" * (len(METHODS) + 1) + "|"]
    lines += [f"| {name} | {' | '.join(map(str, row.values()))} |" for name, row in results.items()]
    return "\n".join(lines)


if __name__ == "__main__":
    print(table(simulate()))
