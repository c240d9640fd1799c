"""From plan to archive. Each edge runs in one transaction: the round's row is locked, then those of its
submissions, so that nobody's save or hand-in is judged by a state or a date that has just changed."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from municipalities.models import REVIEWERS, Municipality
from municipalities.populations import counted
from survey.models import Adjustment, Reminder, RoundEvent, Submission, SubmissionEvent, SurveyRound
from survey.rounds import plans, trial
from survey.rounds.locking import managed, record, refuse_stale, seen
from survey.transitions import Refused

Kind, State = RoundEvent.Kind, SurveyRound.State
BEFORE = {State.CLOSED: State.OPEN, State.LOCKED: State.CLOSED, State.ARCHIVED: State.LOCKED}


def open_round(*, round_id: int, by) -> SurveyRound:
    """Every municipality of the population date gets its submission, so that who is silent is seen.

    What was tried out is deleted first.
    """
    with managed(round_id, by) as (survey_round, now):
        if survey_round.is_opened:
            raise Refused(_("Kortlægningen er allerede åbnet."))
        if survey_round.deadline <= now:
            raise Refused(_("Svarfristen er allerede passeret. Ret datoerne, før kortlægningen åbnes."))
        if survey_round.state == State.TRIAL:
            trial.throw_away(survey_round)
            record(survey_round, Kind.TRIAL_ENDED, by, now, state=State.DRAFT)
        record_opening(survey_round, by, now)
        return survey_round


def record_opening(survey_round: SurveyRound, by, at: datetime) -> None:
    """The submissions, the state and the event, without judging: open_round does, and the demo writes
    history."""
    Submission.objects.bulk_create(
        Submission(round=survey_round, municipality=one, region_id=one.region_id)
        for one in _asked(survey_round)
    )
    record(survey_round, Kind.OPENED, by, at, state=State.OPEN)


def _asked(survey_round: SurveyRound) -> list[Municipality]:
    day = survey_round.population_date
    asked = list(Municipality.objects.at(day))
    if ended := plans.ended_but_counted(day):
        raise Refused(plans.counted_before_the_merger(day, ended))
    having = counted().get(day, set())
    without = [str(one) for one in asked if one.pk not in having]
    if without:
        raise Refused(
            _("Folketallet pr. %(date)s mangler for %(names)s. Tilføj det, før kortlægningen åbner.")
            % {"date": day.strftime("%d.%m.%Y"), "names": ", ".join(without[:5])}
        )
    return asked


def change_dates(*, round_id: int, by, reason: str, began_with: str = "", **dates: datetime) -> SurveyRound:
    """New opens_at, deadline or edit_until of an opened round, with the reason; a draft is just edited.

    `began_with` is locking.seen of the round on the page that it was typed on.
    """
    with managed(round_id, by) as (survey_round, now):
        if survey_round.state != State.OPEN:
            raise Refused(_("Fristerne kan kun ændres, mens kortlægningen er åben."))
        changed = {name: date for name, date in dates.items() if getattr(survey_round, name) != date}
        if not changed:
            raise Refused(_("Fristerne er de samme som før."))
        refuse_stale(began_with, seen(survey_round))
        if "opens_at" in changed and survey_round.opens_at <= now:
            raise Refused(_("Kortlægningen er begyndt, så dens første dag kan ikke ændres."))
        if any(date <= now for date in changed.values()):
            raise Refused(_("En ny frist skal ligge i fremtiden."))
        for name, date in changed.items():
            setattr(survey_round, name, date)
        record(survey_round, Kind.DATES_CHANGED, by, now, reason=reason)
        return survey_round


def close(*, round_id: int, by) -> SurveyRound:
    """No more first answers; those that were returned may still be answered before their own due date.

    Refused while somebody who has not handed in still has time. Reminders that are waiting are stopped,
    also those to the returned: they are sent in open rounds only.
    """
    with managed(round_id, by) as (survey_round, now):
        if survey_round.state != State.OPEN:
            raise Refused(_("Kun en åben kortlægning kan lukkes."))
        drafts = survey_round.submissions.filter(state=Submission.State.DRAFT)
        until = max((draft.edit_until for draft in _of(survey_round, drafts)), default=now)
        if until > now:
            raise Refused(
                _("Der er kommuner, der ikke har indsendt og har tid til %(until)s. Luk derefter.")
                % {"until": date_format(localtime(until), "DATETIME_FORMAT")}
            )
        waiting = Reminder.objects.filter(round=survey_round, sent_at=None, stopped_at=None)
        waiting.update(stopped_at=now, stopped_by=by)
        record(survey_round, Kind.CLOSED, by, now, state=State.CLOSED)
        return survey_round


def ask_to_lock(*, round_id: int, by) -> SurveyRound:
    """The first of the two who lock."""
    with managed(round_id, by) as (survey_round, now):
        _refuse_unfinished(survey_round)
        if lock_asked_by(survey_round):
            raise Refused(_("Låsningen er allerede foreslået. En anden skal bekræfte den."))
        record(survey_round, Kind.LOCK_ASKED, by, now)
        return survey_round


def lock(*, round_id: int, by) -> SurveyRound:
    """The second person, a reviewer or another round manager: from then on nothing in the round changes."""
    with managed(round_id, by, roles=REVIEWERS) as (survey_round, now):
        _refuse_unfinished(survey_round)
        asked = lock_asked_by(survey_round)
        if asked is None:
            raise Refused(_("Låsningen skal først foreslås af den kortlægningsansvarlige."))
        if asked.by_id == by.pk:
            raise Refused(_("Du har selv foreslået låsningen. En anden skal bekræfte den."))
        record(survey_round, Kind.LOCKED, by, now, state=State.LOCKED)
        return survey_round


def lock_asked_by(survey_round: SurveyRound) -> RoundEvent | None:
    """The proposal that waits for a second person. Whatever happens in the round, to a submission or by an
    adjustment after it ends it: the second person confirms what the first one saw."""
    return locks_asked([survey_round]).get(survey_round.pk)


def locks_asked(rounds: Iterable[SurveyRound]) -> dict[int, RoundEvent]:
    """The same of many, by round."""
    events = RoundEvent.objects.filter(round__in=rounds).select_related("by")
    newest = events.order_by("round_id", "-pk").distinct("round_id").annotate(overtaken=_overtaken())
    return {one.round_id: one for one in newest if one.kind == Kind.LOCK_ASKED and not one.overtaken}


def _overtaken() -> Q:
    """Whether figures may have changed since the event: each took its time under the submission's lock."""
    later = {"at__gt": OuterRef("at")}
    moved = SubmissionEvent.objects.filter(submission__round=OuterRef("round"), **later)
    corrections = Adjustment.objects.corrections()
    adjusted = corrections.filter(initiative__version__submission__round=OuterRef("round"), **later)
    return Exists(moved) | Exists(adjusted)


def _refuse_unfinished(survey_round: SurveyRound) -> None:
    if survey_round.state != State.CLOSED:
        raise Refused(_("Kun en lukket kortlægning kan låses."))
    pending = survey_round.submissions.filter(
        state__in=[Submission.State.SUBMITTED, Submission.State.RETURNED]
    )
    if count := pending.count():
        text = ngettext(
            "%d besvarelse er ikke færdigbehandlet: godkend den, eller genåbn kortlægningen.",
            "%d besvarelser er ikke færdigbehandlet: godkend dem, eller genåbn kortlægningen.",
            count,
        )
        raise Refused(text % count)


def archive(*, round_id: int, by) -> SurveyRound:
    """Out of the way: a locked round that nobody works with any more."""
    with managed(round_id, by) as (survey_round, now):
        if survey_round.state != State.LOCKED:
            raise Refused(_("Kun en låst kortlægning kan arkiveres."))
        record(survey_round, Kind.ARCHIVED, by, now, state=State.ARCHIVED)
        return survey_round


def reopen(*, round_id: int, by, reason: str) -> SurveyRound:
    """One step back, with a reason: archived to locked, locked to closed, closed to open."""
    with managed(round_id, by) as (survey_round, now):
        if survey_round.state not in BEFORE:
            raise Refused(_("Kun en lukket, låst eller arkiveret kortlægning kan genåbnes."))
        state = BEFORE[State(survey_round.state)]
        record(survey_round, Kind.REOPENED, by, now, state=state, reason=reason)
        return survey_round


def _of(survey_round: SurveyRound, submissions: QuerySet[Submission]) -> Iterator[Submission]:
    for submission in submissions:
        submission.round = survey_round  # no query for each
        yield submission
