"""allauth's forms in our words (settings.ACCOUNT_FORMS), and the form of an invited who has no account.

Every message names the field and what to write.
"""

from allauth.account import forms as allauth
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from municipalities.models import User

EMAIL = (_("E-mail"), _("Skriv din e-mailadresse, fx navn@kommune.dk."))
NEW_PASSWORD = (_("Ny adgangskode"), _("Skriv en ny adgangskode."))
ODD_NAME = _("Skriv navnet med almindelige bogstaver, fx Anne Hansen.")
REPEATED = (_("Ny adgangskode igen"), _("Skriv den nye adgangskode igen."))


class OurWords:
    """`words`: label and message by field name."""

    fields: dict
    words: dict

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, (label, message) in self.words.items():
            field = self.fields[name]
            field.label = label
            field.error_messages |= {"required": message, "invalid": message}
            field.widget.attrs.pop("placeholder", None)  # it would repeat the label, in too light a colour


class LoginForm(OurWords, allauth.LoginForm):
    words = {"login": EMAIL, "password": (_("Adgangskode"), _("Skriv din adgangskode."))}


class ResetPasswordForm(OurWords, allauth.ResetPasswordForm):
    words = {"email": EMAIL}


class ResetPasswordKeyForm(OurWords, allauth.ResetPasswordKeyForm):
    words = {"password1": NEW_PASSWORD, "password2": REPEATED}


class ChangePasswordForm(OurWords, allauth.ChangePasswordForm):
    words = {
        "oldpassword": (_("Nuværende adgangskode"), _("Skriv din nuværende adgangskode.")),
        "password1": NEW_PASSWORD,
        "password2": REPEATED,
    }

    def clean(self):
        if self.user.is_demo:
            raise ValidationError(_("Demobrugernes adgangskode er fælles og kan ikke ændres."))
        return super().clean()


def _password_field(label, message):
    widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
    return forms.CharField(label=label, strip=False, widget=widget, error_messages={"required": message})


class NewUserForm(forms.Form):
    """Name and password of somebody whose address an invitation tells."""

    name = forms.CharField(
        label=_("Dit navn"),
        max_length=100,
        help_text=_("Det står ved det, du skriver, så kolleger og ministeriet kan se, hvem du er."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={
            "required": _("Skriv dit navn, fx Anne Hansen."),
            "max_length": _("Skriv navnet med højst 100 tegn."),
            "null_characters_not_allowed": ODD_NAME,
        },
    )
    password1 = _password_field(_("Adgangskode"), _("Skriv en adgangskode på mindst 12 tegn."))
    password2 = _password_field(_("Adgangskode igen"), _("Skriv adgangskoden igen."))

    def __init__(self, *args, email: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.email = email
        self.fields["password1"].help_text = _("Mindst 12 tegn.")

    def clean_name(self):
        name = " ".join(self.cleaned_data["name"].split())
        if not name.isprintable():  # no marks that turn or hide text: the name stands in signatures
            raise ValidationError(ODD_NAME)
        return name

    def clean_password1(self):
        password = self.cleaned_data["password1"]
        validate_password(password, User(email=self.email, name=self.cleaned_data.get("name", "")))
        return password

    def clean_password2(self):
        if self.cleaned_data["password2"] != self.cleaned_data.get(
            "password1", self.cleaned_data["password2"]
        ):
            raise ValidationError(_("De to adgangskoder er ikke ens. Skriv den samme to gange."))
        return self.cleaned_data["password2"]
