"""What looks wrong in an initiative. Pure rules: plain values in, plain values out.

survey/catalogue.py gives each rule its words, survey/checking.py applies them to a submission. Amounts
are whole 1,000 kr.; None is an amount that is not answered yet, and of that no rule speaks.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from itertools import chain
from math import ceil

OUTSIDE_SOURCES = frozenset(("state", "private"))

# In the made-up answers of 2019, 706 initiatives that are spread as the published report says, amounts lie
# between 1/80 and 25 times their area's median. Typed in kroner the smallest is 12.4 times it. Above 12 all
# 706 are found when multiplied by 1,000, and 4 that are right are asked about (10: 8; 15: 2, one missed).
KRONER_BOUND = 12
FEWEST_PEERS = 5  # municipalities: with fewer, the answer would tell of one of them

ALIKE = 0.6  # the share of trigrams that two titles have in common
# So that 5,000 titles, the most of a workbook, take a second; up to 26 titles nothing is passed over.
MOST_WITH_A_TRIGRAM = 25  # titles that are found by one trigram
MOST_COMPARED = 50  # titles, those with the most rare trigrams in common


def income_above_expenditure(expenditure: int | None, income: int | None) -> bool:
    return expenditure is not None and income is not None and income > expenditure


def income_without_source(income: int | None, sources: Collection[str]) -> bool:
    """Income, and sources are chosen, but only the municipality itself."""
    return bool(income) and bool(sources) and OUTSIDE_SOURCES.isdisjoint(sources)


def source_without_income(income: int | None, sources: Collection[str]) -> bool:
    return income == 0 and not OUTSIDE_SOURCES.isdisjoint(sources)


def like_kroner(amount: int | None, peers_median: int | None) -> bool:
    """Whether an amount is so far above its peers' that it is likely in kr., not in 1,000 kr."""
    if amount is None or not peers_median:
        return False
    return amount > KRONER_BOUND * peers_median


def similar_titles(titles: Sequence[str]) -> dict[int, int]:
    """Position of a title -> position of the first one before it that is much like it.

    Titles with more than 0.6 of their trigrams in common must share one of the rarest 0.4 of them, so
    each is compared only with those that do: no comparison of all with all.
    """
    trigrams = [_trigrams(title) for title in titles]
    rarity = Counter(chain.from_iterable(trigrams))
    with_trigram: dict[str, list[int]] = defaultdict(list)
    found = {}
    for position, own in enumerate(trigrams):
        rarest = sorted(own, key=lambda trigram: (rarity[trigram], trigram))
        rarest = rarest[: len(own) - ceil(ALIKE * len(own)) + 1]
        candidates = Counter(chain.from_iterable(with_trigram[trigram] for trigram in rarest))
        for other in sorted(position for position, _count in candidates.most_common(MOST_COMPARED)):
            if _common_share(own, trigrams[other]) > ALIKE:
                found[position] = other
                break
        for trigram in rarest:
            if len(with_trigram[trigram]) < MOST_WITH_A_TRIGRAM:
                with_trigram[trigram].append(position)
    return found


def _trigrams(title: str) -> set[str]:
    """Of each word with two blanks before and one after, as pg_trgm has them; case does not count."""
    words = re.findall(r"\w+", unicodedata.normalize("NFKC", title).casefold())
    return {f"  {word} "[i : i + 3] for word in words for i in range(len(word) + 1)}


def _common_share(one: set[str], other: set[str]) -> float:
    common = len(one & other)
    return common / (len(one) + len(other) - common)


SPACE = "[ \u00a0\u202f]"
# Six digits that may be a date (DDMMYY, the day of a substitute number is 60 more) and four; not a part
# of a longer number, such as an account's or an EAN.
CPR = re.compile(rf"(?<![0-9])([0-9]{{2}})([0-9]{{2}})[0-9]{{2}}{SPACE}?[-‐‑–—]?{SPACE}?[0-9]{{4}}(?![0-9])")
DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)  # the century is not known: 29 February may be


def has_cpr_like_number(text: str) -> bool:
    return any(_is_a_date(int(day), int(month)) for day, month in CPR.findall(text))


def _is_a_date(day: int, month: int) -> bool:
    if day > 60:
        day -= 60
    return 1 <= month <= 12 and 1 <= day <= DAYS[month - 1]


EMAIL = re.compile(r"(?<![\w.+-])([\w.+-]{1,64})@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
# An office's address is no person's.
OFFICES = re.compile(
    r"info|post|mail|kontakt|contact|kommunen?|hovedpost|sikkerpost|borgerservice|integration.*|"
    r"job(center)?|sekretariat(et)?|forvaltning(en)?|administration(en)?|.*(kommune|center|centret|huset)",
    re.IGNORECASE,
)


def has_person_email(text: str) -> bool:
    """An e-mail address that does not look like an office's."""
    return any(not OFFICES.fullmatch(name) for name in EMAIL.findall(text))


# Eight digits in any grouping after a word that announces a telephone, or four pairs as telephones are
# written. Eight in a row alone may be an amount, a date or a CVR number.
PAIRS = rf"[2-9][0-9](?:{SPACE}[0-9]{{2}}){{3}}"
PHONE = re.compile(
    rf"(?:\+45|\b0045|\btlf|\btelefon\w*|\bmobil\w*|\bring(?:e|er)?\b){SPACE}?(?:nr|nummer|til|på)?"
    rf"[.:]?{SPACE}{{0,2}}(?:\+45{SPACE}?)?[0-9](?:{SPACE}?[0-9]){{7}}(?![0-9])"
    rf"|(?<![0-9.,])(?<![0-9]{SPACE}){PAIRS}(?!{SPACE}?[0-9]|[.,][0-9])",
    re.IGNORECASE,
)


def has_phone_number(text: str) -> bool:
    return PHONE.search(text) is not None
