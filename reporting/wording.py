"""What estimators, price levels and files refuse, in words that say what to do; the modules give codes."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from reporting.estimation import EstimateRefused
from reporting.municipal_csv import BadFile
from reporting.price_levels import MissingRate
from reporting.totals import PopulationMissing

REFUSALS = (EstimateRefused, MissingRate, PopulationMissing)

METHOD_NAMES = {"a": gettext_lazy("Metode a: ratioestimator på indbyggertal, hele gruppen under ét")}

VARIABLE_NAMES = {
    "exp_total": gettext_lazy("Bruttoudgifter"),
    "inc_total": gettext_lazy("Bruttoindtægter"),
    "net_total": gettext_lazy("Nettoudgifter"),
    "n_initiatives": gettext_lazy("Antal indsatser"),
}

NOTES = {
    "caution": gettext_lazy("Brug med forsigtighed: variationskoefficienten er over 16,5 pct."),
    "too_uncertain": gettext_lazy("For usikkert: variationskoefficienten er over 33 pct."),
    "uninformative": gettext_lazy("Alle har svaret 0, så standardfejlen siger intet om dem, der mangler."),
}


def refusal(error: Exception) -> str:
    """Why there is no figure; `error` is one of REFUSALS."""
    if isinstance(error, MissingRate):
        return _("Pris- og lønskønnet for %(year)d mangler. Tilføj det, eller vælg et andet niveau.") % {
            "year": error.year
        }
    if isinstance(error, PopulationMissing):
        return _("Folketallet pr. %(date)s mangler for %(names)s. Indlæs det først.") % {
            "date": error.date.strftime("%d.%m.%Y"),
            "names": ", ".join(error.names),
        }
    assert isinstance(error, EstimateRefused)
    return _estimate_refusal(error)


def _estimate_refusal(error: EstimateRefused) -> str:
    texts = {
        "no_respondent": _("Ingen af de %(size)s kommuner har svaret, så der er intet at opregne fra."),
        "single_respondent": _(
            "Kun én af de %(size)s kommuner har svaret, og usikkerheden kan ikke beregnes af ét svar."
        ),
        "no_inhabitants": ngettext(
            "%(count)s kommune står uden indbyggere. Ret folketallet.",
            "%(count)s kommuner står uden indbyggere. Ret folketallene.",
            error.parameters.get("count", 0),
        ),
        "below_reported": _(
            "Den opregnede sum (%(total)s) er mindre end den indberettede (%(reported)s). "
            "Se efter negative beløb."
        ),
    }
    return texts[error.code] % error.parameters


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
