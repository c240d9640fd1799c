"""The chase list as XLSX: every row with its numbers, and what they rest on."""

import io

import xlsxwriter
from django.utils.translation import gettext as _

from reporting.chase.listing import ChaseList, ChaseRow
from reporting.chase.returned import ReturnedRow
from reporting.moments import COPENHAGEN
from reporting.response.standings import STATE_NAMES, state_of
from survey.models import SurveyRound


def chase_workbook(survey_round: SurveyRound, found: ChaseList, returned: list[ReturnedRow]) -> bytes:
    """Text is text, whatever it begins with; amounts are 1,000 kr. at the round's price level."""
    file = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "remove_timezone": True,
        "default_date_format": "dd-mm-yyyy hh:mm",
    }
    with xlsxwriter.Workbook(file, options) as workbook:
        sheet = workbook.add_worksheet(_("Rykkerliste"))
        basis = _basis(survey_round, found)
        for number, line in enumerate(basis):
            sheet.write_string(number, 0, line)
        heading = workbook.add_format({"bold": True, "text_wrap": True})
        sheet.write_row(len(basis) + 1, 0, _headings(), heading)
        for number, row in enumerate(found.rows, start=len(basis) + 2):
            sheet.write_row(number, 0, _cells(row, found.reach))
        sheet.set_column(0, 0, 10)
        sheet.set_column(1, 20, 18)
        sheet = workbook.add_worksheet(_("Sendt tilbage"))
        sheet.write_string(0, 0, _returned_basis(survey_round, found))
        sheet.write_row(2, 0, _returned_headings(), heading)
        for number, one in enumerate(returned, start=3):
            sheet.write_row(number, 0, _returned_cells(one))
        sheet.set_column(0, 20, 18)
    return file.getvalue()


def _basis(survey_round: SurveyRound, found: ChaseList) -> list[str]:
    as_at = {"as_at": f"{found.as_at.astimezone(COPENHAGEN):%d.%m.%Y %H.%M}"}
    lines = [
        str(survey_round),
        _("Kommuner uden et svar, der tæller, opgjort pr. %(as_at)s.") % as_at,
        _("Folketal pr. %(day)s.") % {"day": f"{survey_round.population_date:%d.%m.%Y}"},
    ]
    if survey_round.is_demo:
        lines.insert(0, _("DEMO - opdigtede tal"))
    if found.reach is not None:
        lines.append(
            _(
                "Usikkerheden er det halve 95 pct.-interval om de opregnede bruttoudgifter, metode a, "
                "%(year)d-pris- og lønniveau; efter svaret er den beregnet under antagelse af samme "
                "spredning for alle kommuner."
            )
            % {"year": found.price_level}
        )
    return lines + ([found.refusal] if found.refusal else [])


def _returned_basis(survey_round: SurveyRound, found: ChaseList) -> str:
    text = _("%(round)s: sendt tilbage og ikke besvaret, opgjort pr. %(as_at)s.")
    as_at = f"{found.as_at.astimezone(COPENHAGEN):%d.%m.%Y %H.%M}"
    demo = _("DEMO - opdigtede tal") + ". " if survey_round.is_demo else ""
    return demo + text % {"round": survey_round, "as_at": as_at}


def _returned_headings() -> list[str]:
    first = [_("Kommunekode"), _("Kommune"), _("Region"), _("Skal være rettet inden"), _("Over fristen")]
    return [*first, *_known_headings()]


def _returned_cells(row: ReturnedRow) -> list:
    one = row.submission
    due = one.return_due_at.astimezone(COPENHAGEN) if one.return_due_at else ""
    place = [one.municipality.code, one.municipality.name, one.region.name]
    return [*place, due, _("ja") if row.is_overdue else _("nej"), *_known_cells(row)]


def _headings() -> list[str]:
    return [
        _("Nr."),
        _("Kommunekode"),
        _("Kommune"),
        _("Region"),
        _("Indbyggere"),
        _("Dækning, procentpoint"),
        _("Dækning i pct. med alle over den på hele listen"),
        _("Usikkerhed nu, ± 1.000 kr."),
        _("Usikkerhed efter, ± 1.000 kr."),
        _("Tilstand"),
        _("Frist"),
        _("Egen frist"),
        *_known_headings(),
    ]


def _known_headings() -> list[str]:
    return [
        _("Kontakt"),
        _("E-mail"),
        _("Telefon"),
        _("Mail kommer retur"),
        _("Senest logget ind"),
        _("Senest skrevet til"),
        _("Udfald"),
        _("Seneste notat"),
        _("Skrevet af"),
        _("Skrevet"),
    ]


def _cells(row: ChaseRow, reach: float | None) -> list:
    municipality = row.submission.municipality
    return [
        row.rank,
        municipality.code,
        municipality.name,
        row.submission.region.name,
        row.inhabitants,
        round(row.effect.coverage, 4),
        round(row.coverage_so_far, 4),
        "" if reach is None else round(reach, 1),
        "" if row.effect.reach is None else round(row.effect.reach, 1),
        str(STATE_NAMES[state_of(row.submission)]),
        row.submission.deadline.astimezone(COPENHAGEN),
        _("ja") if row.submission.has_own_deadline else _("nej"),
        *_known_cells(row),
    ]


def _known_cells(row: ChaseRow | ReturnedRow) -> list:
    contact, note = row.contact, row.last_note
    moments = [row.last_login, row.last_mail.at if row.last_mail else None, note.at if note else None]
    login, mailed, noted = (one.astimezone(COPENHAGEN) if one else "" for one in moments)
    return [
        contact.name if contact else "",
        contact.email if contact else "",
        contact.phone if contact else "",
        _("ja") if contact and contact.bounced_at else "",
        login,
        mailed,
        row.outcome.outcome_in_words if row.outcome else "",
        note.text if note else "",
        str(note.by) if note else "",
        noted,
    ]
