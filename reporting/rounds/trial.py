"""A round's trial: who takes part, how much they have entered, and its end."""

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from municipalities.models import REVIEWERS, Municipality, Role
from reporting.views.overview import get_round
from survey.access import ministry_required, post_only, role_required
from survey.models import SurveyRound
from survey.notices import working_members
from survey.rounds import trial as trials
from survey.transitions import Refused


class PilotsForm(forms.Form):
    """The municipalities that are not in the trial yet, by region."""

    def __init__(self, data=None, *, candidates: list[Municipality]):
        super().__init__(data)
        self.candidates = candidates
        self.fields["codes"] = forms.MultipleChoiceField(
            label=_("Prøvekommuner"),
            choices=[(one.code, one.name) for one in candidates],
            widget=forms.CheckboxSelectMultiple,
            error_messages={
                "required": _("Vælg mindst én kommune, der skal prøve spørgeskemaet."),
                "invalid_choice": _("En af kommunerne er ikke på listen længere. Vælg igen."),
            },
        )

    @property
    def boxes(self) -> list[tuple[Municipality, forms.boundfield.BoundWidget]]:
        """[(municipality, its checkbox)], by region."""
        return list(zip(self.candidates, self["codes"], strict=True))


@ministry_required
def trial(request, year):
    """What a trial is, and who is in it; reviewers have links to what is entered."""
    return _page(request, get_round(request, year))


@role_required(Role.ROUND_MANAGER)
@post_only
def start_trial(request, year):
    """Also lets more municipalities into a trial that runs."""
    survey_round = get_round(request, year)
    form = _form(survey_round, request.POST)
    if not form.is_valid():
        return _page(request, survey_round, form=form, status=422)
    try:
        trials.start(round_id=survey_round.pk, by=request.user, codes=form.cleaned_data["codes"])
    except Refused as refusal:
        return _page(request, survey_round, form=form, refusal=str(refusal), status=409)
    messages.success(request, _("Prøven er i gang. Kommunernes brugere får en mail med et link."))
    return redirect("rounds:trial", year)


@role_required(Role.ROUND_MANAGER)
@post_only
def end_trial(request, year):
    survey_round = get_round(request, year)
    try:
        trials.end(round_id=survey_round.pk, by=request.user)
    except Refused as refusal:
        return _page(request, survey_round, refusal=str(refusal), status=409)
    messages.success(request, _("Prøven er afsluttet, og det prøvede er slettet."))
    return redirect("rounds:trial", year)


def _form(survey_round: SurveyRound, data=None) -> PilotsForm:
    return PilotsForm(data, candidates=list(trials.candidates(survey_round)))


def _page(request, survey_round: SurveyRound, *, form: PilotsForm | None = None, refusal="", status=200):
    """As it is now: somebody else may have begun, ended or opened it."""
    survey_round.refresh_from_db()
    running = survey_round.state == SurveyRound.State.TRIAL
    pilots: list = list(trials.pilots(survey_round)) if running else []
    manned = set(
        working_members([one.municipality_id for one in pilots]).values_list("municipality", flat=True)
    )
    may_start = request.user.ministry_role == Role.ROUND_MANAGER and not survey_round.is_opened
    context = {
        "round": survey_round,
        "running": running,
        "pilots": pilots,
        "without": [one.municipality for one in pilots if one.municipality_id not in manned],
        "initiatives": sum(pilot.initiative_count for pilot in pilots),
        "messages_written": sum(pilot.message_count for pilot in pilots),
        "form": (form or _form(survey_round)) if may_start else None,
        "may_enter": request.user.ministry_role in REVIEWERS,
        "refusal": refusal,
    }
    return render(request, "reporting/rounds/trial.html", context, status=status)
