from django import template
from django.db.models import Prefetch, prefetch_related_objects
from django.utils.translation import gettext as _

from municipalities.models import Membership

register = template.Library()
WITH_PLACES = Prefetch("memberships", Membership.objects.select_related("municipality"))


@register.filter
def standing(user) -> str:
    """What a person is and where: "godkender, Odense Kommune"."""
    prefetch_related_objects([user], WITH_PLACES)  # no query if they have been fetched
    return "; ".join(
        f"{membership.get_role_display()}, "
        f"{membership.municipality.official_name if membership.municipality else _('ministeriet')}"
        for membership in user.memberships.all()
    )
