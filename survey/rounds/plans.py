"""The plan of a round before it is opened: a new one, copied from an earlier one or not; its phases; and
a draft that was given up."""

from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max, ProtectedError
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from municipalities.models import Municipality, Role
from municipalities.populations import counted
from survey.models import GuidanceText, Reminder, RoundPhase, SurveyRound
from survey.rounds.locking import managed, phases_seen, refuse_stale, seen
from survey.rounds.shifting import same_date, shifted_day, shifted_moment, weeks_between, weeks_of
from survey.transitions import Refused, database_now

DATES = ("opens_at", "deadline", "edit_until")


def suggestion(source: SurveyRound) -> dict:
    """A new round's fields as `source` had them, moved to the year after the newest round's."""
    newest = SurveyRound.objects.aggregate(last=Max("accounts_year"))["last"]
    years = newest + 1 - source.accounts_year
    zone = timezone.get_default_timezone()
    return {
        "accounts_year": newest + 1,
        "price_level": source.price_level + years,
        "population_date": same_date(source.population_date, years),
        **{name: shifted_moment(getattr(source, name), weeks_of(years), zone) for name in DATES},
    }


def create(*, survey_round: SurveyRound, by, source: SurveyRound | None = None) -> int:
    """Stores a new draft, with what is planned of `source`; the answer is how many reminders were left out.

    Phases and reminders are moved as many weeks as the opening. A reminder that would be sent before the
    round opens, or in the past, is not copied.
    """
    if by.ministry_role != Role.ROUND_MANAGER:
        raise PermissionDenied
    survey_round.is_demo = source.is_demo if source else by.is_demo
    with transaction.atomic():
        _save_the_only_one(survey_round)
        return _copy(source, survey_round, by) if source else 0


def _save_the_only_one(survey_round: SurveyRound) -> None:
    """Two at once for the same year: each was judged before the other one was stored."""
    try:
        with transaction.atomic():
            survey_round.save()
    except IntegrityError as error:
        raise Refused(_("Der er allerede en kortlægning af dette regnskabsår.")) from error


def _copy(source: SurveyRound, new: SurveyRound, by) -> int:
    weeks = weeks_between(localdate(source.opens_at), localdate(new.opens_at))
    new.invitation_subject, new.invitation_text = source.invitation_subject, source.invitation_text
    new.save(update_fields=["invitation_subject", "invitation_text"])
    RoundPhase.objects.bulk_create(
        RoundPhase(
            round=new,
            kind=phase.kind,
            starts_on=shifted_day(phase.starts_on, weeks),
            ends_on=shifted_day(phase.ends_on, weeks),
            responsible=phase.responsible,
        )
        for phase in source.phases.all()
    )
    GuidanceText.objects.bulk_create(
        GuidanceText(round=new, field=guidance.field, text=guidance.text)
        for guidance in source.guidance.all()
    )
    return _copy_reminders(source, new, by, weeks)


def _copy_reminders(source: SurveyRound, new: SurveyRound, by, weeks: int) -> int:
    zone, earliest = timezone.get_default_timezone(), max(new.opens_at, database_now())
    moved = [(shifted_moment(one.send_at, weeks, zone), one) for one in source.reminders.order_by("send_at")]
    kept = [(send_at, one) for send_at, one in moved if send_at > earliest]
    Reminder.objects.bulk_create(
        Reminder(
            round=new,
            number=number,
            send_at=send_at,
            targets=one.targets,
            subject=one.subject,
            text=one.text,
            created_by=by,
        )
        for number, (send_at, one) in enumerate(kept, start=1)
    )
    return len(moved) - len(kept)


def edit(*, round_id: int, by, fields: dict, began_with: str = "") -> SurveyRound:
    """New years or dates of a round that is not opened; what an opened one rests on is frozen.

    `began_with` is locking.seen of the round on the page.
    """
    with managed(round_id, by) as (survey_round, _now):
        if survey_round.is_opened:
            raise Refused(
                _("Kortlægningen er åbnet, så dens grundlag ligger fast. Fristerne ændres på siden Frister.")
            )
        if all(getattr(survey_round, name) == value for name, value in fields.items()):  # pressed twice
            return survey_round
        refuse_stale(began_with, seen(survey_round))
        for name, value in fields.items():
            setattr(survey_round, name, value)
        try:
            survey_round.full_clean()
        except ValidationError as error:
            raise Refused(" ".join(error.messages)) from error
        _save_the_only_one(survey_round)
        return survey_round


def save_phases(
    *, round_id: int, by, phases: dict[str, tuple[date, date, str]], began_with: str = ""
) -> None:
    """The whole timeline, {kind: (first day, last day, responsible)}; any other kind is not planned.

    `began_with` is locking.phases_seen of the round on the page.
    """
    with managed(round_id, by) as (survey_round, _now):
        if survey_round.is_final:
            raise Refused(_("Kortlægningen er låst, så intet i den kan ændres."))
        stored = {
            one.kind: (one.starts_on, one.ends_on, one.responsible) for one in survey_round.phases.all()
        }
        if stored == phases:  # pressed twice
            return
        refuse_stale(began_with, phases_seen(survey_round))
        survey_round.phases.exclude(kind__in=phases).delete()
        for kind, (starts_on, ends_on, responsible) in phases.items():
            fields = {"starts_on": starts_on, "ends_on": ends_on, "responsible": responsible}
            survey_round.phases.update_or_create(kind=kind, defaults=fields)


def delete_draft(*, round_id: int, by) -> None:
    """A draft that nothing rests on: no trial was held, nothing was sent, and nobody has written a note."""
    try:
        with managed(round_id, by) as (survey_round, _now):
            if survey_round.state != SurveyRound.State.DRAFT:
                raise Refused(_("Kun en kladde kan slettes."))
            survey_round.reminders.all().delete()
            survey_round.delete()
    except ProtectedError as error:
        raise Refused(
            _("Kladden kan ikke slettes: der er holdt en prøve, sendt mails eller skrevet notater i den.")
        ) from error


def complete_population_dates() -> list[date]:
    """The dates, the newest first, whose inhabitants were counted of the municipalities of that day: of
    each of them, and of none that has become a part of another by then."""
    terms = list(Municipality.objects.values_list("pk", "valid_from", "valid_until"))
    return sorted((day for day, having in counted().items() if _at(day, terms) == having), reverse=True)


def _at(day: date, terms: list[tuple[int, date | None, date | None]]) -> set[int]:
    """As MunicipalityQuerySet.at, of many days by one query."""
    return {pk for pk, begun, ended in terms if (not begun or begun <= day) and (not ended or day < ended)}


def ended_but_counted(day: date) -> list[Municipality]:
    """Those with inhabitants in the date's newest count who have ended by then: nobody is asked for them."""
    ended = Municipality.objects.filter(valid_until__lte=day)
    return list(ended.filter(pk__in=counted().get(day, ())))


def counted_before_the_merger(day: date, ended: list[Municipality]) -> str:
    text = _(
        "Folketallet pr. %(day)s er opgjort, før kommunerne blev lagt sammen (%(names)s): indlæs det igen."
    )
    names = ", ".join(str(one) for one in ended[:5])
    return text % {"day": day.strftime("%d.%m.%Y"), "names": names}


def not_yet(survey_round: SurveyRound, now: datetime) -> list[str]:
    """Why it cannot be opened now, in words; survey/rounds/lifecycle.py judges it again."""
    reasons = []
    if survey_round.deadline <= now:
        reasons.append(_("Svarfristen er passeret. Ret datoerne."))
    population = population_lacks(survey_round.population_date)
    return [*reasons, population] if population else reasons


def population_lacks(day: date) -> str:
    """What that day's population lacks for a round to be opened on it, in words; "" if nothing."""
    if ended := ended_but_counted(day):
        return counted_before_the_merger(day, ended)
    if day in complete_population_dates():
        return ""
    text = _("Folketallet pr. %(day)s er ikke indlæst for alle kommuner.")
    return text % {"day": day.strftime("%d.%m.%Y")}
