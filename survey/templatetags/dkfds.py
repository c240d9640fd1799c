"""What the template pack in templates/dkfds/ needs beyond the template language."""

from django import template
from django.forms import Textarea
from django.forms.utils import flatatt

register = template.Library()
register.filter("attributes", flatatt)

CLASSES = {"select": "form-select", "radio": "form-radio", "checkbox": "form-checkbox"}


@register.filter
def control(field):
    """What Django would hand to the widget's own template (name, value, attrs, optgroups), with the design
    system's class, and with the widget attributes `prefix` and `suffix` set apart from the HTML's."""
    widget = field.field.widget
    kind = getattr(widget, "input_type", "textarea" if isinstance(widget, Textarea) else "")
    classes = (CLASSES.get(kind, "form-input"), widget.attrs.get("class"))
    attrs = {"id": widget.attrs.get("id") or field.auto_id, "class": " ".join(filter(None, classes))}
    context = widget.get_context(field.html_name, field.value(), field.build_widget_attrs(attrs))["widget"]
    affixes = {name: context["attrs"].pop(name, "") for name in ("prefix", "suffix")}
    return {**context, **affixes, "kind": kind}
