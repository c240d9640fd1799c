from celery import shared_task

from reporting.audit import export
from survey import jobs


@shared_task
def write_trail(job_id):
    jobs.run(job_id, export.trail_for)
