"""Which laws a legal basis names: municipalities write it freely, and what differs shall be the law. Pure."""

import re
import unicodedata

AUTHORITY = "kommunalfuldmagten"
UNKNOWN = frozenset(("", "ukendt", "ved ikke", "kendes ikke", "ingen"))
# The same law by its long name, or by what it is called among colleagues.
NAMES = {
    r"lov om en aktiv beskæftigelsesindsats|\blab(?:-?lov(?:en|ens)?)?\b": "beskæftigelsesindsatsloven",
    r"lov om integration(?: af udlændinge(?: i danmark)?)?": "integrationsloven",
    r"lov om social service": "serviceloven",
    r"lov om folkeskolen": "folkeskoleloven",
    r"lov om dag-,? fritids- og klubtilbud\w*(?: m\.?v\.? til børn og unge)?": "dagtilbudsloven",
    r"lov om aktiv socialpolitik": "aktivloven",
    r"lov om danskuddannelse til voksne udlændinge(?: m\.?fl\.?)?": "danskuddannelsesloven",
}
LAW = re.compile(r"\b(\w+lov)(?:en|ens)\b|\b(kommunalfuldmagt)\w*")


def laws_in(text: str) -> tuple[str, ...]:
    """The laws that are named, each once, in alphabetical order; paragraphs do not count."""
    plain = _plain(text)
    found = set()
    for pattern, name in NAMES.items():
        plain, times = re.subn(pattern, " ", plain)
        if times:
            found.add(name)
    found |= {f"{law}en" if law else AUTHORITY for law, _authority in LAW.findall(plain)}
    return tuple(sorted(found))


def basis_of(text: str) -> str:
    """What two legal bases are compared by: their laws, else their words; "" for one that is not known."""
    words = _plain(text)
    return ", ".join(laws_in(text)) or ("" if words in UNKNOWN else words)


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(re.sub(r"[^\w§.,-]", " ", text).split()).strip(" .,-")
