import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.price_levels import MissingRate, factor
from reporting.rounding import round_half_away

EXAMPLES = json.loads((Path(__file__).parent / "reference/examples.json").read_text())
RATES = {2020: Decimal("1.9"), 2021: Decimal("1.4"), 2022: Decimal("1.7")}


def test_the_examples_of_the_reference():
    example = EXAMPLES["price"]
    rates = {int(year): Decimal(percent) for year, percent in example["rates_pct"].items()}
    assert rates == RATES
    chain = factor(rates, 2019, 2022)
    assert chain == Decimal(example["factor_2019_to_2022"])
    for year, index in example["index_2019_eq_100"].items():
        assert 100 * factor(rates, 2019, int(year)) == Decimal(index)
    converted = [amount * chain for amount in example["amounts_2019_tdkk"]]
    assert converted == [Decimal(amount) for amount in example["amounts_22pl_tdkk_unrounded"]]
    assert [str(round_half_away(amount)) for amount in converted] == example["amounts_22pl_tdkk_display"]
    assert str(round_half_away(sum(converted))) == example["sum_22pl_display"]
    back = 1000 * factor(rates, 2022, 2019)
    assert abs(back - Decimal(example["back_2022_to_2019_of_1000"])) < Decimal("1e-24")
    revised = example["same_amount_if_2022_rate_is_revised_to_4.3"]
    assert factor(rates | {2022: Decimal("4.3")}, 2019, 2022) == Decimal(revised["factor"])
    assert str(round_half_away(1250 * Decimal(revised["factor"]), 2)) == revised["1250_becomes"]


def test_the_examples_of_rounding():
    for value, text in EXAMPLES["rounding"]["half_away_from_zero"].items():
        assert str(round_half_away(Decimal(value))) == text
    for thousands, text in EXAMPLES["rounding"]["mio_kr"].items():
        assert str(round_half_away(Decimal(thousands) / 1000)) == text


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
