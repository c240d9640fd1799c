from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.urls import include, path
from django.views.i18n import set_language

from config import health

admin.site.login = secure_admin_login(admin.site.login)  # by our own login page, with its rate limit


def closed(request):
    """An account's address is the administrator's to change; allauth's page for it does not exist here."""
    raise Http404


urlpatterns = [
    path("", include("survey.urls")),
    path("ministerium/", include("reporting.urls")),
    path("konto/email/", closed),
    path("konto/", include("allauth.urls")),
    path("sprog/", login_not_required(set_language), name="set_language"),
    path("admin/", admin.site.urls),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
