from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

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
