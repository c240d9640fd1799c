import pytest
from django.urls import reverse


@pytest.fixture
def mette(cast, client_of):
    return client_of(cast.mette)


@pytest.fixture
def text_of():
    """The text of a page of the round, its white space as one space."""

    def text(client, name, *args, status=200, **query):
        response = client.get(reverse(name, args=args), query)
        assert response.status_code == status
        return " ".join(response.content.decode().split())

    return text
