"""kill -9 of a web worker and of PostgreSQL in the middle of saving: no acknowledged save is lost.

Real processes, the product's own database and its own recovery. The twin below turns off the waiting for
the disk at each commit, and then saves are lost: so the test can fail.
"""

import contextlib
import http.client
import http.cookies
import os
import random
import shlex
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import environ
import psycopg
import pytest

from config import embedded_postgres, launcher
from tests.config.processes import end_all, wait_for

ROOT = Path(__file__).resolve().parents[2]
KILLS, SAVERS = 10, 4
PASSWORD = "correct horse battery"  # of tests.builders
PREPARE = """
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from municipalities.models import Role
from tests.builders import build_municipalities, build_round, build_user
build_user("Anna", Role.EDITOR, build_municipalities()["Odense"])
build_round()
"""


@dataclass
class Saver(threading.Thread):
    """An editor who enters one initiative after the other, saves each a second time, and notes for each
    the revision that was acknowledged: by the redirect, which is what a person sees."""

    port: int
    stop: threading.Event
    acknowledged: dict[str, int] = field(default_factory=dict)
    interrupted: int = 0
    cookies: dict[str, str] = field(default_factory=dict)

    def __post_init__(self):
        super().__init__(daemon=True)

    __hash__ = threading.Thread.__hash__

    def log_in(self) -> None:
        assert self.ask("GET", "/konto/login/") == 200
        assert self.ask("POST", "/konto/login/", login="anna@example.test", password=PASSWORD) == 302

    def run(self) -> None:
        while not self.stop.is_set():
            initiative = str(uuid.uuid4())
            for revision in (0, 1):
                if not self.saves(initiative, revision):
                    self.interrupted += 1
                    self.stop.wait(0.05)  # a person presses again, not a thousand times a second
                    break
                self.acknowledged[initiative] = revision + 1

    def saves(self, initiative: str, revision: int) -> bool:
        path = f"/kommune/461/2025/indsats/{initiative}/"
        try:
            return self.ask("POST", path, title=f"Udgave {revision + 1}", revision=revision) == 302
        except (OSError, http.client.HTTPException):
            return False

    def ask(self, method: str, path: str, **fields) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        fields["csrfmiddlewaretoken"] = self.cookies.get("csrftoken", "")
        with contextlib.closing(connection):
            connection.request(method, path, urlencode(fields) if method == "POST" else None, headers)
            answer = connection.getresponse()
            for cookie in answer.headers.get_all("Set-Cookie", []):
                self.cookies |= {
                    morsel.key: morsel.value for morsel in http.cookies.SimpleCookie(cookie).values()
                }
            return answer.status


@dataclass
class Installation:
    """The product in a folder of the test's own: PostgreSQL, the Procfile's web processes, and savers."""

    folder: Path
    postgres: contextlib.ExitStack
    web: subprocess.Popen
    savers: list[Saver]

    @property
    def data_dir(self) -> Path:
        return self.folder / "postgres"

    def kill_web_worker(self) -> None:
        children = Path(f"/proc/{self.web.pid}/task/{self.web.pid}/children")
        workers = wait_for(lambda: children.read_text().split())
        os.kill(int(random.choice(workers)), signal.SIGKILL)

    def kill_postgres(self) -> None:
        for pid in list(embedded_postgres.processes(self.data_dir)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.postgres.close()
        self.postgres.enter_context(embedded_postgres.running(self.data_dir))

    def acknowledged(self) -> dict[str, int]:
        return {initiative: n for saver in self.savers for initiative, n in saver.acknowledged.copy().items()}

    def saves_on(self) -> bool:
        """Each saver has been answered again, and then some time, at whose random end the next kill comes."""
        before = [(saver, len(saver.acknowledged)) for saver in self.savers]
        answered = wait_for(lambda: all(len(saver.acknowledged) > count for saver, count in before))
        time.sleep(random.uniform(0, 0.4))
        return answered

    def lost(self) -> list[str]:
        """Of the acknowledged saves, those that are not in the database."""
        acknowledged = self.acknowledged()  # before reading what is stored, since saving goes on
        with connect(self.data_dir) as connection:
            query = "SELECT uuid::text, revision, title FROM survey_initiative"
            stored = {initiative: (n, title) for initiative, n, title in connection.execute(query)}
        return [
            initiative
            for initiative, n in acknowledged.items()
            if stored.get(initiative) not in {(at, f"Udgave {at}") for at in range(n, 3)}
        ]


def connect(data_dir: Path):
    config = environ.Env.db_url_config(embedded_postgres.url(data_dir))
    return psycopg.connect(host=config["HOST"], user=config["USER"], dbname=config["NAME"], autocommit=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def installation(folder: Path, before_serving: str = ""):
    """With every saver at work."""
    port, stop = free_port(), threading.Event()
    # The tests' settings need no collected static files and hash passwords fast; the rest is the product's.
    env = os.environ | {"VAR_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "tests.settings"}
    env.pop("DATABASE_URL", None)
    with contextlib.ExitStack() as postgres:
        postgres.enter_context(embedded_postgres.running(folder / "postgres"))
        subprocess.run([sys.executable, "-c", PREPARE], cwd=ROOT, env=env, check=True)
        if before_serving:
            with connect(folder / "postgres") as connection:
                connection.execute(before_serving)
        command = shlex.split(launcher.procfile()["web"].replace("$PORT", str(port)))
        with open(folder / "web.log", "wb") as log:  # the kills' tracebacks are no news
            web = subprocess.Popen([sys.executable, "-m", *command], cwd=ROOT, env=env, stderr=log)
        assert wait_for(lambda: launcher.answers(port))
        savers = [Saver(port, stop) for _ in range(SAVERS)]
        for saver in savers:
            saver.log_in()
            saver.start()
        yield Installation(folder, postgres, web, savers)
        stop.set()
        for saver in savers:
            saver.join()
        web.terminate()
        web.wait()


@pytest.fixture
def folder(tmp_path):
    yield tmp_path
    end_all(tmp_path)


@pytest.fixture(autouse=True)
def same_moments_every_time():
    random.seed(2)


def test_no_acknowledged_save_is_lost_by_a_kill(folder):
    with installation(folder) as product:
        for kill in [product.kill_web_worker] * KILLS + [product.kill_postgres] * KILLS:
            assert product.saves_on()
            kill()
            assert not product.lost()
        assert product.saves_on()
        assert not product.lost()
        assert sum(saver.interrupted for saver in product.savers) >= KILLS  # the kills came in the middle


@pytest.mark.soak
def test_the_test_above_can_fail(folder):
    """Without waiting for the disk at commit, what PostgreSQL has in its own memory dies with it."""
    hasty = f"ALTER ROLE {embedded_postgres.NAME} SET synchronous_commit = off"
    with installation(folder, before_serving=hasty) as product:
        for _ in range(KILLS):
            assert product.saves_on()
            product.kill_postgres()
            if product.lost():
                return
        pytest.fail("nothing was lost")
