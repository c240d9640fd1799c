"""Time travel: what is published stays, and an earlier moment gives its figures again to the last digit."""

import ast
import json
from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.urls import reverse
from django.utils import translation

from reporting.models import Publication
from reporting.national import national_estimate
from reporting.price_levels import MissingRate
from reporting.publishing import code_version, documents, freeze
from reporting.publishing.verify import differences
from reporting.quality.declaration import declaration
from reporting.strata import EstimateRefused
from survey import transitions
from survey.transitions import Refused, database_now
from tests.builders import build_approver, build_initiative, build_publication, build_round, hand_in
from tests.conftest import build_cast
from tests.reporting.conftest import build_rate
from tests.reporting.story import STORY, adjust, somebody_else_answers


def frozen_part(response) -> str:
    """The publication's page without today's figures."""
    shown = " ".join(response.content.decode().split())
    before, _today, after = shown.partition("<h2>De samme tal i dag</h2>")
    return before[before.index("<h1>") :] + after[after.index("<h2>Tallene</h2>") : after.index("</main>")]


def test_whatever_happens_a_publication_and_every_moment_since_stay_as_they_were(
    answered, cast, at_2026, client_of
):
    rikke, address = client_of(cast.rikke), at_2026.get_absolute_url()
    page, moments = frozen_part(rikke.get(address)), []
    for step in STORY:
        moments.append((at := database_now(), national_estimate(answered.round, price_level=2026, as_at=at)))
        step(answered, cast)
        assert frozen_part(rikke.get(address)) == page, step
        assert differences(Publication.objects.get()) == []
        for moment, seen in moments:
            again = national_estimate(answered.round, price_level=2026, as_at=moment)
            assert again.lines == seen.lines and again.columns == seen.columns


def test_the_figures_as_at_a_publication_are_the_published_ones(answered, cast, at_2026):
    for step in STORY:
        step(answered, cast)
    national = national_estimate(answered.round, price_level=2026, as_at=at_2026.as_at)
    found = json.loads(at_2026.outputs)
    for variable, line in national.lines.items():
        published = found["methods"]["a"]["estimates"][variable]
        assert published["total"] == line.estimate.total and published["se"] == line.estimate.se
        assert tuple(published["ci95"]) == line.estimate.interval
        assert found["reported"][variable] == f"{line.reported.value:f}"


def test_only_a_round_manager_publishes(answered, cast):
    for user in (cast.mette, cast.admin, cast.carl):
        with pytest.raises(PermissionDenied):
            build_publication(answered.round, user)


def test_what_cannot_be_estimated_cannot_be_published(answered, cast):
    with pytest.raises(EstimateRefused, match="no_immigrants"):
        build_publication(answered.round, cast.rikke, method="d")
    with pytest.raises(MissingRate):
        build_publication(answered.round, cast.rikke, price_level=2026)
    with pytest.raises(Refused, match="der er passeret"):
        build_publication(answered.round, cast.rikke, as_at=database_now() + timedelta(minutes=1))
    assert not Publication.objects.exists()


def test_a_revision_is_of_the_same_round_and_the_only_one(answered, cast):
    first = build_publication(answered.round, cast.rikke)
    reason = {"revises": first, "revision_reason": "Nye svar"}
    with pytest.raises(Refused, match="samme kortlægning"):
        build_publication(build_round(accounts_year=2024), cast.rikke, **reason)
    build_publication(answered.round, cast.rikke, **reason)
    with pytest.raises(Refused, match="reviderer allerede"):
        build_publication(answered.round, cast.rikke, **reason)


def test_publications_are_numbered_over_all_rounds(answered, cast):
    numbers = [build_publication(answered.round, cast.rikke).number for _i in range(3)]
    assert numbers == [1, 2, 3]


def test_the_rates_of_the_moment_are_pinned_and_no_others(answered, cast):
    build_rate(2024, "9")
    old = build_rate(2026, "2.5")
    before = database_now()
    build_rate(2026, "3", recorded_at=before + timedelta(microseconds=1))
    publication = build_publication(answered.round, cast.rikke, price_level=2026, as_at=before)
    assert list(publication.rates.all()) == [old]
    assert [rate["id"] for rate in publication.basis["rates"]] == [old.pk]


def test_the_language_of_who_publishes_is_not_frozen(answered, cast):
    answered.round.refresh_from_db()
    transitions.withdraw(submission_id=answered.submissions["Aarhus"].pk, by=cast.bo)
    with translation.override("en"):
        publication = build_publication(answered.round, cast.rikke)
    refused = publication.figures["methods"]["e"]["refused"]
    assert refused == {"code": "certainty_missing", "parameters": {"count": 1}}
    with translation.override("da"):
        assert differences(publication) == []


def test_texts_are_canonical_and_amounts_exact(answered, cast):
    build_rate(2026, "1.9")
    publication = build_publication(answered.round, cast.rikke, price_level=2026)
    for text, found in ((publication.inputs, publication.basis), (publication.outputs, publication.figures)):
        assert documents.canonical(found) == text
    assert publication.figures["reported"]["exp_total"] == "6980.15000"
    assert publication.basis["municipalities"][0]["expenditure"] == {"employment": 1250, "social": 600}


def test_the_figures_can_be_made_again_from_the_inputs_alone(answered, cast):
    publication = build_publication(answered.round, cast.rikke)
    assert documents.canonical(documents.outputs(json.loads(publication.inputs))) == publication.outputs


def test_the_declaration_tells_what_the_ministry_corrected_and_what_nobody_stated(
    answered, cast, at_2026, client_of
):
    adjust(answered, cast)
    publication = build_publication(answered.round, cast.rikke, price_level=2026)
    address = reverse("publications:quality", args=[publication.number])
    shown = " ".join(client_of(cast.anna).get(address).content.decode().split())
    for heading in ("Indhold", "Statistisk behandling", "Relevans", "Præcision og pålidelighed"):
        assert f"<h2>{heading}</h2>" in shown
    for heading in ("Aktualitet og punktlighed", "Sammenlignelighed", "Tilgængelighed"):
        assert f"<h2>{heading}</h2>" in shown
    assert "Indsatser rettet af ministeriet: 1. Kommuner, som de er fra: 1." in shown
    assert ">7.021<" in shown and ">6.414<" in shown and ">-607<" in shown
    assert "3 af 4 kommuner har svaret. De har 96,9 pct. af indbyggerne. 1 af dem" in shown
    assert "er 0,0 pct. skønnet, og for 100,0 pct. er det ikke oplyst" in shown
    assert "Advarsler passeret med en begrundelse i de svar, der tæller med: 2." in shown
    assert "Færre end fem svar: Region Midtjylland, Region Syddanmark." in shown
    assert ">2,5<" in shown and "1. januar 2020" in shown


@pytest.mark.parametrize("silent", ["Aarhus", None])
def test_every_table_of_the_declaration_has_a_cell_under_each_heading(answered, cast, silent):
    """Method e refused; a correction; and a census, which has no table of what is missing."""
    if silent:
        transitions.withdraw(submission_id=answered.submissions[silent].pk, by=cast.bo)
        adjust(answered, cast)
    else:
        somebody_else_answers(answered, cast)
    chapters = declaration(build_publication(answered.round, cast.rikke))
    tables = [table for chapter in chapters for part in chapter.parts for table in part.tables]
    assert len(tables) == (8 if silent else 6)
    assert all(len(row) == len(table.headings) for table in tables for row in table.rows)


def test_an_embargo_that_is_over_and_a_stale_page_are_refused(answered, cast):
    with pytest.raises(Refused, match="Klausulen skal slutte efter"):
        build_publication(answered.round, cast.rikke, embargo_until=database_now())
    first = build_publication(answered.round, cast.rikke, number=1)
    assert build_publication(answered.round, cast.rikke, number=1) == first
    for other in ({"title": "Andre tal"}, {"as_at": first.as_at - timedelta(seconds=1)}, {"number": 3}):
        with pytest.raises(Refused, match="En anden har offentliggjort imens"):
            build_publication(answered.round, cast.rikke, **{"number": 1} | other)


def test_the_code_version_covers_every_module_that_a_figure_passes_through():
    """What the documents import of ours, step by step; what only words or guards is left out by name."""
    words = {"reporting/wording.py", "reporting/files/municipal_csv.py", "reporting/rounding.py"}
    seen, waiting = set(), ["reporting/publishing/freeze.py"]
    while waiting:
        path = waiting.pop()
        if path in seen or not path.startswith("reporting/") or path in words:
            continue
        seen.add(path)
        for node in ast.walk(ast.parse((code_version.ROOT / path).read_text())):
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
                files = [f"{name.replace('.', '/')}.py" for name in names]
                waiting += [file for file in files if (code_version.ROOT / file).exists()]
    not_figures = {"reporting/publishing/code_version.py"}
    assert seen - not_figures <= set(code_version.SOURCES)
    assert code_version.code_version() == code_version.code_version.__wrapped__()


# A hand-in takes its time under its lock, and is committed some milliseconds later.


@pytest.fixture
def under_way(transactional_db):
    """Aarhus and Langeland have answered; Odense's answer is entered, and will be handed in."""
    cast, survey_round = build_cast(), build_round()
    submission_of = {s.municipality.name: s for s in survey_round.submissions.select_related("municipality")}
    build_initiative(submission_of["Aarhus"], cast.bo, gross_expenditure=5000)
    hand_in(submission_of["Aarhus"], cast.bo)
    hand_in(submission_of["Langeland"], build_approver(submission_of["Langeland"]))
    build_initiative(submission_of["Odense"], cast.carl)
    return cast, survey_round, submission_of["Odense"]


def publish_during_a_hand_in(under_way) -> Publication:
    cast, survey_round, odense = under_way

    def publish():
        try:
            build_publication(survey_round, cast.rikke)
        finally:
            connection.close()

    thread = Thread(target=publish)
    with transitions.locked(transitions._by_id(odense.pk)) as (submission, now):
        thread.start()
        thread.join(0.7)
        transitions.record_hand_in(submission, list(submission.initiatives.all()), by=cast.carl, at=now)
    thread.join(30)
    return Publication.objects.get()


def test_a_publication_waits_for_a_hand_in_under_way(under_way):
    publication = publish_during_a_hand_in(under_way)
    assert publication.figures["basis"]["n"] == 3
    assert differences(publication) == []


def test_without_the_lock_a_hand_in_under_way_is_missed_and_found_later(under_way, monkeypatch):
    monkeypatch.setattr(freeze, "_after_all_under_way", database_now)
    publication = publish_during_a_hand_in(under_way)
    assert publication.figures["basis"]["n"] == 2
    assert any("Odense (461), har svaret: false ved" in line for line in differences(publication))


def test_a_publication_waits_for_a_rate_under_way(under_way):
    cast, survey_round, _odense = under_way
    build_rate(2026, "2.5")
    found = []

    def publish():
        try:
            found.append(build_publication(survey_round, cast.rikke, price_level=2026))
        finally:
            connection.close()

    thread = Thread(target=publish)
    with transaction.atomic():
        build_rate(2026, "3", recorded_at=datetime(2021, 1, 1, tzinfo=UTC))
        thread.start()
        thread.join(0.7)
        assert thread.is_alive()
    thread.join(30)
    assert [rate["percent"] for rate in found[0].basis["rates"]] == ["3.000"]


def test_other_municipalities_are_not_told_who_has_not_answered(answered, cast, client_of):
    transitions.withdraw(submission_id=answered.submissions["Aarhus"].pk, by=cast.bo)
    publication = build_publication(answered.round, cast.rikke)
    client = client_of(cast.anna)
    page = client.get(publication.get_absolute_url()).content.decode()
    assert "mindst 100.000 indbyggere. 1 kommune mangler." in page and "Aarhus" not in page
    data = client.get(reverse("publications:outputs", args=[publication.number])).content.decode()
    assert "certainty_missing" in data and "Aarhus" not in data
