"""kill -9 of the worker in the middle of a mail; a mail queued while no worker runs: each arrives once."""

import os
import shlex
import signal
import subprocess
import sys
import threading

import pytest

from config import embedded_postgres, launcher
from tests.config.processes import end_all, wait_for
from tests.durability.test_kill import ROOT, connect
from tests.municipalities import smtp_server

SET_UP = "import django; django.setup()\n"
MIGRATE = SET_UP + "from django.core.management import call_command; call_command('migrate', verbosity=0)"
QUEUE = SET_UP + "from municipalities import mail; mail.queue_text(to=['a@b.dk'], subject='S', text='T')"
SWEEP = SET_UP + (
    "from celery import current_app; current_app.send_task('municipalities.tasks.send_waiting_mails')"
)


@pytest.fixture
def folder(tmp_path):
    yield tmp_path
    end_all(tmp_path)


def test_a_mail_arrives_once_whatever_happens_to_the_worker(folder):
    with smtp_server.running() as server, embedded_postgres.running(folder / "postgres"):
        env = os.environ | {
            "VAR_DIR": str(folder),
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "EMAIL_URL": f"smtp://127.0.0.1:{server.port}",
        }
        env.pop("DATABASE_URL", None)

        def run(code):
            subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, check=True)

        def worker():
            command = shlex.split(launcher.procfile()["worker"])
            return subprocess.Popen([sys.executable, *command[1:]], cwd=ROOT, env=env)

        def stored():
            with connect(folder / "postgres") as connection:
                return connection.execute(
                    "SELECT state, attempts FROM municipalities_outgoingmail"
                ).fetchall()

        run(MIGRATE)
        run(QUEUE)
        assert stored() == [("queued", 0)]  # no worker runs

        half_way, go_on = threading.Event(), threading.Event()

        def hang():
            half_way.set()
            go_on.wait(60)
            raise ConnectionAbortedError  # the killed sender never hears a yes, and nothing is delivered

        server.before_accepting = hang
        first = worker()
        assert half_way.wait(60)
        first.send_signal(signal.SIGKILL)
        first.wait()
        go_on.set()
        assert wait_for(lambda: stored() == [("queued", 0)])

        server.before_accepting = lambda: None
        worker()
        run(SWEEP)  # as beat does every half minute
        run(SWEEP)
        assert wait_for(lambda: stored() == [("sent", 1)], 60)
        assert [message["Subject"] for message in server.received] == ["S"]
