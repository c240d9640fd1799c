from datetime import datetime, time, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from municipalities.models import Municipality, Region
from reporting import wording
from reporting.breakdowns import BREAKDOWNS, SERVICE_AREA, Breakdown
from reporting.moments import YEARS
from survey.forms.moments import DANISH_DAYS
from survey.models import SurveyRound
from survey.transitions import database_now

DANISH_MOMENTS = [f"{day}{clock}" for day in DANISH_DAYS for clock in (" %H.%M.%S", " %H.%M", " %H:%M", "")]


class RegionForm(forms.Form):
    """Which municipalities a page shows; in the URL, so that a link shows the same."""

    region = forms.ModelChoiceField(
        label=_("Region"),
        queryset=Region.objects.all(),
        to_field_name="code",
        required=False,
        empty_label=_("Hele landet"),
        error_messages={"invalid_choice": _("Vælg en af de fem regioner eller hele landet.")},
    )

    def clean_region(self) -> str | None:
        region = self.cleaned_data["region"]
        return region.code if region else None


class LevelForm(forms.Form):
    """At which price level and as at when. An empty field means the round's own level, and now."""

    price_level = forms.IntegerField(
        label=_("Pris- og lønniveau (år)"),
        required=False,
        min_value=1990,
        max_value=2099,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), _("Skriv pris- og lønniveauet som et år, fx 2022.")
        ),
    )
    as_at = forms.DateTimeField(
        label=_("Opgjort pr."),
        help_text=_(
            "Tomt felt betyder nu. Skriv ellers dato og klokkeslæt, fx 01.12.2021 12.00; "
            "en dag alene er dens første minut."
        ),
        required=False,
        input_formats=DANISH_MOMENTS,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"invalid": _("Skriv dato og klokkeslæt, fx 01.12.2021 12.00.")},
    )

    def __init__(self, data, *, survey_round: SurveyRound):
        super().__init__(data)
        self.survey_round = survey_round
        self.fields["price_level"].help_text = _(
            "Tomt felt betyder kortlægningens eget niveau, %(year)d."
        ) % {"year": survey_round.price_level}

    def clean_price_level(self) -> int:
        return self.cleaned_data["price_level"] or self.survey_round.price_level

    def clean_as_at(self) -> datetime:
        """Never later than now: what will be handed in then is not known."""
        now = database_now()
        as_at = self.cleaned_data["as_at"] or now
        if as_at.year not in YEARS or as_at > now:
            raise forms.ValidationError(_("Skriv et tidspunkt, der er passeret."))
        return as_at


class BasisForm(LevelForm, RegionForm):
    """What figures are of."""

    field_order: tuple[str, ...] = ("region", "price_level", "as_at")


class EstimateForm(BasisForm):
    """How the estimate is made, too: by which methods, and broken down by what."""

    methods = forms.MultipleChoiceField(
        label=_("Metoder"),
        choices=list(wording.METHOD_NAMES.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Den første er sidens egen. En region opregnes altid med sine egne kommuners svar."),
        error_messages={"invalid_choice": _("Vælg blandt metoderne a til f.")},
    )
    breakdown = forms.ChoiceField(
        label=_("Fordelt på"),
        choices=[(breakdown.field, breakdown.name) for breakdown in BREAKDOWNS.values()],
        required=False,
        error_messages={"invalid_choice": _("Vælg en af de fem fordelinger.")},
    )
    field_order = ("methods", "region", "breakdown", "price_level", "as_at")

    def __init__(self, data, *, survey_round: SurveyRound):
        if "methods" not in data:
            data = data.copy()
            data.setlist("methods", wording.USUAL_METHODS)
        super().__init__(data, survey_round=survey_round)

    def clean_methods(self) -> list[str]:
        return sorted(set(self.cleaned_data["methods"])) or list(wording.USUAL_METHODS)

    def clean_breakdown(self) -> Breakdown:
        return BREAKDOWNS.get(self.cleaned_data["breakdown"], SERVICE_AREA)


class RowsForm(BasisForm):
    """Which initiatives to list behind a figure."""

    municipality = forms.ModelChoiceField(
        label=_("Kommune"),
        queryset=Municipality.objects.all(),
        to_field_name="code",
        required=False,
        empty_label=_("Alle kommuner"),
        error_messages={"invalid_choice": _("Vælg en kommune på listen.")},
    )
    group = forms.ChoiceField(
        label=_("Område, målgruppe, finansiering eller tidshorisont"),
        required=False,
        error_messages={"invalid_choice": _("Vælg en af grupperne på listen.")},
    )
    field_order = ("region", "municipality", "group", "price_level", "as_at")

    def __init__(self, data, *, survey_round: SurveyRound):
        super().__init__(data, survey_round=survey_round)
        asked = Municipality.objects.filter(submissions__round=survey_round)
        self.fields["municipality"].queryset = asked  # type: ignore[attr-defined]
        self.fields["group"].choices = [  # type: ignore[attr-defined]
            ("", _("Alle")),
            *(
                (breakdown.name, [(f"{field}:{group}", name) for group, name in breakdown.groups.items()])
                for field, breakdown in BREAKDOWNS.items()
            ),
        ]

    def clean_group(self) -> tuple[Breakdown, str] | None:
        field, _colon, group = self.cleaned_data["group"].partition(":")
        return (BREAKDOWNS[field], group) if group else None


class VersionForm(forms.Form):
    """About the version that the reviewer has seen."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class ApproveForm(VersionForm):
    """An approval; where something is `unsettled` (words for what), it takes a tick."""

    despite = forms.BooleanField(
        error_messages={"required": _("Sæt kryds, hvis besvarelsen skal godkendes alligevel.")}
    )

    def __init__(self, data=None, *, unsettled: str, **kwargs):
        super().__init__(data, auto_id="approve_%s", **kwargs)
        if unsettled:
            self.fields["despite"].label = _("Godkend alligevel: %(unsettled)s") % {"unsettled": unsettled}
        else:
            del self.fields["despite"]


class SendBackForm(VersionForm):
    """A reviewer's request for changes to the version that he or she has seen."""

    comment = forms.CharField(
        label=_("Hvad skal kommunen se på?"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={
            "required": _("Skriv, hvad kommunen skal se på."),
            "max_length": _("Skriv højst 5.000 tegn. Der er nu %(show_value)d."),
        },
    )
    due_on = forms.DateField(
        label=_("Skal være rettet senest"),
        help_text=_("Til og med denne dag, fx 15.12.2027."),
        input_formats=DANISH_DAYS,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": _("Skriv den sidste dag, kommunen kan rette på, fx 15.12.2027."),
            "invalid": _("Skriv datoen som dag, måned og år, fx 15.12.2027."),
        },
    )

    def clean_due_on(self):
        day = self.cleaned_data["due_on"]
        if not timezone.localdate() <= day <= timezone.localdate() + timedelta(days=366):
            raise forms.ValidationError(_("Fristen skal ligge inden for det kommende år."))
        return day

    @property
    def due_at(self) -> datetime:
        """The day's last minute, Danish time."""
        return timezone.make_aware(datetime.combine(self.cleaned_data["due_on"], time(23, 59)))
