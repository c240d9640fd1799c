"""A rule put out of use in a round, or taken in again."""

from django import forms
from django.utils.translation import gettext_lazy as _

from survey.forms.fields import LinesField, no_cpr_number
from survey.models import RuleRetirement


class RuleForm(forms.Form):
    """`shown` are the rules that one may choose; any other is judged by what it is by then, so that pressing
    twice is no error."""

    kind = forms.ChoiceField(
        choices=RuleRetirement.Kind.choices,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), _("Vælg, om reglen skal ud af brug eller i brug.")
        ),
    )
    rule = forms.ChoiceField(
        label=_("Regel"),
        widget=forms.Select(attrs={"class": "input-width-xl"}),
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Vælg en regel på listen.")),
    )
    reason = LinesField(
        rows=3,
        max_length=2_000,
        validators=[no_cpr_number],
        label=_("Begrundelse"),
        error_messages={"max_length": _("Begrundelsen må højst være 2.000 tegn. Den er nu %(show_value)d.")},
    )

    def __init__(self, data=None, *, names, shown, kind: str):
        super().__init__(data, initial={"kind": kind}, auto_id=f"{kind}_%s")
        choices = [("", _("Vælg en regel"))]
        self.fields["rule"].choices = [*choices, *names.items()]  # type: ignore[attr-defined]
        self.fields["rule"].widget.choices = [*choices, *((rule, names[rule]) for rule in shown)]
        # It would cut what is pasted, without a word.
        self.fields["reason"].widget.attrs.pop("maxlength", None)

    def clean_reason(self) -> str:
        reason = self.cleaned_data["reason"]
        if not reason.strip():
            raise forms.ValidationError(_("Skriv en begrundelse."))
        return reason
