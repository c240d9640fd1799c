"""The approver's signature, the reasons for what still warns, and afterwards what it all took."""

import re
import uuid as uuids
from collections.abc import Iterable

from django import forms
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _

from survey.amounts import NotAnAmount, parse_thousands
from survey.forms.fields import LinesField, no_cpr_number
from survey.models import Feedback, Initiative
from survey.models.feedback import MAX_MINUTES
from survey.models.versions import ATTESTATION, NIL_STATEMENT

A_REASON = re.compile(r"reason_[0-9a-f-]{36}_[a-z_]+")  # a field's name
MOST_REASONS = 100  # fields on one page; the rest can be given when these are stored


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
        self.fields["attested"].label = NIL_STATEMENT if is_nil else ATTESTATION


class ReasonsForm(forms.Form):
    """A field for each open warning of these initiatives, the first hundred."""

    def __init__(self, *args, initiatives: Iterable[Initiative], warnings, **kwargs):
        super().__init__(*args, **kwargs)
        self.groups: list[tuple[Initiative, list[forms.BoundField]]] = []  # as the page shows them
        self.rules: dict[str, tuple[uuids.UUID, str]] = {}  # field name -> (uuid, rule)
        stored = {_name(uuid, w.rule): w.reason for uuid, said in warnings.items() for w in said}
        for initiative in initiatives:
            still_open = [warning for warning in warnings.get(initiative.uuid, ()) if warning.is_open]
            names = [self._add(initiative, warning) for warning in still_open[: self._room()]]
            if names:
                self.groups.append((initiative, [self[name] for name in names]))
        # Written for a warning that has got its reason, or is gone, since the page was opened.
        self.too_late = [
            text
            for name, text in self.data.items()
            if A_REASON.fullmatch(name)
            and name not in self.rules
            and text.replace("\r\n", "\n").strip() not in ("", stored.get(name))
        ]

    def _room(self) -> int:
        return MOST_REASONS - len(self.fields)

    def _add(self, initiative, warning) -> str:
        name = _name(initiative.uuid, warning.rule)
        # Named after its initiative: read out of its place, a label must say what it is about.
        label = _("Begrundelse: %(title)s, %(field)s") % {
            "title": initiative,
            "field": initiative.label(warning.field),
        }
        self.fields[name] = LinesField(
            rows=2,
            max_length=2_000,
            validators=[no_cpr_number],
            label=label,
            help_text=escape(warning.message),  # it may hold a title; the template takes help as HTML
            error_messages={
                "max_length": _("Begrundelsen må højst være 2.000 tegn. Den er nu %(show_value)d.")
            },
        )
        self.fields[name].widget.attrs.pop("maxlength", None)  # it would cut what is pasted, without a word
        self.rules[name] = (initiative.uuid, warning.rule)
        return name

    def given(self) -> dict[uuids.UUID, dict[str, str]]:
        """uuid -> rule -> the reason written for it."""
        found: dict[uuids.UUID, dict[str, str]] = {}
        for name, (uuid, rule) in self.rules.items():
            if self.cleaned_data[name].strip():
                found.setdefault(uuid, {})[rule] = self.cleaned_data[name]
        return found


def _name(uuid: uuids.UUID, rule: str) -> str:
    return f"reason_{uuid}_{rule}"


class FeedbackForm(forms.ModelForm):
    """Both are optional: who has no time to count it has answered all the same."""

    minutes = forms.CharField(
        label=_("Hvor mange minutter har kommunen i alt brugt på besvarelsen?"),
        help_text=_("Et skøn for alle, der har været med. 2 timer og et kvarter er 135."),
        required=False,
        widget=forms.TextInput(
            attrs={
                "inputmode": "numeric",
                "autocomplete": "off",
                "suffix": _("minutter"),
                "class": "input-width-s",
            }
        ),
    )

    class Meta:
        model = Feedback
        fields = ("minutes", "comment")
        labels = {"comment": _("Hvad kan gøre spørgeskemaet bedre?")}
        help_texts = {"comment": _("En linje til ministeriet. Skriv ingen personoplysninger.")}
        widgets = {"comment": forms.TextInput(attrs={"class": "input-width-xl"})}
        error_messages = {
            "comment": {"max_length": _("Bemærkningen må højst være 300 tegn. Den er nu %(show_value)d.")}
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["comment"].widget.attrs.pop("maxlength", None)  # the same
        self.fields["comment"].validators.append(no_cpr_number)

    def clean_minutes(self) -> int | None:
        try:
            minutes = parse_thousands(self.cleaned_data["minutes"])
        except NotAnAmount as error:
            message = _("Skriv tidsforbruget som et helt antal minutter, fx 90 for halvanden time.")
            raise forms.ValidationError(message) from error
        if minutes is not None and minutes > MAX_MINUTES:
            raise forms.ValidationError(_("Tidsforbruget kan højst være 60.000 minutter (1.000 timer)."))
        return minutes
