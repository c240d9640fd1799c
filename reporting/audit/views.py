from datetime import UTC, datetime

from django.shortcuts import redirect, render
from django.utils.timezone import is_aware
from django.utils.translation import gettext as _

from municipalities.models import Role
from reporting.audit.forms import TrailForm
from reporting.audit.kinds import KINDS
from reporting.audit.lines import lines
from reporting.audit.trail import PAGE, Mark, marks
from survey import jobs
from survey.access import post_only, role_required
from survey.transitions import database_now


@role_required(Role.ADMIN)
def trail(request):
    """Every change there ever was, the newest first; the administrators' alone."""
    form = TrailForm(request.GET, user=request.user)
    return _page(request, form)


@role_required(Role.ADMIN)
@post_only
def export(request):
    """Asks a worker for a file of what the page's choices show, as at now."""
    form = TrailForm(request.POST, user=request.user)
    if not form.is_valid():
        return _page(request, form)
    chosen = {name: request.POST[name] for name in form.fields if request.POST.get(name)}
    job = jobs.enqueue(
        task="reporting.audit.tasks.write_trail",
        title=_("Revisionssporet som CSV"),
        arguments={"chosen": chosen, "as_at": database_now().isoformat()},
        by=request.user,
    )
    return redirect("reporting:job", job.pk)


def _page(request, form: TrailForm):
    context = {"form": form, "chosen": _chosen(form)}
    if form.is_valid():
        found = marks(form.choice(), _mark(request.GET.get("efter", "")), PAGE + 1)
        context["lines"] = lines(found[:PAGE])
        if len(found) > PAGE:
            context["next"] = _text(found[PAGE - 1])
    return render(request, "reporting/audit/trail.html", context, status=200 if form.is_valid() else 422)


def _chosen(form: TrailForm) -> list[tuple[str, str]]:
    """What was chosen, to be sent again."""
    return [(name, form.data[name]) for name in form.fields if form.data.get(name)]


def _text(mark: Mark) -> str:
    return f"{mark.at.isoformat()}_{mark.kind}_{mark.id}"


def _mark(text: str) -> Mark | None:
    """Where the page before ended; an address that somebody has changed shows the first page."""
    at, _sep, rest = text.partition("_")
    kind, _sep, number = rest.partition("_")
    try:
        moment = datetime.fromisoformat(at)
        mark = Mark(moment.astimezone(UTC), int(kind), int(number))
    except (ValueError, OverflowError):
        return None
    is_mark = is_aware(moment) and 0 <= mark.kind < len(KINDS) and 0 <= mark.id < 2**31
    return mark if is_mark else None
