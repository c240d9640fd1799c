from django.urls import path

from reporting.review import views

app_name = "review"
urlpatterns = [
    path("<year:year>/gennemgang/", views.hits, name="hits"),
    path("<year:year>/gennemgang.csv", views.hits_csv, name="hits_csv"),
]
