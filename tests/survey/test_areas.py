"""Who has an area, whether it is called done, and the signed statement that it is empty."""

import re
from threading import Barrier, Thread

import pytest
from django.contrib.messages import get_messages
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils import timezone

from municipalities.models import Membership, Role
from survey import areas, colleagues, entering
from survey.areas import area_table
from survey.models import ServiceArea, Submission, SubmissionArea
from survey.transitions import Refused
from tests.builders import build_initiative, build_round, build_user, hand_in
from tests.conftest import build_cast

HOME = "/kommune/461/2025/"
ASSIGN, DONE = HOME + "kolleger/omraader/", HOME + "omraade-faerdigt/"
EMPTY, TAKE_BACK = HOME + "ingen-indsatser/", HOME + "indsatser-alligevel/"


def text(response):
    return " ".join(response.content.decode().split())


def told(response):
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def one(submission):
    return Submission.objects.filter(pk=submission.pk)


def chosen(seen=None, **users):
    """The six selects as a browser posts them; `seen` is what the page showed, by area."""
    data = {}
    for area in ServiceArea.values:
        was = getattr((seen or {}).get(area), "pk", "")
        data |= {f"areas-{area}": getattr(users.get(area), "pk", ""), f"areas-{area}_seen": was}
    return data


def said(submission, area="social") -> SubmissionArea:
    return submission.areas.get(service_area=area)


@pytest.fixture
def carl(cast, client_of, odense):
    return client_of(cast.carl)


@pytest.fixture
def anna(cast, client_of, odense):
    return client_of(cast.anna)


# Who has it


def test_the_approver_gives_an_area_and_its_assignee_calls_it_done(cast, carl, anna, odense):
    response = carl.post(ASSIGN, chosen(social=cast.anna, general=cast.carl))
    assert response.url == HOME + "kolleger/" and "er gemt" in told(response)
    assert f'<option value="{cast.anna.pk}" selected>Anna</option>' in text(carl.get(HOME + "kolleger/"))
    response = anna.post(DONE, {"area": "social", "done": "yes"})
    assert response.url == HOME and "Socialområdet er meldt færdigt." in told(response)
    assert said(odense).done_at is not None
    assert "ikke færdigt alligevel" in told(anna.post(DONE, {"area": "social", "done": "no"}))
    assert said(odense).done_at is None
    refusal = told(anna.post(DONE, {"area": "general", "done": "yes"}))
    assert "Den generelle integrationsindsats er ikke dit område længere." in refusal


def test_a_new_assignee_has_not_called_it_done(cast, odense):
    areas.assign(submissions=one(odense), assignees={"social": cast.anna.pk}, by=cast.carl)
    areas.call_done(submissions=one(odense), area="social", by=cast.anna, done=True)
    areas.assign(submissions=one(odense), assignees={"social": cast.anna.pk}, by=cast.carl)
    assert said(odense).done_at is not None  # the same one again changes nothing
    areas.assign(submissions=one(odense), assignees={"social": cast.carl.pk}, by=cast.carl)
    assert (said(odense).assignee, said(odense).done_at) == (cast.carl, None)
    areas.assign(submissions=one(odense), assignees={"social": None}, by=cast.carl)
    assert said(odense).assignee is None


def test_a_page_opened_earlier_changes_only_what_was_changed_on_it(cast, carl, odense):
    carl.post(ASSIGN, chosen(social=cast.anna))
    carl.post(ASSIGN, chosen(general=cast.carl))  # the page showed nobody at the social area
    assert (said(odense).assignee, said(odense, "general").assignee) == (cast.anna, cast.carl)
    carl.post(ASSIGN, chosen(seen={"social": cast.anna}))
    assert said(odense).assignee is None


@pytest.mark.parametrize("who", ["lis", "bo", "mette"])
def test_only_who_may_enter_can_have_an_area(cast, carl, odense, who):
    assert "Vælg igen" in told(carl.post(ASSIGN, chosen(social=getattr(cast, who))))
    with pytest.raises(Refused):
        areas.assign(submissions=one(odense), assignees={"social": getattr(cast, who).pk}, by=cast.carl)
    assert not odense.areas.exists()


@pytest.mark.parametrize("value", ["x", "-1", "9" * 30, "1\x00", "🎉", "a" * 100_000])
def test_a_wrong_choice_is_told(carl, odense, value):
    assert "Vælg igen" in told(carl.post(ASSIGN, chosen() | {"areas-social": value}))
    assert not odense.areas.exists()


def test_an_editor_gives_no_areas(cast, anna, odense):
    assert anna.post(ASSIGN, chosen(social=cast.anna)).status_code == 403
    with pytest.raises(PermissionDenied):
        areas.assign(submissions=one(odense), assignees={"social": cast.anna.pk}, by=cast.anna)


def test_who_was_invited_to_an_area_that_somebody_has_meanwhile_does_not_take_it(cast, odense):
    nina = build_user("Nina", Role.EDITOR, odense.municipality)
    areas.assign(submissions=one(odense), assignees={"social": cast.anna.pk}, by=cast.carl)
    for area in ("social", "general"):
        areas.give_if_free(municipality=odense.municipality, area=area, user=nina)
    assert (said(odense).assignee, said(odense, "general").assignee) == (cast.anna, nina)


# Nothing to report here


def test_the_statement_is_signed_and_can_be_taken_back(cast, anna, odense):
    before = timezone.now()
    response = anna.post(EMPTY, {"area": ["social", "general"]})
    assert response.url == HOME
    assert told(response) == "Erklæret uden indsatser: Den generelle integrationsindsats, Socialområdet."
    assert said(odense).nil_by == cast.anna and said(odense).nil_at > before
    areas.state_empty(submissions=one(odense), areas=["social"], by=cast.carl)
    assert said(odense).nil_by == cast.anna  # the first signature stands
    assert "er taget tilbage" in told(anna.post(TAKE_BACK, {"area": "social"}))
    assert (said(odense).nil_at, said(odense).nil_by) == (None, None)
    anna.post(TAKE_BACK, {"area": "social"})  # pressed twice


def test_an_area_with_initiatives_is_not_stated_empty(cast, anna, odense):
    build_initiative(odense, cast.anna, service_area="social", title="Mentorer")
    response = anna.post(EMPTY, {"area": ["social", "general"]})
    assert "Socialområdet har indsatsen ”Mentorer”" in told(response)
    assert not odense.areas.exists()  # none of them


def test_an_initiative_in_a_stated_area_is_not_refused_and_the_table_says_so(cast, anna, odense):
    anna.post(EMPTY, {"area": "employment"})
    build_initiative(odense, cast.anna)
    row = area_table(odense, list(odense.initiatives.all()), cast.anna).rows[0]
    assert row.contradicts
    assert "Erklæret uden indsatser, men der står indsatser på området." in text(anna.get(HOME))


@pytest.mark.parametrize("address", [DONE, EMPTY, TAKE_BACK])
@pytest.mark.parametrize("posted", [{}, {"area": "moon"}, {"area": "a" * 100_000}, {"area": "social\x00"}])
def test_a_wrong_area_is_told(anna, address, posted):
    assert "Vælg mindst ét område" in told(anna.post(address, posted))


def test_nothing_is_said_of_an_answer_that_is_handed_in(cast, carl, odense):
    build_initiative(odense, cast.anna)
    areas.assign(submissions=one(odense), assignees={"social": cast.carl.pk}, by=cast.carl)
    hand_in(odense, cast.carl)
    acts = ((ASSIGN, chosen(social=cast.anna)), (DONE, {"area": "social", "done": "yes"}))
    for address, data in (*acts, (EMPTY, {"area": "social"}), (TAKE_BACK, {"area": "social"})):
        assert "er indsendt og kan ikke ændres" in told(carl.post(address, data))
    assert (said(odense).assignee, said(odense).nil_at) == (cast.carl, None)
    page = text(carl.get(HOME + "kolleger/"))
    assert "Gem fordelingen" not in page and "Send invitationen" in page


# The table


def test_the_table_asks_the_database_once(cast, odense, django_assert_num_queries):
    for area, user in zip(ServiceArea.values, [cast.anna, cast.carl] * 3, strict=True):
        SubmissionArea.objects.create(
            submission=odense, service_area=area, assignee=user, nil_by=user, nil_at=timezone.now()
        )
    with django_assert_num_queries(1):
        table = area_table(odense, [], cast.anna)
        assert [f"{row.said.assignee} {row.said.nil_by}" for row in table.rows] == [
            "Anna Anna",
            "Carl Carl",
        ] * 3
    assert [row.is_mine for row in table.rows] == [True, False] * 3
    assert table.all_stated_empty and table.blank == []


def test_the_table_tells_blank_from_stated_empty(cast, odense):
    initiatives = [build_initiative(odense, cast.anna), build_initiative(odense, cast.anna, service_area="")]
    areas.state_empty(submissions=one(odense), areas=["social"], by=cast.anna)
    table = area_table(odense, initiatives, cast.anna)
    assert [row.is_blank for row in table.rows] == [False, True, True, False, True, True]
    assert (table.total.count, table.without_area.count, table.all_stated_empty) == (2, 1, False)


def test_the_home_page_shows_the_areas_and_their_buttons(cast, anna, carl, client_of, odense):
    areas.assign(submissions=one(odense), assignees={"social": cast.anna.pk}, by=cast.carl)
    areas.state_empty(submissions=one(odense), areas=["general"], by=cast.carl)
    page = text(anna.get(HOME))
    assert re.search(r"Anna: i gang .*?>Færdig<", page) and "Ingen indsatser. Erklæret af Carl," in page
    assert page.count('name="area" value="social"') == 2  # done, and the box of the statement
    assert ">Færdig<" not in text(carl.get(HOME))
    page = text(client_of(cast.lis).get(HOME))
    assert "Anna: i gang" in page and DONE not in page and EMPTY not in page and TAKE_BACK not in page


def test_six_empty_areas_lead_to_the_whole_nil_return(anna, carl):
    anna.post(EMPTY, {"area": ServiceArea.values})
    assert "godkender kan nu indsende" in text(anna.get(HOME))
    assert f'href="{HOME}indsend/">Indsend, at kommunen ingen' in text(carl.get(HOME))


# At once


@pytest.fixture
def world(transactional_db):
    cast = build_cast()
    return cast, build_round().submissions.select_related("round", "municipality").get(
        municipality__code="461"
    )


def meanwhile(act, other):
    """What `other` came to that began while `act` was done and not yet committed."""
    outcome: list = []

    def run():
        try:
            outcome.append(other())
        except Exception as error:
            outcome.append(error)
        finally:
            connection.close()

    thread = Thread(target=run)
    with transaction.atomic():
        act()
        thread.start()
        thread.join(0.5)
    thread.join(30)
    return outcome[0]


def give_anna(cast, odense):
    areas.assign(submissions=one(odense), assignees={"social": cast.anna.pk}, by=cast.carl)


def remove_anna(cast):
    membership = Membership.objects.select_related("municipality", "user").get(user=cast.anna)
    colleagues.remove(municipality=membership.municipality, membership=membership, by=cast.carl)


@pytest.mark.django_db(transaction=True)
def test_who_is_being_removed_is_given_no_area(world):
    cast, odense = world
    outcome = meanwhile(lambda: remove_anna(cast), lambda: give_anna(cast, odense))
    assert isinstance(outcome, Refused) and not odense.areas.filter(assignee=cast.anna).exists()


@pytest.mark.django_db(transaction=True)
def test_who_is_being_given_an_area_loses_it_when_removed(world):
    cast, odense = world
    assert meanwhile(lambda: give_anna(cast, odense), lambda: remove_anna(cast)) is None
    assert said(odense).assignee is None


ORDERS = (["general", "social"], ["social", "general"])


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("act", ["assign", "state_empty"])
@pytest.mark.django_db(transaction=True)
def test_who_loses_areas_while_they_are_written_to_is_not_waited_for_in_a_ring(
    world, monkeypatch, act, order
):
    """Each order, for without the locks it is PostgreSQL's scan that decides which of the two is a ring."""
    cast, odense = world
    for area in ORDERS[0]:
        SubmissionArea.objects.create(submission=odense, service_area=area, assignee=cast.anna)
    outcome, rows, row = [], [], areas._row

    def free():
        try:
            remove_anna(cast)
        except Exception as error:
            outcome.append(error)
        finally:
            connection.close()

    thread = Thread(target=free)

    def slowly(submission, area):
        if rows:  # the first one is written
            thread.start()
            thread.join(0.5)
        rows.append(area)
        return row(submission, area)

    monkeypatch.setattr(areas, "_row", slowly)
    if act == "assign":
        assignees = dict.fromkeys(order, cast.carl.pk)
        areas.assign(submissions=one(odense), assignees=assignees, by=cast.carl)
    else:
        areas.state_empty(submissions=one(odense), areas=order, by=cast.carl)
    thread.join(30)
    assert outcome == [] and not odense.areas.filter(assignee=cast.anna).exists()


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_on_the_membership_one_who_left_has_an_area(world, monkeypatch):
    cast, odense = world
    members_are_read, removed = Barrier(2), Barrier(2)
    row = areas._row

    def slowly(submission, area):
        members_are_read.wait(30)
        removed.wait(30)
        return row(submission, area)

    def remove():
        members_are_read.wait(30)
        remove_anna(cast)
        removed.wait(30)
        connection.close()

    monkeypatch.setattr(areas, "_row", slowly)
    monkeypatch.setattr("django.db.models.query.QuerySet.select_for_update", lambda self, **options: self)
    thread = Thread(target=remove)
    thread.start()
    give_anna(cast, odense)
    thread.join(30)
    assert said(odense).assignee == cast.anna


@pytest.mark.django_db(transaction=True)
def test_an_initiative_saved_meanwhile_is_seen_by_the_statement(world):
    cast, odense = world

    def save():
        with entering.open_for(cast.anna, one(odense)) as submission:
            build_initiative(submission, cast.anna, service_area="social")

    state = lambda: areas.state_empty(submissions=one(odense), areas=["social"], by=cast.carl)  # noqa: E731
    assert isinstance(meanwhile(save, state), Refused)
    assert not odense.areas.exists()
