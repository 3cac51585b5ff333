"""Creates queries for the search index: for single words, labels and numbers, and for combinations of queries. Most
functions return a `Query`.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from typing import Literal

import tantivy
from tantivy import FieldType, Occur, Query

from store.model.partial_date import PartialDate
from store.search import index, sort_keys
from store.search.index_schema import (
    PREFIX_FIELDS,
    PREFIX_LENGTHS,
    Flag,
    IndexText,
    Label,
    SortField,
    prefix_field,
    schema,
    sort_field,
)

# A set of more ids than this is found faster by one query for the whole set than by a term query for each id.
_MAX_SINGLE_IDS = 4_000


def everything() -> Query:
    return Query.all_query()


def nothing() -> Query:
    return Query.empty_query()


def word(field: IndexText, text: str) -> Query:
    """Papers with exactly this word."""
    return Query.term_query(schema(), field, text, "basic")


def scored_word(field: IndexText, text: str) -> Query:
    """Papers with exactly this word. The score of a paper is higher the more often it has the word."""
    return Query.term_query(schema(), field, text, "freq")


def prefix(field: IndexText | Label, text: str) -> Query:
    """Papers with a word, or a label, that begins with `text`."""
    if field in PREFIX_FIELDS and len(text) in PREFIX_LENGTHS:
        return Query.term_query(schema(), prefix_field(field), text, "basic")
    return Query.fuzzy_term_query(schema(), field, text, distance=0, prefix=True)


def fuzzy(field: IndexText, text: str, wrong: int, *, as_prefix: bool) -> Query:
    """Papers with a word that differs from `text` in up to `wrong` letters (2 at most), or begins with such a word."""
    return Query.fuzzy_term_query(schema(), field, text, distance=wrong, transposition_cost_one=True, prefix=as_prefix)


def phrase(field: IndexText, words: Sequence[str]) -> Query:
    """Papers with exactly these words, two or more, next to each other."""
    return Query.phrase_query(schema(), field, list(words))


def phrase_prefix(searcher: tantivy.Searcher, field: IndexText, words: Sequence[str], *, strict: bool = False) -> Query:
    """Papers with these words next to each other. The last word also matches as a prefix.

    tantivy refuses a prefix with which too many words begin, and a prefix of a single letter takes too long. In these
    two cases, the last word is ignored, because the user is still typing it. If `strict` is true, it is not ignored,
    but must match a whole word.
    """
    *whole, last = words
    if not is_single_letter(last):
        query = Query.regex_phrase_query(schema(), field, [*map(re.escape, whole), f"{re.escape(last)}.*"])
        if index.accepts(searcher, all_of([query, nothing()])):
            return query
    if strict:
        return phrase(field, words)
    return phrase(field, whole) if len(whole) > 1 else word(field, whole[0])


def any_word(field: IndexText, words: Sequence[str]) -> Query:
    """Papers with at least one of `words`. The caller must pass at least one word."""
    return word(field, words[0]) if len(words) == 1 else Query.term_set_query(schema(), field, list(words))


def phrase_of(searcher: tantivy.Searcher, field: IndexText, words: Sequence[Sequence[str]]) -> Query:
    """Papers with a phrase of at least two words. `words` contains a list for each position in the phrase: the words
    that may be at this position.

    The query finds nothing if tantivy would refuse it because it has too many words.
    """
    patterns: list[str | tuple[int, str]] = [f"(?:{'|'.join(map(re.escape, each))})" for each in words]
    query = Query.regex_phrase_query(schema(), field, patterns)
    return query if index.accepts(searcher, all_of([query, nothing()])) else nothing()


def is_single_letter(text: str) -> bool:
    """Whether a folded word is a single letter from a to z, with which very many words begin."""
    return len(text) == 1 and text.isascii() and text.isalpha()


def has_flag(flag: Flag) -> Query:
    return Query.term_query(schema(), "flag", flag, "basic")


def published(start: date | None, end: date | None) -> Query:
    """Papers published from `start` to `end`, both inclusive. A paper without a date never matches.

    If only the year or the month of a paper's date is known, the whole year or month must be in the range. For example,
    a paper of 2024 matches 2024, 2023..2025 and >=2024, but neither 2024-01 nor 2023..2024-06.
    """
    matches = _dated(PartialDate(start or date.min, "year"), PartialDate(end or date.max))
    if end is None:
        return matches
    # If the range ends within a year or a month, exclude papers whose date is only this year or this month.
    cut_off: list[PartialDate] = []
    if (end.month, end.day) != (12, 31):
        cut_off.append(PartialDate(end.replace(month=1, day=1), "year"))
    if end.day != monthrange(end.year, end.month)[1]:
        cut_off.append(PartialDate(end.replace(day=1), "month"))
    return all_of([matches], [_dated(each, each) for each in cut_off if start is None or start <= each.first_day])


def listed(start: date | None, end: date | None) -> Query:
    """Papers in a listing whose day is from `start` to `end`, both inclusive."""
    return _between("days", start.toordinal() if start else 1, end.toordinal() if end else sort_keys.MAX_KEY)


def counted(field: Literal["upvotes", "comments", "score"], low: int | None, high: int | None) -> Query:
    """Papers whose number in `field` is from `low` to `high`, both inclusive. A paper without a number never matches.

    The index treats all numbers that are at least `sort_keys.COUNT_LIMIT` as equal.
    """
    keys = sort_keys.count_keys(low, high)
    return sort_key_between(field, *keys) if keys else nothing()


def sort_key_between(field: SortField, low: int, high: int) -> Query:
    """Papers whose sort key is from `low` to `high`, both inclusive."""
    return _between(sort_field(field), low, high)


def title_prefix(words: Sequence[str]) -> Query:
    """Papers whose title begins with these folded words.

    Only the first letters of a title, those in its sort key, are compared. So titles that differ later are found too.
    """
    return sort_key_between("title", *sort_keys.title_prefix_keys(words))


def papers(paper_ids: Sequence[int]) -> Query:
    """The papers with these ids."""
    if not paper_ids:
        return nothing()
    if len(paper_ids) > _MAX_SINGLE_IDS:
        return Query.term_set_query(schema(), "id", list(paper_ids))
    return any_of([Query.term_query(schema(), "id", paper_id, "basic") for paper_id in paper_ids])


def all_of(queries: Sequence[Query], none_of: Sequence[Query] = ()) -> Query:
    """Papers that every query finds and no query of `none_of` finds."""
    if len(queries) == 1 and not none_of:
        return queries[0]
    # A tantivy query that only excludes papers finds nothing. So if nothing is required, exclude papers from all
    # papers.
    required = list(queries) or [everything()]
    return Query.boolean_query(
        [*((Occur.Must, query) for query in required), *((Occur.MustNot, query) for query in none_of)]
    )


def any_of(queries: Sequence[Query]) -> Query:
    """Papers that at least one query finds."""
    if len(queries) == 1:
        return queries[0]
    return Query.boolean_query([(Occur.Should, query) for query in queries]) if queries else nothing()


def _dated(first: PartialDate, last: PartialDate) -> Query:
    """Papers whose date of publication is from `first` to `last`, both inclusive. Dates are compared as texts."""
    return sort_key_between("newest", *sort_keys.date_keys(first, last))


def _between(field: str, low: int, high: int) -> Query:
    return Query.range_query(schema(), field, FieldType.Unsigned, low, high) if low <= high else nothing()
