"""Price and wage rates from a file: uploaded, looked through, confirmed."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from municipalities.models import Role
from reporting.forms.rates import RateForm
from reporting.models import PriceRate
from reporting.models.rates import PriceIndex
from reporting.reference import previews
from reporting.reference.forms import RatesForm
from survey.access import ministry_required, post_only, role_required
from survey.transitions import database_now

SALT = "reporting.reference.rates"
MOST = 10  # percent a year; more is seldom, and may be a decimal point out of place


@ministry_required
def upload(request):
    """All rates; a round manager's file is shown as it would be, and not stored."""
    if request.method != "POST":
        return _page(request)
    if request.user.ministry_role != Role.ROUND_MANAGER:
        raise PermissionDenied
    form = RatesForm(request.POST, request.FILES)
    return _preview(request, form) if form.is_valid() else _page(request, form=form, status=422)


@role_required(Role.ROUND_MANAGER)
@post_only
def store(request):
    """Each rate that says something new is a new row; the rest is there already."""
    details = previews.signed(request, SALT)
    forms = [RateForm(rate) for rate in details["rates"]] if details else []
    if not forms or not all(form.is_valid() for form in forms):
        return _page(request, refusal=previews.not_signed(), status=422)
    with transaction.atomic():
        rates = [form.save(commit=False) for form in forms]
        new = sum(PriceRate.objects.add(rate) is rate for rate in rates)
    if new:
        text = ngettext("%d ny sats gælder fra nu af.", "%d nye satser gælder fra nu af.", new)
        messages.success(request, text % new)
    else:
        messages.warning(request, _("Satserne er der i forvejen, så intet er gemt igen."))
    return redirect("reference:rates")


def _page(request, *, form: RatesForm | None = None, refusal: str = "", status: int = 200):
    if form is None and request.user.ministry_role == Role.ROUND_MANAGER:
        form = RatesForm()
    rates = PriceRate.objects.visible_to(request.user)
    used = {rate.pk for rate in rates.in_force(database_now()).values()}
    context = {"rates": rates, "used": used, "form": form, "refusal": refusal}
    return render(request, "reporting/reference/rates.html", context, status=status)


def _marks(rows: list[tuple[PriceRate, PriceRate | None]], known: set[int]) -> list[str]:
    """What may be right and is seldom: to be looked at before it is imported."""
    found = []
    for rate, before in rows:
        if before and rate.published < before.published:
            text = _("%(year)d: offentliggjort %(day)s, før den sats, der gælder nu (%(before)s).")
            days = {"day": date_format(rate.published), "before": date_format(before.published)}
            found.append(text % ({"year": rate.year} | days))
        if abs(rate.percent) > MOST:
            text = _("%(year)d: mere end %(most)d pct. på et år.")
            found.append(text % {"year": rate.year, "most": MOST})
    years = known | {rate.year for rate, _before in rows}
    gaps = sorted(set(range(min(years), max(years))) - years)
    if gaps:
        found.append(_("Ingen sats for %s.") % ", ".join(str(year) for year in gaps))
    return found


def _preview(request, form: RatesForm):
    texts = form.cleaned_data["file"]
    in_force = PriceRate.objects.visible_to(request.user).in_force(database_now())
    rows = []
    for one in texts:
        rate = RateForm(one).save(commit=False)
        before = in_force.get(rate.year)
        same = before is not None and before.says_the_same_as(rate)
        rows.append((rate, before, _("uændret") if same else _("ny udgave") if before else _("ny")))
    context = {
        "marks": _marks([(rate, before) for rate, before, _change in rows], set(in_force)),
        "rows": rows,
        "new": sum(change != _("uændret") for _rate, _before, change in rows),
        "index": PriceIndex.MUNICIPAL,
        "signed": previews.sign(request, {"rates": texts}, SALT),
    }
    return render(request, "reporting/reference/rates_preview.html", context)
