"""The hit list against a second implementation, and what it says of few, settled and retired."""

from collections import Counter

import numpy as np
import pytest
from django.http import QueryDict
from django.utils import timezone

from municipalities.models import PopulationCount, Role
from reporting.deciding.rest import rest_of
from reporting.review import catalogue
from reporting.review.hits import hit_list
from reporting.review.judging import judged
from reporting.review.listing import neighbours
from reporting.totals import round_totals
from survey.models import Adjustment, ReportedInitiative, Submission, SurveyRound
from survey.transitions import database_now
from tests.builders import (
    build_adjustment,
    build_approver,
    build_initiative,
    build_round,
    build_user,
    hand_in,
)
from tests.reporting.review.naive import naive_hits
from tests.reporting.review.worlds import build_two_rounds


def listed(survey_round):
    return hit_list(survey_round, round_totals(survey_round, database_now()))


def close(number):
    return pytest.approx(number, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_second_implementation_finds_the_same_in_the_same_order(db, seed):
    survey_round = build_two_rounds(build_user("Mette", Role.REVIEWER), seed)
    if seed == 3:
        SurveyRound.objects.filter(pk=survey_round.pk).update(retired_rules=[catalogue.PEERS])
        survey_round.refresh_from_db()
    found, expected = listed(survey_round).hits, naive_hits(survey_round)
    assert len(found) == len(expected) > 30
    for hit, naive in zip(found, expected, strict=True):
        assert (hit.code, hit.uuid, {*hit.rules}) == (naive["code"], naive["uuid"], naive["rules"])
        for name in ("suspicion", "expected", "influence", "share", "score", "remaining"):
            assert getattr(hit, name) == close(naive[name]), (name, hit.rank)
    spoken = Counter(rule for hit in found for rule in hit.rules)
    assert {catalogue.CHANGE, catalogue.DUPLICATE, "phone_number"} <= spoken.keys()
    assert (catalogue.PEERS in spoken) == (seed != 3)


def test_the_number_of_queries_does_not_follow_the_initiatives(db, django_assert_max_num_queries):
    survey_round = build_two_rounds(build_user("Mette", Role.REVIEWER), 1)
    totals = round_totals(survey_round, database_now())
    with django_assert_max_num_queries(18):
        hit_list(survey_round, totals)


def test_the_line_is_where_the_open_rows_below_move_less_than_a_tenth_of_the_error(db):
    found = listed(build_two_rounds(build_user("Mette", Role.REVIEWER), 1))
    enough = found.se / 10
    stop = found.stop_after
    assert stop and found.hits[stop - 1].remaining < enough <= found.hits[stop - 2].remaining
    below = [hit.influence for hit in found.hits[stop:] if not hit.status.is_settled]
    assert found.hits[stop - 1].remaining == close(sum(below))


def test_an_initiative_out_of_scope_is_not_listed_and_an_adjusted_one_is_judged_as_it_counts(answered, cast):
    build_initiative(answered.submissions["Lemvig"], cast.bo, gross_expenditure=7)
    mentors = ReportedInitiative.objects.get(gross_expenditure=1250)
    build_adjustment(mentors, cast.mette, gross_expenditure=0, out_of_scope=True)
    found = listed(answered.round)
    assert mentors.pk not in found.flagged and found.statuses[mentors.pk].name == "adjusted"


def test_with_one_answer_there_is_a_refusal_and_the_municipalities_own_warnings(cast, survey_round, odense):
    build_initiative(odense, cast.carl, gross_expenditure=0)
    hand_in(odense, cast.carl)
    found = listed(survey_round)
    assert "Kun én af de 4 kommuner" in found.refusal and found.stop_after is None
    (hit,) = found.hits
    assert hit.rules == ("expenditure_zero",) and hit.influence == hit.share == hit.score == 0
    assert "Udgiften er 0 kr. Kommunen har begrundet det." in hit.reasons


def test_without_any_answer_the_list_is_empty(survey_round):
    found = listed(survey_round)
    assert found.hits == () and found.statuses == {} and "har svaret" in found.refusal


def test_without_a_rate_the_list_stands_at_the_accounts_own_level(cast, odense, aarhus):
    survey_round = odense.round
    for submission, by in ((odense, cast.carl), (aarhus, cast.bo)):
        build_initiative(submission, by, gross_expenditure=0)
        hand_in(submission, by)
    survey_round.price_level = 2027
    found = listed(survey_round)
    assert "2026" in found.refusal and found.scale.price_level == 2025 and len(found.hits) == 2


def test_all_who_answered_leave_no_error_and_no_line(answered, cast):
    lemvig = answered.submissions["Lemvig"]
    build_initiative(lemvig, cast.bo, gross_expenditure=0)
    hand_in(lemvig, build_approver(lemvig))
    found = listed(answered.round)
    assert not found.refusal and found.scale.se is None and found.stop_after is None


def test_what_no_rule_points_at_and_nobody_has_decided_may_be_accepted_together(answered, cast):
    mentors = ReportedInitiative.objects.get(gross_expenditure=1250)  # the others have income of no source
    odense = answered.submissions["Odense"]
    assert rest_of(answered.round, cast.mette).by_submission == {odense.pk: [mentors.pk]}
    Adjustment.objects.create(initiative=mentors, kind="accepted", at=timezone.now(), by=cast.mette)
    assert rest_of(answered.round, cast.mette).by_submission == {}


def test_a_whole_answer_that_is_pointed_at_is_not_accepted_with_the_rest_until_it_is_approved(db):
    survey_round = build_two_rounds(build_user("Mette", Role.REVIEWER), 1)
    hit = next(hit for hit in listed(survey_round).hits if hit.initiative is None)
    mine = ReportedInitiative.objects.filter(version__submission=hit.submission)
    counting = {*mine.exclude(adjustments__out_of_scope=True).values_list("pk", flat=True)}
    assert counting <= listed(survey_round).flagged
    Submission.objects.filter(pk=hit.submission).update(state="approved")
    again = listed(survey_round)
    assert next(one for one in again.hits if one.rank == hit.rank).status.name == "accepted"
    assert counting - again.flagged


def test_the_first_of_a_likely_duplicate_is_not_accepted_with_the_rest(cast, odense):
    for title in ("Mentorer til kvinder", "Mentorer til kvinder "):
        build_initiative(odense, cast.carl, title=title)
    version = hand_in(odense, cast.carl)
    found = listed(odense.round)
    both = frozenset(version.initiatives.values_list("pk", flat=True))
    assert found.pointed == found.flagged == both and [hit.initiative for hit in found.hits] == [max(both)]


def test_an_answer_of_which_all_is_out_of_scope_is_settled(db):
    survey_round = build_two_rounds(mette := build_user("Mette", Role.REVIEWER), 1)
    hit = next(hit for hit in listed(survey_round).hits if hit.initiative is None)
    for one in ReportedInitiative.objects.filter(version__submission=hit.submission):
        build_adjustment(one, mette, out_of_scope=True)
    hits = listed(survey_round).hits
    again = next(one for one in hits if one.initiative is None and one.submission == hit.submission)
    assert again.status.name == "accepted"


def test_the_neighbours_are_the_lists_rows_whole_answers_too(db, rf):
    mette = build_user("Mette", Role.REVIEWER)
    survey_round = build_two_rounds(mette, 1)
    found = listed(survey_round)
    request = rf.get("/", {"liste": "tilstand=alle"})
    request.user = mette
    list_url = "/ministerium/2025/gennemgang/?tilstand=alle"
    ways = [neighbours(request, survey_round, found, hit) for hit in found.hits]
    kinds = [f"indsats/{hit.uuid}/" if hit.uuid else "" for hit in found.hits]
    pages = [
        f"/ministerium/2025/{hit.code}/{kind}?liste=tilstand%3Dalle"
        for hit, kind in zip(found.hits, kinds, strict=True)
    ]
    assert {hit.uuid is None for hit in found.hits} == {True, False}
    assert [way["preceding"] for way in ways] == ["", *pages[:-1]]
    assert [way["following"] for way in ways] == [*pages[1:], ""]
    assert {way["list_url"] for way in ways} == {list_url}
    assert neighbours(request, survey_round, found, None) == {"list_url": list_url}
    request.GET = QueryDict("")
    assert neighbours(request, survey_round, found, found.hits[0]) == {}


def test_a_missing_population_is_the_callers_to_tell(cast):
    PopulationCount.objects.all().delete()
    with pytest.raises(Exception, match="Odense"):
        listed(build_round())


def test_what_was_something_and_is_nothing_is_a_question_of_its_own(db):
    before = np.array([100.0, 60_000, 80, 0, 120, 90])
    now = np.array([110.0, 0, 85, 0, 118, 95])
    people, classes = np.full(6, 30_000.0), np.zeros(6, dtype=np.int64)
    units = judged(now, people, classes, frozenset(), before, unlike="u", changed="c", is_sum=True)
    assert (units.degrees["c"][1], units.expected[1]) == (1, 60_000) and units.degrees["c"][3] == 0
