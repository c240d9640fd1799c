"""The product and the bare project on free ports, by the Procfile's own web line, asked over HTTP."""

import contextlib
import json
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from bench import client
from config import launcher
from config.processes import start_child

PATIENCE = 30  # seconds


@dataclass
class Visitor:
    """A logged-in browser at one form. `fields` is what it posts."""

    path: str
    cookie: str
    fields: dict
    revision: int = 1


@contextlib.contextmanager
def served(wsgi: str, settings_module: str) -> Iterator[int]:
    """The port of a gunicorn with this application, in the Procfile's number of processes and threads."""
    port = free_port()
    command = launcher.procfile()["web"].replace("$PORT", str(port)).replace("config.wsgi", wsgi)
    process = start_child(
        [sys.executable, "-m", *shlex.split(command)],
        signal.SIGTERM,
        cwd=settings.BASE_DIR,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": settings_module},
    )
    try:
        deadline = time.monotonic() + PATIENCE
        while not launcher.answers(port):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{wsgi} does not answer")
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(PATIENCE)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((client.HOST, 0))
        return probe.getsockname()[1]


def log_in(user, backend: str) -> str:
    """The cookie of a new session; the login page itself is not what is measured."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = backend
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def visit(port: int, path: str, cookie: str, fields: dict) -> Visitor:
    """Opens the form once: the CSRF cookie and the token in the page are the server's own."""
    with socket.create_connection((client.HOST, port), timeout=PATIENCE) as connection:
        head = f"GET {path} HTTP/1.1\r\nHost: {client.HOST}\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n"
        connection.sendall(head.encode())
        page = client.receive(connection).decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    csrf = re.search(r"set-cookie: *(csrftoken=\w+)", page, re.IGNORECASE)
    if not token or not csrf:
        raise RuntimeError(f"no form at {path}: {page[:200]}")
    return Visitor(path, f"{cookie}; {csrf[1]}", {"csrfmiddlewaretoken": token[1], **fields})


def rate(port: int, visitors: list[Visitor], *, posting: bool, seconds: float) -> float:
    """Answers a second by all visitors together."""
    clients = [
        {"path": v.path, "cookie": v.cookie, "fields": v.fields if posting else None, "revision": v.revision}
        for v in visitors
    ]
    result = subprocess.run(
        [sys.executable, "-m", "bench.client"],
        input=json.dumps({"port": port, "seconds": seconds, "clients": clients}),
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
    )
    if result.returncode:
        raise RuntimeError(result.stderr)
    answer = json.loads(result.stdout)
    if posting:
        for visitor, revision in zip(visitors, answer["revisions"], strict=True):
            visitor.revision = revision
    return answer["rate"]
