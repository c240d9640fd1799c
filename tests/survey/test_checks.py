"""The soft rules, as tables: what they find, and what they must leave alone."""

import csv
import random
from statistics import median_low

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from survey import checks

DEMO = settings.BASE_DIR / "reporting" / "demo" / "initiatives_2019.csv"


@pytest.mark.parametrize(
    ("expenditure", "income", "found"),
    [(100, 101, True), (100, 100, False), (0, 1, True), (None, 5, False), (5, None, False)],
)
def test_income_above_expenditure(expenditure, income, found):
    assert checks.income_above_expenditure(expenditure, income) is found


@pytest.mark.parametrize(
    ("income", "sources", "without_source", "without_income"),
    [
        (100, ["own"], True, False),
        (100, ["state"], False, False),
        (100, ["private", "own"], False, False),
        (100, [], False, False),
        (0, ["own"], False, False),
        (0, ["state"], False, True),
        (0, ["private", "own"], False, True),
        (0, [], False, False),
        (None, ["state"], False, False),
        (None, ["own"], False, False),
    ],
)
def test_income_and_its_sources_go_together(income, sources, without_source, without_income):
    assert checks.income_without_source(income, sources) is without_source
    assert checks.source_without_income(income, sources) is without_income


@pytest.mark.parametrize(
    ("amount", "median", "found"),
    [
        (1_250_000, 400, True),
        (4_501, 400, True),
        (4_500, 400, False),
        (0, 400, False),
        (None, 400, False),
        (1_250_000, None, False),
        (1_250_000, 0, False),
    ],
)
def test_an_amount_far_above_its_peers(amount, median, found):
    assert checks.like_kroner(amount, median) is found


@pytest.mark.parametrize(
    ("amount", "near"),
    [(1, 1), (2, 2), (3, 2), (4, 5), (7, 5), (8, 10), (14, 10), (15, 20), (31, 20), (32, 50), (99, 100)],
)
def test_a_median_is_compared_with_coarsely(amount, near):
    assert checks.coarse(amount) == near and checks.coarse(amount * 10) == near * 10


def test_where_the_warning_begins_does_not_tell_the_median():
    """Who bisects until it shows finds the same for all medians from 317 to 707."""
    for median in (317, 400, 483, 707):
        begins = next(amount for amount in range(1, 10_000) if checks.like_kroner(amount, median))
        assert begins == 4_501


def test_every_demo_amount_in_kroner_is_found_and_few_right_ones_are_asked_about():
    with open(DEMO, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    def outcomes(field):
        for row in rows:
            peers = [
                int(other[field])
                for other in rows
                if other["service_area"] == row["service_area"]
                and other["municipality_code"] != row["municipality_code"]
                and int(other[field])
            ]
            amount = int(row[field])
            if amount:
                middle = median_low(peers)
                yield checks.like_kroner(amount * 1000, middle), checks.like_kroner(amount, middle)

    for field, most_false in (("gross_expenditure", 9), ("gross_income", 3)):
        found, false = zip(*outcomes(field), strict=True)
        assert all(found)
        assert sum(false) <= most_false


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Mentorer til kvinder", "Mentorer til kvinder", True),
        ("Mentorer til kvinder", "MENTORER TIL KVINDER", True),
        ("Mentorer til kvinder", "  Mentorer,  til kvinder! ", True),
        ("Mentorer til kvinder", "Mentor til kvinder", True),
        ("Mentorer til kvinder", "Kvinder til mentorer", True),
        ("Mentorer til kvinder", "Mentorer til unge mænd i Vollsmose", False),
        ("Mentorer til kvinder", "Lektiecafé", False),
        ("Sprogcafe", "Sprogcafé på biblioteket", False),
        ("æøå", "ÆØÅ", True),
        ("", "", False),
        ("😀", "😀", False),
        ("مدرسة", "مدرسة", True),
    ],
)
def test_titles_that_are_much_like_another(one, other, alike):
    assert checks.similar_titles([one, other]) == ({1: 0} if alike else {})


def test_the_later_of_two_is_asked_about_and_told_of_the_first():
    titles = ["Lektiecafé", "Mentorer til kvinder", "Svømning", "Mentor til kvinder", "Mentorer til kvinder"]
    assert checks.similar_titles(titles) == {3: 1, 4: 1}


WORDS = st.sampled_from(
    ["mentor", "mentorer", "til", "kvinder", "kvinde", "unge", "sprog", "sprogcafé", "i", "1", "2"]
)


@given(st.lists(st.lists(WORDS, max_size=5).map(" ".join), max_size=26))
def test_the_quick_way_finds_what_comparing_all_with_all_finds(titles):
    grams = [checks.trigrams_of(title) for title in titles]
    naive = {}
    for later, own in enumerate(grams):
        for earlier in range(later):
            if own and grams[earlier] and checks._common_share(own, grams[earlier]) > checks.ALIKE:
                naive[later] = earlier
                break
    assert checks.similar_titles(titles) == naive


@given(st.lists(st.lists(WORDS, max_size=5).map(" ".join), min_size=1, max_size=26))
def test_one_title_is_found_like_the_same_as_when_all_are_asked_about(titles):
    last = len(titles) - 1
    assert checks.similar_to(titles[last], titles[:last]) == checks.similar_titles(titles).get(last)


def test_many_titles_are_not_all_compared_with_all(monkeypatch):
    """A thousand long ones, all different, from the same 300 words: the worst that there is."""
    compared = []
    common_share = checks._common_share
    monkeypatch.setattr(
        checks, "_common_share", lambda one, other: compared.append(1) or common_share(one, other)
    )
    chance = random.Random(1)
    words = ["".join(chance.sample("abcdefghijklmnoprstuvæøå", 7)) for _ in range(300)]
    titles = [" ".join(chance.sample(words, 25)) for _ in range(1000)]
    checks.similar_titles(titles)
    assert len(compared) <= 50 * len(titles)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Barnet 010190-1234 deltog", True),
        ("010190 1234", True),
        ("0101901234", True),
        ("310112–1234", True),
        ("290200-1234", True),
        ("010190\u00a01234", True),
        ("010190 - 1234", True),
        ("cpr:010190-1234.", True),
        ("610190-1234", True),  # a substitute number: the day and 60
        ("910190-1234", True),
        ("320190-1234", False),
        ("011390-1234", False),
        ("310690-1234", False),
        ("300290-1234", False),
        ("000190-1234", False),
        ("600190-1234", False),
        ("920190-1234", False),
        ("12345678", False),
        ("+45 20 30 40 50", False),
        ("1.250.000 kr.", False),
        ("5798000012345", False),  # an EAN
        ("1234 9876543210", False),  # an account without a date in it
        ("20250101", False),
        ("2019-2025", False),
        ("I 2019 var der 010190 deltagere", False),
        ("١٠١٢٣٤-١٢٣٤", False),
        ("01.01.90-1234", True),
        ("01 01 90 1234", True),
        ("01/01-90 1234", True),
        ("01.01.1990-1234", True),
        ("01-01-1990-1234", True),
        ("01011990-1234", True),
        ("19900101-1234", True),
        ("010190/1234", True),
        ("010190  1234", True),
        ("０１０１９０-１２３４", True),
        ("19901301-1234", False),
        ("pr. 31.12.2025 1250 borgere", False),
        ("pr. 31.12.25 1250 borgere", False),
        ("01.01.2025-31.12.2025", False),
        ("01012025-31122025", False),
        ("010125-311225", False),
        ("20 10 30 40 50", False),
        ("konto 3001 0101901234", False),
        ("Kontonr.: 0101901234", False),
        ("journalnr. 2025-010190-1234", False),
        ("sagsnr. 311225-0001", False),
        ("funktion 5.46.60 1012001234", False),
        ("konto 3001, barnet 010190-1234", True),
        ("kontoret har 010190-1234", True),
        ("", False),
    ],
)
def test_a_number_like_a_cpr_number(text, found):
    assert bool(checks.cpr_like_numbers(text)) is found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Skriv til anna.jensen@odense.dk", True),
        ("(ajens@odense.dk)", True),
        ("anna+x@mail.example.com.", True),
        ("Skriv til info@odense.dk", False),
        ("integration.vest@odense.dk", False),
        ("frivilligcenter@odense.dk", False),
        ("Post@Odense.dk", False),
        ("kultur@odense.dk", False),
        ("biblioteket@odense.dk", False),
        ("aeldre@odense.dk", False),
        ("jobcenter.nord@odense.dk", False),
        ("post.hansen@odense.dk", True),
        ("jobhansen@odense.dk", True),
        ("@odense på Instagram", False),
        ("a@b", False),
        ("", False),
    ],
)
def test_an_email_address_of_a_person(text, found):
    assert bool(checks.person_emails(text)) is found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ring på 20 30 40 50", True),
        ("20 30 40 50", True),
        ("tlf. 20304050", True),
        ("Tlf: 2030 4050", True),
        ("telefonnummer 66 13 13 72", True),
        ("mobil 20304050", True),
        ("+45 20304050", True),
        ("+4520304050", True),
        ("mobil: 2233-4455", True),
        ("CVR 35209115", False),
        ("i 20 21 22 23 forløb", False),
        ("25 30 35 40 pct.", False),
        ("mobilitet 20202021", False),
        ("telefonrådgivning 2019 2020", False),
        ("12500000", False),
        ("1 250 000", False),
        ("Fra 2019 2020 2021", False),
        ("15 20 25 30 35 40", False),
        ("12 13 14 15", False),  # no Danish telephone begins with 1
        ("20.30.40.50", False),
        ("20251231", False),
        ("", False),
    ],
)
def test_what_looks_like_a_telephone_number(text, found):
    assert bool(checks.phone_numbers(text)) is found


@pytest.mark.parametrize(
    "text", ["9" * 100_000, "ab@" * 33_000, "20 " * 33_000, "tlf " * 25_000, "x" * 100_000]
)
def test_long_texts_are_read_once(text):
    """A pattern that goes back and forth would not come to an end."""
    for finds in (checks.cpr_like_numbers, checks.person_emails, checks.phone_numbers):
        assert finds(text) == []
