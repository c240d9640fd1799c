from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from survey import transitions
from survey.models import SubmissionArea
from tests.builders import build_initiative, hand_in
from tests.reporting.conftest import build_rate

PAGES = [f"reporting:{name}" for name in ("estimate", "rows", "prices", "reconciliation")]
PAGES += ["reporting:overview", "response:response"]


def url(name, *args):
    return reverse(name, args=[2025, *args])


def text(response):
    return " ".join(response.content.decode().split())


@pytest.fixture
def mette(cast, client_of):
    return client_of(cast.mette)


def test_the_ministrys_pages_do_not_exist_for_a_municipality(answered, cast, client_of):
    addresses = [reverse("reporting:home"), *map(url, PAGES)]
    addresses += [url("reporting:submission", "461"), url("reporting:export_csv")]
    for user in (cast.anna, cast.carl, cast.lis, cast.bo):
        client = client_of(user)
        assert {client.get(address).status_code for address in addresses} == {404}
        for name in ("reporting:approve", "reporting:send_back"):
            assert client.post(url(name, "461"), {"version": 1}).status_code == 404
        assert client.post(url("reporting:export_workbook")).status_code == 404


def test_a_round_before_anyone_has_answered(survey_round, mette):
    assert "Ingen af de 4 kommuner har svaret" in text(mette.get(url("reporting:overview")))
    assert "Ingen af de 4 kommuner har svaret" in text(mette.get(url("reporting:estimate")))
    assert mette.get(reverse("reporting:overview", args=[1999])).status_code == 404


def test_a_missing_rate_is_refused_by_year(answered, mette):
    assert "Pris- og lønskønnet for 2026 mangler" in text(
        mette.get(url("reporting:estimate"), {"price_level": "2026"})
    )
    build_rate(2026, "10")
    page = text(mette.get(url("reporting:estimate"), {"price_level": "2026"}))
    assert "2026-pris- og lønniveau" in page and ">7.535<" in page


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"region": "x"}, "Vælg en af de fem regioner"),
        ({"price_level": "sidste år"}, "som et år, fx 2022"),
        ({"price_level": "9" * 400}, "som et år, fx 2022"),
        ({"as_at": "i går"}, "Skriv dato og klokkeslæt"),
        ({"as_at": "2999-01-01"}, "der er passeret"),
        ({"as_at": "0001-01-01T00:00"}, "der er passeret"),
        ({"as_at": "9999-12-31T23:59:59-12:00"}, "der er passeret"),
        ({"as_at": "\x00"}, "Skriv dato og klokkeslæt"),
    ],
)
def test_a_wrong_choice_is_told_at_its_field(answered, mette, query, message):
    response = mette.get(url("reporting:estimate"), query)
    assert response.status_code == 422 and message in text(response)


def test_as_at_in_the_url_gives_the_figures_of_that_time(answered, cast, mette):
    before = timezone.now().isoformat()
    transitions.withdraw(submission_id=answered.submissions["Odense"].pk, by=cast.carl)
    assert ">6.850<" in text(mette.get(url("reporting:estimate"), {"as_at": before}))
    assert ">5.000<" in text(mette.get(url("reporting:estimate")))


def test_the_number_of_queries_does_not_follow_the_initiatives(answered, cast, mette):
    def counts():
        found = []
        for name in PAGES:
            with CaptureQueriesContext(connection) as queries:
                mette.get(url(name))
            found.append(len(queries))
        return found

    def hand_in_more(numbers):
        transitions.withdraw(submission_id=odense.pk, by=cast.carl)
        for number in numbers:
            build_initiative(odense, cast.carl, title=f"Indsats {number}")
        hand_in(odense, cast.carl)

    odense = answered.submissions["Odense"]
    hand_in_more(range(2))  # where two amounts are equal, one query reads the titles
    before = counts()
    hand_in_more(range(2, 40))
    assert counts() == before


def test_a_submission_shows_what_was_handed_in_and_never_the_draft(answered, cast, mette):
    build_initiative(answered.submissions["Lemvig"], cast.anna, title="Hemmelig kladde")
    silent = text(mette.get(url("reporting:submission", "665")))
    assert "Hemmelig kladde" not in silent and "har ikke indsendt noget" in silent
    page = text(mette.get(url("reporting:submission", "461")))
    version = answered.versions["Odense"]
    assert version.checksum in page and version.receipt_number in page
    assert "Netværk" in page and "Mentorer til kvinder" in page
    assert "har indberettet, at den ingen indsatser har" in text(
        mette.get(url("reporting:submission", "482"))
    )


def test_a_reviewer_sees_what_was_signed_as_empty_and_the_warnings_that_were_passed(answered, cast, mette):
    odense = answered.submissions["Odense"]
    transitions.withdraw(submission_id=odense.pk, by=cast.carl)
    SubmissionArea.objects.create(
        submission=odense, service_area="health_elderly", nil_at=timezone.now(), nil_by=cast.carl
    )
    odense.initiatives.filter(title="Netværk").update(scope="out", scope_reason="Er lovbunden")
    hand_in(odense, cast.carl)
    page = text(mette.get(url("reporting:submission", "461")))
    assert 'Sundheds- og ældreområdet<br>Erklæret uden indsatser</th> <td class="align-text-right">0' in page
    assert "Kultur- og fritidsområdet<br>Ikke udfyldt" in page
    warned = page.index("<h3>Netværk</h3>")
    assert warned < page.index("Begrundelse: Det er efterset.") < page.index(">Godkend version ")
    assert "kommunen: hører ikke med</summary>" in page and "Er lovbunden" in page
    rows = text(mette.get(url("reporting:rows")))
    assert rows.count("kommunen: hører ikke med") == 1
    assert "Kommunen selv har svaret, at 1 af dem ikke hører med" in rows
    silent = text(mette.get(url("reporting:submission", "751")))
    assert "kommunen: " not in silent and "Erklæret uden" not in silent


def test_an_earlier_version_may_be_read(answered, cast, mette):
    odense = answered.submissions["Odense"]
    transitions.withdraw(submission_id=odense.pk, by=cast.carl)
    odense.initiatives.filter(title="Netværk").delete()
    hand_in(odense, cast.carl)
    assert "Netværk" not in text(mette.get(url("reporting:submission", "461")))
    first = text(mette.get(url("reporting:submission", "461"), {"version": 1}))
    assert "Netværk" in first and "Godkend" not in first
    for number in ("3", "x", "-1", ""):
        assert mette.get(url("reporting:submission", "461"), {"version": number}).status_code == 404


def test_a_reviewer_approves_the_version_seen(answered, mette):
    approval = {"version": 1, "despite": "on"}
    assert mette.post(url("reporting:approve", "461"), approval).status_code == 302
    answered.submissions["Odense"].refresh_from_db()
    assert answered.submissions["Odense"].state == "approved"
    again = mette.post(url("reporting:approve", "461"), {"version": 1})
    assert again.status_code == 409 and "Kun en indsendt besvarelse kan godkendes" in text(again)
    assert mette.post(url("reporting:approve", "461"), {"version": "x"}).status_code == 404
    assert mette.get(url("reporting:approve", "461")).url == "../"


def test_sending_back_keeps_what_was_typed_when_it_is_refused(answered, mette):
    send_back = url("reporting:send_back", "461")
    due = timezone.localdate() + timedelta(days=7)
    lacking = mette.post(send_back, {"version": 1, "comment": "Se på beløbene", "due_on": ""})
    assert lacking.status_code == 422 and "Se på beløbene" in text(lacking)
    assert "Skriv den sidste dag" in text(lacking)
    old = mette.post(send_back, {"version": 9, "comment": "Se på beløbene", "due_on": f"{due:%d.%m.%Y}"})
    assert old.status_code == 409 and "nyere version" in text(old) and "Se på beløbene" in text(old)
    late = mette.post(send_back, {"version": 1, "comment": "x", "due_on": "01.01.2020"})
    assert late.status_code == 422 and "det kommende år" in text(late)
    fine = mette.post(send_back, {"version": 1, "comment": "Se på beløbene", "due_on": f"{due:%d.%m.%Y}"})
    assert fine.status_code == 302
    submission = answered.submissions["Odense"]
    submission.refresh_from_db()
    assert submission.state == "returned"
    assert timezone.localtime(submission.return_due_at).strftime("%Y-%m-%d %H:%M") == (f"{due} 23:59")
    assert "Se på beløbene" in text(mette.get(url("reporting:submission", "461")))


def test_only_reviewers_and_the_round_manager_review(answered, cast, client_of):
    admin = client_of(cast.admin)
    assert admin.post(url("reporting:approve", "461"), {"version": 1}).status_code == 403
    assert admin.post(url("reporting:send_back", "461"), {"version": 1}).status_code == 403
    assert "Gennemgang" not in text(admin.get(url("reporting:submission", "461")))
    rikke = client_of(cast.rikke)
    approval = {"version": 1, "despite": "on"}
    assert rikke.post(url("reporting:approve", "461"), approval).status_code == 302
    assert "Gennemgang" in text(rikke.get(url("reporting:submission", "461")))  # may reopen
    assert "Gennemgang" not in text(client_of(cast.mette).get(url("reporting:submission", "461")))


def test_one_answer_is_shown_as_reported_though_it_is_not_extrapolated(cast, odense, mette):
    build_initiative(odense, cast.anna)
    hand_in(odense, cast.carl)
    page = text(mette.get(url("reporting:estimate")))
    assert "Kun én af de 4 kommuner har svaret" in page and "opregnes ikke" in page
    assert ">1.250<" in page and "Opregnede bruttoudgifter" not in page
    assert "Indberettede bruttoudgifter: 1,3 mio. kr." in text(mette.get(url("reporting:overview")))
