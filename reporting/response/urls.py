from django.urls import path

from reporting.response import municipality, views

app_name = "response"
urlpatterns = [
    path("kommuner/", municipality.municipalities, name="municipalities"),
    path("kommuner/<code:code>/", municipality.municipality, name="municipality"),
    path("<year:year>/svar/", views.response, name="response"),
    path("<year:year>/svar.csv", views.municipalities, name="municipalities_csv"),
    path("<year:year>/svar-pr-dag.<slug:kind>", views.days, name="days"),
]
