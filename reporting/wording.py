"""What estimators, price levels and files refuse, in words that say what to do; the modules give codes."""

from collections.abc import Sequence

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from reporting.breakdowns import BREAKDOWNS
from reporting.estimation import Estimate
from reporting.files.municipal_csv import BadFile
from reporting.national import Coverage, NationalEstimate
from reporting.price_levels import MissingRate
from reporting.rounding import round_half_away
from reporting.strata import EstimateRefused
from reporting.totals import PopulationMissing, RoundTotals

REFUSALS = (EstimateRefused, MissingRate, PopulationMissing)

METHOD_NAMES = {
    "a": gettext_lazy("Metode a: ratio på indbyggertal, hele landet under ét (rapportens metode)"),
    "b": gettext_lazy("Metode b: ratio på indbyggertal, hver region for sig"),
    "c": gettext_lazy("Metode c: ratio på indbyggertal, regionerne vægtet sammen til én ratio"),
    "d": gettext_lazy("Metode d: som a, men på indvandrere og efterkommere"),
    "e": gettext_lazy(
        "Metode e: kommuner med mindst 100.000 indbyggere med deres egne tal, ratio for resten"
    ),
    "f": gettext_lazy("Metode f: ratio på indbyggertal, hver størrelsesgruppe for sig"),
}

USUAL_METHODS = ("a", "e")  # the report's, and the one that rests on the least

# What must hold of those that have not answered for the total and its interval to be right.
ASSUMPTIONS = {
    "a": gettext_lazy("Forudsætter, at de kommuner, der mangler, er en tilfældig del af alle kommuner."),
    "b": gettext_lazy(
        "Forudsætter, at de kommuner, der mangler, er en tilfældig del af deres regions kommuner."
    ),
    "c": gettext_lazy(
        "Forudsætter, at de kommuner, der mangler, er en tilfældig del af deres regions kommuner, "
        "og at udgiften pr. indbygger er nogenlunde den samme i regionerne."
    ),
    "d": gettext_lazy(
        "Forudsætter, at de kommuner, der mangler, er en tilfældig del af alle kommuner, "
        "og at udgiften følger antallet af indvandrere og efterkommere."
    ),
    "e": gettext_lazy(
        "Forudsætter kun noget om kommuner under 100.000 indbyggere: at de, der mangler, er en tilfældig "
        "del af dem. De større har alle svaret."
    ),
    "f": gettext_lazy(
        "Forudsætter, at de kommuner, der mangler, er en tilfældig del af kommunerne i deres "
        "størrelsesgruppe (under 50.000, 50.000-99.999, mindst 100.000 indbyggere)."
    ),
}

STRATA = {
    "small": gettext_lazy("under 50.000 indbyggere"),
    "medium": gettext_lazy("50.000-99.999 indbyggere"),
    "large": gettext_lazy("mindst 100.000 indbyggere"),
    "rest": gettext_lazy("under 100.000 indbyggere"),
}

VARIABLE_NAMES = {
    "exp_total": gettext_lazy("Bruttoudgifter"),
    "inc_total": gettext_lazy("Bruttoindtægter"),
    "net_total": gettext_lazy("Nettoudgifter"),
    "n_initiatives": gettext_lazy("Antal indsatser"),
}

TOTAL = gettext_lazy("I alt")

NOTES = {
    "caution": gettext_lazy("Brug med forsigtighed: variationskoefficienten er over 16,5 pct."),
    "too_uncertain": gettext_lazy("For usikkert: variationskoefficienten er over 33 pct."),
    "uninformative": gettext_lazy(
        "De, der har svaret, har alle 0 (i landet eller i en af metodens grupper), "
        "så standardfejlen siger intet om dem, der mangler."
    ),
}


FEW = 5  # respondents; figures of fewer are marked


def notes(estimate: Estimate | None, coverage: Coverage) -> list[str]:
    """What must stand beside a figure: how uncertain it is, and that few have answered."""
    found = []
    if estimate and estimate.note:
        found.append(str(NOTES[estimate.note]))
    if coverage.answered < FEW:
        found.append(_("Færre end fem kommuner har svaret."))
    return found


def beside_interval(national: NationalEstimate) -> list[str]:
    """What always stands beside an interval: its warnings, what it assumes, and what it cannot see."""
    estimate, coverage = national.lines["exp_total"].estimate, national.coverage
    sensitivity = national.sensitivity()
    if estimate is None or sensitivity is None:
        return []
    if coverage.answered == coverage.municipalities:
        return [
            *notes(estimate, coverage),
            _("Alle har svaret, så der er ingen usikkerhed om dem, der mangler."),
        ]
    limits = {"low": _millions(sensitivity.zero), "high": _millions(sensitivity.upper_quartile)}
    return [
        *notes(estimate, coverage),
        str(ASSUMPTIONS[national.method]),
        _(
            "Har de manglende ingen udgifter, er summen %(low)s mio. kr.; ligger de på de andres øvre "
            "kvartil pr. indbygger, er den %(high)s."
        )
        % limits,
    ]


def adjusted(totals: RoundTotals) -> str:
    """Reported figures are after the ministry's adjustments, and say so wherever they stand."""
    count = len(totals.adjustments)
    if not count:
        return ""
    return ngettext(
        "Ministeriet har rettet %(n)d indsats; tallene er efter rettelsen.",
        "Ministeriet har rettet %(n)d indsatser; tallene er efter rettelserne.",
        count,
    ) % {"n": count}


def _millions(thousands: float) -> str:
    return number_format(round_half_away(thousands / 1000, 1), 1, force_grouping=True)


def refusal(error: Exception) -> str:
    """Why there is no figure; `error` is one of REFUSALS."""
    if isinstance(error, MissingRate):
        return _("Pris- og lønskønnet for %(year)d mangler. Tilføj det, eller vælg et andet niveau.") % {
            "year": error.year
        }
    if isinstance(error, PopulationMissing):
        return _("Folketallet pr. %(date)s mangler for %(names)s. Indlæs det først.") % {
            "date": error.date.strftime("%d.%m.%Y"),
            "names": name_list(error.names),
        }
    assert isinstance(error, EstimateRefused)
    return _estimate_refusal(error)


def remedy(error: Exception) -> str:
    """The name of the page where what is missing is added; "" where no page does it."""
    if isinstance(error, PopulationMissing):
        return "reference:populations"
    return "reference:rates" if isinstance(error, MissingRate) else ""


def _estimate_refusal(error: EstimateRefused) -> str:
    texts = {
        "no_respondent": ngettext(
            "Den ene kommune%(where)s har ikke svaret, så der er intet at opregne fra.",
            "Ingen af de %(size)s kommuner%(where)s har svaret, så der er intet at opregne fra.",
            error.parameters.get("size", 0),
        ),
        "single_respondent": _(
            "Kun én af de %(size)s kommuner%(where)s har svaret, "
            "og usikkerheden kan ikke beregnes af ét svar."
        ),
        "no_regions": _("En kommune står uden region, så der kan ikke opregnes efter region."),
        "certainty_missing": _(
            "Metoden kræver svar fra alle kommuner med mindst 100.000 indbyggere. %(names)s mangler."
        ),
        "no_immigrants": _(
            "Antallet af indvandrere og efterkommere mangler for %(names)s. Tilføj det først. Er det indlæst "
            "efter det tidspunkt, som tallene er opgjort pr., så vælg et senere tidspunkt."
        ),
        "no_scale": _(
            "De kommuner, der har svaret, har for få indvandrere og efterkommere at opregne efter."
        ),
        "no_inhabitants": ngettext(
            "%(count)s kommune står uden indbyggere. Ret folketallet.",
            "%(count)s kommuner står uden indbyggere. Ret folketallene.",
            error.parameters.get("count", 0),
        ),
        "below_reported": _(
            "Den opregnede sum af %(variable)s (%(total)s) er mindre end den indberettede (%(reported)s), "
            "så metoden kan ikke bruges på disse svar."
        ),
    }
    return texts[error.code] % _in_words(error.parameters)


def _in_words(parameters: dict) -> dict:
    """Names as a list that stays short, a stratum as a place, amounts rounded."""
    found = dict(parameters)
    if "names" in found:
        found["names"] = name_list(found["names"])
    elif "count" in found:
        found["names"] = ngettext("%(count)d kommune", "%(count)d kommuner", found["count"]) % found
    if "variable" in found:
        found["variable"] = variable_name(found["variable"])
    if "stratum" in found:
        label = found["stratum"]
        found["where"] = f" ({STRATA.get(label, label)})" if label else ""
    for name in ("total", "reported"):
        if name in found:
            found[name] = number_format(round_half_away(found[name]), 0, force_grouping=True)
    return found


def variable_name(variable: str) -> str:
    """The headline's name, or the kind of amount and its group."""
    if variable in VARIABLE_NAMES:
        return str(VARIABLE_NAMES[variable])
    kind, _underscore, group = variable.partition("_")
    groups = (breakdown.groups.get(group) for breakdown in BREAKDOWNS.values())
    return f"{VARIABLE_NAMES[f'{kind}_total']}: {next((name for name in groups if name), group)}"


def name_list(names: Sequence[str], most: int = 5) -> str:
    """ "A, B, C og 12 andre"."""
    if len(names) <= most + 1:
        return ", ".join(names)
    return _("%(names)s og %(count)d andre") % {
        "names": ", ".join(names[:most]),
        "count": len(names) - most,
    }


def bad_file(error: BadFile, name: str) -> str:
    """One line that names the file, the row and the column, and says what to do."""
    texts = {
        "no_rows": _("filen har ingen kommuner. Skriv en overskrift og en række for hver kommune."),
        "unreadable": _("filen kan ikke læses. Gem den som kommasepareret CSV i UTF-8."),
        "missing_columns": _("disse kolonner mangler: %(column)s. Tilføj dem; de adskilles med komma."),
        "duplicate_column": _("kolonnen %(column)s står to gange. Slet den ene."),
        "wrong_length": _("rækken har %(value)s felter, overskriften et andet antal. Ret rækken."),
        "half_blank": _(
            "kolonne %(column)s er tom, men andre beløb er udfyldt. Udfyld alle (0 for ingen), eller ingen."
        ),
        "not_a_number": _(
            "kolonne %(column)s: ”%(value)s” er ikke et tal på mindst 0. Skriv fx 1250 eller 1250.5."
        ),
        "not_whole": _("kolonne %(column)s: ”%(value)s” er ikke et helt tal på mindst 0. Skriv fx 1250."),
        "duplicate_code": _("kolonne %(column)s: kommunen %(value)s står også længere oppe. Slet den ene."),
        "no_code": _("kolonne %(column)s er tom. Skriv kommunekoden."),
        "bad_responded": _("kolonne %(column)s: ”%(value)s” skal være 1 (har svaret) eller 0."),
        "contradicts_responded": _(
            "kolonne %(column)s er %(value)s, men beløbene siger det modsatte. Har kommunen svaret med "
            "ingenting, så skriv 0 i beløbene; har den ikke svaret, så lad dem stå tomme."
        ),
    }
    place = name if error.line is None else _("%(file)s, linje %(line)d") % {"file": name, "line": error.line}
    return f"{place}: {texts[error.code] % {'column': error.column, 'value': error.value[:60]}}"
