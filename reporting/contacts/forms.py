"""Contacts one by one and from a file, and which of them a page shows."""

from django import forms
from django.utils.translation import gettext_lazy as _

from reporting.forms.choices import RegionForm
from survey.forms.colleagues import LowerCaseEmailField
from survey.forms.fields import no_cpr_number

ODD = _("Skriv med almindelige bogstaver og tegn.")


class Line(forms.CharField):
    """One line without marks that hide or turn text; runs of blanks become one."""

    def __init__(self, *, longest: int, too_long, **kwargs):
        messages = {"max_length": too_long, "null_characters_not_allowed": ODD}
        own = kwargs.pop("error_messages", {})
        widget = forms.TextInput(attrs={"autocomplete": "off"})
        super().__init__(max_length=longest, widget=widget, error_messages=messages | own, **kwargs)

    def to_python(self, value):
        text = " ".join((super().to_python(value) or "").split())
        if not text.isprintable():
            raise forms.ValidationError(ODD)
        return text


class ContactForm(forms.Form):
    """A contact's own fields; a line of a file is judged by it too."""

    name = Line(
        label=_("Navn"),
        longest=100,
        too_long=_("Skriv navnet med højst 100 tegn."),
        help_text=_("En person, eller hvad en fælles postkasse hedder, fx Økonomiafdelingen."),
        error_messages={"required": _("Skriv kontaktens navn, fx Anne Hansen.")},
    )
    title = Line(
        label=_("Stilling (frivilligt)"),
        longest=100,
        too_long=_("Skriv stillingen med højst 100 tegn."),
        required=False,
    )
    email = LowerCaseEmailField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": _("Skriv kontaktens e-mailadresse, fx navn@kommune.dk."),
            "invalid": _("Skriv kontaktens e-mailadresse, fx navn@kommune.dk."),
            "max_length": _("Skriv en e-mailadresse på højst 254 tegn."),
            "null_characters_not_allowed": _("Skriv kontaktens e-mailadresse, fx navn@kommune.dk."),
        },
    )
    phone = Line(
        label=_("Telefon (frivilligt)"),
        longest=30,
        too_long=_("Skriv telefonnummeret med højst 30 tegn."),
        required=False,
    )


class BounceForm(forms.Form):
    note = Line(
        label=_("Hvorfor kommer mailen retur? (frivilligt)"),
        longest=200,
        too_long=_("Skriv højst 200 tegn."),
        help_text=_("Fx ”stoppet 1. marts, spørg kommunens hovedpostkasse”."),
        validators=[no_cpr_number],
        required=False,
    )


class ContactsForm(RegionForm):
    """Which municipalities the list shows."""

    show = forms.ChoiceField(
        label=_("Vis"),
        choices=[
            ("", _("Alle kommuner")),
            ("none", _("Uden kontakt")),
            ("bounced", _("Mail kommer retur")),
        ],
        required=False,
        error_messages={"invalid_choice": _("Vælg en af visningerne på listen.")},
    )
    field_order = ("show", "region")


class FileForm(forms.Form):
    file = forms.FileField(
        label=_("Fil med kontakter"),
        help_text=_("CSV, højst 1 MB og 2.000 rækker."),
        max_length=200,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv"}),
        error_messages={
            "required": _("Vælg en CSV-fil med kontakter."),
            "invalid": _("Vælg en CSV-fil med kontakter."),
            "max_length": _("Giv filen et kortere navn, højst 200 tegn."),
        },
    )
