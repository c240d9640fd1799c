"""Reference data, users and memberships. What was handed in is not registered anywhere in the admin."""

from allauth.account.models import EmailAddress
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.forms import ReadOnlyPasswordHashField
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _

from municipalities import mail
from municipalities.models import Membership, Municipality, OutgoingMail, Region, User

admin.site.unregister(Group)  # a role is a membership
admin.site.unregister(EmailAddress)  # a user has one address, in User


class FixedAdmin(admin.ModelAdmin):
    """Comes with `load_reference`; figures and seals rest on it."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Region)
class RegionAdmin(FixedAdmin):
    list_display = ("code", "name")


@admin.register(Municipality)
class MunicipalityAdmin(FixedAdmin):
    list_display = ("code", "name", "region", "valid_from", "valid_until", "successor")
    list_filter = ("region",)
    list_select_related = ("region", "successor")
    search_fields = ("code", "name")


@admin.register(OutgoingMail)
class OutgoingMailAdmin(FixedAdmin):
    """Never the text: in it may stand a link that lets its reader in as somebody else."""

    list_display = ("queued_at", "to", "subject", "state", "attempts", "error")
    list_filter = ("state",)
    search_fields = ("to", "subject")
    fields = ("to", "subject", "state", "queued_at", "sent_at", "attempts", "error")
    actions = ("queue_again",)

    @admin.action(description=_("Send det igen, der ikke kunne sendes"))
    def queue_again(self, request, queryset):
        messages.success(request, _("%d mails er i kø igen.") % mail.queue_again(queryset))


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
