"""Every route with every role, from one table. A route that the table lacks fails.

tests/test_access_by_state.py walks the routes of a round again, in its other states.
"""

import uuid
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.db import transaction
from django.urls import URLPattern, get_resolver, reverse

from municipalities.models import Role
from survey.models import Job, Upload
from tests.builders import build_initiative, build_invitation, build_publication, hand_in
from tests.municipalities.test_contacts import build_contact
from tests.survey.test_reminders import planned

OK, LOGIN, NO, NOT_FOUND, MOVED = 200, "login", 403, 404, 302
OWN, MINISTRY = ("anna", "carl", "lis"), ("mette", "rikke", "admin")
EVERYBODY = ("anonymous", *OWN, "bo", *MINISTRY)


def who(otherwise, **expected):
    """Outcome by person: `otherwise` for all who are not named; nobody anonymous gets past the login."""
    return {"anonymous": LOGIN} | {name: expected.get(name, otherwise) for name in EVERYBODY[1:]}


def own(outcome, **others):
    """`outcome` for Odense's own; for bo and the ministry the page does not exist."""
    return who(NOT_FOUND) | dict.fromkeys(OWN, outcome) | others


def ministry(outcome, **others):
    return who(NOT_FOUND) | dict.fromkeys(MINISTRY, outcome) | others


PUBLIC = dict.fromkeys(EVERYBODY, OK)

# Odense has handed in; `initiative` is its working copy, `job` is admin's.
GET = {
    "home": who(MOVED),
    "logged_in": who(OK),
    "contact": PUBLIC,
    "privacy": PUBLIC,
    "accessibility": PUBLIC,
    "set_language": dict.fromkeys(EVERYBODY, MOVED),
    "survey:submission": own(OK),
    "survey:new_initiative": own(MOVED, lis=NO),
    "survey:initiative": own(OK),
    "survey:autosave": who(MOVED),
    "survey:delete_initiative": who(MOVED),
    "survey:copy": own(OK, lis=NO),
    "survey:workbook": own(OK),
    "survey:download_workbook": own(OK),
    "survey:download_csv": own(OK),
    "survey:workbook_preview": own(MOVED, lis=NO),
    "survey:import_workbook": who(MOVED),
    "survey:history": own(OK),
    "mails": PUBLIC,
    "invitation": PUBLIC,
    "survey:colleagues": own(OK),
    "survey:colleague": own(NO, carl=OK),
    "survey:remove_colleague": who(MOVED),
    "survey:assign_areas": who(MOVED),
    "survey:withdraw_invitation": who(MOVED),
    "survey:send_invitation_again": who(MOVED),
    "survey:call_area_done": who(MOVED),
    "survey:state_areas_empty": who(MOVED),
    "survey:take_back_area": who(MOVED),
    "survey:hand_in": own(NO, carl=MOVED),
    "survey:withdraw": who(MOVED),
    "survey:dialogue": own(OK),
    "survey:versions": own(OK),
    "survey:give_reasons": who(MOVED),
    "survey:receipt": own(OK) | dict.fromkeys(MINISTRY, OK),
    "survey:receipt_pdf": own(OK) | dict.fromkeys(MINISTRY, OK),
    "survey:feedback": who(MOVED),
    "survey:canonical_form": own(OK) | dict.fromkeys(MINISTRY, OK),
    "peers:comparison": own(OK),
    "peers:figure": own(OK),
    "peers:note_pdf": own(OK),
    "peers:note_docx": own(OK),
    "publications:publications": who(OK),
    "publications:publication": who(OK),
    "publications:quality": who(OK),
    "publications:outputs": who(OK),
    "publications:inputs": ministry(OK),
    "publications:publish": ministry(NO, rikke=OK),
    "rounds:rounds": ministry(OK),
    "rounds:new_round": ministry(NO, rikke=OK),
    "rounds:plan": ministry(OK),
    "rounds:timeline": ministry(OK),
    "rounds:edit_round": ministry(NO, rikke=MOVED),
    "rounds:change_dates": ministry(NO, rikke=OK),
    "rounds:phases": ministry(NO, rikke=OK),
    "rounds:open": ministry(NO, rikke=MOVED),
    "rounds:close": ministry(NO, rikke=MOVED),
    "rounds:ask_to_lock": ministry(NO, rikke=MOVED),
    "rounds:lock": ministry(MOVED, admin=NO),
    "rounds:archive": ministry(NO, rikke=MOVED),
    "rounds:reopen": ministry(NO, rikke=MOVED),
    "rounds:delete": ministry(NO, rikke=MOVED),
    "rounds:guidance": ministry(OK),
    "rounds:guidance_preview": ministry(OK),
    "rounds:trial": ministry(OK),
    "rounds:start_trial": ministry(NO, rikke=MOVED),
    "rounds:end_trial": ministry(NO, rikke=MOVED),
    "reporting:home": ministry(MOVED),
    "audit:trail": ministry(NO, admin=OK),
    "audit:export": ministry(NO, admin=MOVED),
    "reporting:arrivals": ministry(OK),
    "response:response": ministry(OK),
    "response:municipalities_csv": ministry(OK),
    "response:days": ministry(OK),
    "response:municipalities": ministry(OK),
    "response:municipality": ministry(OK),
    "contacts:contacts": ministry(OK),
    "contacts:template": ministry(OK),
    "contacts:upload": ministry(NO, rikke=OK),
    "contacts:store": ministry(NO, rikke=MOVED),
    "contacts:new": ministry(NO, rikke=OK),
    "contacts:edit": ministry(NO, rikke=OK),
    "contacts:delete": ministry(NO, rikke=MOVED),
    "contacts:bounce": ministry(NO, rikke=MOVED),
    "contacts:invitations": ministry(OK),
    "contacts:letter": ministry(OK),
    "contacts:send": ministry(NO, rikke=MOVED),
    "chase:chase": ministry(OK),
    "chase:workbook": ministry(OK),
    "chase:notes": ministry(OK),
    "review:hits": ministry(OK),
    "review:hits_csv": ministry(OK),
    "reminders:reminders": ministry(OK),
    "reminders:new_reminder": ministry(NO, rikke=OK),
    "reminders:log": ministry(OK),
    "reminders:reminder": ministry(OK),
    "reminders:edit_reminder": ministry(NO, rikke=OK),
    "reminders:stop_reminder": ministry(NO, rikke=MOVED),
    "reminders:take_back_stop": ministry(NO, rikke=MOVED),
    "reminders:delete_reminder": ministry(NO, rikke=MOVED),
    "reminders:extension": ministry(OK),
    "reporting:store_arrivals": ministry(NO, rikke=MOVED),
    "reference:overview": ministry(OK),
    "reference:populations": ministry(OK),
    "reference:store_populations": ministry(NO, rikke=MOVED),
    "reference:rates": ministry(OK),
    "reference:store_rates": ministry(NO, rikke=MOVED),
    "reference:places": ministry(OK),
    "reference:take_back_place": ministry(NO, rikke=MOVED),
    "comparability:pairs": ministry(OK),
    "comparability:ask": ministry(MOVED, admin=NO),
    "rules:rules": ministry(OK),
    "rules:retire": ministry(NO, rikke=MOVED),
    "reporting:overview": ministry(OK),
    "reporting:estimate": ministry(OK),
    "reporting:estimate_csv": ministry(OK),
    "reporting:rows": ministry(OK),
    "macro:macro": ministry(OK),
    "macro:leave_one_out": ministry(OK),
    "reporting:search": ministry(OK),
    "reporting:figures": ministry(OK),
    "reporting:figure": ministry(OK),
    "reporting:reconciliation": ministry(OK),
    "reporting:prices": ministry(OK),
    "reporting:add_rate": ministry(NO, rikke=MOVED),
    "reporting:submission": ministry(OK),
    "deciding:accept_rest": ministry(OK, admin=NO),
    "deciding:assign": ministry(MOVED, admin=NO),
    "reporting:approve": ministry(MOVED, admin=NO),
    "reporting:send_back": ministry(MOVED, admin=NO),
    "reporting:dialogue": ministry(OK),
    "reporting:versions": ministry(OK),
    "reporting:initiative": ministry(OK),
    "reporting:adjust": ministry(MOVED, admin=NO),
    "reporting:withdraw_adjustment": ministry(MOVED, admin=NO),
    "reporting:accept": ministry(MOVED, admin=NO),
    "reporting:reopen_initiative": ministry(MOVED, admin=NO),
    "progress:progress": ministry(OK),
    "reporting:export_csv": ministry(NO, admin=OK),
    "reporting:export_workbook": ministry(NO, admin=MOVED),
    "reporting:job": ministry(NO, admin=OK),
    "reporting:job_file": ministry(NO, admin=NOT_FOUND),
}
POST = {
    "rounds:new_round": ministry(NO, rikke=422),
    "rounds:edit_round": ministry(NO, rikke=422),
    "rounds:change_dates": ministry(NO, rikke=422),
    "rounds:phases": ministry(NO, rikke=MOVED),
    "rounds:open": ministry(NO, rikke=409),
    "rounds:close": ministry(NO, rikke=409),
    "rounds:ask_to_lock": ministry(NO, rikke=409),
    "rounds:lock": ministry(409, admin=NO),
    "rounds:archive": ministry(NO, rikke=409),
    "rounds:reopen": ministry(NO, rikke=422),
    "rounds:delete": ministry(NO, rikke=409),
    "rounds:guidance": ministry(NO, rikke=422),
    "rounds:guidance_preview": ministry(NO, rikke=422),
    "rounds:start_trial": ministry(NO, rikke=422),
    "rounds:end_trial": ministry(NO, rikke=409),
    "reporting:add_rate": ministry(NO, rikke=422),
    "survey:initiative": own(409, lis=NO),
    "survey:autosave": own(409, lis=NO),
    "survey:delete_initiative": own(MOVED, lis=NO),
    "survey:copy": own(422, lis=NO),
    "survey:workbook": own(409, lis=NO),
    "survey:import_workbook": own(MOVED, lis=NO),
    "invitation": dict.fromkeys(EVERYBODY, 409) | {"anonymous": 422},
    "survey:colleagues": own(NO, carl=422),
    "survey:colleague": own(NO, carl=422),
    "survey:remove_colleague": own(NO, carl=MOVED),
    "survey:assign_areas": own(NO, carl=MOVED),
    "survey:withdraw_invitation": own(NO, carl=MOVED),
    "survey:send_invitation_again": own(NO, carl=MOVED),
    "survey:call_area_done": own(MOVED, lis=NO),
    "survey:state_areas_empty": own(MOVED, lis=NO),
    "survey:take_back_area": own(MOVED, lis=NO),
    "survey:hand_in": own(NO, carl=MOVED),
    "survey:give_reasons": own(NO, carl=MOVED),
    "survey:feedback": own(MOVED, lis=NO) | dict.fromkeys(MINISTRY, NO),
    "survey:withdraw": own(NO, carl=MOVED),
    "survey:dialogue": own(422, lis=NO),
    "publications:publish": ministry(NO, rikke=422),
    "reporting:arrivals": ministry(NO, rikke=422),
    "reporting:store_arrivals": ministry(NO, rikke=422),
    "reference:populations": ministry(NO, rikke=422),
    "reference:store_populations": ministry(NO, rikke=422),
    "reference:rates": ministry(NO, rikke=422),
    "reference:store_rates": ministry(NO, rikke=422),
    "reference:places": ministry(NO, rikke=422),
    "reference:take_back_place": ministry(NO, rikke=409),
    "reminders:new_reminder": ministry(NO, rikke=422),
    "reminders:edit_reminder": ministry(NO, rikke=422),
    "reminders:stop_reminder": ministry(NO, rikke=MOVED),
    "reminders:take_back_stop": ministry(NO, rikke=MOVED),
    "reminders:delete_reminder": ministry(NO, rikke=MOVED),
    "reminders:extension": ministry(NO, rikke=422),
    "chase:notes": ministry(422, admin=NO),
    "contacts:upload": ministry(NO, rikke=422),
    "contacts:store": ministry(NO, rikke=422),
    "contacts:new": ministry(NO, rikke=422),
    "contacts:edit": ministry(NO, rikke=422),
    "contacts:delete": ministry(NO, rikke=MOVED),
    "contacts:bounce": ministry(NO, rikke=MOVED),
    "contacts:letter": ministry(OK),
    "contacts:send": ministry(NO, rikke=422),
    "comparability:ask": ministry(422, admin=NO),
    "rules:retire": ministry(NO, rikke=422),
    "deciding:accept_rest": ministry(409, admin=NO),
    "deciding:assign": ministry(MOVED, admin=NO),
    "reporting:approve": ministry(422, admin=NO),
    "reporting:send_back": ministry(422, admin=NO),
    "reporting:dialogue": ministry(422, admin=NO),
    "reporting:adjust": ministry(422, admin=NO),
    "reporting:withdraw_adjustment": ministry(422, admin=NO),
    "reporting:accept": ministry(MOVED, admin=NO),
    "reporting:reopen_initiative": ministry(409, admin=NO),
    "reporting:export_workbook": ministry(NO, admin=MOVED),
    "audit:export": ministry(NO, admin=MOVED),
}
ELSEWHERE = ("admin", "account_", "konto")  # Django's and allauth's own, tested below


def routes(patterns=None, namespace=""):
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}", pattern
        elif pattern.namespace != "admin":
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from routes(pattern.url_patterns, inner)


WANTED = {name: tuple(pattern.pattern.converters) for name, pattern in routes()}
OURS = sorted(name for name, _ in routes() if not name.startswith(ELSEWHERE) and name != "None")


@pytest.fixture
def world(cast, odense, aarhus, client_of, client):
    initiative = build_initiative(odense, cast.anna)
    hand_in(odense, cast.carl)
    hand_in(aarhus, cast.bo)
    build_publication(odense.round, cast.rikke)
    job = Job.objects.create(task="t", title="t", requested_by=cast.admin)
    invitation = build_invitation(odense.municipality, cast.carl, token="token")
    upload = Upload.objects.create(submission=odense, uploaded_by=cast.anna, name="x.xlsx", content=b"x")
    kwargs = {
        "code": "461",
        "year": 2025,
        "uuid": initiative.uuid,
        "receipt_number": "2025-461-1",
        "job_id": job.pk,
        "publication_number": 1,
        "slug": "6",
        "kind": "svg",
        "pk": cast.lis.memberships.get().pk,
        "token": "token",
        "invitation": invitation.pk,
        "contact_id": build_contact(odense.municipality).pk,
        "reminder_id": planned(odense.round, cast.rikke).pk,
        "upload_id": upload.pk,
    }
    clients = {name: client_of(getattr(cast, name)) for name in EVERYBODY[1:]} | {"anonymous": client}
    return SimpleNamespace(clients=clients, kwargs=kwargs)


def address(name, kwargs):
    return reverse(name, kwargs={key: kwargs[key] for key in WANTED[name]})


def outcome(response):
    to_login = response.status_code == 302 and response.url.startswith(reverse(settings.LOGIN_URL))
    return LOGIN if to_login else response.status_code


def test_every_route_stands_in_the_table():
    assert set(OURS) == set(GET)


def found_in(world, method, names):
    """Outcome by route and person, all in the same world: an act is undone afterwards."""
    posted = {"version": 1, "title": "x", "invitation": world.kwargs["invitation"]}
    data = posted if method == "post" else None

    def outcome_of(name, person):
        with transaction.atomic():
            response = getattr(world.clients[person], method)(address(name, world.kwargs), data)
            transaction.set_rollback(method == "post")
        return outcome(response)

    return {name: {person: outcome_of(name, person) for person in EVERYBODY} for name in names}


def differences(found, table):
    """(route, person) -> (expected, found)."""
    return {
        (name, person): (table[name][person], outcomes[person])
        for name, outcomes in found.items()
        for person in EVERYBODY
        if outcomes[person] != table[name][person]
    }


def test_who_may_open_a_page(world):
    assert differences(found_in(world, "get", GET), GET) == {}


def test_who_may_act(world):
    assert differences(found_in(world, "post", POST), POST) == {}


def test_a_submission_that_does_not_exist_is_not_found_for_its_own_municipality(world):
    elsewhere = world.kwargs | {"year": 1999, "uuid": uuid.uuid4()}
    names = [name for name in GET if GET[name] == own(OK)]
    found = {name: world.clients["anna"].get(address(name, elsewhere)).status_code for name in names}
    assert found == dict.fromkeys(names, NOT_FOUND)


def test_the_admin_is_the_administrators_alone(world):
    pages = {person: world.clients[person].get("/admin/municipalities/municipality/") for person in EVERYBODY}
    found = {person: page.status_code for person, page in pages.items()}
    assert found == dict.fromkeys(EVERYBODY, MOVED) | {"admin": OK}


def test_nothing_that_was_handed_in_can_be_reached_in_the_admin(world):
    page = world.clients["admin"].get("/admin/").content.decode()
    models = ("submission", "submissionversion", "reportedinitiative", "submissionevent", "initiative")
    for model in (*models, "adjustment"):
        assert f"/admin/survey/{model}/" not in page
        assert world.clients["admin"].get(f"/admin/survey/{model}/").status_code == NOT_FOUND


def test_a_member_of_two_municipalities_sees_both_and_no_third(world, cast, odense, client_of):
    cast.bo.memberships.create(municipality=odense.municipality, role=Role.READER)
    bo = client_of(cast.bo)
    assert [bo.get(f"/kommune/{code}/2025/").status_code for code in ("461", "751", "665")] == [
        OK,
        OK,
        NOT_FOUND,
    ]
    assert "Odense" in bo.get("/").content.decode()


def test_without_a_membership_every_page_is_not_found(world, cast):
    cast.anna.memberships.all().delete()
    names = ("survey:submission", "survey:initiative", "survey:receipt", "reporting:overview")
    for name in (*names, "publications:publications", "publications:publication"):
        assert world.clients["anna"].get(address(name, world.kwargs)).status_code == NOT_FOUND


def test_an_inactive_user_is_logged_out(world, cast):
    type(cast.anna).objects.filter(pk=cast.anna.pk).update(is_active=False)
    assert outcome(world.clients["anna"].get("/kommune/461/2025/")) == LOGIN


def test_nobody_changes_an_account_s_address_themselves(world):
    outcomes = {person: outcome(world.clients[person].get("/konto/email/")) for person in EVERYBODY}
    assert outcomes == who(NOT_FOUND)
