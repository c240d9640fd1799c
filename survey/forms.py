"""The questionnaire's form, and the small ones around it."""

from django import forms
from django.forms.models import construct_instance
from django.utils.formats import number_format
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from survey.amounts import NotAnAmount, parse_share, parse_thousands
from survey.models import (
    FundingSource,
    Initiative,
    PrimaryTargetGroup,
    SecondaryTargetGroup,
    ServiceArea,
    TimeHorizon,
)
from survey.questionnaire import BY_NAME, FIELD_NAMES

LEGAL_BASES = ("Kommunalfuldmagten", "ukendt")


class ThousandsField(forms.CharField):
    """Whole 1,000 kr. as people write them; the cleaned value is an int or None."""

    default_error_messages = {
        "negative": _("%(label)s kan ikke være negativ. Skriv beløbet i hele 1.000 kr., fx 1.250."),
        "decimals": _(
            "Skriv %(name)s i hele 1.000 kr. uden decimaler, fx 1.250 eller 1250. "
            "Punktum skiller tusinder, og komma bruges ikke."
        ),
        "unit": _("Skriv kun tallet i %(name)s, i hele 1.000 kr.: 1.250.000 kr. skrives 1.250."),
        "too_large": _("%(label)s er for stor. Skriv beløbet i hele 1.000 kr.: 1.250.000 kr. skrives 1.250."),
        "not_a_number": _("Skriv %(name)s i hele 1.000 kr., fx 1.250."),
    }

    def __init__(self, *, name, **kwargs):
        self.name = name  # the amount's name in a sentence: "bruttoudgiften"
        widget = forms.TextInput(
            attrs={
                "inputmode": "numeric",
                "autocomplete": "off",
                "suffix": _("1.000 kr."),
                "class": "input-width-m",
            }
        )
        super().__init__(required=False, max_length=40, widget=widget, **kwargs)

    def to_python(self, value):
        try:
            return parse_thousands(super().to_python(value) or "")
        except NotAnAmount as error:
            names = {"name": self.name, "label": str(self.name).capitalize()}
            raise forms.ValidationError(
                self.error_messages[error.code], code=error.code, params=names
            ) from error

    def prepare_value(self, value):
        return number_format(value, use_l10n=True, force_grouping=True) if isinstance(value, int) else value

    def has_changed(self, initial, data):
        try:
            return initial != parse_thousands(data or "")
        except NotAnAmount:
            return True

    def run_validators(self, value):
        pass  # CharField's own validators are for text, and the text has become a number


class ShareField(forms.CharField):
    """Percent or "-"; the cleaned value is (percent or None, unknown)."""

    default_error_messages = {
        "not_a_share": _(
            "Skriv andelen i hele procent fra 0 til 100, fx 75, eller - hvis den ikke kan opgøres."
        )
    }

    def __init__(self, **kwargs):
        widget = forms.TextInput(attrs={"autocomplete": "off", "suffix": "%", "class": "input-width-xs"})
        super().__init__(required=False, widget=widget, **kwargs)

    def to_python(self, value):
        try:
            return parse_share(super().to_python(value) or "")
        except NotAnAmount as error:
            raise forms.ValidationError(self.error_messages[error.code], code=error.code) from error

    def run_validators(self, value):
        pass


class LinesField(forms.CharField):
    """Text of several lines; browsers send CR LF, everything else here has LF."""

    def __init__(self, *, rows, **kwargs):
        super().__init__(
            required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": rows}), **kwargs
        )

    def to_python(self, value):
        return (super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")


def _radio(choices, **kwargs):
    return forms.ChoiceField(choices=choices.choices, required=False, widget=forms.RadioSelect, **kwargs)


class InitiativeForm(forms.ModelForm):
    """The service area and the ten fields. A draft may lack any of them; what is there must be right."""

    revision = forms.IntegerField(
        required=False,
        widget=forms.HiddenInput,
        error_messages={"invalid": _("Siden er for gammel. Åbn indsatsen igen.")},
    )

    service_area = forms.ChoiceField(
        label=_("Område"),
        help_text=_("Det fagområde, som indsatsen hører under."),
        choices=[("", _("Vælg et område")), *ServiceArea.choices],
        required=False,
        error_messages={"invalid_choice": _("Vælg et af de seks områder.")},
    )
    gross_expenditure = ThousandsField(name=_("bruttoudgiften"))
    gross_income = ThousandsField(name=_("bruttoindtægten"))
    funding_sources = forms.MultipleChoiceField(
        choices=FundingSource.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Vælg blandt de tre finansieringskilder.")},
    )
    primary_target_group = _radio(
        PrimaryTargetGroup, error_messages={"invalid_choice": _("Vælg a, b eller c som primær målgruppe.")}
    )
    secondary_target_group = _radio(
        SecondaryTargetGroup, error_messages={"invalid_choice": _("Vælg en af de fem sekundære målgrupper.")}
    )
    content = LinesField(
        rows=4,
        error_messages={"max_length": _("Indholdet må højst være 10.000 tegn. Det er nu %(show_value)d.")},
    )
    purpose = LinesField(
        rows=3,
        error_messages={"max_length": _("Formålet må højst være 10.000 tegn. Det er nu %(show_value)d.")},
    )
    time_horizon = _radio(
        TimeHorizon,
        label=_("Tidshorisont"),
        error_messages={"invalid_choice": _("Vælg en af de tre tidshorisonter.")},
    )
    target_share = ShareField()

    class Meta:
        model = Initiative
        fields = ("service_area", *BY_NAME)
        widgets = {
            "title": forms.TextInput(attrs={"class": "input-width-xl"}),
            "legal_basis": forms.TextInput(
                attrs={"class": "input-width-xl", "list": "legal-bases", "autocomplete": "off"}
            ),
        }
        error_messages = {
            "title": {"max_length": _("Titlen må højst være 200 tegn. Den er nu %(show_value)d.")},
            "legal_basis": {
                "max_length": _("Hjemmelsgrundlaget må højst være 300 tegn. Det er nu %(show_value)d.")
            },
        }

    def __init__(self, *args, accounts_year: int, **kwargs):
        super().__init__(*args, **kwargs)
        for name, question in BY_NAME.items():
            field = self.fields[name]
            if name == question.names[0]:  # field 9's second part keeps its own label
                field.label = format_lazy("{}. {}", question.number, question.heading)
                field.help_text = format_lazy(question.guidance, accounts_year=accounts_year)
        for field in self.fields.values():
            field.widget.attrs.pop("maxlength", None)  # it would cut what is pasted, without a word
        self.initial["revision"] = self.instance.revision
        if self.instance.target_share_unknown:
            self.initial["target_share"] = "-"

    def _post_clean(self):
        """Not Model.full_clean: the fields above hold the same rules, at their field and without a query
        for each constraint; the database judges the constraints when the row is saved."""
        self.instance = construct_instance(self, self.instance, self._meta.fields)

    def clean_funding_sources(self):
        """Each once, in the questionnaire's order."""
        return [source for source in FundingSource.values if source in self.cleaned_data["funding_sources"]]

    def clean(self):
        answered = any(self.cleaned_data.get(name) for name in FIELD_NAMES if name != "target_share")
        if not answered and not self.errors and not self.cleaned_data.get("revision"):
            raise forms.ValidationError(_("Der er ikke skrevet noget. Skriv mindst en titel i felt 1."))
        return super().clean()

    def clean_target_share(self):
        share, self.instance.target_share_unknown = self.cleaned_data["target_share"]
        return share


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
