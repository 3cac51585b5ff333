"""Recognizes texts in a list of authors that are not names: punctuation, "et al.", "72 additional authors not
shown".
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

_OTHERS = r"(?:and\s+)?(?:the\s+)?others|(?:and\s+)?et\.?\s*al(?:ii|\b)\.?.*|[.…\s]*|and|&"
_WORDS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10}
# Matches a number of authors who are not named: "72 additional authors not shown", "and 1 other", "300+ more authors".
# It also matches "2,900 authors", which is the number of all authors.
# The quantifiers are possessive, because with ordinary ones a long run of parentheses or spaces takes quadratic time.
_COUNT = (
    r"\W*+(?:and|plus|with)?\W*+(?:et\.?\s*+al\b\.?\W*+)?"
    rf"(?P<number>\d{{1,3}}(?:,\d{{3}})+|\d{{1,6}}|{'|'.join(_WORDS)})\s*+(?:\+\s*+)?"
    r"(?:(?P<more>additional|others?|more|further|co-?authors|unlisted)\b)?"
    r"(?:\s*+(?P<people>(?:co-?)?authors?|others|collaborators?|members?|names?|people|researchers?))?"
    r"(?:\s++(?:are\s++)?(?:not|omitted|hidden|in\s++total|total)\b.*+)?\W*+"
)
# Words that occur in the names of groups, and hardly ever in the names of people.
_GROUP = (
    r"\b(?:universit\w*|institut\w*|departments?|cent(?:er|re)s?|councils?|societ\w+|associations?|committees?|agency"
    r"|ministry|groups?|collaborations?|consortium|consortia|organi[sz]ations?|foundations?|laborator\w+|academ\w+"
    r"|college|school|teams?|network|projects?|initiative|investigators|corporation|company|inc|ltd|gmbh|bureau"
    r"|office)\b"
)


# The first two letters of texts that start with a capital but may not be names: "Et al.", "And 72 others", "No author".
_STARTS = frozenset(
    start
    for word in ("et", "others", "and", "the", "plus", "with", "no", "na", "n/", "n.", "nu", "un", "au", *_WORDS)
    for start in (word[:2].title(), word[:2].upper())
)


class OtherAuthors(NamedTuple):
    """The number of authors who are not named in the list or, if `is_total` is True, the number of all authors."""

    number: int
    is_total: bool


def is_name(text: str) -> bool:
    """Whether `text` can be the name of an author. It must contain a letter, and must not be "et al.", a number of
    authors or "NA".
    """
    # Nearly all texts are names. This fast test recognizes most of them.
    if text[:1].isupper() and text[:2] not in _STARTS:
        return True
    from store.text import missing_values  # imported here, because the start of the program does not need it

    if not any(map(str.isalpha, text)) or missing_values.is_no_name(text):
        return False
    return not _compiled(_OTHERS).fullmatch(text) and other_authors(text) is None


def other_authors(text: str) -> OtherAuthors | None:
    """The number of authors that `text` states ("72 additional authors not shown"); None for any other text."""
    match = _compiled(_COUNT).fullmatch(text)
    if match is None or not (match["more"] or match["people"]):
        return None
    number = match["number"].lower()
    return OtherAuthors(_WORDS.get(number) or int(number.replace(",", "")), match["more"] is None)


def group_word(text: str, *, at_start: bool = False) -> re.Match[str] | None:
    """The first word in `text` that occurs in names of groups, such as "Collaboration"; None if there is no such word.

    With `at_start`, only the first word of `text` counts.
    """
    pattern = _compiled(_GROUP)
    return pattern.match(text) if at_start else pattern.search(text)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    # Compile the pattern only when it is first needed. Compiling takes a millisecond, which would delay the start.
    return re.compile(pattern, re.IGNORECASE | re.DOTALL)


def author_count(names: int, others: OtherAuthors | None) -> int | None:
    """The number of all authors of a paper whose list has `names` names. `others` is the number of authors not named in
    the list, or the total.

    None when `others` is None.
    """
    if others is None:
        return None
    return max(names, others.number) if others.is_total else names + others.number
