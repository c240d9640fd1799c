"""The populations that come with the product, against totals that Statistics Denmark has published."""

from collections import Counter
from datetime import date

import pytest

from municipalities import reference_data
from municipalities.models import PopulationCount

# FOLK1A, "Hele landet", 1 January: with Christiansø, which belongs to no municipality.
COUNTRY = {
    2008: 5_475_791,
    2012: 5_580_516,
    2016: 5_707_251,
    2019: 5_806_081,
    2020: 5_822_763,
    2026: 6_025_603,
}


@pytest.fixture
def loaded(db):
    reference_data.load()


@pytest.mark.parametrize("year", COUNTRY)
def test_the_municipalities_are_the_country_but_for_the_hundred_on_christiansoe(loaded, year):
    counts = PopulationCount.objects.filter(date=date(year, 1, 1)).values_list("inhabitants", flat=True)
    assert len(counts) == 98 and 75 < COUNTRY[year] - sum(counts) < 110


def test_loading_again_adds_nothing(loaded):
    assert reference_data.load() == {"regions": 5, "municipalities": 98, "population_counts": 1568}
    counted = Counter(PopulationCount.objects.values_list("municipality__code", "date"))
    assert set(counted.values()) == {1}
