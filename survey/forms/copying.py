"""Which of last round's initiatives to copy."""

from typing import cast
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _


class CopyForm(forms.Form):
    """The chosen initiatives' uuids. One that is copied already may be chosen: a page can be old."""

    initiatives = forms.TypedMultipleChoiceField(
        coerce=UUID,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Sæt kryds ved mindst én indsats, eller hent dem alle."),
            "invalid_choice": _("Listen er ændret, siden du åbnede siden. Vælg igen."),
        },
    )

    def __init__(self, *args, offered, **kwargs):
        super().__init__(*args, **kwargs)
        field = cast(forms.TypedMultipleChoiceField, self.fields["initiatives"])
        field.choices = [(str(one.uuid), one.title) for one in offered]
