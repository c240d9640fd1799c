from datetime import timedelta

import pytest
from django.utils import timezone

from survey import jobs
from survey.models import Job
from survey.tasks import requeue_lost_jobs


@pytest.fixture
def sent(monkeypatch, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    messages = []
    monkeypatch.setattr(jobs.current_app, "send_task", lambda name, args, **options: messages.append(args))
    return messages


@pytest.fixture
def job(cast):
    return Job.objects.create(task="some.task", title="Et job", requested_by=cast.admin)


def write(text="færdig"):
    def work(job, file, progress):
        progress(0, 2)
        file.write(text.encode())
        progress(2, 2)
        return "fil.txt"

    return work


def age(job, **fields):
    Job.objects.filter(pk=job.pk).update(alive_at=timezone.now() - timedelta(seconds=61), **fields)


def test_a_job_is_done_once_though_its_message_comes_twice(job, sent):
    jobs.run(str(job.pk), write())
    jobs.run(str(job.pk), write("igen"))
    job.refresh_from_db()
    assert (job.state, job.attempts, job.done, job.total) == ("done", 1, 2, 2)
    assert job.file.read().decode() == "færdig"


def test_an_error_ends_the_job_as_failed(job, sent):
    def work(job, file, progress):
        raise ValueError("disken er fuld")

    jobs.run(str(job.pk), work)
    job.refresh_from_db()
    assert job.state == "failed" and not job.file


def test_a_broker_that_is_down_leaves_the_job_queued(cast, monkeypatch, django_capture_on_commit_callbacks):
    def down(*args, **options):
        raise ConnectionRefusedError

    monkeypatch.setattr(jobs.current_app, "send_task", down)
    with django_capture_on_commit_callbacks(execute=True):
        job = jobs.enqueue(task="some.task", title="Et job", arguments={}, by=cast.admin)
    assert Job.objects.get(pk=job.pk).state == "queued"


@pytest.mark.parametrize("state", ["queued", "running"])
def test_the_sweeper_queues_again_what_is_silent(job, sent, state):
    age(job, state=state, attempts=1)
    requeue_lost_jobs()
    job.refresh_from_db()
    assert job.state == "queued" and sent == [[str(job.pk)]]
    requeue_lost_jobs()
    assert len(sent) == 1  # it has another minute


def test_the_sweeper_leaves_living_and_finished_jobs(job, sent):
    requeue_lost_jobs()
    age(job, state="done")
    requeue_lost_jobs()
    assert sent == []


def test_the_sweeper_gives_up_after_three_attempts(job, sent):
    age(job, state="running", attempts=3)
    requeue_lost_jobs()
    job.refresh_from_db()
    assert job.state == "failed" and sent == []


def test_a_worker_that_was_given_up_hands_in_nothing(job, sent):
    """It was silent, another attempt began, and then it wakes up."""

    def slow(job, file, progress):
        Job.objects.filter(pk=job.pk).update(attempts=2)
        progress(1, 2)

    jobs.run(str(job.pk), slow)
    job.refresh_from_db()
    assert job.state == "running" and not job.file

    def slow_to_finish(job, file, progress):
        Job.objects.filter(pk=job.pk).update(attempts=9)
        return "fil.txt"

    Job.objects.filter(pk=job.pk).update(state="queued")
    jobs.run(str(job.pk), slow_to_finish)
    job.refresh_from_db()
    assert job.state == "running" and not job.file
