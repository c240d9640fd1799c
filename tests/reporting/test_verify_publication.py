"""`manage.py verify_publication`: what was published, made again from the database."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from municipalities.models import Municipality, PopulationCount, Region
from reporting.models import Publication
from reporting.publishing import freeze
from survey.models import ReportedInitiative, Submission
from tests.builders import build_publication
from tests.reporting.conftest import build_rate


@pytest.fixture
def published(answered, cast):
    build_rate(2026, "2.5")
    return build_publication(answered.round, cast.rikke, price_level=2026)


def verify(*arguments):
    """(exit status, lines)"""
    out, status = io.StringIO(), 0
    try:
        call_command("verify_publication", *arguments, stdout=out)
    except SystemExit as end:
        status = end.code
    return status, out.getvalue().splitlines()


def tamper(table: str, change) -> None:
    """What somebody with the database's own rights could do."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        change()
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def test_an_unchanged_publication_is_told_with_its_checksums(published):
    assert verify("1") == (
        0,
        [
            f"Offentliggørelse 1 er uændret (inputs {published.inputs_checksum}, "
            f"outputs {published.outputs_checksum})"
        ],
    )


def test_all_are_verified_and_one_that_differs_is_enough(published, answered, cast):
    build_publication(answered.round, cast.rikke)
    assert [line[:29] for line in verify("--all")[1]] == [f"Offentliggørelse {n} er uændret" for n in (1, 2)]
    tamper("reporting_pricerate", lambda: published.rates.update(percent="2.6"))
    status, lines = verify("--all")
    assert status == 1
    assert (
        "Offentliggørelse 1: Grundlag, satser, 2026, sats i pct.: 2.500 ved offentliggørelsen, 2.600 nu"
        in lines
    )
    assert any(line.startswith("Offentliggørelse 2 er uændret") for line in lines)


def test_a_population_that_was_changed_is_found_and_named(published):
    odense = PopulationCount.objects.filter(municipality__name="Odense")
    tamper("municipalities_populationcount", lambda: odense.update(inhabitants=210_001))
    status, lines = verify("1")
    assert status == 1
    assert lines[0] == (
        "Offentliggørelse 1: Grundlag, kommuner, Odense (461), indbyggere: "
        "210000 ved offentliggørelsen, 210001 nu"
    )
    assert any("metoder, a, opregning, Bruttoudgifter, i alt:" in line for line in lines)


def test_a_region_that_was_changed_is_found_and_named(published):
    midtjylland = Region.objects.get(name="Region Midtjylland")
    langeland = Submission.objects.filter(municipality__name="Langeland")
    tamper("survey_submission", lambda: langeland.update(region=midtjylland))
    status, lines = verify("1")
    assert status == 1
    assert any("Langeland (482), regionens navn: Region Syddanmark ved offent" in line for line in lines)


def test_a_municipality_that_is_moved_keeps_its_region_in_earlier_rounds(published):
    midtjylland = Region.objects.get(name="Region Midtjylland")
    Municipality.objects.filter(name="Langeland").update(region=midtjylland)
    assert verify("1")[0] == 0
    with pytest.raises(IntegrityError), transaction.atomic():
        Submission.objects.filter(municipality__name="Langeland").update(region=midtjylland)


def test_a_reported_amount_that_was_changed_is_found_and_named(published):
    initiative = ReportedInitiative.objects.filter(title="Netværk")
    tamper("survey_reportedinitiative", lambda: initiative.update(gross_expenditure=601))
    status, lines = verify("1")
    assert status == 1
    assert "hvor beløbene er fra, bruttoudgifter, ikke oplyst, beløb: 6850 ved offentliggørelsen" in lines[0]
    assert "Odense (461), bruttoudgifter, Socialområdet: 600 ved offentliggørelsen, 601 nu" in lines[1]


def test_texts_that_were_changed_are_found_by_their_checksums(published):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "ALTER TABLE reporting_publication DROP CONSTRAINT published_outputs_have_their_checksum"
        )
    changed = published.outputs.replace('"n":3', '"n":4')
    tamper("reporting_publication", lambda: Publication.objects.update(outputs=changed))
    status, lines = verify("1")
    assert status == 1
    assert lines[0] == "Offentliggørelse 1: Resultater: teksten passer ikke til sin kontrolsum"
    assert any(line.endswith("n: 4 ved offentliggørelsen, 3 nu") for line in lines)


def test_a_population_that_is_gone_is_told(published):
    odense = PopulationCount.objects.filter(municipality__name="Odense")
    tamper("municipalities_populationcount", odense.delete)
    status, lines = verify("1")
    assert status == 1 and "mangler for Odense" in lines[0]


def test_another_code_version_is_told_and_is_no_error_when_the_figures_agree(answered, cast, monkeypatch):
    monkeypatch.setattr(freeze, "code_version", lambda: "0123456789ab")
    build_publication(answered.round, cast.rikke)
    status, lines = verify("1")
    assert status == 0 and "uændret" in lines[0] and "programversion 0123456789ab, nu" in lines[1]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["7"], "Offentliggørelse 7 findes ikke."),
        (["9" * 30], "findes ikke"),
        ([], "Skriv enten"),
        (["1", "--all"], "Skriv enten"),
    ],
)
def test_what_is_not_there_is_told_in_one_line(published, arguments, message):
    with pytest.raises(CommandError, match=message) as refused:
        call_command("verify_publication", *arguments)
    assert refused.value.returncode == 1
