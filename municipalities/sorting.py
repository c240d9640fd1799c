"""The Danish alphabet, which the database's C collation does not know."""

import unicodedata

LETTERS = {"æ": "{a", "ø": "{b", "å": "{c", "aa": "{c"}  # "{" sorts after "z"


def danish_sort_key(text: str) -> str:
    """Lower-case ASCII key: æ, ø, å last, aa as å (Aabenraa and Aarhus after Ærø), accents dropped.

    >>> sorted(["Aarhus", "Ærø", "Vejle", "Odense"], key=danish_sort_key)
    ['Odense', 'Vejle', 'Ærø', 'Aarhus']
    """
    key = text.lower()
    for letter, replacement in LETTERS.items():
        key = key.replace(letter, replacement)
    decomposed = unicodedata.normalize("NFKD", key)
    return "".join(c for c in decomposed if not unicodedata.combining(c))
