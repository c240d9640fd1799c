"""Who may open a page. Rows come through `visible_to`; these are the pages that need a role besides."""

from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseNotAllowed, HttpResponseRedirect, QueryDict

from municipalities.models import Role


def ministry_required(view):
    """The ministry's pages do not exist for a municipality: 404."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not request.user.is_ministry:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def role_required(*roles: Role):
    """One of these ministry roles. Others in the ministry get 403, everybody else 404."""

    def decorate(view):
        @wraps(view)
        @ministry_required
        def guarded(request, *args, **kwargs):
            if request.user.ministry_role not in roles:
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def post_only(view):
    """For an act with an address of its own: who comes by GET (after a login, say) is led to its page."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if request.method == "POST":
            return view(request, *args, **kwargs)
        return HttpResponseRedirect("../") if request.method == "GET" else HttpResponseNotAllowed(["POST"])

    return guarded


def typed_before_login(request) -> QueryDict | None:
    """What was sent to this address when the login had run out (config/middleware.py keeps it), once."""
    typed = request.session.get("typed")
    if not typed or typed["path"] != request.path:
        return None
    del request.session["typed"]
    return QueryDict(typed["body"])
