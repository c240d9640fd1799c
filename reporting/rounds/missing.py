"""What a round still lacks, in short lines with where it is put right: for its plan and its overview."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from municipalities.models import REVIEWERS, Contact, Municipality, Role
from reporting.rounds.timeline import moment
from survey.inviting import asked, may_invite
from survey.models import RoundMail, RoundPhase, Submission, SurveyRound
from survey.rounds.lifecycle import lock_asked_by
from survey.rounds.plans import population_lacks


@dataclass(frozen=True)
class Missing:
    """`address` is where it is put right."""

    text: str
    address: str


def missing_of(survey_round: SurveyRound, user, now: datetime) -> list[Missing]:
    """In the order in which a round is planned; a query for each line that may be there."""
    found: list[Missing] = []
    if not survey_round.is_opened:
        found += [*_opening(survey_round, now), *_population(survey_round), *_phases(survey_round, user)]
    if may_invite(survey_round) and now < survey_round.edit_until:
        found += [*_contacts(survey_round, user), *_reminders(survey_round)]
    if survey_round.state == SurveyRound.State.CLOSED:
        found += _proposed_lock(survey_round, user)
    return found


def _opening(survey_round: SurveyRound, now: datetime) -> list[Missing]:
    if now < survey_round.opens_at:
        return []
    text = _("Den skulle være åbnet %(moment)s.") % {"moment": moment(survey_round.opens_at)}
    return [Missing(text, _plan(survey_round) + "#acts")]


def _population(survey_round: SurveyRound) -> list[Missing]:
    text = population_lacks(survey_round.population_date)
    return [Missing(text, reverse("reference:populations"))] if text else []


def _phases(survey_round: SurveyRound, user) -> list[Missing]:
    count = len(RoundPhase.Kind) - survey_round.phases.count()
    if not count:
        return []
    text = ngettext("%d fase er ikke planlagt.", "%d faser er ikke planlagt.", count) % count
    if user.ministry_role != Role.ROUND_MANAGER:
        return [Missing(text, _plan(survey_round) + "#planned")]
    return [Missing(text, reverse("rounds:phases", args=[survey_round.accounts_year]))]


def _contacts(survey_round: SurveyRound, user) -> list[Missing]:
    """Municipalities that have not handed in: without an invitation, and without anybody to write to."""
    places = _waited_for(survey_round)
    mails = RoundMail.objects.visible_to(user).invitations().filter(round=survey_round)
    reachable = Contact.objects.visible_to(user).reachable()
    here = {"municipality": OuterRef("pk")}
    uninvited = places.exclude(Exists(mails.filter(**here))).count()
    unreachable = places.exclude(Exists(reachable.filter(**here))).count()
    page, found = reverse("contacts:invitations", args=[survey_round.accounts_year]), []
    if uninvited:
        text = ngettext("%d kommune er ikke inviteret.", "%d kommuner er ikke inviteret.", uninvited)
        found.append(Missing(text % uninvited, f"{page}?show=uninvited"))
    if unreachable:
        text = ngettext(
            "%d kommune har ingen kontakt, der kan nås.",
            "%d kommuner har ingen kontakt, der kan nås.",
            unreachable,
        )
        found.append(Missing(text % unreachable, page))
    return found


def _waited_for(survey_round: SurveyRound) -> QuerySet[Municipality]:
    answered = Submission.objects.filter(round=survey_round).exclude(state=Submission.State.DRAFT)
    return asked(survey_round).exclude(pk__in=answered.values("municipality"))


def _reminders(survey_round: SurveyRound) -> list[Missing]:
    if survey_round.reminders.filter(stopped_at=None).exists():
        return []
    address = reverse("reminders:reminders", args=[survey_round.accounts_year])
    return [Missing(_("Der er ikke planlagt nogen påmindelse."), address)]


def _proposed_lock(survey_round: SurveyRound, user) -> list[Missing]:
    """To those who may confirm it."""
    proposed = lock_asked_by(survey_round)
    if not proposed or proposed.by_id == user.pk or user.ministry_role not in REVIEWERS:
        return []
    text = _("%(name)s foreslog %(at)s at låse kortlægningen. En anden skal bekræfte det.")
    said = text % {"name": proposed.by, "at": moment(proposed.at)}
    return [Missing(said, _plan(survey_round) + "#acts")]


def _plan(survey_round: SurveyRound) -> str:
    return reverse("rounds:plan", args=[survey_round.accounts_year])
