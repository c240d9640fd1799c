"""What is written comes back equal, in a workbook and in CSV, for any text that the form takes."""

import io
import uuid
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from survey.forms.initiative import InitiativeForm
from survey.models import (
    AmountBasis,
    FundingSource,
    Initiative,
    PrimaryTargetGroup,
    Scope,
    SecondaryTargetGroup,
    ServiceArea,
    TimeHorizon,
)
from survey.models.initiatives import FUNDING_COMBINATIONS, MAX_AMOUNT
from survey.workbook.cells import BLANK
from survey.workbook.columns import columns
from survey.workbook.comparing import values_of
from survey.workbook.reading import read
from survey.workbook.writing import write_csv, write_workbook
from tests.survey.workbook.files import CODE, COMPLETE, PLACE, STAMP, YEAR, csv_file, in_cell, workbook

TEXTS = {column.name: column.limit for column in columns(YEAR) if column.kind == "text"}
ANY = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=150)
FORMULAS = ["=1+1", "+5", "-", "-5", "@a", "'", "''", "'=", "#REF!", "1.250", "3-5", "SAND", "2025-01-01"]
ESCAPES = ["_x000D_", "_x0041_", "_xD83D__xDE00_", "<t>&amp;</t>", "]]>", "a;b", 'a"b', "a\r\nb", "a\n\nb"]
SIGNS = [
    "👩\u200d👩\u200d👧",
    "e\u0301\u0323",
    "\u202eabc",
    "مرحبا",
    "\ufffe",
    "\uffff",
    "\x01\x1f",
    "\ufeffa",
    "\x85\u2028",
]
TRICKY = st.sampled_from([*FORMULAS, *ESCAPES, *SIGNS])
WRITTEN = st.lists(ANY | TRICKY, min_size=1, max_size=3).map("".join)


def as_stored(name: str, text: str) -> str:
    """What the form makes of it; what the form does not take is no example."""
    try:
        return InitiativeForm.base_fields[name].clean(text)
    except ValidationError:
        assume(False)
        raise


def one_of(choices):
    return st.sampled_from(["", *choices.values])


@st.composite
def initiatives(draw):
    texts = {name: as_stored(name, draw(WRITTEN | st.just(""))) for name in TEXTS}
    unknown = draw(st.booleans())
    values = BLANK | texts
    values |= {
        "service_area": draw(one_of(ServiceArea)),
        "gross_expenditure": draw(st.none() | st.integers(0, MAX_AMOUNT)),
        "gross_income": draw(st.none() | st.integers(0, MAX_AMOUNT)),
        "funding_sources": draw(st.sampled_from(FUNDING_COMBINATIONS)),
        "primary_target_group": draw(one_of(PrimaryTargetGroup)),
        "secondary_target_group": draw(one_of(SecondaryTargetGroup)),
        "time_horizon": draw(one_of(TimeHorizon)),
        "target_share": None if unknown else draw(st.none() | st.integers(0, 100)),
        "target_share_unknown": unknown,
        "expenditure_basis": draw(one_of(AmountBasis)),
        "income_basis": draw(one_of(AmountBasis)),
        "scope": draw(one_of(Scope)),
    }
    assume(any(value not in (None, False, "", []) for value in values.values()))
    return Initiative(uuid=uuid.uuid4(), **values)


def submission_of(stored: list[Initiative]):
    """As much of a submission as the download needs."""
    return SimpleNamespace(
        round=SimpleNamespace(
            accounts_year=YEAR,
            is_demo=False,
            state="open",
            guidance=SimpleNamespace(values_list=lambda *names: []),
        ),
        municipality=SimpleNamespace(code=CODE, official_name="Odense Kommune"),
        initiatives=SimpleNamespace(order_by=lambda field: stored),
    )


def written(stored: list[Initiative]) -> dict[str, bytes]:
    file = io.BytesIO()
    write_workbook(submission_of(stored), file)
    return {"xlsx": file.getvalue(), "csv": write_csv(submission_of(stored))}


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(initiatives(), min_size=1, max_size=3))
@example([Initiative(title="=1+1", content="_x000D_\n'=", target_share_unknown=True, purpose="a\x0bb")])
def test_what_is_written_comes_back_equal(stored):
    for kind, data in written(stored).items():
        contents = read(data, STAMP)
        assert contents.errors == [], kind
        assert [row.uuid for row in contents.rows] == [initiative.uuid for initiative in stored]
        assert [row.values for row in contents.rows] == [values_of(initiative) for initiative in stored]


@pytest.mark.parametrize("sign", ["x", "æ", "👩", "é", "&", "\x01", '"', "=", "\u202e"])
def test_the_longest_texts_come_back_whole(sign):
    stored = Initiative(**{name: sign * (limit // len(sign)) for name, limit in TEXTS.items()})
    for data in written([stored]).values():
        assert read(data, STAMP).rows[0].values == values_of(stored)


@pytest.mark.parametrize("name", TEXTS)
def test_100_kb_are_refused_with_a_message_and_not_cut(name):
    text = "æ" * 50_000
    inline = f'<c r="REF" t="inlineStr"><is><t>{text}</t></is></c>'
    files = [csv_file(COMPLETE | {name: text}), in_cell(workbook(COMPLETE | {name: "x"}), name, inline)]
    for contents in [read(data, STAMP) for data in files]:
        assert "højst" in contents.errors[0].message
        assert "50000" in contents.errors[0].message
        assert contents.rows == []


def test_nothing_in_a_csv_file_is_a_formula_and_a_dash_stays_a_dash():
    stored = Initiative(title="=HYPERLINK(1)", content="@SUM(1)", purpose="+1", target_share_unknown=True)
    cells = written([stored])["csv"].decode("utf-8-sig").splitlines()[1].split(";")
    assert [cells[PLACE[name]] for name in ("title", "content", "purpose")] == [
        "'=HYPERLINK(1)",
        "'@SUM(1)",
        "'+1",
    ]
    assert cells[PLACE["target_share"]] == "-"


def test_an_apostrophe_that_somebody_typed_stays():
    for text in ("'s-Hertogenbosch", "'", "'ord' og mere"):
        assert read(csv_file(COMPLETE | {"title": text}), STAMP).rows[0].values["title"] == text


def test_another_program_finds_the_same_cells():
    """The download read by python-calamine: numbers are numbers, text is text, and no cell is a formula."""
    stored = Initiative(
        title="=1+1", gross_expenditure=1250, target_share=80, funding_sources=["state", "own"]
    )
    book = CalamineWorkbook.from_filelike(io.BytesIO(written([stored])["xlsx"]))
    row = book.get_sheet_by_name("Indsatser").to_python()[2]
    assert row[PLACE["title"]] == "=1+1"
    assert row[PLACE["gross_expenditure"]] == 1250.0
    assert row[PLACE["funding_sources"]] == "; ".join(
        str(FundingSource(source).label) for source in ("state", "own")
    )


def test_the_lists_offer_every_choice_and_the_guidance_fits_in_excel():
    """Excel leaves out a prompt of more than 255 characters, and takes no list of more in one text."""
    for column in columns(YEAR):
        assert 0 < len(column.guidance) <= 255
        assert len(column.heading) <= 255
        assert column.exact.keys() == (
            set(column.values) if column.kind != "sources" else column.exact.keys()
        )
