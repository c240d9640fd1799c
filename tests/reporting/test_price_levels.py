from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.price_levels import MissingRate, factor
from reporting.rounding import round_half_away

RATES = {2020: Decimal("1.9"), 2021: Decimal("1.4"), 2022: Decimal("1.7")}


def test_the_examples_of_the_reference():
    chain = factor(RATES, 2019, 2022)
    assert chain == Decimal("1.050831522")
    assert [str(round_half_away(amount * chain)) for amount in (1250, 7, 0, 40333)] == [
        "1314",
        "7",
        "0",
        "42383",
    ]
    assert 40333 * chain == Decimal("42383.187776826")
    back = 1000 * factor(RATES, 2022, 2019)
    assert abs(back - Decimal("951.6273342245627839093315665")) < Decimal("1e-24")
    assert factor(RATES | {2022: Decimal("4.3")}, 2019, 2022) == Decimal("1.077696438")


def test_a_year_without_a_rate_is_named():
    with pytest.raises(MissingRate) as missing:
        factor({2020: Decimal(1), 2022: Decimal(1)}, 2019, 2022)
    assert missing.value.year == 2021
    with pytest.raises(MissingRate):
        factor({}, 2022, 2019)


def test_no_rates_are_needed_within_a_year():
    assert factor({}, 2022, 2022) == 1


rates = st.dictionaries(st.integers(2020, 2059), st.decimals(-50, 50, places=3), min_size=40, max_size=40)


@given(rates, st.integers(2019, 2059), st.integers(2019, 2059), st.integers(2019, 2059))
def test_the_chain_may_be_cut_anywhere(chain, a, b, c):
    first, middle, last = sorted((a, b, c))
    from decimal import localcontext

    with localcontext() as context:
        context.prec = 400
        product = factor(chain, first, middle) * factor(chain, middle, last)
        assert product == factor(chain, first, last)


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (0.5, 0, "1"),
        (1.5, 0, "2"),
        (2.5, 0, "3"),
        (-2.5, 0, "-3"),
        (0.15, 1, "0.2"),
        (-0.04, 1, "0.0"),
        (7, 1, "7.0"),
    ],
)
def test_rounding_is_half_away_from_zero(value, places, text):
    assert str(round_half_away(value, places)) == text
    assert str(round_half_away(Decimal(str(value)), places)) == text


def test_parts_are_not_forced_to_add():
    parts = [Decimal(p) for p in ("100.4", "98.49", "43.45", "44.4", "20.4", "10.86")]
    assert round_half_away(sum(parts)) == 318
    assert sum(round_half_away(part) for part in parts) == 316
