"""A publication made again from the database and compared with what was frozen, value by value."""

import json
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from reporting import wording
from reporting.models import Publication
from reporting.publishing import documents
from reporting.publishing.freeze import gather
from survey.models import ServiceArea

ABSENT = object()
KEYS = ("code", "year", "id", "size", "case")  # what a row of a list is known by


def differences(publication: Publication) -> list[str]:
    """In words, what is not as it was frozen; none when all is unchanged."""
    texts = (
        (_("Grundlag"), publication.inputs, publication.inputs_checksum),
        (_("Resultater"), publication.outputs, publication.outputs_checksum),
    )
    found = [
        _("%(document)s: teksten passer ikke til sin kontrolsum") % {"document": name}
        for name, text, checksum in texts
        if documents.checksum(text) != checksum
    ]
    try:
        again = make_again(publication)
    except wording.REFUSALS as error:
        return [*found, wording.refusal(error)]
    municipalities = {
        row["code"]: f"{row['name']} ({row['code']})" for row in publication.basis["municipalities"]
    }
    for (name, frozen, _checksum), now in zip(texts, again, strict=True):
        if frozen != now:
            changes = _changes(json.loads(frozen), json.loads(now))
            found += [_in_words(name, *change, municipalities) for change in changes]
    return found


def make_again(publication: Publication) -> tuple[str, str]:
    """Both documents' texts as at the publication's time, with the rates that it pinned."""
    inputs = gather(
        publication.round,
        publication.as_at,
        publication.rates.all(),
        method=publication.method,
        price_level=publication.price_level,
    )
    inputs = documents.in_format(inputs, publication.basis["format"])
    return documents.canonical(inputs), documents.canonical(documents.outputs(inputs))


def _changes(then: Any, now: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any, Any]]:
    """(path, value then, value now) of every value that differs."""
    then, now = _keyed(then), _keyed(now)
    if isinstance(then, dict) and isinstance(now, dict):
        for key in [*then, *(key for key in now if key not in then)]:
            yield from _changes(then.get(key, ABSENT), now.get(key, ABSENT), (*path, key))
    elif then != now:
        yield path, then, now


def _keyed(value: Any) -> Any:
    """A list of rows by what each is known by, so that one row more does not move all the others."""
    if not isinstance(value, list):
        return value
    rows: dict[str, Any] = {}
    for place, row in enumerate(value):
        known_by = (
            next((str(row[key]) for key in KEYS if key in row), None) if isinstance(row, dict) else None
        )
        rows[known_by or str(place + 1)] = row
    return rows


def _in_words(document: str, path: tuple[str, ...], then: Any, now: Any, municipalities: dict) -> str:
    names = _names()
    places = [
        municipalities.get(part)
        or names.get(part)
        or str(ServiceArea(part).label if part in ServiceArea else part)
        for part in path
    ]
    return _("%(place)s: %(then)s ved offentliggørelsen, %(now)s nu") % {
        "place": ", ".join([document, *places]),
        "then": _value(then),
        "now": _value(now),
    }


def _value(value: Any) -> str:
    if value is ABSENT:
        return _("fandtes ikke")
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _names() -> dict[str, str]:
    """Danish for the documents' keys; what is not here is named by its key."""
    return {str(key): str(name) for key, name in wording.VARIABLE_NAMES.items()} | {
        "municipalities": _("kommuner"),
        "inhabitants": _("indbyggere"),
        "inhabitants_answered": _("indbyggere i kommuner med svar"),
        "immigrants": _("indvandrere og efterkommere"),
        "name": _("navn"),
        "region": _("region"),
        "region_name": _("regionens navn"),
        "regions": _("regioner"),
        "responded": _("har svaret"),
        "receipt": _("kvittering"),
        "checksum": _("kontrolsum"),
        "submitted_at": _("indsendt"),
        "nothing_to_report": _("intet at indberette"),
        "initiatives": _("indsatser"),
        "expenditure": _("bruttoudgifter"),
        "income": _("bruttoindtægter"),
        "counts": _("antal"),
        "rates": _("satser"),
        "percent": _("sats i pct."),
        "adjustments": _("rettelser"),
        "methods": _("metoder"),
        "estimates": _("opregning"),
        "estimate": _("opregning"),
        "reported": _("indberettet"),
        "total": _("i alt"),
        "se": _("standardfejl"),
        "se_jackknife": _("standardfejl (jackknife)"),
        "ci95": _("95 pct.-interval"),
        "coverage": _("dækning"),
        "sizes": _("størrelse"),
        "quotients": _("pr. indbygger og pr. indsats"),
        "sensitivity": _("følsomhed"),
        "passed_warnings": _("advarsler passeret med en begrundelse"),
        "amount_bases": _("hvor beløbene er fra"),
        "amount": _("beløb"),
        "not_stated": _("ikke oplyst"),
    }
