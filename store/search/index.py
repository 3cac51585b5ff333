"""The search index beside a library: tantivy's files in a folder, and what a query finds in them.

All of it can be built again from the library (index_sync.py).
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import tantivy
from tantivy import Query

from store.model.errors import LibraryError
from store.search.index_schema import TOKENIZER, IndexText, SortField, schema, sort_field
from store.search.tokenizer import analyzer


class Hits(NamedTuple):
    """What a query found: the sort keys and the addresses of some papers, and how many papers it found in all."""

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
    with _damage_reported():
        result: Any = searcher.search(
            query,
            limit=limit,
            offset=offset,
            order_by_field=sort_field(field),
            order=tantivy.Order.Asc if ascending else tantivy.Order.Desc,
        )
    return Hits([key for key, _ in result.hits], [address for _, address in result.hits], result.count)


def document_frequency(searcher: tantivy.Searcher, field: IndexText, word: str) -> int:
    """How many papers have exactly this word in `field`. Papers that were replaced or removed count until tantivy
    merges its segments. Raises LibraryError when the index is damaged."""
    with _damage_reported():
        return searcher.doc_freq(field, word)


@contextlib.contextmanager
def _damage_reported() -> Iterator[None]:
    """Raises LibraryError instead of tantivy's errors for damaged files."""
    try:
        yield
    except BaseException as error:
        if _is_damage(error):
            raise LibraryError("the search index is damaged; delete the folder LIBRARY.index beside it") from error
        raise


def _is_damage(error: BaseException) -> bool:
    """Whether an error of tantivy says that the files of the index are damaged.

    A panic of its Rust code is not an Exception, and its type cannot be imported.
    """
    if type(error).__name__ == "PanicException":
        return True
    return isinstance(error, ValueError) and str(error).startswith(("An IO error", "Data corrupted"))


def _with_tokenizer(index: tantivy.Index) -> tantivy.Index:
    index.register_tokenizer(TOKENIZER, analyzer())
    return index
