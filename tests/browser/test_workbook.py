"""Journey 7: download the workbook, fill it in elsewhere, upload, err, mend, look through, confirm."""

from contextlib import suppress

import pytest
from playwright.sync_api import TimeoutError, expect

from survey.models import Initiative, Upload
from tests.browser.conftest import log_in, violations
from tests.builders import build_initiative
from tests.survey.workbook.files import COMPLETE, NAMES, PLACE, edited

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def look(page, javascript):
    if javascript:
        assert violations(page) == []


def choose(page, data: bytes):
    page.get_by_label("Regneark").set_input_files(
        {"name": "indsatser.xlsx", "mimeType": XLSX, "buffer": data}
    )
    page.get_by_role("button", name="Se filen igennem").click()


def filled_in(amount):
    """Mentorer gets another amount, Cykelhold goes, and a new one comes."""

    def change(rows):
        mentors = next(row for row in rows if row[PLACE["title"]] == "Mentorer")
        mentors[PLACE["gross_expenditure"]] = amount
        bicycles = next(row for row in rows if row[PLACE["title"]] == "Cykelhold")
        rows.remove(bicycles)
        rows.append([(COMPLETE | {"title": "Sprogcafé"}).get(name, "") for name in NAMES])

    return change


@pytest.mark.parametrize(("javascript", "width"), [(True, 320), (False, 1280)])
def test_the_workbook_from_download_to_import(visitor, world, javascript, width):
    cast, survey_round = world
    odense = survey_round.submissions.get(municipality__code="461")
    build_initiative(odense, cast.anna, title="Mentorer")
    build_initiative(odense, cast.anna, title="Cykelhold")
    anna = visitor(javascript, width)
    log_in(anna, cast.anna)
    anna.goto("/kommune/461/2025/regneark/")
    look(anna, javascript)
    with anna.expect_download() as download:
        anna.get_by_role("link", name="Hent regnearket").click()
    data = download.value.path().read_bytes()

    anna.get_by_role("button", name="Se filen igennem").click()
    expect(anna.get_by_role("link", name="Vælg det regneark, I har udfyldt.")).to_be_visible()
    look(anna, javascript)
    choose(anna, b"ikke et regneark")
    expect(anna.get_by_role("link", name="Skabelonens overskrifter er ikke i filen.")).to_be_visible()
    look(anna, javascript)

    choose(anna, edited(data, filled_in("ca. 2.000")))
    expect(anna.get_by_role("heading", name="Der er 1 fejl i filen")).to_be_visible()
    expect(anna.get_by_text("Indsatser, række 3, kolonne C (2. Bruttoudgifter), celle C3")).to_be_visible()
    look(anna, javascript)

    choose(anna, edited(data, filled_in("2.000")))
    expect(anna.get_by_role("heading", level=1)).to_have_text("Se filen igennem")
    expect(anna.get_by_text("1 nye, 1 ændrede, 0 uændrede og 1 fjernede")).to_be_visible()
    look(anna, javascript)
    assert odense.initiatives.count() == 2

    Initiative.objects.filter(title="Mentorer").update(title="Carls navn", revision=2, updated_by=cast.carl)
    anna.get_by_role("button", name="Indlæs").click()
    expect(anna.get_by_text("Besvarelsen er ændret, siden du så filen igennem.")).to_be_visible()
    expect(anna.get_by_role("group", name="Carl har ændret")).to_be_visible()
    look(anna, javascript)
    anna.get_by_role("button", name="Indlæs").click()
    expect(anna.get_by_role("link", name="Vælg, hvad der skal gælde")).to_be_visible()
    look(anna, javascript)
    anna.get_by_label("Brug det, der står i filen").check()
    anna.get_by_role("button", name="Indlæs").click()
    expect(anna.get_by_text("Regnearket er indlæst: 1 nye, 1 ændrede og 1 fjernede")).to_be_visible()
    stored = odense.initiatives.order_by("pk").values_list("title", "gross_expenditure")
    assert list(stored) == [("Mentorer", 2000), ("Sprogcafé", 1250)]
    assert not Upload.objects.exists()


def opened_by_enter(page):
    """A busy machine's Chromium now and then opens no dialog at the first press; a person presses again."""
    for _press in range(4):
        with suppress(TimeoutError):
            with page.expect_file_chooser(timeout=5_000) as chooser:
                page.keyboard.press("Enter")
            return chooser.value
    raise AssertionError("Enter opens no dialog")


def test_keyboard_alone_uploads_and_imports(visitor, world):
    cast, _round = world
    page = visitor()
    log_in(page, cast.anna)
    page.goto("/kommune/461/2025/regneark/")
    data = page.request.get("/kommune/461/2025/regneark/skabelon.xlsx").body()
    new = edited(data, lambda rows: rows.append([COMPLETE.get(name, "") for name in NAMES]))
    field = page.get_by_label("Regneark")
    page.wait_for_load_state("networkidle")
    field.focus()
    expect(field).to_be_focused()
    opened_by_enter(page).set_files({"name": "indsatser.xlsx", "mimeType": XLSX, "buffer": new})
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Se filen igennem")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 nye, 0 ændrede")).to_be_visible()
    page.get_by_role("button", name="Indlæs").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Regnearket er indlæst: 1 nye")).to_be_visible()
    assert Initiative.objects.get().title == COMPLETE["title"]
