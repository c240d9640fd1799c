from django.urls import path

from reporting.views import estimate, exports, overview, submissions

app_name = "reporting"
urlpatterns = [
    path("", overview.home, name="home"),
    path("opgaver/<uuid:job_id>/", exports.job, name="job"),
    path("opgaver/<uuid:job_id>/fil/", exports.job_file, name="job_file"),
    path("<year:year>/", overview.overview, name="overview"),
    path("<year:year>/estimat/", estimate.estimate, name="estimate"),
    path("<year:year>/figur/<int:number>.svg", estimate.figure, name="figure"),
    path("<year:year>/indsatser.csv", exports.export_csv, name="export_csv"),
    path("<year:year>/regneark/", exports.export_workbook, name="export_workbook"),
    path("<year:year>/<code:code>/", submissions.submission, name="submission"),
    path("<year:year>/<code:code>/godkend/", submissions.approve, name="approve"),
    path("<year:year>/<code:code>/send-tilbage/", submissions.send_back, name="send_back"),
]
