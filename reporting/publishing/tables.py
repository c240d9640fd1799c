"""A publication's outputs document as rows for a page. Amounts in 1,000 kr.; rounded by the template."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reporting import wording
from reporting.publishing.revision import Change
from reporting.strata import EstimateRefused
from survey.models import ServiceArea

HEADLINES = ("exp_total", "inc_total", "net_total", "n_initiatives")
FEW = 5  # respondents; with fewer a cell is marked

CASES = {
    "zero": gettext_lazy("ingen udgifter"),
    "lower_quartile": gettext_lazy("nedre kvartil"),
    "median": gettext_lazy("median"),
    "upper_quartile": gettext_lazy("øvre kvartil"),
}

PARTS = (
    gettext_lazy("Virkningen på opregningen til kommuner uden svar"),
    gettext_lazy("Andre satser eller andet pris- og lønniveau"),
    gettext_lazy("Andet: metode, folketal, regioner og program"),
)


def own_estimates(figures: dict) -> dict:
    return figures["methods"][figures["basis"]["method"]]["estimates"]


def assumption(figures: dict) -> str:
    if figures["basis"]["n"] == figures["basis"]["N"]:
        return _("Alle har svaret, så der er ingen usikkerhed om dem, der mangler.")
    return str(wording.ASSUMPTIONS[figures["basis"]["method"]])


def refusal(refused: dict) -> str:
    """A frozen refusal in the words of today."""
    return wording.refusal(EstimateRefused(refused["code"], **refused["parameters"]))


def rates(figures: dict) -> list[dict[str, Any]]:
    """With their values as a page formats them."""
    return [
        rate | {"percent": Decimal(rate["percent"]), "published": date.fromisoformat(rate["published"])}
        for rate in figures["basis"]["rates"]
    ]


def estimate_row(name: str, reported: str, estimate: dict | None) -> dict[str, Any]:
    row: dict[str, Any] = {"name": name, "reported": Decimal(reported), "estimate": estimate}
    if estimate:
        row["cv"] = 100 * estimate["se"] / abs(estimate["total"]) if estimate["total"] else None
        row["note"] = wording.NOTES.get(estimate["note"] or "", "")
    return row


def by_area(figures: dict, kind: str) -> list[dict[str, Any]]:
    """`kind` is exp or inc; the total last."""
    areas = [(str(label), f"{kind}_{value}") for value, label in ServiceArea.choices]
    own, reported = own_estimates(figures), figures["reported"]
    return [
        estimate_row(name, reported[variable], own[variable])
        for name, variable in [*areas, (str(wording.TOTAL), f"{kind}_total")]
    ]


def methods(figures: dict) -> list[dict[str, Any]]:
    """Each frozen method: its name, its rows, or why it was refused."""
    return [
        {
            "name": wording.METHOD_NAMES[method],
            "refusal": refusal(made["refused"]) if "refused" in made else "",
            "rows": [
                estimate_row(
                    str(wording.VARIABLE_NAMES[variable]),
                    figures["reported"][variable],
                    made["estimates"][variable],
                )
                for variable in HEADLINES
                if "estimates" in made
            ],
        }
        for method, made in figures["methods"].items()
    ]


def regions(figures: dict) -> list[dict[str, Any]]:
    found = []
    for name, region in figures["regions"].items():
        estimate = region["estimates"]["exp_total"] if "estimates" in region else None
        note = wording.NOTES.get(estimate["note"] or "", "") if estimate else refusal(region["refused"])
        found.append(
            {
                "name": name,
                "answered": region["n"],
                "municipalities": region["N"],
                "coverage": region["coverage_pct"],
                "estimate": estimate,
                "per_inhabitant": 1000 * estimate["total"] / region["population"] if estimate else None,
                "note": note,
                "few": region["n"] < FEW,
            }
        )
    return found


def sensitivity(figures: dict) -> list[tuple]:
    """[(what those that are missing have, kroner per inhabitant, the total)]"""
    return [(CASES[row["case"]], row["kroner"], row["total"]) for row in figures["sensitivity"]["rows"]]


def compared(then: dict, now: dict) -> list[tuple]:
    """[(name, frozen, today, difference)] of reported and extrapolated figures; counts without a unit."""
    rows: list[tuple[str, Any, Any]] = []
    for variable in HEADLINES:
        name = {"name": wording.VARIABLE_NAMES[variable]}
        before, after = (Decimal(found["reported"][variable]) for found in (then, now))
        rows.append((_("%(name)s, indberettet") % name, before, after))
        before, after = (own_estimates(found)[variable]["total"] for found in (then, now))
        rows.append((_("%(name)s, opregnet") % name, before, after))
    rows.append((_("Kommuner, der har svaret"), then["basis"]["n"], now["basis"]["n"]))
    return [(name, before, after, after - before) for name, before, after in rows]


def change_in_words(change: Change) -> str:
    texts = {
        "answered": _("%(name)s har svaret"),
        "withdrew": _("%(name)s har trukket sit svar tilbage"),
        "handed_in_anew": _("%(name)s har indsendt igen"),
        "adjusted": _("Ministeriet har rettet i svaret fra %(name)s"),
    }
    return texts[change.kind] % {"name": change.name}
