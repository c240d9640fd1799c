from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from municipalities.models import Role
from reporting import wording
from reporting.review import catalogue
from reporting.rules.counting import AT_REVIEW, uses
from reporting.rules.forms import RuleForm
from reporting.rules.use import Use
from reporting.totals import PopulationMissing, round_totals
from reporting.views.overview import get_round
from survey.access import ministry_required, post_only, role_required
from survey.models import RuleRetirement, SurveyRound
from survey.reviewing import restore_rule, retire_rule
from survey.transitions import Refused, database_now

RETIRED, RESTORED = RuleRetirement.Kind.RETIRED, RuleRetirement.Kind.RESTORED


@dataclass(frozen=True)
class Line:
    """`use` is None where nothing can be counted. `retirement`: the latest of one out of use."""

    rule: str
    name: str
    is_of_review: bool
    use: Use | None
    retirement: RuleRetirement | None


@ministry_required
def rules(request, year):
    """What each rule points at in the round, and what came of it; and which are out of use."""
    return _page(request, get_round(request, year))


@role_required(Role.ROUND_MANAGER)
@post_only
def retire(request, year):
    """A rule put out of use, or taken in again."""
    survey_round = get_round(request, year)
    kind = RESTORED if request.POST.get("kind") == RESTORED else RETIRED
    form = _forms(survey_round, request.POST, kind)[kind]
    if not form.is_valid():
        return _page(request, survey_round, form=form, status=422)
    chosen = {"rule": form.cleaned_data["rule"], "reason": form.cleaned_data["reason"]}
    act = retire_rule if kind == RETIRED else restore_rule
    try:
        act(round_id=survey_round.pk, by=request.user, **chosen)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, survey_round, form=form, status=409)
    done = _("Reglen er sat ud af brug.") if kind == RETIRED else _("Reglen er taget i brug igen.")
    messages.success(request, done)
    return redirect("rules:rules", year)


def _forms(survey_round: SurveyRound, data=None, sent: str = "") -> dict[str, RuleForm]:
    """By kind; `data` is of the one that was sent."""
    names = catalogue.names(survey_round.accounts_year)
    retired = [rule for rule in names if rule in survey_round.retired_rules]
    in_use = [rule for rule in names if rule not in survey_round.retired_rules]
    shown = {RETIRED.value: in_use, RESTORED.value: retired}
    return {
        kind: RuleForm(data if kind == sent else None, names=names, shown=rules, kind=kind)
        for kind, rules in shown.items()
    }


def _page(request, survey_round: SurveyRound, *, form: RuleForm | None = None, status=200):
    now = database_now()
    names = catalogue.names(survey_round.accounts_year)
    history = list(
        RuleRetirement.objects.visible_to(request.user).filter(round=survey_round).select_related("by")
    )
    latest = {one.rule: one for one in history}
    context = {"round": survey_round, "as_at": now, "form": form}
    totals = None
    try:
        totals = round_totals(survey_round, now) if survey_round.is_opened else None
    except PopulationMissing as error:
        context |= {"refusal": wording.refusal(error), "remedy": wording.remedy(error)}
    found = uses(survey_round, request.user, now, totals)
    may_steer = request.user.ministry_role == Role.ROUND_MANAGER and not survey_round.is_final
    sent = {form.initial["kind"]: form} if form else {}
    context |= {
        "lines": [_line(survey_round, rule, name, found, latest, totals) for rule, name in names.items()],
        "history": [(names.get(one.rule, one.rule), one) for one in reversed(history)],
        "forms": _forms(survey_round) | sent if may_steer or form else {},
    }
    return render(request, "reporting/rules/rules.html", context, status=status)


def _line(survey_round, rule: str, name, found: Mapping[str, Use], latest: Mapping, totals) -> Line:
    is_retired, is_of_review = rule in survey_round.retired_rules, rule in AT_REVIEW
    nothing_known = is_of_review and (is_retired or totals is None)
    use = None if nothing_known else found.get(rule, Use())
    return Line(rule, str(name), is_of_review, use, latest.get(rule) if is_retired else None)
