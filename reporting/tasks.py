from celery import shared_task

from reporting.files import exports
from survey import jobs


@shared_task
def write_workbook(job_id):
    jobs.run(job_id, exports.workbook_for)
