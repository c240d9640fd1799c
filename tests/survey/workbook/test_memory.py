"""What is refused takes little memory, measured in a process of its own."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.survey.workbook.corpus.whole_files import REFUSED, beside

ROOT = Path(__file__).resolve().parents[3]
HEAVY = (
    "over 50 MB unpacked",
    "packed over 100 times",
    "packed over 100 times, and over 50 MB",
    "two million empty cells",
    "cells beside the form, 900,000",
    "strings, 900,000",
    "CSV with a million cells in a row",
    "a zip of a thousand parts",
    "5,001 rows",
    "entities in the strings",
)
MAX_MIB = 150
READ = """
import os, sys, resource, time
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
import django
django.setup()
from survey.workbook.columns import Stamp
from survey.workbook.reading import read
from survey.workbook.table import BadFile
data = sys.stdin.buffer.read()
began = time.process_time()
try:
    errors = read(data, Stamp(1, 2025, "461")).errors
    print("errors" if errors else "read", end=" ")
except BadFile as error:
    print(error.code, end=" ")
peak = int(open("/proc/self/status").read().split("VmHWM:")[1].split()[0]) / 1024
print(peak, time.process_time() - began)
"""


REFUSED_BY_NAME = {name: make for name, make, _message in REFUSED}
MAKERS = [*map(REFUSED_BY_NAME.__getitem__, HEAVY), lambda: beside(240_000)]


@pytest.mark.parametrize("make", MAKERS, ids=[*HEAVY, "as many errors as there can be cells"])
def test_a_refused_file_takes_less_than_150_mib_and_two_seconds(make):
    data = make()
    found = subprocess.run(
        [sys.executable, "-c", READ], input=data, cwd=ROOT, capture_output=True, check=True
    )
    code, peak, seconds = found.stdout.decode().split()
    assert code != "read"
    assert float(peak) < MAX_MIB
    assert float(seconds) < 2
