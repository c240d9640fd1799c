"""A field's value in words: a choice by its label, a row by its name, a time in Danish time."""

import json
from datetime import date, datetime

from django.db.models import Field, ForeignKey
from django.utils.formats import date_format, number_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

BLANK: tuple = (None, "", [], {})
AMOUNTS = ("gross_expenditure", "gross_income")  # 1,000 kr.


def in_words(field: Field, value, names) -> str:
    if isinstance(field, ForeignKey):
        return names.of(field.related_model, value)
    if isinstance(value, bool):
        return _("ja") if value else _("nej")
    if isinstance(value, list):
        return "; ".join(in_words(field.base_field, one, names) for one in value)  # type: ignore[attr-defined]
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, datetime):
        return date_format(localtime(value), "SHORT_DATETIME_FORMAT")
    if isinstance(value, date):
        return date_format(value, "SHORT_DATE_FORMAT")
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    if field.name in AMOUNTS:
        return _("%s (1.000 kr.)") % number_format(value, force_grouping=True)
    return str(value)
