"""The estimators once more: loops over exact fractions, straight from docs/statistics.md, without numpy."""

from fractions import Fraction

from tests.reporting.rows import Row, strata_of_rows


def naive(method: str, rows: list[Row], variable: int) -> tuple[Fraction, Fraction, Fraction, int]:
    """Total, linearized variance, jackknife variance and degrees of freedom."""
    strata = strata_of_rows(method, rows)
    linear = combined_linear if method == "c" else separate_linear
    df = sum(len(answers(members)) - 1 for members in strata if not all(row.responded for row in members))
    return (
        total(method, strata, variable),
        linear(method, strata, variable),
        jackknife(method, strata, variable),
        df,
    )


def answers(members: list[Row]) -> list[Row]:
    return [row for row in members if row.responded]


def scale(method: str, row: Row) -> int:
    return row.immigrants if method == "d" else row.inhabitants


def total(method: str, strata, variable: int, left_out: Row | None = None) -> Fraction:
    """From design weights N/n; without one of n, the others of its stratum weigh n/(n-1) times as much."""
    sums = []
    for members in strata:
        stands_for = Fraction(len(members), len(answers(members)))
        if any(row is left_out for row in members):
            stands_for *= Fraction(len(answers(members)), len(answers(members)) - 1)
        y = x = Fraction(0)
        for row in answers(members):
            if row is not left_out:
                y += stands_for * Fraction(row.amounts[variable])
                x += stands_for * scale(method, row)
        sums.append((y, x, sum(scale(method, row) for row in members)))
    if method == "c":
        return sum(all_x for _, _, all_x in sums) * sum(y for y, _, _ in sums) / sum(x for _, x, _ in sums)
    return sum((all_x * y / x for y, x, all_x in sums), Fraction(0))


def separate_linear(method: str, strata, variable: int) -> Fraction:
    variance = Fraction(0)
    for members in strata:
        rows, size = answers(members), len(members)
        n = len(rows)
        if n == size:
            continue
        y, x = [Fraction(row.amounts[variable]) for row in rows], [scale(method, row) for row in rows]
        ratio = sum(y) / sum(x)
        s2 = sum((b - ratio * a) ** 2 for a, b in zip(x, y, strict=True)) / (n - 1)
        g = sum(scale(method, row) for row in members) / (Fraction(size, n) * sum(x))
        variance += g**2 * size**2 * (1 - Fraction(n, size)) / n * s2
    return variance


def combined_linear(method: str, strata, variable: int) -> Fraction:
    y_hat = x_hat = Fraction(0)
    for members in strata:
        for row in answers(members):
            y_hat += Fraction(len(members), len(answers(members))) * Fraction(row.amounts[variable])
            x_hat += Fraction(len(members), len(answers(members))) * scale(method, row)
    variance = Fraction(0)
    for members in strata:
        rows, size = answers(members), len(members)
        n = len(rows)
        if n == size:
            continue
        e = [Fraction(row.amounts[variable]) - y_hat / x_hat * scale(method, row) for row in rows]
        s2 = sum((one - sum(e) / n) ** 2 for one in e) / (n - 1)
        variance += size**2 * (1 - Fraction(n, size)) / n * s2
    everything = sum(scale(method, row) for members in strata for row in members)
    return (everything / x_hat) ** 2 * variance


def jackknife(method: str, strata, variable: int) -> Fraction:
    full, variance = total(method, strata, variable), Fraction(0)
    for members in strata:
        rows, size = answers(members), len(members)
        n = len(rows)
        if n == size:
            continue
        squares = sum((total(method, strata, variable, left_out=row) - full) ** 2 for row in rows)
        variance += (1 - Fraction(n, size)) * Fraction(n - 1, n) * squares
    return variance
