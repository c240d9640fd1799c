"""Rounds, while they are drafts. Nothing that was handed in can be reached from here."""

from django.contrib import admin, messages
from django.utils.translation import gettext_lazy as _

from survey.models import SurveyRound


@admin.register(SurveyRound)
class SurveyRoundAdmin(admin.ModelAdmin):
    list_display = ("accounts_year", "price_level", "population_date", "deadline", "state")
    actions = ("open_rounds",)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (
            obj is None or obj.state == SurveyRound.State.DRAFT
        )

    def has_delete_permission(self, request, obj=None):
        return obj is not None and self.has_change_permission(request, obj)

    @admin.action(description=_("Åbn for besvarelser"))
    def open_rounds(self, request, queryset):
        for survey_round in queryset.filter(state=SurveyRound.State.DRAFT):
            survey_round.open()
            messages.success(request, _("%s er åben.") % survey_round)
