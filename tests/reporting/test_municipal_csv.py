import pytest

from reporting.files import municipal_csv
from reporting.files.municipal_csv import BadFile

AREAS = ("school", "social")
HEADING = "code,name,population,responded,n_initiatives,exp_school,exp_social,inc_school,inc_social"
GOOD = [
    HEADING,
    "101,København,1000,1,2,30,0,5,0",
    "147,Frederiksberg,500,0,,,,,",
    "151,Ballerup,70,1,0,0,0,0,0",
]


def with_row(row):
    return [*GOOD, row]


def test_blank_is_no_answer_and_zero_is_one():
    first, blank, zero = municipal_csv.read(GOOD, AREAS)
    assert first.responded and first.expenditure == {"school": 30, "social": 0} and first.initiatives == 2
    assert not blank.responded and blank.expenditure == {}
    assert zero.responded and zero.expenditure == {"school": 0, "social": 0}


def test_decimals_stay_exact():
    row = municipal_csv.read(with_row("153,Brøndby,9,1,1,0.1,0.2,0,0"), AREAS)[-1]
    assert str(sum(row.expenditure.values())) == "0.3"


@pytest.mark.parametrize(
    ("lines", "code", "line", "column"),
    [
        ([], "missing_columns", 1, "code"),
        ([HEADING], "no_rows", None, ""),
        ([HEADING.replace("exp_school,", "")], "missing_columns", 1, "exp_school"),
        ([HEADING + ",code"], "duplicate_column", 1, "code"),
        (with_row("153,Brøndby,9,1,1,0,0,0"), "wrong_length", 5, ""),
        (with_row("153,Brøndby,9,1,1,0,,0,0"), "half_blank", 5, "exp_social"),
        (with_row("153,Brøndby,9,1,,,,,"), "contradicts_responded", 5, "responded"),
        (with_row("153,Brøndby,9,0,1,0,0,0,0"), "contradicts_responded", 5, "responded"),
        (with_row("153,Brøndby,9,ja,1,0,0,0,0"), "bad_responded", 5, "responded"),
        (with_row("153,Brøndby,9,1,1,1.000.000,0,0,0"), "not_a_number", 5, "exp_school"),
        (with_row("153,Brøndby,9,1,1,-4,0,0,0"), "not_a_number", 5, "exp_school"),
        (with_row("153,Brøndby,9,1,1,nan,0,0,0"), "not_a_number", 5, "exp_school"),
        (with_row('153,Brøndby,9,1,1,"1,5",0,0,0'), "not_a_number", 5, "exp_school"),
        (with_row("153,Brøndby,9,1,1.5,0,0,0,0"), "not_whole", 5, "n_initiatives"),
        (with_row("153,Brøndby,,1,1,0,0,0,0"), "not_whole", 5, "population"),
        (with_row("101,København,9,1,1,0,0,0,0"), "duplicate_code", 5, "code"),
        (with_row(",Brøndby,9,1,1,0,0,0,0"), "no_code", 5, "code"),
    ],
)
def test_what_is_wrong_is_named_by_line_and_column(lines, code, line, column):
    with pytest.raises(BadFile) as bad:
        municipal_csv.read(lines, AREAS)
    found = bad.value
    assert (found.code, found.line) == (code, line)
    assert found.column.split(", ")[0] == column
