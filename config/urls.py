from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("survey.urls")),
    path("ministerium/", include("reporting.urls")),
    path("konto/", include("allauth.urls")),
    path("sprog/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
]
