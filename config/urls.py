from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponseBadRequest
from django.template.loader import render_to_string
from django.urls import include, path
from django.views.generic import RedirectView
from django.views.i18n import set_language

# By our own login page, with its rate limit.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

handler400 = "config.urls.bad_request"


def bad_request(request, exception):
    """Without the request: what cannot be read once cannot be read by the template either."""
    return HttpResponseBadRequest(render_to_string("400.html"))


def closed(request):
    """An account's address is the administrator's to change; allauth's page for it does not exist here."""
    raise Http404


urlpatterns = [
    path("", include("survey.urls")),
    path("", include("municipalities.urls")),
    path("ministerium/", include("reporting.rounds.urls")),
    path("ministerium/", include("reporting.contacts.urls")),
    path("ministerium/", include("reporting.reminders.urls")),
    path("ministerium/", include("reporting.response.urls")),
    path("ministerium/", include("reporting.chase.urls")),
    path("ministerium/", include("reporting.reference.urls")),
    path("ministerium/", include("reporting.review.urls")),
    path("ministerium/", include("reporting.deciding.urls")),
    path("ministerium/", include("reporting.comparability.urls")),
    path("ministerium/", include("reporting.rules.urls")),
    path("ministerium/", include("reporting.macro.urls")),
    path("ministerium/", include("reporting.progress.urls")),
    path("ministerium/", include("reporting.audit.urls")),
    path("ministerium/", include("reporting.urls")),
    path("kommune/", include("reporting.peer_urls")),
    path("offentliggoerelser/", include("reporting.publication_urls")),
    path("konto/email/", closed),
    path("konto/", include("allauth.urls")),
    path("sprog/", login_not_required(set_language), name="set_language"),
    path("admin/password_change/", RedirectView.as_view(pattern_name="account_change_password")),
    path("admin/", admin.site.urls),
]
