"""The Celery application: `celery -A config worker`."""

import os

from celery import Celery

from config import file_queue

file_queue.use()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("indsatskort", task_cls="config.history:RecordedTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
