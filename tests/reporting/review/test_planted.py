"""Planted errors among the 706 initiatives of the demo's closed round: all of them in the first ten rows."""

import csv
import random
import uuid
from datetime import date
from pathlib import Path
from statistics import mean

import pytest

import reporting.demo
from municipalities import reference_data
from municipalities.models import Municipality, Role
from reporting.demo.rounds import load_rates
from reporting.review.hits import hit_list
from reporting.totals import round_totals
from survey.models import SurveyRound
from survey.transitions import database_now
from tests.builders import build_round, build_user
from tests.reporting.review.worlds import hand_in_rows

FOLDER = Path(reporting.demo.__file__).parent
AMOUNTS = ("gross_expenditure", "gross_income")


def rows_of(name):
    with open(FOLDER / name, encoding="utf-8") as file:
        return list(csv.DictReader(file))


def demo_answers():
    """By municipality, with nothing for those that said that they had nothing."""
    found = {r["municipality_code"]: [] for r in rows_of("returns_2019.csv") if r["outcome"] != "no_response"}
    for row in rows_of("initiatives_2019.csv"):
        fields = {name: row[name] for name in ("service_area", "title")}
        amounts = {name: int(row[name]) for name in AMOUNTS}
        found[row["municipality_code"]].append(fields | amounts | {"uuid": uuid.uuid4()})
    return found


def plant(answers, inhabitants, seed):
    """Three in kroner, a municipality that spends as its peers do times twelve, two entered twice.

    What is repeated is of at least the mean amount: a duplicate of little money is no matter of the total's.
    """
    chance = random.Random(seed)
    spent = {code: sum(row["gross_expenditure"] for row in rows) for code, rows in answers.items()}
    usual = [
        c for c in spent if 50_000 <= inhabitants[c] < 100_000 and 40 < 1000 * spent[c] / inhabitants[c] < 80
    ]
    dozen = chance.choice([code for code in usual if len(answers[code]) > 3])
    others = sorted(code for code in answers if code != dozen and answers[code])
    in_kroner = chance.sample(others, 3)
    for row in answers[dozen]:
        row |= {name: 12 * row[name] for name in AMOUNTS}
    planted = [
        chance.choice([r for r in answers[code] if r["gross_expenditure"] > 20] or answers[code])
        for code in in_kroner
    ]
    for row in planted:
        row["gross_expenditure"] *= 1000
    usual_size = mean(int(row["gross_expenditure"]) for row in rows_of("initiatives_2019.csv"))
    rest = [c for c in others if c not in in_kroner]
    repeated = [(c, row) for c in rest for row in answers[c] if row["gross_expenditure"] >= usual_size]
    for code, row in chance.sample(repeated, 2):
        answers[code].append(row | {"uuid": uuid.uuid4(), "title": row["title"] + " 2"})
        planted.append(answers[code][-1])
    return dozen, {row["uuid"] for row in planted}


@pytest.mark.parametrize("seed", [0, 6, 13, 17])
def test_all_that_is_planted_is_among_the_first_ten(db, seed):
    reference_data.load()
    load_rates()
    survey_round = build_round(accounts_year=2019, price_level=2022, population_date=date(2021, 1, 1))
    answers = demo_answers()
    totals = round_totals(survey_round, database_now())
    dozen, uuids = plant(answers, {row.code: row.inhabitants for row in totals.returns}, seed)
    hand_in_rows(survey_round, build_user("Carl", Role.APPROVER, Municipality.objects.first()), answers)
    found = hit_list(survey_round, round_totals(survey_round, database_now()))
    first = found.hits[:10]
    assert uuids <= {hit.uuid for hit in first}
    assert dozen in {hit.code for hit in first if hit.initiative is None}
    in_kroner = [hit.rank for hit in first if hit.uuid in uuids and "duplicate" not in hit.rules]
    assert max(in_kroner) <= found.stop_after  # whose own size does not say that one may stop above them


def test_without_anything_planted_little_is_listed(db):
    reference_data.load()
    load_rates()
    survey_round = build_round(accounts_year=2019, price_level=2022, population_date=date(2021, 1, 1))
    by = build_user("Carl", Role.APPROVER, Municipality.objects.first())
    hand_in_rows(survey_round, by, demo_answers())
    found = hit_list(survey_round, round_totals(survey_round, database_now()))
    wholes = [hit for hit in found.hits if hit.initiative is None]
    assert len(wholes) == 5 and len(found.hits) <= 8
    assert all(hit.amount < 100 < 3000 < hit.expected for hit in wholes)
    assert wholes[0].reasons[0].startswith("0,61 kr. pr. indbygger")


def test_what_is_found_at_review_is_not_said_to_have_been_passed_at_entry(db):
    reference_data.load()
    load_rates()
    survey_round = build_round(accounts_year=2019, price_level=2022, population_date=date(2021, 1, 1))
    answers = demo_answers()
    row = next(row for rows in answers.values() for row in rows if row["gross_expenditure"] > 20)
    row["gross_expenditure"] *= 1000
    hand_in_rows(survey_round, build_user("Carl", Role.APPROVER, Municipality.objects.first()), answers)
    totals = round_totals(survey_round, database_now())
    hit = next(hit for hit in hit_list(survey_round, totals).hits if hit.uuid == row["uuid"])
    said = " ".join(hit.reasons)
    assert "like_kroner" in hit.rules and "gange medianen for indsatser på området" in said
    assert "begrundet" not in said
    SurveyRound.objects.filter(pk=survey_round.pk).update(retired_rules=["like_kroner"])
    survey_round.refresh_from_db()
    assert not any("like_kroner" in hit.rules for hit in hit_list(survey_round, totals).hits)
