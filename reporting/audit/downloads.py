"""Who fetched a file: no row changes by it, so no trigger can tell."""

import pghistory

from reporting.audit.kinds import DOWNLOADED


def record_download(request, row) -> None:
    """An event of the job whose file it was, or of the round whose initiatives they were."""
    with pghistory.context(user=request.user.pk, view=request.resolver_match.view_name):
        pghistory.create_event(row, label=DOWNLOADED)
