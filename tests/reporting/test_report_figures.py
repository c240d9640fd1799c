"""The numbers of the report's figures, and what each says that it rests on."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from municipalities.models import User
from reporting.demo.arrivals import load_arrivals
from reporting.report.boxes import boxes
from reporting.report.catalogue import FIGURES, report_context
from survey import transitions
from survey.models import ReportedInitiative, SurveyRound
from tests.builders import change_basis
from tests.reporting.conftest import build_rate, made
from tests.reporting.test_estimate_page import adjust, text


def test_rates_are_of_sums_over_the_same_municipalities(answered):
    regions = {row[0]: row[1:] for row in made(answered.round, "3").rows}
    assert regions["Region Syddanmark"][:4] == (Decimal(1_850_000) / 222_000, 2, 1850, 222_000)
    assert regions["Region Midtjylland"][:4] == (Decimal(5_000_000) / 380_000, 1, 5000, 380_000)
    total = made(answered.round, "2").rows
    assert [row[:4] for row in total] == [("2025", Decimal("6.85"), Decimal(6_850_000) / 602_000, 602_000)]
    mean = made(answered.round, "5").rows[-1]
    assert mean == ("Gennemsnit", Decimal(6_850_000) / 590_000)  # without Langeland, which has none


def test_those_without_initiatives_are_left_out_of_figures_4_and_5_only(answered):
    for slug in ("4", "5"):
        names = [row[0] for row in made(answered.round, slug).rows]
        assert set(names) == {"Aarhus", "Odense", "Gennemsnit"}
    tiles = dict(made(answered.round, "kort").rows)
    assert tiles["Langeland"] == 0 and tiles["Lemvig"] == "intet svar"


def test_number_and_mean_by_area(answered):
    assert dict(made(answered.round, "8").rows)["Beskæftigelsesområdet"] == 2
    mean = {row[0]: row[1:] for row in made(answered.round, "9").rows}
    assert mean["Beskæftigelsesområdet"] == (3125, 6250, 2)
    assert mean["Kultur- og fritidsområdet"][0] is None and mean["Alle"][2] == 3


def test_rounds_are_compared_at_one_level(earlier, answered):
    rows = made(answered.round, "runder").rows
    assert [(*row[:2], row[3]) for row in rows] == [
        ("Regnskab 2024", 2, Decimal("7.48")),  # 6,800 and 10 pct.
        ("Regnskab 2025", 3, Decimal("6.85")),
    ]


def test_the_demo_has_the_concentration_that_the_report_states(db, client_of):
    call_command("load_demo", verbosity=0)
    survey_round = SurveyRound.objects.get(accounts_year=2019)
    five = made(survey_round, "koncentration", 2022).rows
    assert [row[0] for row in five[:3]] == ["Aarhus", "Odense", "København"]
    # 25.1 pct. of all inhabitants are 27.6 pct. of those in municipalities that answered
    assert [round(share, 1) for share in five[-1][1:]] == [Decimal("27.6"), Decimal("50.0")]
    box = boxes(report_context(survey_round, price_level=2022, as_at=timezone.now()))[1]
    assert any("62 pct." in sentence or "63 pct." in sentence for sentence in box.sentences)
    page = text(client_of(User.objects.get(name="Mette")).get(reverse("reporting:figures", args=[2019])))
    assert ">100,5<" in page and "Illustrative tal til demoen" in page


def test_as_at_an_earlier_time_the_figures_are_those_of_then(answered, cast):
    then = timezone.now()
    transitions.withdraw(submission_id=answered.submissions["Aarhus"].pk, by=cast.bo)
    context = report_context(answered.round, price_level=2025, as_at=then)
    assert FIGURES["6"](context).rows[-1][1] == Decimal("6.85")
    now = report_context(answered.round, price_level=2025, as_at=timezone.now() + timedelta(seconds=1))
    assert FIGURES["6"](now).rows[-1][1] == Decimal("1.85")


def test_each_round_of_figure_2_has_its_own_respondents_and_no_sum_is_compared(earlier, answered):
    figure = made(answered.round, "2")
    assert [row[4:] for row in figure.rows] == [(2, 4, "1. januar 2026"), (3, 4, "1. januar 2026")]
    assert "2024: 2 af 4 kommuner" in figure.basis and "2025: 3 af 4 kommuner" in figure.basis
    assert "kan ikke sammenlignes" in figure.basis and "54 kr." not in figure.basis
    assert "2 svar" in figure.svg() and "3 svar" in figure.svg()


def test_the_published_54_kr_stands_beside_the_accounts_and_level_that_it_is_of(answered):
    change_basis(accounts_year=2019, price_level=2022)
    survey_round = SurveyRound.objects.get()
    for year in (2020, 2021, 2022, 2023):
        build_rate(year, "1")
    assert "54 kr." in made(survey_round, "2", 2022).basis
    assert "54 kr." not in made(survey_round, "2", 2023).basis


@pytest.mark.parametrize("slug", ["2", "3", "6", "7", "8", "9", "regioner", "runder"])
def test_a_round_without_answers_is_drawn_as_missing_and_not_as_0(survey_round, slug):
    svg = made(survey_round, slug).svg()
    texts = re.findall(r"<text[^>]*>([^<]*)</text>", svg)
    assert "–" in texts and not {"0", "0,0"} & set(texts)


def test_of_no_answers_there_is_no_conclusion_and_no_concentration(survey_round):
    context = report_context(survey_round, price_level=2025, as_at=timezone.now())
    assert boxes(context)[1].sentences == ["Ingen har svaret endnu, så der er ingen konklusioner."]
    figure = FIGURES["koncentration"](context)
    assert figure.rows == [] and "Gini-koefficient – (" in figure.basis
    assert [layer["data"]["values"] for layer in figure.draw()["layer"]][-1] == []  # no curve of equality


def test_a_municipality_with_initiatives_of_0_kr_is_in_figure_4_and_one_with_none_that_count_is_not(
    answered, cast
):
    adjust(ReportedInitiative.objects.get(gross_expenditure=5000), cast.mette, gross_expenditure=0)
    assert [row[0] for row in made(answered.round, "4").rows] == ["Odense", "Aarhus", "Gennemsnit"]
    for initiative in ReportedInitiative.objects.filter(gross_expenditure__in=(1250, 600)):
        adjust(initiative, cast.mette, out_of_scope=True)
    figure = made(answered.round, "5")
    assert [row[0] for row in figure.rows] == ["Aarhus", "Gennemsnit"]
    assert "2 kommuner har svaret, men har ingen indsatser, der tæller med, og er udeladt." in figure.basis


def test_small_municipalities_can_be_told_from_0_in_figure_4(answered, cast):
    adjust(ReportedInitiative.objects.get(gross_expenditure=5000), cast.mette, gross_expenditure=40)
    figure = made(answered.round, "4")
    assert figure.columns[1].heading.startswith("1.000 kr.") and ("Aarhus", 40) in figure.rows
    assert ">40<" in figure.svg()


def test_made_up_rounds_are_never_compared_with_real_ones(earlier, answered):
    SurveyRound.objects.filter(pk=earlier.pk).update(is_demo=True)
    assert [row[0] for row in made(answered.round, "2").rows] == ["2025"]
    assert [row[0] for row in made(answered.round, "runder").rows] == ["Regnskab 2025"]
    assert made(answered.round, "indsatser").rows == []


def test_the_demos_arrivals_are_marked_in_a_real_round_too(answered, cast):
    assert made(answered.round, "1").mark == ""
    load_arrivals(cast.rikke)
    figure = made(answered.round, "1")
    assert "DEMO - opdigtede tal" in figure.svg() and "DEMO - opdigtede tal" in figure.csv().decode()
    assert made(answered.round, "2").mark == ""
    context = report_context(answered.round, price_level=2025, as_at=timezone.now())
    assert "Illustrative tal til demoen" in boxes(context)[2].sentences[-1]


def test_two_moments_of_a_day_have_two_captions(answered):
    at = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    captions = {
        report_context(answered.round, price_level=2025, as_at=moment).reported
        for moment in (at, at + timedelta(seconds=1))
    }
    assert len(captions) == 2 and all("2. marts 2026 kl. 00.30.0" in caption for caption in captions)


@pytest.mark.parametrize("slug", ["3", "regioner"])
def test_regions_with_fewer_than_five_answers_say_so(answered, slug):
    notes = {row[0]: row[-1] for row in made(answered.round, slug).rows}
    assert "Færre end fem kommuner har svaret." in notes["Region Syddanmark"]


def test_extrapolated_figures_say_from_whom_as_at_when_and_what_is_assumed(answered):
    for slug in ("regioner", "runder"):
        basis = made(answered.round, slug).basis
        assert "opgjort pr." in basis and "Forudsætter, at de kommuner, der mangler" in basis
    assert "Opregnet fra svar fra 3 af 4 kommuner" in made(answered.round, "regioner").basis
    assert "Folketal 1. januar 2026" in made(answered.round, "5").basis


def test_the_figures_are_preliminary_for_as_long_as_one_municipality_has_more_time(answered):
    now = timezone.now()
    dates = {"deadline": now - timedelta(days=2), "edit_until": now - timedelta(days=1)}
    SurveyRound.objects.filter(pk=answered.round.pk).update(**dates)
    answered.round.refresh_from_db()

    def still_open():
        facts = boxes(report_context(answered.round, price_level=2025, as_at=timezone.now()))[0]
        return [sentence for sentence in facts.sentences if "stadig åben for svar til" in sentence]

    assert not still_open()
    answered.round.submissions.filter(state="draft").update(extended_until=now + timedelta(days=3))
    assert len(still_open()) == 1


def test_the_boxes_say_level_population_warning_and_assumption(answered, cast):
    adjust(ReportedInitiative.objects.get(gross_expenditure=5000), cast.mette, gross_expenditure=0)
    facts, conclusions, _target = boxes(
        report_context(answered.round, price_level=2025, as_at=timezone.now())
    )
    assert any("stadig åben for svar" in sentence for sentence in facts.sentences)
    words = " ".join(conclusions.sentences)
    assert words.count("2025-pris- og lønniveau") == 2 and "Folketal 1. januar 2026" in words
    assert "For usikkert" in words and "Færre end fem kommuner har svaret." in words
    assert "Forudsætter, at de kommuner, der mangler" in words
    assert "Beskæftigelsesområdet og socialområdet udgør" in words


def test_box_1_states_the_deadline_and_not_the_last_day_of_corrections(answered):
    SurveyRound.objects.update(
        state="closed",
        opens_at=datetime(2021, 10, 4, 6, tzinfo=UTC),
        deadline=datetime(2021, 10, 29, 21, 59, tzinfo=UTC),
        edit_until=datetime(2021, 12, 17, 22, 59, tzinfo=UTC),
    )
    survey_round = SurveyRound.objects.get()
    facts = boxes(report_context(survey_round, price_level=2025, as_at=timezone.now()))[0].sentences
    assert "i perioden 4. oktober 2021 til 29. oktober 2021." in facts[0]
    assert not any("åben" in sentence for sentence in facts)


def test_the_concentration_says_who_is_the_top_and_who_the_rest(answered, cast):
    words = FIGURES["koncentration"](
        report_context(answered.round, price_level=2025, as_at=timezone.now())
    ).draw()
    assert "størst" in str(words) and "resten 0/0" in str(words)
    for name in ("Odense", "Langeland"):
        submission = answered.submissions[name]
        transitions.withdraw(submission_id=submission.pk, by=cast.carl if name == "Odense" else answered.lone)
    figure = made(answered.round, "koncentration")
    assert figure.rows == [] and "Gini-koefficient –" in figure.basis
