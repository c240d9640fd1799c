"""A round's own guidance: written before it opens, read wherever a municipality is guided."""

import io
import re
from zipfile import ZipFile

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from python_calamine import CalamineWorkbook

from survey.models import GuidanceText
from survey.questionnaire import FIELD_NAMES, guidance_of
from survey.rounds import guidance
from survey.rounds.guidance import own_guidance, seen, stored, write
from survey.rounds.lifecycle import open_round
from survey.transitions import Refused
from survey.workbook.columns import columns, columns_of
from survey.workbook.writing import write_workbook
from tests.builders import build_initiative
from tests.survey.test_pages import text
from tests.survey.test_trial import YEAR, build_draft, pilot

OWN = {"title": "Kald det, hvad I plejer i {accounts_year}.", "time_horizon": "Vælg den længste."}


@pytest.fixture
def draft(cast):
    return build_draft()


@pytest.fixture
def guided(draft, cast):
    write(round_id=draft.pk, by=cast.rikke, texts=OWN, began_with=seen({}))
    return open_round(round_id=draft.pk, by=cast.rikke)


def test_texts_are_written_together_and_what_is_left_out_is_the_questionnaires_again(draft, cast):
    write(round_id=draft.pk, by=cast.rikke, texts=OWN, began_with=seen({}))
    assert stored(draft) == OWN
    assert own_guidance(draft)["title"] == "Kald det, hvad I plejer i 2027."
    after = {"title": "En titel.", "content": "Kort."}
    write(round_id=draft.pk, by=cast.rikke, texts=after, began_with=seen(OWN))
    assert stored(draft) == after


def test_who_writes_over_anothers_texts_is_refused_and_a_double_press_is_not(draft, cast):
    write(round_id=draft.pk, by=cast.rikke, texts=OWN, began_with=seen({}))
    write(round_id=draft.pk, by=cast.rikke, texts=OWN, began_with=seen({}))
    with pytest.raises(Refused, match="En anden"):
        write(round_id=draft.pk, by=cast.rikke, texts={}, began_with=seen({}))
    assert stored(draft) == OWN


@pytest.mark.parametrize("name", ["mette", "admin", "carl"])
def test_the_round_manager_alone_writes_it(draft, cast, name):
    with pytest.raises(PermissionDenied):
        write(round_id=draft.pk, by=getattr(cast, name), texts=OWN, began_with=seen({}))


def test_it_is_fixed_when_the_round_is_opened_by_rule_and_by_trigger(guided, cast):
    with pytest.raises(Refused, match="ligger fast"):
        write(round_id=guided.pk, by=cast.rikke, texts={}, began_with=seen(OWN))
    for act in (guided.guidance.all().delete, lambda: guided.guidance.update(text="x")):
        with pytest.raises(IntegrityError, match="ligger fast"), transaction.atomic():
            act()
    with pytest.raises(IntegrityError), transaction.atomic():
        GuidanceText.objects.create(round=guided, field="content", text="x")
    assert stored(guided) == OWN


def test_the_questionnaire_has_guidance_at_every_field_but_the_time_horizon():
    assert [name for name in FIELD_NAMES if not guidance_of(name)] == ["time_horizon"]


def test_the_form_shows_the_rounds_text_for_the_questionnaires(guided, cast, client_of, monkeypatch):
    monkeypatch.setattr("survey.models.Submission.accepts_entries", lambda self, now: True)
    home = f"/kommune/461/{YEAR}/"
    page = text(client_of(cast.anna).get(home + "indsats/ny/"))
    assert "Kald det, hvad I plejer i 2027." in page and "Vælg den længste." in page
    assert "En beskrivende titel" not in page
    assert f"i regnskabet for {YEAR}. Kun serviceudgifter" in page
    refused = client_of(cast.anna).post(
        build_initiative(pilot(guided), cast.anna).get_absolute_url(), {"target_share": "x", "revision": 1}
    )
    assert refused.status_code == 422 and "Kald det" in text(refused)


def test_a_text_is_no_markup_and_keeps_its_lines(draft, cast, client_of, monkeypatch):
    texts = {"title": "<b>Titel</b>\nog mere"}
    write(round_id=draft.pk, by=cast.rikke, texts=texts, began_with=seen({}))
    open_round(round_id=draft.pk, by=cast.rikke)
    monkeypatch.setattr("survey.models.Submission.accepts_entries", lambda self, now: True)
    page = client_of(cast.anna).get(f"/kommune/461/{YEAR}/indsats/ny/").content.decode()
    assert "&lt;b&gt;Titel&lt;/b&gt;<br>og mere" in page


def test_the_workbook_holds_the_rounds_text_and_still_says_how_to_choose(guided):
    by_name = {column.name: column.guidance for column in columns_of(guided)}
    assert by_name["title"] == "Kald det, hvad I plejer i 2027."
    assert by_name["time_horizon"] == "Vælg den længste. Vælg på listen."
    standard = {column.name: column.guidance for column in columns(YEAR)}
    assert {name for name in by_name if by_name[name] != standard[name]} == set(OWN)


def test_a_text_longer_than_a_cells_message_stands_whole_on_the_sheet_of_guidance(draft, cast):
    long = "Skriv det helt ud. " * 50
    write(round_id=draft.pk, by=cast.rikke, texts={"content": long}, began_with=seen({}))
    open_round(round_id=draft.pk, by=cast.rikke)
    file = io.BytesIO()
    write_workbook(pilot(draft), file)
    file.seek(0)
    guide = CalamineWorkbook.from_filelike(file).get_sheet_by_name("Vejledning").to_python()
    assert any(long in row for row in guide)
    sheet = ZipFile(file).read("xl/worksheets/sheet1.xml").decode()
    [prompt] = re.findall(r'prompt="(Skriv det helt ud[^"]*)"', sheet)
    assert len(prompt) == 255 and prompt.endswith("…")


def test_one_query_reads_it(guided, django_assert_num_queries):
    with django_assert_num_queries(1):
        guidance.own_guidance(guided)
