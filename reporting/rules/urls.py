from django.urls import path

from reporting.rules import views

app_name = "rules"
urlpatterns = [
    path("<year:year>/gennemgang/regler/", views.rules, name="rules"),
    path("<year:year>/gennemgang/regler/brug/", views.retire, name="retire"),
]
