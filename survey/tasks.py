from celery import shared_task
from django.core.management import call_command

from survey import jobs


@shared_task
def requeue_lost_jobs():
    jobs.requeue_lost()


@shared_task
def clear_sessions():
    """Ended sessions, and with them what was typed in them and never fetched."""
    call_command("clearsessions")
