"""The page of a municipality's own deadline, and what the municipality sees of it."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from django.utils.timezone import localtime

from survey.models import Extension
from survey.rounds.extensions import extend
from tests.builders import hand_in
from tests.municipalities.test_contacts import build_contact
from tests.survey.test_extensions import WHY, extended, round_ends

PAGE = "/ministerium/2025/461/frist/"
COPENHAGEN = ZoneInfo("Europe/Copenhagen")


def text(response) -> str:
    return " ".join(response.content.decode().split())


def typed(days=40, reason=WHY) -> dict:
    day = timezone.now() + timedelta(days=days)
    return {"until": localtime(day).strftime("%d.%m.%Y 12.00"), "reason": reason}


@pytest.fixture
def rikke(client_of, cast, odense):
    return client_of(cast.rikke)


def test_the_round_manager_gives_more_time_and_the_page_lists_it(rikke, cast, odense):
    assert "ikke fået en fristforlængelse" in text(rikke.get(PAGE))
    answer = rikke.post(PAGE, typed(), follow=True)
    extension = Extension.objects.get()
    noon = localtime(extension.until, COPENHAGEN)
    assert (noon.hour, noon.minute) == (12, 0)
    assert "Odense Kommune har fået en ny frist" in text(answer)
    assert WHY in text(answer) and "Rikke, " in text(answer)
    assert f'<a href="{PAGE}">' in text(rikke.get("/ministerium/2025/461/"))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"until": ""}, "Skriv den nye frist"),
        ({"until": "12.11.2027"}, "Skriv dato og klokkeslæt"),
        ({"until": "12.11.2020 12.00"}, "Den nye frist er passeret"),
        ({"until": "12.11.2090 12.00"}, "inden for det kommende år"),
        ({"reason": "\n "}, "Skriv, hvorfor fristen forlænges"),
        ({"reason": "x" * 2001}, "højst 2.000 tegn"),
    ],
)
def test_what_is_typed_wrong_is_named_and_kept(rikke, fields, said):
    answer = rikke.post(PAGE, typed() | fields)
    assert answer.status_code == 422 and said in text(answer) and "Der er fejl i formularen" in text(answer)
    assert ("reason" in fields) or WHY in text(answer)
    assert not Extension.objects.exists()


def test_a_refusal_keeps_what_was_typed(rikke, cast, odense):
    hand_in(odense, cast.carl)
    answer = rikke.post(PAGE, typed())
    assert answer.status_code == 409 and "allerede indsendt" in text(answer) and WHY in text(answer)
    assert "Forlæng fristen" not in text(rikke.get(PAGE))


def test_where_nobody_can_be_told_the_page_says_so(rikke, odense):
    assert "kan ikke få det at vide" not in text(rikke.get(PAGE))
    odense.municipality.memberships.exclude(role="reader").delete()
    assert "kan ikke få det at vide med mail" in text(rikke.get(PAGE))
    build_contact(odense.municipality)
    assert "kan ikke få det at vide" not in text(rikke.get(PAGE))


def test_others_in_the_ministry_read(client_of, cast, odense):
    extended(odense, cast.rikke)
    page = text(client_of(cast.mette).get(PAGE))
    assert WHY in page and "Forlæng fristen" not in page


def test_the_municipality_reads_its_own_deadline_and_why(rikke, client_of, cast, odense):
    until = datetime(timezone.now().year + 1, 7, 1, 12, 0, tzinfo=COPENHAGEN)
    anna = client_of(cast.anna)
    assert "ny frist" not in text(anna.get("/kommune/461/2025/"))
    extend(submission_id=odense.pk, by=cast.rikke, until=until, reason=WHY)
    page = text(anna.get("/kommune/461/2025/"))
    assert f"Svarfrist: <strong>1. juli {until.year} kl. 12.00</strong>" in page
    assert f"en ny frist, 1. juli {until.year} kl. 12.00: ”{WHY}”" in page
    assert "ny frist" not in text(client_of(cast.bo).get("/kommune/751/2025/"))


def test_days_left_and_lateness_are_by_the_municipality_s_own_deadline(
    rikke, client_of, cast, odense, aarhus
):
    round_ends(odense, deadline=-2, edit_until=9)
    anna, bo = client_of(cast.anna), client_of(cast.bo)
    assert "tæller som for sen" in text(anna.get("/kommune/461/2025/"))
    extended(odense, cast.rikke, days=4)
    page = text(anna.get("/kommune/461/2025/"))
    assert "tæller som for sen" not in page and "Der er 4 dage tilbage." in page
    assert "tæller som for sen" in text(bo.get("/kommune/751/2025/"))
    hand_in(odense, cast.carl), hand_in(aarhus, cast.bo)
    late = "(for sent)"
    assert late not in text(rikke.get("/ministerium/2025/461/"))
    assert late in text(rikke.get("/ministerium/2025/751/"))


def test_the_page_takes_seven_queries(rikke, cast, odense, django_assert_num_queries):
    for days in (40, 41, 42):
        extended(odense, cast.rikke, days=days)
        with django_assert_num_queries(7):
            rikke.get(PAGE)
