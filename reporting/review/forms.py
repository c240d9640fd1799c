"""What of the hit list is shown; in the address, so that a link shows the same."""

from functools import partial

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from municipalities.models import REVIEWERS, Municipality, User
from reporting.forms.choices import RegionForm
from reporting.review import catalogue
from reporting.review.statuses import ACCEPTED, ADJUSTED, ANSWERED, ASKED, NAMES, OPEN
from survey.models import ServiceArea, SurveyRound

UNSETTLED, ALL = "", "alle"
STATES = {UNSETTLED: (OPEN, ASKED, ANSWERED), "aaben": (OPEN,), "spurgt": (ASKED,), "svaret": (ANSWERED,)}
STATES |= {"godtaget": (ACCEPTED,), "rettet": (ADJUSTED,), ALL: tuple(NAMES)}
MINE, NOBODY = "mig", "ingen"


class HitFilterForm(RegionForm):
    kommune = forms.ChoiceField(
        label=_("Kommune"),
        required=False,
        error_messages={"invalid_choice": _("Vælg en kommune på listen, eller alle.")},
    )
    omraade = forms.ChoiceField(
        label=_("Område"),
        required=False,
        choices=[("", _("Alle")), *ServiceArea.choices],
        error_messages={"invalid_choice": _("Vælg et af de seks områder eller alle.")},
    )
    regel = forms.ChoiceField(
        label=_("Regel"),
        required=False,
        error_messages={"invalid_choice": _("Vælg en regel på listen eller alle.")},
    )
    tilstand = forms.ChoiceField(
        label=_("Tilstand"),
        required=False,
        choices=[
            (UNSETTLED, _("Ikke afgjort")),
            ("aaben", _("Ikke gennemgået")),
            ("spurgt", _("Afventer svar")),
            ("svaret", _("Har svaret")),
            ("godtaget", _("Godtaget")),
            ("rettet", _("Rettet")),
            (ALL, _("Alle")),
        ],
        error_messages={"invalid_choice": _("Vælg en tilstand på listen.")},
    )
    hvem = forms.ChoiceField(
        label=_("Gennemgås af"),
        required=False,
        error_messages={"invalid_choice": _("Vælg en på listen, eller alle.")},
    )
    field_order = ("region", "kommune", "omraade", "regel", "tilstand", "hvem")

    def __init__(self, data, *, survey_round: SurveyRound, reviewers: list[tuple[int, str]]):
        super().__init__(data)
        rules = catalogue.names(survey_round.accounts_year).items()
        self.fields["regel"].choices = [("", _("Alle")), *rules]  # type: ignore[attr-defined]
        self.fields["kommune"].choices = partial(_municipalities, survey_round)  # type: ignore[attr-defined]
        people = [(str(pk), name) for pk, name in reviewers]
        whose = [("", _("Alle")), (MINE, _("Mig")), (NOBODY, _("Ingen")), *people]
        self.fields["hvem"].choices = whose  # type: ignore[attr-defined]


def _municipalities(survey_round: SurveyRound) -> list[tuple]:
    """Read when they are shown or chosen from, and not otherwise."""
    asked = Municipality.objects.filter(submissions__round=survey_round).order_by("sort_key")
    return [("", _("Alle")), *asked.values_list("code", "name")]


def reviewers() -> QuerySet[User]:
    """Those that can review, by name."""
    active = User.objects.filter(is_active=True, memberships__role__in=REVIEWERS)
    return active.distinct().order_by("name", "pk")


def reviewer_names() -> list[tuple[int, str]]:
    return list(reviewers().values_list("pk", "name"))
