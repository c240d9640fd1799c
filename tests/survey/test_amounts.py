import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.amounts import NotAnAmount, parse_share, parse_thousands


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("", None),
        ("   ", None),
        ("0", 0),
        ("7", 7),
        ("1250", 1250),
        ("1.250", 1250),
        ("1 250", 1250),
        ("1\u00a0250", 1250),
        ("1\u202f250", 1250),
        (" 1.250 ", 1250),
        ("12.345.678", 12345678),
        ("007", 7),
        ("99999999", 99_999_999),
    ],
)
def test_amounts_as_people_write_them(text, amount):
    assert parse_thousands(text) == amount


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1,250", "decimals"),
        ("1.250,50", "decimals"),
        ("1.25", "decimals"),
        ("12.50", "decimals"),
        ("1.2500", "decimals"),
        ("1250.", "decimals"),
        ("1,5", "decimals"),
        ("-5", "negative"),
        ("-1.250", "negative"),
        ("−5", "negative"),
        ("1250 kr.", "unit"),
        ("1,2 mio.", "unit"),
        ("1250 t.kr.", "unit"),
        ("ca. 100", "not_a_number"),
        ("1e6", "not_a_number"),
        ("١٢", "not_a_number"),
        ("½", "not_a_number"),
        ("-", "not_a_number"),
        ("+5", "not_a_number"),
        ("0x10", "not_a_number"),
        ("100000000", "too_large"),
        ("9" * 40, "too_large"),
    ],
)
def test_what_could_be_misread_is_refused_with_its_reason(text, code):
    with pytest.raises(NotAnAmount) as error:
        parse_thousands(text)
    assert error.value.code == code


@given(st.integers(0, 99_999_999))
def test_an_amount_survives_being_written_with_points(amount):
    assert parse_thousands(f"{amount:,}".replace(",", ".")) == amount
    assert parse_thousands(str(amount)) == amount


@given(st.text(max_size=40))
def test_any_text_is_an_amount_or_refused(text):
    try:
        amount = parse_thousands(text)
    except NotAnAmount:
        return
    assert amount is None or 0 <= amount <= 99_999_999


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", (None, False)),
        ("-", (None, True)),
        ("–", (None, True)),
        ("0", (0, False)),
        ("100", (100, False)),
        ("75 %", (75, False)),
        ("75%", (75, False)),
        ("75 pct.", (75, False)),
        ("75 procent", (75, False)),
    ],
)
def test_shares_as_people_write_them(text, expected):
    assert parse_share(text) == expected


@pytest.mark.parametrize("text", ["101", "-5", "7,5", "ukendt", "1000", "%", "٥"])
def test_a_share_is_a_whole_percentage_or_a_dash(text):
    with pytest.raises(NotAnAmount):
        parse_share(text)
