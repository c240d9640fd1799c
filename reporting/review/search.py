"""Danish full-text search over what was reported: the column `search` that PostgreSQL keeps (migration 0019).

Only the versions that are given are searched, so that what does not count is never found. Common words are
in tens of thousands of texts, and to rank them all takes a second: of those found the first AT_MOST are
ranked, and a search that found more says so.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

AT_MOST = 1_000
SIMILAR = 8
WORDS = 8  # of an initiative, to look for others by
RARE = 200  # rows, at most, that hold a word of the text that finds others, as the words of the title do
ENOUGH = 20_000  # initiatives of all rounds, expected to hold one of them

TITLE = "A"

# The best first; %(query)s finds them and %(rank)s orders them.
RANKED = """
    SELECT id FROM (
        SELECT id, search, gross_expenditure FROM survey_reportedinitiative
        WHERE version_id = ANY(%(versions)s) AND search @@ {query} {where} LIMIT %(candidates)s
    ) AS candidates
    ORDER BY ts_rank(search, {rank}) DESC, gross_expenditure DESC, id LIMIT %(most)s
"""
SEARCHED = "websearch_to_tsquery('danish', %(words)s)"
OF_AREA = "AND (id = ANY(%(moved_in)s) OR (service_area = %(area)s AND NOT id = ANY(%(adjusted)s)))"
# Where each word of an initiative stands first (A the title, B the content, C the purpose), and how many rows
# hold it by the planner's statistics: 0 for the rare.
WORDS_OF = """
    SELECT lexeme, (SELECT min(weight) FROM unnest(weights) AS weight),
        coalesce(frequency, 0) * greatest(reltuples, 0)
    FROM survey_reportedinitiative, unnest(search) LEFT JOIN (
        SELECT unnest(most_common_elems::text::text[]) AS lexeme, unnest(most_common_elem_freqs) AS frequency
        FROM pg_stats
        WHERE schemaname = current_schema AND tablename = 'survey_reportedinitiative' AND attname = 'search'
    ) AS common USING (lexeme), pg_class
    WHERE survey_reportedinitiative.id = %s AND pg_class.oid = 'survey_reportedinitiative'::regclass
"""
# Signs that no text keeps stand around what was found, so that all else can be escaped.
BEGIN, END = "\x02", "\x03"
SNIPPETS = """
    SELECT id, ts_headline(
        'danish', translate(content || ' ' || purpose, %(signs)s, ''),
        websearch_to_tsquery('danish', %(words)s), %(options)s
    ) FROM survey_reportedinitiative WHERE id = ANY(%(ids)s)
"""
OPTIONS = (
    f'StartSel="{BEGIN}", StopSel="{END}", MaxFragments=2, MaxWords=20, MinWords=8, FragmentDelimiter=" … "'
)


@dataclass(frozen=True)
class Found:
    """Ids of ReportedInitiative, the best first; `is_cut`: more were found than are ranked."""

    ids: tuple[int, ...]
    is_cut: bool


@dataclass(frozen=True)
class AreaFilter:
    """By what counts: `adjusted` have a corrected area, and `moved_in` are those of them now in this one."""

    area: str
    adjusted: tuple[int, ...] = ()
    moved_in: tuple[int, ...] = ()


def search(words: str, versions: Sequence[int], area: AreaFilter | None = None) -> Found:
    """Initiatives of these versions with the words: "a phrase", or, -without. Words may not hold NUL."""
    values = {"words": words, "versions": list(versions), "candidates": AT_MOST + 1, "most": AT_MOST + 1}
    if area:
        values |= {"area": area.area, "adjusted": list(area.adjusted), "moved_in": list(area.moved_in)}
    statement = RANKED.format(query=SEARCHED, rank=SEARCHED, where=OF_AREA if area else "")
    ids = [pk for (pk,) in _rows(statement, values)]
    return Found(tuple(ids[:AT_MOST]), len(ids) > AT_MOST)


def is_searchable(words: str) -> bool:
    """Whether anything is left of the words: "og" and "..." are in no index."""
    return bool(_rows("SELECT numnode(websearch_to_tsquery('danish', %s))", [words])[0][0])


def snippets(words: str, ids: Sequence[int]) -> dict[int, SafeString]:
    """Where in content or purpose the words stand, as HTML with <mark>; everything else is escaped."""
    values = {"words": words, "ids": list(ids), "signs": BEGIN + END, "options": OPTIONS}
    return {pk: _marked(text) for pk, text in _rows(SNIPPETS, values)}


def _marked(text: str) -> SafeString:
    # Safe: what PostgreSQL put in stands in pairs, and no other sign of the text is left as it was.
    return mark_safe(escape(text).replace(BEGIN, "<mark>").replace(END, "</mark>"))


def similar(initiative: int, versions: Sequence[int]) -> list[int]:
    """Ids of the initiatives of these versions whose text is most like the initiative's, at most SIMILAR:
    any of its rare words finds them, all of `words_to_find_by` order them. Two queries."""
    words, rare = words_to_find_by(_rows(WORDS_OF, [initiative]))
    if not rare or not versions:
        return []
    values = {
        "query": tsquery(rare),
        "rank": tsquery(words),
        "versions": list(versions),
        "candidates": AT_MOST,
        "most": SIMILAR,
    }
    statement = RANKED.format(query="%(query)s::tsquery", rank="%(rank)s::tsquery", where="")
    return [pk for (pk,) in _rows(statement, values)]


def words_to_find_by(words: Iterable[tuple[str, str, float]]) -> tuple[list[str], list[str]]:
    """(at most WORDS, those that find) of (word, where it stands, expected rows): the title's, the content's,
    then the purpose's, the rarest of each first, but last those that the statistics do not know: most are
    in no other text.

    One word is always tried. Other words of the title find as long as the rows that hold one of them stay
    few enough to rank in a moment; words of the text, which say less, only when they are rare.
    """
    spelled = [word for word in words if len(word[0]) > 1 and any(sign.isalpha() for sign in word[0])]
    spelled.sort(key=lambda word: (word[1], word[1] != TITLE and not word[2], word[2], word[0]))
    chosen = spelled[:WORDS]
    rare: list[str] = []
    expected = 0.0
    for word, where, rows in chosen:
        expected += rows
        if rare and (expected > ENOUGH or (where != TITLE and rows > RARE)):
            expected -= rows
            continue
        rare.append(word)
    return [word for word, _where, _rows in chosen], rare


def tsquery(words: Iterable[str]) -> str:
    """Any of the words, as PostgreSQL writes a query."""
    quoted = (word.replace("\\", "\\\\").replace("'", "''") for word in words)
    return " | ".join(f"'{word}'" for word in quoted)


def _rows(statement: str, values) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()
