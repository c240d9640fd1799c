"""Names and numbers of the review's pages."""

from django import template

from reporting.review.statuses import NAMES
from reporting.templatetags.amounts import formatted
from survey.models import ServiceArea

register = template.Library()


@register.filter
def state_name(name: str) -> str:
    return str(NAMES[name])


@register.filter
def area_name(area: str) -> str:
    return str(ServiceArea(area).label)


@register.filter
def percent(share: float) -> str:
    """A part of 1 in per cent with one decimal: 0.125 -> "12,5"."""
    return formatted(100 * share, 1)
