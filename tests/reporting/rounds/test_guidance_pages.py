"""The page where a round's guidance is written, and its preview."""

import pytest

from survey.models import Initiative
from survey.rounds.guidance import seen, stored, write
from survey.rounds.lifecycle import open_round
from tests.survey.test_pages import text, told
from tests.survey.test_trial import YEAR, build_draft

PAGE = f"/ministerium/{YEAR}/vejledning/"
SHEET = PAGE + "skema/"


@pytest.fixture
def rikke(cast, client_of):
    return client_of(cast.rikke)


@pytest.fixture
def draft(cast):
    return build_draft()


def sent(before=None, **texts):
    return {"seen": seen(before or {}), **texts}


def test_the_standard_text_stands_over_each_field_and_ones_own_is_saved(rikke, draft):
    page = text(rikke.get(PAGE))
    assert f"i regnskabet for {YEAR}. Kun serviceudgifter" in page and page.count("<textarea") == 12
    saved = rikke.post(PAGE, sent(title="  En titel i {accounts_year}\r\nog mere  "))
    assert saved.url == PAGE and "Vejledningen er gemt" in told(saved)
    assert stored(draft) == {"title": "En titel i {accounts_year}\nog mere"}
    assert "En titel i {accounts_year}" in text(rikke.get(PAGE))


@pytest.mark.parametrize("filled_in", [True, False])
def test_the_same_text_as_the_standard_is_none_of_ones_own(rikke, draft, filled_in):
    year = str(YEAR) if filled_in else "{accounts_year}"
    standard = (
        f"Kommunens bruttoudgifter til initiativet i regnskabet for {year}. "
        "Kun serviceudgifter, i hele 1.000 kr. 1.250 betyder 1.250.000 kr."
    )
    rikke.post(PAGE, sent(gross_expenditure=standard, content="   "))
    assert stored(draft) == {}


@pytest.mark.parametrize("text_", ["{year}", "{accounts_year", "}", "{{accounts_year}}", "{}"])
@pytest.mark.parametrize("address", [PAGE, SHEET])
def test_other_braces_are_refused_and_what_was_typed_stays(rikke, draft, text_, address):
    page = rikke.post(address, sent(title=text_, content="Bliver stående"))
    assert page.status_code == 422 and "Krøllede parenteser" in text(page) and "#own_title" in text(page)
    assert "Bliver stående" in text(page) and stored(draft) == {}


def test_a_text_too_long_or_a_page_too_old_is_told(rikke, draft):
    assert "højst være 2.000 tegn" in text(rikke.post(PAGE, sent(title="x" * 2_001)))
    page = rikke.post(PAGE, {"title": "x"})
    assert page.status_code == 422 and "Siden er for gammel" in text(page)
    page = rikke.post(PAGE, sent({"title": "gammel"}, title="Min tekst"))
    assert page.status_code == 409 and "En anden har ændret" in text(page) and "Min tekst" in text(page)
    assert stored(draft) == {}


def test_the_preview_is_the_municipalitys_form_with_what_is_typed_and_saves_nothing(rikke, draft):
    page = text(rikke.post(SHEET, sent(title="Typet {accounts_year} <b>", time_horizon="Vælg")))
    assert "Forhåndsvisning" in page and "ikke gemt endnu" in page and "Typet 2027 &lt;b&gt;" in page
    assert "En beskrivende titel" not in page
    form = page.split("<fieldset")[1]
    assert form.startswith(' class="preview mt-7" disabled>')
    assert 'name="gross_expenditure"' in page and 'name="scope_reason"' in page
    assert stored(draft) == {} and not Initiative.objects.exists()


def test_from_the_preview_one_saves_or_goes_on_writing(rikke, draft):
    page = rikke.post(SHEET, sent(title="Fra før")).content.decode()
    assert '<input type="hidden" name="title" value="Fra før">' in page
    on = rikke.post(PAGE, sent(title="Fra før", edit="1"))
    assert on.status_code == 200 and "Fra før</textarea>" in text(on) and stored(draft) == {}
    rikke.post(PAGE, sent(title="Fra før"))
    assert "Fra før" in text(rikke.get(SHEET))


@pytest.mark.parametrize("name", ["mette", "admin"])
def test_the_others_in_the_ministry_read_it(rikke, draft, cast, client_of, name):
    rikke.post(PAGE, sent(title="Egen tekst"))
    browser = client_of(getattr(cast, name))
    page = text(browser.get(PAGE))
    assert "Egen tekst" in page and "kortlægningens egen" in page and "<textarea" not in page
    assert browser.get(SHEET).status_code == 200
    assert browser.post(PAGE, sent(title="x")).status_code == 403
    assert browser.post(SHEET, sent(title="x")).status_code == 403


def test_when_the_round_is_opened_it_is_fixed_and_says_so(rikke, draft, cast):
    write(round_id=draft.pk, by=cast.rikke, texts={"title": "Egen"}, began_with=seen({}))
    open_round(round_id=draft.pk, by=cast.rikke)
    page = text(rikke.get(PAGE))
    assert "ligger fast" in page and "Egen" in page and "<textarea" not in page
    late = rikke.post(PAGE, sent({"title": "Egen"}, title="For sent"))
    assert late.status_code == 409 and "ligger fast" in text(late) and "For sent" in text(late)
    assert stored(draft) == {"title": "Egen"}


def test_to_a_municipality_it_does_not_exist(draft, cast, client_of):
    anna = client_of(cast.anna)
    assert {anna.get(PAGE).status_code, anna.post(SHEET).status_code} == {404}
