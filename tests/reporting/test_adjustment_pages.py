"""A reported initiative with the ministry's correction beside it, and what the municipality sees of it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from survey import adjusting, transitions
from survey.models import Adjustment, ReportedInitiative, SurveyRound
from tests.builders import build_adjustment, build_initiative, hand_in


def text(response):
    return " ".join(response.content.decode().split())


@pytest.fixture
def mette(cast, client_of):
    return client_of(cast.mette)


@pytest.fixture
def reported(answered):
    """Odense's 1,250 thousand kr. on employment."""
    return answered.versions["Odense"].initiatives.get(gross_expenditure=1250)


def page(initiative, name="initiative", **query):
    return reverse(f"reporting:{name}", args=[2025, "461", initiative.uuid], query=query)


def sent(**fields):
    """What the form sends when nothing is corrected but what `fields` say."""
    return {
        "service_area": "employment",
        "gross_expenditure": "1.250",
        "gross_income": "0",
        "funding_sources": ["own"],
        "primary_target_group": "broader_integration",
        "reason": "kroner",
        "explanation": "Aftalt i telefonen.",
        "seen": "",
    } | fields


def adjust(initiative, by, **values):
    latest = initiative.adjustments.last()
    return adjusting.adjust(
        initiative_id=initiative.pk,
        by=by,
        seen=latest and latest.pk,
        reason="kroner",
        explanation="Aftalt i telefonen.",
        **values or {"gross_expenditure": 1},
    )


def test_a_reviewer_adjusts_and_both_values_are_shown(reported, mette):
    assert mette.post(page(reported, "adjust"), sent(gross_expenditure="1")).status_code == 302
    assert Adjustment.objects.get().changes() == {"gross_expenditure": 1}
    shown = text(mette.get(page(reported)))
    assert "2. Bruttoudgifter</th> <td>1.250</td> <td><strong>1</strong></td>" in shown
    assert "3. Bruttoindtægter</th> <td>0</td> <td></td>" in shown
    assert "rettet af Mette" in shown and "Aftalt i telefonen." in shown
    assert "Bruttoudgifter: 1.250 rettet til 1" in shown and "1.000 kr. i 2025-priser" in shown


def test_all_that_can_be_adjusted_is_stored(reported, mette):
    values = {
        "service_area": "social",
        "gross_expenditure": "1.000",
        "gross_income": "5",
        "funding_sources": ["own", "state"],
        "primary_target_group": "newly_arrived",
    }
    assert mette.post(page(reported, "adjust"), sent(**values, out_of_scope="on")).status_code == 302
    adjustment = Adjustment.objects.get()
    kept = {"gross_expenditure": 1000, "gross_income": 5, "funding_sources": ["state", "own"]}
    assert adjustment.changes() == values | kept and adjustment.out_of_scope
    assert "hører ikke med i kortlægningen og tæller ikke" in text(mette.get(page(reported)))


def test_the_form_begins_with_the_values_that_count(reported, cast, mette):
    assert 'name="gross_expenditure" value="1.250"' in text(mette.get(page(reported)))
    adjustment = adjust(reported, cast.rikke, gross_expenditure=1, out_of_scope=True)
    response = mette.get(page(reported))
    assert 'name="gross_expenditure" value="1"' in text(response)
    initial = response.context["form"].initial
    assert (initial["gross_income"], initial["out_of_scope"], initial["seen"]) == (0, True, adjustment.pk)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"gross_expenditure": "1,5"}, "i hele 1.000 kr. uden decimaler"),
        ({"gross_expenditure": "-5"}, "kan ikke være negativ"),
        ({"gross_expenditure": ""}, "Skriv bruttoudgiften i hele 1.000 kr."),
        ({"gross_income": ""}, "Skriv bruttoindtægten i hele 1.000 kr."),
        ({"gross_income": "x"}, "Skriv bruttoindtægten i hele 1.000 kr."),
        ({"service_area": "roads"}, "Vælg et af de seks områder"),
        ({"funding_sources": []}, "Vælg mindst en af de tre finansieringskilder"),
        ({"funding_sources": ["lottery"]}, "Vælg blandt de tre finansieringskilder"),
        ({"primary_target_group": ""}, "Vælg a, b eller c"),
        ({"reason": ""}, "Vælg, hvorfor indsatsen rettes"),
        ({"reason": "mood"}, "Vælg, hvorfor indsatsen rettes"),
        ({"explanation": "  "}, "Skriv en forklaring"),
        ({"explanation": "x" * 2001}, "Skriv højst 2.000 tegn"),
        ({"explanation": "a\x00b"}, "Null-tegn"),
        ({"seen": "x"}, "Siden er for gammel"),
    ],
)
def test_what_is_wrong_is_told_and_what_was_typed_is_kept(reported, mette, fields, message):
    response = mette.post(page(reported, "adjust"), sent(gross_expenditure="77", explanation="Ring") | fields)
    assert response.status_code == 422 and message in text(response)
    assert fields.get("gross_expenditure", 'value="77"') in text(response)
    assert "explanation" in fields or "Ring</textarea>" in text(response)
    assert not Adjustment.objects.exists()


def test_adjusting_nothing_is_refused_and_what_was_typed_is_kept(reported, mette):
    response = mette.post(page(reported, "adjust"), sent())
    assert response.status_code == 409 and "Der er ikke rettet noget" in text(response)
    assert "Aftalt i telefonen.</textarea>" in text(response)


def test_pressing_twice_adjusts_once(reported, mette):
    for _ in range(2):
        assert mette.post(page(reported, "adjust"), sent(gross_expenditure="1")).status_code == 302
    assert Adjustment.objects.count() == 1


def test_a_colleagues_adjustment_is_shown_before_it_is_replaced(reported, cast, mette):
    theirs = adjust(reported, cast.rikke, gross_expenditure=2)
    refused = mette.post(page(reported, "adjust"), sent(gross_expenditure="1"))
    assert refused.status_code == 409 and "siden du åbnede siden" in text(refused)
    assert "rettet af Rikke" in text(refused) and 'name="gross_expenditure" value="1"' in text(refused)
    again = sent(gross_expenditure="1", seen=refused.context["form"].data["seen"])
    assert again["seen"] == theirs.pk
    assert mette.post(page(reported, "adjust"), again).status_code == 302
    assert Adjustment.objects.in_force().get().gross_expenditure == 1


def test_an_adjustment_is_withdrawn_with_a_reason(reported, cast, mette):
    assert "Træk rettelsen tilbage" not in text(mette.get(page(reported)))
    seen = adjust(reported, cast.mette).pk
    without = mette.post(page(reported, "withdraw_adjustment"), {"explanation": "", "seen": seen})
    assert without.status_code == 422 and 'href="#withdraw_explanation"' in text(without)
    fine = {"explanation": "Beløbet var rigtigt.", "seen": seen}
    assert mette.post(page(reported, "withdraw_adjustment"), fine).status_code == 302
    shown = text(mette.get(page(reported)))
    assert "2. Bruttoudgifter</th> <td>1.250</td> <td></td>" in shown
    assert "rettelsen trukket tilbage af Mette" in shown and "Beløbet var rigtigt." in shown
    again = mette.post(page(reported, "withdraw_adjustment"), fine)
    assert again.status_code == 409 and "ingen rettelse at trække tilbage" in text(again)
    assert "Beløbet var rigtigt.</textarea>" in text(again)


def test_a_version_that_does_not_count_is_read_but_not_adjusted(answered, reported, cast, mette):
    odense = answered.submissions["Odense"]
    transitions.withdraw(submission_id=odense.pk, by=cast.carl)
    assert mette.get(page(reported)).status_code == 404
    earlier = mette.get(page(reported, version=1))
    assert "tæller ikke med" in text(earlier) and earlier.context["form"] is None
    hand_in(odense, cast.carl)
    assert mette.get(page(reported)).context["form"]
    assert mette.get(page(reported, version=1)).context["form"] is None
    late = mette.post(page(reported, "adjust", version=1), sent(gross_expenditure="1"))
    assert late.status_code == 409 and "tæller ikke længere med" in text(late)
    assert "Aftalt i telefonen.</textarea>" in text(late)
    for number in ("3", "x", ""):
        assert mette.get(page(reported, version=number)).status_code == 404


def test_who_may_not_adjust_sees_no_form(reported, cast, client_of, mette):
    adjust(reported, cast.mette)
    response = client_of(cast.admin).get(page(reported))
    assert response.context["form"] is None and response.context["withdrawal"] is None
    assert "<strong>1</strong>" in text(response)
    SurveyRound.objects.update(state=SurveyRound.State.LOCKED)
    assert mette.get(page(reported)).context["form"] is None


def test_the_ministrys_page_of_an_answer_tells_what_is_adjusted(reported, cast, mette):
    answer = reverse("reporting:submission", args=[2025, "461"])
    assert "rettet af ministeriet" not in text(mette.get(answer))
    adjust(reported, cast.mette)
    shown = text(mette.get(answer))
    assert "<td>2. Bruttoudgifter</td> <td>1.250</td> <td><strong>1</strong></td>" in shown
    assert shown.count("rettet af ministeriet") == 1 and page(reported, version=1) in shown


@pytest.mark.parametrize("name", ["survey:submission", "survey:receipt"])
def test_the_municipality_sees_the_adjustment_and_why(answered, reported, cast, client_of, name):
    version = answered.versions["Odense"]
    address = (
        version.submission.get_absolute_url() if name == "survey:submission" else version.get_absolute_url()
    )
    lis = client_of(cast.lis)
    assert "Ministeriets rettelser" not in text(lis.get(address))
    adjustment = adjust(reported, cast.mette, gross_expenditure=1, service_area="social")
    shown = text(lis.get(address))
    assert "Ministeriets rettelser" in shown and 'rowspan="2">Mentorer til kvinder</th>' in shown
    assert "<td>2. Bruttoudgifter</td> <td>1.250</td> <td><strong>1</strong></td>" in shown
    assert "<td>Beskæftigelsesområdet</td> <td><strong>Socialområdet</strong></td>" in shown
    assert "Beløbet er skrevet i kroner" in shown and "Aftalt i telefonen." in shown
    build_adjustment(
        reported, cast.mette, kind="withdrawn", reason="", gross_expenditure=None, at=adjustment.at
    )
    assert "Ministeriets rettelser" not in text(lis.get(address))


def test_a_municipality_does_not_see_what_another_was_adjusted(answered, reported, cast, client_of):
    adjust(reported, cast.mette)
    for version in (answered.versions["Aarhus"], answered.versions["Langeland"]):
        user = cast.bo if version == answered.versions["Aarhus"] else answered.lone
        for address in (version.submission.get_absolute_url(), version.get_absolute_url()):
            assert "Ministeriets rettelser" not in text(client_of(user).get(address))


def test_a_returned_answer_still_shows_what_was_adjusted_until_the_next_is_in(
    answered, reported, cast, client_of
):
    adjust(reported, cast.mette)
    odense, carl = answered.submissions["Odense"], client_of(cast.carl)
    due = timezone.now() + timedelta(days=3)
    transitions.send_back(submission_id=odense.pk, by=cast.mette, version_seen=1, comment="Se", due_at=due)
    assert "Ministeriets rettelser" in text(carl.get(odense.get_absolute_url()))
    hand_in(odense, cast.carl)
    assert "Ministeriets rettelser" not in text(carl.get(odense.get_absolute_url()))


def test_the_number_of_queries_does_not_follow_the_adjustments(answered, cast, mette, client_of):
    odense, carl = answered.submissions["Odense"], client_of(cast.carl)
    transitions.withdraw(submission_id=odense.pk, by=cast.carl)
    for number in range(20):
        build_initiative(odense, cast.carl, title=f"Indsats {number}")
    version = hand_in(odense, cast.carl)
    first = version.initiatives.first()
    addresses = [
        (mette, page(first)),
        (mette, reverse("reporting:submission", args=[2025, "461"])),
        (carl, odense.get_absolute_url()),
        (carl, version.get_absolute_url()),
    ]

    def counts():
        found = []
        for client, address in addresses:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            found.append(len(queries))
        return found

    adjust(first, cast.mette)
    before = counts()
    for initiative in ReportedInitiative.objects.filter(version=version):
        for amount in (2, 3):
            adjust(initiative, cast.mette, gross_expenditure=amount)
    assert counts() == before and max(before) <= 12
