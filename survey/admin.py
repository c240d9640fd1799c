"""The populations that rounds rest on, to be read; rounds and imports have pages of their own."""

from django.contrib import admin

from municipalities.admin import FixedAdmin
from municipalities.models import PopulationCount


@admin.register(PopulationCount)
class PopulationCountAdmin(FixedAdmin):
    list_display = ("municipality", "date", "inhabitants", "immigrants_and_descendants", "source")
    list_filter = ("date",)
    list_select_related = ("municipality",)
    search_fields = ("municipality__name", "municipality__code")
