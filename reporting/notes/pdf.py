"""The council's note as PDF/UA: typst refuses a picture without an alternative text."""

import json
from dataclasses import asdict
from pathlib import Path

import typst

from reporting.figures import to_svg
from reporting.figures.drawing import FONTS
from reporting.notes.content import CouncilNote

TEMPLATE = Path(__file__).parent / "note.typ"


def pdf(note: CouncilNote) -> bytes:
    """In Danish; the design system's font, without its package typst's own: alike on every machine."""
    content = asdict(note) | {"chart": to_svg(note.chart, alt=note.chart_alt)}
    return typst.compile(
        str(TEMPLATE),
        sys_inputs={"note": json.dumps(content, default=str)},
        font_paths=[str(FONTS / "complete/ttf")],
        ignore_system_fonts=True,
        timestamp=int(note.written_at.timestamp()),
        pdf_standards=["ua-1"],
    )
