"""The ten fields stand in one place; the document, the form and the columns follow it."""

import re
from pathlib import Path

import pytest

from survey.forms.initiative import InitiativeForm
from survey.models import Initiative, ReportedInitiative
from survey.models.initiatives import STORED_FIELDS, TenFields
from survey.questionnaire import FIELD_NAMES, QUESTIONS

ROOT = Path(__file__).resolve().parents[2]
REPORT = ROOT.parent / "shared" / "sources" / "003_dfec5b99042564c2.txt"


def table():
    text = (ROOT / "docs" / "questionnaire.md").read_text()
    return [
        [cell.strip() for cell in row.strip("|").split(" | ")]
        for row in re.findall(r"^\|[ 0-9].*", text, re.M)
    ]


def test_the_document_lists_the_ten_fields_as_the_code_has_them():
    rows = [row for row in table() if row[0].isdigit()]
    assert [int(row[0]) for row in rows] == list(range(1, 11))
    assert [re.findall(r"`([a-z_]+)`", row[2]) for row in rows] == [list(q.names) for q in QUESTIONS]
    assert [row[3] for row in rows] == [str(question.heading) for question in QUESTIONS]


def test_the_document_names_the_fields_as_bilag_1_does():
    if not REPORT.exists():
        pytest.skip("needs the published report beside the repository")
    text = re.sub(r"\s+", " ", REPORT.read_text())
    for row in table():
        if row[0].isdigit():
            assert re.search(rf"Felt {row[0]}: ?{re.escape(row[1])}", text), row[1]


def test_the_form_asks_in_the_questionnaires_order():
    form = InitiativeForm(accounts_year=2025)
    assert [name for name in form.fields if name in FIELD_NAMES] == list(FIELD_NAMES)
    for question in QUESTIONS:
        assert form.fields[question.names[0]].label == f"{question.number}. {question.heading}"
    assert "2025" in form.fields["gross_expenditure"].help_text


@pytest.mark.parametrize("model", [Initiative, ReportedInitiative])
def test_the_columns_are_the_questionnaires(model):
    columns = [field.name for field in TenFields._meta.fields]
    assert columns == ["uuid", *STORED_FIELDS]
    assert set(columns) <= {field.name for field in model._meta.fields}


def test_what_is_read_stands_in_the_questionnaires_order():
    labels = [label for label, _ in Initiative(title="x").answers()]
    assert labels[1].startswith("1. ") and labels[-1].startswith("10. ")
    assert len(labels) == len(FIELD_NAMES)
