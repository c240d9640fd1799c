from django.urls import path

from reporting.progress import views

app_name = "progress"
urlpatterns = [path("<year:year>/gennemgang/fremdrift/", views.progress, name="progress")]
