"""What of the comparison is shown, and which question is asked."""

from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from reporting.comparability.differences import AREA, FIELDS, LEGAL_BASIS, TARGET_GROUP
from survey.models import PrimaryTargetGroup, ServiceArea

SHOWN = {"omraade": AREA, "hjemmel": LEGAL_BASIS, "maalgruppe": TARGET_GROUP}
TOO_OLD = _("Spørgsmålet kunne ikke læses. Åbn siden igen, og prøv en gang til.")
NOT_READ = dict.fromkeys(("required", "invalid", "max_length", "invalid_choice"), TOO_OLD)


class ComparisonForm(forms.Form):
    """In the URL, so that a link shows the same."""

    forskel = forms.ChoiceField(
        label=_("Det, der er forskelligt"),
        required=False,
        choices=[
            ("", _("Område, hjemmel eller målgruppe")),
            ("omraade", _("Område")),
            ("hjemmel", _("Hjemmelsgrundlag")),
            ("maalgruppe", _("Primær målgruppe")),
        ],
        error_messages={"invalid_choice": _("Vælg en af forskellene på listen.")},
    )
    omraade = forms.ChoiceField(
        label=_("Med en indsats på området"),
        required=False,
        choices=[("", _("Alle områder")), *ServiceArea.choices],
        error_messages={"invalid_choice": _("Vælg et af de seks områder.")},
    )

    def clean_forskel(self) -> tuple[str, ...]:
        chosen = SHOWN.get(self.cleaned_data["forskel"])
        return (chosen,) if chosen else FIELDS


class AskForm(forms.Form):
    """The button's own: nothing in it is typed. `seen` is the dialogue's latest message on the page."""

    code = forms.CharField(max_length=4, error_messages=NOT_READ)
    uuid = forms.UUIDField(error_messages=NOT_READ)
    field = forms.ChoiceField(choices=[(name, name) for name in (*FIELDS, "title")], error_messages=NOT_READ)
    other = forms.CharField(max_length=400, error_messages=NOT_READ)
    seen = forms.IntegerField(min_value=0, error_messages=NOT_READ)

    def clean(self):
        found = self.cleaned_data
        known = {AREA: ServiceArea.values, TARGET_GROUP: PrimaryTargetGroup.values}.get(
            found.get("field", "")
        )
        if known and found.get("other") not in known:
            raise forms.ValidationError(TOO_OLD)
        if found.get("field") == "title" and not _is_uuid(found.get("other", "")):
            raise forms.ValidationError(TOO_OLD)
        return found


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
