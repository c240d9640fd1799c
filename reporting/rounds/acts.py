"""The steps of a round's life, each by a press on its plan's page; survey/rounds/ judges them."""

from collections.abc import Callable

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from municipalities.models import REVIEWERS, Role
from reporting.rounds.forms import ReasonForm
from reporting.rounds.plan_page import plan_page
from reporting.views.overview import get_round
from survey.access import post_only, role_required
from survey.models import SurveyRound
from survey.rounds import lifecycle, plans
from survey.transitions import Refused

State = SurveyRound.State


def _act(step: Callable, done, *, roles=(Role.ROUND_MANAGER,)):
    """A view that takes the step, says that it is done, or shows the plan with why it was refused."""

    @role_required(*roles)
    @post_only
    def view(request, year):
        survey_round = get_round(request, year)
        try:
            step(round_id=survey_round.pk, by=request.user)
        except Refused as refusal:
            return plan_page(request, survey_round, refusal=str(refusal), status=409)
        messages.success(request, str(done))
        return redirect("rounds:plan", year)

    return view


open_round = _act(lifecycle.open_round, gettext_lazy("Kortlægningen er åbnet."))
close = _act(lifecycle.close, gettext_lazy("Kortlægningen er lukket."))
ask_to_lock = _act(lifecycle.ask_to_lock, gettext_lazy("Låsningen er foreslået. En anden skal bekræfte den."))
lock = _act(lifecycle.lock, gettext_lazy("Kortlægningen er låst."), roles=REVIEWERS)
archive = _act(lifecycle.archive, gettext_lazy("Kortlægningen er arkiveret."))


REOPENED = {
    State.OPEN: gettext_lazy(
        "Kortlægningen er genåbnet. Se efter, om fristerne og påmindelserne skal ændres."
    ),
    State.CLOSED: gettext_lazy("Kortlægningen er lukket igen."),
    State.LOCKED: gettext_lazy("Kortlægningen er låst igen."),
}


@role_required(Role.ROUND_MANAGER)
@post_only
def reopen(request, year):
    """One step back; what was typed stays when it is refused."""
    survey_round = get_round(request, year)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return plan_page(request, survey_round, form=form, status=422)
    try:
        reopened = lifecycle.reopen(
            round_id=survey_round.pk, by=request.user, reason=form.cleaned_data["reason"]
        )
    except Refused as refusal:
        return plan_page(request, survey_round, form=form, refusal=str(refusal), status=409)
    messages.success(request, str(REOPENED[State(reopened.state)]))
    return redirect("rounds:plan", year)


@role_required(Role.ROUND_MANAGER)
@post_only
def delete(request, year):
    survey_round = get_round(request, year)
    try:
        plans.delete_draft(round_id=survey_round.pk, by=request.user)
    except Refused as refusal:
        return plan_page(request, survey_round, refusal=str(refusal), status=409)
    messages.success(request, _("Kladden er slettet."))
    return redirect("rounds:rounds")
