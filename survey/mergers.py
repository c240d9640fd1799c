"""Municipalities by date: one that is merged into another, or gets a new code, ends on a day and names its
successor. It keeps its rounds, its pages and its members; a round whose population date is on or after
the day asks the successor instead (Municipality.objects.at)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.db.models import ProtectedError, QuerySet
from django.utils.translation import gettext as _

from municipalities.models import Contact, Membership, Municipality, Role
from municipalities.populations import counted
from survey.models import SurveyRound
from survey.rounds.plans import complete_population_dates
from survey.transitions import Refused

OFF_THE_MAP = 32_767


def record_end(*, municipality_id: int, day: date, successor: Municipality, by) -> Municipality:
    """From `day` on the municipality is a part of `successor`, which is made if it is not stored yet.

    A new one without a place on the map takes that of the one that ends, and gets its members, in the same
    roles, and its contacts. One that is there already keeps its own alone: nobody gets into another's
    answers because the ministry wrote a line; its approvers invite whom they need. Raises Refused, and
    ValidationError of a new municipality's fields.
    """
    with _managed(by):
        ended = Municipality.objects.get(pk=municipality_id)
        _judge(ended, day)
        if successor.pk:
            _judge_successor(ended, successor, day)
            Municipality.objects.filter(pk=ended.pk).update(valid_until=day, successor=successor)
        else:
            _create(successor, ended, day)
            _copy_people(ended, successor)
        return successor


def _judge(ended: Municipality, day: date) -> None:
    if ended.valid_until:
        raise Refused(_("%s er allerede registreret som ophørt.") % ended)
    if ended.valid_from and day <= ended.valid_from:
        raise Refused(_("%s var ikke kommune før den dag. Vælg en senere dag.") % ended)
    later = ended.predecessors.filter(valid_until__gte=day).first()
    if later:
        raise Refused(
            _("%(earlier)s blev først en del af %(name)s den dag eller senere. Vælg en senere dag.")
            % {"earlier": later, "name": ended}
        )
    asked = _opened_rounds(day).filter(submissions__municipality=ended).first()
    if asked:
        raise Refused(
            _("%(round)s er åbnet og spørger %(name)s efter folketallet pr. %(day)s. Vælg en senere dag.")
            % {"round": asked, "name": ended, "day": asked.population_date.strftime("%d.%m.%Y")}
        )


def _judge_successor(ended: Municipality, successor: Municipality, day: date) -> None:
    if successor.pk == ended.pk:
        raise Refused(_("En kommune kan ikke blive en del af sig selv. Vælg en anden, eller opret en ny."))
    if not Municipality.objects.at(day).filter(pk=successor.pk).exists():
        raise Refused(_("%s er ikke en kommune på den dag. Vælg en anden.") % successor)


def _opened_rounds(day: date):
    """Those that rest on who was a municipality on that day or later."""
    return SurveyRound.objects.filter(population_date__gte=day).opened()


def _create(new: Municipality, ended: Municipality, day: date) -> None:
    """The old one ends first, so that the new one can have its place on the map and its CVR number; it
    names a row that is inserted after it (the foreign key is judged at the commit)."""
    if new.tile_row is None or new.tile_column is None:
        new.tile_row, new.tile_column = ended.tile_row, ended.tile_column
    new.valid_from = day
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('municipalities_municipality', 'id'))")
        pk = cursor.fetchone()[0]
    Municipality.objects.filter(pk=ended.pk).update(valid_until=day, successor=pk)
    new.full_clean()
    new.pk = pk
    new.save(force_insert=True)


def _copy_people(ended: Municipality, new: Municipality) -> None:
    Membership.objects.bulk_create(
        Membership(user_id=m.user_id, municipality=new, role=m.role) for m in ended.memberships.all()
    )
    details = ("name", "title", "email", "phone", "bounced_at", "bounce_note")
    Contact.objects.bulk_create(
        Contact(municipality=new, **contact) for contact in ended.contacts.values(*details)
    )


def to_import_again(day: date) -> list[date]:
    """The population dates from that day on that were counted of other municipalities than there are now."""
    complete = complete_population_dates()
    return sorted(one for one in counted() if one >= day and one not in complete)


def take_back(*, municipality_id: int, by) -> None:
    """A mistake: the municipality did not end after all. Refused when an opened round rests on it.

    A successor that was made for it goes with its members and contacts, if nobody else has become a part
    of it. Of a new one that stays, those who have the same role in both lose it there, and contacts that
    stand in both go, but for what another of its parts has too: nobody shall keep an access that rests on a
    mistake.
    One that was there before got nobody and loses nobody.
    """
    with _managed(by):
        ended = Municipality.objects.get(pk=municipality_id)
        if ended.valid_until is None or ended.successor is None:
            raise Refused(_("%s er ikke registreret som ophørt.") % ended)
        successor, day = ended.successor, ended.valid_until
        rests = _opened_rounds(day).first()
        if rests:
            raise Refused(
                _("%(round)s er åbnet med kommunerne pr. %(day)s og hviler på ændringen.")
                % {"round": rests, "day": rests.population_date.strftime("%d.%m.%Y")}
            )
        others = successor.predecessors.exclude(pk=ended.pk)
        if successor.valid_from != day:
            _restore(ended)
        elif others.exists():
            _take_people_back(ended, successor, others)
            _restore(ended)
        else:
            _make_way(successor)
            _restore(ended)
            _remove(successor)


def _make_way(new: Municipality) -> None:
    """Off the map and without its number, which the one that did not end has again."""
    new.memberships.all().delete()
    new.contacts.all().delete()
    Municipality.objects.filter(pk=new.pk).update(tile_row=OFF_THE_MAP, cvr="")


def _restore(ended: Municipality) -> None:
    ended.valid_until = ended.successor = None
    try:
        ended.full_clean()
    except ValidationError as error:  # a third one has its place on the map or its number by now
        raise Refused(" ".join(error.messages)) from error
    ended.save()


def _remove(new: Municipality) -> None:
    used = _("%s er taget i brug, så den kan ikke fjernes.") % new
    if new.valid_until:
        raise Refused(used)
    try:
        new.delete()
    except ProtectedError as error:  # populations, answers, invitations, mails
        raise Refused(used) from error


def _take_people_back(ended: Municipality, new: Municipality, others: QuerySet[Municipality]) -> None:
    also = Membership.objects.filter(municipality__in=others)
    for membership in ended.memberships.exclude(user__in=also.values("user")):
        new.memberships.filter(user=membership.user_id, role=membership.role).delete()
    kept = Contact.objects.filter(municipality__in=others)
    mistaken = ended.contacts.exclude(email__in=kept.values("email"))
    new.contacts.filter(email__in=mistaken.values("email")).delete()


@contextmanager
def _managed(by) -> Iterator[None]:
    """No round is opened, and no other change recorded, meanwhile: each edge of a round locks its row
    (rounds/locking.py), which EXCLUSIVE waits for and holds up. First what publishing locks before it touches
    the round (reporting/publishing/freeze.py): removing a municipality looks into the same tables."""
    if by.ministry_role != Role.ROUND_MANAGER:
        raise PermissionDenied
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE survey_submission, municipalities_populationcount IN ROW SHARE MODE")
            cursor.execute("LOCK TABLE survey_surveyround IN EXCLUSIVE MODE")
        yield
