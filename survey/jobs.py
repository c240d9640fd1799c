"""Work too long for a request. The Job row decides who does it; the broker only says that there is work.

A message may be lost or come twice: a worker begins by claiming the row, and the sweeper
(survey.tasks.requeue_lost_jobs) queues again what has been silent for a minute.
"""

import logging
import tempfile
import threading
from collections.abc import Callable
from contextlib import contextmanager
from datetime import timedelta

from celery import current_app
from django.core.files import File
from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Now

from survey.models import Job

logger = logging.getLogger(__name__)

SILENCE = timedelta(minutes=1)
MAX_ATTEMPTS = 3
HEARTBEAT = 10  # seconds


class Lost(Exception):
    """Another worker has the job now, because this one was silent for too long."""


def enqueue(*, task: str, title: str, arguments: dict, by) -> Job:
    """A new job, and its message once the transaction is committed."""
    job = Job.objects.create(task=task, title=title, arguments=arguments, requested_by=by)
    transaction.on_commit(lambda: send(job))
    return job


def send(job: Job) -> None:
    """Tells the workers. With the broker down the row stays queued, and the sweeper tries again."""
    try:
        current_app.send_task(job.task, [str(job.pk)], retry=False)
    except Exception:  # kombu and each transport have their own errors; none of them is the user's
        logger.exception("The broker did not take job %s; it stays queued.", job.pk)


def run(job_id: str, work: Callable) -> None:
    """Claims the job and does `work(job, file, progress)`, which fills the file and returns its name.

    `progress(done, total)` may raise Lost. A job that is claimed, done or unknown is left alone, so a
    message that comes twice does no harm.
    """
    job = _claim(job_id)
    if job is None:
        return
    try:
        with tempfile.TemporaryFile() as file:
            with _heartbeat(job):
                name = work(job, file, lambda done, total: _progress(job, done, total))
            file.seek(0)
            _finish(job, name, file)
    except Lost:
        logger.warning("Job %s was taken over while this worker was silent.", job_id)
    except Exception:
        logger.exception("Job %s failed.", job_id)
        _mine(job).update(state=Job.State.FAILED, alive_at=Now())


def requeue_lost() -> None:
    """Queues again what has been silent for too long, and gives up after the third attempt."""
    silent = Job.objects.filter(state__in=[Job.State.QUEUED, Job.State.RUNNING], alive_at__lt=Now() - SILENCE)
    silent.filter(attempts__gte=MAX_ATTEMPTS).update(state=Job.State.FAILED, alive_at=Now())
    for job in silent:
        same = Job.objects.filter(pk=job.pk, state=job.state, attempts=job.attempts, alive_at=job.alive_at)
        if same.update(state=Job.State.QUEUED, alive_at=Now()):
            send(job)


def _claim(job_id: str) -> Job | None:
    """Only one worker's UPDATE finds the row queued."""
    queued = Job.objects.filter(pk=job_id, state=Job.State.QUEUED)
    claimed = queued.update(
        state=Job.State.RUNNING, attempts=F("attempts") + 1, alive_at=Now(), done=0, total=0
    )
    return Job.objects.select_related("requested_by").get(pk=job_id) if claimed else None


def _mine(job: Job):
    """The row for as long as this attempt holds it."""
    return Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, attempts=job.attempts)


def _progress(job: Job, done: int, total: int) -> None:
    if not _mine(job).update(done=done, total=total, alive_at=Now()):
        raise Lost


def _finish(job: Job, name: str, file) -> None:
    job.file.save(f"{job.pk}/{name}", File(file), save=False)
    if not _mine(job).update(state=Job.State.DONE, done=F("total"), file=job.file.name, alive_at=Now()):
        job.file.delete(save=False)
        raise Lost


@contextmanager
def _heartbeat(job: Job):
    """Signs of life from a thread with a connection of its own: closing a large workbook takes minutes."""
    stopped = threading.Event()

    def beat():
        try:
            while not stopped.wait(HEARTBEAT):
                _mine(job).update(alive_at=Now())
        finally:
            connection.close()

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()
