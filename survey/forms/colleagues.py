"""Inviting a colleague, their role, and who has which area."""

from django import forms
from django.utils.translation import gettext_lazy as _

from municipalities.models import MUNICIPAL_ROLES, Role
from survey.models import ServiceArea

WHAT_ROLES_MAY = {
    Role.READER: _("Læser: kan se besvarelsen"),
    Role.EDITOR: _("Sagsbehandler: kan også indtaste indsatser"),
    Role.APPROVER: _("Godkender: kan også indsende og invitere kolleger"),
}
ROLE_ERRORS = {
    "required": _("Vælg rollen: læser, sagsbehandler eller godkender."),
    "invalid_choice": _("Vælg rollen: læser, sagsbehandler eller godkender."),
}
AREA_ERROR = _("Vælg et af de seks områder, eller intet område.")


def _role_field():
    return forms.ChoiceField(
        label=_("Rolle"),
        choices=[(role.value, WHAT_ROLES_MAY[role]) for role in MUNICIPAL_ROLES],
        widget=forms.RadioSelect,
        error_messages=ROLE_ERRORS,
    )


class LowerCaseEmailField(forms.EmailField):
    """As addresses are stored; it is the lower-case one whose length is judged."""

    def to_python(self, value):
        return (super().to_python(value) or "").lower()


class InvitationForm(forms.Form):
    email = LowerCaseEmailField(
        label=_("Kollegaens e-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": _("Skriv kollegaens e-mailadresse, fx navn@kommune.dk."),
            "invalid": _("Skriv kollegaens e-mailadresse, fx navn@kommune.dk."),
            "max_length": _("Skriv en e-mailadresse på højst 254 tegn."),
        },
    )
    role = _role_field()
    service_area = forms.ChoiceField(
        label=_("Område, som kollegaen skal svare for (frivilligt)"),
        choices=[("", _("Intet område")), *ServiceArea.choices],
        required=False,
        error_messages={"invalid_choice": AREA_ERROR},
    )

    def clean(self):
        if self.cleaned_data.get("role") == Role.READER and self.cleaned_data.get("service_area"):
            self.add_error(
                "service_area",
                _("En læser kan ikke svare for et område. Vælg en anden rolle eller intet område."),
            )
        return self.cleaned_data


class RoleForm(forms.Form):
    role = _role_field()


class AreasForm(forms.Form):
    """A select of colleagues an area. What was not changed on the page is left as it is by then."""

    def __init__(self, data=None, *, members, assignees: dict[str, int | None]):
        super().__init__(data, prefix="areas")
        choices = [("", _("Ingen")), *((member.user_id, member.user.name) for member in members)]
        for area, label in ServiceArea.choices:
            has_it = assignees.get(area) or ""
            self.fields[area] = forms.TypedChoiceField(
                label=label, choices=choices, coerce=int, empty_value=None, required=False, initial=has_it
            )
            self.fields[f"{area}_seen"] = forms.CharField(
                required=False, widget=forms.HiddenInput, initial=has_it
            )

    def changes(self) -> dict[str, int | None]:
        """User id, or None, by area, where another is chosen than the page showed."""
        return {
            area: self.cleaned_data[area]
            for area in ServiceArea.values
            if str(self.cleaned_data[area] or "") != self.cleaned_data[f"{area}_seen"]
        }
