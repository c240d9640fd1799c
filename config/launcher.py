"""`make run`: the database, the data, and the processes of the Procfile, started and stopped as one.

Not honcho, whose children stay after a kill -9. Here each process is a direct child and asks the kernel
to be stopped when its parent ends, however that ends."""

import contextlib
import http.client
import os
import shlex
import signal
import socket
import string
import subprocess
import sys
import time
from pathlib import Path

import django
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import connections

from config import embedded_postgres
from config.processes import ends_with_parent, start_child

HOST = "127.0.0.1"
PATIENCE = 15  # seconds for the processes to finish what it is doing; an interrupted job is taken up again


class LauncherError(Exception):
    pass


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    ends_with_parent(signal.SIGTERM)  # a killed make takes everything with it
    for signum in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signum, interrupt)
    try:
        launch(free_port(os.environ.get("PORT") or "8000"))
    except KeyboardInterrupt:
        return 0
    except (LauncherError, embedded_postgres.EmbeddedPostgresError, ImproperlyConfigured) as error:
        print(f"make run: {error}", file=sys.stderr)
        return 1
    return 0


def interrupt(signum, frame):
    raise KeyboardInterrupt


def free_port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise LauncherError(f"PORT is {text!r}, which is no port: try make run PORT=8001")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, int(text)))
        except OSError as error:
            raise LauncherError(
                f"port {text} is taken; choose another: make run PORT={int(text) + 1}"
            ) from error
    return int(text)


def launch(port: int) -> None:
    django.setup()
    embedded = "DATABASE_URL" not in os.environ
    data_dir = settings.VAR / "postgres"
    with embedded_postgres.running(data_dir) if embedded else contextlib.nullcontext():
        prepare()
        processes: dict[str, subprocess.Popen] = {}
        try:
            for name, command in procfile().items():
                processes[name] = start(command, port)
            watch(processes, lambda: answers(port), data_dir if embedded else None)
            print(f"\nIndsatskort: http://{HOST}:{port}/  (Ctrl-C stops it)", flush=True)
            watch(processes, lambda: False, data_dir if embedded else None)
        finally:
            stop(processes.values())


def prepare() -> None:
    """In one process: each further start of Python and Django would take a second."""
    if not Path(settings.STATIC_ROOT, "staticfiles.json").exists():
        call_command("collectstatic", interactive=False, verbosity=0)
    call_command("migrate", interactive=False, verbosity=0)
    call_command("load_reference", verbosity=0)
    try:
        call_command("load_demo")
    except CommandError as refusal:  # it leaves a database with real rounds or users alone
        print(refusal)
    connections.close_all()


def procfile() -> dict[str, str]:
    lines = (settings.BASE_DIR / "Procfile").read_text().splitlines()
    return {name: command.strip() for name, command in (line.split(":", 1) for line in lines)}


def start(command: str, port: int) -> subprocess.Popen:
    programs = str(Path(sys.executable).parent)
    environment = os.environ | {
        "PORT": str(port),
        "VAR_DIR": str(settings.VAR),
        "PATH": f"{programs}:{os.environ.get('PATH', os.defpath)}",
    }
    words = [string.Template(word).safe_substitute(environment) for word in shlex.split(command)]
    command_line = [f"{programs}/{words[0]}", *words[1:]]
    return start_child(command_line, signal.SIGTERM, cwd=settings.BASE_DIR, env=environment)


def watch(processes: dict[str, subprocess.Popen], until, data_dir: Path | None) -> None:
    """Until the condition holds; an error as soon as one of them is gone."""
    while not until():
        for name, process in processes.items():
            if process.poll() is not None:
                raise LauncherError(
                    f"{name} ended with exit code {process.returncode}; everything is stopped"
                )
        if data_dir and not embedded_postgres.alive(data_dir):
            raise LauncherError("PostgreSQL ended; everything is stopped, and nothing that was saved is lost")
        time.sleep(0.2)


def answers(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return bool(connection.getresponse().status)
    except OSError:
        return False
    finally:
        connection.close()


def stop(processes) -> None:
    """All at once: what the web process still queues lies safe until the next start."""
    for process in processes:
        process.terminate()
    deadline = time.monotonic() + PATIENCE
    for process in processes:
        try:
            process.wait(max(0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


if __name__ == "__main__":
    sys.exit(main())
