"""Which code made a figure: a checksum of the sources that a published figure passes through."""

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCES = (
    "reporting/breakdowns.py",
    "reporting/estimate_document.py",
    "reporting/estimation.py",
    "reporting/models/rates.py",
    "reporting/national.py",
    "reporting/price_levels.py",
    "reporting/publishing/certainty.py",
    "reporting/publishing/coverage.py",
    "reporting/publishing/documents.py",
    "reporting/publishing/freeze.py",
    "reporting/returns.py",
    "reporting/strata.py",
    "reporting/totals.py",
    "survey/models/adjustments.py",
    "survey/models/initiatives.py",
    "survey/models/versions.py",
    "survey/models/warnings.py",
)
LIBRARIES = ("numpy", "scipy")  # which sum, and give the t quantile


@cache
def code_version() -> str:
    """The first 12 hexadecimal digits of SHA-256 over the sources' bytes and the libraries' versions."""
    found = hashlib.sha256()
    for source in SOURCES:
        found.update((ROOT / source).read_bytes())
    for library in LIBRARIES:
        found.update(f"{library} {version(library)}".encode())
    return found.hexdigest()[:12]
