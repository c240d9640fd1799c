"""What the administrator reads of the trail, and what not."""

from datetime import date, timedelta
from uuid import uuid4

import pghistory
import pytest
from django.utils import timezone

from reporting.audit.lines import lines
from reporting.audit.trail import Choice, marks, pages
from survey import adjusting
from survey.models import Initiative, Submission
from tests.builders import build_initiative
from tests.reporting.conftest import build_rate

ODD = (
    "x",
    "\x00",
    "😀",
    "2026-01-01_1",
    "2026-01-01T00:00:00+00:00_99_1",
    "9999-99-99_1_1",
    "9999-12-31T23:59:59.999999-23:59_12_1",
    "_",
    "a_b_c",
)


def act(user, view="v"):
    return pghistory.context(user=user.pk, view=view)


def told(**choice):
    return lines(marks(Choice(**choice)))


def test_the_page_is_the_administrators_alone(cast, client_of, url, survey_round):
    people = {name: client_of(getattr(cast, name)) for name in ("anna", "bo", "mette", "rikke", "admin")}
    seen = {name: client.get(url).status_code for name, client in people.items()}
    assert seen == {"anna": 404, "bo": 404, "mette": 403, "rikke": 403, "admin": 200}


def test_a_change_is_told_from_and_to_in_words(version, cast, odense):
    with act(cast.mette, "reporting:approve"):
        Submission.objects.filter(pk=odense.pk).update(state="approved")
    line = told(kind="besvarelser")[0]
    assert (line.who, line.email, line.act) == ("Mette", "mette@example.test", "ændret")
    assert (line.municipality, line.year, line.page) == ("Odense", "2025", "reporting:approve")
    assert [(c.label, c.before, c.after) for c in line.changes] == [("tilstand", "indsendt", "godkendt")]
    assert line.url == "/ministerium/2025/461/"


def test_a_decision_is_told_with_its_initiative(version, cast):
    change = {"reason": "kroner", "explanation": "Aftalt.", "gross_expenditure": 125}
    with act(cast.mette):
        reported = version.initiatives.get()
        adjusting.adjust(initiative_id=reported.pk, by=cast.mette, seen=None, **change)
    (line,) = told(kind="afgoerelser")
    found = {c.label: c.after for c in line.changes}
    assert line.what == "Mentorer til kvinder" and line.url.endswith(f"/indsats/{reported.uuid}/")
    assert found["bruttoudgifter"] == "125 (1.000 kr.)"
    assert found["begrundelse"] == "Beløbet er skrevet i kroner, ikke i 1.000 kr."


def test_what_stands_in_a_draft_is_told_once_it_was_handed_in_and_not_before(version, cast, odense, shown):
    with act(cast.anna):
        Initiative.objects.filter(submission=odense).update(content="Hemmelig kladde", gross_expenditure=777)
        build_initiative(odense, cast.anna, title="Ikke indsendt endnu")
    new, changed, created = told(kind="indsatser")
    assert new.what == "en indsats, der ikke er indsendt"
    assert {c.after for c in new.changes if c.label not in ("besvarelse", "indsatsens id")} == {"(kladde)"}
    assert [(c.before, c.after) for c in changed.changes] == [
        ("1.250 (1.000 kr.)", "(kladde)"),
        ("Frivillige mentorer mødes med kvinder hver uge.", "(kladde)"),
    ]
    assert "Mentorer til kvinder" in {c.after for c in created.changes}
    assert created.what == "Mentorer til kvinder"
    everything = shown()
    for secret in ("Hemmelig kladde", "Ikke indsendt endnu", "777"):
        assert secret not in everything


def test_a_search_does_not_look_into_drafts(version, cast, odense, shown):
    with act(cast.anna):
        Initiative.objects.filter(submission=odense).update(content="Hemmelig kladde")
    build_rate(2026, "2.5")
    assert told(text="Hemmelig") == []
    (line,) = told(text="TES", kind="satser")
    assert line.what == "2026: 2.500 %"
    assert "Ingen hændelser passer til valget." in shown(tekst="Hemmelig")


def test_events_are_chosen_by_who_place_round_and_time(version, cast, aarhus, shown):
    with act(cast.bo):
        build_initiative(aarhus, cast.bo)
    yesterday, now = timezone.now() - timedelta(days=1), timezone.now()
    assert {line.who for line in told(users=(cast.carl.pk,))} == {"Carl"}
    assert {line.municipality for line in told(municipality=aarhus.municipality_id)} == {"Aarhus"}
    assert {line.year for line in told(round=aarhus.round_id)} == {"2025"}
    assert told(end=yesterday) == [] and told(start=now) == []
    assert len(told(start=yesterday)) == len(told())
    found = shown(hvem="bo@", kommune="751", regnskab="2025", fra=f"{date.today():%d.%m.%Y}")
    assert "Indsats oprettet" in found and "mette@example.test" not in found


def test_all_of_a_request_is_one_click_away(version, cast, shown):
    request = told(kind="besvarelser", users=(cast.carl.pk,))[0].request
    found = told(request=request)
    assert {(line.kind, line.who) for line in found} == {("Besvarelse", "Carl")}
    assert all(line.request == request for line in found)
    assert f"?forespoergsel={request}" in shown()
    assert "Ingen hændelser passer til valget." in shown(forespoergsel=str(uuid4()))


def test_pages_follow_each_other_without_a_gap_or_a_row_twice(version, cast, odense):
    whole = marks(Choice(), size=1000)
    assert [mark for found in pages(Choice(), 3) for mark in found] == whole
    assert whole == sorted(whole, key=lambda mark: (-mark.at.timestamp(), mark.kind, -mark.id))
    assert len(set(whole)) == len(whole) > 20


def test_the_second_page_is_linked_with_the_choices(cast, odense, client_of, url):
    Initiative.objects.bulk_create(Initiative(submission=odense, updated_by=cast.anna) for _ in range(150))
    client, seen = client_of(cast.admin), []
    response = client.get(url, {"slags": "indsatser", "kommune": "461"})
    while True:
        seen += [line.id for line in response.context["lines"]]
        if "next" not in response.context:
            break
        link = response.content.decode().split('d-print-none" aria-label="Sider">')[1].split('href="')[1]
        response = client.get(url + link.split('"')[0].replace("&amp;", "&"))
    assert len(seen) == len(set(seen)) == 150


@pytest.mark.parametrize(
    ("chosen", "error"),
    [
        ({"slags": "alt"}, "Vælg en slags på listen."),
        ({"kommune": "000"}, "Vælg en kommune på listen."),
        ({"regnskab": "x"}, "Vælg et regnskabsår på listen."),
        ({"fra": "i går"}, "Skriv datoen som dag, måned og år"),
        ({"fra": "02.01.2026", "til": "01.01.2026"}, "Den sidste dag kan ikke ligge før den første."),
        ({"tekst": "x"}, "Skriv mindst to tegn."),
        ({"forespoergsel": "1"}, "Forespørgslens id ser ikke rigtigt ud."),
    ],
)
def test_a_choice_that_cannot_be_is_said_at_its_field(cast, client_of, url, chosen, error):
    response = client_of(cast.admin).get(url, chosen)
    assert response.status_code == 422 and error in response.content.decode()


def test_an_address_that_somebody_changed_shows_the_first_page(cast, survey_round, client_of, url):
    for text in ODD:
        assert client_of(cast.admin).get(url, {"efter": text, "hvem": text}).status_code in (200, 422)


def test_a_hundred_events_take_as_many_queries_as_one(
    version, cast, odense, client_of, url, django_assert_max_num_queries
):
    client = client_of(cast.admin)
    client.get(url)
    with act(cast.anna):
        for number in range(30):
            Initiative.objects.filter(submission=odense).update(gross_income=number)
            Submission.objects.update(extended_until=timezone.now())
    with django_assert_max_num_queries(40):
        assert len(client.get(url).context["lines"]) == 100
