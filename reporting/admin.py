from django.contrib import admin

from reporting.models import PriceRate


@admin.register(PriceRate)
class PriceRateAdmin(admin.ModelAdmin):
    """A new vintage is a new row: a rate that figures may rest on is neither changed nor deleted."""

    list_display = ("year", "percent", "published", "is_forecast", "source", "recorded_at")
    list_filter = ("year",)

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False
