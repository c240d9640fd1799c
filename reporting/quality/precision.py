"""The declaration's chapter on precision and reliability."""

from decimal import Decimal

from django.utils.translation import gettext as _

from reporting import wording
from reporting.publishing import tables
from reporting.publishing.certainty import BASES, KINDS, NOT_STATED
from reporting.quality.sections import Part, Table, amount, percent, tenths
from survey.catalogue import SOFT, active
from survey.models import AmountBasis


def precision(figures: dict) -> list[Part]:
    return [
        Part(_("Samlet præcision"), _overall(figures)),
        Part(_("Stikprøveusikkerhed"), _sampling(figures), [_methods_table(figures), _areas_table(figures)]),
        _other(figures),
        Part(_("Kvalitetsvurdering"), _known_limits(figures)),
    ]


def response_table(caption: str, rows: list[tuple[str, dict]]) -> Table:
    return Table(
        caption,
        [
            "",
            _("Kommuner"),
            _("Har svaret"),
            _("Uden svar"),
            _("Intet at indberette"),
            _("Indbyggere med svar i pct."),
        ],
        [
            [
                name,
                str(row["municipalities"]),
                str(row["answered"]),
                str(row["municipalities"] - row["answered"]),
                str(row["nothing_to_report"]),
                percent(row["inhabitants_answered"], row["inhabitants"]),
            ]
            for name, row in rows
        ],
    )


def _overall(figures: dict) -> list[str]:
    own, basis = tables.own_estimates(figures)["exp_total"], figures["basis"]
    row = tables.estimate_row("", figures["reported"]["exp_total"], own)
    found = [
        _(
            "De opregnede bruttoudgifter er %(total)s (1.000 kr., %(level)d-pris- og lønniveau). 95 "
            "pct.-intervallet går fra %(low)s til %(high)s."
        )
        % {
            "total": amount(own["total"]),
            "level": basis["price_level"],
            "low": amount(own["ci95"][0]),
            "high": amount(own["ci95"][1]),
        },
        tables.assumption(figures),
    ]
    if row["cv"] is not None:
        found.append(_("Variationskoefficienten er %(cv)s pct.") % {"cv": tenths(row["cv"])})
    return [*found, str(row["note"])] if row["note"] else found


def _sampling(figures: dict) -> list[str]:
    own = tables.own_estimates(figures)["exp_total"]
    if not own["df"]:
        return [_("Der er ingen: alle kommuner har svaret.")]
    return [
        _(
            "Alle kommuner er spurgt. De, der har svaret, behandles, som om de var udtrukket tilfældigt, så "
            "usikkerheden er om dem, der mangler. Standardfejlen er lineariseret, ved siden af står den "
            "beregnet med jackknife, og intervallet bygger på t-fordelingen med %(df)d frihedsgrader."
        )
        % {"df": own["df"]}
    ]


def _methods_table(figures: dict) -> Table:
    rows = []
    for method, made in figures["methods"].items():
        name = _("Metode %(method)s") % {"method": method}
        if "refused" in made:
            rows.append([name, *["–"] * 6, tables.refusal(made["refused"])])
            continue
        one = tables.estimate_row(name, figures["reported"]["exp_total"], made["estimates"]["exp_total"])
        rows.append(_estimate_cells(one))
    return _estimate_table(_("Bruttoudgifter i alt"), rows, figures)


def _areas_table(figures: dict) -> Table:
    rows = [_estimate_cells(row) for row in tables.by_area(figures, "exp")]
    return _estimate_table(_("Bruttoudgifter efter område"), rows, figures)


def _estimate_cells(row: dict) -> list[str]:
    made = row["estimate"]
    cv = "–" if row["cv"] is None else tenths(row["cv"])
    limits = [amount(limit) for limit in made["ci95"]]
    return [
        row["name"],
        amount(made["total"]),
        amount(made["se"]),
        amount(made["se_jackknife"]),
        *limits,
        cv,
        str(row["note"]),
    ]


def _estimate_table(caption: str, rows: list[list[str]], figures: dict) -> Table:
    headings = [
        "",
        _("Opregnet"),
        _("Standardfejl"),
        _("Standardfejl (jackknife)"),
        _("95 pct. fra"),
        _("95 pct. til"),
    ]
    return Table(
        _("%(caption)s, 1.000 kr., %(level)d-pris- og lønniveau")
        % {"caption": caption, "level": figures["basis"]["price_level"]},
        [*headings, _("Variationskoefficient i pct."), _("Bemærkning")],
        rows,
        texts=(7,),
    )


def _other(figures: dict) -> Part:
    total = figures["coverage"]["total"]
    missing = total["municipalities"] - total["answered"]
    response, found = [_("Alle kommuner har svaret.")], []
    if missing:
        response = [
            _(
                "Kommuner uden svar: %(missing)d. Bortfaldet efter region og størrelse står under Relevans. "
                "Intervallet afspejler kun tilfældigheden i, hvem der mangler; tabellen viser de samlede "
                "bruttoudgifter, hvis de %(inhabitants)s indbyggere i kommuner uden svar havde en udgift pr. "
                "indbygger svarende til en kvartil blandt de andre."
            )
            % {"missing": missing, "inhabitants": amount(figures["sensitivity"]["missing_inhabitants"])}
        ]
        found = [_sensitivity_table(figures)]
    nil_returns = _("Svar, der siger, at der ingen indsatser er at indberette: %(count)d.") % {
        "count": total["nothing_to_report"]
    }
    certainty, bases = _certainty(figures)
    return Part(_("Anden usikkerhed"), [*response, nil_returns, certainty], [*found, *bases])


def _certainty(figures: dict) -> tuple[str, list[Table]]:
    """How much of the amounts is estimated: the municipalities' own words, which they need not give."""
    bases = figures.get("amount_bases")
    if bases is None or not _asked(figures):
        return (
            _(
                "Spørgeskemaet spurgte ikke, om et beløb er et skøn, så det er ikke opgjort, hvor stor en "
                "del af beløbene der er anslået."
            ),
            [],
        )
    expenditure = bases["expenditure"]
    text = _(
        "Kommunen kan oplyse, om et beløb er fra regnskabet, fordelt fra en større konto eller skønnet. Af "
        "bruttoudgifterne, som de tæller efter ministeriets rettelser, er %(estimated)s pct. skønnet, og for "
        "%(unknown)s pct. er det ikke oplyst."
    ) % {
        "estimated": _share(expenditure, AmountBasis.ESTIMATED),
        "unknown": _share(expenditure, NOT_STATED),
    }
    return text, [_bases_table(figures)]


def _asked(figures: dict) -> bool:
    """The question came with the warnings; where it was answered, it was asked."""
    bases = figures["amount_bases"]
    stated = any(bases[kind][basis]["initiatives"] for kind in KINDS for basis in AmountBasis.values)
    return stated or bool(active(SOFT, figures["basis"]["accounts_year"]))


def _bases_table(figures: dict) -> Table:
    names = dict(AmountBasis.choices) | {NOT_STATED: _("Ikke angivet")}
    kinds = [figures["amount_bases"][kind] for kind in KINDS]
    return Table(
        _("Hvor beløbene er fra, %(level)d-pris- og lønniveau") % {"level": figures["basis"]["price_level"]},
        [
            "",
            _("Indsatser med udgift"),
            _("Bruttoudgifter, 1.000 kr."),
            _("Pct. af udgifterne"),
            _("Indsatser med indtægt"),
            _("Bruttoindtægter, 1.000 kr."),
            _("Pct. af indtægterne"),
        ],
        [[str(names[basis]), *(cell for bases in kinds for cell in _cells(bases, basis))] for basis in BASES],
    )


def _cells(bases: dict, basis: str) -> list[str]:
    row = bases[basis]
    return [amount(row["initiatives"]), amount(row["amount"]), _share(bases, basis)]


def _share(bases: dict, basis: str) -> str:
    """Per cent of the amounts; a dash where there are none."""
    whole = sum(Decimal(row["amount"]) for row in bases.values())
    return tenths(100 * Decimal(bases[basis]["amount"]) / whole) if whole else "–"


def _sensitivity_table(figures: dict) -> Table:
    return Table(
        _("Bruttoudgifter i alt, hvis de manglende ikke ligner de andre, %(level)d-pris- og lønniveau")
        % {"level": figures["basis"]["price_level"]},
        [_("Hvis de manglende har"), _("Kr. pr. indbygger"), _("I alt, 1.000 kr.")],
        [[str(case), tenths(kroner), amount(total)] for case, kroner, total in tables.sensitivity(figures)],
    )


def _known_limits(figures: dict) -> list[str]:
    found = [
        _(
            "Kommunerne afgør selv, hvad der er en indsats inden for rammerne, og de kan have afgrænset "
            "forskelligt."
        ),
        _("Fejl i det indberettede ses ikke i standardfejlen."),
        _("Regionernes tal bygger hver på få svar; dem med færre end fem er markeret."),
    ]
    few = [row["name"] for row in tables.regions(figures) if row["few"]]
    if few:
        found.append(_("Færre end fem svar: %(regions)s.") % {"regions": wording.name_list(few)})
    return found
