"""CSV beside COPY of the same columns, XLSX beside bare XlsxWriter with the same cells, and their memory."""

import json
import subprocess
import sys

from django.conf import settings

from bench import rows
from bench.harness import Result, compare
from municipalities.models import Role
from survey.models import SurveyRound

SMALL, FEW, MANY = 800, 10_000, 100_000
FLAT = 1.15  # the peak of ten times the rows over the peak of one


def run() -> list[Result]:
    by = rows.build_user("export", Role.APPROVER, [])
    small, few, many = (rows.build_reported(count, by) for count in (SMALL, FEW, MANY))
    return [
        _speed(f"CSV of {FEW:,} rows, beside COPY", "csv", few, small),
        _speed(f"CSV of {MANY:,} rows, beside COPY", "csv", many, small),
        _speed(f"XLSX of {FEW:,} rows, beside XlsxWriter", "xlsx", few, small),
        _memory(f"CSV, peak memory of {MANY:,} rows, beside {FEW:,}", "csv", few, many, small),
        _memory(f"XLSX, peak memory of {MANY:,} rows, beside {FEW:,}", "xlsx", few, many, small),
    ]


def _speed(what: str, kind: str, survey_round: SurveyRound, small: SurveyRound) -> Result:
    return compare(
        what,
        lambda: _measure(kind, survey_round, small)["ms"],
        lambda: _measure(f"bare_{kind}", survey_round, small)["ms"],
        unit="ms",
        rounds=3,
        warm_up=False,  # each is a new process
        at_most=2,
    )


def _memory(what: str, kind: str, few: SurveyRound, many: SurveyRound, small: SurveyRound) -> Result:
    return compare(
        what,
        lambda: _measure(kind, many, small)["mb"],
        lambda: _measure(kind, few, small)["mb"],
        unit="MB",
        rounds=1,
        warm_up=False,
        at_most=FLAT,
    )


def _measure(kind: str, survey_round: SurveyRound, small: SurveyRound) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.export_once", kind, str(survey_round.pk), str(small.pk)]
    return json.loads(
        subprocess.run(command, cwd=settings.BASE_DIR, check=True, stdout=subprocess.PIPE).stdout
    )
