from django.urls import path

from municipalities import views

urlpatterns = [path("mails/", views.mails, name="mails")]
