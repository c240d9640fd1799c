from django import template

from municipalities.demo import DEMO_PASSWORD
from municipalities.models import User
from municipalities.templatetags.memberships import WITH_PLACES

register = template.Library()


@register.simple_tag
def demo_users():
    """Those of the demo who can log in; nobody else is ever listed."""
    return User.objects.filter(is_demo=True, is_active=True).prefetch_related(WITH_PLACES)


@register.simple_tag
def demo_password() -> str:
    return DEMO_PASSWORD
