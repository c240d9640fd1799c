"""The workbook by a real worker through a real broker; no mock stands between."""

import os
import subprocess
import sys
from urllib.parse import quote

import pytest
from django.db import connection

from survey.models import Job
from survey.transitions import database_now
from tests.builders import build_initiative, build_round, hand_in
from tests.config.processes import wait_for
from tests.conftest import build_cast

pytestmark = pytest.mark.django_db(transaction=True)


def database_url() -> str:
    """Of the test database, for another process."""
    s = connection.settings_dict
    host = f"/{quote(s['HOST'])}" if s["HOST"].startswith("/") else f"{s['HOST']}:{s['PORT'] or 5432}"
    password = f":{quote(s['PASSWORD'])}" if s["PASSWORD"] else ""
    return f"postgresql://{s['USER']}{password}@{host}/{s['NAME']}"


@pytest.fixture
def worker(tmp_path):
    """worker(broker) starts one with the broker as its only way to hear of work."""
    started = []

    def start(broker: str) -> dict:
        environment = os.environ | {
            "DATABASE_URL": database_url(),
            "CELERY_BROKER_URL": broker,
            "VAR_DIR": str(tmp_path),
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }
        command = [
            sys.executable,
            "-m",
            "celery",
            "-A",
            "config",
            "worker",
            "--pool",
            "solo",
            "-l",
            "warning",
        ]
        started.append(subprocess.Popen(command, env=environment))
        return environment

    yield start
    for process in started:
        process.terminate()
        process.wait(20)


@pytest.mark.parametrize(
    "variable",
    [
        pytest.param("", id="filesystem"),
        pytest.param("RABBITMQ_URL", marks=pytest.mark.rabbitmq),
        pytest.param("REDIS_URL", marks=pytest.mark.redis),
    ],
)
def test_a_real_worker_makes_the_workbook(worker, variable):
    if variable and variable not in os.environ:
        pytest.skip(f"needs {variable}")
    cast, survey_round = build_cast(), build_round()
    odense = survey_round.submissions.get(municipality__code="461")
    build_initiative(odense, cast.anna)
    hand_in(odense, cast.carl)
    environment = worker(os.environ[variable] if variable else "")
    arguments = {"round": survey_round.pk, "as_at": database_now().isoformat()}
    job = Job.objects.create(
        task="reporting.tasks.write_workbook", title="Regneark", arguments=arguments, requested_by=cast.admin
    )
    ask = "import django; django.setup(); from survey import jobs; from survey.models import Job; "
    ask += f"jobs.send(Job.objects.get(pk='{job.pk}'))"
    subprocess.run([sys.executable, "-c", ask], env=environment, check=True)
    assert wait_for(lambda: Job.objects.filter(pk=job.pk, state="done").exists(), 30)
