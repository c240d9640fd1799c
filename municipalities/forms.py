"""allauth's forms in our words: every message names the field and what to write (settings.ACCOUNT_FORMS)."""

from allauth.account import forms as allauth
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

EMAIL = (_("E-mail"), _("Skriv din e-mailadresse, fx navn@kommune.dk."))
NEW_PASSWORD = (_("Ny adgangskode"), _("Skriv en ny adgangskode."))
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
