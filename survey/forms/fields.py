"""Form fields that read what people write: amounts, percentages, text of several lines."""

from django import forms
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from survey.amounts import NotAnAmount, parse_share, parse_thousands
from survey.checks import cpr_like_numbers


def no_cpr_number(text: str) -> None:
    """For what is kept for ever, or sent to others, as it was written: there is no taking it back."""
    if cpr_like_numbers(text):
        raise forms.ValidationError(
            _("Der står noget, der ligner et CPR-nummer, og det må ikke stå her. Slet nummeret.")
        )


class ThousandsField(forms.CharField):
    """Whole 1,000 kr. as people write them; the cleaned value is an int or None."""

    default_error_messages = {
        "negative": _("%(label)s kan ikke være negativ. Skriv beløbet i hele 1.000 kr., fx 1.250."),
        "decimals": _(
            "Skriv %(name)s i hele 1.000 kr. uden decimaler, fx 1.250 eller 1250. "
            "Punktum skiller tusinder, og komma bruges ikke."
        ),
        "unit": _("Skriv kun tallet i %(name)s, i hele 1.000 kr.: 1.250.000 kr. skrives 1.250."),
        "too_large": _("%(label)s er for stor. Skriv beløbet i hele 1.000 kr.: 1.250.000 kr. skrives 1.250."),
        "not_a_number": _("Skriv %(name)s i hele 1.000 kr., fx 1.250."),
    }

    def __init__(self, *, name, **kwargs):
        self.name = name  # the amount's name in a sentence: "bruttoudgiften"
        widget = forms.TextInput(
            attrs={
                "inputmode": "numeric",
                "autocomplete": "off",
                "suffix": _("1.000 kr."),
                "class": "input-width-m",
            }
        )
        super().__init__(required=False, max_length=40, widget=widget, **kwargs)

    def to_python(self, value):
        try:
            return parse_thousands(super().to_python(value) or "")
        except NotAnAmount as error:
            names = {"name": self.name, "label": str(self.name).capitalize()}
            raise forms.ValidationError(
                self.error_messages[error.code], code=error.code, params=names
            ) from error

    def prepare_value(self, value):
        return number_format(value, use_l10n=True, force_grouping=True) if isinstance(value, int) else value

    def has_changed(self, initial, data):
        try:
            return initial != parse_thousands(data or "")
        except NotAnAmount:
            return True

    def run_validators(self, value):
        pass  # CharField's own validators are for text, and the text has become a number


class ShareField(forms.CharField):
    """Percent or "-"; the cleaned value is (percent or None, unknown)."""

    default_error_messages = {
        "not_a_share": _(
            "Skriv andelen i hele procent fra 0 til 100, fx 75, eller - hvis den ikke kan opgøres."
        )
    }

    def __init__(self, **kwargs):
        widget = forms.TextInput(attrs={"autocomplete": "off", "suffix": "%", "class": "input-width-xs"})
        super().__init__(required=False, widget=widget, **kwargs)

    def to_python(self, value):
        try:
            return parse_share(super().to_python(value) or "")
        except NotAnAmount as error:
            raise forms.ValidationError(self.error_messages[error.code], code=error.code) from error

    def run_validators(self, value):
        pass


class LinesField(forms.CharField):
    """Text of several lines; browsers send CR LF, everything else here has LF."""

    def __init__(self, *, rows, max_length=10_000, **kwargs):
        widget = forms.Textarea(attrs={"rows": rows})
        super().__init__(required=False, max_length=max_length, widget=widget, **kwargs)

    def to_python(self, value):
        return (super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")
