"""Municipalities by date: one that ends, what it becomes a part of, and a mistake taken back."""

import re
from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from municipalities import populations, reference_data
from municipalities.models import Contact, Municipality, PopulationCount, PopulationImport, Role
from survey import mergers
from survey.copying import earlier_versions, last_round
from survey.models import SurveyRound
from survey.rounds import plans
from survey.rounds.lifecycle import open_round
from survey.transitions import Refused, database_now
from tests.builders import build_draft, build_initiative, build_round, build_user, hand_in

DAY = date(2027, 1, 1)


@pytest.fixture
def places(cast):
    return {one.name: one for one in Municipality.objects.all()}


def end(cast, name, successor, day=DAY):
    pk = Municipality.objects.get(name=name).pk
    return mergers.record_end(municipality_id=pk, day=day, successor=successor, by=cast.rikke)


def take_back(cast, name):
    mergers.take_back(municipality_id=Municipality.objects.get(name=name).pk, by=cast.rikke)


def new(places, **fields):
    row = {"code": "999", "name": "Fyn", "official_name": "Fyns Kommune", "cvr": "29188416"}
    return Municipality(**row | {"region": places["Odense"].region} | fields)


def names_at(day):
    return {one.name for one in Municipality.objects.at(day)}


def stored(name):
    return Municipality.objects.filter(name=name).values().get()


def test_it_is_there_until_the_day_and_its_successor_from_then_on(cast, places):
    end(cast, "Langeland", new(places))
    assert names_at(date(2026, 12, 31)) == {"Odense", "Aarhus", "Lemvig", "Langeland"}
    assert names_at(DAY) == {"Odense", "Aarhus", "Lemvig", "Fyn"}
    fyn, langeland = Municipality.objects.get(name="Fyn"), Municipality.objects.get(name="Langeland")
    assert langeland.successor == fyn and (langeland.valid_until, fyn.valid_from) == (DAY, DAY)
    assert (fyn.tile_row, fyn.tile_column) == (langeland.tile_row, langeland.tile_column)


def test_a_new_code_may_keep_the_cvr_number_and_the_name(cast, places):
    langeland = places["Langeland"]
    kept = {"name": "Langeland", "official_name": "Langeland Kommune", "cvr": langeland.cvr}
    end(cast, "Langeland", new(places, **kept))
    assert [one.code for one in Municipality.objects.at(DAY).filter(name="Langeland")] == ["999"]


def test_several_end_into_one_new_one(cast, places):
    fyn = end(cast, "Langeland", new(places))
    end(cast, "Odense", fyn)
    assert {one.name for one in fyn.predecessors.all()} == {"Langeland", "Odense"}
    assert names_at(DAY) == {"Aarhus", "Lemvig", "Fyn"}


def test_members_and_contacts_follow_into_a_new_one(cast, places):
    Contact.objects.create(municipality=places["Odense"], name="Post", email="post@example.test")
    fyn = end(cast, "Odense", new(places))
    roles = dict(fyn.memberships.values_list("user__name", "role"))
    assert roles == {"Anna": "editor", "Carl": "approver", "Lis": "reader"}
    assert [one.name for one in fyn.contacts.all()] == ["Post"]
    assert places["Odense"].memberships.count() == 3  # its earlier rounds are still its own


def test_nobody_gets_into_one_that_was_there_before(cast, places, survey_round, client_of):
    Contact.objects.create(municipality=places["Odense"], name="Post", email="post@example.test")
    end(cast, "Odense", places["Aarhus"])
    assert [one.user for one in places["Aarhus"].memberships.all()] == [cast.bo]
    assert not places["Aarhus"].contacts.exists()
    assert client_of(cast.anna).get("/kommune/751/2025/").status_code == 404


def test_taking_back_leaves_one_that_was_there_before_its_people(cast, places):
    """Lis has a role in both on her own account."""
    cast.lis.memberships.create(municipality=places["Aarhus"], role=Role.READER)
    Contact.objects.create(municipality=places["Odense"], name="Post", email="post@example.test")
    Contact.objects.create(municipality=places["Aarhus"], name="Post", email="post@example.test")
    end(cast, "Odense", places["Aarhus"])
    take_back(cast, "Odense")
    assert places["Aarhus"].memberships.count() == 2 and places["Aarhus"].contacts.count() == 1


@pytest.mark.parametrize("person", ["mette", "admin", "carl"])
def test_only_a_round_manager_records_and_takes_back(cast, places, person):
    by = getattr(cast, person)
    with pytest.raises(PermissionDenied):
        mergers.record_end(municipality_id=places["Odense"].pk, day=DAY, successor=places["Aarhus"], by=by)
    end(cast, "Odense", places["Aarhus"])
    with pytest.raises(PermissionDenied):
        mergers.take_back(municipality_id=places["Odense"].pk, by=by)


def test_what_cannot_be_is_refused(cast, places):
    with pytest.raises(Refused, match="en del af sig selv"):
        end(cast, "Odense", places["Odense"])
    fyn = end(cast, "Langeland", new(places))
    with pytest.raises(Refused, match="Langeland er allerede registreret som ophørt"):
        end(cast, "Langeland", places["Odense"])
    with pytest.raises(Refused, match="Langeland er ikke en kommune på den dag"):
        end(cast, "Odense", places["Langeland"], date(2028, 1, 1))
    with pytest.raises(Refused, match="Fyn er ikke en kommune på den dag"):
        end(cast, "Odense", fyn, date(2026, 10, 1))
    with pytest.raises(Refused, match="Fyn var ikke kommune før den dag"):
        end(cast, "Fyn", places["Odense"], DAY)
    end(cast, "Odense", fyn, date(2028, 1, 1))
    with pytest.raises(Refused, match="Odense blev først en del af Fyn"):
        end(cast, "Fyn", places["Aarhus"], date(2027, 7, 1))
    with pytest.raises(Refused, match="Lemvig er ikke registreret"):
        take_back(cast, "Lemvig")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"tile_row": 5, "tile_column": 7}, "__all__"),  # Aarhus'
        ({"cvr": "10000751"}, "__all__"),
        ({"code": "751"}, "code"),
        ({"code": "99"}, "__all__"),
        ({"name": ""}, "name"),
    ],
)
def test_a_new_one_keeps_the_rules_of_all_and_nothing_is_stored_otherwise(cast, places, fields, field):
    with pytest.raises(ValidationError) as error:
        end(cast, "Langeland", new(places, **fields))
    assert field in error.value.message_dict
    assert stored("Langeland")["valid_until"] is None and Municipality.objects.count() == 4


def test_an_opened_round_that_asks_it_refuses_an_earlier_day(cast, places, survey_round):
    """The round counts the inhabitants of 1 January 2026."""
    with pytest.raises(Refused, match=r"spørger Odense efter folketallet pr. 01.01.2026"):
        end(cast, "Odense", places["Aarhus"], date(2026, 1, 1))
    end(cast, "Odense", places["Aarhus"], date(2026, 1, 2))


def build_next_round(cast, places):
    """Langeland and Odense have become Fyn before accounts 2026 are asked for; the round is opened."""
    fyn = end(cast, "Odense", new(places))
    end(cast, "Langeland", fyn)
    for one in Municipality.objects.at(DAY):
        PopulationCount.objects.create(municipality=one, date=DAY, inhabitants=100_000, source="test")
    return build_round(accounts_year=2026, price_level=2026, population_date=DAY)


def test_who_has_ended_is_not_asked_and_keeps_its_round(cast, places, survey_round, client_of):
    odense = survey_round.submissions.get(municipality__name="Odense")
    build_initiative(odense, cast.anna)
    receipt = hand_in(odense, cast.carl)
    later = build_next_round(cast, places)
    asked = set(later.submissions.values_list("municipality__name", flat=True))
    assert asked == {"Aarhus", "Lemvig", "Fyn"}
    anna = client_of(cast.anna)
    for address in ("/kommune/461/2025/", receipt.get_absolute_url(), "/kommune/999/2026/"):
        assert anna.get(address).status_code == 200
    assert client_of(cast.bo).get("/kommune/999/2026/").status_code == 404


def test_what_all_its_predecessors_reported_can_be_copied(cast, places, survey_round, client_of):
    lone = build_user("Lone", Role.APPROVER, places["Langeland"])
    for name, by, title in (("Odense", cast.carl, "Mentorer"), ("Langeland", lone, "Svømning")):
        submission = survey_round.submissions.get(municipality__name=name)
        build_initiative(submission, by, title=title)
        hand_in(submission, by)
    later = build_next_round(cast, places)
    fyn = later.submissions.select_related("round", "municipality").get(municipality__name="Fyn")
    versions = earlier_versions(fyn)
    assert [one.submission.municipality.name for one in versions] == ["Langeland", "Odense"]
    assert last_round(versions) == versions
    client = client_of(cast.anna)
    page = client.get("/kommune/999/2026/fra-sidst/").content.decode()
    assert "Mentorer" in page and "Svømning" in page and "Hent alle 2" in page
    assert "Odense Kommune, kvitteringen for 2025" in page and "/kvittering/2025-482" not in page
    client.post("/kommune/999/2026/fra-sidst/", {"all": "1"})
    uuids = {one.uuid for version in versions for one in version.initiatives.all()}
    assert {one.uuid for one in fyn.initiatives.all()} == uuids and len(uuids) == 2
    assert "ført videre: 2, nye: 0" in " ".join(
        client.get("/kommune/999/2026/fra-sidst/").content.decode().split()
    )


def test_a_round_before_the_day_is_not_offered_what_others_reported(cast, places, survey_round):
    odense = survey_round.submissions.get(municipality__name="Odense")
    build_initiative(odense, cast.anna)
    hand_in(odense, cast.carl)
    end(cast, "Odense", places["Aarhus"])
    later = build_round(accounts_year=2026, price_level=2026)  # population of 1 January 2026
    aarhus = later.submissions.select_related("round").get(municipality__name="Aarhus")
    assert earlier_versions(aarhus) == []


@pytest.mark.parametrize("into", ["new", "old"])
def test_a_mistake_leaves_no_trace(cast, places, into):
    Contact.objects.create(municipality=places["Odense"], name="Post", email="post@example.test")
    before, count = stored("Odense"), Municipality.objects.count()
    successor = end(cast, "Odense", new(places) if into == "new" else places["Aarhus"])
    take_back(cast, "Odense")
    assert stored("Odense") == before and Municipality.objects.count() == count
    assert not successor.memberships.filter(user__in=[cast.anna, cast.carl, cast.lis]).exists()
    assert Contact.objects.count() == 1 and cast.bo.memberships.count() == 1


def test_a_new_one_stays_while_another_is_a_part_of_it(cast, places):
    fyn = end(cast, "Langeland", new(places))
    end(cast, "Odense", fyn)
    take_back(cast, "Odense")
    assert names_at(DAY) == {"Odense", "Aarhus", "Lemvig", "Fyn"}


def test_a_new_one_that_stays_gives_back_only_what_nobody_else_brought(cast, places):
    lone = build_user("Lone", Role.APPROVER, places["Langeland"])
    cast.lis.memberships.create(municipality=places["Langeland"], role=Role.READER)
    for name, email in (("Odense", "od@example.test"), ("Odense", "post@example.test")):
        Contact.objects.create(municipality=places[name], name="Post", email=email)
    Contact.objects.create(municipality=places["Langeland"], name="Post", email="post@example.test")
    fyn = end(cast, "Odense", new(places, tile_row=14, tile_column=24))
    end(cast, "Langeland", fyn)
    fyn.memberships.create(user=lone, role=Role.APPROVER)
    take_back(cast, "Odense")
    assert {one.user for one in fyn.memberships.all()} == {cast.lis, lone}
    assert [one.email for one in fyn.contacts.all()] == ["post@example.test"]


def test_what_an_opened_round_or_a_population_rests_on_is_not_taken_back(cast, places):
    fyn = end(cast, "Langeland", new(places))
    PopulationCount.objects.create(municipality=fyn, date=DAY, inhabitants=1, source="test")
    with pytest.raises(Refused, match="Fyn er taget i brug"):
        take_back(cast, "Langeland")
    assert stored("Langeland")["valid_until"] == DAY and stored("Fyn")["cvr"] == "29188416"
    for one in Municipality.objects.at(DAY).exclude(pk=fyn.pk):
        PopulationCount.objects.create(municipality=one, date=DAY, inhabitants=1, source="test")
    build_round(population_date=DAY)
    with pytest.raises(Refused, match=r"åbnet med kommunerne pr. 01.01.2027 og hviler på ændringen"):
        take_back(cast, "Langeland")


def test_a_place_on_the_map_that_another_has_taken_refuses_the_way_back(cast, places):
    odense = places["Odense"]
    end(cast, "Odense", places["Aarhus"])
    end(cast, "Langeland", new(places, tile_row=odense.tile_row, tile_column=odense.tile_column))
    with pytest.raises(Refused, match="står allerede på dette felt"):
        take_back(cast, "Odense")


@pytest.mark.parametrize("counted", ["before", "again"])
def test_no_inhabitants_are_lost_by_a_merger_after_they_were_counted(cast, places, counted):
    """Lemvig's 100 are in nobody's count until the date is imported again, of the three."""
    persons = {one.code: 100 for one in places.values()}
    import_population(cast, persons)
    assert mergers.to_import_again(DAY) == []
    end(cast, "Lemvig", places["Aarhus"])
    assert mergers.to_import_again(DAY) == [DAY]
    said = (
        r"Folketallet pr. 01.01.2027 er opgjort, før kommunerne blev lagt sammen \(Lemvig\): indlæs det igen"
    )
    draft = SurveyRound(population_date=DAY, deadline=datetime(2099, 1, 1, tzinfo=UTC))
    assert re.match(said, plans.not_yet(draft, database_now())[0])
    if counted == "before":
        with pytest.raises(Refused, match=said):
            open_round(round_id=build_draft(population_date=DAY).pk, by=cast.rikke)
        return
    import_population(cast, {"461": 100, "751": 200, "482": 100})
    assert plans.not_yet(draft, database_now()) == [] and mergers.to_import_again(DAY) == []
    assert build_round(population_date=DAY).submissions.count() == 3


def test_a_merger_taken_back_after_the_count_asks_for_a_new_count(cast, places):
    end(cast, "Lemvig", places["Aarhus"])
    import_population(cast, {"461": 100, "751": 200, "482": 100})
    take_back(cast, "Lemvig")
    assert mergers.to_import_again(DAY) == [DAY]
    with pytest.raises(Refused, match=r"01.01.2027 mangler for Lemvig"):
        open_round(round_id=build_draft(population_date=DAY).pk, by=cast.rikke)


def import_population(cast, persons):
    latest = populations.latest_import(DAY)
    populations.record(
        table="FOLK1A", day=DAY, persons=persons, replaces=latest and latest.pk, by=cast.rikke,
        published_total=400, source="test", fetched_on=DAY, file_name="x", sha256=f"{len(persons):064}",
    )  # fmt: skip


def test_a_change_is_recorded_and_taken_back_while_no_round_is_opened(cast, places):
    for act in (lambda: end(cast, "Lemvig", places["Aarhus"]), lambda: take_back(cast, "Lemvig")):
        with CaptureQueriesContext(connection) as queries:
            act()
        locked = [one["sql"] for one in queries if "LOCK TABLE" in one["sql"]]
        assert locked == [  # the round's last, as publishing does
            "LOCK TABLE survey_submission, municipalities_populationcount IN ROW SHARE MODE",
            "LOCK TABLE survey_surveyround IN EXCLUSIVE MODE",
        ]
        first_change = next(n for n, one in enumerate(queries) if one["sql"].startswith("UPDATE"))
        assert [one["sql"] for one in queries].index(locked[0]) < first_change


def test_load_reference_adds_nothing_to_a_date_that_was_imported(db):
    reference_data.load()
    count = PopulationCount.objects.get(municipality__code="461", date=date(2021, 1, 1))
    PopulationCount.objects.filter(pk=count.pk).delete()
    fields = {"table": "FOLK1A", "date": count.date, "published_total": 1, "fetched_on": count.date}
    imported = PopulationImport.objects.create(
        **fields, source="x", file_name="x", sha256="0" * 64, recorded_by=build_user("R", Role.ROUND_MANAGER)
    )
    row = {"municipality": count.municipality, "date": count.date, "inhabitants": 7, "source": "x"}
    PopulationCount.objects.create(**row, population_import=imported)
    reference_data.load()
    assert count.municipality.population_counts.get(date=count.date).inhabitants == 7


def test_load_reference_brings_names_up_to_date_and_nothing_else(db):
    reference_data.load()
    rikke = build_user("Rikke", Role.ROUND_MANAGER)
    kept = {"region": Municipality.objects.get(code="751").region}
    langeland, odense = (Municipality.objects.get(code=code) for code in ("482", "461"))
    fyn = Municipality(code="999", name="Fyn", official_name="Fyns Kommune", cvr=langeland.cvr, **kept)
    mergers.record_end(municipality_id=langeland.pk, day=DAY, successor=fyn, by=rikke)
    Municipality.objects.filter(code="461").update(name="X", sort_key="x", tile_row=14, **kept)
    before = Municipality.objects.filter(code__in=["482", "999"]).values()
    there = list(before)
    reference_data.load()
    assert list(before.all()) == there
    again = Municipality.objects.get(code="461")
    assert (again.name, again.sort_key) == (odense.name, odense.sort_key)
    assert (again.tile_row, again.region_id) == (14, kept["region"].pk)
