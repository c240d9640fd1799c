"""Imports run one way: municipalities <- survey <- reporting; config sees all, nothing sees config."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MAY_IMPORT = {
    "municipalities": {"municipalities"},
    "survey": {"municipalities", "survey"},
    "reporting": {"municipalities", "survey", "reporting"},
}
OURS = {*MAY_IMPORT, "config", "tests", "bench"}
WITHOUT_DJANGO = [
    "municipalities/sorting.py",
    "reporting/estimation.py",
    "reporting/comparability/differences.py",
    "reporting/comparability/laws.py",
    "reporting/figures/__init__.py",
    "reporting/figures/bar_charts.py",
    "reporting/figures/column_charts.py",
    "reporting/figures/drawing.py",
    "reporting/figures/line_charts.py",
    "reporting/figures/quartile_charts.py",
    "reporting/figures/response_days.py",
    "reporting/figures/shares.py",
    "reporting/figures/tile_maps.py",
    "reporting/figures/timelines.py",
    "reporting/macro/leave_one_out.py",
    "reporting/moments.py",
    "reporting/files/municipal_csv.py",
    "reporting/peers.py",
    "reporting/price_levels.py",
    "reporting/publishing/coverage.py",
    "reporting/reconciliation/published.py",
    "reporting/response/burden.py",
    "reporting/response/counts.py",
    "reporting/returns.py",
    "reporting/review/judging.py",
    "reporting/review/scoring.py",
    "reporting/rounding.py",
    "reporting/rules/use.py",
    "reporting/files/rates_csv.py",
    "reporting/files/statbank.py",
    "reporting/files/statbank_places.py",
    "reporting/strata.py",
    "survey/amounts.py",
    "survey/canonical.py",
    "survey/checks.py",
    "survey/deadlines.py",
    "survey/history/steps.py",
    "survey/letters.py",
    "survey/differences.py",
    "survey/rounds/shifting.py",
    "survey/totals.py",
    "survey/workbook/delimited.py",
    "survey/workbook/guarding.py",
    "survey/workbook/spreadsheet.py",
    "survey/workbook/table.py",
]


def imported(source: str) -> set[str]:
    """The first parts of all modules that a source text imports, at its top or in a function."""
    packages = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            packages |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            packages.add((node.module or "").split(".")[0] if node.level == 0 else "(relative)")
    return packages


@pytest.mark.parametrize("app", MAY_IMPORT)
def test_an_app_imports_only_what_is_below_it(app):
    wrong = {
        f"{path.relative_to(ROOT)} imports {package}"
        for path in (ROOT / app).rglob("*.py")
        for package in imported(path.read_text()) & (OURS | {"(relative)"}) - MAY_IMPORT[app]
    }
    assert not wrong


@pytest.mark.parametrize("path", WITHOUT_DJANGO)
def test_a_module_of_pure_rules_knows_no_django(path):
    allowed = {Path(path).parts[0]}
    assert not imported((ROOT / path).read_text()) & ({"django", "psycopg", "(relative)"} | OURS) - allowed


def test_the_check_sees_imports_inside_functions_too():
    assert imported("def f():\n    from config.settings import VAR\n") == {"config"}
    assert imported("from . import models\nimport django.db") == {"(relative)", "django"}
