"""Rounds, while they are drafts, and the populations that they rest on. Nothing handed in is here."""

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from municipalities.models import PopulationCount
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
            try:
                survey_round.open()
            except ValidationError as error:
                messages.error(request, " ".join(error.messages))
            else:
                messages.success(request, _("%s er åben.") % survey_round)


@admin.register(PopulationCount)
class PopulationCountAdmin(admin.ModelAdmin):
    """Added freely; what an opened round rests on is neither changed nor deleted (a trigger refuses too)."""

    list_display = ("municipality", "date", "inhabitants", "immigrants_and_descendants", "source")
    list_filter = ("date",)
    list_select_related = ("municipality",)
    search_fields = ("municipality__name", "municipality__code")
    actions = None

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (obj is None or not _is_used(obj))

    def has_delete_permission(self, request, obj=None):
        return obj is not None and self.has_change_permission(request, obj)


def _is_used(count: PopulationCount) -> bool:
    opened = SurveyRound.objects.exclude(state=SurveyRound.State.DRAFT)
    return opened.filter(population_date=count.date).exists()
