"""The page of the review's progress, as the ministry reads it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from reporting.progress.counting import Item, Wait, tallies, waiting
from survey import adjusting, dialogue, reviewing, transitions
from survey.models import Message, SubmissionEvent, SubmissionVersion
from tests.builders import build_initiative, build_round, change_basis, hand_in

ADDRESS = "/ministerium/2025/gennemgang/fremdrift/"
EXPLAINED = {"reason": "agreed", "explanation": "Aftalt med kommunen."}


@pytest.fixture
def mette(cast, client_of):
    return client_of(cast.mette)


def read(client):
    response = client.get(ADDRESS)
    assert response.status_code == 200
    return response.context, " ".join(response.content.decode().split())


def ask(cast, submission, initiative):
    return dialogue.post(
        submission_id=submission.pk,
        by=cast.mette,
        from_ministry=True,
        text="Er beløbet i 1.000 kr.?",
        seen=0,
        uuid=initiative.uuid,
        field="gross_expenditure",
    )


def test_tallies_count_initiatives_and_expenditure_by_state():
    items = [
        Item("open", "social", Decimal(10), None, None),
        Item("asked", "social", Decimal(20), 1, None),
        Item("accepted", "social", Decimal(40), 1, 2),
        Item("adjusted", "general", Decimal("0.5"), None, 1),
    ]
    found = tallies(items, lambda item: item.area)
    social = found["social"]
    assert (social.count, social.open, social.asked, social.accepted, social.settled) == (3, 1, 1, 1, 1)
    assert (social.open_amount, social.asked_amount, social.settled_amount) == (10, 20, 40)
    assert found["general"].settled_amount == Decimal("0.5")


def test_waiting_is_in_whole_days_with_the_one_that_has_waited_longest():
    waits = [Wait(date(2026, 3, day), f"K{day}", "/") for day in (1, 4, 10, 11)]
    found = waiting(waits, date(2026, 3, 11))
    assert (found.count, found.median, found.longest, found.first.name) == (4, 4.0, 10, "K1")
    assert waiting([], date(2026, 3, 11)).median is None


def test_the_review_is_counted_by_state_area_and_reviewer(answered, initiative_of, cast, mette):
    odense, aarhus = answered.submissions["Odense"], answered.submissions["Aarhus"]
    adjusting.accept(initiative_id=initiative_of(1250).pk, by=cast.rikke, seen=None)
    ask(cast, odense, initiative_of(600))
    reviewing.assign(
        submission_id=odense.pk,
        uuids=[initiative_of(1250).uuid, initiative_of(600).uuid],
        reviewer=cast.mette,
        by=cast.rikke,
    )
    adjusting.adjust(
        initiative_id=initiative_of(5000).pk, by=cast.mette, seen=None, gross_expenditure=4000, **EXPLAINED
    )
    context, text = read(mette)
    review = context["review"]
    whole = review.whole
    assert (whole.count, whole.accepted, whole.adjusted, whole.asked, whole.open) == (3, 1, 1, 1, 0)
    assert (whole.settled_amount, whole.asked_amount) == (5250, 600)
    areas = {area: tally.count for area, _name, tally in review.areas}
    assert areas["employment"] == 2 and areas["social"] == 1 and sum(areas.values()) == 3
    assert [(row.name, row.tally.count, row.decided) for row in review.reviewers] == [
        ("Mette", 2, 1),
        ("Rikke", 0, 1),
        ("", 1, 0),
    ]
    assert "2 af 3 indsatser er gennemgået, " in text
    assert "heraf er 1 rettet; 1 afventer svar, og 0 venter på ministeriet" in text
    assert reverse("reporting:initiative", args=[2025, "461", initiative_of(600).uuid]) in text
    assert "Aarhus: " not in text and aarhus.pk


def test_an_adjusted_area_and_one_out_of_scope_count_as_they_count(answered, initiative_of, cast, mette):
    adjust = adjusting.adjust
    adjust(initiative_id=initiative_of(600).pk, by=cast.mette, seen=None, out_of_scope=True, **EXPLAINED)
    adjust(
        initiative_id=initiative_of(5000).pk,
        by=cast.mette,
        seen=None,
        service_area="health_elderly",
        **EXPLAINED,
    )
    tallied = {area: tally for area, _name, tally in read(mette)[0]["review"].areas}
    assert (tallied["social"].adjusted, tallied["social"].settled_amount) == (1, 0)
    assert (tallied["health_elderly"].adjusted, tallied["health_elderly"].settled_amount) == (1, 5000)


def test_answers_wait_since_they_were_handed_in_and_returned(answered, cast, mette):
    odense = answered.submissions["Odense"]
    transitions.send_back(
        submission_id=odense.pk,
        by=cast.mette,
        version_seen=1,
        comment="Se på beløbene.",
        due_at=timezone.now() + timedelta(days=7),
    )
    transitions.approve(submission_id=answered.submissions["Langeland"].pk, by=cast.mette, version_seen=1)
    back(SubmissionVersion, "submitted_at", 6)
    back(SubmissionEvent, "at", 3, kind="returned")
    context, text = read(mette)
    rows = {row.state: row for row in context["answers"]}
    assert {state: row.count for state, row in rows.items()} == {"submitted": 1, "returned": 1, "approved": 1}
    assert (rows["submitted"].waiting.longest, rows["returned"].waiting.longest) == (6, 3)
    assert rows["approved"].waiting is None
    assert reverse("reporting:submission", args=[2025, "751"]) in text


def test_a_question_waits_since_it_was_asked_and_an_answer_ends_it(answered, initiative_of, cast, mette):
    odense = answered.submissions["Odense"]
    question = ask(cast, odense, initiative_of(600))
    back(Message, "at", 4)
    assert read(mette)[0]["review"].asked.longest == 4
    dialogue.post(
        submission_id=odense.pk,
        by=cast.carl,
        from_ministry=False,
        text="Ja.",
        seen=question.pk,
        reply_to=question.pk,
    )
    assert read(mette)[0]["review"].asked.count == 0


def back(model, field, days, **which):
    """Moves a moment past the triggers that keep it."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE {table} DISABLE TRIGGER USER")
        for row in model.objects.filter(**which):
            moment = getattr(row, field) - timedelta(days=days)
            model.objects.filter(pk=row.pk).update(**{field: moment})
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def test_the_page_shows_each_headline_before_and_after(answered, initiative_of, cast, mette):
    adjusting.adjust(
        initiative_id=initiative_of(5000).pk, by=cast.mette, seen=None, gross_expenditure=5, **EXPLAINED
    )
    context, text = read(mette)
    assert '<th scope="row">Bruttoudgifter</th> <td class="align-text-right">6.850</td>' in text
    rows = {name: effect.in_order for name, effect in context["effects"]}
    assert rows["Bruttoudgifter"][:3] == [6850, 1855, -4995]
    assert "1.855" in text and "-4.995" in text and "7.066" in text and "1.914" in text  # 621/602 of them
    assert "11,4" in text and "3,1" in text  # kr. per inhabitant
    assert "<td>Aftalt med kommunen</td>" in text and "2025-pris- og lønniveau" in text


def test_without_adjustments_there_is_no_effect_to_show(answered, mette):
    assert "Ministeriet har ikke rettet noget, der gælder nu" in read(mette)[1]


def test_what_is_missing_for_the_figures_is_said_and_the_waiting_stands(answered, mette):
    change_basis(price_level=2027)
    text = read(mette)[1]
    assert "Pris- og lønskønnet for 2026 mangler" in text and 'id="waiting"' in text
    change_basis(price_level=2025, population_date="2020-01-01")
    assert "Folketallet pr. 01.01.2020 mangler" in read(mette)[1]


def test_before_anybody_has_answered_the_page_stands(survey_round, mette):
    text = read(mette)[1]
    assert "0 af 0 indsatser er gennemgået" in text and "Der er ingen indsatser at gennemgå." in text


def test_a_round_that_is_not_opened_has_no_progress(survey_round, mette):
    change_basis(state="draft")
    response = mette.get(ADDRESS)
    assert response.status_code == 200 and "review" not in response.context


def test_a_municipality_does_not_find_it(answered, cast, client_of):
    assert client_of(cast.carl).get(ADDRESS).status_code == 404


def test_the_number_of_queries_follows_nothing(answered, initiative_of, cast, mette):
    def count():
        with CaptureQueriesContext(connection) as queries:
            mette.get(ADDRESS)
        return len(queries)

    adjusting.accept(initiative_id=initiative_of(5000).pk, by=cast.mette, seen=None)
    before = count()
    build_round(accounts_year=2024)
    odense = answered.submissions["Odense"]
    ask(cast, odense, initiative_of(600))
    transitions.withdraw(submission_id=odense.pk, by=cast.carl)
    for number in range(8):
        build_initiative(odense, cast.carl, title=f"Indsats {number}")
    hand_in(odense, cast.carl)
    assert count() <= before + 2 <= 22  # two more follow accepted initiatives of an earlier version
