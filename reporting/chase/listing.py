"""Who has not answered, what each answer would do, and what is agreed with whom: a query for each kind."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max
from django.utils.translation import gettext as _

from municipalities.models import Contact, Membership
from reporting import price_levels, wording
from reporting.chase.ranking import Effect, Ranking, ranking
from reporting.models import PriceRate
from reporting.national import Coverage, coverage_of
from reporting.returns import amounts, frame_of
from reporting.strata import Frame
from reporting.totals import RoundTotals
from survey.models import ChaseNote, RoundMail, Submission, SurveyRound


@dataclass(frozen=True)
class ChaseRow:
    """`coverage_so_far` is the coverage in per cent once this municipality and all above it in the whole
    ranking have answered."""

    rank: int
    submission: Submission
    inhabitants: int
    effect: Effect
    coverage_so_far: float
    contact: Contact | None  # one to whom mail does not come back, if there is one
    last_login: datetime | None
    last_mail: RoundMail | None
    outcome: ChaseNote | None  # the newest note that has one
    last_note: ChaseNote | None


@dataclass(frozen=True)
class ChaseList:
    """`reach` is half the interval's width now, 1,000 kr. at `price_level`; `refusal` why there is none."""

    as_at: datetime
    price_level: int
    coverage: Coverage
    reach: float | None
    rows: tuple[ChaseRow, ...]
    refusal: str


def chase_list(
    survey_round: SurveyRound, totals: RoundTotals, user, *, first: int | None = None
) -> ChaseList:
    """By rank; the rows (the `first` of them) of those that have no counting version."""
    ranked, refusal = _ranking(survey_round, totals)
    coverage = coverage_of(totals.returns)
    shown = ranked.effects[:first]
    by_code = _submissions(survey_round, user, [totals.returns[effect.place].code for effect in shown])
    known = known_of(survey_round, user, [one.municipality_id for one in by_code.values()])
    rows, reached = [], coverage.percent
    for rank, effect in enumerate(shown, start=1):
        one = totals.returns[effect.place]
        reached += effect.coverage
        submission = by_code[one.code]
        about = {name: found.get(submission.municipality_id) for name, found in known.items()}
        rows.append(ChaseRow(rank, submission, one.inhabitants, effect, reached, **about))
    return ChaseList(totals.as_at, survey_round.price_level, coverage, ranked.reach, tuple(rows), refusal)


def _ranking(survey_round: SurveyRound, totals: RoundTotals) -> tuple[Ranking, str]:
    """Coverage alone ranks where there is no interval; why stands beside it."""
    frame = frame_of(totals.returns)
    if sum(frame.responded) < wording.FEW:
        return _by_coverage(frame, _("Færre end fem kommuner har svaret, så der vises intet interval."))
    rates = PriceRate.objects.percents(totals.as_at)
    try:
        factor = price_levels.factor(rates, totals.accounts_year, survey_round.price_level)
    except price_levels.MissingRate as error:
        return _by_coverage(frame, wording.refusal(error))
    found = ranking(frame, amounts(totals.returns, ["exp_total"], factor)["exp_total"])
    if found.reach is None and found.effects:
        return found, _(
            "De, der har svaret, har alle det samme pr. indbygger (fx 0 kr.), så intet kan "
            "siges om spredningen, og der vises intet interval. Dækningen alene rangerer."
        )
    return found, ""


def _by_coverage(frame: Frame, refusal: str) -> tuple[Ranking, str]:
    found = ranking(frame, [0] * len(frame.responded))
    if not found.effects:
        return found, ""
    effects = tuple(Effect(effect.place, effect.coverage, None) for effect in found.effects)
    return Ranking(None, effects), " ".join([refusal, _("Dækningen alene rangerer.")])


def _submissions(survey_round: SurveyRound, user, codes: list[str]) -> dict[str, Submission]:
    found = (
        Submission.objects.visible_to(user)
        .filter(round=survey_round, municipality__code__in=codes)
        .with_begun()
        .select_related("municipality", "region")
    )
    for submission in found:
        submission.round = survey_round  # its own deadline is judged from it
    return {submission.municipality.code: submission for submission in found}


def known_of(survey_round: SurveyRound, user, municipalities: list[int]) -> dict[str, dict]:
    """What is known of each municipality, by its id; the fields of ChaseRow from `contact` on."""
    mine = {"municipality__in": municipalities}
    contacts = list(Contact.objects.visible_to(user).filter(**mine).order_by("-name"))
    logins = Membership.objects.filter(**mine).values_list("municipality").annotate(Max("user__last_login"))
    mails = RoundMail.objects.visible_to(user).filter(round=survey_round, **mine)
    notes = ChaseNote.objects.visible_to(user).filter(round=survey_round, **mine)
    in_order = list(notes.select_related("by", "merged_with").order_by("pk"))
    return {
        # The last of each is kept: of the contacts the first by name that can be reached, if one can.
        "contact": _last(sorted(contacts, key=lambda contact: contact.bounced_at is None)),
        "last_login": dict(logins.order_by()),
        "last_mail": _last(
            mails.select_related("mail").order_by("municipality_id", "-at", "-pk").distinct("municipality_id")
        ),
        "outcome": _last(note for note in in_order if note.outcome),
        "last_note": _last(in_order),
    }


def _last(rows: Iterable) -> dict[int, object]:
    return {row.municipality_id: row for row in rows}
