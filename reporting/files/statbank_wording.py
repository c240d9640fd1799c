"""What the reader of StatBank's files refuses, in words that say what to do; the reader gives codes."""

from django.utils.translation import gettext as _

from reporting.files.statbank import BadTable


def bad_table(error: BadTable) -> str:
    """One sentence or two, which name the line and the column and say what to do."""
    texts = {**_file_texts(), **_line_texts(), **_series_texts(), **_place_texts()}
    text = texts[error.code] % {"column": error.column[:60], "value": error.value[:60]}
    if error.line is None:
        return text
    return _("Linje %(line)d: %(text)s") % {"line": error.line, "text": text}


def _file_texts() -> dict[str, str]:
    return {
        "empty": _("Filen er tom. Hent tabellen igen som CSV."),
        "too_large": _("Filen er for stor. Den må højst fylde 1 MB; hent færre værdier."),
        "too_many_rows": _("Filen har %(value)s rækker. Den må højst have 2.000; hent færre værdier."),
        "workbook": _("Filen er et regneark (Excel). Hent tabellen fra Statistikbanken som CSV i stedet."),
        "not_text": _("Filen er ikke en tekstfil. Hent tabellen fra Statistikbanken som CSV."),
        "unreadable": _("Filens tegn kan ikke læses. Hent tabellen fra Statistikbanken som CSV igen."),
        "no_heading": _(
            "Filen har ingen overskrift med perioder. Hent tabellen fra Statistikbanken som CSV med tiden i "
            "kolonnerne, eller med kolonnerne TID og INDHOLD."
        ),
        "no_rows": _("Filen har en overskrift, men ingen tal under den. Hent tabellen igen."),
    }


def _line_texts() -> dict[str, str]:
    return {
        "duplicate_column": _("Kolonnen %(column)s står to gange. Hent tabellen igen."),
        "duplicate_period": _("Perioden %(value)s står to gange i overskriften. Hent tabellen igen."),
        "wrong_length": _("Rækken har %(value)s felter, overskriften et andet antal. Hent tabellen igen."),
        "not_a_period": _(
            "Kolonne %(column)s: ”%(value)s” er ikke et år fra 1980 til 2100, et halvår, et kvartal eller en "
            "måned, fx 2016, 2016H1, 2016K1 eller 2016M01."
        ),
        "not_a_number": _(
            "Kolonne %(column)s: ”%(value)s” er ikke et helt tal på mindst 0 og højst ni cifre. Hent "
            "tabellen med antal, uden decimaler."
        ),
        "no_value": _("Kolonne %(column)s er tom. Et tal, der mangler, skrives med to punktummer (..)."),
        "data_after_notes": _("Der står tal under noterne. Hent tabellen igen, som én tabel."),
    }


def _series_texts() -> dict[str, str]:
    return {
        "no_total": _(
            "Kolonne %(column)s har flere værdier (%(value)s) og ingen i alt. Hent tabellen med én værdi i "
            "den, den samlede."
        ),
        "several_totals": _(
            "Kolonne %(column)s har flere værdier, der ligner en sum (%(value)s). Hent tabellen med én værdi "
            "i den, den samlede."
        ),
        "period_without_total": _(
            "Kolonne %(column)s har ingen i alt for %(value)s. Hent tabellen med én værdi i den, den samlede."
        ),
        "duplicate_row": _("Kolonne %(column)s: %(value)s står to gange. Hent tabellen igen."),
        "mixed_periods": _(
            "Kolonne %(column)s har både år og dele af år eller dele af forskellig længde (%(value)s). Hent "
            "tabellen med én slags perioder."
        ),
        "no_values": _("Filen har ingen tal, kun markeringer af, at tallet mangler. Vælg andre perioder."),
    }


def _place_texts() -> dict[str, str]:
    return {
        "no_places": _("Filen har ingen kolonne med kommuner. Hent tabellen med alle kommuner i OMRÅDE."),
        "no_such_period": _("Filen har ikke %(value)s. Ret datoen, eller hent tabellen med den periode."),
        "unknown_place": _(
            "”%(value)s” var ikke en kommune på den dag. Ret datoen, eller registrér først ændringen under "
            "”Kommuner efter dato”."
        ),
        "never_a_place": _(
            "”%(value)s” kendes ikke som kommune. Hent tabellen på dansk. Er det en ny kommune, så registrér "
            "den først under ”Kommuner efter dato”."
        ),
        "place_twice": _("%(value)s står to gange. Hent tabellen igen med én værdi i de andre kolonner."),
        "places_missing": _("Filen mangler %(value)s. Hent tabellen med alle kommuner."),
        "place_without_value": _("%(value)s har intet tal. Hent tabellen igen, eller vælg en anden dato."),
        "not_a_total": _(
            "Kolonne %(column)s har kun ”%(value)s” og ikke alle. Hent tabellen med i alt i den kolonne."
        ),
        "no_ancestry": _("Filen har ingen kolonne med herkomst. Hent tabellen FOLK1E med HERKOMST."),
        "ancestry_missing": _(
            "%(value)s mangler. Hent FOLK1E med indvandrere og efterkommere fra både vestlige og "
            "ikke-vestlige lande (24, 25, 34 og 35)."
        ),
    }
