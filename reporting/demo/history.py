"""Who did what in the demo's history."""

from contextlib import contextmanager

import pghistory
from django.db import connection


@contextmanager
def done_by(user):
    """The changes inside are the user's, those after it nobody's: pghistory's context lasts through the
    transaction, and the demo is loaded in one."""
    with pghistory.context(user=user.pk):
        yield
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('pghistory.context_id', '', true),"
            " set_config('pghistory.context_metadata', '', true)"
        )
