"""The trail as a CSV, in the page's order: one row of each event, its changes in one cell."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import IO

from django.core.exceptions import PermissionDenied
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from reporting.audit.forms import TrailForm
from reporting.audit.lines import Line, lines
from reporting.audit.trail import count, pages
from survey.models import Job
from survey.workbook import delimited

AT_ONCE = 1_000
BOM = b"\xef\xbb\xbf"


def trail_for(job: Job, file: IO[bytes], progress: Callable[[int, int], None]) -> str:
    """The work of an export job; the file's name. Nothing that happened after it was asked for is in it."""
    if not job.requested_by.is_admin:
        raise PermissionDenied
    form = TrailForm(job.arguments["chosen"], user=job.requested_by)
    if not form.is_valid():
        raise ValueError(f"The choices of job {job.pk} hold no more: {form.errors.as_json()}")
    as_at = datetime.fromisoformat(job.arguments["as_at"])
    choice = form.choice(until=as_at)
    total, done = count(choice), 0
    progress(0, total)
    file.write(delimited.write([_headings()], plain=()))
    for found in pages(choice, AT_ONCE):
        file.write(delimited.write(_rows(lines(found)), plain=()).removeprefix(BOM))
        done = min(done + len(found), total)
        progress(done, total)
    return f"revisionsspor-{localtime(as_at):%Y-%m-%d}.csv"


def _headings() -> list[str]:
    return [
        _("Tidspunkt"),
        _("Slags"),
        _("Handling"),
        _("Hvem"),
        _("E-mail"),
        _("Hvad"),
        _("Kommune"),
        _("Regnskabsår"),
        _("Ændringer"),
        _("Side"),
        _("Forespørgsel"),
        _("Hændelse"),
    ]


def _rows(found: Iterable[Line]) -> Iterable[list[str]]:
    for line in found:
        yield [
            f"{localtime(line.at):%Y-%m-%d %H:%M:%S}",
            line.kind,
            line.act,
            line.who,
            line.email,
            line.what,
            line.municipality,
            line.year,
            "\n".join(
                f"{change.label}: {change.before or _('tom')} → {change.after or _('tom')}"
                for change in line.changes
            ),
            line.page,
            str(line.request or ""),
            line.id,
        ]
