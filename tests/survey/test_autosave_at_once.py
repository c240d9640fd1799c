"""Several pages that save themselves at the same moment, on real PostgreSQL."""

import pytest
from django.test import Client

from survey.models import Initiative
from tests.builders import build_initiative, build_round, posted
from tests.conftest import build_cast
from tests.survey.test_autosave import autosave, outcome
from tests.survey.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
EACH = 5  # saves of each of two people


@pytest.fixture
def pages():
    """Anna's and Carl's browsers and two initiatives of Odense."""
    cast = build_cast()
    odense = build_round().submissions.get(municipality__code="461")
    clients = []
    for user in (cast.anna, cast.carl):
        clients.append(Client())
        clients[-1].force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return clients, [build_initiative(odense, cast.anna, title=title) for title in ("Den ene", "Den anden")]


def test_edits_of_different_initiatives_never_meet(pages):
    clients, initiatives = pages

    def write(i):
        return [
            outcome(autosave(clients[i], initiatives[i].uuid, **posted(content=f"{n}", revision=n)))
            for n in range(1, EACH + 1)
        ]

    assert at_once(write, count=2) == [["saved"] * EACH] * 2
    assert set(Initiative.objects.values_list("revision", "content")) == {(EACH + 1, str(EACH))}


def test_of_two_edits_of_one_initiative_one_is_stored_and_the_other_sees_both(pages):
    clients, (initiative, _) = pages

    def write(i):
        return outcome(autosave(clients[i], initiative.uuid, **posted(content=f"Tekst {i}", revision=1)))

    assert sorted(at_once(write, count=2)) == ["conflict", "saved"]
    initiative.refresh_from_db()
    assert initiative.revision == 2
