"""Counts the papers of each tag in the library, and renames a tag in all papers that have it."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

import msgspec
from msgspec.structs import replace

from store.library.library import Library
from store.marks import journal
from store.marks.journal import Marked
from store.marks.marking import tag_name, tag_names
from store.model.errors import LibraryError


class CountedTag(msgspec.Struct, frozen=True):
    """A tag and the number of papers that have it, hidden ones included."""

    name: str
    count: int


def counted(connection: sqlite3.Connection) -> list[CountedTag]:
    """Every tag with the number of papers that have it, sorted by name."""
    return [
        CountedTag(name, count)
        for name, count in connection.execute("SELECT name, count(*) FROM tag GROUP BY name ORDER BY name")
    ]


def rename(library: Library, old: Sequence[str], new: str) -> Marked:
    """Replace each of the tags `old` by the tag `new` in every paper that has it, as one step of the journal.

    A paper that already has the tag `new` only loses the tags `old`. Raises LibraryError if there is a tag in `old`
    that no paper has, or if `new` contains no character that a tag may have.
    """
    target = tag_name(new)
    if not target:
        raise LibraryError(f"{new!r} is not a name for a tag")
    sources = tag_names(old)
    connection = library.reader()
    for name in sorted(sources) or list(old):
        if not connection.execute("SELECT 1 FROM tag WHERE name = ? LIMIT 1", (name,)).fetchone():
            raise LibraryError(f"no paper has the tag {name!r}; recto tag list shows the tags")
    papers = [
        number
        for (number,) in connection.execute(
            "SELECT DISTINCT paper_id FROM tag WHERE name IN (SELECT value FROM json_each(?)) ORDER BY paper_id",
            (msgspec.json.encode(sorted(sources - {target})).decode(),),
        )
    ]
    label = f"renamed {', '.join(f'#{name}' for name in sorted(sources - {target}))} to #{target}"
    return journal.change(
        library,
        papers,
        lambda before: (
            label,
            lambda marks: replace(marks, tags=tuple(sorted({*marks.tags} - sources | {target}))),
        ),
    )
