"""Amounts and percentages as people write them. Pure; an error's code says what is wrong with the text."""

import re

PLAIN = re.compile(r"[0-9]+")
GROUPED = re.compile(r"[0-9]{1,3}([. \u00a0\u202f][0-9]{3})+")
SHARE = re.compile(r"([0-9]{1,3}) ?(%|pct\.?|procent)?", re.IGNORECASE)
DASHES = ("-", "–", "—")

MAX_DIGITS = 8  # 99.999.999 thousand kr.


class NotAnAmount(ValueError):
    """`code`: negative, decimals, unit, too_large or not_a_number."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


def parse_thousands(text: str) -> int | None:
    """Whole 1,000 kr. from "1250", "1.250" or "1 250"; None from an empty text.

    A comma, and a point that does not part groups of three, are refused: 1,250 and 1.25 mean
    different things to different people.
    """
    text = text.strip()
    if not text:
        return None
    if PLAIN.fullmatch(text) or GROUPED.fullmatch(text):
        digits = re.sub(r"\D", "", text).lstrip("0") or "0"
        if len(digits) > MAX_DIGITS:
            raise NotAnAmount("too_large")
        return int(digits)
    if re.fullmatch(r"[-–−] ?[0-9][0-9., \u00a0\u202f]*", text):
        raise NotAnAmount("negative")
    if re.fullmatch(r"[0-9][0-9., \u00a0\u202f]*", text):
        raise NotAnAmount("decimals")
    if re.search(r"[0-9] *(kr|t\.?kr|mio|mia|dkk)", text, re.IGNORECASE):
        raise NotAnAmount("unit")
    raise NotAnAmount("not_a_number")


def parse_share(text: str) -> tuple[int | None, bool]:
    """(percent, unknown) from "75", "75 %" or "-"; (None, False) from an empty text."""
    text = text.strip()
    if not text:
        return None, False
    if text in DASHES:
        return None, True
    match = SHARE.fullmatch(text)
    if not match or int(match[1]) > 100:
        raise NotAnAmount("not_a_share")
    return int(match[1]), False
