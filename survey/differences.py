"""What has changed from one version of an answer to another, by initiative and field. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from survey.models.initiatives import SUPPLEMENTARY_FIELDS, TenFields
from survey.questionnaire import FIELD_NAMES
from survey.totals import Sums

COMPARED = (*FIELD_NAMES, *SUPPLEMENTARY_FIELDS)
WRITTEN = ("title", "legal_basis", "content", "purpose", "scope_reason")  # sentences, changed in part
MOST_WORDS = 2_000  # a field's 10,000 characters are about 1,500 words; more are not paired, which takes long

Pieces = list[tuple[bool, str]]  # (changed, text), in the text's order; joined they are the text


@dataclass(frozen=True)
class FieldChange:
    """Two texts for reading, "" where nothing was answered; amounts in 1,000 kr."""

    name: str
    label: str
    old: str
    new: str

    def pieces(self) -> tuple[Pieces, Pieces]:
        """(of the old text, of the new one): what is changed in a written text, by words."""
        if self.name in WRITTEN and self.old and self.new:
            return paired(self.old, self.new)
        return [(False, self.old)], [(False, self.new)]


@dataclass(frozen=True)
class Differences:
    """By the initiatives' uuid, in the newer answer's order; sums are of all initiatives of each answer."""

    added: list[TenFields]
    removed: list[TenFields]
    changed: list[tuple[TenFields, list[FieldChange]]]  # (as it is in the newer answer, what is new in it)
    before: Sums
    after: Sums

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


def differences(older: Sequence[TenFields], newer: Sequence[TenFields]) -> Differences:
    """Of two versions, or of a version and the working copy; a field's order is the questionnaire's."""
    had = {initiative.uuid: initiative for initiative in older}
    has = {initiative.uuid for initiative in newer}
    pairs = [(i, field_changes(had[i.uuid], i)) for i in newer if i.uuid in had]
    return Differences(
        added=[i for i in newer if i.uuid not in had],
        removed=[i for i in older if i.uuid not in has],
        changed=[(initiative, changes) for initiative, changes in pairs if changes],
        before=_sums(older),
        after=_sums(newer),
    )


def field_changes(old: TenFields, new: TenFields) -> list[FieldChange]:
    differing = [name for name in COMPARED if _answer(old, name) != _answer(new, name)]
    texts = [(name, old.text(name), new.text(name)) for name in differing]  # a text takes longer to make
    return [FieldChange(name, new.label(name), was, now) for name, was, now in texts if was != now]


def _answer(initiative: TenFields, name: str):
    value = getattr(initiative, name)
    return (value, initiative.target_share_unknown) if name == "target_share" else value


def paired(old: str, new: str) -> tuple[Pieces, Pieces]:
    """(pieces of the old text, pieces of the new one), True for the words that the other one lacks."""
    was, now = _words(old), _words(new)
    if max(len(was), len(now)) > MOST_WORDS or old.split() == new.split():  # only spaces differ
        return [(True, old)], [(True, new)]
    matcher = SequenceMatcher(None, [word.strip() for word in was], [word.strip() for word in now])
    left: Pieces = []
    right: Pieces = []
    for tag, i, i_end, j, j_end in matcher.get_opcodes():
        if i < i_end:
            left.append((tag != "equal", "".join(was[i:i_end])))
        if j < j_end:
            right.append((tag != "equal", "".join(now[j:j_end])))
    return left, right


def _words(text: str) -> list[str]:
    """Each with the space after it; joined they are the text."""
    return re.findall(r"\s+|\S+\s*", text)


def _sums(initiatives: Sequence[TenFields]) -> Sums:
    total = Sums()
    for initiative in initiatives:
        total.add(initiative)
    return total
