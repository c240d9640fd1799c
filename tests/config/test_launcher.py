"""`make run` as a whole: real processes, in a folder of the tests' own."""

import http.client
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from config import embedded_postgres
from tests.config.processes import end_all, none_left, owned_by, wait_for
from tests.config.test_embedded_postgres import connect

ROOT = Path(__file__).resolve().parents[2]
LAUNCHER = [sys.executable, "-m", "config.launcher"]
CHILDREN = {
    "web": "gunicorn",
    "worker": "config\0worker",
    "beat": "config\0beat",
    "PostgreSQL": "bin/postgres\0-D",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("var")
    yield folder
    end_all(folder)


def run(folder: Path, port, command=LAUNCHER) -> subprocess.Popen:
    environment = os.environ | {"VAR_DIR": str(folder), "PORT": str(port), "PYTHONUNBUFFERED": "1"}
    environment["DJANGO_SETTINGS_MODULE"] = "config.settings"
    environment.pop("DATABASE_URL", None)
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


@pytest.fixture
def launcher(folder, port):
    process = run(folder, port)
    output = printed_until_ready(process)
    assert f"http://127.0.0.1:{port}/" in output, process.communicate()[1]
    yield process
    end_all(folder)
    process.communicate()


def printed_until_ready(process: subprocess.Popen) -> str:
    lines = []
    for line in process.stdout:
        lines.append(line)
        if "http://" in line:
            break
    return "".join(lines)


def count_of_starts(data_dir: Path) -> int:
    """In a table of the test's own, which grows by a row each time."""
    with connect(data_dir) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS test_starts (at timestamptz)")
        connection.execute("INSERT INTO test_starts VALUES (now())")
        return connection.execute("SELECT count(*) FROM test_starts").fetchone()[0]


def test_it_stops_in_good_order(launcher, folder, port):
    for name in CHILDREN.values():
        assert owned_by(folder, name)
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", "/healthz")
    assert connection.getresponse().status == 200
    connection.close()
    launcher.terminate()
    _, complaints = launcher.communicate(timeout=120)
    assert launcher.returncode == 0
    assert "Traceback" not in complaints
    assert not owned_by(folder)


def test_an_interrupt_while_it_still_starts_leaves_nothing(folder, port):
    process = run(folder, port)
    assert wait_for(lambda: embedded_postgres.alive(folder / "postgres"))
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=120)
    assert process.returncode == 0
    assert none_left(folder)


# The shell stands for make: it too is only the launcher's parent.
UNDER_A_PARENT = ["sh", "-c", f"{sys.executable} -m config.launcher; exit 0"]


def test_a_killed_launcher_or_make_leaves_nothing_and_the_next_finds_the_data(folder, port):
    counts = []
    for command in (LAUNCHER, UNDER_A_PARENT):
        process = run(folder, port, command)
        assert "http://" in printed_until_ready(process)
        counts.append(count_of_starts(folder / "postgres"))
        process.kill()
        assert none_left(folder)
        process.communicate()
    assert counts == [1, 2]


@pytest.mark.parametrize("name", ["web", "PostgreSQL"])
def test_a_killed_process_is_named_and_the_rest_stopped(launcher, folder, name):
    os.kill(owned_by(folder, CHILDREN[name])[0], signal.SIGKILL)
    _, complaints = launcher.communicate(timeout=120)
    assert launcher.returncode == 1
    assert f"make run: {name} ended" in complaints
    assert none_left(folder)


def test_a_taken_port_is_named_with_a_way_out(folder):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        result = run(folder, taken)
        _, complaints = result.communicate(timeout=120)
    assert result.returncode == 1
    assert f"port {taken} is taken" in complaints
    assert f"make run PORT={taken + 1}" in complaints


def test_a_port_that_is_no_number_is_refused(folder):
    result = run(folder, "web")
    assert "no port" in result.communicate(timeout=120)[1]
    assert result.returncode == 1
