"""What the ministry imports: populations, rates, municipalities by date."""

from django.urls import path

from reporting.reference import overview, places, populations, rates

app_name = "reference"
urlpatterns = [
    path("grunddata/", overview.overview, name="overview"),
    path("grunddata/folketal/", populations.upload, name="populations"),
    path("grunddata/folketal/gem/", populations.store, name="store_populations"),
    path("grunddata/satser/", rates.upload, name="rates"),
    path("grunddata/satser/gem/", rates.store, name="store_rates"),
    path("grunddata/kommuner/", places.places, name="places"),
    path("grunddata/kommuner/<code:code>/fortryd/", places.take_back, name="take_back_place"),
]
