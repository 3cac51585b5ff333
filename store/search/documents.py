"""Converts papers of the library to documents of the search index."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from datetime import date

from tantivy import Document

from store.model.paper_fields import TextField
from store.papers import searchable
from store.papers.searchable import SearchablePaper
from store.search import acronyms, sort_keys
from store.search.formulas import shown_formulas
from store.search.index_schema import PREFIX_FIELDS, PREFIX_LENGTHS, Flag, prefix_field, sort_field
from store.search.tokenizer import index_text, title_text, words_of

# In the texts of these fields, recto looks for definitions of acronyms, such as "chain of thought (CoT)".
_DEFINING_FIELDS: tuple[TextField, ...] = ("title", "abstract")


# The type of a function that takes the id of a paper and returns its full text, or "" when the paper has none.
FullTextOf = Callable[[int], str]


def documents_between(
    connection: sqlite3.Connection, after: int, up_to: int, full_text_of: FullTextOf
) -> Iterator[Document]:
    """The documents of the papers with ids above `after` and up to `up_to`."""
    papers = searchable.numbered_between(connection, after, up_to)
    return (_document(paper, full_text_of(paper.id)) for paper in papers)


def documents_of(
    connection: sqlite3.Connection, paper_ids: Iterable[int], full_text_of: FullTextOf
) -> Iterator[Document]:
    """The documents of these papers. Papers that were removed are left out."""
    papers = searchable.numbered(connection, paper_ids)
    return (_document(paper, full_text_of(paper.id)) for paper in papers)


def _document(paper: SearchablePaper, full_text: str) -> Document:
    document = Document()
    if full_text:
        document.add_text("text", index_text(full_text))
    for field, text in paper.texts.items():
        for written in (text, *shown_formulas(text)):
            indexed = index_text(written)
            document.add_text(field, indexed)
            if field in PREFIX_FIELDS:
                document.add_text(prefix_field(field), _prefixes(indexed))
    for defining in _DEFINING_FIELDS:
        for term in acronyms.index_terms(paper.texts.get(defining, "")):
            document.add_text("acronym", term)
    for category in paper.categories:
        document.add_text("category", category.lower())
    for family in paper.families:
        document.add_text("family", family)
    for flag in _flags(paper):
        document.add_text("flag", flag)
    document.add_unsigned("id", paper.id)
    newest = sort_keys.date_key(paper.published, paper.id)
    document.add_unsigned(sort_field("newest"), newest)
    document.add_unsigned(sort_field("listed"), sort_keys.date_key(paper.last_listed, paper.id))
    document.add_unsigned(sort_field("upvotes"), sort_keys.count_key(paper.upvotes, newest))
    document.add_unsigned(sort_field("comments"), sort_keys.count_key(paper.comment_count, newest))
    document.add_unsigned(sort_field("score"), sort_keys.count_key(paper.score, newest))
    document.add_unsigned(sort_field("title"), sort_keys.title_key(title_text(paper.texts.get("title", ""))))
    for day in paper.listed_on:
        document.add_unsigned("days", date.fromisoformat(day).toordinal())
    return document


def _flags(paper: SearchablePaper) -> Iterator[Flag]:
    if paper.has_code:
        yield "code"
    if paper.has_pdf:
        yield "pdf"
    if "abstract" in paper.texts:
        yield "abstract"
    if not paper.last_listed:
        yield "undated"


def _prefixes(indexed: str) -> str:
    """For each word, its first letter, its first 2 letters and its first 3 letters, all separated by spaces.

    The words are those of a text that `index_text` returned.
    """
    words = words_of(indexed)
    return " ".join([word[:length] for length in PREFIX_LENGTHS for word in words])
