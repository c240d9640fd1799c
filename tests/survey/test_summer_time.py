"""A deadline in Danish time on the nights that the clock is changed: as typed, stored, judged and shown."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from survey import transitions
from survey.models import SurveyRound
from survey.rounds import lifecycle
from tests.builders import hand_in
from tests.survey.round_life import CLOCK

MINUTE, MICROSECOND = timedelta(minutes=1), timedelta(microseconds=1)


def tell(moment):
    """What the database's clock says from now on."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('told.now', %s, true)", [moment.isoformat()])


@pytest.fixture
def planned(odense):
    """Odense's round, opened in a February, when the database's clock is told the time."""
    with connection.cursor() as cursor:
        cursor.execute(CLOCK)
        cursor.execute("SET LOCAL search_path = told, pg_catalog, public")
    tell(datetime(2027, 2, 10, tzinfo=UTC))
    dates = {"deadline": datetime(2027, 2, 20, tzinfo=UTC), "edit_until": datetime(2027, 2, 20, tzinfo=UTC)}
    SurveyRound.objects.update(opens_at=datetime(2027, 2, 1, tzinfo=UTC), **dates)
    odense.round.refresh_from_db()
    return odense


def typed_deadline(client, text):
    dates = {"deadline": text, "edit_until": text, "reason": "Mere tid."}
    return client.post("/ministerium/2025/plan/frister/", dates)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("28.03.2027 01.59", datetime(2027, 3, 28, 0, 59, tzinfo=UTC)),  # the last minute of winter time
        ("28.03.2027 03.00", datetime(2027, 3, 28, 1, 0, tzinfo=UTC)),  # the next one: summer time
        ("31.10.2027 01.59", datetime(2027, 10, 30, 23, 59, tzinfo=UTC)),
        ("31.10.2027 03.00", datetime(2027, 10, 31, 2, 0, tzinfo=UTC)),  # an hour longer than it looks
    ],
)
def test_a_deadline_near_a_change_of_clock_holds_to_the_microsecond(planned, cast, client_of, typed, stored):
    client = client_of(cast.rikke)
    assert typed_deadline(client, typed).status_code == 302
    planned.round.refresh_from_db()
    assert planned.round.deadline == planned.round.edit_until == stored
    assert planned.round.events.last().deadline == stored
    assert (
        typed.replace(" ", " kl. ").split(" kl. ")[1]
        in client.get("/ministerium/2025/plan/").content.decode()
    )
    tell(stored)
    with pytest.raises(transitions.Refused, match="udløbet"):
        hand_in(planned, cast.carl)
    tell(stored - MICROSECOND)
    assert hand_in(planned, cast.carl).submitted_at == stored - MICROSECOND


@pytest.mark.parametrize("typed", ["28.03.2027 02.30", "31.10.2027 02.00", "31.10.2027 02.59"])
def test_a_deadline_that_is_not_or_is_twice_cannot_be_typed(planned, cast, client_of, typed):
    page = typed_deadline(client_of(cast.rikke), typed)
    assert page.status_code == 422
    assert (
        "tidspunktet er der ikke eller to gange" in page.content.decode() and typed in page.content.decode()
    )
    assert planned.round.events.last().kind == "opened"


def test_the_hour_that_comes_twice_is_as_long_as_it_is(planned, cast):
    """From midnight to three on the last day of October there are four hours."""
    midnight, three = datetime(2027, 10, 30, 22, tzinfo=UTC), datetime(2027, 10, 31, 2, tzinfo=UTC)
    lifecycle.change_dates(
        round_id=planned.round_id, by=cast.rikke, reason="x", deadline=midnight, edit_until=three
    )
    tell(midnight + timedelta(hours=4) - MINUTE)
    assert hand_in(planned, cast.carl).number == 1
