from django.urls import include, path

from survey import converters
from survey.views import (
    areas,
    autosaving,
    colleagues,
    copying,
    dialogue,
    handing_in,
    history,
    home,
    initiatives,
    invitations,
    pages,
    receipts,
    submissions,
    versions,
    workbook,
)

converters.register()

survey = (
    [
        path("<code:code>/<year:year>/", submissions.submission, name="submission"),
        path("<code:code>/<year:year>/indsats/ny/", initiatives.new_initiative, name="new_initiative"),
        path("<code:code>/<year:year>/indsats/<uuid:uuid>/", initiatives.initiative, name="initiative"),
        path("<code:code>/<year:year>/indsats/<uuid:uuid>/kladde/", autosaving.autosave, name="autosave"),
        path(
            "<code:code>/<year:year>/indsats/<uuid:uuid>/slet/", initiatives.delete, name="delete_initiative"
        ),
        path("<code:code>/<year:year>/fra-sidst/", copying.copy, name="copy"),
        path("<code:code>/<year:year>/regneark/", workbook.workbook, name="workbook"),
        path(
            "<code:code>/<year:year>/regneark/skabelon.xlsx",
            workbook.download_workbook,
            name="download_workbook",
        ),
        path("<code:code>/<year:year>/regneark/skabelon.csv", workbook.download_csv, name="download_csv"),
        path("<code:code>/<year:year>/regneark/<uuid:upload_id>/", workbook.preview, name="workbook_preview"),
        path(
            "<code:code>/<year:year>/regneark/<uuid:upload_id>/indlaes/",
            workbook.confirm,
            name="import_workbook",
        ),
        path("<code:code>/<year:year>/historik/", history.history, name="history"),
        path("<code:code>/<year:year>/dialog/", dialogue.dialogue, name="dialogue"),
        path("<code:code>/<year:year>/versioner/", versions.versions, name="versions"),
        path("<code:code>/<year:year>/omraade-faerdigt/", areas.call_done, name="call_area_done"),
        path("<code:code>/<year:year>/ingen-indsatser/", areas.state_empty, name="state_areas_empty"),
        path("<code:code>/<year:year>/indsatser-alligevel/", areas.take_back, name="take_back_area"),
        path("<code:code>/<year:year>/kolleger/", colleagues.all_colleagues, name="colleagues"),
        path("<code:code>/<year:year>/kolleger/<int:pk>/", colleagues.colleague, name="colleague"),
        path("<code:code>/<year:year>/kolleger/<int:pk>/fjern/", colleagues.remove, name="remove_colleague"),
        path("<code:code>/<year:year>/kolleger/omraader/", colleagues.assign_areas, name="assign_areas"),
        path(
            "<code:code>/<year:year>/kolleger/traek-tilbage/",
            colleagues.withdraw_invitation,
            name="withdraw_invitation",
        ),
        path(
            "<code:code>/<year:year>/kolleger/send-igen/",
            colleagues.send_invitation_again,
            name="send_invitation_again",
        ),
        path("<code:code>/<year:year>/indsend/", handing_in.hand_in, name="hand_in"),
        path("<code:code>/<year:year>/indsend/begrundelser/", handing_in.give_reasons, name="give_reasons"),
        path("<code:code>/<year:year>/traek-tilbage/", handing_in.withdraw, name="withdraw"),
        path("kvittering/<receipt:receipt_number>/", receipts.receipt, name="receipt"),
        path("kvittering/<receipt:receipt_number>/form.json", receipts.canonical_form, name="canonical_form"),
        path("kvittering/<receipt:receipt_number>/kvittering.pdf", receipts.pdf, name="receipt_pdf"),
        path("kvittering/<receipt:receipt_number>/tilbagemelding/", receipts.feedback, name="feedback"),
    ],
    "survey",
)

urlpatterns = [
    path("", home.home, name="home"),
    path("kommune/", include(survey)),
    path("logget-ind/", autosaving.logged_in, name="logged_in"),
    path("invitation/<str:token>/", invitations.invitation, name="invitation"),
    path("kontakt/", pages.contact, name="contact"),
    path("privatliv/", pages.privacy, name="privacy"),
    path("was/", pages.accessibility, name="accessibility"),
]
