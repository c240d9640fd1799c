"""Roles and removal: who may, what goes and what stays, and that one approver is always left."""

from threading import Barrier

import pytest
from django.contrib.messages import get_messages
from django.core.exceptions import PermissionDenied

from municipalities import members
from municipalities.members import Refused
from municipalities.models import Membership, Municipality, Role, User
from survey import colleagues
from survey.models import SubmissionArea
from tests.builders import build_initiative, build_municipalities, build_user
from tests.survey.test_races import at_once

HOME = "/kommune/461/2025/"
PAGE = HOME + "kolleger/"


def text(response):
    return " ".join(response.content.decode().split())


def told(response):
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def own(user) -> Membership:
    return user.memberships.get()


@pytest.fixture
def carl(cast, client_of, odense):
    return client_of(cast.carl)


def test_members_see_the_list_and_the_approver_the_acts(cast, client_of, carl, odense):
    SubmissionArea.objects.create(submission=odense, service_area="social", assignee=cast.anna)
    for user in (cast.anna, cast.lis):
        page = text(client_of(user).get(PAGE))
        assert "carl@example.test" in page and "Socialområdet" in page
        assert "Send invitationen" not in page and f"{PAGE}{own(cast.anna).pk}/" not in page
    page = text(carl.get(HOME + "kolleger/"))
    assert "Send invitationen" in page and f"{PAGE}{own(cast.anna).pk}/" in page
    assert "bo@example.test" not in page


def test_the_list_does_a_fixed_number_of_queries(cast, carl, odense, django_assert_num_queries):
    for number in range(10):
        user = build_user(f"Kollega{number}", Role.EDITOR, odense.municipality)
        SubmissionArea.objects.filter(submission=odense).update(assignee=user)
    carl.get(HOME + "kolleger/")
    with django_assert_num_queries(8):  # session, user, places, submission, members, areas, invitations, time
        carl.get(HOME + "kolleger/")


def test_a_role_is_changed_and_holds_from_the_next_click(cast, client_of, carl, odense):
    anna = client_of(cast.anna)
    assert anna.get(HOME + "indsats/ny/").status_code == 200
    address = f"{PAGE}{own(cast.anna).pk}/"
    assert "checked" in text(carl.get(address))
    SubmissionArea.objects.create(submission=odense, service_area="social", assignee=cast.anna)
    assert carl.post(address, {"role": "reader"}).url == PAGE
    assert anna.get(HOME + "indsats/ny/").status_code == 403
    assert SubmissionArea.objects.get().assignee is None  # a reader cannot make it done


@pytest.mark.parametrize("role", ["", "admin", "reviewer", "x" * 100_000, "editor\x00"])
def test_a_wrong_role_is_told(cast, carl, role):
    response = carl.post(f"{PAGE}{own(cast.anna).pk}/", {"role": role})
    assert response.status_code == 422 and "Vælg rollen" in text(response)
    assert own(cast.anna).role == "editor"


def test_who_is_removed_loses_access_at_once_and_what_they_wrote_stays(cast, client_of, carl, odense):
    anna = client_of(cast.anna)
    build_initiative(odense, cast.anna, title="Annas indsats")
    said = {"assignee": cast.anna, "done_at": odense.round.opens_at}
    SubmissionArea.objects.create(submission=odense, service_area="social", **said)
    assert anna.get(HOME).status_code == 200
    response = carl.post(f"{PAGE}{own(cast.anna).pk}/fjern/")
    assert response.url == PAGE and "Anna er ikke længere kollega" in told(response)
    assert anna.get(HOME).status_code == 404 and anna.get(PAGE).status_code == 404
    initiative = odense.initiatives.get()
    assert (initiative.title, initiative.updated_by.name) == ("Annas indsats", "Anna")
    area = odense.areas.get()
    assert (area.assignee, area.done_at) == (None, None)
    assert carl.post(f"{PAGE}{own(cast.carl).pk + 999}/fjern/").status_code == 404  # pressed twice


def test_another_municipality_keeps_a_colleague_of_both(cast, carl, odense, aarhus):
    both = Membership.objects.create(user=cast.bo, municipality=odense.municipality, role=Role.EDITOR)
    for submission in (odense, aarhus):
        SubmissionArea.objects.create(submission=submission, service_area="social", assignee=cast.bo)
    carl.post(f"{PAGE}{both.pk}/fjern/")
    assert own(cast.bo).municipality == aarhus.municipality
    assert [odense.areas.get().assignee, aarhus.areas.get().assignee] == [None, cast.bo]


def test_the_last_approver_stays_and_stays_approver(cast, carl, odense):
    address = f"{PAGE}{own(cast.carl).pk}/"
    response = carl.post(address, {"role": "editor"})
    assert response.status_code == 422 and "Carl er kommunens eneste godkender" in text(response)
    response = carl.post(address + "fjern/")
    assert response.url == address and "Gør først en kollega til godkender" in told(response)
    User.objects.filter(pk=build_user("Lukket", Role.APPROVER, odense.municipality).pk).update(
        is_active=False
    )
    assert carl.post(address, {"role": "reader"}).status_code == 422  # a closed account approves nothing
    build_user("Dorte", Role.APPROVER, odense.municipality)
    assert carl.post(address + "fjern/").url == "/"
    assert carl.get(HOME).status_code == 404


def test_a_colleague_of_another_municipality_is_not_found(cast, carl, aarhus):
    for address in (f"{PAGE}{own(cast.bo).pk}/", f"{PAGE}{own(cast.bo).pk}/fjern/", f"{PAGE}{10**30}/"):
        assert carl.post(address, {"role": "reader"}).status_code == 404
    assert own(cast.bo).role == "approver"


def test_who_is_no_approver_any_more_decides_nothing(cast, odense):
    """As when another approver was quicker: the page was opened, and the role is gone."""
    anna = own(cast.anna)
    Membership.objects.filter(user=cast.carl).update(role=Role.EDITOR)
    with pytest.raises(PermissionDenied):
        colleagues.remove(municipality=odense.municipality, membership=anna, by=cast.carl)
    with pytest.raises(PermissionDenied):
        colleagues.change_role(
            municipality=odense.municipality, membership=anna, role=Role.APPROVER, by=cast.carl
        )
    assert own(cast.anna).role == "editor"


# At once


@pytest.fixture
def approvers(transactional_db):
    place = build_municipalities()["Odense"]
    return [build_user(f"Godkender{number}", Role.APPROVER, place) for number in range(8)]


def demote_one_another(approvers):
    """Everybody demotes the next one, so that nobody would be left."""
    place = Municipality.objects.get(code="461")
    memberships = [Membership.objects.select_related("user").get(user=user) for user in approvers]

    def act(i):
        target = {"municipality": place, "membership": memberships[(i + 1) % len(approvers)]}
        if i % 2:
            return colleagues.remove(**target, by=approvers[i])
        return colleagues.change_role(**target, role=Role.EDITOR, by=approvers[i])

    return at_once(act, count=len(approvers))


@pytest.mark.django_db(transaction=True)
def test_approvers_who_remove_one_another_at_once_leave_one(approvers):
    results = demote_one_another(approvers)
    assert all(isinstance(result, (PermissionDenied, Refused, type(None))) for result in results)
    assert Membership.objects.filter(role=Role.APPROVER).exists()


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_they_leave_none(approvers, monkeypatch):
    all_have_judged, judge = Barrier(len(approvers)), members._keep_an_approver_besides

    def judge_together(*whom):
        judge(*whom)
        all_have_judged.wait(30)

    monkeypatch.setattr(members, "_keep_an_approver_besides", judge_together)
    monkeypatch.setattr("django.db.models.query.QuerySet.select_for_update", lambda self, **options: self)
    demote_one_another(approvers)
    assert not Membership.objects.filter(role=Role.APPROVER).exists()


def test_an_area_is_not_offered_to_who_can_no_longer_log_in(cast, carl):
    assert "Anna" in str(carl.get(HOME + "kolleger/").context["areas_form"])
    type(cast.anna).objects.filter(pk=cast.anna.pk).update(is_active=False)
    assert "Anna" not in str(carl.get(HOME + "kolleger/").context["areas_form"])
