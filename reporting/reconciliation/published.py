"""What the report of 2022 printed: "Kortlægning af kommunernes ikke-lovpligtige integrationsindsatser".

By accounts year and price level, for the report's amounts cannot be set against those of another level.
Amounts in the unit of the headline that they stand beside; keys exp_, inc_ and share_ (pct. of the
expenditure) are of a service area, coverage_ (pct. of the inhabitants) of a region by its code.
"""

from collections.abc import Mapping
from decimal import Decimal

Published = Mapping[str, int | Decimal]

OF_2019: Published = {
    "coverage": 91,
    "coverage_1084": 92,
    "coverage_1085": 83,
    "coverage_1083": 91,
    "coverage_1082": 91,
    "coverage_1081": 94,
    "answered": 80,
    "initiatives": 706,
    "immigrants": 825_080,  # of 1 July 2021
    "immigrant_share": Decimal("14.1"),
    "reported": 318,
    "extrapolated": 350,
    "income": 68,
    "per_inhabitant": 54,
    "per_initiative": 495,
    "mean_daycare_school": 742,
    "mean_culture_leisure": 185,
    "exp_employment": 100,
    "exp_daycare_school": 98,
    "exp_general": 43,
    "exp_social": 44,
    "exp_culture_leisure": 20,
    "exp_health_elderly": 11,
    "share_employment": 32,
    "share_daycare_school": 31,
    "share_general": 14,
    "share_social": 14,
    "share_culture_leisure": 6,
    "share_health_elderly": 3,
    "two_areas": 63,
    "inc_employment": 28,
    "inc_daycare_school": 6,
    "inc_general": 11,
    "inc_social": 9,
    "inc_culture_leisure": 2,
    "inc_health_elderly": 7,
    "employment_income": 45,
    "own_financing": 83,
    "below_1_kr": 33,
    "zero": 10,
    "shown": 70,
}

PUBLISHED: Mapping[tuple[int, int], Published] = {(2019, 2022): OF_2019}
