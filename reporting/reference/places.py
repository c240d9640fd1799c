"""Mergers and new codes by date: what is recorded, the form, and a mistake taken back (survey/mergers.py)."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from municipalities.models import Contact, Municipality, Role
from reporting.reference.place_forms import EndForm
from survey import mergers
from survey.access import ministry_required, post_only, role_required
from survey.models import SurveyRound
from survey.transitions import Refused


@ministry_required
def places(request):
    """What is recorded; a round manager's change is shown first, and recorded when it is confirmed."""
    if request.method != "POST":
        return _page(request)
    if request.user.ministry_role != Role.ROUND_MANAGER:
        raise PermissionDenied
    form = EndForm(request.POST)
    if not form.is_valid():
        return _page(request, form=form, status=422)
    try:
        successor = _record(request, form)
    except ValidationError as error:
        for field, texts in error.message_dict.items():
            form.add_error(field if field in form.fields else None, texts)
        return _page(request, form=form, status=422)
    except Refused as refusal:
        return _page(request, form=form, refusal=str(refusal), status=409)
    if "confirmed" not in request.POST:
        return _preview(request, form, successor)
    return _recorded(request, form, successor)


def _record(request, form: EndForm) -> Municipality:
    """A preview is judged as the act is, and nothing of it stays."""
    with transaction.atomic():
        successor = mergers.record_end(
            municipality_id=form.cleaned_data["ended"].pk,
            day=form.cleaned_data["day"],
            successor=form.successor_or_new,
            by=request.user,
        )
        transaction.set_rollback("confirmed" not in request.POST)
    return successor


def _preview(request, form: EndForm, successor: Municipality):
    """Whom it touches, before anything is done."""
    ended, day = form.cleaned_data["ended"], form.cleaned_data["day"]
    rounds = SurveyRound.objects.visible_to(request.user)
    opened = rounds.opened()
    context = {
        "form": form,
        "ended": ended,
        "successor": successor,
        "is_new": form.makes_a_new_one,
        "day": day,
        "members": ended.memberships.select_related("user").order_by("user__name"),
        "contacts": Contact.objects.visible_to(request.user).filter(municipality=ended),
        "planned": rounds.filter(population_date__gte=day, state__in=SurveyRound.NOT_OPENED),
        "kept": opened.filter(submissions__municipality=ended),
    }
    return render(request, "reporting/reference/places_preview.html", context)


def _recorded(request, form: EndForm, successor: Municipality):
    ended, day = form.cleaned_data["ended"], form.cleaned_data["day"]
    text = (
        _("%(ended)s er en del af %(successor)s fra %(day)s. Medlemmerne har fået adgang dér.")
        if form.makes_a_new_one
        else _(
            "%(ended)s er en del af %(successor)s fra %(day)s. Dens godkendere inviterer, hvem de mangler."
        )
    )
    names = {"ended": ended, "successor": successor, "day": day.strftime("%d.%m.%Y")}
    messages.success(request, text % names)
    _warn_of_populations(request, day)
    return redirect("reference:places")


@role_required(Role.ROUND_MANAGER)
@post_only
def take_back(request, code):
    municipality = get_object_or_404(Municipality, code=code)
    day = municipality.valid_until
    try:
        mergers.take_back(municipality_id=municipality.pk, by=request.user)
    except Refused as refusal:
        return _page(request, refusal=str(refusal), status=409)
    messages.success(request, _("Det er taget tilbage: %s ophører ikke.") % municipality)
    if day:
        _warn_of_populations(request, day)
    return redirect("reference:places")


def _warn_of_populations(request, day) -> None:
    days = ", ".join(one.strftime("%d.%m.%Y") for one in mergers.to_import_again(day))
    if days:
        text = _(
            "Folketallet pr. %s er opgjort for andre kommuner end dem, der nu er registreret. Indlæs det "
            "igen, før en kortlægning med den dato åbnes."
        )
        messages.warning(request, text % days)


def _page(request, *, form: EndForm | None = None, refusal: str = "", status: int = 200):
    may_record = request.user.ministry_role == Role.ROUND_MANAGER
    ended = Municipality.objects.exclude(valid_until=None).select_related("successor")
    new = Municipality.objects.exclude(valid_from=None).select_related("region")
    context = {
        "ended": ended.order_by("-valid_until", "sort_key"),
        "new": new.order_by("-valid_from", "sort_key"),
        "form": form or (EndForm() if may_record else None),
        "may_record": may_record,
        "refusal": refusal,
    }
    return render(request, "reporting/reference/places.html", context, status=status)
