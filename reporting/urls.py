from django.urls import path

from reporting.views import (
    adjustments,
    arrivals,
    dialogue,
    estimate,
    exports,
    figures,
    overview,
    prices,
    reconciliation,
    rows,
    submissions,
)

app_name = "reporting"
urlpatterns = [
    path("", overview.home, name="home"),
    path("opgaver/<uuid:job_id>/", exports.job, name="job"),
    path("opgaver/<uuid:job_id>/fil/", exports.job_file, name="job_file"),
    path("nyankomne/", arrivals.arrivals, name="arrivals"),
    path("nyankomne/gem/", arrivals.store, name="store_arrivals"),
    path("<year:year>/", overview.overview, name="overview"),
    path("<year:year>/estimat/", estimate.estimate, name="estimate"),
    path("<year:year>/estimat.csv", estimate.estimate_csv, name="estimate_csv"),
    path("<year:year>/indsatser/", rows.rows, name="rows"),
    path("<year:year>/afstemning/", reconciliation.reconciliation, name="reconciliation"),
    path("<year:year>/figurer/", figures.figures, name="figures"),
    path("<year:year>/figurer/<slug:slug>.<slug:kind>", figures.figure, name="figure"),
    path("<year:year>/priser/", prices.prices, name="prices"),
    path("<year:year>/priser/tilfoej/", prices.add_rate, name="add_rate"),
    path("<year:year>/indsatser.csv", exports.export_csv, name="export_csv"),
    path("<year:year>/regneark/", exports.export_workbook, name="export_workbook"),
    path("<year:year>/<code:code>/", submissions.submission, name="submission"),
    path("<year:year>/<code:code>/godkend/", submissions.approve, name="approve"),
    path("<year:year>/<code:code>/send-tilbage/", submissions.send_back, name="send_back"),
    path("<year:year>/<code:code>/dialog/", dialogue.dialogue, name="dialogue"),
    path("<year:year>/<code:code>/versioner/", dialogue.versions, name="versions"),
    path("<year:year>/<code:code>/indsats/<uuid:uuid>/", adjustments.initiative, name="initiative"),
    path("<year:year>/<code:code>/indsats/<uuid:uuid>/ret/", adjustments.adjust, name="adjust"),
    path(
        "<year:year>/<code:code>/indsats/<uuid:uuid>/tilbagetag/",
        adjustments.withdraw,
        name="withdraw_adjustment",
    ),
]
