"""One municipality's answer as plain sums, and the variables that are estimated from them. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from reporting.strata import Frame


@dataclass(frozen=True)
class MunicipalReturn:
    """Sums of a municipality's reported initiatives, in whole 1,000 kr. of the accounts year.

    `expenditure`, `income` and `counts` are by the groups of a breakdown (the service areas) and empty for
    a municipality that has not answered; one with nothing to report has responded, with sums of 0.
    """

    code: str
    name: str
    region: str  # its code
    region_name: str
    inhabitants: int
    immigrants: int | None  # and descendants; None: not known
    responded: bool
    expenditure: Mapping[str, int | Decimal]
    income: Mapping[str, int | Decimal]
    initiatives: int
    counts: Mapping[str, int]
    version: int | None = None  # the id of the version that counts


def frame_of(returns: Sequence[MunicipalReturn]) -> Frame:
    return Frame(
        inhabitants=tuple(r.inhabitants for r in returns),
        responded=tuple(r.responded for r in returns),
        regions=tuple(r.region_name for r in returns),
        immigrants=tuple(r.immigrants for r in returns),
        names=tuple(r.name or r.code for r in returns),
    )


def variable_names(groups: Sequence[str]) -> list[str]:
    """The names of statistics.md and of the municipal file, in the order in which they are shown."""
    return [
        "exp_total",
        "inc_total",
        "net_total",
        *(f"exp_{group}" for group in groups),
        *(f"inc_{group}" for group in groups),
        "n_initiatives",
    ]


def amount(row: MunicipalReturn, variable: str) -> int | Decimal:
    """A variable of one municipality: 1,000 kr. of the accounts year; n_initiatives is a count."""
    if variable == "n_initiatives":
        return row.initiatives
    if variable == "net_total":
        return amount(row, "exp_total") - amount(row, "inc_total")
    sums = row.expenditure if variable.startswith("exp_") else row.income
    group = variable[4:]
    return sum(sums.values()) if group == "total" else sums.get(group, 0)


def amounts(
    returns: Sequence[MunicipalReturn], variables: Sequence[str], factor: Decimal = Decimal(1)
) -> dict[str, list[int | Decimal]]:
    """Each variable over the municipalities, times the price factor; counts have no price."""
    return {
        variable: [amount(row, variable) * (1 if variable == "n_initiatives" else factor) for row in returns]
        for variable in variables
    }
