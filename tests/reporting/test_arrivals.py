import html
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from reporting.demo import arrivals as demo
from reporting.models import ArrivalsCount, ArrivalsImport

PAGE, STORE = reverse("reporting:arrivals"), reverse("reporting:store_arrivals")
FILE = "OMRÅDE;TID;INDHOLD\nHele landet;2020;1900\nHele landet;2021;1200\nHele landet;2019;..\n"


@pytest.fixture
def rikke(cast, client_of):
    return client_of(cast.rikke)


def text(response):
    return " ".join(html.unescape(response.content.decode()).split())


def upload(client, content=FILE, name="imint02b.csv", **fields):
    data = content if isinstance(content, bytes) else content.encode()
    posted = {"source": "Danmarks Statistik", "fetched_on": "01.10.2021"} | fields
    return client.post(PAGE, {"file": SimpleUploadedFile(name, data), **posted})


def signed(response) -> str:
    return re.search(r'name="signed" value="([^"]+)"', response.content.decode())[1]


def store(client, content=FILE):
    return client.post(STORE, {"signed": signed(upload(client, content))})


def in_force(as_at=None):
    counts = ArrivalsCount.objects.in_force(as_at or timezone.now())
    return dict(counts.values_list("period", "persons"))


def test_before_any_import_the_page_says_so(rikke):
    assert "Der er ikke indlæst nogen tal endnu." in text(rikke.get(PAGE))


def test_a_preview_stores_nothing(rikke):
    response = upload(rikke)
    page = text(response)
    assert response.status_code == 200 and not ArrivalsImport.objects.exists()
    assert "OMRÅDE: Hele landet" in page and "2019. De indlæses ikke." in page
    assert "ny: 2, ændret: 0, uændret: 0, ikke i filen: 0" in page
    assert '<td class="align-text-right">3.100</td>' in page


def test_what_a_matrix_leaves_unnamed_is_shown_by_its_text(rikke):
    page = text(upload(rikke, '"Titel"\n\n" ";" ";"2021"\n"Hele landet";"I alt";1200\n'))
    assert "<dd>Hele landet; I alt. Se efter" in page


def test_what_is_confirmed_is_stored_with_its_source(rikke, cast):
    assert store(rikke).headers["Location"] == PAGE
    stored = ArrivalsImport.objects.get()
    assert (stored.table, stored.source, stored.file_name) == (
        "IMINT02B",
        "Danmarks Statistik",
        "imint02b.csv",
    )
    assert (stored.fetched_on, stored.recorded_by) == (date(2021, 10, 1), cast.rikke)
    assert stored.selection == "OMRÅDE: Hele landet"
    assert in_force() == {"2020": 1900, "2021": 1200}


def test_everybody_in_the_ministry_sees_the_numbers_but_no_form(rikke, cast, client_of):
    store(rikke)
    for user in (cast.mette, cast.admin):
        page = text(client_of(user).get(PAGE))
        assert "1.200" in page and "Danmarks Statistik, hentet 1. oktober 2021" in page
        assert 'type="file"' not in page
    assert 'type="file"' in text(rikke.get(PAGE))


@pytest.mark.parametrize("person", ["mette", "admin"])
def test_only_a_round_manager_imports(cast, client_of, person, rikke):
    client = client_of(getattr(cast, person))
    assert upload(client).status_code == 403
    assert client.post(STORE, {"signed": signed(upload(rikke))}).status_code == 403
    assert not ArrivalsImport.objects.exists()


def test_a_preview_compares_with_what_is_in_force(rikke):
    store(rikke)
    page = text(upload(rikke, "TID;INDHOLD\n2021;1250\n2020;1900\n2022;900"))
    assert "ny: 1, ændret: 1, uændret: 1, ikke i filen: 0" in page
    assert "ikke i filen: 1" in text(upload(rikke, "TID;INDHOLD\n2021;1200"))


def test_a_new_import_leaves_the_earlier_one_as_it_was(rikke):
    store(rikke)
    before = timezone.now()
    store(rikke, "TID;INDHOLD\n2021;1250")
    assert in_force() == {"2021": 1250}
    assert in_force(before) == {"2020": 1900, "2021": 1200}
    assert in_force(before - timedelta(days=1)) == {}


def test_pressing_twice_makes_one_import(rikke):
    seen = signed(upload(rikke))
    assert [rikke.post(STORE, {"signed": seen}).status_code for _ in range(2)] == [302, 302]
    assert ArrivalsImport.objects.count() == 1 and ArrivalsCount.objects.count() == 2


def test_an_import_that_came_between_is_not_passed_over(rikke):
    store(rikke)
    seen = signed(upload(rikke, "TID;INDHOLD\n2021;1"))
    store(rikke, "TID;INDHOLD\n2021;2")
    response = rikke.post(STORE, {"signed": seen})
    assert response.status_code == 409 and "Nyere tal er indlæst imens" in text(response)
    assert in_force() == {"2021": 2}


def test_going_back_to_a_confirmed_preview_does_not_say_that_its_numbers_are_in_force(rikke):
    first = signed(upload(rikke))
    assert rikke.post(STORE, {"signed": first}).status_code == 302
    store(rikke, "TID;INDHOLD\n2021;1250")
    response = rikke.post(STORE, {"signed": first})
    assert response.status_code == 409 and "Nyere tal er indlæst imens og gælder nu" in text(response)
    assert in_force() == {"2021": 1250}


def tampered(seen):
    return seen[:-1] + ("A" if seen[-1] != "A" else "B")


@pytest.mark.parametrize(
    "change",
    [tampered, lambda seen: "x" + seen, lambda seen: "", lambda seen: "æ:ø:å", lambda seen: seen * 1000],
)
def test_what_was_not_previewed_is_not_stored(rikke, change):
    response = rikke.post(STORE, {"signed": change(signed(upload(rikke)))})
    assert response.status_code == 422 and "Vælg filen igen" in text(response)
    assert f'<form method="post" action="{PAGE}"' in text(response)
    assert not ArrivalsImport.objects.exists()


def test_one_round_manager_does_not_confirm_for_another(rikke, cast, client_of):
    cast.mette.memberships.update(role="round_manager")
    response = client_of(cast.mette).post(STORE, {"signed": signed(upload(rikke))})
    assert response.status_code == 422 and not ArrivalsImport.objects.exists()


def test_a_preview_is_good_for_a_day(rikke, monkeypatch):
    seen = signed(upload(rikke))
    monkeypatch.setattr("reporting.views.arrivals.MAX_AGE", -1)
    assert rikke.post(STORE, {"signed": seen}).status_code == 422


def test_the_longest_series_fits_into_the_confirmation(rikke):
    years = [
        f"{year}M{month:02};{year * month * 7919}" for year in range(1980, 2021) for month in range(1, 13)
    ]
    response = upload(rikke, "\n".join(["TID;INDHOLD", *years]))
    assert len(signed(response)) < 10_000
    more = [f"2021M{month:02};1" for month in range(1, 10)]
    refused = upload(rikke, "\n".join(["TID;INDHOLD", *years, *more]))
    assert refused.status_code == 422 and "flere end 500 perioder" in text(refused)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "Filen er tom"),
        (b"PK\x03\x04", "Filen er et regneark (Excel)"),
        (b"\x00\x01", "Filen er ikke en tekstfil"),
        (b"TID;INDHOLD\n2016;\x81", "Filens tegn kan ikke læses"),
        (b"x" * 1_000_001, "højst fylde 1 MB"),
        (b"TID;INDHOLD\n" + b"2016;1\n" * 2001, "Filen har 2001 rækker"),
        ("hej", "Filen har ingen overskrift med perioder"),
        ("TID;INDHOLD", "ingen tal under den"),
        ("A;A;TID;INDHOLD", "Linje 1: Kolonnen A står to gange"),
        (";2016;2016\nx;1;2", "Linje 1: Perioden 2016 står to gange"),
        (";2016;2017\nx;1;2;3", "Linje 2: Rækken har 4 felter"),
        ("TID;INDHOLD\ni fjor;1", "Linje 2: Kolonne TID: ”I FJOR” er ikke et år"),
        ("TID;INDHOLD\n2016;1,5", "Linje 2: Kolonne INDHOLD: ”1,5” er ikke et helt tal"),
        (
            ";2016;2017\nx;1;",
            "Linje 2: Kolonne 2017 er tom. Et tal, der mangler, skrives med to punktummer (..)",
        ),
        (";2016\nx;1\n\nnote\ny;2", "Linje 5: Der står tal under noterne"),
        ("KØN;TID;INDHOLD\nM;2016;1\nK;2016;2", "Kolonne KØN har flere værdier (K, M) og ingen i alt"),
        ("KØN;TID;INDHOLD\nTOT;2016;1\nI alt;2016;2", "ligner en sum (I alt, TOT)"),
        ("KØN;TID;INDHOLD\nI alt;2016;1\nM;2017;2", "Kolonne KØN har ingen i alt for 2017"),
        ("TID;INDHOLD\n2016;1\n2016;2", "Kolonne TID: 2016 står to gange"),
        ("TID;INDHOLD\n2020;1\n2020K1;1", "dele af forskellig længde (2020, 2020K1)"),
        ("TID;INDHOLD\n1979;1", "”1979” er ikke et år fra 1980 til 2100"),
        ("TID;INDHOLD\n2016;..", "Filen har ingen tal"),
        ("%(x)s%s;TID;INDHOLD\n%(y)s%;2016;", "er tom"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_at_its_field(rikke, content, message):
    response = upload(rikke, content, source="Min kilde")
    page = text(response)
    assert response.status_code == 422 and page.count(message) == 2  # in the summary and at the field
    assert 'href="#id_file"' in page and 'value="Min kilde"' in page
    assert not ArrivalsImport.objects.exists()


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"source": " "}, "Skriv, hvor tallene er fra."),
        ({"source": "x" * 201}, "Skriv kilden med højst 200 tegn."),
        ({"fetched_on": "i går"}, "Skriv datoen som dag, måned og år"),
        ({"fetched_on": "01.01.2999"}, "der ikke ligger i fremtiden."),
        ({"fetched_on": "01.01.0999"}, "Skriv en dag efter 1999"),
        ({"name": "x" * 201 + ".csv"}, "Giv filen et kortere navn"),
    ],
)
def test_what_else_is_wrong_is_told_at_its_field(rikke, fields, message):
    response = upload(rikke, **fields)
    assert response.status_code == 422 and message in text(response)


def test_without_a_file_the_form_asks_for_one(rikke):
    response = rikke.post(PAGE, {"source": "DST", "fetched_on": "01.10.2021"})
    assert response.status_code == 422 and "Vælg den fil, du har hentet" in text(response)


def test_the_demos_series_is_labelled_and_has_the_reports_shape(cast, rikke):
    demo.load_arrivals(cast.rikke)
    assert text(rikke.get(PAGE)).count("Illustrative tal til demoen, ikke Danmarks Statistiks") >= 2
    series = in_force(datetime(2021, 12, 1, tzinfo=UTC))
    assert series["2014"] < series["2015"] < series["2017"] > series["2018"] > series["2021"] == 1200
    assert min(series, key=series.get) == "2021" and (min(series), max(series)) == ("2008", "2021")
