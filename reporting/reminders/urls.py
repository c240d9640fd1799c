from django.urls import path

from reporting.reminders import extensions, reminders

app_name = "reminders"
urlpatterns = [
    path("<year:year>/paamindelser/", reminders.reminders, name="reminders"),
    path("<year:year>/paamindelser/ny/", reminders.new_reminder, name="new_reminder"),
    path("<year:year>/paamindelser/log/", reminders.log, name="log"),
    path("<year:year>/paamindelser/<int:reminder_id>/", reminders.reminder, name="reminder"),
    path("<year:year>/paamindelser/<int:reminder_id>/ret/", reminders.edit_reminder, name="edit_reminder"),
    path("<year:year>/paamindelser/<int:reminder_id>/stop/", reminders.stop_reminder, name="stop_reminder"),
    path(
        "<year:year>/paamindelser/<int:reminder_id>/genoptag/",
        reminders.take_back_stop,
        name="take_back_stop",
    ),
    path(
        "<year:year>/paamindelser/<int:reminder_id>/slet/", reminders.delete_reminder, name="delete_reminder"
    ),
    path("<year:year>/<code:code>/frist/", extensions.extension, name="extension"),
]
