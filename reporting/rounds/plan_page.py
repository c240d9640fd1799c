"""The plan's page, with the acts that a user may do now and why the others cannot be done yet."""

from dataclasses import dataclass
from datetime import datetime

from django.shortcuts import render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from municipalities.models import REVIEWERS, Role
from reporting.rounds.forms import ReasonForm
from reporting.rounds.missing import missing_of
from reporting.rounds.timeline import moment, planned, title_of
from survey.models import Reminder, RoundEvent, Submission, SurveyRound
from survey.rounds import lifecycle, plans
from survey.transitions import database_now

State = SurveyRound.State


@dataclass(frozen=True)
class Act:
    """A step with its address, what its button says, and what it does; `refusals` say why it cannot be now.

    `waits_for` are the submissions that keep it from being done.
    """

    name: str
    button: str
    text: str
    refusals: tuple[str, ...] = ()
    waits_for: tuple[Submission, ...] = ()
    form: ReasonForm | None = None

    @property
    def is_refused(self) -> bool:
        return bool(self.refusals or self.waits_for)


def plan_page(request, survey_round: SurveyRound, *, refusal="", form: ReasonForm | None = None, status=200):
    """With what was refused, or the reason's form as it was filled in."""
    survey_round.refresh_from_db()
    now = database_now()
    events = list(survey_round.events.select_related("by"))
    opened = [event.at for event in events if event.kind == RoundEvent.Kind.OPENED]
    context = {
        "round": survey_round,
        "planned": planned(survey_round),
        "timeline_title": title_of(survey_round),
        "today": localdate(now),
        "events": events,
        "opened_at": min(opened, default=None),
        "undone": missing_of(survey_round, request.user, now),
        "own_guidance": survey_round.guidance.count(),
        "outside": _outside(survey_round),
        "may_plan": request.user.ministry_role == Role.ROUND_MANAGER,
        "acts": acts_of(request.user, survey_round, now, form),
        "form": form,
        "refusal": refusal,
    }
    return render(request, "reporting/rounds/plan.html", context, status=status)


def _outside(survey_round: SurveyRound) -> list[Reminder]:
    """Reminders that wait, and would go out before the round opens or when nobody can answer any more."""
    waiting = survey_round.reminders.filter(sent_at=None, stopped_at=None)
    inside = waiting.filter(send_at__gte=survey_round.opens_at, send_at__lt=survey_round.edit_until)
    return list(waiting.exclude(pk__in=inside.values("pk")))


def acts_of(user, survey_round: SurveyRound, now: datetime, form: ReasonForm | None = None) -> list[Act]:
    """What the round's state offers; survey/rounds/ judges each again under the lock."""
    if survey_round.state == State.CLOSED and user.ministry_role in REVIEWERS:
        locking = [_locking(user, survey_round)]
        return [act for act in locking if act] + (_reopening(user, survey_round, form))
    if user.ministry_role != Role.ROUND_MANAGER:
        return []
    if not survey_round.is_opened:
        return [_opening(survey_round, now), *_deleting(survey_round)]
    if survey_round.state == State.OPEN:
        return [_closing(survey_round, now)]
    archiving = [_archiving()] if survey_round.state == State.LOCKED else []
    return archiving + _reopening(user, survey_round, form)


def _opening(survey_round: SurveyRound, now: datetime) -> Act:
    text = _(
        "Når den åbnes, får hver kommune sin besvarelse, og grundlaget og vejledningen ligger fast. "
        "Kommunerne kan skrive fra %(moment)s. En åbnet kortlægning kan ikke blive kladde igen."
    ) % {"moment": moment(survey_round.opens_at)}
    if survey_round.state == State.TRIAL:
        text += " " + _("Prøven slutter, og alt, hvad der er skrevet i den, slettes.")
    return Act("rounds:open", _("Åbn kortlægningen"), text, tuple(plans.not_yet(survey_round, now)))


def _deleting(survey_round: SurveyRound) -> list[Act]:
    if survey_round.state != State.DRAFT:
        return []
    text = _("Kladden slettes med sine faser, sin vejledning og sine påmindelser. Det kan ikke fortrydes.")
    return [Act("rounds:delete", _("Slet kladden"), text)]


def _closing(survey_round: SurveyRound, now: datetime) -> Act:
    """Whoever has not handed in and still has time keeps it open."""
    text = _(
        "Når den lukkes, kan ingen flere indsende et første svar; det, der er sendt tilbage til en kommune, "
        "kan stadig besvares inden sin egen frist. Alle påmindelser, der venter, stoppes, også dem til de "
        "kommuner, så skriv selv til dem."
    )
    drafts = survey_round.submissions.filter(state=Submission.State.DRAFT).select_related("municipality")
    waits_for = [draft for draft in drafts if draft.edit_until > now]
    refusals = []
    if waits_for:
        until = moment(max(one.edit_until for one in waits_for))
        said = _("Den kan lukkes fra %(until)s: disse kommuner har ikke indsendt og har stadig tid.")
        refusals = [said % {"until": until}]
    return Act("rounds:close", _("Luk kortlægningen"), text, tuple(refusals), tuple(waits_for))


def _locking(user, survey_round: SurveyRound) -> Act | None:
    """Proposed by the round manager, confirmed by another: a reviewer or another round manager."""
    text = _(
        "Når den låses, kan intet i den ændres: ingen svar, rettelser eller frister. To skal være om det."
    )
    asked = lifecycle.lock_asked_by(survey_round)
    if asked is None:
        if user.ministry_role != Role.ROUND_MANAGER:
            return None
        pending = _pending(survey_round)
        refusals = (_("Disse besvarelser skal godkendes først:"),) if pending else ()
        return Act("rounds:ask_to_lock", _("Foreslå låsning"), text, refusals, pending)
    who = {"name": asked.by, "at": moment(asked.at)}
    text += " " + _("%(name)s foreslog låsningen %(at)s.") % who
    if asked.by_id == user.pk:
        own = _(
            "Du har selv foreslået det. En kvalitetssikrer eller en anden kortlægningsansvarlig bekræfter."
        )
        return Act("rounds:lock", _("Lås kortlægningen"), text, (own,))
    return Act("rounds:lock", _("Lås kortlægningen"), text)


def _pending(survey_round: SurveyRound) -> tuple[Submission, ...]:
    states = [Submission.State.SUBMITTED, Submission.State.RETURNED]
    return tuple(survey_round.submissions.filter(state__in=states).select_related("municipality"))


def _archiving() -> Act:
    text = _("Når den arkiveres, foldes den sammen på listen. Alt i den kan stadig læses.")
    return Act("rounds:archive", _("Arkivér kortlægningen"), text)


def _reopening(user, survey_round: SurveyRound, form: ReasonForm | None) -> list[Act]:
    """One step back, with a reason."""
    if user.ministry_role != Role.ROUND_MANAGER:
        return []
    button, text = {
        State.CLOSED: (
            _("Genåbn kortlægningen"),
            _(
                "Den bliver åben igen, med de frister, den har: er de udløbet, så ændr dem bagefter, ellers "
                "kan kommuner, der ikke har indsendt, stadig ikke. Påmindelser, der er stoppet, forbliver "
                "stoppet, til de genoptages."
            ),
        ),
        State.LOCKED: (
            _("Tilbage til lukket"),
            _("Den bliver lukket igen, så besvarelser kan behandles."),
        ),
        State.ARCHIVED: (_("Tilbage til låst"), _("Den bliver låst igen og står på listen.")),
    }[State(survey_round.state)]
    return [Act("rounds:reopen", button, text, form=form or ReasonForm())]
