import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import environ
import psycopg
import pytest

from config import embedded_postgres, postgres_files
from tests.config.processes import end_all, none_left, owned_by, wait_for

ROOT = Path(__file__).resolve().parents[2]
HOLDER = """
import sys
from pathlib import Path
from config import embedded_postgres, postgres_files
with embedded_postgres.running(Path(sys.argv[1])):
    print("up", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def folder(tmp_path):
    yield tmp_path
    end_all(tmp_path)


@pytest.fixture
def data_dir(folder):
    return folder / "postgres"


def hold(data_dir: Path) -> subprocess.Popen:
    """Another process that uses the database until its input is closed."""
    return subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(data_dir)],
        cwd=ROOT,
        env=os.environ | {"VAR_DIR": str(data_dir.parent)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def is_up(holder: subprocess.Popen) -> bool:
    return holder.stdout.readline() == "up\n"


def let_go(holder: subprocess.Popen) -> str:
    _, complaints = holder.communicate(timeout=120)
    assert holder.returncode == 0
    return complaints


def connect(data_dir: Path):
    config = environ.Env.db_url_config(embedded_postgres.url(data_dir))
    return psycopg.connect(host=config["HOST"], user=config["USER"], dbname=config["NAME"], autocommit=True)


def refused(message: str):
    return pytest.raises(embedded_postgres.EmbeddedPostgresError, match=message)


def postmasters(data_dir: Path) -> list[int]:
    return owned_by(data_dir.parent, name="bin/postgres\0-D")


def write_a_row(data_dir: Path) -> None:
    with connect(data_dir) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 'æøå' AS text")


def rows(data_dir: Path) -> list:
    with connect(data_dir) as connection:
        return connection.execute("SELECT text FROM kept").fetchall()


@pytest.mark.parametrize("name", ["plain", "with space", "Vår+100%?#", "l" * 100])
def test_the_url_leads_to_the_socket_whatever_the_folder_is_called(tmp_path, name):
    data_dir = tmp_path / name / "postgres"
    config = environ.Env.db_url_config(embedded_postgres.url(data_dir))
    assert config["HOST"] == str(embedded_postgres.socket_dir(data_dir))
    assert (config["NAME"], config["USER"]) == ("indsatskort", "indsatskort")
    assert len(os.fsencode(config["HOST"] + "/.s.PGSQL.5432")) <= postgres_files.LONGEST_SOCKET_PATH


def test_it_starts_keeps_the_data_and_leaves_no_process(data_dir):
    with embedded_postgres.running(data_dir):
        write_a_row(data_dir)
        assert embedded_postgres.alive(data_dir)
    assert not embedded_postgres.alive(data_dir)
    with embedded_postgres.running(data_dir):
        assert rows(data_dir) == [("æøå",)]


def test_the_product_is_no_superuser_and_saves_reach_the_disk(data_dir):
    with embedded_postgres.running(data_dir), connect(data_dir) as connection:
        assert connection.execute(
            "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"
        ).fetchone() == (False,)
        for setting, value in {"fsync": "on", "synchronous_commit": "on", "listen_addresses": ""}.items():
            assert connection.execute("SELECT current_setting(%s)", [setting]).fetchone() == (value,)
        assert connection.execute("SELECT lower('ÆØÅ'), pg_encoding_to_char(6)").fetchone() == ("æøå", "UTF8")


def test_nobody_else_can_reach_the_socket(data_dir):
    with embedded_postgres.running(data_dir):
        assert embedded_postgres.socket_dir(data_dir).stat().st_mode & 0o077 == 0


def test_a_folder_too_deep_for_a_socket_is_served_too(folder):
    data_dir = folder / ("d" * 100) / "postgres"
    with embedded_postgres.running(data_dir):
        write_a_row(data_dir)
        assert rows(data_dir)
    embedded_postgres.socket_dir(data_dir).rmdir()


def test_a_foreign_folder_at_the_place_of_the_socket_is_refused(folder):
    data_dir = folder / ("e" * 100) / "postgres"
    place = embedded_postgres.socket_dir(data_dir)
    place.mkdir()
    place.chmod(0o777)
    try:
        with refused("not ours alone"), embedded_postgres.running(data_dir):
            pass
    finally:
        place.rmdir()


def test_two_that_start_at_once_share_one_server(data_dir):
    holders = [hold(data_dir), hold(data_dir)]
    assert all(is_up(holder) for holder in holders)
    assert len(postmasters(data_dir)) == 1
    for holder in holders:
        holder.stdin.close()
    assert all(holder.wait(30) == 0 for holder in holders)
    assert none_left(data_dir.parent)


def test_who_started_it_waits_for_the_others(data_dir):
    first = hold(data_dir)
    assert is_up(first)
    second = hold(data_dir)
    assert is_up(second)
    first.stdin.close()
    assert "waiting" in first.stderr.readline()
    write_a_row(data_dir)
    assert let_go(second) == ""
    assert first.wait(30) == 0
    assert none_left(data_dir.parent)


def test_a_killed_starter_takes_the_server_with_it(data_dir):
    holder = hold(data_dir)
    assert is_up(holder)
    write_a_row(data_dir)
    holder.kill()
    holder.wait()
    with embedded_postgres.running(data_dir):  # at once, while the old one may still be shutting down
        assert rows(data_dir) == [("æøå",)]
    assert none_left(data_dir.parent)


def test_a_starter_killed_while_it_makes_the_database_does_no_harm(data_dir):
    holder = hold(data_dir)
    assert wait_for(lambda: owned_by(data_dir.parent, name="initdb"))
    holder.kill()
    holder.wait()
    with embedded_postgres.running(data_dir):
        write_a_row(data_dir)
    assert none_left(data_dir.parent)
    assert not list(data_dir.parent.glob("postgres.new-*"))


def test_kill_of_everything_leaves_a_lock_file_that_does_not_stop_the_next(data_dir):
    holder = hold(data_dir)
    assert is_up(holder)
    write_a_row(data_dir)
    for pid in owned_by(data_dir.parent):
        os.kill(pid, signal.SIGKILL)
    holder.wait()
    assert none_left(data_dir.parent)
    lock_file = data_dir / "postmaster.pid"
    # As if this process had got the number of the dead server.
    lock_file.write_text(
        lock_file.read_text().replace(lock_file.read_text().split("\n")[0], str(os.getpid()), 1)
    )
    with embedded_postgres.running(data_dir):
        assert rows(data_dir) == [("æøå",)]


def test_a_server_that_cannot_start_says_why(data_dir):
    with embedded_postgres.running(data_dir):
        pass
    (data_dir / "PG_VERSION").write_text("9\n")
    with refused("not compatible"), embedded_postgres.running(data_dir):
        pass


def test_a_command_that_cannot_have_a_database_says_so_in_one_line(folder):
    (folder / "postgres").mkdir()
    (folder / "postgres" / "something").touch()
    environment = os.environ | {"VAR_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "config.settings"}
    environment.pop("DATABASE_URL", None)
    command = [sys.executable, "manage.py", "migrate"]
    result = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert result.returncode == 1
    assert result.stderr.startswith("manage.py: the embedded PostgreSQL in ")
    assert result.stderr.count("\n") == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="only root must not run PostgreSQL itself")
@pytest.mark.parametrize("mode", [0o755, 0o700], ids=["nobody can reach it", "nobody cannot reach it"])
def test_root_runs_it_without_roots_rights(mode):
    folder = Path(tempfile.mkdtemp())
    folder.chmod(mode)
    data_dir = folder / "postgres"
    try:
        with embedded_postgres.running(data_dir):
            pid = (data_dir / "postmaster.pid").read_text().split()[0]
            status = Path(f"/proc/{pid}/status").read_text()
            own_namespace = os.readlink(f"/proc/{pid}/ns/user") != os.readlink("/proc/self/ns/user")
            is_nobody = f"Uid:\t{pwd.getpwnam('nobody').pw_uid}\t" in status
            assert is_nobody or own_namespace
            assert mode == 0o755 or own_namespace
            assert "CapEff:\t0000000000000000" in status
    finally:
        shutil.rmtree(folder)
