"""The canonical form of an answer, and its seal. Pure: plain values in, bytes out.

The form is JSON after RFC 8785 (keys sorted, no white space, UTF-8). The receipt page offers these bytes,
and `sha256sum` of them gives the receipt's checksum. docs/questionnaire.md documents the form.
"""

import hashlib
import json
from collections.abc import Sequence


def canonical_form(
    *,
    accounts_year: int,
    municipality_code: str,
    version: int,
    is_nil: bool,
    initiatives: list[dict],
    warnings: Sequence[dict] = (),
    nothing_to_report_in: Sequence[str] = (),
) -> bytes:
    """`initiatives` in the order handed in; each is {"uuid": str, field name: str | int | list | None}.

    Amounts are whole 1,000 kr.; a target share of "-" is null with "target_share_unknown" true.
    `warnings` are those passed, each {"uuid", "rule", "reason"}; the areas in the report's order. Both
    are left out when there are none, so that older seals stay as they are.
    """
    answer = {
        "format": "indsatskort-1",
        "accounts_year": accounts_year,
        "municipality": municipality_code,
        "version": version,
        "nothing_to_report": is_nil,
        "initiatives": initiatives,
    }
    if warnings:
        answer["warnings"] = list(warnings)
    if nothing_to_report_in:
        answer["nothing_to_report_in"] = list(nothing_to_report_in)
    return json.dumps(answer, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def seal(**answer) -> str:
    """SHA-256 of the canonical form, 64 hexadecimal digits."""
    return hashlib.sha256(canonical_form(**answer)).hexdigest()
