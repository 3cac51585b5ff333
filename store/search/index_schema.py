"""The schema of the search index: which fields its documents have, and how each is indexed."""

from __future__ import annotations

import functools
from typing import Literal, TypeAlias, get_args

from tantivy import Schema, SchemaBuilder

from store.model import paper_fields

# Increase it when the schema, the documents or the tokenizer change. An index of another version is built again.
VERSION = 7

# What a list can be sorted by. sort_keys.py says which number each of these fields holds.
SortField = Literal["newest", "listed", "upvotes", "comments", "score", "title", "id"]
Flag = Literal["code", "pdf", "abstract", "undated"]
Label = Literal["category", "family"]

# The fields of a paper whose words are indexed. Their order is part of the version: a query names a field by its place.
IndexText: TypeAlias = paper_fields.TextField
TEXT_FIELDS: tuple[IndexText, ...] = get_args(IndexText)
# The first 1, 2 and 3 letters of each word of these fields are indexed as terms of their own, because a prefix query
# of so few letters would have to merge the lists of too many words. Abstracts are left out: among a million papers,
# even a single such term ("m") has a list that takes longer to read than the pause between two keystrokes.
PREFIX_LENGTHS = (1, 2, 3)
PREFIX_FIELDS: tuple[IndexText, ...] = ("title", "authors", "organization", "venue")
TOKENIZER = "words"


def prefix_field(text: str) -> str:
    """The field that holds the first letters of the words of a text field."""
    return f"{text}_starts"


def sort_field(field: SortField) -> str:
    """The name in the index of a field that a list is sorted by."""
    return "id" if field == "id" else f"by_{field}"


@functools.cache
def schema() -> Schema:
    """The fields of every index of this version."""
    builder = SchemaBuilder()
    for text in TEXT_FIELDS:
        builder.add_text_field(text, tokenizer_name=TOKENIZER, index_option="position")
    for text in PREFIX_FIELDS:
        builder.add_text_field(prefix_field(text), tokenizer_name=TOKENIZER, index_option="basic")
    # The pairs of acronyms.py.
    builder.add_text_field("acronym", tokenizer_name="raw", index_option="basic")
    for label in (*get_args(Label), "flag"):
        builder.add_text_field(label, tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("id", indexed=True, fast=True)
    for field in get_args(SortField):
        if field != "id":
            builder.add_unsigned_field(sort_field(field), fast=True)
    # The listing days of a paper, as ordinals.
    builder.add_unsigned_field("days", fast=True)
    return builder.build()
