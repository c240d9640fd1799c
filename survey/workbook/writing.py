"""The download: a workbook to fill in, or the same columns as CSV."""

from collections.abc import Iterable, Sequence
from typing import IO

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from survey.models import Initiative, Submission
from survey.models.initiatives import MAX_AMOUNT
from survey.workbook import delimited
from survey.workbook.cells import identity, written
from survey.workbook.columns import (
    DEMO,
    GUIDANCE,
    ID,
    TRIAL,
    Column,
    allowed,
    columns,
    columns_of,
    marks_of,
    stamp_of,
)
from survey.workbook.comparing import values_of
from survey.workbook.spreadsheet import DOWNLOAD, GUIDE, LISTS, SHEET
from survey.workbook.table import MAX_ROWS, letters

BANNER, HEADINGS, FIRST = 0, 1, 2  # rows from 0
ID_WIDTH = 14
A3 = 8  # XlsxWriter's number of it
LINE, MOST_LINES = 15, 12  # points, and lines of a row that is filled in
MAY = ("format_cells", "format_columns", "format_rows", "insert_rows", "delete_rows", "sort", "autofilter")
IN_A_NAME = {DEMO: "DEMO-opdigtede-tal-", TRIAL: "PROEVE-"}
MOST_IN_PROMPT = 255  # characters; Excel leaves a longer one out without a word
TEXT_IS_TEXT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
STEPS = (
    "Skriv én indsats i hver række på arket Indsatser. Alle ti felter skal være udfyldt, før besvarelsen "
    "kan indsendes, men du kan indlæse et regneark, der ikke er færdig.",
    "Beløb skrives i hele 1.000 kr. 1.250 betyder 1.250.000 kr.",
    "Vælg på listen, hvor der er en. Sæt tal og tekst ind som værdier. Flet ikke celler.",
    "En indsats fjernes ved at slette hele dens række. En række uden id bliver en ny indsats.",
    "Gem filen som .xlsx, og vælg den på siden Regneark. Du ser først, hvad der ændres. Intet indlæses, "
    "før du bekræfter.",
    "Skriv ikke navne, CPR-numre eller andre personoplysninger.",
)


def file_name(submission: Submission, ending: str) -> str:
    marks = "".join(IN_A_NAME[mark] for mark in marks_of(submission.round))
    return f"{marks}indsatser-{submission.round.accounts_year}-{submission.municipality.code}.{ending}"


def write_csv(submission: Submission) -> bytes:
    asked = columns(submission.round.accounts_year)
    headings = [column.heading for column in asked]
    rows = [[*headings, stamp_of(submission).heading(*marks_of(submission.round))]]
    for initiative in submission.initiatives.order_by("pk"):
        values = values_of(initiative)
        cells = [str(written(column, values)) for column in asked]
        rows.append([*cells, identity(initiative.uuid, values)])
    plain = [place for place, column in enumerate(asked) if column.kind == "share"]
    return delimited.write(rows, plain)


def write_workbook(submission: Submission, file: IO[bytes]) -> None:
    """What is entered, and empty rows below it, unlocked; headings are locked, lists and ids hidden."""
    initiatives = list(submission.initiatives.order_by("pk"))
    asked = columns_of(submission.round)
    with xlsxwriter.Workbook(file, {"in_memory": True} | TEXT_IS_TEXT) as workbook:
        sheet = workbook.add_worksheet(SHEET)
        _guide(workbook, workbook.add_worksheet(GUIDE), submission, asked)
        lists = _lists(workbook.add_worksheet(LISTS), asked)
        download = workbook.add_worksheet(DOWNLOAD)
        _frame(workbook, sheet, submission, asked)
        for place, column in enumerate(asked):
            sheet.data_validation(FIRST, place, FIRST + MAX_ROWS - 1, place, _rule(column, lists))
        download.write_string(0, 0, "Indsatserne i regnearket, da den blev hentet")
        for number, initiative in enumerate(initiatives):
            ident = _write_row(sheet, FIRST + number, initiative, asked)
            download.write_string(number + 1, 0, ident)
        for hidden in (workbook.get_worksheet_by_name(LISTS), download):
            hidden.protect()
            hidden.hide()


def _write_row(sheet: Worksheet, number: int, initiative: Initiative, asked) -> str:
    """The row's id, which says what it holds. A cell without a format of its own has its column's."""
    values = values_of(initiative)
    ident = identity(initiative.uuid, values)
    cells = [written(column, values) for column in asked]
    sheet.set_row(number, _height(cells, [column.width for column in asked]))
    for place, cell in enumerate([*cells, ident]):
        if isinstance(cell, int):
            sheet.write_number(number, place, cell)
        elif cell:
            sheet.write_string(number, place, cell)
    return ident


def _height(cells: Sequence[str | int], widths: Iterable[int]) -> int:
    """Points for the longest text, up to a dozen lines: LibreOffice does not find it out by itself."""
    pairs = zip(map(str, cells), widths, strict=True)
    return LINE * min(MOST_LINES, max(_lines(text, width) for text, width in pairs))


def _lines(text: str, width: int) -> int:
    return sum(1 + len(line) // width for line in text.split("\n"))


def _frame(workbook: xlsxwriter.Workbook, sheet: Worksheet, submission: Submission, asked) -> None:
    """Banner, headings, formats and protection; every cell below the headings may be filled in."""
    box = {"valign": "top", "text_wrap": True, "border": 1, "border_color": "#BFBFBF", "locked": False}
    kinds = {
        "amount": workbook.add_format(box | {"num_format": "#,##0"}),
        ID: workbook.add_format(box | {"num_format": "@", "font_color": "#6B6B6B", "text_wrap": False}),
    }
    text = workbook.add_format(box | {"num_format": "@"})  # "3-5" is no date, and "=" no formula
    heading = workbook.add_format(box | {"bold": True, "bg_color": "#DCE6F1", "locked": True})
    for place, column in enumerate(asked):
        sheet.set_column(place, place, column.width, kinds.get(column.kind, text))
        sheet.write_string(HEADINGS, place, column.heading, heading)
    sheet.set_column(len(asked), len(asked), ID_WIDTH, kinds[ID])
    marks = marks_of(submission.round)
    sheet.write_string(HEADINGS, len(asked), stamp_of(submission).heading(*marks), heading)
    sheet.data_validation(FIRST, len(asked), FIRST + MAX_ROWS - 1, len(asked), _prompt("Id", GUIDANCE[ID]))
    sheet.set_row(HEADINGS, 105)
    banner = workbook.add_format({"bold": True})
    sheet.set_row(BANNER, 20, banner)  # also locks the row's cells
    sheet.write_string(BANNER, 0, _title(submission), banner)
    sheet.freeze_panes(FIRST, 2)
    sheet.protect(options=dict.fromkeys(MAY, True))
    sheet.ignore_errors({"number_stored_as_text": f"A{FIRST + 1}:{letters(len(asked))}{FIRST + MAX_ROWS}"})
    _page(sheet)
    sheet.repeat_rows(BANNER, HEADINGS)
    sheet.set_footer(f"&L{' - '.join(marks)}&R&P/&N")


def _page(sheet: Worksheet) -> None:
    """On paper: A3 across, all columns on one page."""
    sheet.set_landscape()
    sheet.set_paper(A3)
    sheet.fit_to_pages(1, 0)


def _title(submission: Submission) -> str:
    name, year = submission.municipality.official_name, submission.round.accounts_year
    title = f"{name}, indsatser i regnskabet for {year}"
    return " - ".join([*marks_of(submission.round), title])


def _guide(workbook: xlsxwriter.Workbook, sheet: Worksheet, submission: Submission, asked) -> None:
    wrapped = workbook.add_format({"valign": "top", "text_wrap": True})
    bold = workbook.add_format({"valign": "top", "bold": True})
    widths = (36, 70, 70)
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width, wrapped)
    sheet.write_string(0, 0, _title(submission), bold)
    for number, step in enumerate(STEPS, start=1):
        sheet.merge_range(number, 0, number, 2, f"{number}. {step}", wrapped)
        sheet.set_row(number, _height([step], [sum(widths)]))
    row = len(STEPS) + 2
    for place, text in enumerate(("Kolonne", "Vejledning", "Hvad der kan stå")):
        sheet.write_string(row, place, text, bold)
    for number, column in enumerate(asked, start=row + 1):
        texts = (column.heading, column.guidance, allowed(column))
        sheet.set_row(number, _height(texts, widths))
        for place, text in enumerate(texts):
            sheet.write_string(number, place, text, wrapped)
    sheet.protect()
    _page(sheet)


def _lists(sheet: Worksheet, asked) -> dict[str, str]:
    """The drop-down lists, one a column; name -> where it stands."""
    found = {}
    for place, column in enumerate(column for column in asked if column.values):
        for number, text in enumerate([column.heading, *column.exact]):
            sheet.write_string(number, place, text)
        at = letters(place)
        found[column.name] = f"={LISTS}!${at}$2:${at}${len(column.exact) + 1}"
    return found


def _rule(column: Column, lists: dict[str, str]) -> dict:
    """What Excel lets be typed in a column, and says at the cell."""
    rule = _prompt(column.label, column.guidance)
    if column.name in lists:
        return rule | {
            "validate": "list",
            "source": lists[column.name],
            "error_title": "Vælg på listen",
            "error_message": "Svaret er ikke på listen. Vælg et af svarene på listen.",
            # Several sources may also be written in another order than the list has them.
            "error_type": "warning" if column.kind == "sources" else "stop",
        }
    if column.kind == "amount":
        return rule | {
            "validate": "integer",
            "criteria": "between",
            "minimum": 0,
            "maximum": MAX_AMOUNT,
            "error_title": "Hele 1.000 kr.",
            "error_message": "Skriv beløbet i hele 1.000 kr. uden decimaler, fx 1250.",
        }
    return rule


def _prompt(title: str, text: str) -> dict:
    """What Excel has room for; the whole text stands on the sheet of guidance."""
    return {
        "validate": "any",
        "input_title": title[:32],
        "input_message": text if len(text) <= MOST_IN_PROMPT else f"{text[: MOST_IN_PROMPT - 1]}…",
    }
