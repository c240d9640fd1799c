"""Why a whole file is refused, in words that say what to do."""

from django.utils.translation import gettext as _

from survey.workbook.spreadsheet import SHEET
from survey.workbook.table import BadFile


def refusal(error: BadFile) -> str:
    return _texts(error.value)[error.code]


def _texts(value: str) -> dict[str, str]:
    return _other_files() | _unsafe() | _other_templates(value) | _broken(value)


def _other_files() -> dict[str, str]:
    return {
        "empty": _("Filen er tom. Vælg et udfyldt regneark."),
        "not_a_workbook": _("Filen er ikke et regneark. Vælg en Excel-fil (.xlsx) eller en CSV-fil."),
        "xls": _("Filen er i Excels gamle format (.xls). Gem den som Excel-projektmappe (.xlsx)."),
        "xlsb": _("Filen er i Excels binære format (.xlsb). Gem den som Excel-projektmappe (.xlsx)."),
        "ods": _("Filen er i LibreOffices eget format (.ods). Gem den som Excel 2007-365 (.xlsx)."),
        "utf_16": _("Tekstfilen er gemt som Unicode. Gem den som CSV UTF-8 med semikolon imellem."),
        "not_text": _("CSV-filens tegn kan ikke læses. Gem den som CSV UTF-8 med semikolon imellem."),
    }


def _unsafe() -> dict[str, str]:
    return {
        "macros": _("Filen har makroer. Gem den som Excel-projektmappe uden makroer (.xlsx)."),
        "encrypted": _("Filen er beskyttet med adgangskode. Fjern adgangskoden, og gem filen igen."),
        "too_large": _("Filen er over 5 MB. Fjern billeder og andet, der ikke hører til skabelonen."),
        "unpacked": _("Filen fylder over 50 MB, når den pakkes ud. Fjern, hvad der ikke er indsatser."),
        "compression": _(
            "Filen er pakket over 100 gange sammen, og det gør et almindeligt regneark ikke. "
            "Hent skabelonen igen, og sæt indsatserne ind i den."
        ),
        "too_many_rows": _("Filen har over 5.000 rækker. Slet dem, der ikke er indsatser."),
        "too_many_cells": _(
            "Filen har over 250.000 celler. Slet de rækker og kolonner, der ikke hører til skemaet, "
            "også de tomme."
        ),
        "dtd": _("Filen indeholder XML-entiteter, som ikke er tilladt. Åbn den i Excel, og gem den igen."),
        "external_links": _(
            "Filen har kæder til andre filer. Fjern dem i Excel (Data, Rediger kæder), og gem igen."
        ),
    }


def _other_templates(value: str) -> dict[str, str]:
    return {
        "other_round": _("Skabelonen er til regnskabet for %s. Hent skabelonen til denne kortlægning.")
        % value,
        "other_municipality": _("Skabelonen er til en anden kommune (%s). Hent kommunens egen skabelon.")
        % value,
        "other_version": _("Skabelonen er blevet lavet om. Hent den igen, og sæt indsatserne ind i den."),
        "no_sheet": _("Arket %s mangler. Giv det dets navn igen, eller hent skabelonen igen.") % SHEET,
        "no_headings": _("Skabelonens overskrifter er ikke i filen. Hent skabelonen, og udfyld den."),
        "missing_column": _(
            "Kolonnen ”%s” mangler. Sæt den ind igen med sin overskrift, eller hent skabelonen igen."
        )
        % value,
        "doubled_column": _("Kolonnen ”%s” står to gange. Slet den ene.") % value,
        "unknown_column": _("Kolonnen ”%s” hører ikke til skabelonen. Slet den.") % value,
    }


def _broken(value: str) -> dict[str, str]:
    return {
        "truncated": _("Filen er ikke hel. Gem den igen, og vent, til den er gemt, før du vælger den."),
        "unreadable": _(
            "Filen kan ikke læses. Åbn den i Excel eller LibreOffice, og gem den igen som .xlsx."
        ),
        "csv_unreadable": _("CSV-filen kan ikke læses fra linje %s. Se efter et anførselstegn for meget.")
        % value,
    }
