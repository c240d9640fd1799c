from datetime import datetime
from typing import cast

from django import forms
from django.utils.translation import gettext_lazy as _

from reporting import wording
from reporting.forms.choices import DANISH_MOMENTS, LevelForm
from reporting.models import Publication
from survey.models import SurveyRound
from survey.transitions import database_now


class PublicationForm(LevelForm):
    """What is to be frozen. reporting/publishing/freeze.py judges the moments under its lock."""

    number = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    title = forms.CharField(
        label=_("Titel"),
        max_length=200,
        widget=forms.TextInput(attrs={"class": "input-width-xl"}),
        error_messages={
            "required": _("Skriv en titel, fx Kommunernes indsatser i 2025."),
            "max_length": _("Skriv højst 200 tegn. Der er nu %(show_value)d."),
        },
    )
    method = forms.ChoiceField(
        label=_("Metode"),
        choices=list(wording.METHOD_NAMES.items()),
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Vælg en af metoderne a til f.")),
    )
    embargo_until = forms.DateTimeField(
        label=_("Klausuleret til"),
        help_text=_(
            "Indtil da ser kun kortlægningsansvarlige og administratorer tallene. Tomt felt betyder, at de "
            "frigives straks. Skriv ellers dato og klokkeslæt, fx 01.12.2027 08.00."
        ),
        required=False,
        input_formats=DANISH_MOMENTS,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"invalid": _("Skriv dato og klokkeslæt, fx 01.12.2027 08.00.")},
    )
    revises = forms.ModelChoiceField(
        label=_("Reviderer"),
        queryset=Publication.objects.none(),
        to_field_name="number",
        required=False,
        empty_label=_("Ingen, det er nye tal"),
        error_messages={"invalid_choice": _("Vælg en opgørelse på listen, som ingen har revideret.")},
    )
    revision_reason = forms.CharField(
        label=_("Begrundelse for revisionen"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": _("Skriv højst 2.000 tegn. Der er nu %(show_value)d.")},
    )
    field_order = (
        "title",
        "method",
        "price_level",
        "as_at",
        "embargo_until",
        "revises",
        "revision_reason",
        "number",
    )

    def __init__(self, data=None, *, survey_round: SurveyRound, user, initial=None):
        super().__init__(data, survey_round=survey_round)
        self.initial = initial or {}
        revises = cast(forms.ModelChoiceField, self.fields["revises"])
        revises.queryset = (
            Publication.objects.visible_to(user)
            .filter(round=survey_round, revised_by=None)
            .only("number", "title")
        )

    def clean_embargo_until(self) -> datetime | None:
        until = self.cleaned_data["embargo_until"]
        if until and until.year > 2099:
            raise forms.ValidationError(_("Skriv dato og klokkeslæt, fx 01.12.2027 08.00."))
        if until and until <= database_now():
            raise forms.ValidationError(_("Skriv et tidspunkt, der kommer, eller lad feltet stå tomt."))
        return until

    def clean(self):
        if not self["as_at"].data:
            self.cleaned_data["as_at"] = None  # the moment of the publication, known under its lock
        revises, reason = self.cleaned_data.get("revises"), self.cleaned_data.get("revision_reason")
        if revises and reason == "":
            self.add_error("revision_reason", _("Skriv, hvorfor opgørelsen revideres."))
        if reason and "revises" in self.cleaned_data and not revises:
            self.add_error("revises", _("Vælg den opgørelse, som begrundelsen gælder."))
        return self.cleaned_data
