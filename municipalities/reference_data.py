"""The reference data that comes with the product: regions, municipalities, populations."""

import csv
from datetime import date
from pathlib import Path

from django.db import transaction

from municipalities.models import Municipality, PopulationCount, Region
from municipalities.sorting import danish_sort_key

FOLDER = Path(__file__).parent / "reference"
POPULATION_SOURCE = "Danmarks Statistik, FOLK1A"


def _rows(name: str) -> list[dict]:
    with open(FOLDER / name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@transaction.atomic
def load() -> dict[str, int]:
    """Adds what is missing and brings names up to date; a population count that exists is left alone.

    So is what the ministry has recorded of a municipality (survey/mergers.py): when it ended, its region,
    its place on the map.
    """
    _load_places()
    _load_populations()
    return {
        "regions": Region.objects.count(),
        "municipalities": Municipality.objects.count(),
        "population_counts": PopulationCount.objects.count(),
    }


def _load_places() -> None:
    rows = _rows("municipalities.csv")
    tiles = {row["code"]: row for row in _rows("tilegrid.csv")}
    names = {row["region_code"]: row["region_name"] for row in rows}  # by municipality code: the usual order
    Region.objects.bulk_create(
        [
            Region(code=code, name=name, position=position)
            for position, (code, name) in enumerate(names.items(), start=1)
        ],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "position"],
    )
    regions = {region.code: region for region in Region.objects.all()}
    Municipality.objects.bulk_create(
        [_municipality(row, regions[row["region_code"]], tiles[row["code"]]) for row in rows],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "official_name", "sort_key"],
    )


def _load_populations() -> None:
    """A date that was imported has no row of its own here: one that is added now would be the newest."""
    municipalities = {m.code: m for m in Municipality.objects.all()}
    there = set(PopulationCount.objects.values_list("municipality__code", "date"))
    PopulationCount.objects.bulk_create(
        [
            PopulationCount(
                municipality=municipalities[row["code"]],
                date=date.fromisoformat(row["date"]),
                inhabitants=int(row["population"]),
                source=POPULATION_SOURCE,
            )
            for row in _rows("population.csv")
            if (row["code"], date.fromisoformat(row["date"])) not in there
        ],
        ignore_conflicts=True,
    )


def _municipality(row: dict, region: Region, tile: dict) -> Municipality:
    return Municipality(
        code=row["code"],
        name=row["name"],
        official_name=row["official_name"],
        region=region,
        cvr=row["cvr"],
        tile_row=int(tile["row"]),
        tile_column=int(tile["col"]),
        sort_key=danish_sort_key(row["name"]),
    )
