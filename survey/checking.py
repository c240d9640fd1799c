"""The catalogue's rules applied to a submission's working copy, in a few queries whatever its size."""

import re
import uuid as uuids
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING, Union

from django.db.models import Aggregate, BigIntegerField, Count, Q
from django.utils.crypto import salted_hmac
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import override

from survey import checks
from survey.catalogue import BY_ID, HARD, SOFT, SOFT_IDS, TEXT_FIELDS, Rule, active
from survey.models import Initiative, ReportedInitiative, Submission, SurveyRound, WarningReason
from survey.models.initiatives import TenFields

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Text = Union[str, "_StrPromise"]
SAME = ("service_area", "gross_expenditure", "gross_income")  # in an initiative that is entered twice


@dataclass(frozen=True)
class Warning:
    """What a soft rule says of an initiative; `field` is the form's field at which it is shown."""

    rule: str
    field: str
    message: Text
    reason: str = ""  # the municipality's, "" while there is none
    outdated: str = ""  # one that was written before more was found

    @property
    def is_open(self) -> bool:
        return not self.reason

    @property
    def danish(self) -> str:
        """The message as it is kept in a version, whatever language it was read in."""
        with override("da"):
            return str(self.message)


Warnings = Mapping[uuids.UUID, Sequence[Warning]]


@dataclass(frozen=True)
class Peers:
    """Medians of other municipalities' amounts above 0 in one area, 1,000 kr.; None from too few."""

    expenditure: int | None = None
    income: int | None = None


def warnings_of(submission: Submission, initiatives: Sequence[Initiative]) -> dict[uuids.UUID, list[Warning]]:
    """Initiative's uuid -> its warnings in the catalogue's order, with the reasons there are.

    The initiatives may be unsaved ones: what is being typed, or read from a file. Others' titles come
    from the stored working copy. Those without a warning are left out. Three queries.
    """
    rules = active(SOFT, submission.round.accounts_year) - {*submission.round.retired_rules}
    if not rules or not initiatives:
        return {}
    uuids_of = [initiative.uuid for initiative in initiatives]
    rows = WarningReason.objects.filter(submission=submission, uuid__in=uuids_of)
    reasons = {(row.uuid, row.rule): row for row in rows}
    similar = _similar_titles(submission, initiatives)
    peers = _peers(submission, {initiative.service_area for initiative in initiatives})
    found = {}
    for initiative in initiatives:
        its_peers = peers.get(initiative.service_area, Peers())
        said = _judged(initiative, its_peers, similar.get(initiative.uuid))
        found[initiative.uuid] = [
            Warning(rule.id, field, message, *_reasons(reasons.get((initiative.uuid, rule.id)), initiative))
            for rule, field, message in said
            if rule.id in rules
        ]
    return {uuid: warnings for uuid, warnings in found.items() if warnings}


def passed(initiatives: Iterable[Initiative], warnings: Warnings) -> list[dict]:
    """The warnings that have a reason, as they enter the canonical form."""
    return [
        {"uuid": str(initiative.uuid), "rule": warning.rule, "reason": warning.reason}
        for initiative in initiatives
        for warning in warnings.get(initiative.uuid, ())
        if warning.reason
    ]


def problems_of(
    initiatives: Iterable[Initiative], *, accounts_year: int, nil_areas: Collection[str]
) -> dict[uuids.UUID, list[Rule]]:
    """Initiative's uuid -> the hard rules that keep it from being handed in; those without any left out.

    Wrong amounts and shares are not among them: they are refused where they are typed, and never stored.
    """
    rules = active(HARD, accounts_year)
    found = {}
    for initiative in initiatives:
        ids = [f"{name}_missing" for name in initiative.missing()]
        if initiative.service_area in nil_areas:
            ids.append("area_stated_empty")
        found[initiative.uuid] = [BY_ID[rule_id] for rule_id in ids if rule_id in rules]
    return {uuid: problems for uuid, problems in found.items() if problems}


def keep_reasons(*, submission: Submission, uuid: uuids.UUID, reasons: Mapping[str, str], by) -> None:
    """Stores the reasons given at an initiative, rule id -> text, in the caller's transaction.

    An empty text deletes the reason; a rule that is not there is none of these. Whether the warning
    shows just now does not matter: an amount may be half typed. Handing in deletes what is left over.
    A reason holds for what is found when it is written; the same text once more, which an open page sends
    by itself, is no new reason.
    """
    stored = WarningReason.objects.filter(submission=submission, uuid=uuid)
    before = {row.rule: row.reason for row in stored}
    for rule, text in reasons.items():
        reason = text.replace("\x00", "").strip()
        if rule not in SOFT_IDS or reason == before.get(rule, ""):
            continue
        if reason:
            initiative = submission.initiatives.filter(uuid=uuid).first() if rule in OF_TEXTS else None
            values = {"reason": reason, "by": by, "found": _found(rule, initiative) if initiative else []}
            stored.update_or_create(submission=submission, uuid=uuid, rule=rule, defaults=values)
        else:
            stored.filter(rule=rule).delete()


OF_TEXTS = {
    "cpr_number": checks.cpr_like_numbers,
    "person_email": checks.person_emails,
    "phone_number": checks.phone_numbers,
}


def _found(rule: str, initiative: Initiative) -> list[str]:
    """Digests of what the rule finds: a reason may outlive what it is about, and shall not tell it."""
    found = {one for name in TEXT_FIELDS for one in OF_TEXTS[rule](getattr(initiative, name))}
    plain = {re.sub(r"[^\w@]", "", one).casefold() for one in found}
    return sorted(salted_hmac(f"{rule}:{initiative.uuid}", one).hexdigest()[:16] for one in plain)


def _reasons(row: WarningReason | None, initiative: Initiative) -> tuple[str, str]:
    """(the reason that holds, the one that does not any more)"""
    if row is None:
        return "", ""
    if row.rule in OF_TEXTS and not set(_found(row.rule, initiative)) <= set(row.found):
        return "", row.reason
    return row.reason, ""


# Lazy, for a version keeps the message in Danish.
_labels = lazy(lambda names: ", ".join(TenFields.label(name) for name in names), str)


def _judged(
    initiative: Initiative, peers: Peers, similar_title: str | None
) -> Iterator[tuple[Rule, str, Text]]:
    """(rule, field, message) of each soft rule that has something to say."""
    expenditure, income = initiative.gross_expenditure, initiative.gross_income
    sources = initiative.funding_sources
    of_numbers = {
        "income_above_expenditure": checks.income_above_expenditure(expenditure, income),
        "income_without_source": checks.income_without_source(income, sources),
        "source_without_income": checks.source_without_income(income, sources),
        "expenditure_zero": expenditure == 0,
        "expenditure_in_kroner": checks.like_kroner(expenditure, peers.expenditure),
        "income_in_kroner": checks.like_kroner(income, peers.income),
    }
    for rule_id, speaks in of_numbers.items():
        if speaks:
            yield BY_ID[rule_id], BY_ID[rule_id].fields[0], BY_ID[rule_id].text
    if similar_title:
        rule = BY_ID["title_repeated"]
        yield rule, "title", format_lazy(rule.text, title=similar_title)
    for rule_id, finds in OF_TEXTS.items():
        names = [name for name in TEXT_FIELDS if finds(getattr(initiative, name))]
        if names:
            yield BY_ID[rule_id], names[0], format_lazy(BY_ID[rule_id].text, where=_labels(names))


def _similar_titles(submission: Submission, initiatives: Sequence[Initiative]) -> dict[uuids.UUID, str]:
    """uuid -> the title before it, in the order of entering, that its own is much like.

    Only of the same area and amounts: "Mentor på Nordskolen" and "Mentor på Sydskolen" are two.
    """
    rows = submission.initiatives.order_by("pk").values_list("uuid", "title", *SAME)
    titles = {uuid: (title, tuple(same)) for uuid, title, *same in rows}
    titles |= {one.uuid: (one.title, tuple(getattr(one, name) for name in SAME)) for one in initiatives}
    alike = defaultdict(list)
    for uuid, (title, same) in titles.items():
        if None not in same:
            alike[same].append((uuid, title))
    if len(initiatives) == 1:  # saved as one types: the others are not asked about
        uuid = initiatives[0].uuid
        others = list(takewhile(lambda row: row[0] != uuid, alike.get(titles[uuid][1], [])))
        first = checks.similar_to(titles[uuid][0], [title for _uuid, title in others])
        return {} if first is None else {uuid: others[first][1]}
    found: dict[uuids.UUID, str] = {}
    for group in alike.values():
        similar = checks.similar_titles([title for _uuid, title in group])
        found |= {group[later][0]: group[earlier][1] for later, earlier in similar.items()}
    return found


class Median(Aggregate):
    """The middle amount, the lower one of two: an amount that was reported, so never a float."""

    function = "percentile_disc"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = BigIntegerField()


def _peers(submission: Submission, areas: set[str]) -> dict[str, Peers]:
    """By area, from this round as soon as enough have answered, before that from the one before it.

    Years apart do not matter to a factor of 1,000. A trial, which has no answers, is none of the two. The
    ministry's corrections are not looked at: a median is not moved by the few.
    """
    opened = SurveyRound.objects.opened()
    rounds = opened.filter(accounts_year__lte=submission.round.accounts_year)
    others = (
        ReportedInitiative.objects.reported()
        .filter(service_area__in=areas, version__submission__round__in=rounds.order_by("-accounts_year")[:2])
        .exclude(version__submission__municipality=submission.municipality_id)
        .values("service_area", "version__submission__round__accounts_year")
    )
    municipalities = "version__submission__municipality"
    medians = others.annotate(
        expenditure=Median("gross_expenditure", filter=Q(gross_expenditure__gt=0)),
        with_expenditure=Count(municipalities, distinct=True, filter=Q(gross_expenditure__gt=0)),
        income=Median("gross_income", filter=Q(gross_income__gt=0)),
        with_income=Count(municipalities, distinct=True, filter=Q(gross_income__gt=0)),
    ).order_by("version__submission__round__accounts_year")
    by_area: dict[str, Peers] = {}
    for row in medians:  # the latest last: it goes over the one before, where it has enough
        before = by_area.get(row["service_area"], Peers())
        by_area[row["service_area"]] = Peers(
            row["expenditure"] if row["with_expenditure"] >= checks.FEWEST_PEERS else before.expenditure,
            row["income"] if row["with_income"] >= checks.FEWEST_PEERS else before.income,
        )
    return by_area
