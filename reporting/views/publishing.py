from django.contrib import messages
from django.db.models import Max
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from municipalities.models import Role
from reporting import wording
from reporting.forms.publications import PublicationForm
from reporting.models import Publication
from reporting.national import national_estimate
from reporting.price_levels import MissingRate
from reporting.publishing import freeze
from reporting.strata import METHODS, EstimateRefused
from reporting.views.overview import get_round, not_opened
from survey.access import role_required
from survey.models import SurveyRound
from survey.transitions import Refused


@role_required(Role.ROUND_MANAGER)
def publish(request, year):
    """The form with what would be frozen now; what is published can never be taken back."""
    survey_round = get_round(request, year)
    if not survey_round.is_opened:
        return not_opened(request, survey_round, status=409 if request.method == "POST" else 200)
    if request.method != "POST":
        return _page(request, survey_round, _new_form(request, survey_round))
    form = PublicationForm(request.POST, survey_round=survey_round, user=request.user)
    if not form.is_valid():
        return _page(request, survey_round, form, status=422)
    try:
        publication = freeze.publish(round_id=survey_round.pk, by=request.user, **form.cleaned_data)
    except wording.REFUSALS as error:
        form.add_error(_field_of(error), wording.refusal(error))
        return _page(request, survey_round, form, status=422)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        data = request.POST.copy()
        data["number"] = _next_number()
        form.data = data
        return _page(request, survey_round, form, status=409)
    messages.success(
        request, _("Opgørelsen er offentliggjort som nr. %(number)d.") % {"number": publication.number}
    )
    return redirect(publication)


def _field_of(error: Exception) -> str | None:
    """Where the remedy is."""
    if isinstance(error, EstimateRefused):
        return "method"
    return "price_level" if isinstance(error, MissingRate) else None


def _new_form(request, survey_round: SurveyRound) -> PublicationForm:
    year = {"year": survey_round.accounts_year}
    initial = {
        "number": _next_number(),
        "title": _("Kommunernes ikke-lovpligtige integrationsindsatser, regnskab %(year)d") % year,
        "price_level": survey_round.price_level,
    }
    return PublicationForm(survey_round=survey_round, user=request.user, initial=initial)


def _next_number() -> int:
    return (Publication.objects.aggregate(last=Max("number"))["last"] or 0) + 1


def _page(request, survey_round: SurveyRound, form: PublicationForm, *, status=200):
    """Beside the form, today's headline by each method at the round's own price level."""
    context = {"round": survey_round, "form": form, "level": survey_round.price_level}
    try:
        national = national_estimate(survey_round, methods=tuple(METHODS))
    except wording.REFUSALS as error:
        context["refusal"] = wording.refusal(error)
    else:
        context["coverage"] = national.coverage
        context["as_at"] = national.totals.as_at
        context["headlines"] = [
            (
                wording.METHOD_NAMES[result.method],
                result.lines["exp_total"],
                result.refused and wording.refusal(result.refused),
            )
            for result in national.results
        ]
    return render(request, "reporting/publish.html", context, status=status)
