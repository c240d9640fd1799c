"""One export in a process of its own, whose peak of resident memory is then what the export needed.

`python -m bench.export_once csv|bare_csv|xlsx|bare_xlsx ROUND SMALL_ROUND` prints {"ms", "mb"} as JSON. The
small round goes first: what a process does only once (translations, plans of queries) is no export's cost.
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import django
import xlsxwriter

django.setup()

from bench.database import bare_connection  # noqa: E402 - the models need Django
from reporting.files import exports  # noqa: E402
from survey.models import SurveyRound  # noqa: E402

# Whose it is, the ten fields, the amounts at a price level, what was said besides, identity: what the
# export holds, as it is stored.
SELECT = """
SELECT m.code, m.name, r.name, i.service_area, v.receipt_number, v.number, v.submitted_at, i.title,
    i.gross_expenditure, i.gross_income, array_to_string(i.funding_sources, '; '), i.legal_basis,
    i.primary_target_group, i.secondary_target_group, i.content, i.purpose, i.time_horizon, i.target_share,
    i.gross_expenditure * 1.0508, i.gross_income * 1.0508, i.expenditure_basis, i.income_basis, i.scope,
    i.scope_reason, i.uuid::text, 'DEMO'
FROM survey_reportedinitiative i
JOIN survey_submissionversion v ON v.id = i.version_id
JOIN survey_submission s ON s.id = v.submission_id
JOIN municipalities_municipality m ON m.id = s.municipality_id
JOIN municipalities_region r ON r.id = m.region_id
WHERE s.round_id = {}
"""


def csv(survey_round: SurveyRound) -> float:
    began = time.perf_counter()
    for _block in exports.csv_blocks(exports.rows_of(survey_round)):
        pass
    return time.perf_counter() - began


def bare_csv(survey_round: SurveyRound) -> float:
    statement = f"COPY ({SELECT.format(survey_round.pk)}) TO STDOUT (FORMAT csv, DELIMITER ';')"
    began = time.perf_counter()
    with bare_connection() as connection, connection.cursor() as cursor, cursor.copy(statement) as stream:
        for _row in stream:
            pass
    return time.perf_counter() - began


def xlsx(survey_round: SurveyRound) -> float:
    began = time.perf_counter()
    with tempfile.TemporaryFile() as file:
        exports.write_workbook(exports.rows_of(survey_round), file, lambda done, total: None)
    return time.perf_counter() - began


def bare_xlsx(survey_round: SurveyRound) -> float:
    """Reading them is not counted: only how long XlsxWriter takes to write the same rows and columns."""
    with bare_connection() as connection:
        records = connection.execute(SELECT.format(survey_round.pk)).fetchall()
    began = time.perf_counter()
    with tempfile.TemporaryFile() as file:
        options = {
            "constant_memory": True,
            "remove_timezone": True,
            "default_date_format": "yyyy-mm-dd hh:mm",
        }
        with xlsxwriter.Workbook(file, options) as workbook:
            sheet = workbook.add_worksheet()
            for number, record in enumerate(records):
                sheet.write_row(number, 0, record)
    return time.perf_counter() - began


KINDS: dict[str, Callable[[SurveyRound], float]] = {
    "csv": csv,
    "bare_csv": bare_csv,
    "xlsx": xlsx,
    "bare_xlsx": bare_xlsx,
}


def main(kind: str, round_id: str, small_round_id: str) -> None:
    KINDS[kind](SurveyRound.objects.get(pk=small_round_id))
    seconds = KINDS[kind](SurveyRound.objects.get(pk=round_id))
    print(json.dumps({"ms": 1000 * seconds, "mb": _peak() / 1024}))


def _peak() -> int:
    """In kB, since this program began; getrusage's would count what its parent had before that too."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0])


if __name__ == "__main__":
    main(*sys.argv[1:])
