"""What the pages show; in the URL, so that a link shows the same."""

from django import forms
from django.utils.translation import gettext_lazy as _

from reporting import wording
from reporting.breakdowns import SERVICE_AREA
from reporting.forms.choices import BasisForm, LevelForm
from reporting.macro.cross_table import EXTRAPOLATED, INITIATIVES, PER_INHABITANT, REPORTED

SHOWN = {
    REPORTED: _("Indberettede bruttoudgifter, 1.000 kr."),
    EXTRAPOLATED: _("Opregnede bruttoudgifter, 1.000 kr."),
    PER_INHABITANT: _("Indberettede bruttoudgifter i kr. pr. indbygger"),
    INITIATIVES: _("Antal indberettede indsatser"),
}


class MethodForm(LevelForm):
    """By which method the country is extrapolated; a of an empty field."""

    method = forms.ChoiceField(
        label=_("Metode"),
        choices=list(wording.METHOD_NAMES.items()),
        required=False,
        widget=forms.Select(attrs={"class": "input-width-xl"}),
        error_messages={"invalid_choice": _("Vælg blandt metoderne a til f.")},
    )
    field_order: tuple[str, ...] = ("method", "price_level", "as_at")

    def clean_method(self) -> str:
        return self.cleaned_data["method"] or wording.USUAL_METHODS[0]


class MacroForm(MethodForm, BasisForm):
    """`show` is of the table; region, area and method are of those that carry the figures."""

    show = forms.ChoiceField(
        label=_("Tabellen viser"),
        choices=list(SHOWN.items()),
        required=False,
        widget=forms.Select(attrs={"class": "input-width-xl"}),
        error_messages={"invalid_choice": _("Vælg et af de fire tal på listen.")},
    )
    area = forms.ChoiceField(
        label=_("Område"),
        choices=[("", _("Alle områder")), *SERVICE_AREA.groups.items()],
        required=False,
        error_messages={"invalid_choice": _("Vælg et af de seks områder eller alle.")},
    )
    field_order = ("show", "region", "area", "method", "price_level", "as_at")

    def __init__(self, data, *, survey_round):
        super().__init__(data, survey_round=survey_round)
        self.fields["region"].help_text = _(
            "Region, område og metode gælder de største indsatser og kommuner; tabellen viser altid det hele."
        )
        self.fields["method"].help_text = _("En region opregnes altid med sine egne kommuners svar.")

    def clean_show(self) -> str:
        return self.cleaned_data["show"] or REPORTED
