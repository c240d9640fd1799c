from django.urls import path

from reporting.macro import views

app_name = "macro"
urlpatterns = [
    path("<year:year>/fordeling/", views.macro, name="macro"),
    path("<year:year>/fordeling/uden/", views.leave_one_out, name="leave_one_out"),
]
