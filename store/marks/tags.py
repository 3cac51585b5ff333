"""Counts the papers of each tag in the library, and renames a tag wherever it is used."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

import msgspec

from store.library.library import Library
from store.marks import journal, named_in_filters
from store.marks.journal import Marked
from store.marks.marking import tag_name, tag_names
from store.marks.stored_marks import FieldChange
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

    A paper that already has the tag `new` only loses the tags `old`. Saved filters that name one of the tags `old`, and
    the setting for the papers from which the model of the user's taste learns, are changed to the new tag. Raises
    LibraryError if there is a tag in `old` that no paper has, or if `new` contains no character that a tag may have.
    """
    target = tag_name(new)
    if not target:
        raise LibraryError(f"{new!r} is not a name for a tag")
    sources = tag_names(old)
    replaced = sorted(sources - {target})

    def decide(connection: sqlite3.Connection) -> tuple[str, list[FieldChange]]:
        for name in sorted(sources) or list(old):
            if not connection.execute("SELECT 1 FROM tag WHERE name = ? LIMIT 1", (name,)).fetchone():
                raise LibraryError(f"no paper has the tag {name!r}; recto tag list shows the tags")
        rows = connection.execute(
            "SELECT paper_id, name FROM tag WHERE name IN (SELECT value FROM json_each(?)) ORDER BY paper_id, name",
            (msgspec.json.encode(replaced).decode(),),
        ).fetchall()
        changes = [FieldChange(paper, f"tag:{name}", None) for paper, name in rows]
        changes += [FieldChange(paper, f"tag:{target}", True) for paper in dict.fromkeys(paper for paper, _ in rows)]
        others = named_in_filters.changes(connection, "tag", replaced, target)
        label = f"renamed {', '.join(f'#{name}' for name in replaced)} to #{target}"
        return f"{label}{named_in_filters.remark(others)}", [*changes, *others]

    return journal.change_fields(library, decide)
