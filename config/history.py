"""What no page did says what did: the task's name stands in each of its events."""

import pghistory
from celery import Task


class RecordedTask(Task):
    def __call__(self, *args, **kwargs):
        with pghistory.context(task=self.name):
            return super().__call__(*args, **kwargs)
