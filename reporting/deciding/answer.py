"""A whole answer among what the review points at: why it is listed, what stands around it, what is left."""

from dataclasses import replace

from django.urls import reverse

from reporting.deciding.rest import rest_in
from reporting.review.hits import Hit, HitList, hit_list
from reporting.review.listing import address, around, narrowed
from reporting.totals import PopulationMissing, round_totals
from reporting.views.initiative_page import list_query
from survey.models import Submission
from survey.transitions import database_now


def on_the_list(request, answer: Submission, *, may_decide: bool) -> dict:
    """For the answer's page; nothing of it where the rules cannot judge. `rest` is how many of its
    initiatives may be accepted at once."""
    try:
        totals = round_totals(answer.round, database_now())
    except PopulationMissing:
        return _neighbours(request, answer, None, None)
    found = hit_list(answer.round, totals)
    mine = (hit for hit in found.hits if hit.submission == answer.pk and hit.initiative is None)
    hit = next(mine, None)
    rest = len(rest_in(found, request.user, answer).ids) if may_decide else 0
    return {"hits": found, "hit": hit, "rest": rest, **_neighbours(request, answer, found, hit)}


def _neighbours(request, answer: Submission, found: HitList | None, hit: Hit | None) -> dict[str, str]:
    """Addresses in the list that one came from; none without `liste`."""
    if "liste" not in request.GET:
        return {}
    liste, year = list_query(request), answer.round.accounts_year
    list_url = reverse("review:hits", args=[year]) + (f"?{liste}" if liste else "")
    if found is None or hit is None:
        return {"list_url": list_url}
    listed = {one.rank for one in narrowed(found, liste, request.user, answer.round).hits}
    shown = tuple(one for one in found.hits if one is hit or one.rank in listed)
    preceding, following = (address(year, one, liste) for one in around(replace(found, hits=shown), hit))
    return {"list_url": list_url, "preceding": preceding, "following": following}
