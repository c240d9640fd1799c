"""The page of the hit list, its filters and its file."""

import csv
import io
import re
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from municipalities.models import User
from reporting.review.hits import hit_list
from reporting.review.listing import narrowed
from reporting.totals import round_totals
from survey.models import Adjustment, Message, ReportedInitiative, ReviewAssignment, Submission
from survey.reviewing import assign
from survey.transitions import database_now
from tests.builders import build_approver, build_initiative, change_basis, hand_in

HITS, FILE = "review:hits", "review:hits_csv"


@pytest.fixture
def pointed(answered, cast):
    """Odense's network and Aarhus' mentors have income of no source; Odense's mentors nothing points at."""
    return answered


def page(client, name=HITS, year=2025, **query):
    return client.get(reverse(name, args=[year]), query)


def text(response):
    return re.sub(r"\s+", " ", response.content.decode())


def titles(response):
    return re.findall(r"/indsats/[^>]*>([^<]+)</a>", response.content.decode())


def network():
    return ReportedInitiative.objects.get(title="Netværk")


def test_what_a_rule_points_at_is_listed_with_its_reason_and_a_link_that_keeps_the_list(
    pointed, client_of, cast
):
    response = page(client_of(cast.mette), regel="income_without_source")
    body = text(response)
    assert response.status_code == 200 and {*titles(response)} == {"Mentorer til kvinder", "Netværk"}
    assert "Indtægt uden tilskud fra staten eller private. Kommunen: ”" in body
    assert f"indsats/{network().uuid}/?liste=regel%3Dincome_without_source" in body
    assert "1.000 kr., 2025-pris- og lønniveau" in body
    assert "Godtag alt, som ingen regel peger på (1)" in body


def test_filters_by_region_area_rule_and_reviewer(pointed, client_of, cast):
    client, odense = client_of(cast.mette), pointed.submissions["Odense"]
    ReviewAssignment.objects.create(
        submission=odense, uuid=network().uuid, reviewer=cast.rikke, by=cast.mette, at=timezone.now()
    )
    for query, expected in (
        ({"region": "1083"}, ["Netværk"]),
        ({"kommune": "751"}, ["Mentorer til kvinder"]),
        ({"tilstand": "svaret"}, []),
        ({"omraade": "social"}, ["Netværk"]),
        ({"omraade": "general"}, []),
        ({"regel": "expenditure_zero"}, []),
        ({"hvem": "mig"}, []),
        ({"hvem": "ingen"}, ["Mentorer til kvinder"]),
        ({"hvem": str(cast.rikke.pk)}, ["Netværk"]),
    ):
        assert titles(page(client, **query)) == expected, query


def test_what_is_settled_is_shown_when_asked_for(pointed, client_of, cast):
    client = client_of(cast.mette)
    Adjustment.objects.create(initiative=network(), kind="accepted", at=timezone.now(), by=cast.rikke)
    assert titles(page(client)) == ["Mentorer til kvinder"]
    assert titles(page(client, tilstand="godtaget")) == ["Netværk"]
    assert "godtaget" in text(page(client, tilstand="alle"))


@pytest.mark.parametrize("field", ["region", "kommune", "omraade", "regel", "tilstand", "hvem"])
def test_a_choice_that_is_not_there_is_told_at_its_field(pointed, client_of, cast, field):
    response = page(client_of(cast.mette), **{field: "x"})
    assert response.status_code == 422 and "Vælg e" in text(response)
    assert page(client_of(cast.mette), FILE, **{field: "x"}).status_code == 422


def test_what_the_municipality_has_answered_is_shown_until_it_is_settled(pointed, client_of, cast):
    odense, about = pointed.submissions["Odense"], {"uuid": network().uuid, "text": "Hvad?"}
    first = Message.objects.create(submission=odense, by=cast.mette, from_ministry=True, **about)
    Message.objects.create(submission=odense, by=cast.carl, from_ministry=False, reply_to=first, **about)
    client = client_of(cast.mette)
    assert "Netværk" in titles(page(client)) and titles(page(client, tilstand="svaret")) == ["Netværk"]
    assert "<td>har svaret" in text(page(client))
    assert titles(page(client, tilstand="aaben")) == ["Mentorer til kvinder"]


def test_the_administrator_reads_and_cannot_assign(pointed, client_of, cast):
    body = text(page(client_of(cast.admin)))
    assert "Netværk" in body and 'name="initiative"' not in body and "Godtag alt" not in body


def test_a_municipality_finds_no_list(pointed, client_of, cast):
    assert page(client_of(cast.carl)).status_code == page(client_of(cast.bo), FILE).status_code == 404


def test_pages_hold_fifty_and_keep_their_numbers(answered, client_of, cast, django_assert_max_num_queries):
    lemvig = answered.submissions["Lemvig"]
    for number in range(52):
        build_initiative(lemvig, cast.bo, title=f"Tiltag {number * 7919}", gross_expenditure=0)
    hand_in(lemvig, build_approver(lemvig))
    client = client_of(cast.mette)
    page(client)
    with django_assert_max_num_queries(32):
        first = page(client, regel="expenditure_zero")
    second = page(client, regel="expenditure_zero", page=2)
    assert len(titles(first)) == 50 and len(titles(second)) == 2
    assert "?regel=expenditure_zero&amp;page=2" in text(first)
    assert len(page(client, FILE, regel="expenditure_zero").content.decode().splitlines()) == 53


def test_the_file_has_the_rows_of_the_query_and_no_formula(pointed, client_of, cast):
    lemvig = pointed.submissions["Lemvig"]
    build_initiative(lemvig, cast.bo, title="=2+2", gross_expenditure=0)
    version = hand_in(lemvig, build_approver(lemvig))
    User.objects.filter(pk=cast.mette.pk).update(name="=cmd|x")
    assign(
        submission_id=lemvig.pk,
        uuids=version.initiatives.values_list("uuid", flat=True),
        reviewer=cast.mette,
        by=cast.mette,
    )
    response = page(client_of(cast.mette), FILE, regel="expenditure_zero")
    assert response["Content-Disposition"] == 'attachment; filename="gennemgang-2025.csv"'
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";"))
    assert [row["Indsats"] for row in rows] == ["'=2+2"]
    assert rows[0]["Gennemgås af"] == "'=cmd|x"
    assert rows[0]["Kommune"] == "Lemvig" and rows[0]["Tilstand"] == "ikke gennemgået"


def test_without_population_the_page_says_what_to_do(pointed, client_of, cast):
    change_basis(population_date=date(2026, 7, 1))
    response = page(client_of(cast.mette))
    assert response.status_code == 200 and "Folketallet pr. 01.07.2026 mangler for" in text(response)
    assert page(client_of(cast.mette), FILE).status_code == 302


def test_the_next_button_follows_the_list_that_one_came_from(pointed, cast):
    found = hit_list(pointed.round, round_totals(pointed.round, database_now()))
    only = narrowed(found, "omraade=social", cast.mette, pointed.round)
    assert [hit.title for hit in only.hits] == ["Netværk"]
    assert narrowed(found, "omraade=nonsens", cast.mette, pointed.round) == found


def test_an_answer_that_was_sent_back_waits(pointed):
    Submission.objects.filter(pk=pointed.submissions["Aarhus"].pk).update(
        state="returned", return_due_at=timezone.now()
    )
    found = hit_list(pointed.round, round_totals(pointed.round, database_now()))
    assert {hit.status.name for hit in found.hits if hit.initiative is None} <= {"asked", "open"}
