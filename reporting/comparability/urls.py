from django.urls import path

from reporting.comparability import views

app_name = "comparability"
urlpatterns = [
    path("<year:year>/gennemgang/sammenligning/", views.pairs, name="pairs"),
    path("<year:year>/gennemgang/sammenligning/spoerg/", views.ask, name="ask"),
]
