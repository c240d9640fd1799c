"""A whole answer among what the review points at: why it is listed, what stands around it, what is left."""

from reporting.deciding.rest import rest_in
from reporting.review.hits import hit_list
from reporting.review.listing import neighbours
from reporting.totals import PopulationMissing, round_totals
from survey.models import Submission
from survey.transitions import database_now


def on_the_list(request, answer: Submission, *, may_decide: bool) -> dict:
    """For the answer's page; nothing of it where the rules cannot judge. `rest` is how many of its
    initiatives may be accepted at once."""
    try:
        totals = round_totals(answer.round, database_now())
    except PopulationMissing:
        return neighbours(request, answer.round, None, None)
    found = hit_list(answer.round, totals)
    mine = (hit for hit in found.hits if hit.submission == answer.pk and hit.initiative is None)
    hit = next(mine, None)
    rest = len(rest_in(found, request.user, answer).ids) if may_decide else 0
    return {"hits": found, "hit": hit, "rest": rest, **neighbours(request, answer.round, found, hit)}
