"""Rounding for display, the last step of every figure: half away from zero, never the parts to the sum."""

from decimal import ROUND_HALF_UP, Decimal


def round_half_away(value: int | float | Decimal, places: int = 0) -> Decimal:
    """`value` to `places` decimals; 2.5 becomes 3 and -2.5 becomes -3 (Python's round would say 2).

    A float counts as the shortest decimal that names it, so 0.15 to one place is 0.2.
    """
    exact = Decimal(str(value)) if isinstance(value, float) else Decimal(value)
    rounded = exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return rounded + 0  # never "-0"
