"""What is published: the rules that its rows carry, who sees it, and its pages."""

import hashlib
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from reporting.models import Publication
from survey import transitions
from survey.models import SurveyRound
from survey.transitions import database_now
from tests.builders import build_approver, build_initiative, build_publication, build_round, hand_in
from tests.reporting.conftest import build_rate


def text(response):
    return " ".join(response.content.decode().split())


LOG = "/offentliggoerelser/"


def page(name="publication", *args):
    return reverse(f"publications:{name}", args=args or [1])


@pytest.fixture
def rikke(cast, client_of):
    return client_of(cast.rikke)


@pytest.fixture
def published(answered, cast):
    return build_publication(answered.round, cast.rikke)


def release(**fields):
    """Moves a publication in time, past the trigger that refuses it."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE reporting_publication DISABLE TRIGGER never_changes")
        Publication.objects.update(**fields)
        cursor.execute("ALTER TABLE reporting_publication ENABLE TRIGGER never_changes")


@pytest.mark.parametrize("sql", ["UPDATE {} SET id = id", "DELETE FROM {}"])
@pytest.mark.parametrize("table", ["reporting_publication", "reporting_publication_rates"])
def test_a_publication_never_changes_and_is_never_deleted(answered, cast, sql, table):
    build_rate(2026, "2.5")
    build_publication(answered.round, cast.rikke, price_level=2026)
    with (
        pytest.raises(IntegrityError, match="kan ikke ændres eller slettes"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql.format(table))


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"number": 0}, "publications_count_from_one"),
        ({"number": 1}, "reporting_publication_number"),
        ({"title": " "}, "a_publication_has_a_title"),
        ({"method": "g"}, "publication_method_is_known"),
        ({"as_at": timezone.now() + timedelta(days=1)}, "published_figures_are_of_the_past"),
        ({"embargo_until": timezone.now() - timedelta(days=1)}, "an_embargo_ends_after_publication"),
        ({"revision_reason": "Nye svar"}, "a_revision_has_a_reason"),
        ({"revises_id": 1}, "a_revision_has_a_reason"),
        ({"code_version": "ny"}, "publication_names_its_code"),
        ({"inputs": "{}"}, "published_inputs_have_their_checksum"),
        ({"outputs": '{"å":1}'}, "published_outputs_have_their_checksum"),
    ],
)
def test_the_database_refuses(published, fields, constraint):
    row = Publication.objects.get()
    row.pk, row.number = None, 2
    if "revises_id" in fields:
        fields = {"revises_id": published.pk}
    for name, value in fields.items():
        setattr(row, name, value)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        row.save(force_insert=True)


def test_a_row_with_its_own_texts_is_stored_and_judged_by_the_same_rules(published):
    row = Publication.objects.get()
    row.pk, row.number, row.title = None, 2, " "
    with pytest.raises(ValidationError, match="Skriv en titel"):
        row.validate_constraints()
    row.title = "Igen"
    row.save(force_insert=True)
    assert Publication.objects.count() == 2


def test_a_publication_revises_an_earlier_one_of_its_own_round(published, cast):
    other = build_round(accounts_year=2024)
    row = Publication.objects.get()
    row.pk, row.number, row.revises, row.revision_reason = None, 2, published, "Nye svar"
    row.round = other
    with pytest.raises(IntegrityError, match="tidligere af samme kortlægning"), transaction.atomic():
        row.save(force_insert=True)


def test_before_its_release_only_round_managers_and_administrators_see_it(answered, cast, client_of):
    build_publication(answered.round, cast.rikke, embargo_until=timezone.now() + timedelta(hours=1))
    everybody = ("anna", "carl", "lis", "bo", "mette", "rikke", "admin")
    pages = [page(), page("quality"), page("inputs"), page("outputs")]
    seen = {
        name: {client_of(getattr(cast, name)).get(address).status_code for address in pages}
        for name in everybody
    }
    assert seen == {name: {404} for name in everybody[:5]} | {"rikke": {200}, "admin": {200}}
    assert "Der er ikke offentliggjort noget" in text(client_of(cast.mette).get(LOG))
    assert "Klausuleret til" in text(client_of(cast.rikke).get(page()))


def test_the_embargo_ends_by_the_databases_clock_and_at_its_very_moment(published, cast, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: database_now() - timedelta(days=400))
    with transaction.atomic():
        past = database_now() - timedelta(hours=2)
        release(published_at=past, as_at=past, embargo_until=past + timedelta(hours=1))
    assert Publication.objects.visible_to(cast.anna).exists()
    release(embargo_until=database_now() + timedelta(hours=1))
    monkeypatch.setattr(timezone, "now", lambda: database_now() + timedelta(days=400))
    assert not Publication.objects.visible_to(cast.anna).exists()
    sql = str(Publication.objects.released().query)
    assert "<= (STATEMENT_TIMESTAMP())" in sql


def test_without_a_role_nothing_is_seen(published, cast):
    cast.anna.memberships.all().delete()
    assert not Publication.objects.visible_to(cast.anna).exists()


def test_the_page_shows_the_frozen_figures_with_their_basis(published, rikke):
    shown = text(rikke.get(page()))
    assert "Opregnede bruttoudgifter: <strong>7,1 mio. kr.</strong> (2025-pris- og lønniveau)" in shown
    assert "er en tilfældig del af alle kommuner" in shown
    assert "3 af 4 kommuner har svaret. Heraf ingen indsatser at indberette: 1." in shown
    assert published.inputs_checksum in shown and published.outputs_checksum in shown
    assert published.code_version in shown
    assert "Intet er ændret siden" in shown
    assert ">6.850<" in shown and "Region Syddanmark" in shown


def test_what_is_downloaded_has_the_checksum(published, rikke):
    for name in ("inputs", "outputs"):
        response = rikke.get(page(name))
        assert hashlib.sha256(response.content).hexdigest() == getattr(published, f"{name}_checksum")
        assert response.headers["Content-Type"] == "application/json"


def test_a_municipality_sees_neither_todays_figures_nor_the_others_sums(published, answered, cast, client_of):
    transitions.withdraw(submission_id=answered.submissions["Aarhus"].pk, by=cast.bo)
    for user in (cast.anna, cast.carl, cast.lis):
        client = client_of(user)
        shown = text(client.get(page()))
        assert "7,1 mio. kr." in shown and "I dag" not in shown and "Aarhus" not in shown
        assert "Hent grundlaget" not in shown and "Hent resultaterne" in shown
        assert client.get(page("inputs")).status_code == 404
        assert "Aarhus" not in client.get(page("outputs")).content.decode()
        assert "Aarhus" not in text(client.get(page("quality")))
        assert client.get(page("publish", 2025)).status_code == 404


def test_a_number_that_is_none_is_not_found(published, rikke):
    for number in (0, 2, 10**30):
        assert rikke.get(page("publication", number)).status_code == 404


def sent(**fields):
    return {
        "number": "1",
        "title": "Indsatser i 2025",
        "method": "a",
        "price_level": "",
        "as_at": "",
        "embargo_until": "",
        "revises": "",
        "revision_reason": "",
    } | fields


def test_a_round_manager_publishes_and_pressing_twice_gives_one(answered, rikke):
    form = text(rikke.get(page("publish", 2025)))
    assert "Opregnede bruttoudgifter efter metode" in form and ">7.066<" in form
    first = rikke.post(page("publish", 2025), sent())
    again = rikke.post(page("publish", 2025), sent())
    assert first.status_code == again.status_code == 302
    assert first.headers["Location"] == again.headers["Location"] == page()
    assert Publication.objects.get().price_level == 2025


def test_who_is_overtaken_is_told_and_loses_nothing(published, rikke):
    response = rikke.post(page("publish", 2025), sent(title="Mine tal"))
    assert response.status_code == 409
    assert "En anden har offentliggjort imens" in text(response) and 'value="Mine tal"' in text(response)
    assert 'name="number" value="2"' in text(response)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"title": ""}, "Skriv en titel"),
        ({"title": "x" * 201}, "Skriv højst 200 tegn. Der er nu 201."),
        ({"title": "\x00"}, "Null"),
        ({"method": "g"}, "Vælg en af metoderne a til f."),
        ({"method": "d"}, "Antallet af indvandrere og efterkommere mangler"),
        ({"price_level": "2030"}, "Pris- og lønskønnet for 2026 mangler"),
        ({"price_level": "i fjor"}, "som et år, fx 2022"),
        ({"as_at": "01.01.2099"}, "der er passeret"),
        ({"as_at": "01.01.2020"}, "Ingen af de 4 kommuner har svaret"),
        ({"embargo_until": "i morgen"}, "fx 01.12.2027 08.00"),
        ({"embargo_until": "01.01.2020 08.00"}, "Skriv et tidspunkt, der kommer"),
        ({"embargo_until": "31.12.9999 23.59"}, "fx 01.12.2027 08.00"),
        ({"revises": "7"}, "Vælg en opgørelse på listen"),
        ({"revises": "1"}, "Vælg en opgørelse på listen"),
        ({"revision_reason": "Nye svar"}, "Vælg den opgørelse, som begrundelsen gælder."),
    ],
)
def test_a_wrong_choice_is_told_at_its_field_and_nothing_is_published(answered, rikke, fields, message):
    response = rikke.post(page("publish", 2025), sent(**fields))
    assert response.status_code == 422 and message in text(response)
    assert not Publication.objects.exists()


def test_a_revision_needs_its_reason_and_shows_its_size(published, answered, cast, rikke, client_of):
    build_initiative(answered.submissions["Lemvig"], cast.anna, gross_expenditure=950)
    hand_in(answered.submissions["Lemvig"], build_approver(answered.submissions["Lemvig"]))
    lacking = rikke.post(page("publish", 2025), sent(number="2", revises="1"))
    assert lacking.status_code == 422 and "Skriv, hvorfor opgørelsen revideres." in text(lacking)
    reason = {"revises": "1", "revision_reason": "Lemvig har svaret"}
    assert rikke.post(page("publish", 2025), sent(number="2", **reason)).status_code == 302
    log = text(rikke.get(LOG))
    assert "Lemvig har svaret" in log and ">nr. 1<" in log and ">0,7<" in log and ">10,4<" in log
    new, old = text(rikke.get(page("publication", 2))), text(rikke.get(page()))
    assert "Lemvig har svaret" in new and "Opgørelsen er revideret af" in old
    assert "7,1 mio. kr." in old
    assert "Hvad der ændrede" not in text(client_of(cast.bo).get(page("publication", 2)))
    again = rikke.post(page("publish", 2025), sent(number="3", **reason))
    assert again.status_code == 422 and "Vælg en opgørelse på listen" in text(again)


def test_what_is_revised_under_embargo_is_not_given_away(answered, cast, client_of):
    first = build_publication(
        answered.round, cast.rikke, embargo_until=timezone.now() + timedelta(hours=1), title="Hemmelig"
    )
    build_publication(answered.round, cast.rikke, revises=first, revision_reason="Rettelse")
    mette = client_of(cast.mette)
    assert "nr. 1" not in text(mette.get(LOG))
    assert "Hemmelig" not in text(mette.get(page("publication", 2)))


def test_the_menu_leads_to_the_publications(survey_round, cast, client_of):
    for user in (cast.anna, cast.mette):
        assert 'href="/offentliggoerelser/"' in text(client_of(user).get(LOG))


def test_the_log_takes_the_same_queries_whatever_its_length(answered, cast, rikke, django_assert_num_queries):
    address = LOG
    build_publication(answered.round, cast.rikke)
    rikke.get(address)
    with django_assert_num_queries(6):  # session, user, roles, demo, log, rounds
        rikke.get(address)
    for _number in range(3):
        build_publication(answered.round, cast.rikke)
    with django_assert_num_queries(6):
        rikke.get(address)


def test_the_pages_take_few_queries(published, cast, client_of, rikke, django_assert_num_queries):
    anna = client_of(cast.anna)
    with django_assert_num_queries(6):  # session, user, roles, demo, the publication, what revises it
        anna.get(page())
    with django_assert_num_queries(15):  # today besides: clock, rates, the round's answers, how sure they are
        rikke.get(page())
    with django_assert_num_queries(5):
        anna.get(page("quality"))


def test_a_drafts_round_has_nothing_to_publish(cast, rikke):
    SurveyRound.objects.create(
        accounts_year=2027,
        price_level=2027,
        population_date="2026-01-01",
        opens_at=timezone.now(),
        deadline=timezone.now() + timedelta(days=1),
        edit_until=timezone.now() + timedelta(days=1),
    )
    response = rikke.post(page("publish", 2027), sent())
    assert response.status_code == 409 and not Publication.objects.exists()
    assert "ikke åbnet" in response.content.decode()
