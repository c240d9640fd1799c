"""The upload of StatBank's table: read at once, so that what is wrong is told at the file."""

import hashlib
from dataclasses import dataclass

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reporting.files import statbank
from reporting.files.statbank_wording import bad_table
from reporting.forms.choices import DANISH_DAYS
from reporting.moments import YEARS

MAX_PERIODS = 500  # what is posted again with the confirmation stays small


@dataclass(frozen=True)
class ArrivalsFile:
    """A file's national series {period: persons}, the periods without a figure, and whom it is about."""

    name: str
    sha256: str
    series: dict[str, int]
    missing: list[str]
    selection: str


def read_arrivals(name: str, data: bytes) -> ArrivalsFile:
    """Raises statbank.BadTable."""
    rows = statbank.national_rows(statbank.parse(data))
    # A matrix's dimensions have a place for a name, which says nothing here.
    texts = [text if column.isdigit() else f"{column}: {text}" for column, text in rows[0][0].items()]
    return ArrivalsFile(
        name=name,
        sha256=hashlib.sha256(data).hexdigest(),
        series=statbank.national_series(rows),
        missing=[period for _dimensions, period, value in rows if value is None],
        selection="; ".join(texts)[:1000],
    )


class ArrivalsForm(forms.Form):
    file = forms.FileField(
        label=_("Fil fra Statistikbanken"),
        help_text=_(
            "CSV, højst 1 MB. Hent tabellen med én værdi, den samlede, i alle andre kolonner end tiden."
        ),
        max_length=200,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv"}),
        error_messages={
            "required": _("Vælg den fil, du har hentet i Statistikbanken."),
            "invalid": _("Vælg den fil, du har hentet i Statistikbanken."),
            "max_length": _("Giv filen et kortere navn, højst 200 tegn."),
        },
    )
    source = forms.CharField(
        label=_("Kilde"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "input-width-xl"}),
        error_messages={
            "required": _("Skriv, hvor tallene er fra."),
            "max_length": _("Skriv kilden med højst 200 tegn. Der er nu %(show_value)d."),
        },
    )
    fetched_on = forms.DateField(
        label=_("Hentet (dato)"),
        help_text=_("Dagen, hvor filen er hentet i Statistikbanken, fx 15.12.2027."),
        input_formats=DANISH_DAYS,
        widget=forms.DateInput(format="%d.%m.%Y", attrs={"autocomplete": "off"}),
        error_messages={
            "required": _("Skriv den dag, filen er hentet, fx 15.12.2027."),
            "invalid": _("Skriv datoen som dag, måned og år, fx 15.12.2027."),
        },
    )

    def clean_file(self) -> ArrivalsFile:
        file = self.cleaned_data["file"]
        try:
            if file.size > statbank.MAX_BYTES:
                raise statbank.BadTable("too_large")
            arrivals = read_arrivals(file.name, file.read())
        except statbank.BadTable as error:
            raise forms.ValidationError(bad_table(error)) from error
        if len(arrivals.series) > MAX_PERIODS:
            raise forms.ValidationError(_("Filen har flere end 500 perioder. Hent færre."))
        return arrivals

    def clean_fetched_on(self):
        day = self.cleaned_data["fetched_on"]
        if day.year not in YEARS or day > timezone.localdate():
            raise forms.ValidationError(_("Skriv en dag efter 1999, der ikke ligger i fremtiden."))
        return day
