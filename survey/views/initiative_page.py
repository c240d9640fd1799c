"""The page of one initiative's form: the questionnaire's fields with what stands at each of them."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

from django.forms import BoundField
from django.shortcuts import render
from django.utils.formats import number_format

from survey import scope
from survey.catalogue import Rule
from survey.checking import Warning, problems_of, warnings_of
from survey.dialogue import Thread, messages_by_field
from survey.forms.initiative import LEGAL_BASES, REASON, InitiativeForm
from survey.models import Initiative, ReportedInitiative, SubmissionVersion
from survey.models.initiatives import BASIS_OF
from survey.questionnaire import FIELD_NAMES
from survey.rounds.guidance import own_guidance


@dataclass
class Remark:
    """A warning with its reason as it was last written, stored or not, and what is wrong with that."""

    warning: Warning
    reason: str
    errors: Sequence[str] = ()


@dataclass
class Row:
    """A field of the form, and what stands at it."""

    field: BoundField
    basis: BoundField | None = None
    earlier: tuple[int, str] | None = None  # (2019, "1.250"): what was reported last time
    problems: list[Rule] = dataclasses.field(default_factory=list)  # they keep from handing in
    remarks: list[Remark] = dataclasses.field(default_factory=list)
    threads: list[Thread] = dataclasses.field(default_factory=list)


def initiative_page(request, initiative: Initiative, form: InitiativeForm, status=200, **extra):
    """`initiative` is the stored one, or a new one with revision 0; `form` may hold what is not stored."""
    submission = initiative.submission
    form.guide(own_guidance(submission.round))
    threads = messages_by_field(submission, initiative.uuid) if initiative.revision else {}
    rows = _rows(initiative, form, threads)
    shown = {f"{REASON}{remark.warning.rule}" for row in rows.values() for remark in row.remarks}
    context = {
        "form": form,
        "initiative": initiative,
        "submission": submission,
        "home": submission.get_absolute_url(),
        # Not beside what was posted and refused: the errors are listed there.
        "missing": [] if form.is_bound or not initiative.revision else missing_fields(form, initiative),
        "rows": [rows[name] for name in FIELD_NAMES],
        "scope_row": rows["scope_reason"],
        "scope_open": form["scope"].value() or form["scope_reason"].value(),
        "scope": scope,
        "threads": threads.get("", []),  # about the initiative as a whole
        # A reason may be ahead of its warning: the amount at which it is aimed is not right yet.
        "reasons_ahead": [
            (name, text) for name, text in form.data.items() if name.startswith(REASON) and name not in shown
        ],
        "legal_bases": LEGAL_BASES,
        "is_demo": submission.round.is_demo,
        **extra,
    }
    return render(request, "survey/initiative_form.html", context, status=status)


def blank_rows(form: InitiativeForm) -> dict[str, Row]:
    """By field, in the questionnaire's order, and the scope's reason: the fields with nothing at them."""
    rows = {name: Row(form[name]) for name in (*FIELD_NAMES, "scope_reason")}
    for name, basis in BASIS_OF.items():
        rows[name].basis = form[basis]
    return rows


def _rows(initiative: Initiative, form: InitiativeForm, threads: dict[str, list[Thread]]) -> dict[str, Row]:
    """The same with what stands at each."""
    rows = blank_rows(form)
    for name in rows:
        rows[name].threads = threads.get(name, [])
    for name, earlier in (_earlier(initiative) if initiative.revision else {}).items():
        rows[name].earlier = earlier
    said = form.instance if form.is_bound else initiative
    rows["service_area"].problems = area_problems(initiative.submission, said)
    for warning in warnings_at(initiative.submission, said) if said.revision or form.is_bound else ():
        name = f"{REASON}{warning.rule}"
        reason = form.data.get(name, warning.reason or warning.outdated)
        rows[warning.field].remarks.append(Remark(warning, reason, [*form.errors.get(name, [])]))
    return rows


def warnings_at(submission, initiative) -> list[Warning]:
    return warnings_of(submission, [initiative]).get(initiative.uuid, [])


def area_problems(submission, initiative) -> list[Rule]:
    """That its area is stated to be empty: it may be saved so, but not handed in."""
    if not initiative.service_area:
        return []
    year, nil_areas = submission.round.accounts_year, submission.nil_areas()
    found = problems_of([initiative], accounts_year=year, nil_areas=nil_areas)
    return [rule for rule in found.get(initiative.uuid, []) if rule.id == "area_stated_empty"]


def missing_fields(form: InitiativeForm, initiative: Initiative) -> list[BoundField]:
    """The form's fields that must be answered before handing in."""
    return [form[name] for name in initiative.missing()]


def _earlier(initiative: Initiative) -> dict[str, tuple[int, str]]:
    """By amount: (2019, "1.250") of the latest earlier round in which the municipality reported it."""
    submission = initiative.submission
    versions = SubmissionVersion.objects.filter(submission__municipality=submission.municipality_id)
    year = "version__submission__round__accounts_year"
    reported = (
        ReportedInitiative.objects.filter(version__in=versions.reported().values("pk"), uuid=initiative.uuid)
        .filter(**{f"{year}__lt": submission.round.accounts_year})
        .order_by(f"-{year}")
        .values(year, *BASIS_OF)
        .first()
    )
    if not reported:
        return {}
    return {name: (reported[year], number_format(reported[name], force_grouping=True)) for name in BASIS_OF}
