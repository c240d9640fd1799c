"""An initiative beside what counts instead of it, what it said the last time, and similar ones elsewhere."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from reporting import price_levels, wording
from reporting.figures.drawing import danish
from reporting.models import PriceRate
from reporting.review import search
from reporting.totals import RoundTotals
from survey.models import Adjustment, ReportedInitiative, SubmissionVersion, SurveyRound
from survey.models.initiatives import READING_ORDER
from survey.questionnaire import FIELD_NAMES
from survey.transitions import database_now

AMOUNTS = ("gross_expenditure", "gross_income")


@dataclass(frozen=True)
class LastRound:
    """The same initiative (by its uuid) as it counted in the latest earlier opened round.

    `factor` takes its amounts to the prices of this round's accounts year, in which the reported amounts
    are; None where a rate is missing, which `refusal` says.
    """

    round: SurveyRound
    initiative: ReportedInitiative
    adjustment: Adjustment | None
    factor: Decimal | None
    refusal: str = ""

    def amount(self, name: str) -> str:
        """In 1,000 kr. at the level of the page, and as it was."""
        own = _("%(amount)s i %(year)d-priser") % {
            "amount": danish(getattr(self.initiative, name)),
            "year": self.round.accounts_year,
        }
        if self.factor is None:
            return own
        return f"{danish(getattr(self.initiative, name) * self.factor)} ({own})"


@dataclass(frozen=True)
class Field:
    """A field's texts; "" is not answered. `changed`: what counts now is not what counted the last time."""

    name: str
    label: str
    reported: str
    corrected: str
    last: str
    changed: bool

    @property
    def may_be_asked_about(self) -> bool:
        return self.name in FIELD_NAMES


def fields(
    reported: ReportedInitiative, adjustment: Adjustment | None, last: LastRound | None
) -> list[Field]:
    """The service area, the ten fields and what is said beside them, of those that say something."""
    changes = adjustment.changes() if adjustment else {}
    counts = adjustment.adjusted(reported) if adjustment else reported
    found = []
    for name in READING_ORDER:
        text, before = reported.text(name), _last(name, last)
        if name in FIELD_NAMES or text or before:
            corrected = counts.text(name) if name in changes else ""
            changed = last is not None and _is_changed(name, counts, last)
            found.append(Field(name, reported.label(name), text, corrected, before, changed))
    return found


def _last(name: str, last: LastRound | None) -> str:
    if last is None:
        return ""
    return last.amount(name) if name in AMOUNTS else last.initiative.text(name)


def _is_changed(name: str, counts: ReportedInitiative, last: LastRound) -> bool:
    """Amounts are compared at one price level, in whole 1,000 kr. as they are shown."""
    now, before = getattr(counts, name), getattr(last.initiative, name)
    if name in AMOUNTS:
        return last.factor is not None and danish(now) != danish(before * last.factor)
    if name not in FIELD_NAMES and not (now and before):
        return False  # not answered is no other answer, and the first rounds did not ask
    return counts.text(name) != last.initiative.text(name)


def last_round(reported: ReportedInitiative, user) -> LastRound | None:
    """None where it was not reported then, or this is the first round. At most four queries."""
    this = reported.version.submission.round
    earlier = SurveyRound.objects.visible_to(user).before(this).first()
    if earlier is None:
        return None
    counting = SubmissionVersion.objects.filter(submission__round=earlier).reported()
    initiatives = ReportedInitiative.objects.visible_to(user).filter(version__in=counting.values("pk"))
    before = initiatives.filter(uuid=reported.uuid).first()
    if before is None:
        return None
    adjustment = before.adjustments.in_force().first()
    rates = PriceRate.objects.percents(database_now())
    counts = adjustment.adjusted(before) if adjustment else before
    try:
        factor = price_levels.factor(rates, earlier.accounts_year, this.accounts_year)
    except price_levels.MissingRate as error:
        return LastRound(earlier, counts, adjustment, None, wording.refusal(error))
    return LastRound(earlier, counts, adjustment, factor)


@dataclass(frozen=True)
class Place:
    """A municipality whose version counts; `inhabitants` None: nobody asks."""

    code: str
    name: str
    inhabitants: int | None = None


@dataclass(frozen=True)
class Row:
    """An initiative as it counts, and whose it is."""

    initiative: ReportedInitiative
    adjustment: Adjustment | None
    municipality: Place

    @property
    def per_inhabitant(self) -> Decimal | None:
        """1,000 kr. of the accounts year."""
        inhabitants = self.municipality.inhabitants
        return Decimal(self.initiative.gross_expenditure or 0) / inhabitants if inhabitants else None


def similar_to(reported: ReportedInitiative, totals: RoundTotals, user) -> list[Row]:
    """Those of other municipalities that count in the round, the most like its title first. Three queries."""
    mine = reported.version.submission.municipality.code
    places = {
        row.version: Place(row.code, row.name, row.inhabitants)
        for row in totals.returns
        if row.version is not None and row.code != mine
    }
    return rows_of(search.similar(reported.pk, list(places)), places, totals.adjustments, user)


def rows_of(
    ids: Sequence[int], places: Mapping[int, Place], adjustments: Iterable[Adjustment], user
) -> list[Row]:
    """In the order of the ids; `places` by the id of the version, `adjustments` those in force. One query."""
    found = ReportedInitiative.objects.visible_to(user).in_bulk(ids)
    in_force = {one.initiative_id: one for one in adjustments}
    return [_row(found[pk], in_force.get(pk), places) for pk in ids if pk in found]


def _row(initiative: ReportedInitiative, adjustment: Adjustment | None, places: Mapping[int, Place]) -> Row:
    counts = adjustment.adjusted(initiative) if adjustment else initiative
    return Row(counts, adjustment, places[initiative.version_id])
