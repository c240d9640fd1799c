"""Which events of the trail are shown; in the address, so that a link shows the same."""

from datetime import datetime, timedelta

from django import forms
from django.db.models import Q
from django.utils.timezone import make_aware
from django.utils.translation import gettext_lazy as _

from municipalities.models import Municipality, User
from reporting.audit.kinds import KINDS
from reporting.audit.trail import Choice
from survey.forms.moments import DayField
from survey.models import SurveyRound


class TrailForm(forms.Form):
    slags = forms.ChoiceField(
        label=_("Slags"),
        required=False,
        choices=[("", _("Alle")), *((kind.slug, kind.name) for kind in KINDS)],
        error_messages={"invalid_choice": _("Vælg en slags på listen.")},
    )
    hvem = forms.CharField(
        label=_("Hvem"), help_text=_("En del af navnet eller e-mailadressen."), required=False, max_length=100
    )
    kommune = forms.ModelChoiceField(
        label=_("Kommune"),
        queryset=Municipality.objects.all(),
        to_field_name="code",
        required=False,
        empty_label=_("Alle"),
        error_messages={"invalid_choice": _("Vælg en kommune på listen.")},
    )
    regnskab = forms.ModelChoiceField(
        label=_("Regnskabsår"),
        queryset=SurveyRound.objects.none(),
        to_field_name="accounts_year",
        required=False,
        empty_label=_("Alle"),
        error_messages={"invalid_choice": _("Vælg et regnskabsår på listen.")},
    )
    fra = DayField(label=_("Fra og med"), required=False)
    til = DayField(label=_("Til og med"), required=False)
    tekst = forms.CharField(
        label=_("Tekst i værdierne"),
        help_text=_("Der søges i de nyeste 20.000 hændelser af hver slags, ikke i kommunernes kladder."),
        required=False,
        min_length=2,
        max_length=100,
        error_messages={"min_length": _("Skriv mindst to tegn.")},
    )
    forespoergsel = forms.UUIDField(
        label=_("Forespørgsel"),
        required=False,
        error_messages={"invalid": _("Forespørgslens id ser ikke rigtigt ud. Kopiér det fra sporet.")},
    )

    def __init__(self, data, *, user):
        super().__init__(data)
        self.fields["regnskab"].queryset = SurveyRound.objects.visible_to(user)  # type: ignore[attr-defined]

    def clean(self):
        found = self.cleaned_data
        if found.get("fra") and found.get("til") and found["fra"] > found["til"]:
            self.add_error("til", _("Den sidste dag kan ikke ligge før den første."))
        return found

    def choice(self, until: datetime | None = None) -> Choice:
        """Of a valid form; nothing after `until`."""
        found = self.cleaned_data
        end = _midnight(found["til"] + timedelta(days=1)) if found["til"] else until
        return Choice(
            kind=found["slags"],
            users=_users(found["hvem"]) if found["hvem"] else None,
            municipality=found["kommune"].pk if found["kommune"] else None,
            round=found["regnskab"].pk if found["regnskab"] else None,
            start=_midnight(found["fra"]) if found["fra"] else None,
            end=min(end, until) if end and until else end,
            text=found["tekst"],
            request=found["forespoergsel"],
        )


def _midnight(day) -> datetime:
    return make_aware(datetime(day.year, day.month, day.day))


def _users(text: str) -> tuple[int, ...]:
    found = User.objects.filter(Q(name__icontains=text) | Q(email__icontains=text))
    return tuple(found.values_list("pk", flat=True))
