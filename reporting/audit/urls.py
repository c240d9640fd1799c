from django.urls import path

from reporting.audit import views

app_name = "audit"
urlpatterns = [
    path("revisionsspor/", views.trail, name="trail"),
    path("revisionsspor/fil/", views.export, name="export"),
]
