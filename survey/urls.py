from django.urls import include, path

from survey.views import handing_in, home, initiatives, pages, submissions

survey = (
    [
        path("<str:code>/<int:year>/", submissions.submission, name="submission"),
        path("<str:code>/<int:year>/indsats/ny/", initiatives.new_initiative, name="new_initiative"),
        path("<str:code>/<int:year>/indsats/<uuid:uuid>/", initiatives.initiative, name="initiative"),
        path("<str:code>/<int:year>/indsats/<uuid:uuid>/slet/", initiatives.delete, name="delete_initiative"),
        path("<str:code>/<int:year>/indsend/", handing_in.hand_in, name="hand_in"),
        path("<str:code>/<int:year>/traek-tilbage/", handing_in.withdraw, name="withdraw"),
        path("kvittering/<str:receipt_number>/", handing_in.receipt, name="receipt"),
        path("kvittering/<str:receipt_number>/form.json", handing_in.canonical_form, name="canonical_form"),
    ],
    "survey",
)

urlpatterns = [
    path("", home.home, name="home"),
    path("kommune/", include(survey)),
    path("kontakt/", pages.contact, name="contact"),
    path("privatliv/", pages.privacy, name="privacy"),
    path("was/", pages.accessibility, name="accessibility"),
]
