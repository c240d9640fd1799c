"""The uploads, read at once, so that what is wrong is told at the file; and municipalities by date."""

import hashlib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from municipalities import populations
from municipalities.models import PopulationImport
from reporting.files import statbank, statbank_places
from reporting.files.statbank_places import AreaCounts
from reporting.files.statbank_wording import bad_table
from reporting.forms.rates import RateLineError, read_rates
from reporting.reference import judging
from reporting.templatetags.amounts import whole
from survey.forms.moments import DayField

Table = PopulationImport.Table
READERS = {
    Table.FOLK1A: statbank_places.inhabitants,
    Table.FOLK1E: statbank_places.immigrants_and_descendants,
}


@dataclass(frozen=True)
class PopulationFile:
    """A file's counts of one date; `published_total` is the country's, from the file or as typed."""

    name: str
    sha256: str
    counts: AreaCounts
    published_total: int
    usual: tuple[date, int] | None  # judging.usual_total, of FOLK1A


def file_field(help_text) -> forms.FileField:
    return forms.FileField(
        label=_("Fil"),
        help_text=help_text,
        max_length=200,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv"}),
        error_messages={
            "required": _("Vælg filen."),
            "invalid": _("Vælg filen."),
            "max_length": _("Giv filen et kortere navn, højst 200 tegn."),
        },
    )


class PopulationForm(forms.Form):
    table = forms.ChoiceField(
        label=_("Tabel i Statistikbanken"),
        choices=Table.choices,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Vælg FOLK1A eller FOLK1E.")),
    )
    day = DayField(
        label=_("Dato"),
        help_text=_("Kvartalets første dag, fx 01.01.2027. Andre kvartaler i filen indlæses ikke."),
    )
    file = file_field(
        _(
            "CSV, højst 1 MB, med alle kommuner, Christiansø og hele landet i OMRÅDE og den samlede værdi i "
            "de andre kolonner; i FOLK1E alle værdier i HERKOMST."
        )
    )
    typed_total = forms.CharField(
        label=_("Hele landet ifølge Danmarks Statistik (kun hvis filen ikke har rækken)"),
        required=False,
        max_length=20,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "class": "input-width-m"}
        ),
        error_messages={"max_length": _("Skriv antal personer med højst ni cifre, fx 6.025.603.")},
    )
    source = forms.CharField(
        label=_("Kilde"),
        max_length=180,
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "input-width-xl"}),
        error_messages={
            "required": _("Skriv, hvor tallene er fra."),
            "max_length": _("Skriv kilden med højst 180 tegn. Der er nu %(show_value)d."),
        },
    )
    fetched_on = DayField(
        label=_("Hentet (dato)"), help_text=_("Dagen, hvor filen er hentet i Statistikbanken.")
    )

    def clean_day(self) -> date:
        day = self.cleaned_data["day"]
        if statbank_places.quarter_of(day) is None:
            raise forms.ValidationError(
                _("Skriv et kvartals første dag: 1. januar, 1. april, 1. juli eller 1. oktober.")
            )
        if why := judging.refuse_fixed(day):
            raise forms.ValidationError(why)
        return day

    def clean_typed_total(self) -> int | None:
        text = self.cleaned_data["typed_total"].strip()
        if not text:
            return None
        if not statbank.NUMBER.fullmatch(text):
            raise forms.ValidationError(_("Skriv antal personer med højst ni cifre, fx 6.025.603."))
        return int(re.sub(r"[^0-9]", "", text))

    def clean_fetched_on(self) -> date:
        day = self.cleaned_data["fetched_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("Skriv en dag, der ikke ligger i fremtiden."))
        return day

    def clean(self):
        """The file is read when it is known of which table and day it should be."""
        super().clean()
        cleaned = self.cleaned_data
        if self.errors:
            return cleaned
        upload, table, day = cleaned["file"], cleaned["table"], cleaned["day"]
        try:
            if upload.size > statbank.MAX_BYTES:
                raise statbank.BadTable("too_large")
            data = upload.read()
            counts = read_counts(data, table, day, populations.names_at(day))
        except statbank.BadTable as error:
            if error.code == "unknown_place" and not populations.was_ever(error.value):
                error = statbank.BadTable("never_a_place", line=error.line, value=error.value)
            self.add_error("file", bad_table(error))
            return cleaned
        field, total = self._total(counts)
        if field:
            self.add_error(field, total)
            return cleaned
        usual = judging.usual_total(day) if table == Table.FOLK1A else None
        if why := judging.refuse_counts(table, day, counts, usual):
            self.add_error("file", why)
        cleaned["read"] = PopulationFile(upload.name, hashlib.sha256(data).hexdigest(), counts, total, usual)
        return cleaned

    def _total(self, counts: AreaCounts) -> tuple:
        """("", the published total) that the municipalities add up to, or (field, why not)."""
        typed = self.cleaned_data["typed_total"]
        if counts.country is None and typed is None:
            return "typed_total", _(
                "Filen har ingen række for hele landet. Skriv det offentliggjorte tal her."
            )
        if counts.country is not None and typed not in (None, counts.country):
            return "typed_total", _(
                "Filen siger %(file)s for hele landet, og du har skrevet %(typed)s. Lad feltet være tomt, "
                "eller hent tabellen igen."
            ) % {"file": whole(counts.country), "typed": whole(typed)}
        total = typed if counts.country is None else counts.country
        if counts.sum == total:
            return "", total
        text = _(
            "Kommunerne%(with)s giver tilsammen %(sum)s personer, hele landet er %(total)s. Forskellen er "
            "%(difference)s."
        ) % {
            "with": "" if counts.christiansoe is None else _(" og Christiansø"),
            "sum": whole(counts.sum),
            "total": whole(total),
            "difference": whole(abs(total - counts.sum)),
        }
        if counts.christiansoe is None:
            text += " " + _("Christiansø er ikke i filen; hent tabellen med den.")
        return "file" if typed is None else "typed_total", text


def read_counts(data: bytes, table: str, day: date, names: Mapping[str, Collection[str]]) -> AreaCounts:
    """Raises statbank.BadTable. `day` begins a quarter."""
    period = statbank_places.quarter_of(day)
    assert period
    return READERS[Table(table)](statbank.parse(data), period, names)


class RatesForm(forms.Form):
    file = file_field(
        _(
            "CSV med semikolon: år;procent;offentliggjort;skøn;kilde, fx 2026;2,5;01.06.2025;ja;KL. Skøn er "
            "ja eller nej. Højst 200 linjer."
        )
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        try:
            return read_rates(file.read(statbank.MAX_BYTES))
        except RateLineError as error:
            raise forms.ValidationError(error.messages) from error
