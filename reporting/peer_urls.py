"""What a municipality gets back: under its own address, but made of all answers, so it stands in this app."""

from django.urls import path

from reporting.views import peers

app_name = "peers"
urlpatterns = [
    path("<code:code>/<year:year>/sammenligning/", peers.comparison, name="comparison"),
    path("<code:code>/<year:year>/sammenligning/figur.svg", peers.figure, name="figure"),
    path("<code:code>/<year:year>/sammenligning/notat.pdf", peers.note_pdf, name="note_pdf"),
    path("<code:code>/<year:year>/sammenligning/notat.docx", peers.note_docx, name="note_docx"),
]
