"""Populations imported from StatBank: previewed, confirmed, in versions; and what rests on them."""

import html
import re
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from municipalities import populations
from municipalities.models import Municipality, PopulationCount, PopulationImport
from reporting.national import national_estimate
from reporting.publishing.verify import differences
from reporting.reference import previews
from reporting.totals import round_totals
from survey.models import SurveyRound
from survey.transitions import database_now
from tests.builders import PLACES, POPULATION_DATE, build_publication

PAGE, STORE = reverse("reference:populations"), reverse("reference:store_populations")
PERSONS = {"Odense": 211_000, "Aarhus": 385_000, "Lemvig": 19_100, "Langeland": 11_900}
GROUPS = ("24", "25", "34", "35")


@pytest.fixture
def rikke(cast, client_of):
    return client_of(cast.rikke)


def text(response):
    return " ".join(html.unescape(response.content.decode()).split())


def folk1a(persons=PERSONS, country=627_090, christiansoe=90, period="2026K1", **other) -> str:
    places = {"Hele landet": country, "Christiansø": christiansoe} | persons | other
    rows = [f"{n};I alt;Alder i alt;I alt;{period};{p}" for n, p in places.items() if p is not None]
    return "\n".join(["OMRÅDE;KØN;ALDER;CIVILSTAND;TID;INDHOLD", *rows])


def folk1e(share=10, inhabitants=PERSONS) -> str:
    """Of every municipality's inhabitants `share` of a thousand in each of the four groups, and the rest of
    Danish origin; Christiansø 0."""
    each = {name: persons * share // 1000 for name, persons in PERSONS.items()}
    each = {"Hele landet": sum(each.values()), "Christiansø": 0} | each
    rows = [f"{n};I alt;Alder i alt;{g};2026K1;{p}" for n, p in each.items() for g in GROUPS]
    danish = {n: max(0, persons - 4 * each[n]) for n, persons in inhabitants.items()}
    rows += [f"{n};I alt;Alder i alt;10;2026K1;{p}" for n, p in danish.items()]
    return "\n".join(["OMRÅDE;KØN;ALDER;HERKOMST;TID;INDHOLD", *rows])


def upload(client, content, **fields):
    posted = {
        "table": "FOLK1A",
        "day": "01.01.2026",
        "typed_total": "",
        "source": "Danmarks Statistik",
        "fetched_on": "01.10.2026",
    }
    data = content if isinstance(content, bytes) else content.encode()
    return client.post(PAGE, posted | fields | {"file": SimpleUploadedFile("folk.csv", data)})


def signed(response) -> str:
    return re.search(r'name="signed" value="([^"]+)"', response.content.decode())[1]


def store(client, content, **fields):
    return client.post(STORE, {"signed": signed(upload(client, content, **fields))})


def in_force(as_at=None, day=POPULATION_DATE):
    counts = PopulationCount.objects.filter(date=day).in_force(as_at).select_related("municipality")
    return {c.municipality.name: (c.inhabitants, c.immigrants_and_descendants) for c in counts}


def without_immigrants(persons=PERSONS):
    return {name: (number, None) for name, number in persons.items()}


def test_a_preview_compares_and_stores_nothing(rikke, survey_round):
    page = text(upload(rikke, folk1a()))
    assert not PopulationImport.objects.exists()
    assert "4 kommuner med tilsammen 627.000 personer, Christiansø 90" in page
    odense = re.search(r'<th scope="row">Odense</th>(.*?)</tr>', page)[1]
    assert re.findall(r">([\d.,–-]+)<", odense) == ["210.000", "211.000", "1.000"]
    assert f"{survey_round}. Deres tal bruger den nyeste udgave" in page


def test_what_is_confirmed_is_stored_with_its_source_and_the_old_rows_stay(rikke, cast):
    before = list(PopulationCount.objects.values())
    response = store(rikke, folk1a())
    assert response.headers["Location"] == PAGE and in_force() == without_immigrants()
    stored = PopulationImport.objects.get()
    assert (stored.table, stored.date, stored.published_total) == ("FOLK1A", POPULATION_DATE, 627_090)
    assert (stored.source, stored.fetched_on) == ("Danmarks Statistik", date(2026, 10, 1))
    assert (stored.file_name, stored.recorded_by) == ("folk.csv", cast.rikke)
    counts = stored.counts.all()
    assert {c.source for c in counts} == {"Danmarks Statistik, FOLK1A"} and counts.count() == 4
    assert {c.recorded_at for c in counts} == {stored.recorded_at}
    assert list(PopulationCount.objects.filter(population_import=None).values()) == before


def test_imported_rows_never_change(rikke):
    store(rikke, folk1a())
    for change in (
        lambda: PopulationCount.objects.exclude(population_import=None).update(inhabitants=1),
        lambda: PopulationCount.objects.exclude(population_import=None).delete(),
        lambda: PopulationImport.objects.update(source="x"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


@pytest.mark.parametrize(
    ("content", "fields", "said"),
    [
        (
            folk1a(country=627_091),
            {},
            "og Christiansø giver tilsammen 627.090 personer, hele landet er 627.091. Forskellen er 1.",
        ),
        (folk1a(christiansoe=None), {}, "Forskellen er 90. Christiansø er ikke i filen"),
        (
            folk1a(country=None),
            {},
            "Filen har ingen række for hele landet. Skriv det offentliggjorte tal her.",
        ),
        (folk1a(country=None), {"typed_total": "627.080"}, "hele landet er 627.080. Forskellen er 10."),
        (
            folk1a(),
            {"typed_total": "627.080"},
            "Filen siger 627.090 for hele landet, og du har skrevet 627.080",
        ),
        (folk1a(), {"typed_total": "mange"}, "Skriv antal personer med højst ni cifre"),
        (folk1a(), {"day": "02.01.2026"}, "Skriv et kvartals første dag"),
        (folk1a(), {"day": "01.04.2026"}, "Filen har ikke 2026K2"),
        (folk1a(), {"day": ""}, "Skriv datoen, fx 29.10.2027."),
        (folk1a(), {"fetched_on": "01.01.2100"}, "der ikke ligger i fremtiden"),
        (folk1a(), {"table": "FOLK1E"}, "Filen har ingen kolonne med herkomst"),
        (folk1a(), {"table": "FOLK2"}, "Vælg FOLK1A eller FOLK1E."),
        (folk1a(Fredericia=3), {}, "”Fredericia” kendes ikke som kommune. Hent tabellen på dansk."),
        (
            folk1a({n: p // 2 for n, p in PERSONS.items()}, 313_590, period="2026K2"),
            {"day": "01.04.2026"},
            "313.500 indbyggere i filen og 621.000 pr. 1. januar 2026. Det er mere end 5 pct.",
        ),
        (
            folk1a(**{"Region Syddanmark": 222_901}),
            {},
            "Region Syddanmark har 222.901 personer i filen, og dens kommuner har 222.900.",
        ),
        (folk1e(), {"table": "FOLK1E"}, "er 627.000 personer, og folketallet for samme dato er 621.000"),
        (folk1e(inhabitants={}), {"table": "FOLK1E"}, "Personer med dansk oprindelse mangler."),
        (folk1a(PERSONS | {"Odense": None}), {}, "Filen mangler Odense."),
        (b"PK\x03\x04", {}, "Filen er et regneark (Excel)"),
        (b"x" * 1_000_001, {}, "højst fylde 1 MB"),
        (b"", {}, "Filen er tom"),
    ],
)
def test_what_is_wrong_is_told_with_the_form_as_typed(rikke, content, fields, said):
    response = upload(rikke, content, source="Min kilde", **fields)
    page = text(response)
    assert response.status_code == 422 and said in page and "Der er fejl i formularen" in page
    assert 'value="Min kilde"' in page and not PopulationImport.objects.exists()


def test_a_typed_total_that_agrees_stands_for_the_row(rikke):
    store(rikke, folk1a(country=None), typed_total="627.090")
    assert PopulationImport.objects.get().published_total == 627_090


def test_regions_that_are_their_municipalities_are_accepted(rikke):
    response = upload(rikke, folk1a(**{"083 Region Syddanmark": 222_900}))
    assert response.status_code == 200 and 'name="signed"' in response.content.decode()


def test_the_same_file_twice_is_one_import_and_the_pages_say_so(rikke):
    seen = signed(upload(rikke, folk1a()))
    rikke.post(STORE, {"signed": seen})
    again = rikke.post(STORE, {"signed": seen}, follow=True)
    assert "Filen er allerede indlæst som FOLK1A 01.01.2026" in text(again)
    assert PopulationImport.objects.count() == 1 and PopulationCount.objects.count() == 8
    preview = text(upload(rikke, folk1a()))
    assert "Filen er allerede indlæst" in preview and 'name="signed"' not in preview


def test_a_file_that_was_replaced_may_be_imported_again(rikke):
    other = PERSONS | {"Odense": 211_001, "Aarhus": 384_999}
    for persons in (PERSONS, other, PERSONS):
        assert store(rikke, folk1a(persons)).status_code == 302
        assert in_force() == without_immigrants(persons)


@pytest.mark.parametrize("meanwhile", ["import", "merger"])
def test_what_came_between_preview_and_confirmation_is_not_passed_over(rikke, meanwhile):
    seen = signed(upload(rikke, folk1a()))
    other = PERSONS | {"Odense": 211_001, "Aarhus": 384_999}
    if meanwhile == "import":
        store(rikke, folk1a(other))
    else:
        Municipality.objects.filter(code="665").update(
            valid_until=POPULATION_DATE, successor=Municipality.objects.get(code="751")
        )
    there = in_force()
    response = rikke.post(STORE, {"signed": seen})
    assert response.status_code == 409 and "Intet er gemt. Se tallene, og vælg filen igen." in text(response)
    assert in_force() == there


def test_an_import_locks_out_others_and_whoever_publishes(rikke, answered, cast):
    seen = signed(upload(rikke, folk1a()))
    with CaptureQueriesContext(connection) as importing:
        rikke.post(STORE, {"signed": seen})
    with CaptureQueriesContext(connection) as publishing:
        build_publication(answered.round, cast.rikke)
    own, others = (
        [one["sql"].rpartition(";")[2].strip() for one in queries if "LOCK TABLE" in one["sql"]]
        for queries in (importing, publishing)
    )
    assert own == ["LOCK TABLE municipalities_populationcount IN SHARE ROW EXCLUSIVE MODE"]
    assert others[0].endswith("municipalities_populationcount IN EXCLUSIVE MODE")


def test_what_was_not_previewed_is_not_stored(rikke, cast, client_of, monkeypatch):
    seen = signed(upload(rikke, folk1a()))
    cast.mette.memberships.update(role="round_manager")
    elsewhere = client_of(cast.mette).post(STORE, {"signed": seen})
    changed = rikke.post(STORE, {"signed": "x" + seen})
    monkeypatch.setattr(previews, "MAX_AGE", -1)
    late = rikke.post(STORE, {"signed": seen})
    for response in (elsewhere, changed, late):
        assert response.status_code == 422 and "Vælg filen igen" in text(response)
    assert not PopulationImport.objects.exists()


def test_immigrants_need_the_inhabitants_and_carry_them(rikke):
    Municipality.objects.get(code="665").population_counts.all().delete()
    refused = upload(rikke, folk1e(), table="FOLK1E")
    assert refused.status_code == 422
    assert "Indlæs først folketallet (FOLK1A) for samme dato." in text(refused)
    store(rikke, folk1a())
    store(rikke, folk1e(), table="FOLK1E")
    assert in_force() == {name: (persons, 4 * (persons // 100)) for name, persons in PERSONS.items()}
    counts = PopulationImport.objects.get(table="FOLK1E").counts
    assert set(counts.values_list("source", "immigrants_source")) == {
        ("Danmarks Statistik, FOLK1A", "Danmarks Statistik, FOLK1E")
    }


def test_more_immigrants_than_inhabitants_are_refused(rikke):
    response = upload(rikke, folk1e(share=300), table="FOLK1E")
    assert response.status_code == 422
    assert "flere indvandrere og efterkommere end indbyggere i Langeland, Lemvig, Odense" in text(response)


def test_new_inhabitants_carry_the_immigrants_where_they_still_fit(rikke):
    store(rikke, folk1e(200, {place[1]: place[4] for place in PLACES}), table="FOLK1E")
    fewer = PERSONS | {"Langeland": 9_000, "Odense": 213_900}
    page = text(upload(rikke, folk1a(fewer)))
    assert "Langeland: der er flere indvandrere og efterkommere end indbyggere i filen" in page
    store(rikke, folk1a(fewer))
    assert in_force()["Langeland"] == (9_000, None) and in_force()["Odense"] == (213_900, 168_800)


def test_a_change_of_more_than_five_percent_from_the_nearest_date_is_a_warning(rikke):
    other = PERSONS | {"Lemvig": 30_000, "Aarhus": 374_100}
    page = text(upload(rikke, folk1a(other, period="2026K2"), day="01.04.2026"))
    assert "Lemvig: 57,9 pct. siden 1. januar 2026" in page and "Odense: 0,5" not in page
    assert page.count("(over 5)") == 1


def test_the_warning_is_of_a_year_and_grows_with_the_distance(rikke):
    other = PERSONS | {"Lemvig": 21_000, "Langeland": 10_000}  # 10.5 and -16.7 percent in three years
    page = text(upload(rikke, folk1a(other, 627_090, period="2029K1"), day="01.01.2029"))
    assert "Langeland: -16,7 pct. siden 1. januar 2026" in page and "(over 15)" in page
    assert "Lemvig: 10,5" not in page


def test_without_a_date_within_three_years_the_total_is_for_the_reader_to_judge(rikke):
    half = {name: persons // 2 for name, persons in PERSONS.items()}
    page = text(upload(rikke, folk1a(half, 313_590, period="2030K1"), day="01.01.2030"))
    assert "intet folketal inden for tre år" in page and 'name="signed"' in page
    near = upload(rikke, folk1a(period="2026K2"), day="01.04.2026")
    assert "intet folketal inden for" not in text(near)


@pytest.mark.parametrize("state", ["locked", "archived"])
def test_what_a_locked_round_rests_on_is_not_imported(rikke, survey_round, state):
    seen = signed(upload(rikke, folk1a()))
    SurveyRound.objects.update(state=state)
    there = in_force()
    refused = upload(rikke, folk1a())
    assert refused.status_code == 422 and "genåbn kortlægningen først" in text(refused)
    response = rikke.post(STORE, {"signed": seen})
    assert response.status_code == 409 and "genåbn kortlægningen først" in text(response)
    assert in_force() == there and not PopulationImport.objects.exists()


def test_the_estimate_names_its_population_s_table_and_when_it_was_recorded(answered, rikke):
    url, moment = reverse("reporting:estimate", args=[2025]), database_now()
    assert "1. januar 2026 (test, indlæst " in text(rikke.get(url))
    store(rikke, folk1a())
    source = "(Danmarks Statistik, FOLK1A, hentet 1. oktober 2026, indlæst "
    assert source in text(rikke.get(url))
    assert source not in text(rikke.get(url, {"as_at": moment.isoformat()}))


def test_other_quarters_in_the_file_are_named_and_left_out(rikke):
    content = folk1a() + "\n" + folk1a(period="2026K2").partition("\n")[2]
    page = text(upload(rikke, content, day="01.04.2026"))
    assert "2026K1. De indlæses ikke." in page
    store(rikke, content, day="01.04.2026")
    assert set(PopulationImport.objects.values_list("date", flat=True)) == {date(2026, 4, 1)}


def test_a_round_uses_the_newest_and_an_earlier_moment_and_a_publication_stay(answered, cast, rikke):
    publication = build_publication(answered.round, cast.rikke)
    moment = database_now()
    seen = national_estimate(answered.round, price_level=2025, as_at=moment)
    assert store(rikke, folk1a()).status_code == 302
    now = round_totals(answered.round, database_now())
    assert {row.name: row.inhabitants for row in now.returns} == PERSONS
    again = national_estimate(answered.round, price_level=2025, as_at=moment)
    assert again.lines == seen.lines and again.totals.returns == seen.totals.returns
    publication.refresh_from_db()
    assert differences(publication) == []


def test_with_immigrants_imported_the_estimate_rests_on_them(answered, rikke):
    url = reverse("reporting:estimate", args=[2025])
    assert "Antallet af indvandrere og efterkommere mangler" in text(rikke.get(url, {"methods": "d"}))
    store(rikke, folk1a())
    store(rikke, folk1e(), table="FOLK1E")
    page = text(rikke.get(url, {"methods": "d"}))
    assert "Antallet af indvandrere og efterkommere mangler" not in page and "Opregnet, metode d" in page


def test_the_overview_shows_each_date_with_its_sources(rikke, django_assert_num_queries):
    page = text(rikke.get(reverse("reference:overview")))
    assert '<td class="align-text-right">621.000</td>' in page and "Der er ingen satser endnu." in page
    store(rikke, folk1a())
    store(rikke, folk1e(), table="FOLK1E")
    store(rikke, folk1a(period="2026K2"), day="01.04.2026")
    rikke.get(reverse("reference:overview"))
    with django_assert_num_queries(10):
        page = text(rikke.get(reverse("reference:overview")))
    assert page.count('<th scope="row">1. ') == 2 and "627.090" in page and "25.080" in page
    assert "FOLK1E: Danmarks Statistik, hentet 1. oktober 2026" in page


def test_a_preview_takes_as_many_queries_whatever_there_is(rikke, django_assert_max_num_queries):
    for day, period in (("01.04.2026", "2026K2"), ("01.07.2026", "2026K3"), ("01.10.2026", "2026K4")):
        store(rikke, folk1a(period=period), day=day)
    with django_assert_max_num_queries(20):
        upload(rikke, folk1a())


def test_reviewers_and_admins_see_the_imports_and_no_form(rikke, cast, client_of):
    store(rikke, folk1a())
    for user in (cast.mette, cast.admin):
        client = client_of(user)
        page = text(client.get(PAGE))
        assert "FOLK1A, 1. januar 2026" in page and 'type="file"' not in page
        assert upload(client, folk1a()).status_code == 403


def test_the_time_of_an_import_is_that_after_the_wait(rikke, cast):
    """Not its transaction's beginning: figures that were made while it waited shall not change."""
    with transaction.atomic():
        began = PopulationCount.objects.filter(municipality__code="461").first()
        persons = {m.code: 1_000 for m in Municipality.objects.all()}
        at = database_now()
        stored, _new = populations.record(
            table="FOLK1A", day=began.date, persons=persons, replaces=None, by=cast.rikke,
            published_total=4_000, source="test", fetched_on=date(2026, 1, 1), file_name="x", sha256="0" * 64,
        )  # fmt: skip
    assert at < stored.recorded_at < at + timedelta(minutes=5)
