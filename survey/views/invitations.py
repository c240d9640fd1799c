"""The page behind an invitation's link: its holder need not be logged in, and may have no account yet."""

from functools import wraps

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from municipalities import invitations
from municipalities.forms import NewUserForm
from municipalities.members import Refused
from municipalities.models import User
from survey import colleagues
from survey.models import ServiceArea, Submission, SurveyRound
from survey.transitions import database_now


def secret_address(view):
    """The address is a secret: no other site, search engine or cache gets to know it.

    The log leaves it out by itself (settings.LOGGING).
    """

    @wraps(view)
    def guarded(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        # Not no-referrer: a browser then posts the form with "Origin: null", which Django refuses.
        response["Referrer-Policy"] = "strict-origin"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return never_cache(guarded)


@login_not_required
@secret_address
def invitation(request, token):
    """Says what the invitation is to; posting accepts it, as the account that is or is made."""
    invited = invitations.find(token)
    if invited is None:
        return render(request, "municipalities/invitation_closed.html", status=404)
    user = request.user if request.user.is_authenticated else None
    if request.method == "GET" and not (user and user.is_ministry):
        invitations.note_opening(invited)
    if user and invited.accepted_by_id == user.pk:
        return redirect("home")
    if reason := invitations.why_closed(invited):
        context = {"invitation": invited, "reason": reason, "round": _round_of(invited)}
        return render(request, "municipalities/invitation_closed.html", context, status=410)
    account = user or User.objects.filter(email=invited.email).first()
    form = None if account else NewUserForm(request.POST or None, email=invited.email)
    refusal = ""
    if request.method == "POST" and (user or (form and form.is_valid())):
        try:
            return _join(request, token, form)
        except Refused as error:
            refusal = str(error)
    survey_round = _round_of(invited)
    context = {
        "invitation": invited,
        "round": survey_round,
        "round_opens": _opens(survey_round),
        "area": dict(ServiceArea.choices).get(invited.service_area, ""),
        "account": account,
        "form": form,
        "refusal": refusal,
    }
    return render(request, "municipalities/invitation.html", context, status=_status(request, refusal))


def _status(request, refusal):
    return 409 if refusal else 422 if request.method == "POST" else 200


def _join(request, token, form):
    if form is None:
        joined = colleagues.join(token=token, user=request.user)
    else:
        filled = form.cleaned_data
        joined = colleagues.join(token=token, name=filled["name"], password=filled["password1"])
        login(request, joined.accepted_by)
    messages.success(request, _("Velkommen. Du er nu kollega i %s.") % joined.municipality.official_name)
    return _begin(request, joined)


def _round_of(invited) -> SurveyRound | None:
    """The round that the ministry invited to; a colleague's invitation has none."""
    return SurveyRound.objects.filter(mails__invitation=invited).first()


def _opens(survey_round: SurveyRound | None) -> str:
    """When it will be open, "" if that is past, or of none."""
    if survey_round is None or survey_round.opens_at <= database_now():
        return ""
    return date_format(localtime(survey_round.opens_at), "DATETIME_FORMAT")


def _begin(request, joined):
    """The answer that the ministry asked for, or when it can be begun."""
    survey_round = _round_of(joined)
    if survey_round is None:
        return redirect("home")
    mine = Submission.objects.visible_to(joined.accepted_by).filter(municipality=joined.municipality)
    answer = mine.select_related("round", "municipality").filter(round=survey_round).first()
    if answer:
        return redirect(answer)
    said = {"round": survey_round, "opens": _opens(survey_round)}
    if said["opens"]:
        messages.info(request, _("%(round)s åbner %(opens)s. Så er kommunens besvarelse her.") % said)
    else:
        messages.info(request, _("%(round)s er ikke åbnet endnu. Ministeriet skriver, når den er.") % said)
    return redirect("home")
