"""A reviewer's correction of a reported initiative, and its withdrawal."""

from django import forms
from django.utils.translation import gettext_lazy as _

from survey.forms.fields import ThousandsField
from survey.models import (
    Adjustment,
    AdjustmentReason,
    FundingSource,
    PrimaryTargetGroup,
    ReportedInitiative,
    ServiceArea,
)
from survey.models.adjustments import ADJUSTABLE


class ExplanationField(forms.CharField):
    """Text of several lines, where a line break is one character of the 2,000: browsers send CR LF."""

    def __init__(self, **kwargs):
        super().__init__(
            max_length=2000,
            widget=forms.Textarea(attrs={"rows": 4}),
            help_text=_("Kommunen kan læse forklaringen."),
            error_messages={
                "required": _("Skriv en forklaring. Kommunen kan læse den."),
                "max_length": _("Skriv højst 2.000 tegn. Der er nu %(show_value)d."),
            },
            **kwargs,
        )

    def to_python(self, value):
        return (super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")

    def widget_attrs(self, widget):
        return {}  # maxlength would cut what is pasted, without a word


class SeenForm(forms.Form):
    """`seen` is the latest decision that the page showed, empty if there was none."""

    seen = forms.IntegerField(
        required=False,
        widget=forms.HiddenInput,
        error_messages={"invalid": _("Siden er for gammel. Åbn den igen.")},
    )


class AdjustmentForm(SeenForm):
    """The values that are to count; those left as reported are not corrected."""

    service_area = forms.ChoiceField(
        label=_("Område"),
        choices=ServiceArea.choices,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Vælg et af de seks områder.")),
    )
    gross_expenditure = ThousandsField(
        name=_("bruttoudgiften"),
        error_messages={"required": _("Skriv bruttoudgiften i hele 1.000 kr., fx 1.250.")},
    )
    gross_income = ThousandsField(
        name=_("bruttoindtægten"),
        error_messages={"required": _("Skriv bruttoindtægten i hele 1.000 kr., fx 1.250.")},
    )
    funding_sources = forms.MultipleChoiceField(
        choices=FundingSource.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Vælg mindst en af de tre finansieringskilder."),
            "invalid_choice": _("Vælg blandt de tre finansieringskilder."),
        },
    )
    primary_target_group = forms.ChoiceField(
        choices=PrimaryTargetGroup.choices,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), _("Vælg a, b eller c som primær målgruppe.")
        ),
    )
    out_of_scope = forms.BooleanField(
        label=_("Indsatsen hører ikke med i kortlægningen og tæller slet ikke"), required=False
    )
    reason = forms.ChoiceField(
        label=_("Hvorfor rettes indsatsen?"),
        choices=[("", _("Vælg en grund")), *AdjustmentReason.choices],
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Vælg, hvorfor indsatsen rettes.")),
    )
    explanation = ExplanationField(label=_("Forklaring"))

    def __init__(
        self, data=None, *, initiative: ReportedInitiative, adjustment: Adjustment | None, seen=None
    ):
        """Prefilled with what counts now: as `adjustment` has it, or as reported."""
        counts = adjustment.adjusted(initiative) if adjustment else initiative
        initial = {name: getattr(counts, name) for name in ADJUSTABLE}
        initial["out_of_scope"] = adjustment is not None and adjustment.out_of_scope
        super().__init__(data, initial=initial | {"seen": seen})
        for name in ADJUSTABLE:
            self.fields[name].label = initiative.label(name)
        unit = _("I hele 1.000 kr. i %(year)d-priser.")
        for name in ("gross_expenditure", "gross_income"):
            self.fields[name].required = True
            self.fields[name].help_text = unit % {"year": initiative.version.submission.round.accounts_year}

    def clean_funding_sources(self):
        """In the questionnaire's order, so that equal answers are equal."""
        return [source for source in FundingSource.values if source in self.cleaned_data["funding_sources"]]


class WithdrawAdjustmentForm(SeenForm):
    explanation = ExplanationField(label=_("Hvorfor trækkes rettelsen tilbage?"))
