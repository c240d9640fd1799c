from datetime import timedelta

from celery import shared_task
from django.core.management import call_command
from django.db.models.functions import Now

from survey import jobs
from survey.models import Upload
from survey.reminders import sending


@shared_task
def requeue_lost_jobs():
    jobs.requeue_lost()


@shared_task
def send_due_reminders():
    sending.send_due()


@shared_task
def clear_sessions():
    """Ended sessions, and with them what was typed in them and never fetched."""
    call_command("clearsessions")


@shared_task
def delete_old_uploads():
    """Workbooks that were looked through and never confirmed."""
    Upload.objects.filter(uploaded_at__lt=Now() - timedelta(days=1)).delete()
