"""The search index beside the library: its fields, how a paper becomes a document, and what can be asked of it.

tantivy keeps it in a folder of its own. All of it can be made again from the library (store/search/index_sync.py).
"""

from __future__ import annotations

import contextlib
import functools
import re
import sqlite3
from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Literal, NamedTuple

import tantivy
from tantivy import Document, FieldType, Occur, Query, Schema, SchemaBuilder

from store.model.errors import LibraryError
from store.model.partial_date import PartialDate, Precision
from store.search.tokenizer import analyzer, folded_index_words
from store.text.folding import fold

# Grows when documents are made otherwise; an index of another version is made again.
VERSION = 3
TextField = Literal["title", "authors", "organization", "venue", "abstract"]
# What a list can be ordered by: a number for each paper, the same for no two but under "title".
Order = Literal["newest", "listed", "upvotes", "comments", "title", "id"]
Flag = Literal["code", "pdf", "abstract", "undated"]

_TEXTS: tuple[TextField, ...] = ("title", "authors", "organization", "venue", "abstract")
_ORDERS: tuple[Order, ...] = ("newest", "listed", "upvotes", "comments", "title")
_ANALYZER = "words"
# A paper's number takes so many bits at the end of what orders papers; the day before it, and what of that is known,
# so many.
_ID_BITS = 26
_DAY_BITS = 24
_COUNT_AT = _ID_BITS + _DAY_BITS
_MOST_COUNTED = 2 ** (64 - _COUNT_AT) - 1
# From here on all counts are the same to the index.
COUNTED_TO = _MOST_COUNTED - 1
_ID_MASK = 2**_ID_BITS - 1
_TOP = 2**64 - 1
# So many first letters of words are terms of their own, but not those of abstracts: a million papers have a word that
# begins with "m", and to put the lists of all these words together takes longer than anybody types.
_STARTS = (1, 2, 3)
_STARTED: tuple[TextField, ...] = ("title", "authors", "organization", "venue")
# So many letters of a title order it, in six bits each; the rest is for who reads the titles.
_TITLE_LETTERS = 10
_LETTER = re.compile(r"[^\W_]+")
_FINENESS: dict[Precision, int] = {"year": 1, "month": 2, "day": 3}
# More numbers than this are looked up by one walk through all numbers, fewer one by one.
_FEW = 4_000

_COLUMNS = (
    "SELECT p.id, p.title, b.author_names, p.organization, b.venue, b.abstract, p.categories, p.families, p.published,"
    " p.last_listed, p.upvotes, p.comment_count, p.has_code, p.has_pdf,"
    " (SELECT group_concat(DISTINCT listed_on) FROM entry e WHERE e.paper_id = p.id AND listed_on IS NOT NULL)"
    " FROM paper p JOIN body b ON b.paper_id = p.id"
)


def documents_between(connection: sqlite3.Connection, after: int, up_to: int) -> Iterator[Document]:
    """The papers with numbers above `after` up to `up_to`, as documents."""
    for row in connection.execute(f"{_COLUMNS} WHERE p.id > ? AND p.id <= ?", (after, up_to)):
        yield _document(*row)


def documents_of(connection: sqlite3.Connection, papers: Iterable[int]) -> Iterator[Document]:
    """These papers as documents, without those that have gone."""
    for number in papers:
        for row in connection.execute(f"{_COLUMNS} WHERE p.id = ?", (number,)):
            yield _document(*row)


def create(folder: Path) -> tantivy.Index:
    """A new index in an empty folder."""
    return _with_words(tantivy.Index(_schema(), str(folder), reuse=False))


def open_index(folder: Path) -> tantivy.Index:
    """The index in a folder. Raises ValueError when there is none, or it cannot be read."""
    return _with_words(tantivy.Index.open(str(folder)))


def field_of(order: Order) -> str:
    """The field that holds a paper's value under an order."""
    return "id" if order == "id" else f"by_{order}"


def paper_of(order: Order, value: int) -> int:
    """The number of the paper that `value` stands for under an order other than "title"."""
    return value & _ID_MASK if order != "id" else value


def title_order(title: str) -> str:
    """What titles are ordered by: their words, folded, whatever stands between them."""
    return " ".join(_LETTER.findall(fold(title)))


def title_rank(ordered: str) -> int:
    """The first letters of what `title_order` gives, as a number that grows with it."""
    rank = 0
    at = 6 * _TITLE_LETTERS
    for letter in ordered[:_TITLE_LETTERS]:
        at -= 6
        place = _RANKS.get(letter)
        if place is None:
            # Letters of other alphabets have no order among themselves here: who comes after is open.
            return rank | _LAST_LETTER << at
        rank |= place << at
    return rank


class Hits(NamedTuple):
    """What a question found: its papers' values under the order asked for, where they are, and how many in all."""

    values: list[int]
    addresses: list[tantivy.DocAddress]
    total: int


def ask(
    searcher: tantivy.Searcher,
    query: Query,
    order: Order = "newest",
    *,
    limit: int = 1,
    offset: int = 0,
    ascending: bool = False,
) -> Hits:
    """The papers from `offset` on that `query` finds, up to `limit` of them (1 or more), the greatest first.

    Raises LibraryError when the index is damaged.
    """
    with _intact():
        found: Any = searcher.search(
            query,
            limit=limit,
            offset=offset,
            order_by_field=field_of(order),
            order=tantivy.Order.Asc if ascending else tantivy.Order.Desc,
        )
    return Hits([value for value, _ in found.hits], [address for _, address in found.hits], found.count)


def frequency(searcher: tantivy.Searcher, field: TextField, word: str) -> int:
    """How many papers have this very word, about. Raises LibraryError when the index is damaged."""
    with _intact():
        return searcher.doc_freq(field, word)


# Questions. Each is a tantivy query.


def everything() -> Query:
    return Query.all_query()


def nothing() -> Query:
    return Query.empty_query()


def whole(field: TextField, word: str) -> Query:
    """Papers that have this very word."""
    return Query.term_query(_schema(), field, word, "basic")


def beginning(field: TextField | Literal["category", "family"], word: str) -> Query:
    """Papers that have a word, or a label, which begins so."""
    if field in _STARTED and len(word) in _STARTS:
        return Query.term_query(_schema(), _starts_of(field), word, "basic")
    return Query.fuzzy_term_query(_schema(), field, word, distance=0, prefix=True)


def nearly(field: TextField, word: str, wrong: int, *, begun: bool) -> Query:
    """Papers that have this word with up to `wrong` letters wrong (2 at the most), or one that begins so if `begun`."""
    return Query.fuzzy_term_query(_schema(), field, word, distance=wrong, transposition_cost_one=True, prefix=begun)


def in_a_row(field: TextField, row: Sequence[str]) -> Query:
    """Papers that have these very words one after another: two or more."""
    return Query.phrase_query(_schema(), field, list(row))


def in_a_row_beginning(
    searcher: tantivy.Searcher, field: TextField, row: Sequence[str], *, wanted: bool = True
) -> Query:
    """The same, the last word being a beginning. One that begins too many words is left out; where the papers are not
    wanted, it is taken for a whole word."""
    # One letter, or one that half of all words begin with, is not worth what it costs: it is still being typed.
    *before, last = row
    if not is_letter(last):
        query = Query.regex_phrase_query(_schema(), field, [*map(re.escape, before), f"{re.escape(last)}.*"])
        try:
            ask(searcher, all_of([query, nothing()]))
        except ValueError:
            pass
        else:
            return query
    if not wanted:
        return in_a_row(field, row)
    return in_a_row(field, before) if len(before) > 1 else whole(field, before[0])


def is_letter(word: str) -> bool:
    """Whether a folded word is one letter of those that very many words begin with."""
    return len(word) == 1 and word.isascii() and word.isalpha()


def flagged(flag: Flag) -> Query:
    return Query.term_query(_schema(), "flag", flag, "basic")


def published(start: date | None, end: date | None) -> Query:
    """Papers of these days, both inclusive; what has no date is in none.

    Of a paper with the month or the year alone the days must hold all of that: one of 2024 is found by 2024, by
    2023..2025 and from 2024 on, and neither by 2024-01 nor by 2023..2024-06.
    """
    found = _placed(PartialDate(start or date.min, "year"), PartialDate(end or date.max))
    if end is None:
        return found
    beyond: list[PartialDate] = []
    if (end.month, end.day) != (12, 31):
        beyond.append(PartialDate(end.replace(month=1, day=1), "year"))
    if end.day != monthrange(end.year, end.month)[1]:
        beyond.append(PartialDate(end.replace(day=1), "month"))
    return all_of([found], [_placed(each, each) for each in beyond if start is None or start <= each.first_day])


def listed(start: date | None, end: date | None) -> Query:
    """Papers that some listing of these days has, both inclusive."""
    return _between("days", start.toordinal() if start else 1, end.toordinal() if end else _TOP)


def counted(order: Literal["upvotes", "comments"], low: int | None, high: int | None) -> Query:
    """Papers with so many, both inclusive; what was not counted is not found."""
    if high is not None and high < 0:
        return nothing()
    least = min(max(0, low or 0) + 1, _MOST_COUNTED)
    most = min(high + 1, _MOST_COUNTED) if high is not None else _MOST_COUNTED
    return _between(field_of(order), least << _COUNT_AT, ((most + 1) << _COUNT_AT) - 1)


def ordered_between(order: Order, low: int, high: int) -> Query:
    """Papers whose value under an order is from `low` to `high`, both inclusive."""
    return _between(field_of(order), low, high)


def titles_beginning(row: Sequence[str]) -> Query:
    """Titles whose first letters are those of these words: as many of them as order titles."""
    begun = " ".join(row)
    known = f"{begun} "[:_TITLE_LETTERS]
    rest = (1 << 6 * (_TITLE_LETTERS - len(known))) - 1
    return _between(field_of("title"), title_rank(begun), title_rank(known) | rest)


def these(papers: Sequence[int]) -> Query:
    """Papers by number."""
    if not papers:
        return nothing()
    if len(papers) > _FEW:
        return Query.term_set_query(_schema(), "id", list(papers))
    return any_of([Query.term_query(_schema(), "id", number, "basic") for number in papers])


def all_of(queries: Sequence[Query], none_of: Sequence[Query] = ()) -> Query:
    """Papers that every query finds and none of `none_of` does."""
    if len(queries) == 1 and not none_of:
        return queries[0]
    # Nothing but what is not wanted finds nothing.
    wanted = list(queries) or [everything()]
    return Query.boolean_query([*((Occur.Must, each) for each in wanted), *((Occur.MustNot, each) for each in none_of)])


def any_of(queries: Sequence[Query]) -> Query:
    """Papers that some query finds."""
    if len(queries) == 1:
        return queries[0]
    return Query.boolean_query([(Occur.Should, each) for each in queries]) if queries else nothing()


@contextlib.contextmanager
def _intact() -> Iterator[None]:
    """Raises LibraryError where the index is damaged."""
    try:
        yield
    except BaseException as error:
        if _is_damage(error):
            raise LibraryError("the search index is damaged; delete the folder LIBRARY.index beside it") from error
        raise


def _is_damage(error: BaseException) -> bool:
    """Whether the files of the index are to blame. A panic is no Exception, and its type cannot be imported."""
    if type(error).__name__ == "PanicException":
        return True
    return isinstance(error, ValueError) and str(error).startswith(("An IO error", "Data corrupted"))


def _placed(low: PartialDate, high: PartialDate) -> Query:
    """Papers published from `low` to `high`, both inclusive, in the order of their dates as text."""
    return _between(field_of("newest"), _place(low) << _ID_BITS, _place(high) << _ID_BITS | _ID_MASK)


def _between(field: str, low: int, high: int) -> Query:
    return Query.range_query(_schema(), field, FieldType.Unsigned, low, high) if low <= high else nothing()


@functools.cache
def _schema() -> Schema:
    builder = SchemaBuilder()
    for text in _TEXTS:
        builder.add_text_field(text, tokenizer_name=_ANALYZER, index_option="position")
    for text in _STARTED:
        builder.add_text_field(_starts_of(text), tokenizer_name=_ANALYZER, index_option="basic")
    for label in ("category", "family", "flag"):
        builder.add_text_field(label, tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("id", indexed=True, fast=True)
    for order in _ORDERS:
        builder.add_unsigned_field(field_of(order), fast=True)
    builder.add_unsigned_field("days", fast=True)
    return builder.build()


def _with_words(index: tantivy.Index) -> tantivy.Index:
    index.register_tokenizer(_ANALYZER, analyzer())
    return index


def _document(
    number: int,
    title: str,
    authors: str | None,
    organization: str | None,
    venue: str | None,
    abstract: str | None,
    categories: str | None,
    families: str,
    published_on: str | None,
    last_listed: str | None,
    upvotes: int | None,
    comments: int | None,
    has_code: int,
    has_pdf: int,
    days: str | None,
) -> Document:
    document = Document()
    for field, text in zip(_TEXTS, (title, authors, organization, venue, abstract), strict=True):
        if text:
            folded = fold(text)
            document.add_text(field, folded)
            if field in _STARTED:
                document.add_text(_starts_of(field), _starts(folded))
    if categories:
        for category in categories.split("\n"):
            document.add_text("category", category.lower())
    for family in families.split():
        document.add_text("family", family)
    for flag, holds in (("code", has_code), ("pdf", has_pdf), ("abstract", abstract), ("undated", not last_listed)):
        if holds:
            document.add_text("flag", flag)
    newest = _stored_place(published_on) << _ID_BITS | number
    document.add_unsigned("id", number)
    document.add_unsigned("by_newest", newest)
    document.add_unsigned("by_listed", _stored_place(last_listed) << _ID_BITS | number)
    document.add_unsigned("by_upvotes", _count(upvotes) << _COUNT_AT | newest)
    document.add_unsigned("by_comments", _count(comments) << _COUNT_AT | newest)
    document.add_unsigned("by_title", title_rank(title_order(title)))
    for day in days.split(",") if days else ():
        document.add_unsigned("days", date.fromisoformat(day).toordinal())
    return document


def _starts_of(field: str) -> str:
    return f"{field}_starts"


def _starts(folded: str) -> str:
    """The first letters of each word of a text."""
    words = folded_index_words(folded)
    return " ".join([word[:length] for length in _STARTS for word in words])


@functools.lru_cache(maxsize=4_096)
def _stored_place(text: str | None) -> int:
    return _place(PartialDate.parse(text)) if text else 0


def _place(when: PartialDate) -> int:
    """A number that grows with a date as its text does: "2024", "2024-01", "2024-01-01", "2024-01-02"."""
    return 4 * when.first_day.toordinal() + _FINENESS[when.precision]


def _count(count: int | None) -> int:
    return 0 if count is None else min(max(0, count) + 1, _MOST_COUNTED)


# Space, digits, letters; all other letters together come last, as they do by their code.
_RANKS = {letter: place for place, letter in enumerate(" 0123456789abcdefghijklmnopqrstuvwxyz", 1)}
_LAST_LETTER = len(_RANKS) + 1
