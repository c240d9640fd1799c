"""Price and wage rates from a file."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation

from reporting.forms.rates import RateForm, RateLineError, read_rates
from reporting.models import PriceRate
from tests.reporting.conftest import build_rate
from tests.reporting.test_populations import signed, text

PAGE, STORE = reverse("reference:rates"), reverse("reference:store_rates")
FILE = (
    "år;procent;offentliggjort;skøn;kilde\r\n2026;2,5;01.06.2025;nej;KL\r\n2027;-0,125;01.06.2026;ja;KL\r\n"
)


@pytest.fixture
def rikke(cast, client_of):
    return client_of(cast.rikke)


def upload(client, content=FILE):
    data = content if isinstance(content, bytes) else content.encode("utf-8-sig")
    return client.post(PAGE, {"file": SimpleUploadedFile("satser.csv", data)})


def store(client, content=FILE):
    return client.post(STORE, {"signed": signed(upload(client, content))}, follow=True)


def test_before_any_rate_the_page_says_so(rikke):
    assert "Der er ingen satser endnu." in text(rikke.get(PAGE))


def test_a_preview_compares_and_stores_nothing(rikke):
    build_rate(2026, "2.4")
    page = text(upload(rikke))
    assert PriceRate.objects.count() == 1
    rows = re.findall(r'<th scope="row">(\d+)</th>(.*?)</tr>', page)
    assert [(year, re.findall(r">([^<>]+)</td>", cells)) for year, cells in rows] == [
        ("2026", ["2,4", "2,5", "endelig", "1. juni 2025", "KL", "ny udgave"]),
        ("2027", ["–", "-0,125", "skøn", "1. juni 2026", "KL", "ny"]),
    ]


def test_what_is_seldom_right_is_marked_and_may_be_imported(rikke):
    build_rate(2026, "2.4", published=date(2026, 2, 1))
    page = text(upload(rikke, FILE.replace("2027;-0,125", "2029;12,5")))
    assert "2026: offentliggjort 1. juni 2025, før den sats, der gælder nu (1. februar 2026)." in page
    assert "2029: mere end 10 pct. på et år." in page and "Ingen sats for 2027, 2028." in page
    assert 'name="signed"' in page and "Se efter" not in text(upload(rikke, FILE.replace("2025", "2026")))


def test_what_is_confirmed_is_a_new_row(rikke):
    store(rikke)
    rate = PriceRate.objects.get(year=2027)
    assert (rate.percent, rate.published, rate.is_forecast, rate.source) == (
        Decimal("-0.125"),
        date(2026, 6, 1),
        True,
        "KL",
    )
    assert PriceRate.objects.get(year=2026).percent == Decimal("2.5")


def test_what_is_there_already_is_nothing_new(rikke):
    assert "2 nye satser gælder fra nu af." in text(store(rikke))
    seen = signed(upload(rikke, FILE.replace("2,5", "2,6")))
    assert "Alle satserne er der i forvejen." in text(upload(rikke))
    assert "1 ny sats gælder fra nu af." in text(rikke.post(STORE, {"signed": seen}, follow=True))
    assert "så intet er gemt igen" in text(rikke.post(STORE, {"signed": seen}, follow=True))
    assert PriceRate.objects.count() == 3


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "Filen er tom."),
        (b"PK\x03\x04", "Filen er ikke en CSV-fil"),
        (b"x" * 100_001, "højst fylde 100 kB"),
        ("år;procent\n2026;1", "Den første linje mangler kolonnerne offentliggjort, skøn, kilde."),
        (FILE.partition("\r\n")[0], "ingen satser under den"),
        (FILE + "2028;1\r\n", "Linje 4: Linjen har 2 felter"),
        (FILE + "2026;1;01.06.2025;;KL\r\n", "Linje 4: Året 2026 står to gange"),
        (FILE.replace("2,5", "to"), "Linje 2, kolonne procent: Skriv satsen i procent"),
        (FILE.replace("2,5", "1.234,5"), "Linje 2, kolonne procent: Skriv satsen i procent"),
        (FILE.replace("2,5", "60"), "Linje 2: Satsen skal ligge mellem -50 og 50 pct."),
        (FILE.replace("01.06.2026", "i går"), "Linje 3, kolonne offentliggjort: Skriv datoen"),
        (FILE.replace("ja", "måske"), "Linje 3, kolonne skøn: Skriv ja eller nej."),
        (FILE.replace("KL", ""), "Linje 2, kolonne kilde: Skriv, hvor satsen er offentliggjort."),
        (FILE.replace("2026;", "26;"), "Linje 2, kolonne år: Skriv året, fx 2026."),
        ("\n".join([FILE.partition("\r")[0], *["2026;1;01.06.2025;;KL"] * 201]), "har 201 linjer"),
    ],
)
def test_what_is_wrong_is_told_by_line_and_column(rikke, content, said):
    response = upload(rikke, content)
    assert response.status_code == 422 and said in text(response)
    assert not PriceRate.objects.exists()


def test_english_headings_and_excel_s_older_csv_are_read_too(db):
    rates = read_rates(
        "source;year;is_forecast;percent;published\nKøb;2026;1;2.5;2025-06-01".encode("cp1252")
    )
    assert rates == [
        {"year": "2026", "percent": "2.5", "published": "2025-06-01", "source": "Køb", "is_forecast": "on"}
    ]


def test_a_decimal_comma_is_one_in_every_language(db):
    with translation.override("en"):
        assert [one["percent"] for one in read_rates(FILE.encode())] == ["2,5", "-0,125"]
        assert RateForm(read_rates(FILE.encode())[0]).save(commit=False).percent == Decimal("2.5")
        with pytest.raises(RateLineError):
            read_rates(FILE.replace("2,5", "1,234.5").encode())


def test_a_preview_is_its_own_user_s(rikke, cast, client_of):
    cast.mette.memberships.update(role="round_manager")
    response = client_of(cast.mette).post(STORE, {"signed": signed(upload(rikke))})
    assert response.status_code == 422 and "Vælg filen igen" in text(response)
    assert not PriceRate.objects.exists()
