"""The page where mergers and new codes are recorded; the rules are tested in tests/survey/test_mergers.py."""

import re

import pytest
from django.urls import reverse

from municipalities.models import Contact, Municipality, Role
from reporting.forms.choices import RowsForm
from reporting.reference.place_forms import is_cvr
from tests.builders import build_user
from tests.reporting.test_populations import text

PAGE = reverse("reference:places")
NEW = {"code": "999", "name": "Fyn", "official_name": "Fyns Kommune", "region": "1083", "cvr": "35209115"}
NEW["makes_new"] = "on"


@pytest.fixture
def rikke(cast, client_of):
    return client_of(cast.rikke)


def posted(**fields):
    """The change as it is confirmed."""
    return {"ended": "482", "day": "01.01.2027", "confirmed": "1"} | fields


def take_back(client, code="482"):
    return client.post(reverse("reference:take_back_place", args=[code]), follow=True)


@pytest.mark.parametrize(
    ("cvr", "valid"),
    [
        ("35209115", True),  # Odense
        ("55133018", True),  # Aarhus
        ("35209116", False),
        ("3520911", False),
        ("3520911a", False),
        ("00000000", False),
        ("３５２０９１１５", False),
    ],
)
def test_a_cvr_number_has_a_check_digit(cvr, valid):
    assert is_cvr(cvr) is valid


def test_into_one_that_is_there(rikke, cast):
    page = text(rikke.post(PAGE, posted(successor="461"), follow=True))
    assert "Langeland er en del af Odense fra 01.01.2027. Dens godkendere inviterer, hvem de mangler." in page
    assert '<th scope="row">Langeland (482)</th>' in page and "Odense (461)" in page
    assert "Det er taget tilbage: Langeland ophører ikke." in text(take_back(rikke))
    assert Municipality.objects.get(code="482").valid_until is None


def test_a_change_is_shown_with_whom_it_touches_before_it_is_done(rikke, cast):
    langeland = Municipality.objects.get(code="482")
    build_user("Gerda", Role.EDITOR, langeland)
    Contact.objects.create(municipality=langeland, name="Post", email="post@langeland.example")
    fields = posted(**NEW)
    del fields["confirmed"]
    response = rikke.post(PAGE, fields)
    page = text(response)
    for said in ("Langeland ophører og er en del af Fyn fra 1. januar 2027", "Intet er gemt endnu", "Gerda"):
        assert said in page
    assert "post@langeland.example" in page
    assert not Municipality.objects.filter(code="999").exists()
    assert Municipality.objects.get(code="482").valid_until is None
    typed = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
    assert "Medlemmerne har fået adgang dér." in text(rikke.post(PAGE, typed, follow=True))
    assert Contact.objects.filter(municipality__code="999").exists()


def test_a_new_ones_fields_are_not_asked_for_when_it_becomes_a_part_of_another(rikke):
    page = text(rikke.post(PAGE, posted(code="12345")))
    assert "Vælg, hvilken kommune den bliver en del af, eller opret en ny." in page
    assert "Skriv den nye kommunes kode" not in page and "Kommunekoden er tre cifre, fx 461." not in page
    assert "ikke begge" in text(rikke.post(PAGE, posted(**NEW, successor="461")))


def test_into_a_new_one_which_is_shown(rikke):
    page = text(rikke.post(PAGE, posted(**NEW, tile_row="14", tile_column="24"), follow=True))
    assert "fra 01.01.2027. Medlemmerne har fået adgang dér." in page
    assert "Fyns Kommune (999), Region Syddanmark, fra 1. januar 2027, CVR-nummer 35209115" in page
    stored = Municipality.objects.get(code="999")
    assert (stored.tile_row, stored.tile_column) == (14, 24)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"ended": ""}, "Vælg den kommune, der ophører, på listen."),
        ({"ended": "000"}, "Vælg den kommune, der ophører, på listen."),
        ({"day": "i morgen"}, "Skriv datoen som dag, måned og år"),
        ({"day": "01.01.0001"}, "Skriv datoen som dag, måned og år"),
        ({"successor": "x"}, "Vælg en kommune på listen."),
        ({"successor": "\x00"}, "Der er fejl"),
        ({"code": ""}, "Skriv den nye kommunes kode, tre cifre."),
        ({"code": "1234"}, "Kommunekoden er tre cifre, fx 461."),
        ({"code": "12a"}, "Kommunekoden er tre cifre, fx 461."),
        ({"code": "751"}, "Koden er eller har været en anden kommunes."),
        ({"name": ""}, "Skriv den nye kommunes navn."),
        ({"official_name": ""}, "Skriv den nye kommunes officielle navn."),
        ({"region": ""}, "Vælg den nye kommunes region."),
        ({"cvr": "35209116"}, "CVR-nummeret er ikke gyldigt."),
        ({"tile_row": "15"}, "Skriv et helt tal fra 0 til 14."),
        ({"tile_row": "3"}, "Skriv både række og kolonne, eller ingen af dem."),
        ({"tile_row": "5", "tile_column": "7"}, "En anden kommune står allerede på dette felt"),
    ],
)
def test_what_is_wrong_is_told_with_the_form_as_typed(rikke, fields, said):
    response = rikke.post(PAGE, posted(**NEW | {"name": "Fynbo"} | fields))
    page = text(response)
    assert response.status_code == 422 and said in page and "Der er fejl i formularen" in page
    assert "name" in fields or 'value="Fynbo"' in page
    assert Municipality.objects.count() == 4


def test_a_conflict_is_told_with_the_form_as_typed(rikke, survey_round):
    response = rikke.post(PAGE, posted(day="01.01.2026", successor="461"))
    page = text(response)
    assert response.status_code == 409 and "Vælg en senere dag." in page and 'value="01.01.2026"' in page
    assert take_back(rikke).status_code == 409
    assert take_back(rikke, "000").status_code == 404


def test_reviewers_and_admins_read_and_record_nothing(rikke, cast, client_of):
    rikke.post(PAGE, posted(successor="461"))
    for user in (cast.mette, cast.admin):
        client = client_of(user)
        page = text(client.get(PAGE))
        assert "Langeland (482)" in page and "Se ændringen igennem" not in page and "Tag tilbage" not in page
        assert client.post(PAGE, posted(successor="461")).status_code == 403
        assert take_back(client).status_code == 403


def test_the_overview_tells_of_it(rikke):
    rikke.post(PAGE, posted(**NEW))
    page = text(rikke.get(reverse("reference:overview")))
    assert "Langeland (482), en del af Fyn fra 1. januar 2027" in page
    assert "Fyn (999), kommune fra 1. januar 2027" in page


def test_the_rows_behind_a_figure_are_of_the_municipalities_that_were_asked(rikke, survey_round):
    rikke.post(PAGE, posted(**NEW))
    form = RowsForm({}, survey_round=survey_round)
    names = {str(one) for one in form.fields["municipality"].queryset}
    assert names == {"Odense", "Aarhus", "Lemvig", "Langeland"}
