"""Reference data, users and memberships. What was handed in is not registered anywhere in the admin."""

from django import forms
from django.contrib import admin
from django.contrib.auth.forms import ReadOnlyPasswordHashField
from django.utils.translation import gettext_lazy as _

from municipalities.models import Membership, Municipality, PopulationCount, Region, User


@admin.register(Region)
class RegionAdmin(admin.ModelAdmin):
    list_display = ("code", "name")


@admin.register(Municipality)
class MunicipalityAdmin(admin.ModelAdmin):
    list_display = ("code", "name", "region")
    list_filter = ("region",)
    list_select_related = ("region",)
    search_fields = ("code", "name")


@admin.register(PopulationCount)
class PopulationCountAdmin(admin.ModelAdmin):
    list_display = ("municipality", "date", "inhabitants", "immigrants_and_descendants", "source")
    list_filter = ("date",)
    list_select_related = ("municipality",)
    search_fields = ("municipality__name", "municipality__code")


class MembershipInline(admin.TabularInline):
    model = Membership
    extra = 1


class UserForm(forms.ModelForm):
    """A new user gets a password here; an existing one changes it through "forgot password"."""

    password = ReadOnlyPasswordHashField(label=_("adgangskode"))

    class Meta:
        model = User
        fields = ("email", "name", "is_active", "password")


class NewUserForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ("email", "name")
        help_texts = {
            "email": _("Brugeren vælger selv sin adgangskode med ”Glemt adgangskode” på loginsiden.")
        }

    def save(self, commit=True):
        self.instance.set_unusable_password()
        return super().save(commit)


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    form = UserForm
    inlines = (MembershipInline,)
    list_display = ("name", "email", "is_active")
    search_fields = ("name", "email")

    def get_form(self, request, obj=None, change=False, **kwargs):
        return super().get_form(request, obj, change, **kwargs | ({} if obj else {"form": NewUserForm}))

    def has_delete_permission(self, request, obj=None):
        return False  # who wrote something stays in the history; make the user inactive
