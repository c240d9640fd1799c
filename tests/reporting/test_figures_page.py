"""The report's figures from the database to page, SVG, PNG and CSV."""

import csv
import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from municipalities.models import User
from reporting.report.boxes import boxes
from reporting.report.catalogue import FIGURES, report_context
from reporting.report.stable import change_between
from survey import transitions
from survey.models import ReportedInitiative, SurveyRound
from tests.builders import build_initiative, build_round, hand_in
from tests.reporting.conftest import build_rate
from tests.reporting.test_estimate_page import adjust, text


@pytest.fixture
def mette(cast, client_of):
    return client_of(cast.mette)


@pytest.fixture
def earlier(answered, cast):
    """2024 at 10 pct. less: Odense 1,000 that goes on and 300 that ended; Aarhus 5,500 that goes on."""
    build_rate(2025, "10")
    before = build_round(accounts_year=2024, price_level=2024)
    submissions = {one.municipality.name: one for one in before.submissions.select_related("municipality")}
    uuids = {one.gross_expenditure: one.uuid for one in ReportedInitiative.objects.all()}
    build_initiative(submissions["Odense"], cast.carl, gross_expenditure=1000, uuid=uuids[1250])
    build_initiative(submissions["Odense"], cast.carl, title="Slut", gross_expenditure=300)
    build_initiative(submissions["Aarhus"], cast.bo, gross_expenditure=5500, uuid=uuids[5000])
    hand_in(submissions["Odense"], cast.carl)
    hand_in(submissions["Aarhus"], cast.bo)
    return before


def made(survey_round, slug, level=2025):
    context = report_context(survey_round, price_level=level, as_at=timezone.now())
    return FIGURES[slug](context)


def test_the_page_has_all_figures_and_the_three_boxes(answered, mette):
    page = text(mette.get(reverse("reporting:figures", args=[2025])))
    for number in range(1, 10):
        assert f"Figur {number}. " in page
    for number in (1, 2, 3):
        assert f"<h2>Boks {number}. " in page
    assert page.count("<figure") == len(FIGURES) == 14
    assert "3 har svaret. De dækker 97 pct. af befolkningen." in page
    assert "I Region Syddanmark har 2 af 2 kommuner svaret. Det dækker 100 pct." in page
    assert "Kommunerne har indberettet bruttoudgifter på 7 mio. kr. og indtægter på 1 mio. kr." in page


@pytest.mark.parametrize("slug", FIGURES)
def test_every_figure_is_svg_png_and_csv(answered, mette, slug):
    def get(kind):
        return mette.get(reverse("reporting:figure", args=[2025, slug, kind]))

    assert b"<svg" in get("svg").content and get("svg").headers["Content-Type"] == "image/svg+xml"
    assert get("png").content.startswith(b"\x89PNG")
    assert get("csv").content.startswith(b"\xef\xbb\xbf")
    assert get("pdf").status_code == 404


def test_a_csv_has_the_numbers_of_the_table_with_decimal_commas(answered, mette):
    content = mette.get(reverse("reporting:figure", args=[2025, "6", "csv"])).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(content), delimiter=";"))
    assert rows[0] == ["Område", "mio. kr., 2025-pris- og lønniveau", "pct. af alle"]
    assert rows[1] == ["Beskæftigelsesområdet", "6,3", "91,2"]  # 6,250 of 6,850
    assert rows[-1] == ["I alt", "6,9", "100,0"]


def test_demo_data_are_marked_in_every_file(answered, mette):
    SurveyRound.objects.update(is_demo=True)
    for slug in FIGURES:
        svg, data = (
            mette.get(reverse("reporting:figure", args=[2025, slug, kind])) for kind in ("svg", "csv")
        )
        assert "DEMO - opdigtede tal" in svg.content.decode()
        assert "DEMO - opdigtede tal" in data.content.decode() and "DEMO" in data["Content-Disposition"]


def test_a_figure_that_names_its_moment_may_be_kept(answered, mette):
    address = reverse("reporting:figure", args=[2025, "6", "svg"])
    assert "private" in mette.get(address, {"as_at": timezone.now().isoformat()})["Cache-Control"]
    assert "Cache-Control" not in mette.get(address)


@pytest.mark.parametrize("query", [{"price_level": "x"}, {"as_at": "i går"}, {"price_level": "2030"}])
def test_no_figure_of_a_wrong_choice(answered, mette, query):
    assert mette.get(reverse("reporting:figure", args=[2025, "6", "svg"]), query).status_code == 404
    page = mette.get(reverse("reporting:figures", args=[2025]), query)
    assert page.status_code in (200, 422) and "<figure" not in text(page)
    assert mette.get(reverse("reporting:figure", args=[2025, "10", "svg"])).status_code == 404


def test_rates_are_of_sums_over_the_same_municipalities(answered):
    regions = {row[0]: row[1:] for row in made(answered.round, "3").rows}
    assert regions["Region Syddanmark"] == (Decimal(1_850_000) / 222_000, 2, 1850, 222_000)
    assert regions["Region Midtjylland"] == (Decimal(5_000_000) / 380_000, 1, 5000, 380_000)
    total = made(answered.round, "2").rows
    assert total == [("2025", Decimal("6.85"), Decimal(6_850_000) / 602_000, 602_000)]
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
    assert [row[:3] for row in rows] == [
        ("Regnskab 2024", 2, Decimal("7.48")),  # 6,800 and 10 pct.
        ("Regnskab 2025", 3, Decimal("6.85")),
    ]


def test_stable_initiatives_tell_change_from_other_answers(earlier, answered, cast):
    rows = {row[0]: row[1:] for row in made(answered.round, "indsatser").rows}
    assert rows == {
        "Regnskab 2024": (3, Decimal("7.48")),
        "Udgået": (1, Decimal("-0.33")),
        "Faldet": (1, Decimal("-1.05")),  # Aarhus 6,050 -> 5,000
        "Steget": (1, Decimal("0.15")),  # Odense 1,100 -> 1,250
        "Kommet til": (1, Decimal("0.6")),
        "Regnskab 2025": (3, Decimal("6.85")),
    }
    adjust(ReportedInitiative.objects.get(gross_expenditure=5000), cast.mette, gross_expenditure=6050)
    adjust(ReportedInitiative.objects.get(gross_expenditure=600), cast.mette, out_of_scope=True)
    rows = {row[0]: row[1:] for row in made(answered.round, "indsatser").rows}
    assert "Faldet" in rows and rows["Faldet"] == (0, 0) and rows["Kommet til"] == (0, 0)


def test_only_municipalities_that_answered_both_are_compared(earlier, answered, cast):
    transitions.withdraw(submission_id=answered.submissions["Aarhus"].pk, by=cast.bo)
    rows = {row[0]: row[1:] for row in made(answered.round, "indsatser").rows}
    assert rows["Regnskab 2024"] == (2, Decimal("1.43")) and rows["Regnskab 2025"] == (2, Decimal("1.85"))


def test_no_earlier_round_no_change(answered):
    figure = made(answered.round, "indsatser")
    assert figure.rows == [] and "ingen tidligere" in figure.basis and "<svg" in figure.svg()


def test_changes_of_the_demo_equal_a_naive_count(db):
    call_command("load_demo", verbosity=0)
    first, second = SurveyRound.objects.order_by("accounts_year")
    now = timezone.now()
    before, after = (report_context(one, price_level=2026, as_at=now).national for one in (first, second))
    change = change_between(before, after)

    def initiatives(national):
        adjustments = {one.initiative_id: one for one in national.totals.adjustments}
        found = {}
        for row in national.totals.returns:
            for one in ReportedInitiative.objects.filter(version=row.version):
                if one.pk in adjustments:
                    if adjustments[one.pk].out_of_scope:
                        continue
                    one = adjustments[one.pk].adjusted(one)
                found[row.code, one.uuid] = one.gross_expenditure * national.factor
        return found

    both = {row.code for row in before.totals.returns if row.responded} & {
        row.code for row in after.totals.returns if row.responded
    }
    old, new = (
        {key: value for key, value in initiatives(one).items() if key[0] in both} for one in (before, after)
    )
    assert change.municipalities == len(both)
    assert change.before.amount == sum(old.values()) and change.after.amount == sum(new.values())
    assert change.left.amount == -sum(old[key] for key in old.keys() - new.keys())
    grown = [new[key] - old[key] for key in old.keys() & new.keys() if new[key] > old[key]]
    assert (change.grown.count, change.grown.amount) == (len(grown), sum(grown))
    parts = (change.left, change.shrunk, change.grown, change.unchanged, change.entered)
    assert change.before.amount + sum(part.amount for part in parts) == change.after.amount


def test_the_demo_has_the_concentration_that_the_report_states(db, client_of):
    call_command("load_demo", verbosity=0)
    survey_round = SurveyRound.objects.get(accounts_year=2019)
    five = made(survey_round, "koncentration", 2022).rows
    assert [row[0] for row in five[:3]] == ["Aarhus", "Odense", "København"]
    # 25.1 pct. of all inhabitants are 27.6 pct. of those in municipalities that answered
    assert (round(five[-1][1], 1), round(five[-1][2], 1)) == (27.6, 50.0)
    box = boxes(report_context(survey_round, price_level=2022, as_at=timezone.now()))[1]
    assert any("62 pct." in sentence or "63 pct." in sentence for sentence in box.sentences)
    page = text(client_of(User.objects.get(name="Mette")).get(reverse("reporting:figures", args=[2019])))
    assert ">100,5<" in page and "Illustrative tal til demoen" in page


def test_queries_do_not_follow_initiatives_or_municipalities(answered, cast, mette):
    def count():
        with CaptureQueriesContext(connection) as queries:
            mette.get(reverse("reporting:figures", args=[2025]))
        return len(queries)

    before = count()
    odense = answered.submissions["Odense"]
    transitions.withdraw(submission_id=odense.pk, by=cast.carl)
    for number in range(30):
        build_initiative(odense, cast.carl, title=f"Indsats {number}")
    hand_in(odense, cast.carl)
    assert count() == before <= 25


def test_as_at_an_earlier_time_the_figures_are_those_of_then(answered, cast):
    then = timezone.now()
    transitions.withdraw(submission_id=answered.submissions["Aarhus"].pk, by=cast.bo)
    context = report_context(answered.round, price_level=2025, as_at=then)
    assert FIGURES["6"](context).rows[-1][1] == Decimal("6.85")
    now = report_context(answered.round, price_level=2025, as_at=timezone.now() + timedelta(seconds=1))
    assert FIGURES["6"](now).rows[-1][1] == Decimal("1.85")
