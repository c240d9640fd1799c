"""The reported initiatives of a round as files: CSV by COPY and XLSX by cursor, from the same columns.

One SELECT a municipality, in Danish order: no sort and no join over all rows, and memory stays flat.
What stands in a version never changes, so the rows agree though they are read one after the other.
"""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import IO
from uuid import UUID

import xlsxwriter
from django.conf import settings
from django.db import connection
from django.utils import translation
from psycopg import sql
from psycopg.sql import Composable

from reporting import price_levels
from reporting.files.columns import (
    AS_TEXT,
    NO_WARNINGS,
    Column,
    VersionColumn,
    adjusted,
    columns,
    passed_warnings,
    version_columns,
)
from reporting.models import PriceRate
from reporting.moments import COPENHAGEN
from reporting.totals import adjustments_in
from survey.models import Adjustment, Job, PassedWarning, ReportedInitiative, SubmissionVersion, SurveyRound
from survey.transitions import database_now

MAX_SHEET_ROWS = 1_048_575  # Excel's 2^20 less the heading
BLOCK = 64 * 1024
WIDTHS = {"text": 30, "decimal": 16}


@dataclass(frozen=True)
class Rows:
    """What to write: the version's columns, then the initiative's, of the version that counts for each."""

    version_columns: list[VersionColumn]
    columns: list[Column]
    versions: list[SubmissionVersion]
    adjustments: tuple[Adjustment, ...]  # the ministry's in force
    warned: frozenset[int]  # the ids of the versions in which warnings were passed

    @property
    def headings(self) -> list[str]:
        return [c.heading for c in self.version_columns] + [c.heading for c in self.columns]

    def of_version(self, version: SubmissionVersion) -> list:
        """The first cells of all its rows; times are Danish."""
        cells = [column.value(version) for column in self.version_columns]
        return [_danish(cell) if isinstance(cell, datetime) else cell for cell in cells]

    def count(self) -> int:
        return ReportedInitiative.objects.filter(version__in=self.versions).count()

    def select(self, version: SubmissionVersion, *, as_text: bool) -> sql.Composed:
        return sql.SQL(
            "SELECT {} FROM survey_reportedinitiative i LEFT JOIN {} ON a.id = i.id "
            "LEFT JOIN {} ON w.id = i.id WHERE i.version_id = {} ORDER BY i.position"
        ).format(
            self._as_text if as_text else self._as_values,
            self._adjusted[version.pk],
            passed_warnings(version.pk) if version.pk in self.warned else NO_WARNINGS,
            sql.Literal(version.pk),
        )

    @cached_property
    def _adjusted(self) -> dict[int, Composable]:
        """By version: each row is looked up among the few adjustments of its own."""
        mine: dict[int, list[Adjustment]] = {version.pk: [] for version in self.versions}
        for one in self.adjustments:
            mine[one.initiative.version_id].append(one)
        return {version: adjusted(some) for version, some in mine.items()}

    # Written out once: composing 27 columns for each of 98 municipalities costs more than reading them.
    @cached_property
    def _as_text(self) -> sql.SQL:
        forms = [sql.SQL(AS_TEXT[column.kind]).format(column.value) for column in self.columns]
        return sql.SQL(sql.SQL(", ").join(forms).as_string())

    @cached_property
    def _as_values(self) -> sql.SQL:
        return sql.SQL(sql.SQL(", ").join(column.value for column in self.columns).as_string())


def rows_of(survey_round: SurveyRound, as_at: datetime | None = None) -> Rows:
    """The rows that the figures as at that time (now) rest on. Raises MissingRate.

    The files are Danish whatever the user's language: a column's name is part of their format.
    """
    as_at = as_at or database_now()
    rates = PriceRate.objects.percents(as_at)
    factor = price_levels.factor(rates, survey_round.accounts_year, survey_round.price_level)
    reported = SubmissionVersion.objects.filter(submission__round=survey_round).reported(as_at)
    versions = SubmissionVersion.objects.filter(pk__in=reported.values("pk")).select_related(
        "submission__municipality", "submission__region"
    )
    ordered = list(versions.order_by("submission__municipality__sort_key"))
    ids = [version.pk for version in ordered]
    warned = PassedWarning.objects.filter(initiative__version__in=ids).order_by()
    with translation.override(settings.LANGUAGE_CODE):
        return Rows(
            version_columns=version_columns(survey_round),
            columns=columns(survey_round, factor),
            versions=ordered,
            adjustments=adjustments_in(ids, as_at),
            warned=frozenset(warned.values_list("initiative__version", flat=True).distinct()),
        )


def csv_blocks(rows: Rows) -> Iterator[bytes]:
    """A file that Danish Excel opens by itself: BOM, semicolons, decimal comma, CRLF.

    PostgreSQL's COPY makes each row whole, with LF at its end and nowhere else outside quotes.
    """
    yield b"\xef\xbb\xbf" + _csv_line(rows.headings) + b"\r\n"
    connection.ensure_connection()
    block = bytearray()
    for version in rows.versions:
        copy = sql.SQL("COPY ({}) TO STDOUT (FORMAT csv, DELIMITER ';', ENCODING 'UTF8')").format(
            rows.select(version, as_text=True)
        )
        start = _csv_line(rows.of_version(version)) + b";"
        with connection.connection.cursor() as cursor, cursor.copy(copy) as stream:
            for row in stream:
                block += start
                block += row[:-1]
                block += b"\r\n"
                if len(block) >= BLOCK:
                    yield bytes(block)
                    block.clear()
    yield bytes(block)


def _csv_line(cells: list) -> bytes:
    line = io.StringIO()
    csv.writer(line, delimiter=";", lineterminator="").writerow(cells)
    return line.getvalue().encode()


def _danish(moment: datetime) -> datetime:
    """Danish time without its zone, which neither file has a way to tell."""
    return moment.astimezone(COPENHAGEN).replace(tzinfo=None, microsecond=0)


def write_workbook(rows: Rows, file: IO[bytes], progress: Callable[[int, int], None]) -> None:
    """The same rows with numbers as numbers; text is text, whatever it begins with."""
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": "yyyy-mm-dd hh:mm",
    }
    with xlsxwriter.Workbook(file, options) as workbook:
        sheet = workbook.add_worksheet("Indsatser")
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(rows.version_columns), 18)
        for number, column in enumerate(rows.columns, start=len(rows.version_columns)):
            sheet.set_column(number, number, WIDTHS.get(column.kind, 14))
        sheet.write_row(0, 0, rows.headings, workbook.add_format({"bold": True, "text_wrap": True}))
        total = rows.count()
        progress(0, total)
        for number, values in enumerate(_records(rows), start=1):
            sheet.write_row(number, 0, values)
            if number % 1000 == 0:
                progress(number, total)
    progress(total, total)


def _records(rows: Rows) -> Iterator[list]:
    """By a cursor on the server, held over the commits of the progress."""
    kinds = [column.kind for column in rows.columns]
    connection.ensure_connection()
    for version in rows.versions:
        start = rows.of_version(version)
        with connection.connection.cursor("indsatser", withhold=True) as cursor:
            cursor.itersize = 1000
            cursor.execute(rows.select(version, as_text=False))
            for record in cursor:
                cells = (_cell(kind, value) for kind, value in zip(kinds, record, strict=True))
                yield [*start, *cells]


def _cell(kind: str, value):
    if kind == "share" and value is None:
        return "-"
    return float(value) if kind == "decimal" else str(value) if isinstance(value, UUID) else value


def workbook_for(job: Job, file: IO[bytes], progress: Callable[[int, int], None]) -> str:
    """The work of an export job; the file's name."""
    survey_round = SurveyRound.objects.visible_to(job.requested_by).get(pk=job.arguments["round"])
    rows = rows_of(survey_round, datetime.fromisoformat(job.arguments["as_at"]))
    write_workbook(rows, file, progress)
    return file_name(survey_round, "xlsx")


def file_name(survey_round: SurveyRound, ending: str) -> str:
    demo = "DEMO-opdigtede-tal-" if survey_round.is_demo else ""
    return f"{demo}indsatser-{survey_round.accounts_year}.{ending}"
