"""The page of who has answered, its files and its figure."""

import csv
import io
import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from survey import transitions
from survey.models import Feedback, SurveyRound
from tests.builders import build_initiative, build_round, change_basis, hand_in

YEAR = 2025


def rows_of(response) -> list[dict]:
    content = response.content.decode()
    assert content.startswith("\ufeff") and ";" in content and "\r\n" in content
    return list(csv.DictReader(io.StringIO(content.removeprefix("\ufeff")), delimiter=";"))


def get(client, name, *args, **query):
    return client.get(reverse(f"response:{name}", args=[YEAR, *args]), query)


def test_each_municipality_stands_with_its_state_and_answer(answered, mette, text_of):
    found = text_of(mette, "response:response", YEAR)
    order = [found.index(f">{name}</a></th>") for name in ("Langeland", "Lemvig", "Odense", "Aarhus")]
    assert order == sorted(order)
    lemvig = found[order[1] : order[2]]
    assert "ikke begyndt" in lemvig and "indsendt" not in lemvig
    assert "ingen at indberette" in found[order[0] : order[1]]
    assert reverse("response:municipality", args=["665"]) in lemvig


def test_box_1_and_the_punctuality_by_region(answered, mette, text_of):
    found = text_of(mette, "response:response", YEAR)
    numbers = re.findall(r'<td class="align-text-right">([^<]*)</td>', found[found.index('id="coverage"') :])
    middle, south, whole = numbers[:5], numbers[5:10], numbers[10:15]
    assert middle == ["2", "1", "399.000", "380.000", "95,2"]
    assert south == ["2", "2", "222.000", "222.000", "100,0"]
    assert whole == ["4", "3", "621.000", "602.000", "96,9"]
    table = found[found.index('id="punctuality"') : found.index("Svar dag for dag")]
    assert re.findall(r'<td class="align-text-right">(\d+)</td>', table) == [
        *("1", "0", "1", "0"),
        *("2", "0", "0", "1"),
        *("3", "0", "1", "1"),
    ]


def test_the_map_tells_each_state_by_words_and_sign_and_leads_to_the_answer(answered, mette, text_of):
    SurveyRound.objects.update(deadline=timezone.now() - timedelta(days=1))
    found = text_of(mette, "response:response", YEAR)
    tiles = dict(re.findall(r'<a href="([^"]+)"> <title>([^<]+)</title>', found))
    assert tiles[reverse("reporting:submission", args=[YEAR, "665"])] == "Lemvig: ikke begyndt"
    words = tiles[reverse("reporting:submission", args=[YEAR, "482"])]
    assert words == "Langeland: indsendt, ingen indsatser at indberette, efter fristen"
    assert ">•0!</text>" in found and len(tiles) == 4
    assert "ikke begyndt: 1" in found and "indsendt: 3" in found and "godkendt: 0" in found


def test_a_region_is_chosen_in_the_address_and_a_wrong_one_told(answered, mette, text_of):
    found = text_of(mette, "response:response", YEAR, region="1083")
    table = found[found.index('id="municipalities-caption"') :]
    assert ">Odense</a></th>" in table and ">Aarhus</a></th>" not in table
    assert "Vælg en af de fem regioner" in text_of(mette, "response:response", YEAR, status=422, region="9")


def test_a_draft_is_shown_as_begun_and_nothing_of_it(answered, cast, mette, text_of):
    build_initiative(
        answered.submissions["Lemvig"], cast.anna, title="Hemmelig kladde", gross_expenditure=4711
    )
    found = text_of(mette, "response:response", YEAR)
    assert "Lemvig: begyndt, ikke indsendt" in found
    assert "Hemmelig" not in found and "4711" not in found and "4.711" not in found


@pytest.mark.parametrize("state", ["draft", "trial"])
def test_a_round_that_is_not_opened_has_a_plan_and_no_answers(answered, mette, text_of, state):
    change_basis(state=state)
    found = text_of(mette, "response:response", YEAR)
    assert reverse("rounds:plan", args=[YEAR]) in found and "<svg role" not in found and "Odense" not in found
    assert get(mette, "municipalities_csv").status_code == 404
    assert get(mette, "days", "csv").status_code == 404


def test_what_answering_took_is_told_when_five_have_told_it(answered, mette, text_of):
    Feedback.objects.create(
        submission=answered.submissions["Odense"], minutes=90, comment="Felt 10 er svært & langt"
    )
    Feedback.objects.create(submission=answered.submissions["Langeland"], minutes=None, comment="Let")
    found = text_of(mette, "response:response", YEAR)
    table = found[found.index('id="burden"') :]
    assert "færre end fem" in table and ">90<" not in table
    assert "2 bemærkninger til spørgeskemaet" in found and "Felt 10 er svært &amp; langt" in found
    assert found.index(">Let<") < found.index("Felt 10")


def test_the_municipalities_as_a_file(answered, mette):
    response = get(mette, "municipalities_csv")
    assert response.headers["Content-Disposition"] == 'attachment; filename="svar-2025.csv"'
    rows = {row["Kommune"]: row for row in rows_of(response)}
    langeland, lemvig = rows["Langeland"], rows["Lemvig"]
    assert (langeland["Har svaret"], langeland["Ingen indsatser at indberette"]) == ("ja", "ja")
    assert (lemvig["Har svaret"], lemvig["Tilstand"], lemvig["Efter fristen"]) == ("nej", "ikke begyndt", "")
    assert (rows["Odense"]["Indberettede indsatser"], rows["Odense"]["Indbyggere"]) == ("2", "210000")
    assert lemvig["Folketal pr."] == "2026-01-01" and lemvig["Datagrundlag"] == "Kommunernes besvarelser"


def test_made_up_answers_are_marked_in_the_files(answered, mette):
    SurveyRound.objects.update(is_demo=True)
    response = get(mette, "municipalities_csv")
    assert "DEMO-opdigtede-tal-svar" in response.headers["Content-Disposition"]
    assert {row["Datagrundlag"] for row in rows_of(response)} == {"DEMO - opdigtede tal"}
    days = get(mette, "days", "csv")
    assert "DEMO-opdigtede-tal-svar-pr-dag" in days.headers["Content-Disposition"]


def test_a_name_that_a_spreadsheet_would_reckon_with_is_text(answered, mette):
    place = answered.submissions["Lemvig"].municipality
    type(place).objects.filter(pk=place.pk).update(name="=1+1")
    assert "'=1+1" in [row["Kommune"] for row in rows_of(get(mette, "municipalities_csv"))]


def test_the_days_as_a_file_beside_the_round_before(answered, cast, mette):
    """Its answer came 380 days after its own deadline, beyond this round's calendar."""
    then = timezone.now()
    earlier = build_round(accounts_year=2024)
    hand_in(earlier.submissions.get(municipality__code="461"), cast.carl)
    days = {"opens_at": 400, "deadline": 380, "edit_until": 370}
    moved = {name: then - timedelta(days=day) for name, day in days.items()}
    SurveyRound.objects.filter(pk=earlier.pk).update(**moved)
    rows = rows_of(get(mette, "days", "csv"))
    today = next(row for row in rows if row["Nye svar"] == "3")
    assert (today["Dage efter svarfristen"], today["Svar i alt"]) == ("-20", "3")
    assert today["Pct. af kommunerne"] == "75,0" and today["Dag"] == f"{timezone.localdate():%d.%m.%Y}"
    last = rows[-1]
    assert last["Regnskab 2024, pct. af kommunerne"] == "25,0" and last["Nye svar"] == ""
    assert last["Dage efter svarfristen"] == "380"


def test_a_demo_is_never_set_beside_a_real_round(answered, cast, mette):
    build_round(accounts_year=2024)
    SurveyRound.objects.filter(accounts_year=2024).update(is_demo=True)
    assert "Regnskab 2024" not in get(mette, "days", "csv").content.decode()


def test_the_figure_is_drawn_and_says_what_it_rests_on(answered, mette):
    svg = get(mette, "days", "svg")
    assert svg.headers["Content-Type"] == "image/svg+xml"
    assert "svarfrist" in svg.content.decode() and "Svar, der er" in svg.content.decode()
    assert get(mette, "days", "png").content.startswith(b"\x89PNG")
    assert get(mette, "days", "exe").status_code == 404


def test_the_number_of_queries_follows_neither_answers_nor_initiatives(answered, cast, mette):
    def count():
        with CaptureQueriesContext(connection) as queries:
            get(mette, "response")
        return len(queries)

    before = count()
    odense = answered.submissions["Odense"]
    transitions.withdraw(submission_id=odense.pk, by=cast.carl)
    for number in range(8):
        build_initiative(odense, cast.carl, title=f"Indsats {number}")
    hand_in(odense, cast.carl)
    Feedback.objects.create(submission=odense, minutes=30, comment="x")
    assert count() == before <= 16


def test_a_day_is_written_as_in_denmark(answered, mette, text_of):
    found = text_of(mette, "response:response", YEAR)
    assert f'<th scope="row">{date.today():%d.%m.%Y}</th>' in found
