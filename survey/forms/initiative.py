"""The questionnaire's form."""

from collections.abc import Mapping

from django import forms
from django.forms.models import construct_instance
from django.template.defaultfilters import linebreaksbr
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from survey.catalogue import SOFT_IDS
from survey.forms.fields import LinesField, ShareField, ThousandsField, no_cpr_number
from survey.models import (
    AmountBasis,
    FundingSource,
    Initiative,
    PrimaryTargetGroup,
    Scope,
    SecondaryTargetGroup,
    ServiceArea,
    TimeHorizon,
)
from survey.models.initiatives import STORED_FIELDS, SUPPLEMENTARY_FIELDS
from survey.questionnaire import BY_NAME, FIELD_NAMES, guidance_of

LEGAL_BASES = ("Kommunalfuldmagten", "ukendt")
REASON = "reason_"  # and a rule's id: the field in which its warning is passed
MAX_REASON = 2_000  # characters


def _radio(choices, **kwargs):
    return forms.ChoiceField(choices=choices.choices, required=False, widget=forms.RadioSelect, **kwargs)


def _basis(**kwargs):
    """A list, unlike radio buttons, can be set back to no answer."""
    return forms.ChoiceField(
        choices=[("", _("Ikke angivet")), *AmountBasis.choices],
        required=False,
        widget=forms.Select(attrs={"class": "input-width-l"}),
        **kwargs,
    )


class InitiativeForm(forms.ModelForm):
    """The service area, the ten fields, what is said besides them, and reasons that pass warnings.

    A draft may lack any of them; what is there must be right.
    """

    revision = forms.IntegerField(
        required=False,
        widget=forms.HiddenInput,
        error_messages={"invalid": _("Siden er for gammel. Åbn indsatsen igen.")},
    )

    scope = forms.ChoiceField(
        label=_("Kommunens vurdering (frivillig)"),
        choices=[("", _("Ikke taget stilling")), *Scope.choices],
        required=False,
        widget=forms.RadioSelect,
        error_messages={
            "invalid_choice": _("Vælg, om indsatsen hører med, ikke hører med, eller I er i tvivl.")
        },
    )
    scope_reason = LinesField(
        rows=2,
        max_length=2_000,
        label=_("Begrundelse (frivillig)"),
        help_text=_("Ministeriet læser vurderingen og begrundelsen sammen med indsatsen."),
        error_messages={"max_length": _("Begrundelsen må højst være 2.000 tegn. Den er nu %(show_value)d.")},
    )
    service_area = forms.ChoiceField(
        label=_("Område"),
        help_text=guidance_of("service_area"),
        choices=[("", _("Vælg et område")), *ServiceArea.choices],
        required=False,
        error_messages={"invalid_choice": _("Vælg et af de seks områder.")},
    )
    gross_expenditure = ThousandsField(name=_("bruttoudgiften"))
    expenditure_basis = _basis(
        label=_("Hvor kommer udgiften fra? (frivilligt)"),
        error_messages={"invalid_choice": _("Vælg på listen, hvor udgiften kommer fra.")},
    )
    gross_income = ThousandsField(name=_("bruttoindtægten"))
    income_basis = _basis(
        label=_("Hvor kommer indtægten fra? (frivilligt)"),
        error_messages={"invalid_choice": _("Vælg på listen, hvor indtægten kommer fra.")},
    )
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
        fields = tuple(name for name in STORED_FIELDS if name != "target_share_unknown")
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
        for name in self._posted_reasons():
            self.fields[name] = LinesField(
                rows=2,
                max_length=MAX_REASON,
                validators=[no_cpr_number],
                label=_("Begrundelse"),
                error_messages={
                    "max_length": _("Begrundelsen må højst være 2.000 tegn. Den er nu %(show_value)d.")
                },
            )
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

    def guide(self, own: Mapping[str, str]) -> None:
        """A round's own guidance (field -> text) in place of the questionnaire's; only a page needs it."""
        for name, text in own.items():
            self[name].help_text = linebreaksbr(text, autoescape=True)

    def _posted_reasons(self) -> list[str]:
        return [f"{REASON}{rule}" for rule in sorted(SOFT_IDS) if f"{REASON}{rule}" in self.data]

    @property
    def reasons(self) -> dict[str, str]:
        """Rule id -> the reason as written, of those that are valid."""
        names = [name for name in self._posted_reasons() if name in self.cleaned_data]
        return {name.removeprefix(REASON): self.cleaned_data[name] for name in names}

    @property
    def valid_names(self) -> list[str]:
        """The model's fields that hold what was written; the others may keep what is stored."""
        wrong = {*self.errors, *(["target_share_unknown"] if "target_share" in self.errors else [])}
        return [name for name in STORED_FIELDS if name not in wrong]

    @property
    def is_blank(self) -> bool:
        """Whether nothing that can be stored was written."""
        values = (getattr(self.instance, name) for name in self.valid_names)
        return all(value is None or value is False or value in ("", []) for value in values)

    def _post_clean(self):
        """Not Model.full_clean: the fields above hold the same rules, at their field and without a query
        for each constraint; the database judges the constraints when the row is saved."""
        self.instance = construct_instance(self, self.instance, self._meta.fields)

    def clean_funding_sources(self):
        """Each once, in the questionnaire's order."""
        return [source for source in FundingSource.values if source in self.cleaned_data["funding_sources"]]

    def clean(self):
        names = (*FIELD_NAMES, *SUPPLEMENTARY_FIELDS)
        answered = any(self.cleaned_data.get(name) for name in names if name != "target_share")
        if not answered and not self.errors and not self.cleaned_data.get("revision"):
            raise forms.ValidationError(_("Der er ikke skrevet noget. Skriv mindst en titel i felt 1."))
        return super().clean()

    def clean_target_share(self):
        share, self.instance.target_share_unknown = self.cleaned_data["target_share"]
        return share
