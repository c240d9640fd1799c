"""All rounds, and a new one, from nothing or from an earlier one."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from municipalities.models import Role
from reporting.rounds.forms import RoundForm
from survey.access import ministry_required, role_required
from survey.models import SurveyRound
from survey.rounds import plans
from survey.rounds.lifecycle import locks_asked
from survey.transitions import Refused


@ministry_required
def rounds(request):
    """The archived ones are folded away."""
    all_rounds = list(SurveyRound.objects.visible_to(request.user))
    archived = [one for one in all_rounds if one.state == SurveyRound.State.ARCHIVED]
    context = {
        "rounds": [one for one in all_rounds if one not in archived],
        "archived": archived,
        "proposed": locks_asked([one for one in all_rounds if one.state == SurveyRound.State.CLOSED]),
        "may_plan": request.user.ministry_role == Role.ROUND_MANAGER,
    }
    return render(request, "reporting/rounds/rounds.html", context)


@role_required(Role.ROUND_MANAGER)
def new_round(request):
    """`?fra=2025` fills the form in from that round, and its phases and texts are copied with it."""
    source = _source(request)
    days = plans.complete_population_dates()
    if request.method != "POST":
        initial = plans.suggestion(source) if source else {}
        return _page(request, source, RoundForm(initial=initial, population_dates=days))
    form = RoundForm(request.POST, population_dates=days)
    if not form.is_valid():
        return _page(request, source, form, status=422)
    try:
        left_out = plans.create(survey_round=form.save(commit=False), by=request.user, source=source)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, source, form, status=409)
    messages.success(request, _("%(round)s er oprettet som kladde.") % {"round": form.instance})
    if left_out:
        text = ngettext(
            "%(n)d påmindelse er ikke kopieret, for den ville ligge i fortiden eller før åbningen.",
            "%(n)d påmindelser er ikke kopieret, for de ville ligge i fortiden eller før åbningen.",
            left_out,
        )
        messages.warning(request, text % {"n": left_out})
    warn_of_population(request, form.instance, days)
    return redirect("rounds:plan", form.instance.accounts_year)


def warn_of_population(request, survey_round: SurveyRound, days) -> None:
    if survey_round.population_date not in days:
        text = _("Folketallet pr. %(day)s er ikke indlæst for alle kommuner. Det skal det være ved åbningen.")
        messages.warning(request, text % {"day": survey_round.population_date.strftime("%d.%m.%Y")})


def _source(request) -> SurveyRound | None:
    year = request.GET.get("fra", "")
    if not year:
        return None
    found = SurveyRound.objects.visible_to(request.user)
    if not (year.isascii() and year.isdigit() and len(year) == 4):
        raise Http404
    source = found.filter(accounts_year=year).first()
    if source is None:
        raise Http404
    return source


def _page(request, source: SurveyRound | None, form: RoundForm, *, status=200):
    visible = SurveyRound.objects.visible_to(request.user)
    year = form.data.get("accounts_year", "").strip() if form.errors else ""
    context = {
        "form": form,
        "source": source,
        "existing": next((one for one in visible if str(one.accounts_year) == year), None),
        "sources": [one for one in visible if one != source],
    }
    return render(request, "reporting/rounds/new_round.html", context, status=status)
