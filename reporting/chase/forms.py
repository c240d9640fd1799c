"""What of the chase list is shown, and what is noted in it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from municipalities.models import Municipality
from reporting.forms.choices import RegionForm
from reporting.response.counts import BEGUN, NOT_BEGUN, RETURNED
from reporting.response.standings import STATE_NAMES
from survey.forms.fields import LinesField, no_cpr_number
from survey.models import ChaseNote

SHOWN = {"ikke-begyndt": NOT_BEGUN, "begyndt": BEGUN, "sendt-tilbage": RETURNED}


class ChaseFilterForm(RegionForm):
    """In the URL, so that a link shows the same."""

    tilstand = forms.ChoiceField(
        label=_("Besvarelsen er"),
        required=False,
        choices=[("", _("Alle")), *((slug, STATE_NAMES[state]) for slug, state in SHOWN.items())],
        error_messages={"invalid_choice": _("Vælg en tilstand på listen.")},
    )
    udfald = forms.ChoiceField(
        label=_("Seneste udfald"),
        required=False,
        choices=[("", _("Alle")), ("intet", _("intet udfald")), *ChaseNote.Outcome.choices],
        error_messages={"invalid_choice": _("Vælg et udfald på listen.")},
    )


class NoteForm(forms.Form):
    """`seen` is the newest note that the page showed."""

    seen = forms.IntegerField(
        required=False,
        widget=forms.HiddenInput,
        error_messages={"invalid": _("Siden er for gammel. Åbn den igen.")},
    )
    outcome = forms.ChoiceField(
        label=_("Udfald"),
        required=False,
        choices=[("", _("Intet udfald")), *ChaseNote.Outcome.choices],
        error_messages={"invalid_choice": _("Vælg et udfald på listen.")},
    )
    merged_with = forms.ModelChoiceField(
        label=_("Lagt sammen med"),
        help_text=_(
            "Kun når udfaldet er, at kommunen er lagt sammen med en anden. Det ændrer intet i tallene: "
            "en sammenlægning skrives under Grunddata, ”Kommuner efter dato”."
        ),
        required=False,
        queryset=Municipality.objects.none(),
        empty_label=_("Ingen"),
        error_messages={"invalid_choice": _("Vælg en anden kommune på listen.")},
    )
    text = LinesField(
        rows=4,
        max_length=2_000,
        validators=[no_cpr_number],
        label=_("Notat"),
        error_messages={"max_length": _("Notatet må højst være 2.000 tegn. Det er nu %(show_value)d.")},
    )

    def __init__(self, data=None, *, municipality: Municipality, seen: int | None = None):
        super().__init__(data, initial={"seen": seen})
        others = Municipality.objects.exclude(pk=municipality.pk)
        self.fields["merged_with"].queryset = others  # type: ignore[attr-defined]
        self.fields["text"].widget.attrs.pop("maxlength", None)  # it would cut what is pasted, without a word

    def clean_seen(self) -> int:
        return self.cleaned_data["seen"] or 0

    def clean(self):
        found = self.cleaned_data
        merged = found.get("outcome") == ChaseNote.Outcome.MERGED
        if merged and not found.get("merged_with") and "merged_with" not in self.errors:
            self.add_error("merged_with", _("Vælg, hvilken kommune den er lagt sammen med."))
        if not merged and found.get("merged_with"):
            self.add_error(
                "outcome", _("Vælg udfaldet ”lagt sammen med en anden kommune”, eller vælg ingen.")
            )
        if not self.errors and not found["outcome"] and not found["text"].strip():
            self.add_error("text", _("Skriv et notat, eller vælg et udfald."))
        return found
