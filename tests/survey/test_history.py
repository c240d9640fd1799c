"""Who did what when: what the triggers write, how steps become lines, and who may read them."""

from datetime import timedelta
from uuid import uuid4

import pghistory
import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from survey import adjusting, transitions
from survey.checking import keep_reasons
from survey.history.entries import entries
from survey.history.lines import lines
from survey.history.steps import Step, grouped
from survey.models import Initiative, Message, Submission, SubmissionArea
from tests.builders import build_initiative, build_round, hand_in

InitiativeEvent = apps.get_model("survey", "InitiativeEvent")
ANNA, CARL = 1, 2


def step(number, minute, label="update", row=1, user=ANNA, act=None, request=None):
    return Step(number, 60.0 * minute, label, row, user, act, request)


def ids(steps):
    return [[one.id for one in group.steps] for group in grouped(steps)]


def test_one_persons_changes_of_one_initiative_within_half_an_hour_are_one_line():
    assert ids([step(1, 0), step(2, 5), step(3, 30)]) == [[1, 2, 3]]
    assert ids([step(1, 0), step(2, 31), step(3, 32)]) == [[1], [2, 3]]


def test_another_initiative_between_does_not_break_a_line_and_another_person_does():
    assert ids([step(1, 0), step(2, 1, row=2), step(3, 2)]) == [[1, 3], [2]]
    assert ids([step(1, 0), step(2, 1, user=CARL), step(3, 2)]) == [[1], [2], [3]]


def test_what_is_written_after_creating_belongs_to_it_but_not_after_copying():
    assert ids([step(1, 0, "insert"), step(2, 3)]) == [[1, 2]]
    assert ids([step(1, 0, "insert", act="copied"), step(2, 3)]) == [[1], [2]]
    assert ids([step(1, 0, "insert"), step(2, 3, "delete"), step(3, 4, "insert", row=2)]) == [[1], [2], [3]]


def test_a_request_that_touches_several_initiatives_is_one_line():
    both = "one request"
    steps = [step(1, 0), step(2, 1, request=both), step(3, 1, row=2, request=both), step(4, 2)]
    assert ids(steps) == [[1], [2, 3], [4]]
    group = grouped(steps)[1]
    assert group.before == {1: 1, 2: None}


def test_the_baseline_is_no_line_but_what_the_first_change_is_compared_with():
    (group,) = grouped([step(1, 0, "baseline"), step(2, 9)])
    assert group.before == {1: 1}


def told(submission, user):
    found = entries(Submission.objects.select_related("round", "municipality").get(pk=submission.pk), user)
    return [f"{line.who} {line.text}" for line in lines(submission, found)]


def by(user, **more):
    return pghistory.context(user=user.pk, **more)


def change(initiative, user, **values):
    with by(user):
        Initiative.objects.filter(pk=initiative.pk).update(**values)


def test_a_change_is_told_with_field_from_and_to(odense, cast):
    with by(cast.anna):
        initiative = build_initiative(odense, cast.anna, gross_expenditure=1200, target_share=80)
    change(initiative, cast.carl, gross_expenditure=1250, content="Nyt", funding_sources=["state", "own"])
    change(initiative, cast.carl, target_share=None, target_share_unknown=True, expenditure_basis="estimated")
    found = lines(odense, entries(odense, cast.lis))
    assert [f"{line.who} {line.text}" for line in found] == [
        "Carl rettede Bruttoudgifter (fra 1.200 til 1.250), Finansieringskilder (fra Kommunen finansierer "
        "selv til Tilskud fra staten (fx puljemidler); Kommunen finansierer selv), Indhold, Andel af "
        "målgruppen, som er flygtninge, indvandrere eller efterkommere (fra 80 % til -) og Udgiften er "
        "(fra tomt til Skønnet) i ”Mentorer til kvinder”.",
        "Anna oprettede ”Mentorer til kvinder”.",
    ]
    assert found[0].texts == [("Indhold", "Frivillige mentorer mødes med kvinder hver uge.", "Nyt")]
    assert found[0].url == initiative.get_absolute_url()


def test_what_was_changed_back_says_so(odense, cast):
    initiative = build_initiative(odense, cast.anna)
    change(initiative, cast.carl, title="Andet")
    change(initiative, cast.carl, title=initiative.title)
    assert told(odense, cast.carl)[0] == "Carl rettede i ”Mentorer til kvinder” og rettede det tilbage igen."


def test_a_save_that_changes_nothing_is_no_event(odense, cast):
    initiative = build_initiative(odense, cast.anna)
    change(initiative, cast.carl, revision=7, updated_by=cast.carl, updated_at=timezone.now())
    assert InitiativeEvent.objects.count() == 1


def test_a_deleted_initiative_is_told_with_what_it_held(odense, cast):
    initiative = build_initiative(odense, cast.anna)
    with by(cast.carl):
        initiative.delete()
    line = lines(odense, entries(odense, cast.anna))[0]
    assert (line.who, line.text, line.url) == ("Carl", "slettede ”Mentorer til kvinder”.", "")
    assert dict(line.was.answers())["8. Indhold"] == "Frivillige mentorer mødes med kvinder hver uge."


def test_what_no_page_did_is_nobodys_though_the_row_names_somebody(odense, cast):
    with by(cast.anna):
        build_initiative(odense, cast.anna)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pghistory.context_metadata', '', true)")
        cursor.execute("UPDATE survey_initiative SET gross_income = 5")
    assert told(odense, cast.anna)[0].startswith("Systemet rettede Bruttoindtægter (fra 0 til 5)")


def test_of_a_request_with_many_initiatives_twenty_are_named(odense, cast):
    with by(cast.anna, act="imported"):
        Initiative.objects.bulk_create(
            Initiative(submission=odense, updated_by=cast.anna, title=f"Nr. {i}") for i in range(25)
        )
    (line,) = lines(odense, entries(odense, cast.anna))
    assert line.text == "indlæste indsatser (nye: 25)."
    assert line.parts[0] == "”Nr. 0”" and len(line.parts) == 20 and line.unnamed == 5
    with by(cast.carl):
        for initiative in odense.initiatives.order_by("-pk"):  # told by id, in whatever order it was written
            Initiative.objects.filter(pk=initiative.pk).update(gross_income=3)
    line = lines(odense, entries(odense, cast.anna))[0]
    assert line.parts[0] == "rettede Bruttoindtægter (fra tomt til 3) i ”Nr. 0”."


def test_areas_are_told_when_given_done_and_stated_empty(odense, cast):
    with by(cast.carl):
        area = SubmissionArea.objects.create(submission=odense, service_area="social", assignee=cast.anna)
    now = timezone.now()
    for user, values in (
        (cast.anna, {"done_at": now}),
        (cast.anna, {"done_at": None, "nil_at": now, "nil_by": cast.anna}),
        (cast.carl, {"nil_at": None, "nil_by": None, "assignee": None}),
    ):
        with by(user):
            SubmissionArea.objects.filter(pk=area.pk).update(**values)
    assert told(odense, cast.lis) == [
        "Carl fjernede den ansvarlige for Socialområdet og tog erklæringen om, at der ingen indsatser er på "
        "Socialområdet, tilbage.",
        "Anna meldte, at Socialområdet ikke er færdigt alligevel og erklærede, at der ingen indsatser er på "
        "Socialområdet.",
        "Anna meldte Socialområdet færdigt.",
        "Carl gav Anna ansvaret for Socialområdet.",
    ]


def build_life(odense, cast):
    """Handed in, adjusted, asked about, returned, and answered in the dialogue."""
    initiative = build_initiative(odense, cast.anna)
    reported = hand_in(odense, cast.carl).initiatives.get()
    change = {"reason": "other", "explanation": "Aftalt.", "gross_expenditure": 125}
    adjusting.adjust(initiative_id=reported.pk, by=cast.mette, seen=None, **change)
    asked = {"uuid": initiative.uuid, "field": "content", "text": "Hemmeligt?"}
    Message.objects.create(submission=odense, by=cast.mette, from_ministry=True, **asked)
    Message.objects.create(submission=odense, by=cast.anna, from_ministry=False, text="Nej.")
    due = timezone.now() + timedelta(days=5)
    returned = {"version_seen": 1, "comment": "Se på beløbet.", "due_at": due}
    transitions.send_back(submission_id=odense.pk, by=cast.mette, **returned)
    return initiative


def test_the_ministrys_and_the_approvers_acts_are_told_and_messages_without_their_text(odense, cast):
    build_life(odense, cast)
    found = told(odense, cast.lis)
    assert found[0].startswith("Mette, ministeriet, sendte version 1 tilbage med frist ")
    assert found[1:5] == [
        "Anna skrev en besked i dialogen.",
        "Mette, ministeriet, skrev en besked i dialogen om Indhold i ”Mentorer til kvinder”.",
        "Mette, ministeriet, rettede i ministeriets opgørelse 2. Bruttoudgifter (fra 1.250 til 125) i "
        "”Mentorer til kvinder”.",
        "Carl indsendte version 1.",
    ]
    assert "Hemmeligt?" not in str(found)


@pytest.fixture
def url(odense):
    return reverse("survey:history", args=["461", 2025])


def test_the_page_is_for_the_municipalitys_own_people_alone(odense, cast, client_of, url):
    build_life(odense, cast)
    seen = {
        name: client_of(getattr(cast, name)).get(url).status_code
        for name in ("anna", "carl", "lis", "bo", "mette", "rikke", "admin")
    }
    assert seen == {"anna": 200, "carl": 200, "lis": 200, "bo": 404, "mette": 404, "rikke": 404, "admin": 404}


def test_who_posts_is_who_did_it(odense, cast, client_of, url):
    earlier = build_round(accounts_year=2024, price_level=2024)
    before = earlier.submissions.select_related("round", "municipality").get(municipality__code="461")
    for title in ("Mentorer", "Svømning"):
        build_initiative(before, cast.carl, title=title)
    hand_in(before, cast.carl)
    anna = client_of(cast.anna)
    anna.post(reverse("survey:copy", args=["461", 2025]), {"all": "1"})
    page = " ".join(anna.get(url).content.decode().split())
    assert "<strong>Anna</strong> hentede 2 indsatser fra sidste kortlægning." in page
    assert "”Svømning”" in page
    deleted = odense.initiatives.get(title="Svømning")
    address = reverse("survey:delete_initiative", args=["461", 2025, deleted.uuid])
    client_of(cast.carl).post(address, {"revision": 1})
    assert told(odense, cast.lis)[0] == "Carl slettede ”Svømning”."
    event = InitiativeEvent.objects.filter(submission=odense).first()
    assert set(event.pgh_context) == {"user", "view", "act"}  # not the address, which may hold a secret


def test_an_event_can_be_neither_changed_nor_deleted(odense, cast):
    build_initiative(odense, cast.anna)
    for act in (lambda: InitiativeEvent.objects.update(title="x"), InitiativeEvent.objects.all().delete):
        with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
            act()


def test_five_thousand_events_are_a_page_quickly_and_with_few_queries(
    odense, cast, client_of, url, django_assert_num_queries
):
    with by(cast.anna):
        initiatives = [build_initiative(odense, cast.anna, title=f"Nr. {i}") for i in range(50)]
    for number in range(100):
        with by((cast.anna, cast.carl)[number % 2]):
            Initiative.objects.filter(pk=initiatives[number % 50].pk).update(gross_income=number)
    with connection.cursor() as cursor:  # the same again and again, as if at other times
        cursor.execute(
            "INSERT INTO survey_initiativeevent SELECT (jsonb_populate_record(e, jsonb_build_object("
            "'pgh_id', nextval('survey_initiativeevent_pgh_id_seq'),"
            "'pgh_created_at', e.pgh_created_at - n * interval '1 hour'))).* "
            "FROM survey_initiativeevent e, generate_series(1, 50) n WHERE e.pgh_label = 'update'"
        )
    assert InitiativeEvent.objects.count() > 5000
    for number in range(5):
        Message.objects.create(submission=odense, by=cast.mette, from_ministry=True, text=f"{number}")
    client = client_of(cast.lis)
    client.get(url)
    with django_assert_num_queries(14):
        assert "Side 1 af " in client.get(url).content.decode()
    for page in ("2", "9999", "x", "-1", "\x00", "😀"):
        assert client.get(url, {"side": page}).status_code == 200


def test_a_workbooks_upsert_and_copy_are_seen_by_the_triggers(odense, cast):
    initiative = build_initiative(odense, cast.anna, gross_income=0)
    initiative.gross_income = 9
    columns = "submission_id, uuid, revision, created_at, updated_at, updated_by_id, title"
    texts = "service_area, legal_basis, primary_target_group, secondary_target_group, content, purpose"
    more = "time_horizon, funding_sources, target_share_unknown, expenditure_basis, income_basis, scope"
    row = [odense.pk, uuid4(), 1, timezone.now(), timezone.now(), cast.anna.pk, "Fra en fil"]
    upsert = {"unique_fields": ("submission", "uuid"), "update_fields": ("gross_income",)}
    with by(cast.carl, act="imported"):
        Initiative.objects.bulk_create([initiative], update_conflicts=True, **upsert)
        sql = f"COPY survey_initiative ({columns}, {texts}, {more}, scope_reason) FROM STDIN"
        with connection.cursor() as cursor, cursor.copy(sql) as copy:
            copy.write_row([*row, *[""] * 7, [], False, *[""] * 4])
    line = lines(odense, entries(odense, cast.anna))[0]
    assert (line.who, line.text) == ("Carl", "indlæste indsatser (nye: 1, rettede: 1).")
    assert line.parts[0] == "rettede Bruttoindtægter (fra 0 til 9) i ”Mentorer til kvinder”."
    assert line.parts[1] == "”Fra en fil”"


def test_a_reason_is_told_with_what_it_was_before(odense, cast):
    initiative = build_initiative(odense, cast.anna, gross_expenditure=0)

    def give(user, text):
        with by(user):
            reasons = {"expenditure_zero": text}
            keep_reasons(submission=odense, uuid=initiative.uuid, reasons=reasons, by=user)

    for text in ("Fri", "Frivillige."):  # as one types
        give(cast.anna, text)
    give(cast.carl, "Kun frivillige.")
    found = lines(odense, entries(odense, cast.lis))[:2]
    sentence = "skrev en begrundelse for en advarsel om ”Mentorer til kvinder”."
    assert [f"{line.who} {line.text}" for line in found] == [f"Carl {sentence}", f"Anna {sentence}"]
    assert [line.texts for line in found] == [
        [("Begrundelse", "Frivillige.", "Kun frivillige.")],
        [("Begrundelse", "", "Frivillige.")],
    ]
    assert found[0].url == initiative.get_absolute_url()
    give(cast.lis, "")
    deleted = lines(odense, entries(odense, cast.lis))[0]
    assert deleted.text == "slettede en begrundelse for en advarsel om ”Mentorer til kvinder”."
