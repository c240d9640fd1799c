"""A reported initiative with the ministry's correction beside it, and the forms that make it."""

import re

import pytest
from django.urls import reverse

from survey import adjusting, transitions
from survey.models import Adjustment, SurveyRound
from tests.builders import hand_in

NAMES = ("initiative", "adjust", "withdraw_adjustment")


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


def withdraw(adjustment, by, explanation="Beløbet var rigtigt."):
    return adjusting.withdraw_adjustment(
        initiative_id=adjustment.initiative_id, by=by, seen=adjustment.pk, explanation=explanation
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
    initial = response.context["forms"].adjust.initial
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
    again = sent(gross_expenditure="1", seen=refused.context["forms"].adjust.data["seen"])
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
    assert mette.post(page(reported, "withdraw_adjustment"), fine).status_code == 302
    assert Adjustment.objects.count() == 2
    late = mette.post(page(reported, "withdraw_adjustment"), fine | {"explanation": "For sent."})
    assert late.status_code == 409 and "ingen rettelse at trække tilbage" in text(late)
    assert "For sent.</textarea>" in text(late)


def test_a_version_that_does_not_count_is_read_but_not_adjusted(answered, reported, cast, mette):
    odense = answered.submissions["Odense"]
    transitions.withdraw(submission_id=odense.pk, by=cast.carl)
    assert mette.get(page(reported)).status_code == 404
    earlier = mette.get(page(reported, version=1))
    assert "tæller ikke med" in text(earlier) and earlier.context["forms"].adjust is None
    hand_in(odense, cast.carl)
    assert mette.get(page(reported)).context["forms"].adjust
    assert mette.get(page(reported, version=1)).context["forms"].adjust is None
    late = mette.post(page(reported, "adjust", version=1), sent(gross_expenditure="1"))
    assert late.status_code == 409 and "tæller ikke længere med" in text(late)
    assert "Aftalt i telefonen.</textarea>" in text(late)
    for number in ("3", "x", ""):
        assert mette.get(page(reported, version=number)).status_code == 404


def test_who_may_not_adjust_sees_no_form(reported, cast, client_of, mette):
    adjust(reported, cast.mette)
    response = client_of(cast.admin).get(page(reported))
    assert not any(response.context["forms"])
    assert "<strong>1</strong>" in text(response)
    SurveyRound.objects.update(state=SurveyRound.State.LOCKED)
    assert not any(mette.get(page(reported)).context["forms"])


def test_a_line_break_is_one_character_of_the_explanation(reported, mette):
    lines = "x\r\n" * 999 + "yy"
    assert mette.post(page(reported, "adjust"), sent(gross_income="5", explanation=lines)).status_code == 302
    assert Adjustment.objects.get().explanation == "x\n" * 999 + "yy"
    too_long = mette.post(page(reported, "adjust"), sent(gross_income="6", explanation=lines + "y"))
    assert too_long.status_code == 422 and "Der er nu 2001." in text(too_long)


def test_an_initiative_is_found_only_under_its_own_municipality_and_year(reported, mette):
    for year, code in ((2025, "751"), (2024, "461")):
        address = {name: reverse(f"reporting:{name}", args=[year, code, reported.uuid]) for name in NAMES}
        assert mette.get(address["initiative"]).status_code == 404
        for name in ("adjust", "withdraw_adjustment"):
            assert mette.post(address[name], sent(gross_expenditure="1")).status_code == 404
    assert not Adjustment.objects.exists()


def decide(initiative, name, client, **fields):
    return client.post(
        page(initiative, name), {"seen": getattr(initiative.adjustments.last(), "pk", "")} | fields
    )


def test_an_initiative_is_accepted_and_opened_again(reported, mette):
    assert "ikke gennemgået. Ikke tildelt nogen." in text(mette.get(page(reported)))
    assert decide(reported, "accept", mette).status_code == 302
    shown = text(mette.get(page(reported)))
    assert "godtaget, siden" in shown and "godtaget af Mette" in shown and "Åbn igen</button>" in shown
    assert "Godtag</button>" not in shown
    assert decide(reported, "reopen_initiative", mette).status_code == 302
    shown = text(mette.get(page(reported)))
    assert "ikke gennemgået." in shown and "åbnet igen af Mette" in shown and "Godtag</button>" in shown
    assert [row.kind for row in Adjustment.objects.all()] == ["accepted", "reopened"]


def test_what_a_colleague_decided_meanwhile_is_shown_before_it_is_accepted(reported, cast, mette):
    adjust(reported, cast.rikke, gross_expenditure=2)
    late = mette.post(page(reported, "accept"), {"seen": ""})
    assert late.status_code == 409 and "Indsatsen er rettet. Træk rettelsen tilbage" in text(late)
    assert "rettet af Rikke" in text(late) and Adjustment.objects.count() == 1
    withdraw(Adjustment.objects.get(), cast.rikke)
    unseen = mette.post(page(reported, "accept"), {"seen": ""})
    assert unseen.status_code == 409 and "afgjort af en anden, siden du åbnede siden" in text(unseen)
    seen = unseen.context["forms"].accept.data["seen"]
    assert mette.post(page(reported, "accept"), {"seen": seen}).status_code == 302
    assert mette.post(page(reported, "accept"), {"seen": "x"}).status_code == 422


def test_what_is_not_accepted_is_not_opened_again(reported, mette):
    refused = decide(reported, "reopen_initiative", mette)
    assert refused.status_code == 409 and "ikke godtaget" in text(refused)


def test_the_administrator_reads_and_does_not_decide(reported, cast, client_of, mette):
    admin = client_of(cast.admin)
    for name in ("accept", "reopen_initiative"):
        assert decide(reported, name, admin).status_code == 403
        assert client_of(cast.anna).post(page(reported, name)).status_code == 404
    decide(reported, "accept", mette)
    assert "godtaget af Mette" in text(admin.get(page(reported)))


OWN = ("submission", "history", "versions", "dialogue")


def test_the_municipality_never_sees_what_is_accepted(answered, reported, cast, mette, client_of):
    def shown():
        addresses = [reverse(f"survey:{name}", args=["461", 2025]) for name in OWN]
        receipt = answered.versions["Odense"].get_absolute_url()
        pages = [anna.get(address) for address in (*addresses, receipt)]
        assert {one.status_code for one in pages} == {200}
        return [re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text(one)) for one in pages]

    anna = client_of(cast.anna)
    before = shown()
    decide(reported, "accept", mette)
    assert shown() == before
    decide(reported, "reopen_initiative", mette)
    assert shown() == before
    adjust(reported, cast.mette)
    withdraw(Adjustment.objects.last(), cast.mette)
    decide(reported, "accept", mette)
    for one in shown():
        assert "godtaget" not in one and "åbnet igen" not in one
    assert "trak sin rettelse" in shown()[1]


def test_what_stays_accepted_from_an_earlier_version_is_opened_again(answered, reported, cast, mette):
    decide(reported, "accept", mette)
    odense = answered.submissions["Odense"]
    transitions.withdraw(submission_id=odense.pk, by=cast.carl)
    second = hand_in(odense, cast.carl).initiatives.get(uuid=reported.uuid)
    shown = text(mette.get(page(second)))
    assert "godtaget i en tidligere version" in shown and "Åbn igen</button>" in shown
    assert decide(second, "reopen_initiative", mette).status_code == 302
    assert "ikke gennemgået." in text(mette.get(page(second)))
