"""The tags of the library: how many papers have each, and renaming a tag for all its papers."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

import msgspec
from msgspec.structs import replace

from store.library.library import Library
from store.marks import journal
from store.marks.journal import Marked
from store.marks.marking import tag_name
from store.model.errors import LibraryError


class CountedTag(msgspec.Struct, frozen=True):
    """A tag and the number of papers that have it, hidden ones included."""

    name: str
    count: int


def counted(connection: sqlite3.Connection) -> list[CountedTag]:
    """Every tag with the number of its papers, by name."""
    return [
        CountedTag(name, count)
        for name, count in connection.execute("SELECT name, count(*) FROM tag GROUP BY name ORDER BY name")
    ]


def rename(library: Library, old: Sequence[str], new: str) -> Marked:
    """Give every paper that has one of the tags `old` the tag `new` instead, as one step of the journal.

    If papers have the tag `new` already, the tags are merged. Raises LibraryError when no paper has one of the tags
    `old`, or when `new` is not a name for a tag.
    """
    target = tag_name(new)
    if not target:
        raise LibraryError(f"{new!r} is not a name for a tag")
    sources = {name for text in old if (name := tag_name(text))}
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
