"""Finds the paper of the library to which a file belongs.

The clues are, in this order: an arXiv id in the name of the file or in the file, a DOI, and the title on the first
page. The file belongs to the paper for which the first of these clues is found in the library.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

from store.formats.documents import pdf
from store.matching import identifiers, title_merging
from store.model.errors import ListingError
from store.texts.worker import TextFormat

# Titles, addresses and identifiers of a page are searched for in this many bytes at its start.
_HEAD = 200_000
# A title with fewer letters than this is not used, because it may be a heading such as "Introduction".
_SHORTEST_TITLE = 16


def find(connection: sqlite3.Connection, path: Path, data: bytes, format: TextFormat) -> int | None:
    """The id of the paper whose text is in the file at `path`, which has the content `data`.

    None when no paper of the library matches the file, or when several do.
    """
    named = identifiers.exact_arxiv_id(path.stem) or identifiers.arxiv_in(path.stem.replace("_", " "))
    if named and (found := _only(connection, "arxiv_id", [named.id])):
        return found
    arxiv_ids, dois, titles = _clues(data, format)
    return (
        _only(connection, "arxiv_id", arxiv_ids)
        or _only(connection, "doi", dois)
        or _only(connection, "title_key", [title_merging.title_key(title) for title in titles])
    )


def _clues(data: bytes, format: TextFormat) -> tuple[list[str], list[str], list[str]]:
    """The arXiv ids, DOIs and titles in a file that may be those of its paper."""
    if format == "pdf":
        try:
            clues = pdf.clues(data)
        except ListingError:
            return [], [], []
        known = clues.identity
        return _present(known.arxiv_id), _present(known.doi), _long(clues.titles)
    text = data[:_HEAD].decode("utf-8-sig", "replace")
    if format == "markdown":
        first = next((line.lstrip("# ") for line in text.splitlines() if line.strip()), "")
        return [], [], _long([first])
    head = LexborHTMLParser(text[: _HEAD // 2])
    addresses = [
        node.attributes.get(name) or ""
        for selector, name in (
            ("link[rel=canonical]", "href"),
            ("base", "href"),
            ("meta[name=citation_arxiv_id]", "content"),
        )
        for node in head.css(selector)
    ]
    found = (identifiers.arxiv_id(address) or identifiers.arxiv_in(address) for address in addresses)
    doi = head.css_first("meta[name=citation_doi]")
    titles = [
        " ".join(node.text().split())
        for selector in (".ltx_title_document", "h1", "title")
        if (node := head.css_first(selector)) is not None
    ]
    stated = identifiers.doi(doi.attributes.get("content") or "") if doi is not None else None
    return [each.id for each in found if each], _present(stated), _long(titles)


def _present(value: str | None) -> list[str]:
    return [value] if value else []


def _long(titles: Iterable[str]) -> list[str]:
    return [title for title in titles if sum(map(str.isalpha, title)) >= _SHORTEST_TITLE]


def _only(connection: sqlite3.Connection, column: str, values: Iterable[str | int]) -> int | None:
    """The id of the paper that has one of `values` in the column `column`.

    The values are tried in order, and the first one that exactly one paper has is taken. None if there is no such
    value.
    """
    for numbers in _numbers(connection, column, values):
        if len(numbers) == 1:
            return numbers[0]
    return None


def _numbers(connection: sqlite3.Connection, column: str, values: Iterable[str | int]) -> Iterator[list[int]]:
    for value in values:
        rows = connection.execute(f"SELECT id FROM paper WHERE {column} = ?", (value,)).fetchall()
        if not rows and column == "title_key":
            rows = connection.execute("SELECT paper_id FROM alias WHERE key = ?", (value,)).fetchall()
        yield [number for (number,) in rows]
