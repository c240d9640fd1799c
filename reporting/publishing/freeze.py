"""Publishing: a round's figures as at a time, frozen with all that they rest on, in one transaction."""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from municipalities.models import Role
from reporting import price_levels
from reporting.models import PriceRate, Publication
from reporting.publishing import certainty, documents
from reporting.publishing.code_version import code_version
from reporting.totals import round_totals
from survey.models import SubmissionVersion, SurveyRound
from survey.transitions import Refused, database_now


def publish(
    *,
    round_id: int,
    by,
    title: str,
    method: str,
    price_level: int,
    number: int | None = None,
    as_at: datetime | None = None,
    embargo_until: datetime | None = None,
    revises: Publication | None = None,
    revision_reason: str = "",
) -> Publication:
    """As at now, unless `as_at` is given. Raises Refused, EstimateRefused, MissingRate, PopulationMissing.

    `number` is what the publisher's page said that it would get: what is published stays for ever, so
    pressing twice finds the first one, and who is overtaken by a colleague is told.
    """
    if by.ministry_role != Role.ROUND_MANAGER:
        raise PermissionDenied
    with transaction.atomic():
        now = _after_all_under_way()
        choices = {
            "round_id": round_id,
            "published_by": by,
            "title": title,
            "method": method,
            "price_level": price_level,
            "embargo_until": embargo_until,
            "revises": revises,
            "revision_reason": revision_reason,
        }
        next_number = (Publication.objects.aggregate(last=Max("number"))["last"] or 0) + 1
        if number and number != next_number:
            return _the_same(number, choices | ({"as_at": as_at} if as_at else {}))
        _judge(now, as_at, round_id, embargo_until, revises)
        return record(number=next_number, as_at=as_at or now, **choices)


def _after_all_under_way() -> datetime:
    """The time when every hand-in, withdrawal, adjustment, rate and population under way has been committed.

    Each of them takes its time under its lock and is committed some milliseconds later; figures as at a
    moment in between would lack it now and have it when they are made again. EXCLUSIVE waits for the
    ROW SHARE of transitions.locked and for the insertion of a rate or a population count; nobody who only
    reads waits for it.
    """
    tables = "survey_submission, reporting_pricerate, municipalities_populationcount"
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {tables} IN EXCLUSIVE MODE")
    return database_now()


def _the_same(number: int, choices: dict) -> Publication:
    found = Publication.objects.filter(number=number, **choices).first()
    if found is None:
        raise Refused(_("En anden har offentliggjort imens. Se listen igennem, og prøv igen."))
    return found


def _judge(now, as_at, round_id, embargo_until, revises) -> None:
    if SurveyRound.objects.filter(pk=round_id, state__in=SurveyRound.NOT_OPENED).exists():
        raise Refused(_("Kortlægningen er ikke åbnet, så der er ikke noget at offentliggøre."))
    if as_at and as_at > now:
        raise Refused(_("Skriv et tidspunkt, der er passeret."))
    if embargo_until and embargo_until <= now:
        raise Refused(_("Klausulen skal slutte efter offentliggørelsen."))
    if revises and revises.round_id != round_id:
        raise Refused(_("En opgørelse kan kun revidere en anden af samme kortlægning."))
    if revises and Publication.objects.filter(revises=revises).exists():
        raise Refused(_("En anden opgørelse reviderer allerede denne."))


def record(*, round_id: int, as_at: datetime, method: str, price_level: int, **fields) -> Publication:
    """Makes the figures and stores them, without judging: publish does."""
    survey_round = SurveyRound.objects.get(pk=round_id)
    rates = rates_at(survey_round, as_at, price_level)
    basis = gather(survey_round, as_at, rates, method=method, price_level=price_level)
    inputs, outputs = documents.canonical(basis), documents.canonical(documents.outputs(basis))
    publication = Publication.objects.create(
        round=survey_round,
        as_at=as_at,
        method=method,
        price_level=price_level,
        population_date=survey_round.population_date,
        code_version=code_version(),
        inputs=inputs,
        outputs=outputs,
        inputs_checksum=documents.checksum(inputs),
        outputs_checksum=documents.checksum(outputs),
        **fields,
    )
    publication.rates.set(rates)
    return publication


def rates_at(survey_round: SurveyRound, as_at: datetime, price_level: int) -> list[PriceRate]:
    """The rows in force then that the conversion needs. Raises MissingRate."""
    in_force = PriceRate.objects.in_force(as_at)
    found = []
    for year in price_levels.years(survey_round.accounts_year, price_level):
        if year not in in_force:
            raise price_levels.MissingRate(year)
        found.append(in_force[year])
    return found


def gather(
    survey_round: SurveyRound, as_at: datetime, rates: Iterable[PriceRate], *, method: str, price_level: int
) -> dict:
    """The inputs document from the database. Raises PopulationMissing."""
    totals = round_totals(survey_round, as_at)
    versions = SubmissionVersion.objects.in_bulk([row.version for row in totals.returns if row.version])
    return documents.inputs(
        totals,
        versions,
        rates,
        method=method,
        price_level=price_level,
        passed_warnings=certainty.passed_warnings(list(versions)),
        amount_bases=certainty.amount_bases(list(versions), totals.adjustments),
    )
