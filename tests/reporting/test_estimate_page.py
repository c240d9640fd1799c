import csv
import io
import re
from datetime import UTC, datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from municipalities.models import PopulationCount, Role
from survey.models import Adjustment, AdjustmentReason, ReportedInitiative, SurveyRound
from tests.builders import build_initiative, build_user, change_basis, hand_in


def url(name, *args):
    return reverse(name, args=[2025, *args])


def text(response):
    return " ".join(response.content.decode().split())


@pytest.fixture
def mette(cast, client_of):
    return client_of(cast.mette)


def adjust(initiative, by, **fields):
    return Adjustment.objects.create(
        initiative=initiative,
        kind="adjusted",
        reason=AdjustmentReason.OTHER,
        explanation="x",
        at=timezone.now(),
        by=by,
        **fields,
    )


def cells(page, table, name):
    """The numbers of a row of a table of the page, by the row's name."""
    rows = page.split(f'id="{table}"')[1].split("</table>")[0].split("<tr")
    row = next(one for one in rows if re.search(rf">{re.escape(name)}(</a>)?</th>", one))
    return [re.sub("<[^>]*>", "", cell).strip() for cell in re.findall(r"<td.*?>(.*?)</td>", row)]


def test_figures_stand_with_their_basis(answered, mette):
    page = text(mette.get(url("reporting:estimate")))
    assert "1.000 kr., 2025-pris- og lønniveau" in page
    assert "Indberettet (3 kommuner)" in page and "I alt (4 kommuner)" in page
    assert cells(page, "comparison", "Indberettet (3 kommuner)")[0] == "6.850"
    assert "er en tilfældig del af alle kommuner" in page
    assert cells(page, "expenditure", "Socialområdet")[0] == "600"


def test_methods_stand_side_by_side_and_one_without_a_figure_says_why(answered, mette):
    page = text(mette.get(url("reporting:estimate"), {"methods": ["a", "b", "d", "e", "f"]}))
    assert set(re.findall("Opregnet, metode (.)", page)) == {"a"}
    assert "Kun én af de 2 kommuner (under 100.000 indbyggere) har svaret" in page
    assert "Kun én af de 2 kommuner (Region Midtjylland) har svaret" in page
    assert "Antallet af indvandrere og efterkommere mangler for Langeland, Lemvig, Odense, Aarhus" in page
    assert "indlæst efter det tidspunkt, som tallene er opgjort pr., så vælg et senere tidspunkt" in page


def test_the_usual_methods_are_chosen_beforehand(answered, mette):
    page = text(mette.get(url("reporting:estimate")))
    assert re.findall(r'name="methods" value="(.)"[^>]*checked', page) == ["a", "e"]


def test_the_estimate_on_immigrants_when_they_are_known(answered, mette):
    change_basis(state="draft")  # past the trigger that keeps a used population
    PopulationCount.objects.update(immigrants_and_descendants=1000)
    SurveyRound.objects.update(state="open")
    page = text(mette.get(url("reporting:estimate"), {"methods": "d"}))
    assert cells(page, "comparison", "Opregnet, metode d")[0] == "9.133"  # 6,850 / 3 * 4


def test_a_regions_estimate_says_what_it_rests_on(answered, mette):
    page = text(mette.get(url("reporting:estimate"), {"region": "1083"}))
    assert "Alle har svaret, så der er ingen usikkerhed" in page and "Opregnet, metode b" in page
    assert cells(page, "comparison", "Indberettet (2 kommuner)")[0] == "1.850"


def test_regions_by_their_own_answers_and_few_answers_are_marked(answered, mette):
    page = text(mette.get(url("reporting:estimate")))
    south = cells(page, "regions", "Region Syddanmark")
    assert (
        south[:4] == ["2 af 2", "100,0", "1.850", "1.850"]
        and "Færre end fem kommuner har svaret" in south[-1]
    )
    assert "opregnes ikke" in cells(page, "regions", "Region Midtjylland")


def test_sensitivity_is_what_the_missing_would_add(answered, mette):
    page = text(mette.get(url("reporting:estimate")))
    # kr. per inhabitant: 0, 1,850/210 = 8.81 and 5,000/380 = 13.16; the missing are 19,000
    assert cells(page, "sensitivity", "ingen udgifter") == ["0,0", "6.850"]
    assert cells(page, "sensitivity", "nedre kvartil") == ["4,4", "6.934"]
    assert cells(page, "sensitivity", "median") == ["8,8", "7.017"]
    assert cells(page, "sensitivity", "øvre kvartil") == ["11,0", "7.059"]


def test_quotients_name_numerator_and_denominator_of_one_kind(answered, mette):
    page = text(mette.get(url("reporting:estimate")))
    row = cells(page, "quotients", "Indberettet udgift pr. indsats")
    assert row[:3] == ["6.850", "3 indberettede indsatser", "2.283.000 kr."]
    assert cells(page, "quotients", "Opregnet udgift pr. indbygger")[1:3] == [
        "621.000 indbyggere i alt",
        "11,4 kr.",
    ]


def test_the_largest_contribute_by_their_weight(answered, mette):
    page = text(mette.get(url("reporting:estimate"), {"methods": "a"}))
    aarhus = cells(page, "largest", "Aarhus")
    assert aarhus == ["5.000", "13,2", "73,0", "61,2", "1,03", "73,0"]
    assert "Langeland" not in page.split('id="largest"')[1].split("</table>")[0]


def test_a_breakdown_by_target_group_or_funding_adds_to_the_same_total(answered, mette):
    for breakdown, name in (("secondary_target_group", "Kvinder"), ("funding_sources", "kommunen selv")):
        page = text(mette.get(url("reporting:estimate"), {"breakdown": breakdown}))
        assert cells(page, "expenditure", name)[0] == cells(page, "expenditure", "I alt")[0] == "6.850"


def test_the_shareable_address_shows_the_same_later(answered, cast, mette):
    page = text(mette.get(url("reporting:estimate"), {"methods": "a", "breakdown": "time_horizon"}))
    link = re.search(r'href="(\?[^"]*)">Link til netop disse tal', page)[1].replace("&amp;", "&")
    lemvig = answered.submissions["Lemvig"]
    build_initiative(lemvig, cast.anna, gross_expenditure=9999)
    hand_in(lemvig, build_user("Lars", Role.APPROVER, lemvig.municipality))
    assert ">16.849<" in text(mette.get(url("reporting:estimate")))
    again = text(mette.get(url("reporting:estimate") + link))
    assert ">6.850<" in again and ">16.849<" not in again and "Varig, eller 5 år og mere" in again


def test_two_clicks_lead_from_a_figure_to_its_initiatives(answered, mette):
    page = text(mette.get(url("reporting:estimate")))
    link = re.search(r'href="([^"]*)">Socialområdet</a>', page)[1].replace("&amp;", "&")
    rows = text(mette.get(link))
    assert "<strong>1 indsats</strong>, bruttoudgifter <strong>600</strong>" in rows
    initiative = re.search(r'href="([^"]*)">Netværk</a>', rows)[1]
    assert "Netværk" in text(mette.get(initiative))


@pytest.mark.parametrize(
    ("query", "sums"),
    [
        ({}, "<strong>3 indsatser</strong>, bruttoudgifter <strong>6.850</strong>"),
        ({"region": "1083"}, "<strong>2 indsatser</strong>, bruttoudgifter <strong>1.850</strong>"),
        ({"municipality": "751"}, "<strong>1 indsats</strong>, bruttoudgifter <strong>5.000</strong>"),
        (
            {"group": "funding_sources:own"},
            "<strong>3 indsatser</strong>, bruttoudgifter <strong>6.850</strong>",
        ),
        (
            {"group": "funding_sources:state"},
            "<strong>0 indsatser</strong>, bruttoudgifter <strong>0</strong>",
        ),
        ({"municipality": "665"}, "<strong>0 indsatser</strong>"),
    ],
)
def test_the_rows_behind_a_figure_add_to_it(answered, mette, query, sums):
    assert sums in text(mette.get(url("reporting:rows"), query))


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"group": "x"}, "Vælg en af grupperne"),
        ({"municipality": "999"}, "Vælg en kommune"),
        ({"region": "1"}, "Vælg en af de fem regioner"),
        ({"price_level": "x"}, "som et år"),
    ],
)
def test_a_wrong_choice_of_rows_is_told_at_its_field(answered, mette, query, message):
    response = mette.get(url("reporting:rows"), query)
    assert response.status_code == 422 and message in text(response)


@pytest.mark.parametrize("query", [{"methods": "g"}, {"breakdown": "title"}, {"methods": ["a", "\x00"]}])
def test_a_wrong_method_or_breakdown_is_told_at_its_field(answered, mette, query):
    response = mette.get(url("reporting:estimate"), query)
    assert response.status_code == 422 and "Vælg" in text(response)


def test_rows_of_a_level_without_its_rate_say_so(answered, mette):
    assert "Pris- og lønskønnet for 2026 mangler" in text(
        mette.get(url("reporting:rows"), {"price_level": "2026"})
    )


def test_adjustments_count_in_figures_and_rows_alike(answered, cast, mette):
    mentors = ReportedInitiative.objects.get(gross_expenditure=5000)
    before = timezone.now()
    adjust(mentors, cast.mette, gross_expenditure=500, service_area="social")
    page = text(mette.get(url("reporting:estimate")))
    assert cells(page, "expenditure", "Socialområdet")[0] == "1.100"
    assert cells(page, "expenditure", "Beskæftigelsesområdet")[0] == "1.250"
    assert "Ministeriet har rettet 1 indsats" in page
    assert "Ministeriet har rettet 1 indsats" in text(mette.get(url("reporting:overview")))
    rows = text(mette.get(url("reporting:rows"), {"group": "service_area:social"}))
    assert "<strong>2 indsatser</strong>, bruttoudgifter <strong>1.100</strong>" in rows
    assert "Ministeriets rettelse" in rows
    earlier = text(mette.get(url("reporting:estimate"), {"as_at": before.isoformat()}))
    assert cells(earlier, "expenditure", "Socialområdet")[0] == "600"


def test_what_is_out_of_scope_counts_as_nothing_but_the_answer_stands(answered, cast, mette):
    adjust(ReportedInitiative.objects.get(gross_expenditure=5000), cast.mette, out_of_scope=True)
    page = text(mette.get(url("reporting:estimate")))
    assert cells(page, "comparison", "Indberettet (3 kommuner)")[0] == "1.850"
    rows = text(mette.get(url("reporting:rows")))
    assert "<strong>2 indsatser</strong>, bruttoudgifter <strong>1.850</strong>" in rows


def test_a_moment_before_the_round_has_no_answers(answered, mette):
    page = text(mette.get(url("reporting:estimate"), {"as_at": datetime(2001, 1, 1, tzinfo=UTC).isoformat()}))
    assert "Ingen af de 4 kommuner har svaret" in page


def test_the_csv_has_every_method_its_basis_and_why_one_has_no_figure(answered, mette):
    query = {"methods": ["a", "e"], "breakdown": "service_area"}
    content = mette.get(url("reporting:estimate_csv"), query).content.decode("utf-8-sig")
    heading, *rows = csv.reader(io.StringIO(content), delimiter=";")
    found = {tuple(row[:3]): dict(zip(heading, row, strict=True)) for row in rows}
    assert len(rows) == 2 * 16 + 2  # a, e and the two regions
    total = found["a", "hele landet", "Bruttoudgifter"]
    assert total["Indberettet"] == "6850,000" and total["Opregnet"] == "7066,196"  # 6,850 * 621/602
    assert total["Folketal"] == "2026-01-01" and total["Datagrundlag"] == "Kommunernes besvarelser"
    refused = found["e", "hele landet", "Bruttoudgifter: Socialområdet"]
    assert refused["Opregnet"] == "" and "Kun én af de 2 kommuner" in refused["Bemærkning"]
    assert total["Kommuner med svar"] == "3" and total["Regnskabsår"] == "2025"
    assert found["b", "Region Syddanmark", "Bruttoudgifter"]["Opregnet"] == "1850,000"
    assert "Kun én af de 2 kommuner" in found["b", "Region Midtjylland", "Bruttoudgifter"]["Bemærkning"]


def test_a_csv_that_cannot_be_made_leads_back_with_the_reason(answered, mette):
    response = mette.get(url("reporting:estimate_csv"), {"price_level": "2030"}, follow=True)
    assert "Pris- og lønskønnet for 2026 mangler" in text(response)
    assert mette.get(url("reporting:estimate_csv"), {"methods": "g"}).status_code == 404


def test_the_pages_own_method_is_the_first_that_gives_figures(answered, mette):
    page = text(mette.get(url("reporting:estimate"), {"methods": ["a", "d"]}))
    assert "Metode a.</p>" in page.replace(" </p>", "</p>")
    page = text(mette.get(url("reporting:estimate"), {"methods": ["b", "c", "d"]}))
    assert "Der er ikke noget estimat" in page


def test_warnings_assumption_and_sensitivity_stand_beside_every_interval(answered, mette):
    for name in ("reporting:overview", "reporting:estimate"):
        headline = text(mette.get(url(name))).split("95 pct.-interval")[1].split("</ul>")[0]
        assert "Færre end fem kommuner har svaret" in headline
        assert "er en tilfældig del af alle kommuner" in headline
        assert "Har de manglende ingen udgifter, er summen 6,9 mio. kr." in headline


def test_a_regions_csv_names_the_region(answered, mette):
    content = mette.get(url("reporting:estimate_csv"), {"region": "1083"}).content.decode("utf-8-sig")
    assert "b;Region Syddanmark;Bruttoudgifter;1850,000;1850,000" in content
