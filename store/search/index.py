"""Creates and opens the search index in the folder beside a library, and runs queries in it with the package tantivy.

The index is a folder of tantivy's files. It can be built again from the library at any time (index_sync.py).
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
    """The result of a query: the sort keys and the tantivy addresses of the requested papers, and the number of all
    matches.
    """

    sort_keys: list[int]
    addresses: list[tantivy.DocAddress]
    total: int


def create(folder: Path) -> tantivy.Index:
    """Create a new index in `folder`, which must be empty."""
    return _with_tokenizer(tantivy.Index(schema(), str(folder), reuse=False))


def open_index(folder: Path) -> tantivy.Index:
    """Open the index in a folder. Raises ValueError when there is no index or it cannot be read."""
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
    """Run a query. Returns at most `limit` papers after skipping `offset` papers. `limit` must be at least 1.

    The papers are in descending order of `field`, or in ascending order with `ascending`. Raises LibraryError when the
    index is damaged.
    """
    order = tantivy.Order.Asc if ascending else tantivy.Order.Desc
    result: Any
    with _damage_reported(query):
        result = searcher.search(query, limit=limit, offset=offset, order_by_field=sort_field(field), order=order)
    return Hits([key for key, _ in result.hits], [address for _, address in result.hits], result.count)


def best(searcher: tantivy.Searcher, query: Query, limit: int) -> dict[int, float]:
    """The ids and scores of the `limit` papers with the highest scores that `query` finds, the highest score first.

    Raises LibraryError when the index is damaged.
    """
    result: Any
    with _damage_reported(query):
        result = searcher.search(query, limit=limit, count=False)
        ids = searcher.fast_field_values("id", [address for _, address in result.hits])
    return {int(paper_id or 0): score for paper_id, (score, _) in zip(ids, result.hits, strict=True)}


def document_frequency(searcher: tantivy.Searcher, field: IndexText, word: str) -> int:
    """The number of papers that have exactly this word in `field`.

    Old versions of changed papers, and removed papers, are counted until tantivy merges its segments. Raises
    LibraryError when the index is damaged.
    """
    with _damage_reported(Query.term_query(schema(), field, word, "basic")):
        return searcher.doc_freq(field, word)


def document_frequencies(
    searcher: tantivy.Searcher, fields: Sequence[IndexText], words: Collection[str]
) -> dict[str, int]:
    """For each of `words`, the sum of its `document_frequency` in all of `fields`. Faster than separate calls."""
    frequency = searcher.doc_freq
    with _damage_reported(Query.all_query()):
        return {word: sum([frequency(field, word) for field in fields]) for word in words}


def acronym_terms(searcher: tantivy.Searcher, start: str) -> list[tuple[str, int]]:
    """The terms of the index field `acronym` that begin with `start`, each with the number of papers that have it.

    The term that most papers have comes first.

    Raises LibraryError when the index is damaged.
    """
    with _damage_reported(Query.term_query(schema(), "acronym", start, "basic")):
        return searcher.terms_with_prefix("acronym", start)


def accepts(searcher: tantivy.Searcher, query: Query) -> bool:
    """Whether tantivy accepts a query.

    For example, it refuses the prefix of a phrase if too many words begin with it.
    """
    try:
        searcher.search(query, limit=1)
    except ValueError:
        return False
    return True


@contextlib.contextmanager
def _damage_reported(query: Query) -> Iterator[None]:
    """A context that replaces an error of tantivy by LibraryError if the cause of the error is a damaged file.

    tantivy raises ValueError both for a damaged file and for an invalid query. Its Rust code may also panic for either.
    """
    try:
        yield
    except BaseException as error:
        if _is_panic(error) or (isinstance(error, ValueError) and not _is_wrong(query)):
            raise LibraryError("the search index is damaged; delete the folder LIBRARY.index beside it") from error
        raise


def _is_panic(error: BaseException) -> bool:
    """Whether `error` is a panic of tantivy's Rust code.

    Its class is not derived from Exception and cannot be imported, so it is recognized by its name.
    """
    return type(error).__name__ == "PanicException"


def _is_wrong(query: Query) -> bool:
    """Whether a query is invalid: it fails even in an empty index in memory, which has no files to damage."""
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
