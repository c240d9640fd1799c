"""What the ministry and the municipality are shown of the corrections, of this version and earlier ones."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from survey import transitions
from survey.models import ReportedInitiative
from tests.builders import build_adjustment, build_initiative, hand_in
from tests.reporting.test_adjustment_pages import adjust, page, sent, text, withdraw

ANSWER = reverse("reporting:submission", args=[2025, "461"])


@pytest.fixture
def mette(cast, client_of):
    return client_of(cast.mette)


@pytest.fixture
def reported(answered):
    """Odense's 1,250 thousand kr. on employment."""
    return answered.versions["Odense"].initiatives.get(gross_expenditure=1250)


def handed_in_again(answered, cast):
    """Odense's answer taken back and handed in once more, as version 2."""
    transitions.withdraw(submission_id=answered.submissions["Odense"].pk, by=cast.carl)
    return hand_in(answered.submissions["Odense"], cast.carl)


def test_what_an_explanation_holds_is_shown_as_text(answered, reported, cast, mette, client_of):
    adjustment = build_adjustment(reported, cast.mette, explanation="<script>alert(1)</script>")
    withdraw(adjustment, cast.mette, explanation="<b>ikke fed</b>")
    receipt = answered.versions["Odense"].get_absolute_url()
    for client, address in (
        (mette, page(reported)),
        (mette, ANSWER),
        (client_of(cast.lis), receipt),
    ):
        shown = text(client.get(address))
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown and "&lt;b&gt;ikke fed&lt;/b&gt;" in shown
        assert "<script>alert" not in shown and "<b>ikke" not in shown


def test_the_links_lead_to_the_version_that_is_shown(answered, reported, cast, mette):
    shown = text(mette.get(page(reported)))
    assert f'href="{ANSWER}?version=1"' in shown and page(reported, "adjust", version=1) in shown
    again = handed_in_again(answered, cast).initiatives.get(uuid=reported.uuid)
    assert f'href="{page(reported, version=1)}"' in text(mette.get(ANSWER + "?version=1"))
    assert f'href="{page(reported, version=2)}"' in text(mette.get(ANSWER))
    stored = mette.post(page(again, "adjust"), sent(gross_expenditure="1"))
    assert stored.headers["Location"] == page(again, version=2)
    assert page(again, "withdraw_adjustment", version=2) in text(mette.get(page(again)))


def test_a_correction_left_behind_in_an_earlier_version_is_told(answered, reported, cast, mette):
    adjust(reported, cast.mette, gross_expenditure=1)
    other = reported.version.initiatives.get(title="Netværk")
    withdraw(adjust(other, cast.mette), cast.mette)
    assert "i en tidligere version" not in text(mette.get(ANSWER))
    assert "Rettet i tidligere versioner" not in text(mette.get(page(reported)))
    again = handed_in_again(answered, cast).initiatives.get(uuid=reported.uuid)
    shown = text(mette.get(ANSWER))
    assert f'rettes igen: <a href="{page(again, version=2)}">Mentorer til kvinder</a>. </p>' in shown
    shown = text(mette.get(page(again)))
    assert "Version 1 var rettet" in shown and "Bruttoudgifter: 1.250 rettet til 1" in shown
    assert "Aftalt i telefonen." in shown
    assert "Rettet i tidligere versioner" not in text(mette.get(page(other)))
    assert "i en tidligere version" not in text(mette.get(ANSWER + "?version=1"))
    adjust(again, cast.mette, gross_expenditure=2)
    assert "i en tidligere version" not in text(mette.get(ANSWER))
    assert "Version 1 var rettet" in text(mette.get(page(again)))


def test_the_corrections_left_behind_come_in_the_order_handed_in(answered, reported, cast, mette):
    second = reported.version.initiatives.get(title="Netværk")
    adjust(second, cast.mette)
    adjust(reported, cast.mette)
    handed_in_again(answered, cast)
    shown = mette.get(ANSWER)
    assert [str(initiative) for initiative in shown.context["lapsed"]] == ["Mentorer til kvinder", "Netværk"]


def test_the_corrections_of_a_version_that_does_not_count_are_not_said_to_count(
    answered, reported, cast, client_of, mette
):
    adjust(reported, cast.mette)
    handed_in_again(answered, cast)
    receipt = answered.versions["Odense"].get_absolute_url()
    for shown in (text(client_of(cast.lis).get(receipt)), text(mette.get(ANSWER + "?version=1"))):
        assert "Denne version tæller ikke med længere; rettelserne gjaldt kun den." in shown
        assert "gjaldt kun denne version</td>" in shown and "<strong>gælder</strong>" not in shown
        assert "Ministeriets opgørelser bruger" not in shown


def test_the_ministrys_page_of_an_answer_tells_what_is_adjusted(reported, cast, mette):
    assert "rettet af ministeriet" not in text(mette.get(ANSWER))
    adjust(reported, cast.mette)
    shown = text(mette.get(ANSWER))
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
    assert "Ministeriets opgørelser bruger de rettede værdier" in shown
    assert "Ministeriets rettelser" in shown and 'rowspan="2">Mentorer til kvinder</th>' in shown
    assert "<td>2. Bruttoudgifter</td> <td>1.250</td> <td><strong>1</strong></td>" in shown
    assert "<td>Beskæftigelsesområdet</td> <td><strong>Socialområdet</strong></td>" in shown
    assert "Beløbet er skrevet i kroner" in shown and "Aftalt i telefonen." in shown
    assert shown.count("<strong>gælder</strong>") == 1
    withdraw(adjustment, cast.mette)
    shown = text(lis.get(address))
    assert "<td>1.250</td> <td>1</td>" in shown and '<td rowspan="2">trukket tilbage</td>' in shown
    assert "Rettelsen trukket tilbage</td> <td>Beløbet var rigtigt.<br>Mette" in shown
    assert "<strong>gælder</strong>" not in shown
    adjust(reported, cast.rikke, gross_expenditure=3)
    adjust(reported, cast.rikke, gross_expenditure=4)
    shown = text(lis.get(address))
    assert shown.index("<strong>4</strong>") < shown.index("<td>3</td>") < shown.index("<td>1</td>")
    assert shown.count("<strong>gælder</strong>") == shown.count("afløst af en nyere") == 1


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
        (mette, ANSWER),
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
            latest = adjust(initiative, cast.mette, gross_expenditure=amount)
        withdraw(latest, cast.mette)
        adjust(initiative, cast.mette, gross_expenditure=4)
    assert counts() == before and max(before) <= 44
