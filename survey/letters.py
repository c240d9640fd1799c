"""What the ministry writes to many municipalities at once: one text with places for each one's own. Pure.

A place is a word in braces, as {kommune}; braces round anything else are a slip, told by `unknown`.
"""

import re
from collections.abc import Collection, Mapping

# The municipality's official name, the contact's name, the accounts year, the municipality's own deadline
# as a date and a clock time, and the address to follow.
PLACEHOLDERS = ("kommune", "kontakt", "regnskabsaar", "frist", "link")
# Of an invitation too: from when the answer can be begun, and what the invited may do.
INVITATION = (*PLACEHOLDERS, "begynd", "rolle")

DEMO = "DEMO - opdigtede tal"
PLACE = re.compile(r"\{([^{}\n]*)\}")
HALF = re.compile(r"\{\w*|\w*\}")


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with each known place filled; a value is never read for places itself."""

    def value(place: re.Match[str]) -> str:
        return values.get(place[1], place[0]) if place[1] in INVITATION else place[0]

    return PLACE.sub(value, text)


def unknown(text: str, known: Collection[str] = PLACEHOLDERS) -> list[str]:
    """The places that nothing fills, as they are written ("{kommunen}"), each once; then each brace that
    lacks its other half, with the word at it ("{kommune")."""
    places = [place[0] for place in PLACE.finditer(text) if place[1] not in known]
    return list(dict.fromkeys([*places, *HALF.findall(PLACE.sub(" ", text))]))


def has_link(text: str) -> bool:
    """Without it the reader cannot act."""
    return "{link}" in text


def marked_as_demo(subject: str, text: str) -> tuple[str, str]:
    """Both with the demo's mark: whoever gets the mail must not take it for the real thing."""
    return f"{DEMO}: {subject}", f"{DEMO}\n\n{text}"
