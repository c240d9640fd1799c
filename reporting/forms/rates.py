from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from reporting.files import rates_csv
from reporting.forms.choices import DANISH_DAYS
from reporting.models import PriceRate


class RateForm(forms.ModelForm):
    """A new rate, or a new vintage of one; nothing is ever written over."""

    percent = forms.DecimalField(
        label=_("Stigning i procent over året før"),
        help_text=_("Fx 1,9 eller -0,4. Højst tre decimaler."),
        localize=True,
        max_digits=6,
        decimal_places=3,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={"required": _("Skriv satsen i procent, fx 1,9.")}
        | dict.fromkeys(
            ("invalid", "max_digits", "max_decimal_places", "max_whole_digits"),
            _("Skriv satsen i procent med højst tre decimaler, fx 1,9."),
        ),
    )
    published = forms.DateField(
        label=_("Offentliggjort"),
        help_text=_("Den dag, satsen blev offentliggjort, fx 01.06.2021."),
        input_formats=DANISH_DAYS,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages=dict.fromkeys(
            ("required", "invalid"), _("Skriv datoen som dag, måned og år, fx 01.06.2021.")
        ),
    )

    class Meta:
        model = PriceRate
        fields = ("year", "percent", "published", "is_forecast", "source")
        widgets = {"year": forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})}
        error_messages = {
            "year": dict.fromkeys(
                ("required", "invalid", "min_value", "max_value"), _("Skriv året, fx 2026.")
            ),
            "source": {
                "required": _("Skriv, hvor satsen er offentliggjort."),
                "max_length": _("Skriv højst 200 tegn."),
            },
        }

    def clean_year(self) -> int:
        year = self.cleaned_data["year"]
        if not 1990 <= year <= 2099:
            raise forms.ValidationError(_("Skriv året, fx 2026."))
        return year

    def clean_published(self):
        day = self.cleaned_data["published"]
        if day.year < 1990 or day > timezone.localdate():
            raise forms.ValidationError(_("Skriv en dag, der ikke ligger i fremtiden."))
        return day


class RateLineError(Exception):
    """What is wrong in a file of rates, in words: a line of text for each thing."""

    def __init__(self, messages: list[str]):
        super().__init__(messages)
        self.messages = messages


def read_rates(data: bytes) -> list[dict[str, str]]:
    """The file's rates, each as RateForm takes it; every one is judged by RateForm. Raises RateLineError."""
    try:
        lines = rates_csv.read(data)
    except rates_csv.BadRates as error:
        raise RateLineError([bad_rates(error)]) from error
    found, wrong = [], []
    for one in lines:
        texts = dict(one.texts)
        forecast = rates_csv.FORECAST.get(texts.pop("is_forecast").casefold())
        rate = texts | ({"is_forecast": "on"} if forecast else {})
        form = RateForm(rate)
        errors = [(name, text) for name, texts in form.errors.items() for text in texts]
        if forecast is None:
            errors.append(("is_forecast", gettext("Skriv ja eller nej.")))
        for name, text in errors:
            column = rates_csv.COLUMNS[name][1] if name in rates_csv.COLUMNS else ""
            wrong.append(
                gettext("Linje %(line)d, kolonne %(column)s: %(text)s")
                % {"line": one.line, "column": column, "text": text}
                if column
                else gettext("Linje %(line)d: %(text)s") % {"line": one.line, "text": text}
            )
        found.append(rate)
    if wrong:
        raise RateLineError(wrong[:10])
    return found


def bad_rates(error: rates_csv.BadRates) -> str:
    text = {
        "empty": gettext("Filen er tom."),
        "too_large": gettext("Filen er for stor. Den må højst fylde 100 kB."),
        "too_many_rows": gettext("Filen har %(value)s linjer. Den må højst have 200."),
        "not_text": gettext("Filen er ikke en CSV-fil. Gem den som CSV med semikolon."),
        "no_heading": gettext("Den første linje mangler kolonnerne %(value)s."),
        "no_rows": gettext("Filen har en overskrift, men ingen satser under den."),
        "wrong_length": gettext("Linjen har %(value)s felter, overskriften et andet antal."),
        "year_twice": gettext("Året %(value)s står to gange. Lad den sats stå, der gælder."),
    }[error.code] % {"value": error.value[:60]}
    if error.line is None:
        return text
    return gettext("Linje %(line)d: %(text)s") % {"line": error.line, "text": text}
