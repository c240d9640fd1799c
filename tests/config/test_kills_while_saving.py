"""No acknowledged save is lost by a kill -9 of a web worker or of PostgreSQL in the middle of saving."""

import contextlib
import http.client
import http.cookiejar
import os
import random
import shlex
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.parse
import urllib.request
import uuid
from pathlib import Path

import pytest

from config import embedded_postgres, launcher
from tests.config.processes import end_all, owned_by, wait_for
from tests.config.test_embedded_postgres import connect

ROOT = Path(__file__).resolve().parents[2]
KILLS, SAVERS = 10, 4
PREPARE = "import django; django.setup(); from config.launcher import prepare; prepare()"


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """A save is acknowledged by its redirect; the page after it does not matter here."""

    def redirect_request(self, *arguments):
        return None


class Saver(threading.Thread):
    """An editor who writes initiatives as fast as they are acknowledged, and notes the titles of those."""

    def __init__(self, address: str, stop: threading.Event):
        super().__init__(daemon=True)
        self.address, self.stop = address, stop
        self.acknowledged: list[str] = []
        self.cookies = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), NoRedirect, urllib.request.HTTPCookieProcessor(self.cookies)
        )

    def post(self, path: str, **fields) -> int:
        token = next((cookie.value for cookie in self.cookies if cookie.name == "csrftoken"), "")
        data = urllib.parse.urlencode({"csrfmiddlewaretoken": token, **fields}).encode()
        try:
            return self.opener.open(self.address + path, data, timeout=10).status
        except urllib.error.HTTPError as answer:
            return answer.code

    def log_in(self) -> None:
        self.opener.open(f"{self.address}/konto/login/", timeout=10).read()
        assert self.post("/konto/login/", login="anna@odense.example", password="indsatskort-demo") == 302

    def run(self) -> None:
        while not self.stop.is_set():
            title = str(uuid.uuid4())
            with contextlib.suppress(OSError, http.client.HTTPException):  # the other end was killed
                if self.post(f"/kommune/461/2025/indsats/{uuid.uuid4()}/", title=title, revision="0") == 302:
                    self.acknowledged.append(title)


@pytest.fixture
def folder(tmp_path):
    yield tmp_path
    end_all(tmp_path)


@pytest.fixture
def environment(folder, port):
    environment = os.environ | {"VAR_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "config.settings"}
    environment.pop("DATABASE_URL", None)
    return environment | {"PORT": str(port)}


def start_web(environment: dict[str, str]) -> subprocess.Popen:
    command = launcher.procfile()["web"].replace("$PORT", environment["PORT"])
    return subprocess.Popen([sys.executable, "-m", *shlex.split(command)], cwd=ROOT, env=environment)


def kill_web_worker(folder: Path, web: subprocess.Popen) -> None:
    workers = wait_for(lambda: [pid for pid in owned_by(folder, "gunicorn") if pid != web.pid])
    os.kill(random.choice(workers), signal.SIGKILL)


def kill_postgres(data_dir: Path) -> None:
    for pid in embedded_postgres.processes(data_dir):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def stored_titles(data_dir: Path) -> set[str]:
    with connect(data_dir) as connection:
        return {title for (title,) in connection.execute("SELECT title FROM survey_initiative")}


def test_no_acknowledged_save_is_lost_by_kills(folder, environment, port):
    data_dir = folder / "postgres"
    stop = threading.Event()
    savers = [Saver(f"http://127.0.0.1:{port}", stop) for _ in range(SAVERS)]

    def acknowledged() -> list[str]:
        return [title for saver in savers for title in saver.acknowledged]

    def saving_goes_on() -> bool:
        before = len(acknowledged())
        return wait_for(lambda: len(acknowledged()) >= before + 2 * SAVERS)

    with contextlib.ExitStack() as server:
        server.enter_context(embedded_postgres.running(data_dir))
        subprocess.run([sys.executable, "-c", PREPARE], cwd=ROOT, env=environment, check=True)
        web = start_web(environment)
        assert wait_for(lambda: launcher.answers(port))
        for saver in savers:
            saver.log_in()
            saver.start()
        assert saving_goes_on()
        for _ in range(KILLS):
            kill_web_worker(folder, web)
            assert saving_goes_on()
        for _ in range(KILLS):
            kill_postgres(data_dir)
            server.close()
            server.enter_context(embedded_postgres.running(data_dir))
            assert saving_goes_on()
        stop.set()
        for saver in savers:
            saver.join()
        assert set(acknowledged()) <= stored_titles(data_dir)
        web.terminate()
        web.wait()
