from django.urls import path

from reporting.rounds import acts, guidance, plan, rounds, trial

app_name = "rounds"
urlpatterns = [
    path("kortlaegninger/", rounds.rounds, name="rounds"),
    path("kortlaegninger/ny/", rounds.new_round, name="new_round"),
    path("<year:year>/plan/", plan.plan, name="plan"),
    path("<year:year>/plan/tidslinje.svg", plan.timeline, name="timeline"),
    path("<year:year>/plan/ret/", plan.edit_round, name="edit_round"),
    path("<year:year>/plan/frister/", plan.change_dates, name="change_dates"),
    path("<year:year>/plan/faser/", plan.phases, name="phases"),
    path("<year:year>/plan/aabn/", acts.open_round, name="open"),
    path("<year:year>/plan/luk/", acts.close, name="close"),
    path("<year:year>/plan/foreslaa-laas/", acts.ask_to_lock, name="ask_to_lock"),
    path("<year:year>/plan/laas/", acts.lock, name="lock"),
    path("<year:year>/plan/arkiver/", acts.archive, name="archive"),
    path("<year:year>/plan/genaabn/", acts.reopen, name="reopen"),
    path("<year:year>/plan/slet/", acts.delete, name="delete"),
    path("<year:year>/vejledning/", guidance.guidance, name="guidance"),
    path("<year:year>/vejledning/skema/", guidance.guidance_preview, name="guidance_preview"),
    path("<year:year>/proeve/", trial.trial, name="trial"),
    path("<year:year>/proeve/start/", trial.start_trial, name="start_trial"),
    path("<year:year>/proeve/afslut/", trial.end_trial, name="end_trial"),
]
