"""Last round's initiatives again: what is copied, what is not, and by whom."""

import uuid
from contextlib import contextmanager
from threading import Barrier
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from survey import copying, entering
from survey.models import ReportedInitiative, Submission
from survey.models.initiatives import InitiativeQuerySet
from survey.transitions import withdraw
from tests.builders import build_adjustment, build_initiative, build_round, hand_in
from tests.conftest import build_cast
from tests.survey.test_races import MANY, at_once

URL = "/kommune/461/2025/fra-sidst/"


def build_story(cast) -> SimpleNamespace:
    """Odense reported two initiatives for 2024, one of which was adjusted, and one for 2022."""
    rounds = {year: build_round(accounts_year=year, price_level=year) for year in (2022, 2024, 2025)}
    odense = {
        year: one.submissions.select_related("round", "municipality").get(municipality__code="461")
        for year, one in rounds.items()
    }
    first = build_initiative(odense[2022], cast.anna, title="Mentorer", gross_expenditure=900)
    hand_in(odense[2022], cast.carl)
    supplement = {"expenditure_basis": "estimated", "income_basis": "accounts"}
    scope = {"scope": "doubt", "scope_reason": "Også andre deltager."}
    texts = {"title": "Mentorer", "uuid": first.uuid, "gross_expenditure": 1000, "gross_income": 10}
    build_initiative(odense[2024], cast.anna, **texts, **supplement, **scope)
    build_initiative(
        odense[2024],
        cast.anna,
        title="Svømning",
        service_area="culture_leisure",
        gross_expenditure=300,
        target_share=None,
        target_share_unknown=True,
    )
    version = hand_in(odense[2024], cast.carl)
    mentors, swimming = version.initiatives.order_by("position")
    build_adjustment(mentors, cast.mette, gross_expenditure=100, explanation="Aftalt i telefonen.")
    return SimpleNamespace(rounds=rounds, odense=odense, version=version, mentors=mentors, swimming=swimming)


@pytest.fixture
def story(cast):
    return build_story(cast)


def copy(story, by, *reported):
    submissions = Submission.objects.filter(pk=story.odense[2025].pk)
    uuids = [one.uuid for one in reported or (story.mentors, story.swimming)]
    return copying.copy_initiatives(submissions=submissions, versions=[story.version], uuids=uuids, by=by)


def test_all_but_the_amounts_are_copied_as_the_municipality_reported_them(story, cast):
    copy(story, cast.anna, story.mentors)
    copied = story.odense[2025].initiatives.get()
    assert {name: getattr(copied, name) for name in copying.COPIED} == {
        name: getattr(story.mentors, name) for name in copying.COPIED
    }
    assert copied.uuid == story.mentors.uuid and copied.updated_by == cast.anna
    assert (copied.gross_expenditure, copied.gross_income) == (None, None)
    assert (copied.expenditure_basis, copied.income_basis) == ("", "")
    assert copied.missing() == ["gross_expenditure", "gross_income"]
    assert (copied.scope, copied.scope_reason) == ("doubt", "Også andre deltager.")


def test_what_is_copied_is_not_copied_again_and_stays_as_it_was_edited(story, cast):
    copy(story, cast.anna, story.mentors)
    story.odense[2025].initiatives.update(content="Skrevet om", gross_expenditure=1100)
    assert [one.title for one in copy(story, cast.carl)] == ["Svømning"]
    assert copy(story, cast.carl) == []
    stored = {one.title: one.content for one in story.odense[2025].initiatives.all()}
    assert stored["Mentorer"] == "Skrevet om" and len(stored) == 2


def test_a_deleted_copy_can_be_copied_again(story, cast):
    copy(story, cast.anna)
    story.odense[2025].initiatives.filter(title="Svømning").delete()
    assert [one.uuid for one in copy(story, cast.anna)] == [story.swimming.uuid]


def test_uuids_that_were_not_reported_then_are_not_copied(story, cast, aarhus):
    build_initiative(aarhus, cast.bo, title="Aarhus' egen")
    elsewhere = hand_in(aarhus, cast.bo).initiatives.get()
    assert copy(story, cast.anna, elsewhere, ReportedInitiative(uuid=uuid.uuid4())) == []


def test_the_latest_earlier_round_with_a_version_that_counts_is_the_last_one(story, cast):
    years = [v.submission.round.accounts_year for v in copying.earlier_versions(story.odense[2025])]
    assert years == [2024, 2022]
    withdraw(submission_id=story.odense[2024].pk, by=cast.carl)
    years = [v.submission.round.accounts_year for v in copying.earlier_versions(story.odense[2025])]
    assert years == [2022]
    assert copying.earlier_versions(story.odense[2022]) == []


@pytest.fixture
def survey_round(story):
    return story.rounds[2025]


def test_readers_other_municipalities_and_the_ministry_cannot_copy(story, cast, client_of):
    for person, expected in (("lis", 403), ("bo", 404), ("mette", 404), ("admin", 404)):
        client = client_of(getattr(cast, person))
        assert client.get(URL).status_code == expected
        assert client.post(URL, {"all": "1"}).status_code == expected
    assert not story.odense[2025].initiatives.exists()


def test_the_functions_refuse_whom_the_pages_refuse(story, cast):
    with pytest.raises(Submission.DoesNotExist):
        copy(story, cast.lis)
    with pytest.raises(Submission.DoesNotExist):
        copy(story, cast.bo)
    hand_in(story.odense[2025], cast.carl)
    with pytest.raises(entering.Refused, match="indsendt"):
        copy(story, cast.carl)


def test_the_page_shows_last_rounds_amounts_corrections_and_what_is_copied(
    story, cast, client_of, django_assert_num_queries
):
    client = client_of(cast.anna)
    client.get(URL)
    with django_assert_num_queries(12):
        page = client.get(URL).content.decode()
    assert "2024: udgifter 1.000, indtægter 10 (1.000 kr. i 2024-priser)." in page
    assert "2. Bruttoudgifter 1.000 → 100." in page and "Aftalt i telefonen." in page
    assert page.count('type="checkbox"') == 2 and "Hent alle 2" in page
    copy(story, cast.anna, story.mentors)
    with django_assert_num_queries(12):
        page = client.get(URL).content.decode()
    assert page.count('type="checkbox"') == 1 and "(hentet)" in page
    assert 'id="id_initiatives_0"' in page


def test_change_over_time_is_followed_by_uuid(story, cast, client_of):
    copy(story, cast.anna, story.mentors)
    story.odense[2025].initiatives.update(gross_expenditure=1150, title="Mentorer, nyt navn")
    build_initiative(story.odense[2025], cast.anna, title="Helt ny", gross_expenditure=70)
    initiatives = story.odense[2025].initiatives.order_by("pk")
    rows = copying.over_time(initiatives, copying.earlier_versions(story.odense[2025]))
    assert [(row.title, row.amounts, row.change) for row in rows] == [
        ("Mentorer, nyt navn", [900, 1000, 1150], "continued"),
        ("Helt ny", [None, None, 70], "new"),
        ("Svømning", [None, 300, None], "absent"),
    ]
    page = client_of(cast.anna).get(URL).content.decode()
    assert "ført videre: 1, nye: 1, ikke med: 1" in " ".join(page.split())
    assert "1.000 kr. i hvert års egne priser" in page and "2025 (kladde)" in page


def test_the_chosen_or_all_are_copied_and_the_page_says_how_many(story, cast, client_of):
    client = client_of(cast.anna)
    page = client.post(URL, {"initiatives": [str(story.swimming.uuid)]}, follow=True)
    assert "1 indsats er hentet. Beløbene mangler endnu." in page.content.decode()
    page = client.post(URL, {"all": "1"}, follow=True).content.decode()
    assert "1 indsats er hentet." in page
    page = client.post(URL, {"all": "1"}, follow=True).content.decode()
    assert "Der blev ikke hentet noget: indsatserne er hentet i forvejen." in page
    assert story.odense[2025].initiatives.count() == 2
    assert "Alle indsatserne er hentet." in client.get(URL).content.decode()


@pytest.mark.parametrize(
    "posted",
    [
        {},
        {"initiatives": ["x"]},
        {"initiatives": ["\x00"]},
        {"initiatives": [str(uuid.uuid4())]},
        {"initiatives": ["😀" * 1000]},
        {"initiatives": ["\u202e" + "a" * 100_000]},
    ],
)
def test_a_bad_choice_is_an_error_with_the_page_again(story, cast, client_of, posted):
    response = client_of(cast.anna).post(URL, posted)
    assert response.status_code == 422
    assert "Der er fejl i formularen" in response.content.decode()
    assert not story.odense[2025].initiatives.exists()


def test_after_handing_in_nothing_can_be_copied_and_the_page_says_why(story, cast, client_of):
    client = client_of(cast.carl)
    build_initiative(story.odense[2025], cast.anna)
    hand_in(story.odense[2025], cast.carl)
    response = client.post(URL, {"all": "1"})
    assert response.status_code == 409
    assert "Besvarelsen er indsendt og kan ikke ændres." in response.content.decode()
    page = client.get(URL).content.decode()
    assert page.count('type="checkbox"') == 0 and "Hent de valgte" not in page
    assert "Besvarelsen er indsendt og kan ikke ændres." in page


@pytest.mark.parametrize("before", ["nothing", "nil"])
def test_with_nothing_to_copy_the_page_says_so(cast, client_of, before):
    earlier = build_round(accounts_year=2024, price_level=2024)
    build_round()
    if before == "nil":
        hand_in(earlier.submissions.get(municipality__code="461"), cast.carl)
    client = client_of(cast.anna)
    text = {
        "nothing": "Kommunen har ikke indsendt en besvarelse i en tidligere kortlægning",
        "nil": "I indberettede, at kommunen ingen indsatser havde i regnskabet for 2024",
    }[before]
    assert text in client.get(URL).content.decode()
    assert client.post(URL, {"all": "1"}).status_code == 422


def without_the_lock(monkeypatch):
    """Everybody has looked what is copied before anybody writes."""
    all_have_looked = Barrier(MANY)

    @contextmanager
    def unlocked(by, submissions):
        with transaction.atomic():
            yield submissions.get()

    def bulk_create(self, rows):
        rows = list(rows)
        all_have_looked.wait(30)
        return QuerySet.bulk_create(self, rows)

    monkeypatch.setattr(copying, "open_for", unlocked)
    monkeypatch.setattr(InitiativeQuerySet, "bulk_create", bulk_create, raising=False)


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    """Two people who press at the same time; twenty of them, to be sure that they meet."""

    @pytest.fixture
    def met(self):
        cast = build_cast()
        story = build_story(cast)
        return story, lambda: at_once(lambda i: copy(story, (cast.anna, cast.carl)[i % 2]))

    def test_each_initiative_is_copied_once_and_nobody_meets_an_error(self, met):
        story, copy_at_once = met
        results = copy_at_once()
        assert sorted(map(len, results)) == [0] * (MANY - 1) + [2]
        assert story.odense[2025].initiatives.count() == 2

    def test_without_the_lock_they_do(self, met, monkeypatch):
        story, copy_at_once = met
        without_the_lock(monkeypatch)
        results = copy_at_once()
        assert any(isinstance(result, IntegrityError) for result in results)
        assert story.odense[2025].initiatives.count() == 2  # the constraint is the second wall
