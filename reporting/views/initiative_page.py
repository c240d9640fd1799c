"""The reviewer's desk for one reported initiative: all that it takes to judge it, and the forms to decide."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from math import isclose
from typing import Any

from django.forms import HiddenInput
from django.shortcuts import render
from django.urls import reverse

from municipalities.models import REVIEWERS
from reporting import wording
from reporting.forms.adjustments import AdjustmentForm, SeenForm, WithdrawAdjustmentForm
from reporting.review import statuses
from reporting.review.beside import fields, last_round, similar_to
from reporting.review.catalogue import DUPLICATE
from reporting.review.hits import Hit, HitList, hit_list
from reporting.review.listing import list_query, neighbours
from reporting.totals import PopulationMissing, RoundTotals, round_totals
from survey.dialogue import messages_by_field
from survey.models import (
    Adjustment,
    ReportedInitiative,
    ReviewAssignment,
    Submission,
    SubmissionVersion,
)
from survey.questionnaire import FIELD_NAMES
from survey.transitions import database_now
from survey.views.dialogue import question_form


@dataclass
class Forms:
    """What may be decided now; None: it may not. A form that was refused is shown as it was filled in."""

    adjust: AdjustmentForm | None = None
    withdraw: WithdrawAdjustmentForm | None = None
    accept: SeenForm | None = None
    reopen: SeenForm | None = None

    def __iter__(self):
        return iter((self.adjust, self.withdraw, self.accept, self.reopen))


def initiative_page(request, reported: ReportedInitiative, refused: Forms | None = None, *, status=200):
    """A version that no longer counts is read, not decided."""
    history = list(history_of(request, reported))
    latest = history[-1] if history else None
    in_force = latest if latest and latest.kind == Adjustment.Kind.ADJUSTED else None
    versions = SubmissionVersion.objects.visible_to(request.user).filter(
        submission=reported.version.submission
    )
    counts = reported.version in versions.reported()
    survey_round = reported.version.submission.round
    may_decide = counts and not survey_round.is_final and request.user.ministry_role in REVIEWERS
    last = last_round(reported, request.user)
    standing = _standing(request, reported, in_force) if counts else {}
    stays_accepted = latest is None and counts and standing["status"].name == statuses.ACCEPTED
    context = {
        "initiative": reported,
        "version": reported.version,
        "submission": reported.version.submission,
        "round": survey_round,
        "fields": fields(reported, in_force, last),
        "last": last,
        "passed": reported.passed_warnings.all(),
        "adjustment": in_force,
        "history": history,
        "earlier": _earlier(request, reported) if counts else [],
        "counts": counts,
        "forms": _forms(reported, latest, may_decide, refused or Forms(), stays_accepted),
        "dialogue_url": dialogue_url(request, reported),
        "urls": {name: address(name, reported, request) for name in ACTS},
        **standing,
        "since": _since(standing["status"], latest) if counts else None,
        **_dialogue(reported, may_ask=may_decide),
    }
    return render(request, "reporting/initiative.html", context, status=status)


ACTS = ("adjust", "withdraw_adjustment", "accept", "reopen_initiative")


def address(name: str, reported: ReportedInitiative, request) -> str:
    """Of the version that is on the screen, whichever counts by then; the hit list it came from stays."""
    submission = reported.version.submission
    args = [submission.round.accounts_year, submission.municipality.code, reported.uuid]
    query: dict[str, int | str] = {"version": reported.version.number}
    if "liste" in request.GET:
        query["liste"] = list_query(request)
    return reverse(f"reporting:{name}", args=args, query=query)


def dialogue_url(request, reported: ReportedInitiative) -> str:
    """What is sent from there leads back here (reporting/views/dialogue.py), and the hit list stays."""
    submission = reported.version.submission
    query = {"indsats": str(reported.uuid)}
    if "liste" in request.GET:
        query["liste"] = list_query(request)
    args = [submission.round.accounts_year, submission.municipality.code]
    return reverse("reporting:dialogue", args=args, query=query)


def history_of(request, reported: ReportedInitiative):
    return reported.adjustments.visible_to(request.user).select_related("by")


def _forms(
    reported: ReportedInitiative,
    latest: Adjustment | None,
    may_decide: bool,
    refused: Forms,
    stays_accepted: bool,
) -> Forms:
    """`stays_accepted`: it was accepted in an earlier version, and nothing is decided in this one."""
    if not may_decide:
        return refused
    kind = latest.kind if latest else None
    in_force = latest if kind == Adjustment.Kind.ADJUSTED else None
    seen = {"seen": latest.pk if latest else None}
    forms = Forms(
        adjust=refused.adjust or AdjustmentForm(initiative=reported, adjustment=in_force, **seen),
        withdraw=refused.withdraw,
        accept=refused.accept,
        reopen=refused.reopen,
    )
    if in_force:
        forms.withdraw = refused.withdraw or WithdrawAdjustmentForm(initial=seen, auto_id="withdraw_%s")
    elif kind == Adjustment.Kind.ACCEPTED or stays_accepted:
        forms.reopen = refused.reopen or SeenForm(initial=seen, auto_id="reopen_%s")
    else:
        forms.accept = refused.accept or SeenForm(initial=seen, auto_id="accept_%s")
    return forms


def _standing(request, reported: ReportedInitiative, in_force: Adjustment | None) -> dict[str, Any]:
    """Where its review stands, why it is looked at, and what stands beside it in the round."""
    survey_round, submission = reported.version.submission.round, reported.version.submission
    given = ReviewAssignment.objects.visible_to(request.user).filter(
        submission=submission, uuid=reported.uuid
    )
    assignment = given.select_related("reviewer").first()
    reviewer = {"reviewer": assignment.reviewer if assignment else None}
    try:
        totals = round_totals(survey_round, database_now())
    except PopulationMissing as error:
        own = statuses.statuses([reported.version_id])
        refusal = {"refusal": wording.refusal(error), "remedy": wording.remedy(error)}
        return reviewer | refusal | _state(own[reported.pk])
    found = hit_list(survey_round, totals)
    hit = _hit(found, submission, reported.pk)
    return {
        **reviewer,
        **_state(found.statuses[reported.pk]),
        **_per_inhabitant(reported, in_force, totals),
        "hit": hit,
        "answer_hit": _hit(found, submission, None),
        "repeated_by": _repeated_by(found, reported, in_force),
        "hits": found,
        **neighbours(request, survey_round, found, hit),
        "similar": similar_to(reported, totals, request.user),
    }


def _hit(found: HitList, submission: Submission, initiative: int | None) -> Hit | None:
    """Why the initiative is looked at; None asks of the whole answer."""
    mine = (hit for hit in found.hits if hit.submission == submission.pk)
    return next((hit for hit in mine if hit.initiative == initiative), None)


def _repeated_by(found: HitList, reported: ReportedInitiative, in_force: Adjustment | None) -> list[Hit]:
    """Those of the same answer that are likely this one, entered again."""
    counts = in_force.adjusted(reported) if in_force else reported
    amount = (counts.gross_expenditure or 0) * found.scale.factor
    repeats = [
        hit
        for hit in found.hits
        if hit.submission == reported.version.submission_id and DUPLICATE in hit.rules
    ]
    return [
        hit
        for hit in repeats
        if hit.facts.repeats == reported.title
        and hit.initiative != reported.pk
        and isclose(hit.amount, amount)
    ]


def after(request, reported: ReportedInitiative) -> str:
    """Where one goes on to from the list that one came from: the next, else the list itself; "" without."""
    if "liste" not in request.GET:
        return ""
    survey_round = reported.version.submission.round
    try:
        found = hit_list(survey_round, round_totals(survey_round, database_now()))
    except PopulationMissing:
        return ""
    around = neighbours(request, survey_round, found, _hit(found, reported.version.submission, reported.pk))
    return around.get("following") or around["list_url"]


def _since(status: statuses.Status, latest: Adjustment | None) -> datetime | None:
    """The decision's own time where that is what settles it."""
    return status.since or (latest.at if latest and status.is_settled else None)


def _state(status: statuses.Status) -> dict[str, Any]:
    return {"status": status, "status_name": statuses.NAMES[status.name]}


def _per_inhabitant(
    reported: ReportedInitiative, in_force: Adjustment | None, totals: RoundTotals
) -> dict[str, Any]:
    """What counts over the inhabitants, 1,000 kr. of the accounts year."""
    code = reported.version.submission.municipality.code
    own = next(row for row in totals.returns if row.code == code)
    counts = in_force.adjusted(reported) if in_force else reported
    per_inhabitant = Decimal(counts.gross_expenditure or 0) / own.inhabitants
    return {"totals": totals, "own": own, "counting": counts, "per_inhabitant": per_inhabitant}


def _dialogue(reported: ReportedInitiative, *, may_ask: bool) -> dict:
    """What is said about the initiative, and a form to ask, for those who may correct it as well."""
    by_field = messages_by_field(reported.version.submission, reported.uuid)
    threads = [thread for name in ("", *FIELD_NAMES) for thread in by_field.get(name, [])]
    question = None
    if may_ask:
        seen = max((thread.last.pk for thread in threads), default=None)
        question = question_form({reported.uuid: (reported.title, "")}, uuid=reported.uuid, seen=seen)
        question.fields["uuid"].widget = HiddenInput()
    return {"threads": threads, "question": question}


def _earlier(request, reported: ReportedInitiative):
    """What was in force of the same initiative in earlier versions; it does not follow into a new one."""
    before = Adjustment.objects.visible_to(request.user).before(reported.version)
    return before.filter(initiative__uuid=reported.uuid)
