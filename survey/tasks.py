from celery import shared_task

from survey import jobs


@shared_task
def requeue_lost_jobs():
    jobs.requeue_lost()
