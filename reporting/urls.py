from django.urls import path

from reporting.views import estimate, exports, overview, submissions

app_name = "reporting"
urlpatterns = [
    path("", overview.home, name="home"),
    path("opgaver/<uuid:job_id>/", exports.job, name="job"),
    path("opgaver/<uuid:job_id>/fil/", exports.job_file, name="job_file"),
    path("<int:year>/", overview.overview, name="overview"),
    path("<int:year>/estimat/", estimate.estimate, name="estimate"),
    path("<int:year>/figur/<int:number>.svg", estimate.figure, name="figure"),
    path("<int:year>/indsatser.csv", exports.export_csv, name="export_csv"),
    path("<int:year>/regneark/", exports.export_workbook, name="export_workbook"),
    path("<int:year>/<str:code>/", submissions.submission, name="submission"),
    path("<int:year>/<str:code>/godkend/", submissions.approve, name="approve"),
    path("<int:year>/<str:code>/send-tilbage/", submissions.send_back, name="send_back"),
]
