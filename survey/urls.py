from django.urls import include, path

from survey import converters
from survey.views import handing_in, home, initiatives, pages, submissions

converters.register()

survey = (
    [
        path("<code:code>/<year:year>/", submissions.submission, name="submission"),
        path("<code:code>/<year:year>/indsats/ny/", initiatives.new_initiative, name="new_initiative"),
        path("<code:code>/<year:year>/indsats/<uuid:uuid>/", initiatives.initiative, name="initiative"),
        path(
            "<code:code>/<year:year>/indsats/<uuid:uuid>/slet/", initiatives.delete, name="delete_initiative"
        ),
        path("<code:code>/<year:year>/indsend/", handing_in.hand_in, name="hand_in"),
        path("<code:code>/<year:year>/traek-tilbage/", handing_in.withdraw, name="withdraw"),
        path("kvittering/<receipt:receipt_number>/", handing_in.receipt, name="receipt"),
        path(
            "kvittering/<receipt:receipt_number>/form.json", handing_in.canonical_form, name="canonical_form"
        ),
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
