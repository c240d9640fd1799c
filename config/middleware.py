"""What every request passes through, before and around the views."""

import pghistory.config
import pghistory.middleware
from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.db import Error, connection
from django.http import Http404, HttpResponse
from django.utils import translation

from survey.transitions import Gone

LONGEST_KEPT = 100_000  # characters; the ten fields are seldom a tenth of it
KEPT_FOR = 60 * 60  # seconds
KEEPS_TEXT = ("survey:initiative", "survey:dialogue", "reporting:dialogue")


class HealthMiddleware:
    """For the load balancer, which asks by address and without TLS: before the checks of either."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path == "/healthz":  # the process is up
            return HttpResponse("ok", content_type="text/plain")
        if request.path == "/readyz":  # and it can work
            return self.ready()
        return self.get_response(request)

    def ready(self):
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
        except Error:
            return HttpResponse("no database", content_type="text/plain", status=503)
        return HttpResponse("ok", content_type="text/plain")


class TextKeepingLoginMiddleware(LoginRequiredMiddleware):
    """Who saves after the session has ended logs in and finds the text again, to be saved once more."""

    def handle_no_permission(self, request, view_func):
        if "HX-Request" in request.headers:  # a page that saves itself: it keeps its text and says so
            return HttpResponse(status=401)
        form = request.resolver_match.view_name in KEEPS_TEXT and request.method == "POST"
        if form and settings.SESSION_COOKIE_NAME in request.COOKIES:
            typed = request.POST.copy()
            typed.pop("csrfmiddlewaretoken", None)
            body = typed.urlencode()
            if len(body) <= LONGEST_KEPT:
                request.session["typed"] = {"path": request.path, "body": body}
                request.session.set_expiry(KEPT_FOR)
        return super().handle_no_permission(request, view_func)


class GoneMiddleware:
    """A submission that was deleted while somebody worked in it, for its trial has ended, is not found."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, _request, exception):
        if isinstance(exception, Gone):
            raise Http404 from exception


class HistoryMiddleware(pghistory.middleware.HistoryMiddleware):
    """Who makes a change and by which page; not its address, for it may hold a secret (an invitation)."""

    def get_context(self, request):
        return {"user": super().get_context(request)["user"]}

    def process_view(self, request, _view, _arguments, _named):
        if request.method in pghistory.config.middleware_methods():
            pghistory.context(view=request.resolver_match.view_name)


class ChosenLanguageMiddleware:
    """Danish unless the user has chosen otherwise: a caseworker's English browser is no choice."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response
