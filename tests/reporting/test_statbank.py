import csv
import re
from io import StringIO

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reporting.files import statbank
from reporting.files.statbank import BadTable

LIST = "OMRÅDE;KØN;TID;INDHOLD\r\nHele landet;I alt;2016;9012\r\nHele landet;I alt;2017;..\r\n"
MATRIX = '''"Nyankomne efter område, køn og tid"
"Enhed: Antal"

" ";" ";"2016K1";"2016K2"
"Hele landet";"I alt";9 012;"1.234.567"
" ";"Mænd";12;-
"Region ""Nord""";"I alt";..;.

"Anm.: Tallene er foreløbige; se dokumentationen"
"Kilde: Danmarks Statistik"
'''


def rows(text, encoding="utf-8"):
    return statbank.parse(text.encode(encoding)).rows


def series(text):
    return statbank.national_series(statbank.national_rows(statbank.parse(text.encode())))


def test_the_list_has_a_row_for_each_combination():
    table = statbank.parse(LIST.encode())
    assert table.columns == ["OMRÅDE", "KØN"]
    place = {"OMRÅDE": "Hele landet", "KØN": "I alt"}
    assert table.rows == [(place, "2016", 9012), (place, "2017", None)]


def test_the_matrix_has_a_column_for_each_period():
    table = statbank.parse(MATRIX.encode())
    assert table.columns == ["1", "2"]
    assert [(*dimensions.values(), period, value) for dimensions, period, value in table.rows] == [
        ("Hele landet", "I alt", "2016K1", 9012),
        ("Hele landet", "I alt", "2016K2", 1_234_567),
        ("Hele landet", "Mænd", "2016K1", 12),
        ("Hele landet", "Mænd", "2016K2", 0),
        ('Region "Nord"', "I alt", "2016K1", None),
        ('Region "Nord"', "I alt", "2016K2", None),
    ]
    assert series(MATRIX) == {"2016K1": 9012, "2016K2": 1_234_567}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("text", [LIST, MATRIX])
def test_an_encoding_or_a_byte_order_mark_changes_nothing(text, encoding):
    assert rows(text, encoding) == rows(text)


@pytest.mark.parametrize("separator", ["\t", ","])
@pytest.mark.parametrize("text", [LIST, MATRIX])
def test_a_separator_changes_nothing(text, separator):
    assert rows(re.sub(";(?! se)", separator, text)) == rows(text)


@pytest.mark.parametrize("quotes", ["''", "“”", "„”", '""'])
def test_a_quote_changes_nothing(quotes):
    quoted = re.sub(r"[^;\r\n]+", lambda match: quotes[0] + match[0] + quotes[1], LIST)
    assert rows(quoted) == rows(LIST)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        *[("..", None), (".", None), ("…", None), ("-", 0), ("–", 0), ("0", 0), ("999999999", 999999999)],
        *[("12 345", 12345), ("12.345", 12345), ("12\u00a0345", 12345), ("1\u202f234.567", 1234567)],
    ],
)
def test_the_symbols_and_the_ways_to_write_a_number(cell, value):
    assert rows(f"TID;INDHOLD\n2016;{cell}") == [({}, "2016", value)]


@pytest.mark.parametrize("period", ["1980", "2100", "2016H2", "2016K4", "2016M12"])
def test_a_period_is_a_year_or_a_part_of_one(period):
    assert rows(f"TID;INDHOLD\n{period};5") == [({}, period, 5)]
    assert rows(f";{period}\nI alt;5") == [({"1": "I alt"}, period, 5)]


def test_the_english_site_writes_quarters_with_q():
    assert rows("TID;INDHOLD\n2016Q1;5") == rows("TID;INDHOLD\n2016K1;5")


def test_notes_that_the_separator_cuts_are_no_rows():
    assert series(";2016\nI alt;5\nKilde: Danmarks Statistik; IMINT02B; udtræk\n;\nSe også; x") == {"2016": 5}


REFUSED = [
    (b"", "empty", None, ""),
    (b" \r\n", "empty", None, ""),
    (b"x" * 1_000_001, "too_large", None, ""),
    (b"TID;INDHOLD\n" + b"2016;1\n" * 2001, "too_many_rows", None, ""),
    (b"PK\x03\x04rest", "workbook", None, ""),
    (b"\xd0\xcf\x11\xe0\xa1\xb1", "workbook", None, ""),
    (b"%PDF-1.7", "not_text", None, ""),
    ("TID;INDHOLD".encode("utf-16"), "not_text", None, ""),
    (b"TID;INDHOLD\n2016;\x81", "unreadable", None, ""),
    (b'"' + b"x" * 200_000, "unreadable", 1, ""),
    (b"Hej", "no_heading", None, ""),
    (b"<html><body>2016</body></html>", "no_heading", None, ""),
    (b"TID;ANTAL\n2016;1", "no_heading", None, ""),
    (b"A;A;TID;INDHOLD\n", "duplicate_column", 1, "A"),
    (b"Titel\n;2016;2016\nI alt;1;2", "duplicate_period", 2, ""),
    (b"TID;INDHOLD\n", "no_rows", None, ""),
    (b";2016\nKilde: DST", "no_rows", None, ""),
    (b"A;TID;INDHOLD\nx;2016;1\n2017;1", "wrong_length", 3, ""),
    (b";2016;2017\nI alt;1;2;3", "wrong_length", 2, ""),
    (b"TID;INDHOLD\n2016M13;1", "not_a_period", 2, "TID"),
    (b"TID;INDHOLD\n1979;1", "not_a_period", 2, "TID"),
    (b"TID;INDHOLD\n2101;1", "not_a_period", 2, "TID"),
    (b";1979;1200\nI alt;1;2", "no_heading", None, ""),
    (b"TID;INDHOLD\n2016;1,5", "not_a_number", 2, "INDHOLD"),
    (b"TID;INDHOLD\n2016;1.5", "not_a_number", 2, "INDHOLD"),
    (b"TID;INDHOLD\n2016;-4", "not_a_number", 2, "INDHOLD"),
    (b"TID;INDHOLD\n2016;1000000000", "not_a_number", 2, "INDHOLD"),
    (b";2016;2017\nI alt;1;nan", "not_a_number", 2, "2017"),
    (b";2016;2017\nI alt;1;", "no_value", 2, "2017"),
    (b";2016\nI alt;1\n\nNote\nMere;2", "data_after_notes", 5, ""),
]


@pytest.mark.parametrize(("data", "code", "line", "column"), REFUSED)
def test_what_is_wrong_is_named_by_line_and_column(data, code, line, column):
    with pytest.raises(BadTable) as bad:
        statbank.parse(data)
    assert (bad.value.code, bad.value.line, bad.value.column) == (code, line, column)


@pytest.mark.parametrize(
    "total", ["I alt", "Hele landet", "TOT", "000", "000 Hele landet", "I alt, begge køn", "Alle køn i alt"]
)
def test_the_national_series_is_of_the_totals(total):
    text = f"KØN;TID;INDHOLD\nMænd;2017;1\n{total};2017;3\nKvinder;2017;2\n{total};2016;4\nMænd;2016;1"
    assert series(text) == {"2016": 4, "2017": 3}
    assert list(series(text)) == ["2016", "2017"]


def test_an_exact_total_goes_before_one_of_a_part():
    assert series("LAND;TID;INDHOLD\nVestlige lande i alt;2016;1\nI alt;2016;3\nI alt, Asien;2016;2") == {
        "2016": 3
    }


def test_a_dimension_with_a_single_value_is_taken_as_it_is():
    table = statbank.parse(b"STATUS;TID;INDHOLD\nFlygtninge;2016;4")
    assert statbank.national_rows(table) == [({"STATUS": "Flygtninge"}, "2016", 4)]


@pytest.mark.parametrize(
    ("text", "code", "column", "value"),
    [
        ("KØN;TID;INDHOLD\nMænd;2016;1\nKvinder;2016;2", "no_total", "KØN", "Kvinder, Mænd"),
        ("KØN;TID;INDHOLD\nI alt;2016;1\nTOT;2016;1", "several_totals", "KØN", "I alt, TOT"),
        ("KØN;TID;INDHOLD\nI alt;2016;1\nMænd;2017;2", "period_without_total", "KØN", "2017"),
        ("KØN;TID;INDHOLD\nI alt;2016;1\nI alt;2016;2", "duplicate_row", "TID", "2016"),
        ("TID;INDHOLD\n2020;1\n2020K1;1", "mixed_periods", "TID", "2020, 2020K1"),
        ("TID;INDHOLD\n2020M01;1\n2020H1;1\n2019H2;1", "mixed_periods", "TID", "2019H2, 2020M01"),
        ("TID;INDHOLD\n2020;1\n2020M01;..", "mixed_periods", "TID", "2020, 2020M01"),
        ("TID;INDHOLD\n2016;..", "no_values", "", ""),
    ],
)
def test_what_is_no_single_series_is_refused_by_its_column(text, code, column, value):
    with pytest.raises(BadTable) as bad:
        series(text)
    assert (bad.value.code, bad.value.column, bad.value.value) == (code, column, value)


WORDS = st.text('abcæøåÆØÅ ;,\t"(1)', min_size=1, max_size=12).map(lambda text: f"x{text}x")
PERIODS = st.lists(
    st.from_regex(statbank.PERIOD, fullmatch=True).map(lambda text: text.replace("Q", "K")),
    min_size=1,
    max_size=5,
    unique=True,
)
VALUES = st.one_of(st.none(), st.integers(0, 999_999_999))


@st.composite
def tables(draw):
    """(dimension names, periods, {dimension texts: a value for each period})."""
    names = draw(st.lists(WORDS, min_size=1, max_size=3, unique_by=str.upper))
    periods = draw(PERIODS)
    texts = st.tuples(*[WORDS for _ in names])
    values = st.lists(VALUES, min_size=len(periods), max_size=len(periods))
    return names, periods, draw(st.dictionaries(texts, values, min_size=1, max_size=5))


def written(lines, separator, encoding):
    file = StringIO()
    csv.writer(file, delimiter=separator).writerows(lines)
    return file.getvalue().encode(encoding)


def cell(value, thousands):
    return ".." if value is None else f"{value:,}".replace(",", thousands)


SEPARATORS, ENCODINGS = st.sampled_from(";\t,"), st.sampled_from(["utf-8", "utf-8-sig", "cp1252"])
THOUSANDS = st.sampled_from(["", " ", ".", "\u00a0"])


@given(tables(), SEPARATORS, ENCODINGS, THOUSANDS)
def test_a_table_written_in_either_shape_is_read_back(table, separator, encoding, thousands):
    names, periods, body = table
    expected = [
        (dict(zip(names, texts, strict=True)), period, value)
        for texts, values in body.items()
        for period, value in zip(periods, values, strict=True)
    ]
    lines = [[*names, "TID", "INDHOLD"]]
    lines += [[*row[0].values(), row[1], cell(row[2], thousands)] for row in expected]
    assert statbank.parse(written(lines, separator, encoding)).rows == expected
    matrix = [["En titel"], [], [*names, *periods]]
    matrix += [[*texts, *(cell(value, thousands) for value in values)] for texts, values in body.items()]
    matrix += [[], ["Kilde: Danmarks Statistik"]]
    assert statbank.parse(written(matrix, separator, encoding)).rows == expected


@given(st.binary(max_size=300) | st.text('TIDNHOL;,\t"\n2016K-. ', max_size=80).map(str.encode))
@example(b'TID;INDHOLD\n"2016')
@example(b"\xef\xbb\xbf")
@example(b"TID;INDHOLD\r2016;1\r")
def test_whatever_the_bytes_are_it_is_a_table_or_a_reason(data):
    try:
        statbank.national_series(statbank.national_rows(statbank.parse(data)))
    except BadTable as bad:
        assert bad.code
