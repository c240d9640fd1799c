"""Amounts from the price and wage level of one year to that of another, exactly (Decimal).

I_t = I_(t-1) * (1 + p_t/100), and an amount at the level of year b is amount * I_b / I_a, where p_t is
the municipal price and wage rate of year t over the year before. Convert first, sum, round last:
since conversion is one factor, the converted sum is the sum of the converted.
"""

from collections.abc import Mapping
from decimal import Decimal, localcontext

DIGITS = 200  # a rate adds five digits, so forty years of them stay exact


class MissingRate(Exception):
    """The chain of rates has a hole: `year` is the first year that lacks its rate."""

    def __init__(self, year: int):
        super().__init__(year)
        self.year = year


def years(from_year: int, to_year: int) -> range:
    """The years whose rates a conversion between the two levels needs."""
    first, last = sorted((from_year, to_year))
    return range(first + 1, last + 1)


def chain(rates: Mapping[int, Decimal], from_year: int, to_year: int) -> list[tuple[int, Decimal]]:
    """[(year, I_year / I_from)] from one level to the other, step by step. Raises MissingRate."""
    step = 1 if to_year >= from_year else -1
    return [(year, factor(rates, from_year, year)) for year in range(from_year, to_year + step, step)]


def factor(rates: Mapping[int, Decimal], from_year: int, to_year: int) -> Decimal:
    """I_to / I_from, with `rates` in per cent by year. Forwards exact; backwards to 50 digits.

    >>> factor({2020: Decimal("1.9"), 2021: Decimal("1.4"), 2022: Decimal("1.7")}, 2019, 2022)
    Decimal('1.050831522')
    """
    with localcontext() as context:
        context.prec = DIGITS
        chain = Decimal(1)
        for year in years(from_year, to_year):
            if year not in rates:
                raise MissingRate(year)
            chain *= 1 + Decimal(rates[year]).scaleb(-2)
        if to_year >= from_year:
            return chain
        context.prec = 50
        return 1 / chain
