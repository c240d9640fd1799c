"""Areas by regions: every figure adds up, leads to its rows, and they lead back."""

import re
from datetime import date
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from reporting.breakdowns import SERVICE_AREA
from reporting.macro.carriers import five_by_expenditure, five_by_inhabitants, of_area
from reporting.macro.cross_table import EXTRAPOLATED, INITIATIVES, PER_INHABITANT, REPORTED, cross_table
from reporting.national import AREAS, estimate_of
from reporting.totals import RoundTotals
from survey.models import ReportedInitiative
from tests.builders import build_adjustment, change_basis
from tests.reporting.test_estimation_against_r import EXPECTED, returns_of

PAGE = reverse("macro:macro", args=[2025])


@pytest.fixture
def mette(cast, client_of):
    return client_of(cast.mette)


def text(response):
    return " ".join(response.content.decode().split())


def links(response, table):
    """[(address, what it says)] of a table's cells."""
    html = response.content.decode().split(f'id="{table}"')[1].split("</table>")[0]
    found = re.findall(r'<a href="([^"]*)">([^<]*)</a>', html)
    return [(unescape(address), words) for address, words in found]


def totals_of(name):
    return RoundTotals(2025, date(2026, 1, 1), timezone.now(), SERVICE_AREA, tuple(returns_of(name)), ())


def approx(value):
    return pytest.approx(float(value), rel=1e-9)


def table_of(name, show):
    totals = totals_of(name)
    regions = sorted({(row.region, row.region_name) for row in totals.returns})
    found = cross_table(estimate_of(totals, price_level=2025, methods=("b",)), show, regions)
    return {(c.region, c.area): c.value for row in found.rows for c in row}, [code for code, _ in regions]


@pytest.mark.django_db
@pytest.mark.parametrize("show", [REPORTED, EXTRAPOLATED, INITIATIVES])
def test_rows_and_columns_add_to_their_sums(show):
    cells, regions = table_of("P", show)
    for area in (*AREAS, ""):
        assert float(sum(cells[region, area] for region in regions)) == approx(cells["", area])
    for region in (*regions, ""):
        assert float(sum(cells[region, area] for area in AREAS)) == approx(cells[region, ""])


@pytest.mark.django_db
def test_the_extrapolated_are_the_regional_totals_of_r_and_add_to_method_b():
    cells, _regions = table_of("P", EXTRAPOLATED)
    code_of = {row.region_name: row.region for row in returns_of("P")}
    for name, expected in EXPECTED["P"]["regions_b"].items():
        for variable in ("exp_total", "exp_employment"):
            area = "" if variable == "exp_total" else "employment"
            assert cells[code_of[name], area] == pytest.approx(expected[variable]["total"], rel=1e-9)
    national = EXPECTED["P"]["b_separate_ratio_region"]["exp_social"]["total"]
    assert cells["", "social"] == pytest.approx(national, rel=1e-9)


@pytest.mark.django_db
def test_kroner_an_inhabitant_are_of_those_that_answered_over_their_inhabitants():
    cells, regions = table_of("P", PER_INHABITANT)
    rows = [row for row in returns_of("P") if row.responded and row.region == regions[0]]
    spent = sum(row.expenditure["social"] for row in rows)
    assert float(cells[regions[0], "social"]) == pytest.approx(
        1000 * spent / sum(r.inhabitants for r in rows)
    )


def test_every_cell_is_the_sum_of_its_rows_after_adjustments_and_its_rows_lead_back(answered, cast, mette):
    moved = ReportedInitiative.objects.get(gross_expenditure=600)
    build_adjustment(moved, cast.mette, service_area="general", gross_expenditure=60)
    page = mette.get(PAGE)
    cells = links(page, "areas")
    assert len(cells) == 7 * 3
    for address, figure in cells:
        rows = mette.get(address)
        assert f"{rows.context['expenditure']:,.0f}".replace(",", ".") == figure
    back = re.search(r'<a href="([^"]*)" class="back-link">', rows.content.decode())[1]
    assert unescape(back).startswith(f"{PAGE}?") and mette.get(unescape(back)).status_code == 200
    assert [figure for _address, figure in cells[-3:]] == ["5.000", "1.310", "6.310"]
    assert "Ministeriet har rettet 1 indsats" in text(page)


def test_the_number_of_initiatives_is_that_of_the_rows(answered, mette):
    cells = links(mette.get(PAGE, {"show": "initiatives"}), "areas")
    for address, figure in (*cells[:3], *cells[-3:]):
        assert str(mette.get(address).context["count"]) == figure


def test_the_way_back_keeps_the_choices_through_the_rows_form(answered, mette):
    address, _figure = links(mette.get(PAGE, {"show": "initiatives", "area": "social"}), "areas")[0]
    rows = mette.get(address)
    kept = re.search(r'name="tilbage" value="([^"]*)"', rows.content.decode())[1]
    assert "show=initiatives" in kept and "area=social" in kept


@pytest.mark.parametrize(
    "back", ["//evil.test", "https://evil.test/", "javascript:alert(1)", '"><script>', "\x00"]
)
def test_the_way_back_leads_nowhere_but_to_the_page_it_came_from(answered, mette, back):
    page = mette.get(reverse("reporting:rows", args=[2025]), {"tilbage": back}).content.decode()
    assert re.search(r'<a href="([^"]*)" class="back-link">', page)[1].startswith(f"{PAGE}?")
    assert "<script>" not in page


def test_a_region_that_cannot_be_extrapolated_says_why_and_takes_the_countrys_sum_with_it(answered, mette):
    response = mette.get(PAGE, {"show": "extrapolated"})
    values = {(c.region, c.area): c.value for row in response.context["table"].rows for c in row}
    assert values["1082", ""] is None and values["", ""] is None and values["1083", ""] == 1850
    page = text(response)
    assert "Region Midtjylland opregnes ikke." in page and "Kun én af de 2 kommuner" in page
    assert "ingen opregnet sum for hele landet" in page


def test_few_answers_are_marked_and_named(answered, mette):
    page = text(mette.get(PAGE))
    assert "</a> *</td>" in page and "* Region Midtjylland: færre end fem kommuner har svaret." in page


def test_every_table_names_its_level_moment_population_and_method(answered, mette):
    page = text(mette.get(PAGE))
    assert page.count("2025-pris- og lønniveau") >= 4 and page.count("folketal pr. 1. januar 2026") == 2
    assert "Metode a: ratio" in page and "ikke opregnet" in page


def test_the_largest_are_of_the_chosen_region_and_area(answered, mette):
    whole, region = mette.get(PAGE).context, mette.get(PAGE, {"region": "1083"}).context
    assert [one.amount for one in whole["initiatives"]] == [5000, 1250, 600]
    assert [one.row.name for one in whole["largest"]] == ["Aarhus", "Odense"]
    assert [one.amount for one in region["initiatives"]] == [1250, 600]
    social = mette.get(PAGE, {"region": "1083", "area": "social"}).context
    assert [(one.amount, one.share) for one in social["initiatives"]] == [(600, 100)]
    assert [(one.row.name, one.amount) for one in social["largest"]] == [("Odense", 600)]


def test_the_largest_initiatives_are_after_adjustments(answered, cast, mette):
    build_adjustment(ReportedInitiative.objects.get(gross_expenditure=5000), cast.mette, gross_expenditure=5)
    response = mette.get(PAGE)
    assert [one.amount for one in response.context["initiatives"]] == [1250, 600, 5]
    assert "Ministeriets rettelse" in text(response)


def test_a_part_says_how_many_of_its_own_are_corrected(answered, cast, mette):
    moved = ReportedInitiative.objects.get(gross_expenditure=600)
    build_adjustment(moved, cast.mette, service_area="general")

    def said(**part):
        return mette.get(PAGE, part).context["part_adjusted"]

    assert said(area="social") == said(area="general") != ""
    assert said(area="health_elderly") == said(region="1082") == ""


@pytest.mark.django_db
def test_the_five_largest_have_their_own_kroner_over_what_is_reported_and_extrapolated():
    totals = totals_of("P")
    national = estimate_of(totals, price_level=2025, methods=("a",))
    by_people = sorted(totals.returns, key=lambda row: -row.inhabitants)[:5]
    share = five_by_inhabitants(national)
    assert {row.code for row in share.rows} == {row.code for row in by_people}
    own = sum(sum(row.expenditure.values()) for row in by_people)
    assert share.of_reported == pytest.approx(100 * own / 159781)
    assert share.of_total == pytest.approx(
        100 * own / EXPECTED["P"]["a_ratio_population"]["exp_total"]["total"]
    )
    by_money = sorted((sum(row.expenditure.values()) for row in totals.returns), reverse=True)[:5]
    assert five_by_expenditure(national).amount == sum(by_money)


@pytest.mark.django_db
def test_an_area_s_totals_are_the_area_of_the_totals():
    totals = totals_of("P")
    whole = estimate_of(totals, price_level=2025).lines["exp_social"]
    cut = estimate_of(of_area(totals, "social"), price_level=2025).lines["exp_total"]
    assert (cut.reported.value, cut.estimate) == (whole.reported.value, whole.estimate)


def test_a_large_municipality_that_is_silent_is_named_and_counts_with_nothing(answered, mette):
    page = text(mette.get(PAGE))
    assert "Aarhus, Odense, Lemvig (ikke svaret), Langeland" in page


@pytest.mark.parametrize("name", ["macro:macro", "macro:leave_one_out"])
def test_of_a_round_that_is_not_opened_there_are_no_figures(answered, mette, name):
    change_basis(state="trial")
    response = mette.get(reverse(name, args=[2025]))
    assert response.status_code == 200 and "form" not in response.context


def test_nobody_has_answered_and_the_page_says_so(survey_round, mette):
    for show in ("reported", "extrapolated", "per_inhabitant", "initiatives"):
        response = mette.get(PAGE, {"show": show})
        assert response.status_code == 200 and "har svaret, så der er intet at opregne fra" in text(response)


@pytest.mark.parametrize("field", ["show", "region", "area", "method", "as_at"])
def test_a_choice_that_is_none_is_told_at_its_field(answered, mette, field):
    response = mette.get(PAGE, {field: "x"})
    assert response.status_code == 422 and [*response.context["form"].errors] == [field]


def test_a_missing_rate_is_told_and_no_figure_shown(answered, mette):
    page = text(mette.get(PAGE, {"price_level": "2030"}))
    assert "2026 mangler" in page and 'id="areas"' not in page


def test_it_takes_the_same_few_queries_however_many_have_answered(answered, mette, django_assert_num_queries):
    mette.get(PAGE)
    with django_assert_num_queries(16):
        mette.get(PAGE)
