"""A date and a clock time as Danes write them, in Danish time."""

from django import forms
from django.utils.translation import gettext_lazy as _

DANISH_DAYS = ("%d.%m.%Y", "%d-%m-%Y", "%d/%m/%Y", "%Y-%m-%d")
CLOCKS = (" %H.%M", " %H:%M", " kl. %H.%M", " kl. %H:%M")
YEARS = range(2000, 2101)  # a slip of the finger is not stored, and every zone can hold it


class DayField(forms.DateField):
    """A day; the cleaned value is a date."""

    def __init__(self, **kwargs):
        widget = forms.DateInput(format="%d.%m.%Y", attrs={"autocomplete": "off", "class": "input-width-m"})
        messages = {
            "required": _("Skriv datoen, fx 29.10.2027."),
            "invalid": _("Skriv datoen som dag, måned og år, fx 29.10.2027."),
        }
        own = kwargs.pop("error_messages", {})
        super().__init__(input_formats=DANISH_DAYS, widget=widget, error_messages=messages | own, **kwargs)

    def to_python(self, value):
        return _within_years(self, super().to_python(value))


class MomentField(forms.DateTimeField):
    """A moment, never a day alone: whether a deadline is the day's first or last minute must not be guessed.

    In the hour that the clock is put forward or back a local time is none or two, and is refused.
    """

    def __init__(self, **kwargs):
        widget = forms.DateTimeInput(
            format="%d.%m.%Y %H.%M", attrs={"autocomplete": "off", "class": "input-width-m"}
        )
        messages = {
            "required": _("Skriv dato og klokkeslæt, fx 29.10.2027 12.00."),
            "invalid": _("Skriv dato og klokkeslæt, fx 29.10.2027 12.00."),
            "changed_clock": _(
                "Uret stilles i den time: tidspunktet er der ikke eller to gange. Vælg et andet."
            ),
        }
        own = kwargs.pop("error_messages", {})
        formats = [f"{day}{clock}" for day in DANISH_DAYS for clock in CLOCKS]
        super().__init__(input_formats=formats, widget=widget, error_messages=messages | own, **kwargs)

    def to_python(self, value):
        try:
            return _within_years(self, super().to_python(value))
        except forms.ValidationError as error:
            if error.code != "ambiguous_timezone":
                raise
            raise forms.ValidationError(self.error_messages["changed_clock"], code="changed_clock") from error


def _within_years(field, value):
    if value is not None and value.year not in YEARS:
        raise forms.ValidationError(field.error_messages["invalid"], code="invalid")
    return value
