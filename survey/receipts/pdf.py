"""The receipt as a PDF for the municipality's own files: in Danish, tagged (PDF/UA-1), 0.2 s to make."""

import json
import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

import typst
from django.conf import settings
from django.utils.dateformat import format as format_date
from django.utils.formats import number_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import override

from survey.models import ServiceArea, SubmissionEvent, SubmissionVersion
from survey.totals import Sums, sums_by_area

TEMPLATE = Path(__file__).with_name("receipt.typ")
FONTS = settings.DKFDS / "fonts" / "IBMPlexSans" / "complete" / "otf"

SHOWN = re.compile("[\u0020-\u0481\u2010-\u2014\u2018-\u201e]")


def receipt_pdf(version: SubmissionVersion, later: Iterable[SubmissionEvent]) -> bytes:
    """The same version gives the same file, until something happens to it (`later`)."""
    with override("da"):
        content = _content(version, later)
    return typst.compile(
        str(TEMPLATE),
        format="pdf",
        pdf_standards="ua-1",
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        timestamp=int(version.submitted_at.timestamp()),
        sys_inputs={"receipt": json.dumps(content)},
    )


def _content(version: SubmissionVersion, later: Iterable[SubmissionEvent]) -> dict:
    """What receipt.typ sets: texts only, with their numbers as they are to be read."""
    submission = version.submission
    year = submission.round.accounts_year
    names = {"name": submission.municipality.official_name, "year": year}
    by_area, total = sums_by_area(version.initiatives.all(), ServiceArea.values)
    return {
        "title": _("Kvittering %s") % version.receipt_number,
        "number": version.receipt_number,
        "demo": _("DEMO - opdigtede tal") if submission.round.is_demo else "",
        "lead": (
            _("%(name)s har indberettet, at kommunen ingen indsatser havde i regnskabet for %(year)d.")
            if version.is_nil
            else _("%(name)s har indsendt sin besvarelse om regnskabet for %(year)d.")
        )
        % names,
        "later": [
            _("Denne version er siden %(kind)s %(at)s.")
            % {"kind": event.get_kind_display(), "at": _moment(event.at)}
            for event in later
        ],
        "facts": _facts(version),
        "attestation": version.attestation,
        "nil_areas": _("Ingen indsatser at indberette: %s.") % "; ".join(version.nil_area_labels())
        if version.nil_areas
        else "",
        "caption": _("Beløb i 1.000 kr. i %d-priser.") % year,
        "columns": [_("Område"), _("Antal"), _("Bruttoudgifter"), _("Bruttoindtægter"), _("Netto")],
        "rows": [_row(str(label), by_area[area]) for area, label in ServiceArea.choices]
        if total.count
        else [],
        "total": _row(_("I alt"), total),
        "seal": _(
            "SHA-256 af det forseglede indhold, som kan hentes på kvitteringens side. Er de to ens, er "
            "indholdet det, der blev indsendt."
        ),
        "checksum": version.checksum,
    }


def _facts(version: SubmissionVersion) -> list[tuple[str, str]]:
    municipality = version.submission.municipality
    return [
        (_("Kommune"), f"{municipality.official_name} ({municipality.code})"),
        (_("Kvitteringsnummer"), version.receipt_number),
        (_("Version"), str(version.number)),
        (_("Indsendt"), _moment(version.submitted_at)),
        (_("Underskrevet af"), _printable(version.signer)),
    ]


def _row(label: str, sums: Sums) -> list[str]:
    numbers = (sums.count, sums.expenditure, sums.income, sums.net)
    return [label, *(number_format(number, force_grouping=True) for number in numbers)]


def _printable(name: str) -> str:
    """PDF/UA refuses a character that no font shows: Latin, Greek and Cyrillic are at hand."""
    name = unicodedata.normalize("NFKC", name)
    shown = (char.isprintable() and SHOWN.match(char) for char in name)
    return "".join(char if is_shown else "?" for char, is_shown in zip(name, shown, strict=True))


def _moment(at) -> str:
    return format_date(localtime(at), "j. F Y \\k\\l. H.i.s")
