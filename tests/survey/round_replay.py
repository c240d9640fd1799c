"""The tables that a round's life writes to, read at once, and the state that their events tell of."""

import json
from datetime import datetime

from django.db import connection

from tests.survey.round_model import STEP_BACK

# Rows that are added and never changed, and the others: all that a step can write to.
ADDED_ONLY = {
    "survey_submissionversion": "*",
    "survey_reportedinitiative": "*",
    "survey_submissionevent": "*",
    "survey_roundevent": "*",
    "survey_extension": "*",
    "survey_adjustment": "*",
}
CHANGING = {
    "survey_surveyround": "id, state, opens_at, deadline, edit_until",
    "survey_submission": "id, municipality_id, state, return_due_at, extended_until",
    "survey_initiative": "id, submission_id, uuid, title",
    "municipalities_outgoingmail": 'id, "to", subject',
}
TABLES = ", ".join(
    f"'{name}', (SELECT coalesce(jsonb_agg(t ORDER BY id), '[]') FROM (SELECT {columns} FROM {name}) t)"
    for name, columns in (ADDED_ONLY | CHANGING).items()
)
DATES = ("opens_at", "deadline", "edit_until")
ROUND_EDGES = {  # kind of event -> state -> state
    "trial_started": {"draft": "trial", "trial": "trial"},
    "trial_ended": {"trial": "draft"},
    "opened": {"draft": "open"},
    "dates_changed": {"open": "open"},
    "closed": {"open": "closed"},
    "lock_asked": {"closed": "closed"},
    "locked": {"closed": "locked"},
    "archived": {"locked": "archived"},
    "reopened": STEP_BACK,
}
SUBMISSION_EDGES = {  # the states that it is possible from
    "submitted": ("draft", "returned"),
    "withdrawn": ("submitted",),
    "returned": ("submitted", "approved", "returned"),
    "approved": ("submitted",),
}


def read_tables() -> dict[str, list[dict]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT jsonb_build_object({TABLES})::text")
        return json.loads(cursor.fetchone()[0])


def moment(text: str | None) -> datetime | None:
    """A timestamp of the database's JSON."""
    return datetime.fromisoformat(text) if text else None


def replay_round(events: list[dict], dates: dict[str, datetime]) -> dict:
    """State and dates of a round that was planned with those dates, and who has asked to lock it."""
    state, asked = "draft", None
    for event in events:
        state = ROUND_EDGES[event["kind"]][state]
        assert event["state"] == state
        dates = {name: moment(event[name]) for name in DATES}
        asked = event["by_id"] if event["kind"] == "lock_asked" else None
    return {"state": state, **dates, "asked": asked}


def replay_submission(events: list[dict]) -> dict:
    """State, due date, and the ids of the versions that were not withdrawn."""
    state, due, asked_until, standing = "draft", None, None, []
    for event in events:
        assert state in SUBMISSION_EDGES[event["kind"]]
        if event["kind"] == "submitted":
            state, due = "submitted", None
            standing.append(event["version_id"])
            continue
        assert event["version_id"] == standing[-1]
        if event["kind"] == "withdrawn":
            standing.pop()
            state, due = ("returned", asked_until) if asked_until else ("draft", None)
        elif event["kind"] == "returned":
            state, due, asked_until = "returned", moment(event["due_at"]), moment(event["due_at"])
        else:
            state, due, asked_until = "approved", None, None
        assert moment(event["due_at"]) == due
    return {"state": state, "due": due, "standing": standing}
