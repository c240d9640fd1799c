"""Figures on the page. Rounded here, last, half away from zero; in the language's own number format."""

from django import template
from django.utils.formats import number_format

from reporting.rounding import round_half_away

register = template.Library()


def formatted(value, places: int) -> str:
    return number_format(round_half_away(value, places), places, force_grouping=True)


@register.filter
def whole(value) -> str:
    """1.000 kr. as 1.000 kr., counts as counts: "1.250"."""
    return formatted(value, 0)


@register.filter
def millions(value) -> str:
    """1,000 kr. as mio. kr. with one decimal: 318012.4 -> "318,0"."""
    return formatted(value / 1000, 1)


@register.filter
def tenths(value) -> str:
    return formatted(value, 1)


@register.filter
def hundredths(value) -> str:
    return formatted(value, 2)


@register.filter
def kroner(value) -> str:
    """1,000 kr. as kr. with one decimal: 0.0392 -> "39,2"."""
    return formatted(1000 * value, 1)


@register.filter
def exact(value) -> str:
    """A decimal with the digits that it needs, at most nine: 1.900 -> "1,9"."""
    return number_format(f"{round_half_away(value, 9):f}".rstrip("0").rstrip("."))
