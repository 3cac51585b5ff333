"""The schema of the search index: the fields that its documents have, and how each field is indexed."""

from __future__ import annotations

import functools
from typing import Literal, TypeAlias, get_args

from tantivy import Schema, SchemaBuilder

from store.model import paper_fields
from store.search import tokenizer

# The version of the schema and of the documents. Increase it when the schema or the content of documents changes, so
# that recto builds the index again.
_SCHEMA_VERSION = 7
# The version of the index. It also changes when the version of the tokenizer (how texts are split into words) changes.
VERSION = _SCHEMA_VERSION + tokenizer.VERSION

# The fields by which a list can be sorted. Each contains a number, which sort_keys.py computes.
SortField = Literal["newest", "listed", "upvotes", "comments", "score", "title", "id"]
Flag = Literal["code", "pdf", "abstract", "undated"]
Label = Literal["category", "family"]

# The fields of a paper whose words are indexed. Increase _SCHEMA_VERSION when their order changes, because tantivy
# refers to a field by its position. The index field "text" has the words of a paper's full text, which the library has
# only for few papers. A word that the user typed without a field is searched for in "text" only after the other fields.
IndexText: TypeAlias = paper_fields.TextField | Literal["text"]
TEXT_FIELDS: tuple[IndexText, ...] = get_args(paper_fields.TextField)
# The first 1, 2 and 3 letters of each word of these fields are indexed as separate terms. Without them, a query for a
# prefix of so few letters would have to merge the lists of papers of too many words. Abstracts have no such terms,
# because nearly every abstract contains a word that begins with "m", for example. In a library of a million papers,
# reading the list for "m" would take longer than the pause between two keystrokes.
PREFIX_LENGTHS = (1, 2, 3)
PREFIX_FIELDS: tuple[IndexText, ...] = ("title", "authors", "organization", "venue")
TOKENIZER = "words"


def prefix_field(text: str) -> str:
    """The name of the index field that contains the first letters of the words of the text field `text`."""
    return f"{text}_starts"


def sort_field(field: SortField) -> str:
    """The name of the index field by which a list is sorted."""
    return "id" if field == "id" else f"by_{field}"


@functools.cache
def schema() -> Schema:
    """The schema of every index of this version."""
    builder = SchemaBuilder()
    for text in TEXT_FIELDS:
        builder.add_text_field(text, tokenizer_name=TOKENIZER, index_option="position")
    for text in PREFIX_FIELDS:
        builder.add_text_field(prefix_field(text), tokenizer_name=TOKENIZER, index_option="basic")
    builder.add_text_field("text", tokenizer_name=TOKENIZER, index_option="position")
    # This field contains the acronyms that a paper defines, in the form of terms that acronyms.py creates.
    builder.add_text_field("acronym", tokenizer_name="raw", index_option="basic")
    for label in (*get_args(Label), "flag"):
        builder.add_text_field(label, tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("id", indexed=True, fast=True)
    for field in get_args(SortField):
        if field != "id":
            builder.add_unsigned_field(sort_field(field), fast=True)
    # The listing days of a paper, as ordinal numbers (`date.toordinal`).
    builder.add_unsigned_field("days", fast=True)
    return builder.build()
