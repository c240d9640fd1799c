"""The declaration's chapters on what the figures are of and how they were made."""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reporting import wording
from reporting.quality.sections import Part, Table, amount, day
from reporting.templatetags.amounts import exact
from survey.catalogue import SOFT, active
from survey.models import ServiceArea


def contents(figures: dict) -> list[Part]:
    basis = figures["basis"]
    regions = ", ".join(row["name"] for row in figures["coverage"]["regions"])
    areas = ", ".join(str(label) for label in ServiceArea.labels)
    return [
        Part(
            _("Indholdsbeskrivelse"),
            [
                _(
                    "Kommunernes udgifter og indtægter til ikke-lovpligtige integrationsindsatser i "
                    "regnskabet for %(year)d, og antallet af indsatser."
                )
                % {"year": basis["accounts_year"]}
            ],
        ),
        Part(
            _("Grupperinger og klassifikationer"),
            [_("Områder: %(areas)s. Regioner: %(regions)s.") % {"areas": areas, "regions": regions}],
        ),
        _definitions(),
        Part(
            _("Population"),
            [_("Alle %(count)d kommuner, der var med i kortlægningen.") % {"count": basis["N"]}],
        ),
        Part(_("Tidsperiode"), [_("Regnskabsåret %(year)d.") % {"year": basis["accounts_year"]}]),
        Part(_("Basisperiode"), [_level(figures)], [_rates_table(figures)] if basis["rates"] else []),
        Part(
            _("Måleenhed"),
            [
                _("Beløb i 1.000 kr., %(level)d-pris- og lønniveau. Indsatser i antal.")
                % {"level": basis["price_level"]}
            ],
        ),
    ]


def _definitions() -> Part:
    return Part(
        _("Begreber og definitioner"),
        [
            _(
                "Indberettet er summen af det, kommunerne har indsendt, efter ministeriets "
                "rettelser. Opregnet er beregnet for "
                "alle kommuner. De to lægges aldrig sammen."
            ),
            _(
                "En kommune, der har underskrevet, at den ingen indsatser har at indberette, har "
                "svaret og tæller som 0 kr. En kommune uden svar tæller ikke som 0."
            ),
        ],
    )


def _level(figures: dict) -> str:
    basis = figures["basis"]
    if not basis["rates"]:
        return _("Beløbene er i regnskabsårets eget pris- og lønniveau og er ikke omregnet.")
    return _(
        "Beløbene er omregnet fra %(year)d til %(level)d-pris- og lønniveau med faktoren %(factor)s og "
        "disse satser:"
    ) % {
        "year": basis["accounts_year"],
        "level": basis["price_level"],
        "factor": exact(Decimal(basis["factor"])),
    }


def _rates_table(figures: dict) -> Table:
    return Table(
        _("Satser, pct. over året før"),
        [_("År"), _("Sats"), _("Offentliggjort"), _("Kilde")],
        [
            [
                str(rate["year"]),
                exact(Decimal(rate["percent"])),
                day(rate["published"]),
                rate["source"] + (f" ({_('skøn')})" if rate["is_forecast"] else ""),
            ]
            for rate in figures["basis"]["rates"]
        ],
        texts=(3,),
    )


def processing(figures: dict) -> list[Part]:
    basis, effect = figures["basis"], figures["adjustments"]
    return [
        Part(
            _("Kilder"),
            [
                _("Kommunernes besvarelser af spørgeskemaet. Folketal pr. %(date)s fra Danmarks Statistik.")
                % {"date": day(basis["population_date"])}
            ],
        ),
        Part(
            _("Indsamlingsmetode"),
            [
                _(
                    "Kommunen udfylder spørgeskemaets ti felter for hver indsats, og en godkender "
                    "indsender dem samlet. Det indsendte forsegles og ændres ikke."
                )
            ],
        ),
        _validation(figures),
        Part(
            _("Databehandling"),
            [
                f"{wording.METHOD_NAMES[basis['method']]}.",
                _(
                    "Beløb omregnes først til pris- og lønniveauet, lægges derefter sammen og afrundes "
                    "til sidst."
                ),
            ],
        ),
        Part(_("Korrektion"), _adjusted(effect), [_effect_table(figures)] if effect["count"] else []),
    ]


WARNINGS = {
    "income_above_expenditure": gettext_lazy("Bruttoindtægten er større end bruttoudgiften"),
    "income_without_source": gettext_lazy("Indtægt uden tilskud fra staten eller private"),
    "source_without_income": gettext_lazy("Tilskud fra staten eller private uden indtægt"),
    "expenditure_zero": gettext_lazy("Bruttoudgiften er 0 kr."),
    "expenditure_in_kroner": gettext_lazy("Bruttoudgiften kan være skrevet i kroner"),
    "income_in_kroner": gettext_lazy("Bruttoindtægten kan være skrevet i kroner"),
    "title_repeated": gettext_lazy("Titlen ligner en anden indsats"),
    "cpr_number": gettext_lazy("Ligner et CPR-nummer"),
    "person_email": gettext_lazy("Kan være en persons e-mailadresse"),
    "phone_number": gettext_lazy("Ligner et telefonnummer"),
}


def _validation(figures: dict) -> Part:
    refused = _(
        "Et svar kan ikke indsendes, før alle ti felter er udfyldt for alle indsatser, og "
        "beløb er hele tal på mindst 0. Ministeriet gennemgår svarene og kan sende dem "
        "tilbage."
    )
    asked = active(SOFT, figures["basis"]["accounts_year"])
    passed = figures.get("passed_warnings")
    if passed is None or not (asked or passed):  # frozen before there were warnings, or of a round without
        unknown = _(
            "Spørgeskemaet havde ikke advarsler, som kommunen skulle begrunde. Derfor er det ikke "
            "opgjort, hvor mange advarsler der er passeret med en begrundelse."
        )
        return Part(_("Datavalidering"), [refused, unknown])
    reasons = _(
        "Spørgeskemaet advarer om det, der ofte er en fejl. Kommunen retter det eller begrunder det, før den "
        "kan indsende. Advarsler passeret med en begrundelse i de svar, der tæller med: %(count)d."
    ) % {"count": sum(passed.values())}
    rules = [*(rule.id for rule in SOFT if rule.id in asked), *sorted(passed.keys() - asked)]
    rows = [[str(WARNINGS.get(rule, rule)), amount(passed.get(rule, 0))] for rule in rules]
    table = Table(_("Advarsler passeret med en begrundelse"), [_("Advarsel"), _("Antal")], rows)
    return Part(_("Datavalidering"), [refused, reasons], [table])


def _adjusted(effect: dict) -> list[str]:
    if not effect["count"]:
        return [_("Ministeriet har ikke rettet i svarene.")]
    return [
        _(
            "Indsatser rettet af ministeriet: %(count)d. Kommuner, som de er fra: %(municipalities)d. Heraf "
            "indsatser, der ikke hører med i kortlægningen: %(out_of_scope)d. Det indberettede står uændret "
            "ved siden af."
        )
        % effect
    ]


def _effect_table(figures: dict) -> Table:
    kinds = (("expenditure", _("Bruttoudgifter")), ("income", _("Bruttoindtægter")))
    effect = figures["adjustments"]
    return Table(
        _("Rettelsernes virkning på det indberettede, 1.000 kr., %(level)d-pris- og lønniveau")
        % {"level": figures["basis"]["price_level"]},
        ["", _("Som indberettet"), _("Efter rettelser"), _("Virkning")],
        [
            [
                name,
                amount(effect[kind]["reported"]),
                amount(effect[kind]["counts"]),
                amount(effect[kind]["counts"], effect[kind]["reported"]),
            ]
            for kind, name in kinds
        ],
    )
