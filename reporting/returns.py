"""One municipality's answer as plain sums, and the variables that are estimated from them. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from reporting.estimation import Frame


@dataclass(frozen=True)
class MunicipalReturn:
    """Sums of a municipality's reported initiatives, in whole 1,000 kr. of the accounts year.

    `expenditure` and `income` are by service area and empty for a municipality that has not answered;
    one that answered with nothing to report has responded, with sums of 0.
    """

    code: str
    name: str
    region: str
    inhabitants: int
    responded: bool
    expenditure: Mapping[str, int | Decimal]
    income: Mapping[str, int | Decimal]
    initiatives: int
    initiatives_by_area: Mapping[str, int]


def frame_of(returns: Sequence[MunicipalReturn]) -> Frame:
    return Frame(
        inhabitants=tuple(r.inhabitants for r in returns), responded=tuple(r.responded for r in returns)
    )


def variable_names(areas: Sequence[str]) -> list[str]:
    """The names of statistics.md and of the municipal file, in the order in which they are shown."""
    return [
        "exp_total",
        "inc_total",
        "net_total",
        *(f"exp_{area}" for area in areas),
        *(f"inc_{area}" for area in areas),
        "n_initiatives",
    ]


def amount(row: MunicipalReturn, variable: str) -> int | Decimal:
    """A variable of one municipality: 1,000 kr. of the accounts year; n_initiatives is a count."""
    if variable == "n_initiatives":
        return row.initiatives
    if variable == "net_total":
        return amount(row, "exp_total") - amount(row, "inc_total")
    sums = row.expenditure if variable.startswith("exp_") else row.income
    area = variable[4:]
    return sum(sums.values()) if area == "total" else sums.get(area, 0)
