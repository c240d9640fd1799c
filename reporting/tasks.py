from celery import shared_task

from reporting.audit.tasks import write_trail
from reporting.files import exports
from survey import jobs

__all__ = ["write_trail", "write_workbook"]  # what a worker finds here


@shared_task
def write_workbook(job_id):
    jobs.run(job_id, exports.workbook_for)
