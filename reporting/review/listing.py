"""The rows of the hit list that a page, a file or the next button is about."""

from dataclasses import dataclass, replace

from django.http import QueryDict
from django.urls import reverse

from municipalities.models import User
from reporting.review.forms import MINE, NOBODY, STATES, HitFilterForm, reviewer_names
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
    form = HitFilterForm(QueryDict(query), survey_round=survey_round, reviewers=reviewer_names())
    return replace(found, hits=chosen(found, form, user)) if form.is_valid() else found


def list_query(request) -> str:
    """The filters of the hit list that one came from, as its address has them, and nothing else."""
    return QueryDict(request.GET.get("liste", "")).urlencode()


def neighbours(request, survey_round: SurveyRound, found: HitList | None, this: Hit | None) -> dict[str, str]:
    """Addresses of the list that one came from and of the rows before and after this one, whole answers
    among them; settled, it has left the list, and keeps its place here. None without `liste`."""
    if "liste" not in request.GET:
        return {}
    liste, year = list_query(request), survey_round.accounts_year
    list_url = reverse("review:hits", args=[year]) + (f"?{liste}" if liste else "")
    if found is None or this is None:
        return {"list_url": list_url}
    listed = {hit.rank for hit in narrowed(found, liste, request.user, survey_round).hits}
    shown = [hit for hit in found.hits if hit is this or hit.rank in listed]
    here = shown.index(this)
    return {
        "list_url": list_url,
        "preceding": address(year, shown[here - 1] if here else None, liste),
        "following": address(year, next(iter(shown[here + 1 :]), None), liste),
    }


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
