"""A real installation that lacks something refuses to start and says what."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
COMPLETE = {
    "ALLOWED_HOSTS": "indsatskort.example.org",
    "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "DATABASE_URL": "postgresql://user@localhost/name",
    "CELERY_BROKER_URL": "amqp://localhost",
    "EMAIL_URL": "smtp://localhost",
}


def load(changes: dict[str, str | None], tmp_path: Path) -> subprocess.CompletedProcess:
    environment = {name: value for name, value in os.environ.items() if name not in {*COMPLETE, "DEBUG"}}
    environment |= {name: value for name, value in (COMPLETE | changes).items() if value is not None}
    environment |= {"DJANGO_SETTINGS_MODULE": "config.settings", "VAR_DIR": str(tmp_path)}
    command = [sys.executable, "manage.py", "diffsettings"]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"SECRET_KEY": None}, "set SECRET_KEY too"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is shorter than 50"),
        ({"DEBUG": "on"}, "unset DEBUG"),
        ({"DATABASE_URL": None}, "set DATABASE_URL too"),
        ({"CELERY_BROKER_URL": None}, "set CELERY_BROKER_URL too"),
        ({"EMAIL_URL": None}, "set EMAIL_URL too"),
    ],
)
def test_a_real_installation_refuses_to_start(changes, message, tmp_path):
    result = load(changes, tmp_path)
    assert result.returncode != 0
    assert message in result.stderr


def test_a_complete_one_starts_and_writes_no_secret_of_its_own(tmp_path):
    result = load({}, tmp_path)
    assert result.returncode == 0, result.stderr
    assert not (tmp_path / "secret_key").exists()


def test_a_local_one_needs_no_environment_and_keeps_its_secret(tmp_path):
    nothing = dict.fromkeys(COMPLETE)
    assert load(nothing, tmp_path).returncode == 0
    secret = (tmp_path / "secret_key").read_text()
    assert load(nothing, tmp_path).returncode == 0
    assert (tmp_path / "secret_key").read_text() == secret
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0
