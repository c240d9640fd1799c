from django.urls import path

from reporting.contacts import importing, inviting, pages

app_name = "contacts"
urlpatterns = [
    path("kontakter/", pages.contacts, name="contacts"),
    path("kontakter/skabelon.csv", pages.template, name="template"),
    path("kontakter/indlaes/", importing.upload, name="upload"),
    path("kontakter/indlaes/gem/", importing.store, name="store"),
    path("kontakter/<code:code>/ny/", pages.new, name="new"),
    path("kontakter/<int:contact_id>/", pages.edit, name="edit"),
    path("kontakter/<int:contact_id>/slet/", pages.delete, name="delete"),
    path("kontakter/<int:contact_id>/retur/", pages.bounce, name="bounce"),
    path("<year:year>/invitationer/", inviting.invitations, name="invitations"),
    path("<year:year>/invitationer/tekst/", inviting.letter, name="letter"),
    path("<year:year>/invitationer/send/", inviting.send, name="send"),
]
