from django.contrib import admin

from reporting.models import PriceRate


@admin.register(PriceRate)
class PriceRateAdmin(admin.ModelAdmin):
    """To look at: the round manager adds rates on the price page, and nobody changes or deletes one."""

    list_display = ("year", "percent", "published", "is_forecast", "source", "recorded_at")
    list_filter = ("year",)

    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False
