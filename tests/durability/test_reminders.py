"""A reminder to 98 municipalities with the worker killed in the middle, and with no broker: one mail each."""

import contextlib
import os
import shlex
import signal
import socketserver
import subprocess
import sys
import threading
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from config import embedded_postgres, launcher
from tests.config.processes import end_all, owned_by, wait_for
from tests.durability.test_kill import ROOT, connect
from tests.municipalities import smtp_server

MUNICIPALITIES = 98
THREADS = 2  # of a worker, as the Procfile has it
SET_UP = "import django; django.setup()\n"
PREPARE = (
    SET_UP
    + """
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("load_reference", verbosity=0)
from municipalities.models import Contact, Municipality, PopulationCount, Role
from tests.builders import POPULATION_DATE, build_round, build_user
places = list(Municipality.objects.all())
if not PopulationCount.objects.filter(date=POPULATION_DATE).exists():
    counts = {"date": POPULATION_DATE, "inhabitants": 1, "source": "test"}
    PopulationCount.objects.bulk_create(PopulationCount(municipality=one, **counts) for one in places)
Contact.objects.bulk_create(
    Contact(municipality=one, name="Kontakt", email=f"{one.code}@kommune.example") for one in places
)
build_user("Rikke", Role.ROUND_MANAGER)
build_user("Carl", Role.APPROVER, Municipality.objects.get(code="461"))
build_round()
"""
)
DUE = """
INSERT INTO survey_reminder (round_id, number, send_at, targets, subject, text, created_by_id, unreached)
SELECT r.id, (SELECT count(*) + 1 FROM survey_reminder), now(), '{not_begun,begun}', 'Husk',
    '{kommune}: {link}', u.id, '{}'
FROM survey_surveyround r, municipalities_user u WHERE u.name = 'Rikke'
"""
# A request's worth of everything, told to a broker that is dead.
WITHOUT_BROKER = (
    SET_UP
    + """
import uuid
from django.test import Client
from municipalities.models import OutgoingMail, User
from survey import tasks
from survey.models import Reminder, Submission
from tests.builders import hand_in, posted
carl = User.objects.get(email="carl@example.test")
client = Client(HTTP_HOST="localhost")
client.force_login(carl, backend="allauth.account.auth_backends.AuthenticationBackend")
saved = client.post(f"/kommune/461/2025/indsats/{uuid.uuid4()}/", posted())
assert saved.status_code == 302, saved.status_code
assert hand_in(Submission.objects.get(municipality__code="461"), carl).number == 1
tasks.send_due_reminders()
assert not Reminder.objects.waiting().exists()
assert OutgoingMail.objects.filter(state="queued").count() == 98
"""
)
# As beat does.
TICK = SET_UP + (
    "from celery import current_app\n"
    "current_app.send_task('survey.tasks.send_due_reminders')\n"
    "current_app.send_task('municipalities.tasks.send_waiting_mails')\n"
)
# The first rows of RoundMail are stored, uncommitted, and then the sender sleeps until it is killed.
SLEEP_AT_A_ROW = """
CREATE FUNCTION sleep_once() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF pg_try_advisory_lock(7) THEN PERFORM pg_sleep(600); END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sleep_once AFTER INSERT ON survey_roundmail FOR EACH ROW EXECUTE FUNCTION sleep_once();
"""
ASLEEP = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
NOT_SENT = "SELECT count(*) FROM municipalities_outgoingmail WHERE state <> 'sent'"
STORED = """
SELECT (SELECT count(*) FROM municipalities_outgoingmail), (SELECT count(*) FROM survey_roundmail),
    (SELECT count(*) FROM survey_reminder WHERE sent_at IS NOT NULL)
"""


@dataclass
class Installation:
    folder: Path
    server: smtp_server.SmtpServer
    env: dict

    def run(self, code: str, **env) -> None:
        subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=self.env | env, check=True)

    def worker(self) -> subprocess.Popen:
        command = shlex.split(launcher.procfile()["worker"])
        return subprocess.Popen([sys.executable, *command[1:]], cwd=ROOT, env=self.env)

    def ask(self, query: str):
        with connect(self.folder / "postgres") as connection:
            cursor = connection.execute(query)
            return cursor.fetchone() if cursor.description else None

    def addressed(self) -> Counter:
        return Counter(message["To"] for message in list(self.server.received))


@pytest.fixture(scope="module")
def installation(tmp_path_factory):
    folder = tmp_path_factory.mktemp("product")
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(smtp_server.running())
        stack.callback(end_all, folder)
        stack.enter_context(embedded_postgres.running(folder / "postgres"))
        env = os.environ | {
            "VAR_DIR": str(folder),
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "EMAIL_URL": f"smtp://127.0.0.1:{server.port}",
        }
        env.pop("DATABASE_URL", None)
        product = Installation(folder, server, env)
        product.run(PREPARE, DJANGO_SETTINGS_MODULE="tests.settings")
        yield product


@pytest.fixture
def product(installation):
    """A reminder to all 98 is due, and no worker runs."""
    installation.server.received.clear()
    installation.ask(DUE)
    yield installation
    for pid in owned_by(installation.folder, "celery"):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def test_a_worker_killed_in_the_middle_of_a_dispatch_to_98_leaves_one_mail_each(product):
    # While the rows are made: nothing of it is there.
    product.ask(SLEEP_AT_A_ROW)
    first = product.worker()
    product.run(TICK)
    assert wait_for(lambda: product.ask(ASLEEP) == (1,), 60)
    kill(first)
    product.ask("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'")
    assert product.ask(STORED) == (0, 0, 0)
    product.ask("DROP TRIGGER sleep_once ON survey_roundmail")

    # While the mails are sent: those under way were not taken, the others wait. All of the worker's threads
    # hang, for between a mail server's yes and the commit nobody can know (see municipalities/mail.py).
    hanging, half_way, go_on = [], threading.Event(), threading.Event()

    def hang_in_the_middle():
        if len(product.server.received) >= MUNICIPALITIES // 2:
            hanging.append(1)
            if len(hanging) == THREADS:
                half_way.set()
            go_on.wait(60)
            raise ConnectionAbortedError  # the killed sender never hears a yes

    product.server.before_accepting = hang_in_the_middle
    second = product.worker()
    product.run(TICK)
    assert half_way.wait(60)
    kill(second)
    assert product.ask(STORED) == (MUNICIPALITIES, MUNICIPALITIES, 1)
    assert MUNICIPALITIES // 2 <= len(product.server.received) < MUNICIPALITIES
    product.server.before_accepting = lambda: None
    go_on.set()

    product.worker()
    product.run(TICK * 2)  # a double start
    assert wait_for(lambda: len(product.server.received) >= MUNICIPALITIES, 60)
    assert wait_for(lambda: product.ask(NOT_SENT) == (0,))
    assert product.ask(STORED) == (MUNICIPALITIES, MUNICIPALITIES, 1)
    assert len(product.addressed()) == MUNICIPALITIES
    assert set(product.addressed().values()) == {1}


def test_with_no_broker_one_enters_and_hands_in_and_the_mails_go_out_afterwards(product):
    """97 are reminded: Odense has just handed in, and its approver gets the receipt."""
    with dead_broker() as (url, callers):
        product.run(WITHOUT_BROKER, CELERY_BROKER_URL=url)
    assert len(callers) == 2  # once for the receipt and once for all reminders: each try takes a user's time
    assert not product.server.received
    product.worker()
    product.run(TICK)
    assert wait_for(lambda: len(product.server.received) >= MUNICIPALITIES, 60)
    assert wait_for(lambda: product.ask(NOT_SENT) == (0,))
    assert set(product.addressed().values()) == {1}
    assert "461@kommune.example" not in product.addressed()
    assert "carl@example.test" in product.addressed()


@contextlib.contextmanager
def dead_broker():
    """(url, callers): it takes the telephone and hangs up."""
    callers = []

    class HangUp(socketserver.BaseRequestHandler):
        def handle(self):
            callers.append(self.client_address)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), HangUp) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield f"redis://127.0.0.1:{server.server_address[1]}/0", callers
        server.shutdown()


def kill(process: subprocess.Popen) -> None:
    process.send_signal(signal.SIGKILL)
    process.wait()
