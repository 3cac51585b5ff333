"""Stores and reads highlights: passages of full texts that the user has highlighted, each perhaps with a note.

A highlight is stored as the highlighted words, not as a position, so that recto finds it again in another version of
the text. Each highlight is a register of its paper (store/marks/registers.py), so it is also sent to the user's other
machines.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence

import msgspec

from store.library.library import Library
from store.marks import own_fields
from store.marks.stored_marks import timestamp
from store.model.highlight import Highlight
from store.text.clean import clean, line

# The longest quotation and the longest note (characters), and how many characters before a quotation are stored.
LONGEST_QUOTATION = 5_000
LONGEST_NOTE = 20_000
_BEFORE = 60


class _Value(msgspec.Struct, frozen=True):
    """The value of the register (stored value) of a highlight: the fields of `Highlight`, and when it was stored."""

    quotation: str
    before: str = ""
    note: str = ""
    at: str = ""


def of_all(connection: sqlite3.Connection, paper_ids: Sequence[int]) -> dict[int, tuple[Highlight, ...]]:
    """Maps the ids of papers to their highlights, the oldest first. Papers without highlights are left out."""
    with_highlights = own_fields.highlighted(connection, paper_ids)
    return {paper_id: found for paper_id in with_highlights if (found := of(connection, paper_id))}


def of(connection: sqlite3.Connection, paper_id: int) -> tuple[Highlight, ...]:
    """The highlights of one paper, the oldest first."""
    found: list[Highlight] = []
    for name, value in own_fields.highlights(connection, paper_id).items():
        try:
            known = msgspec.convert(value, _Value)
        except msgspec.ValidationError:
            # Ignore a value in an unknown form: a newer version of recto on another machine may have written it.
            continue
        found.append(Highlight(name, known.quotation, known.before, known.note, known.at))
    return tuple(sorted(found, key=lambda highlight: highlight.at))


def add(library: Library, paper_id: int, quotation: str, before: str = "", note: str = "") -> Highlight:
    """Store a highlight of a paper and return it."""
    value = _Value(
        line(quotation)[:LONGEST_QUOTATION], line(before)[-_BEFORE:], clean(note)[:LONGEST_NOTE], timestamp()
    )
    name = os.urandom(8).hex()
    _put(library, paper_id, {name: value})
    return Highlight(name, value.quotation, value.before, value.note, value.at)


def annotate(library: Library, paper_id: int, highlight: Highlight, note: str) -> None:
    """Replace the note of a highlight of a paper."""
    value = _Value(highlight.quotation, highlight.before, clean(note)[:LONGEST_NOTE], highlight.at)
    _put(library, paper_id, {highlight.name: value})


def remove(library: Library, paper_id: int, highlights: Sequence[Highlight]) -> None:
    """Remove the given highlights of a paper."""
    _put(library, paper_id, dict.fromkeys(highlight.name for highlight in highlights))


def _put(library: Library, paper_id: int, values: dict[str, _Value] | dict[str, None]) -> None:
    # Imported here, because recto only calls `own_fields.highlighted` at its start, which does not need this module.
    from store.marks.registers import HIGHLIGHT

    with library.writing() as connection:
        for name, value in values.items():
            own_fields.put(connection, paper_id, f"{HIGHLIGHT}{name}", msgspec.to_builtins(value))
