"""The tables of tests/test_access.py in every state of the round and of Odense's answer.

What differs from those tables, in which Odense has handed in, stands here state by state. Only the routes
of a round are walked again: the others do not know of one.
"""

import gc
import logging

import pytest
import typst
from django.template.backends.django import Template

from reporting.figures import drawing
from tests import access_states
from tests.test_access import (
    GET,
    MINISTRY,
    MOVED,
    NO,
    NOT_FOUND,
    OK,
    OWN,
    POST,
    differences,
    found_in,
    ministry,
    own,
    routes,
    who,
    world,  # noqa: F401 - a fixture
)

OF_A_ROUND = {
    name for name, pattern in routes() if {"year", "receipt_number"} & set(pattern.pattern.converters)
}
STATES = ("draft", "in_trial", "entering", "returned", "approved", "closed", "locked", "archived")
NOWHERE = who(NOT_FOUND)
RECEIPTS = ("survey:receipt", "survey:receipt_pdf", "survey:canonical_form")
OF_A_VERSION = ("reporting:initiative", *RECEIPTS)  # there is none yet
TRIED_BY = ("mette", "rikke")  # in a trial the reviewers enter as if they were of the municipality


def municipal(table):
    return [name for name in table if name in OF_A_ROUND and name.startswith(("survey:", "peers:"))]


def tried(table, *names):
    """The rows, with what Odense's approver meets for the reviewers too."""
    return {name: table[name] | dict.fromkeys(TRIED_BY, table[name]["carl"]) for name in names}


# An answer that may be entered and handed in: the form, the workbook and the step to hand in are open.
OPEN_GET = {"survey:new_initiative": own(OK, lis=NO), "survey:hand_in": own(NO, carl=OK)}
OPEN_POST = {
    "survey:workbook": own(422, lis=NO),
    "survey:hand_in": own(NO, carl=422),
    "reporting:approve": ministry(409, admin=NO),
}
# Nothing is handed in.
NO_VERSION_GET = (
    dict.fromkeys(OF_A_VERSION, NOWHERE)
    | {"peers:figure": NOWHERE}
    | dict.fromkeys(("peers:note_pdf", "peers:note_docx"), own(MOVED))
)
NO_VERSION_POST = {
    "survey:feedback": NOWHERE,
    "reporting:adjust": ministry(NOT_FOUND, admin=NO),
    "reporting:withdraw_adjustment": ministry(NOT_FOUND, admin=NO),
    "reporting:accept": ministry(NOT_FOUND, admin=NO),
    "reporting:reopen_initiative": ministry(NOT_FOUND, admin=NO),
}
# Nothing is counted or written of a round that is not opened.
NO_FILES = (
    *("chase:workbook", "review:hits_csv", "reporting:estimate_csv", "reporting:figure"),
    *("response:municipalities_csv", "response:days"),
)
PLANNED_GET = {
    "rounds:edit_round": ministry(NO, rikke=OK),
    "rounds:change_dates": ministry(NO, rikke=MOVED),
    "reporting:export_csv": ministry(NO, admin=NOT_FOUND),
} | dict.fromkeys(NO_FILES, NOWHERE)
PLANNED_POST = {
    "publications:publish": ministry(NO, rikke=409),
    "reporting:export_workbook": ministry(NO, admin=NOT_FOUND),
    "rounds:open": ministry(NO, rikke=MOVED),
}
TRIED_PAGES = (
    *("submission", "initiative", "copy", "history", "dialogue", "versions"),
    *("workbook", "download_workbook", "download_csv", "workbook_preview"),
)
TRIED_ACTS = (
    *("initiative", "autosave", "delete_initiative", "copy", "import_workbook", "give_reasons"),
    *("call_area_done", "state_areas_empty", "take_back_area", "withdraw", "dialogue"),
)
NO_REMINDER = dict.fromkeys(  # none is sent any more
    ("reminders:stop_reminder", "reminders:take_back_stop", "reminders:delete_reminder"),
    ministry(NO, rikke=409),
)
FINAL_POST = NO_REMINDER | {
    "rounds:phases": ministry(NO, rikke=409),
    "survey:feedback": own(409, lis=NO) | dict.fromkeys(MINISTRY, NO),
    "reporting:approve": ministry(409, admin=NO),
    "reporting:accept": ministry(409, admin=NO),
}

GET_IN = {
    "draft": PLANNED_GET
    | {name: NOWHERE for name in municipal(GET) if GET[name] != who(MOVED)}
    | dict.fromkeys(("chase:notes", "reminders:extension", "reporting:initiative"), NOWHERE)
    | dict.fromkeys(("reporting:submission", "reporting:dialogue", "reporting:versions"), NOWHERE),
    "in_trial": PLANNED_GET
    | NO_VERSION_GET
    | tried(GET, "peers:comparison", *(f"survey:{page}" for page in TRIED_PAGES))
    | tried(OPEN_GET, *OPEN_GET)
    | tried(NO_VERSION_GET, "peers:note_pdf", "peers:note_docx"),
    "entering": NO_VERSION_GET | OPEN_GET,
    "returned": OPEN_GET,
    "approved": {},
    "closed": {"rounds:change_dates": ministry(NO, rikke=MOVED)},
    "locked": dict.fromkeys(("rounds:change_dates", "rounds:phases"), ministry(NO, rikke=MOVED)),
    "archived": dict.fromkeys(("rounds:change_dates", "rounds:phases"), ministry(NO, rikke=MOVED)),
}
POST_IN = {
    "draft": dict.fromkeys(municipal(POST), NOWHERE)
    | PLANNED_POST
    | {"rounds:delete": ministry(NO, rikke=MOVED)}
    | dict.fromkeys(("chase:notes", "reporting:dialogue", "reminders:extension"), NOWHERE)
    | dict.fromkeys(
        ("reporting:approve", "reporting:send_back", "reporting:adjust", "reporting:withdraw_adjustment"),
        ministry(NOT_FOUND, admin=NO),
    )
    | dict.fromkeys(("reporting:accept", "reporting:reopen_initiative"), ministry(NOT_FOUND, admin=NO)),
    "in_trial": NO_VERSION_POST
    | OPEN_POST
    | tried(POST, *(f"survey:{act}" for act in TRIED_ACTS))
    | tried(OPEN_POST, "survey:workbook", "survey:hand_in")
    | PLANNED_POST
    | {"rounds:end_trial": ministry(NO, rikke=MOVED)},
    "entering": NO_VERSION_POST | OPEN_POST,
    "returned": OPEN_POST,
    "approved": {"reporting:approve": ministry(409, admin=NO)},
    "closed": NO_REMINDER,
    "locked": FINAL_POST | {"rounds:archive": ministry(NO, rikke=MOVED)},
    "archived": FINAL_POST,
}


@pytest.fixture(autouse=True)
def lightly(settings, monkeypatch):
    """Ten thousand requests that ask who may, not what is shown: no page is written, nothing is drawn, no
    session is looked up, nobody reads the log, and what is loaded by now is not searched for garbage again
    and again."""
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
    monkeypatch.setattr(Template, "render", lambda *args, **kwargs: "")
    monkeypatch.setattr(typst, "compile", lambda *args, **kwargs: b"%PDF")
    monkeypatch.setattr(drawing.vl_convert, "vegalite_to_svg", lambda *args, **kwargs: EMPTY_PICTURE)
    logging.disable(logging.CRITICAL)
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()
    logging.disable(logging.NOTSET)


@pytest.fixture
def in_state(world, cast, odense, request):  # noqa: F811
    """The world of tests/test_access.py moved on to the state."""
    world.cast, world.odense = cast, odense
    getattr(access_states, request.param)(world)
    return world


EMPTY_PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="900" height="9" viewBox="0 0 900 9"></svg>'


@pytest.mark.parametrize("in_state, state", [(state, state) for state in STATES], indirect=["in_state"])
def test_who_may_open_a_page_in_each_state(in_state, state):
    assert differences(found_in(in_state, "get", OF_A_ROUND & set(GET)), GET | GET_IN[state]) == {}


@pytest.mark.parametrize("in_state, state", [(state, state) for state in STATES], indirect=["in_state"])
def test_who_may_act_in_each_state(in_state, state):
    assert differences(found_in(in_state, "post", OF_A_ROUND & set(POST)), POST | POST_IN[state]) == {}


def all_tables():
    yield from ((GET | changed) for changed in ({}, *GET_IN.values()))
    yield from ((POST | changed) for changed in ({}, *POST_IN.values()))


def test_in_no_state_does_another_municipality_or_a_stranger_see_a_round_s_page():
    """Whatever the tables are made to say: what has no exception."""
    of_all = {"publications:publication", "publications:quality", "publications:outputs"}
    for table in all_tables():
        assert set(GET_IN) == set(POST_IN) == set(STATES)
        for name in OF_A_ROUND & set(table) - of_all:
            row = table[name]
            assert row["bo"] in (NOT_FOUND, MOVED) and row["anonymous"] == "login"
            if not name.startswith(("survey:", "peers:")):
                assert {row[person] for person in OWN} <= {NOT_FOUND, MOVED}, name
