from django import template

from municipalities.demo import DEMO_PASSWORD
from municipalities.models import Membership

register = template.Library()


@register.simple_tag
def demo_memberships():
    """Of the demo's users who can log in; nobody else is ever listed."""
    memberships = Membership.objects.filter(user__is_demo=True, user__is_active=True)
    return memberships.select_related("user", "municipality")


@register.simple_tag
def demo_password() -> str:
    return DEMO_PASSWORD
