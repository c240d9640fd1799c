"""Who had answered when a publication was made, by region and by size. Pure."""

from collections.abc import Callable

from reporting.strata import LARGE, MEDIUM


def coverage(municipalities: list[dict]) -> dict:
    """Of the municipalities of an inputs document: in all, by region and by size class."""
    return {
        "total": _count(municipalities),
        "regions": _grouped(municipalities, lambda row: (row["region_name"], row["region"])),
        "sizes": [
            {"size": size, **_count(mine)}
            for size, lowest, below in SIZES
            if (mine := [row for row in municipalities if lowest <= row["inhabitants"] < below])
        ],
    }


SIZES = (("small", 0, MEDIUM), ("medium", MEDIUM, LARGE), ("large", LARGE, 10**9))


def _grouped(municipalities: list[dict], key: Callable[[dict], tuple[str, str]]) -> list[dict]:
    groups = sorted({key(row) for row in municipalities})
    return [
        {"code": code, "name": name, **_count([row for row in municipalities if key(row) == (name, code)])}
        for name, code in groups
    ]


def _count(rows: list[dict]) -> dict:
    answered = [row for row in rows if row["responded"]]
    return {
        "municipalities": len(rows),
        "answered": len(answered),
        "nothing_to_report": sum(bool(row["nothing_to_report"]) for row in answered),
        "inhabitants": sum(row["inhabitants"] for row in rows),
        "inhabitants_answered": sum(row["inhabitants"] for row in answered),
    }
