"""The guidance at the questionnaire's fields in one round: the standard text, the round's own, a preview."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from municipalities.models import Role
from reporting.rounds.guidance_form import GuidanceForm
from reporting.views.overview import get_round
from survey import scope
from survey.access import ministry_required
from survey.forms.initiative import LEGAL_BASES, InitiativeForm
from survey.models import SurveyRound
from survey.questionnaire import FIELD_NAMES
from survey.rounds.guidance import filled, own_guidance, write
from survey.transitions import Refused
from survey.views.initiative_page import blank_rows


@dataclass(frozen=True)
class Line:
    """A field's guidance as it stands for reading."""

    label: str
    text: str
    is_own: bool


@ministry_required
def guidance(request, year):
    """Edited by the round manager until the round is opened, else read; `edit` comes from the preview."""
    survey_round = get_round(request, year)
    if request.method != "POST":
        return _page(request, survey_round, GuidanceForm(survey_round=survey_round))
    form = _posted(request, survey_round)
    if not form.is_valid():
        return _page(request, survey_round, form, status=422)
    if "edit" in request.POST:
        return _page(request, survey_round, form)
    try:
        write(round_id=survey_round.pk, by=request.user, texts=form.own, began_with=form.cleaned_data["seen"])
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, survey_round, form, status=409)
    messages.success(request, _("Vejledningen er gemt."))
    return redirect("rounds:guidance", year)


@ministry_required
def guidance_preview(request, year):
    """The municipality's form with the texts as they are typed, before they are saved, or as they stand."""
    survey_round = get_round(request, year)
    if request.method != "POST":
        return _preview(request, survey_round, own_guidance(survey_round))
    form = _posted(request, survey_round)
    if not form.is_valid():
        return _page(request, survey_round, form, status=422)
    return _preview(request, survey_round, filled(form.own, survey_round), form)


def _posted(request, survey_round: SurveyRound) -> GuidanceForm:
    if request.user.ministry_role != Role.ROUND_MANAGER:
        raise PermissionDenied
    return GuidanceForm(request.POST, survey_round=survey_round)


def _page(request, survey_round: SurveyRound, form: GuidanceForm, *, status=200):
    """What was typed stays, also when the round was opened meanwhile."""
    may_write = request.user.ministry_role == Role.ROUND_MANAGER
    context = {
        "round": survey_round,
        "form": form,
        "may_write": may_write and (not survey_round.is_opened or form.is_bound),
        "lines": _lines(survey_round, form),
    }
    return render(request, "reporting/rounds/guidance.html", context, status=status)


def _lines(survey_round: SurveyRound, form: GuidanceForm) -> list[Line]:
    own = own_guidance(survey_round)
    return [
        Line(str(form[name].label), own.get(name) or form.standard(name), is_own=name in own)
        for name in FIELD_NAMES
    ]


def _preview(request, survey_round: SurveyRound, own: dict[str, str], typed: GuidanceForm | None = None):
    form = InitiativeForm(accounts_year=survey_round.accounts_year)
    form.guide(own)
    rows = blank_rows(form)
    context = {
        "round": survey_round,
        "typed": typed,
        "form": form,
        "rows": [rows[name] for name in FIELD_NAMES],
        "scope_row": rows["scope_reason"],
        "scope": scope,
        "legal_bases": LEGAL_BASES,
        "is_demo": survey_round.is_demo,
    }
    return render(request, "reporting/rounds/guidance_preview.html", context)
