from types import SimpleNamespace

from django.db import OperationalError


def test_the_load_balancer_may_ask_by_address_and_without_tls(client, db, settings):
    settings.ALLOWED_HOSTS, settings.SECURE_SSL_REDIRECT = ["indsatskort.example"], True
    for path in ("/healthz", "/readyz"):
        response = client.get(path, headers={"host": "10.0.0.11:8000"})
        assert (response.status_code, response.content) == (200, b"ok")
    assert client.get("/was/", headers={"host": "10.0.0.11:8000"}).status_code == 400


def test_without_the_database_the_host_is_up_but_not_ready(client, db, monkeypatch):
    def down(*args, **kwargs):
        raise OperationalError

    monkeypatch.setattr("config.middleware.connection", SimpleNamespace(cursor=down))
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503
