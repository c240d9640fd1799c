"""The forms of a plan: a round, its dates, its phases, and the reason for an act."""

from collections.abc import Iterable
from datetime import date

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from survey.forms.fields import no_cpr_number
from survey.forms.moments import YEARS, DayField, MomentField
from survey.models import RoundPhase, SurveyRound
from survey.rounds.locking import PLANNED, phases_seen, seen

YEAR = {"inputmode": "numeric", "autocomplete": "off", "class": "input-width-s"}


def _moment(label, hint, missing) -> MomentField:
    return MomentField(label=label, help_text=hint, error_messages={"required": missing})


def _opens_at() -> MomentField:
    return _moment(
        _("Åbner"),
        _("Fra dette klokkeslæt kan kommunerne skrive, fx 04.10.2027 08.00."),
        _("Skriv, hvornår kortlægningen åbner, fx 04.10.2027 08.00."),
    )


def _deadline() -> MomentField:
    return _moment(
        _("Svarfrist"),
        _("Den, der indsender før dette klokkeslæt, har svaret til tiden, fx 29.10.2027 12.00."),
        _("Skriv svarfristen, fx 29.10.2027 12.00."),
    )


def _edit_until() -> MomentField:
    return _moment(
        _("Kan rettes indtil"),
        _("Før dette klokkeslæt tages der imod svar, der er for sene, fx 19.11.2027 12.00."),
        _("Skriv, hvor længe der kan rettes, fx 19.11.2027 12.00."),
    )


def _reason(label) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=2_000,
        validators=[no_cpr_number],
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": _("Skriv en begrundelse."),
            "max_length": _("Skriv højst 2.000 tegn. Der er nu %(show_value)d."),
        },
    )


def _seen() -> forms.CharField:
    """What the page began with: a colleague's change since then is not undone."""
    return forms.CharField(required=False, widget=forms.HiddenInput)


def _judge_order(form, opens_at, deadline, edit_until) -> None:
    if opens_at and deadline and deadline <= opens_at:
        form.add_error("deadline", _("Svarfristen skal ligge efter det tidspunkt, hvor kortlægningen åbner."))
    if deadline and edit_until and edit_until < deadline:
        form.add_error("edit_until", _("»Kan rettes indtil« kan ikke ligge før svarfristen."))


class RoundForm(forms.ModelForm):
    """A round that is not opened; the questionnaire's version is the newest, and no field."""

    population_date = DayField(
        label=_("Folketal pr."),
        error_messages={"required": _("Skriv folketallets dato, fx 01.01.2027.")},
    )
    opens_at = _opens_at()
    deadline = _deadline()
    edit_until = _edit_until()
    seen = _seen()

    class Meta:
        model = SurveyRound
        fields = PLANNED
        widgets = {name: forms.TextInput(attrs=YEAR) for name in ("accounts_year", "price_level")}
        help_texts = {
            "accounts_year": _("Det regnskab, som kommunerne svarer ud fra, fx 2026."),
            "price_level": _("Det år, hvis pris- og lønniveau tallene vises i, fx 2027."),
        }
        error_messages = {
            "accounts_year": dict.fromkeys(
                ("required", "invalid", "min_value", "max_value"),
                _("Skriv regnskabsåret med fire cifre, fx 2026."),
            ),
            "price_level": dict.fromkeys(
                ("required", "invalid", "min_value", "max_value"),
                _("Skriv pris- og lønniveauets år med fire cifre, fx 2027."),
            ),
        }

    def __init__(self, *args, population_dates: Iterable[date], **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["seen"] = seen(self.instance)
        days = ", ".join(date_format(day, "DATE_FORMAT") for day in list(population_dates)[:4])
        self.fields["population_date"].help_text = (
            _("De nyeste datoer med folketal for alle kommuner er %(days)s.") % {"days": days}
            if days
            else _("Der er ingen dato med folketal for alle kommuner endnu. Fx 01.01.2027.")
        )

    def clean_accounts_year(self) -> int:
        return self._year("accounts_year")

    def clean_price_level(self) -> int:
        return self._year("price_level")

    def _year(self, name: str) -> int:
        year = self.cleaned_data[name]
        if year not in YEARS:
            raise forms.ValidationError(self.fields[name].error_messages["invalid"])
        return year

    def clean(self):
        super().clean()
        values = self.cleaned_data
        accounts_year, price_level = values.get("accounts_year"), values.get("price_level")
        if accounts_year and price_level and price_level < accounts_year:
            self.add_error("price_level", _("Pris- og lønniveauet kan ikke ligge før regnskabsåret."))
        _judge_order(self, values.get("opens_at"), values.get("deadline"), values.get("edit_until"))
        return values


class DatesForm(forms.Form):
    """New dates of an open round, with the reason. When it has begun, its opening is no field any more."""

    opens_at = _opens_at()
    deadline = _deadline()
    edit_until = _edit_until()
    reason = _reason(_("Begrundelse"))
    seen = _seen()

    def __init__(self, data=None, *, survey_round: SurveyRound, has_begun: bool):
        names = ("opens_at", "deadline", "edit_until")
        self.before = {name: getattr(survey_round, name) for name in names}
        super().__init__(data, initial=self.before | {"seen": seen(survey_round)})
        self.fields["reason"].help_text = _(
            "Står i kortlægningens forløb. Kommunerne ser kun de nye frister."
        )
        if has_begun:
            del self.fields["opens_at"]

    def clean(self):
        values = {**self.before, **(super().clean() or {})}
        _judge_order(self, *[None if name in self.errors else values[name] for name in self.before])
        return self.cleaned_data

    @property
    def dates(self) -> dict:
        """Those that are not what they were; what was stored with seconds is shown without."""
        return {
            name: self.cleaned_data[name]
            for name, before in self.before.items()
            if name in self.fields and self.cleaned_data[name] != before.replace(second=0, microsecond=0)
        }


class ReasonForm(forms.Form):
    reason = _reason(_("Begrundelse"))


class PhasesForm(forms.Form):
    """Seven phases by three fields; a phase whose fields are all empty is not planned."""

    seen = _seen()

    def __init__(self, data=None, *, survey_round: SurveyRound):
        super().__init__(data, initial={"seen": phases_seen(survey_round)})
        for kind, name in RoundPhase.Kind.choices:
            bad = {
                "invalid": _("%(phase)s: skriv datoen som dag, måned og år, fx 29.10.2027.") % {"phase": name}
            }
            self.fields[f"{kind}_starts_on"] = DayField(
                label=_("Første dag"), required=False, error_messages=bad
            )
            self.fields[f"{kind}_ends_on"] = DayField(
                label=_("Sidste dag"), required=False, error_messages=bad
            )
            self.fields[f"{kind}_responsible"] = forms.CharField(
                label=_("Ansvarlig"),
                required=False,
                max_length=100,
                widget=forms.TextInput(attrs={"autocomplete": "off"}),
                error_messages={
                    "max_length": _("%(phase)s: skriv den ansvarlige med højst 100 tegn.") % {"phase": name}
                },
            )
        for phase in survey_round.phases.all():
            for part in ("starts_on", "ends_on", "responsible"):
                self.initial[f"{phase.kind}_{part}"] = getattr(phase, part)

    @property
    def rows(self) -> list[tuple]:
        """[(the phase's name, its three fields)] in the terms of reference's order."""
        return [
            (name, [self[f"{kind}_{part}"] for part in ("starts_on", "ends_on", "responsible")])
            for kind, name in RoundPhase.Kind.choices
        ]

    def clean(self):
        for kind, name in RoundPhase.Kind.choices:
            self._judge(kind, str(name))
        return self.cleaned_data

    def _judge(self, kind: str, phase: str) -> None:
        names = [f"{kind}_{part}" for part in ("starts_on", "ends_on", "responsible")]
        values = [self.cleaned_data.get(name) for name in names]
        if any(name in self.errors for name in names) or not any(values):
            return
        missing = (
            _("%(phase)s: skriv den første dag, fx 04.10.2027."),
            _("%(phase)s: skriv den sidste dag, fx 29.10.2027."),
            _("%(phase)s: skriv, hvem der er ansvarlig."),
        )
        for name, value, message in zip(names, values, missing, strict=True):
            if not value:
                self.add_error(name, message % {"phase": phase})
        starts_on, ends_on, _responsible = values
        if starts_on and ends_on and ends_on < starts_on:
            message = _("%(phase)s: den sidste dag kan ikke ligge før den første.")
            self.add_error(names[1], message % {"phase": phase})

    @property
    def phases(self) -> dict[str, tuple[date, date, str]]:
        """{kind: (first day, last day, responsible)} of those that are planned."""
        found = {}
        for kind in RoundPhase.Kind.values:
            starts_on, ends_on, responsible = (
                self.cleaned_data[f"{kind}_{part}"] for part in ("starts_on", "ends_on", "responsible")
            )
            if starts_on:
                found[kind] = (starts_on, ends_on, responsible)
        return found
