"""The rows of the hit list that a page, a file or the next button is about."""

from dataclasses import dataclass, replace

from django.http import QueryDict
from django.urls import reverse

from municipalities.models import User
from reporting.review.forms import MINE, NOBODY, STATES, HitFilterForm, reviewers
from reporting.review.hits import Hit, HitList
from survey.models import SurveyRound


@dataclass(frozen=True)
class Row:
    """`stops` on the last of the rows that are shown before one may stop."""

    hit: Hit
    reviewer: str
    stops: bool


def chosen(found: HitList, form: HitFilterForm, user: User) -> tuple[Hit, ...]:
    """None where the form has an error. A whole answer is of no area."""
    if not form.is_valid():
        return ()
    choices = form.cleaned_data
    whose = {"": None, MINE: user.pk}.get(choices["hvem"], choices["hvem"])

    def is_chosen(hit: Hit) -> bool:
        return (
            choices["region"] in (None, hit.region)
            and choices["kommune"] in ("", hit.code)
            and choices["omraade"] in ("", hit.area)
            and (not choices["regel"] or choices["regel"] in hit.rules)
            and hit.status.name in STATES[choices["tilstand"]]
            and _is_of(hit, whose)
        )

    return tuple(hit for hit in found.hits if is_chosen(hit))


def _is_of(hit: Hit, whose: int | str | None) -> bool:
    if whose is None:
        return True
    return hit.status.reviewer is None if whose == NOBODY else hit.status.reviewer == int(whose)


def narrowed(found: HitList, query: str, user: User, survey_round: SurveyRound) -> HitList:
    """The list that an address with this query shows, all of its pages; the whole one for a bad query."""
    form = HitFilterForm(QueryDict(query), survey_round=survey_round, reviewers=reviewers())
    return replace(found, hits=chosen(found, form, user)) if form.is_valid() else found


def around(found: HitList, this: Hit) -> tuple[Hit | None, Hit | None]:
    """The rows before and after one that is in the list, whole answers among them."""
    here = found.hits.index(this)
    return (found.hits[here - 1] if here else None), next(iter(found.hits[here + 1 :]), None)


def address(year: int, hit: Hit | None, liste: str) -> str:
    """Of the page that settles the row, which keeps the list that one came from; "" for no row."""
    if hit is None:
        return ""
    name, more = ("reporting:initiative", [hit.uuid]) if hit.uuid else ("reporting:submission", [])
    return reverse(name, args=[year, hit.code, *more], query={"liste": liste})


def rows(hits: tuple[Hit, ...], found: HitList, names: dict[int, str], following: Hit | None) -> list[Row]:
    """Of a page; `following` is the first hit after it."""
    stop = found.stop_after
    nexts = [*hits, following][1:]
    return [
        Row(
            hit,
            names.get(hit.status.reviewer or 0, ""),
            stop is not None and hit.rank <= stop and (after is None or after.rank > stop),
        )
        for hit, after in zip(hits, nexts, strict=True)
    ]
