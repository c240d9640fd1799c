"""What is published: for everybody who has a role, so it does not stand under the ministry's address."""

from django.urls import path

from reporting.views import publications, publishing

app_name = "publications"
urlpatterns = [
    path("", publications.publications, name="publications"),
    path("ny/<year:year>/", publishing.publish, name="publish"),
    path("<int:publication_number>/", publications.publication, name="publication"),
    path("<int:publication_number>/kvalitet/", publications.quality, name="quality"),
    path("<int:publication_number>/grundlag.json", publications.inputs, name="inputs"),
    path("<int:publication_number>/resultater.json", publications.outputs, name="outputs"),
]
