from django.urls import path

from reporting.deciding import views

app_name = "deciding"
urlpatterns = [
    path("<year:year>/gennemgang/godtag-resten/", views.rest, name="accept_rest"),
    path("<year:year>/gennemgang/tildel/", views.assign, name="assign"),
]
