from django.urls import path

from reporting.chase import views

app_name = "chase"
urlpatterns = [
    path("<year:year>/rykkerliste/", views.chase, name="chase"),
    path("<year:year>/rykkerliste.xlsx", views.workbook, name="workbook"),
    path("<year:year>/rykkerliste/<code:code>/", views.notes, name="notes"),
]
