"""Helps the tests that start, kill and count real processes."""

import contextlib
import os
import signal
import time
from pathlib import Path


def owned_by(folder: Path, name: str = "") -> list[int]:
    """Living processes that were started with the folder as VAR_DIR and have the name in their command."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            environment = (process / "environ").read_bytes().split(b"\0")
            command = (process / "cmdline").read_bytes()
            if f"VAR_DIR={folder}".encode() in environment and name.encode() in command:
                found.append(int(process.name))
    return sorted(found)


def wait_for(condition, seconds: float = 20):
    """The condition's first true value; its last value when the time is out."""
    deadline = time.monotonic() + seconds
    while not (value := condition()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return value


def none_left(folder: Path) -> bool:
    return wait_for(lambda: not owned_by(folder))


def end_all(folder: Path) -> None:
    """After a failed test too, nothing stays."""
    for pid in owned_by(folder):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
