"""A workbook of 5,000 rows end to end (read, check, compare, store) beside python-calamine reading it."""

import gc
import io
import time

import xlsxwriter
from python_calamine import CalamineWorkbook

from bench import rows
from bench.harness import Result, compare, milliseconds
from municipalities.models import Municipality, Role, User
from survey.models import Submission, Upload
from survey.workbook import comparing, importing, reading
from survey.workbook.columns import columns, stamp_of
from survey.workbook.spreadsheet import DOWNLOAD, SHEET
from survey.workbook.table import MAX_ROWS

ROUNDS = 7


def run() -> list[Result]:
    by = rows.build_user("upload", Role.APPROVER, Municipality.objects.all())
    # Each upload into an answer of its own: all rows are new, as in the largest upload there is.
    submissions = list(rows.build_round().submissions.select_related("round", "municipality")[: ROUNDS + 1])
    files = {submission.pk: _file(submission) for submission in submissions}
    bare = next(iter(files.values()))

    def upload() -> float:
        submission = submissions.pop()
        return _upload(files[submission.pk], submission, by)

    what = f"upload of {MAX_ROWS:,} rows, beside python-calamine reading them"
    return [compare(what, upload, milliseconds(lambda: _read(bare)), unit="ms", rounds=ROUNDS, at_most=4)]


def _upload(data: bytes, submission: Submission, by: User) -> float:
    """Milliseconds of what preview and confirmation do between them, each step once."""
    gc.collect()
    began = time.perf_counter()
    contents = reading.read(data, stamp_of(submission))
    plan = comparing.compare(contents, submission)
    upload = Upload.objects.create(submission=submission, uploaded_by=by, name="bench.xlsx", content=data)
    importing.import_contents(upload=upload, contents=contents, by=by, seen=plan.seen, keep=set())
    took = 1000 * (time.perf_counter() - began)
    assert submission.initiatives.count() == MAX_ROWS
    return took


def _read(data: bytes) -> list:
    return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name(SHEET).to_python()


def _file(submission: Submission) -> bytes:
    """The template filled in with complete rows, no two of them alike; texts as long as those of 2022."""
    file = io.BytesIO()
    asked = columns(submission.round.accounts_year)
    lists = {column.name: list(column.exact) for column in asked if column.values}
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False}) as workbook:
        sheet = workbook.add_worksheet(SHEET)
        workbook.add_worksheet(DOWNLOAD).write_string(0, 0, "")
        sheet.write_row(0, 0, [*(column.heading for column in asked), stamp_of(submission).heading()])
        for n in range(1, MAX_ROWS + 1):
            texts = {
                "title": f"Mentorer og fællesskab nr. {n}",
                "gross_expenditure": n * 7919 % 4001,
                "gross_income": n * 6007 % 803,
                "legal_basis": f"Integrationsloven § {n % 60}",
                "content": f'Frivillige mødes hver uge; "hold {n}". ' + "Æøå, fx; " * (5 + n % 40),
                "purpose": f"Flere i arbejde, mål {n}. " + "Målet er " * (3 + n % 20),
                "target_share": n % 101,
                "scope_reason": "",
            }
            chosen = {name: offered[n % len(offered)] for name, offered in lists.items()}
            sheet.write_row(n, 0, [(texts | chosen)[column.name] for column in asked])
    return file.getvalue()
