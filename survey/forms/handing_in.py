"""The approver's signature."""

from django import forms
from django.utils.translation import gettext_lazy as _


class HandInForm(forms.Form):
    """The approver's signature on what stands on the page: `seen` is its checksum."""

    seen = forms.CharField(
        widget=forms.HiddenInput, error_messages={"required": _("Siden er for gammel. Åbn den igen.")}
    )
    attested = forms.BooleanField(
        error_messages={"required": _("Sæt kryds for at bekræfte, før du indsender.")}
    )

    def __init__(self, *args, is_nil: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["attested"].label = (
            _("Jeg bekræfter på kommunens vegne, at kommunen ingen indsatser har at indberette.")
            if is_nil
            else _("Jeg bekræfter på kommunens vegne, at oplysningerne er rigtige og fuldstændige.")
        )
