import pghistory
import pytest
from django.urls import reverse

from tests.builders import build_initiative, hand_in


@pytest.fixture
def url():
    return reverse("audit:trail")


@pytest.fixture
def shown(cast, client_of, url):
    """The administrator's page as text, with these choices."""
    client = client_of(cast.admin)

    def read(**chosen):
        return " ".join(client.get(url, chosen).content.decode().split())

    return read


@pytest.fixture
def version(cast, odense):
    """Odense's, as anna wrote it and carl handed it in."""
    with pghistory.context(user=cast.anna.pk, view="survey:initiative"):
        build_initiative(odense, cast.anna)
    with pghistory.context(user=cast.carl.pk, view="survey:hand_in"):
        return hand_in(odense, cast.carl)
