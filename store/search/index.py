"""The search index beside a library: tantivy's files in a folder, and what a query finds in them.

All of it can be built again from the library (index_sync.py).
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import tantivy
from tantivy import Query

from store.model.errors import LibraryError
from store.search.index_schema import TOKENIZER, IndexText, SortField, schema, sort_field
from store.search.tokenizer import analyzer


class Hits(NamedTuple):
    """The result of a query: the sort keys and tantivy addresses of some papers, and the number of all papers found."""

    sort_keys: list[int]
    addresses: list[tantivy.DocAddress]
    total: int


def create(folder: Path) -> tantivy.Index:
    """A new index in an empty folder."""
    return _with_tokenizer(tantivy.Index(schema(), str(folder), reuse=False))


def open_index(folder: Path) -> tantivy.Index:
    """The index in a folder. Raises ValueError when there is none, or it cannot be read."""
    return _with_tokenizer(tantivy.Index.open(str(folder)))


def run(
    searcher: tantivy.Searcher,
    query: Query,
    field: SortField = "newest",
    *,
    limit: int = 1,
    offset: int = 0,
    ascending: bool = False,
) -> Hits:
    """Up to `limit` (1 or more) of the papers that `query` finds, from `offset` on, in descending order of `field`.

    Raises LibraryError when the index is damaged.
    """
    order = tantivy.Order.Asc if ascending else tantivy.Order.Desc
    result: Any
    with _damage_reported(query):
        result = searcher.search(query, limit=limit, offset=offset, order_by_field=sort_field(field), order=order)
    return Hits([key for key, _ in result.hits], [address for _, address in result.hits], result.count)


def best(searcher: tantivy.Searcher, query: Query, limit: int) -> dict[int, float]:
    """The ids and scores of the papers that a scored `query` finds, up to `limit`, the best first.

    Raises LibraryError when the index is damaged.
    """
    result: Any
    with _damage_reported(query):
        result = searcher.search(query, limit=limit, count=False)
        ids = searcher.fast_field_values("id", [address for _, address in result.hits])
    return {int(paper_id or 0): score for paper_id, (score, _) in zip(ids, result.hits, strict=True)}


def document_frequency(searcher: tantivy.Searcher, field: IndexText, word: str) -> int:
    """How many papers have exactly this word in `field`. Papers that were replaced or removed count until tantivy
    merges its segments. Raises LibraryError when the index is damaged."""
    with _damage_reported(Query.term_query(schema(), field, word, "basic")):
        return searcher.doc_freq(field, word)


def document_frequencies(
    searcher: tantivy.Searcher, fields: Sequence[IndexText], words: Collection[str]
) -> dict[str, int]:
    """`document_frequency` of many words in all of `fields` together, which is faster than one by one."""
    frequency = searcher.doc_freq
    with _damage_reported(Query.all_query()):
        return {word: sum([frequency(field, word) for field in fields]) for word in words}


def acronym_terms(searcher: tantivy.Searcher, start: str) -> list[tuple[str, int]]:
    """The terms of the field `acronym` that begin with `start` and how many papers have each, the most frequent first.

    Raises LibraryError when the index is damaged.
    """
    with _damage_reported(Query.term_query(schema(), "acronym", start, "basic")):
        return searcher.terms_with_prefix("acronym", start)


def accepts(searcher: tantivy.Searcher, query: Query) -> bool:
    """Whether tantivy runs a query. It refuses, for example, the prefix of too many words."""
    try:
        searcher.search(query, limit=1)
    except ValueError:
        return False
    return True


@contextlib.contextmanager
def _damage_reported(query: Query) -> Iterator[None]:
    """Raises LibraryError instead of tantivy's errors for damaged files.

    tantivy raises ValueError for a damaged file and for a wrong query, and panics in some of both cases.
    """
    try:
        yield
    except BaseException as error:
        if _is_panic(error) or (isinstance(error, ValueError) and not _is_wrong(query)):
            raise LibraryError("the search index is damaged; delete the folder LIBRARY.index beside it") from error
        raise


def _is_panic(error: BaseException) -> bool:
    """Whether tantivy's Rust code panicked. That is not an Exception, and its type cannot be imported."""
    return type(error).__name__ == "PanicException"


def _is_wrong(query: Query) -> bool:
    """Whether an index without papers, whose files cannot be damaged, refuses a query too."""
    try:
        _empty_index().searcher().search(query, limit=1)
    except ValueError:
        return True
    except BaseException as error:
        if not _is_panic(error):
            raise
    return False


@functools.cache
def _empty_index() -> tantivy.Index:
    return _with_tokenizer(tantivy.Index(schema()))


def _with_tokenizer(index: tantivy.Index) -> tantivy.Index:
    index.register_tokenizer(TOKENIZER, analyzer())
    return index
